"""What a reader should know of a record: one consistency rule a row, coverage, and the findings of all rooms."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from heapq import merge
from typing import Any

from msgspec import UNSET

from extractor.document import Doubt, Extent, Span
from extractor.findings import FINDINGS, SEVERITIES, Severity, name_field
from extractor.model import Bound, Constraint, Coverage, Criterion, Finding, Trial, UnmappedText
from extractor.patterns import lazy_pattern
from extractor.text import printed_pieces

Rule = Callable[[Trial], Iterator[Doubt]]
LOST = "\ufffd"
WHOLE_TEXTS = ("/trial/eligibility/text/",)  # each of its statements has a place of its own
QUOTE = 300  # characters of a quote that are shown
SHOWN = 80  # characters of an unmapped value that are shown: the whole stands in the record
ROOTS = ("/trial", "/label", "/source", "/unmapped")
CUT_AT = 100  # ChiCTR cuts English time points at this length
ASCII_BLANKS = " \n\t\r\x0b\x0c\x1c\x1d\x1e\x1f"  # what str.split divides at
SEX_WORDS = {"FEMALE": "female participants only", "MALE": "male participants only", "ALL": "either sex"}
_reference = lazy_pattern(
    r"(?P<enside>inclusion|exclusion)\s+criteri(?:on|a)\s*(?:no\.?\s*|number\s*|#\s*)?(?P<en>\d{1,2}(?:\s*(?:,|and|or|&)\s*\d{1,2})*)(?![\d.]*\s*(?:%|years?|months?|days?))"
    r"|(?P<zhside>入选|纳入|排除)标准\s*(?:中?的?)?第\s*(?P<zh>\d{1,2}(?:\s*(?:、|,|及|和|与|或)\s*\d{1,2})*)",
    re.IGNORECASE,
)
# Keys of the API v2 that every record or every record with results has, and for which ours has no field.
_api_key = lazy_pattern(
    r"(?:protocolSection|resultsSection|annotationSection|documentSection|derivedSection|secondaryIdInfos|hasResults)\b"
)
_age_words = lazy_pattern(r"岁|\bage|\bold\b", re.IGNORECASE)
_lost_sign = lazy_pattern("(?<![<>≥≤])=")  # "80 years = age": the sign was lost on the way
_span_of_time = (
    ("start", "completion"),
    ("start", "primary_completion"),
    ("primary_completion", "completion"),
    ("recruitment_start", "recruitment_end"),
)


def each_criterion(items: Any) -> Iterator[Criterion]:
    """Every node of a list of criteria, parents first."""
    stack = list(reversed(items or []))
    while stack:
        node = stack.pop()
        yield node
        if node.children is not UNSET:
            stack.extend(reversed(node.children))


def _sides(trial: Trial) -> Iterator[tuple[str, int, Criterion]]:
    if trial.eligibility is UNSET:
        return
    for side in ("inclusion", "exclusion"):
        items = getattr(trial.eligibility, side)
        for at, top in enumerate(items or ()):
            for node in each_criterion([top]):
                yield side, at, node


def _words(text: Any) -> str:
    return "" if text is UNSET else (text.zh or text.en or "")


def sex_conflict(trial: Trial) -> Iterator[Doubt]:
    """Structured sex against SEX constraints of the inclusion criteria."""
    if trial.eligibility is UNSET or trial.eligibility.sex is UNSET:
        return
    stated = trial.eligibility.sex.code
    for side, at, node in _sides(trial):
        for constraint in node.constraints or ():
            said = constraint.values[0] if constraint.kind == "SEX" and constraint.values else ""
            if side == "inclusion" and said in SEX_WORDS and said != stated and not constraint.negated and not constraint.exception:
                message = f"the field says {SEX_WORDS.get(stated, stated)}, the criterion {SEX_WORDS[said]}"
                yield Doubt("eligibility.sex_conflict", f"eligibility/inclusion/{at}", message, _words(constraint.quote))
                return


def age_conflict(trial: Trial) -> Iterator[Doubt]:
    """Structured age limits in years against the age that the inclusion criteria ask of everybody.

    A limit that any criterion repeats is no conflict: the others then speak of some participants, or of another age.
    """
    if trial.eligibility is UNSET or trial.eligibility.inclusion is UNSET:
        return
    stated = list(_ages(trial))
    for end in ("low", "high"):
        limit = trial.eligibility.minimum_age if end == "low" else trial.eligibility.maximum_age
        bounds = [(at, bound, c) for at, c in stated if (bound := getattr(c, end)) is not UNSET]
        if limit is UNSET or limit.unit != "YEAR" or any(_agree(bound, limit.value) for _, bound, _ in bounds):
            continue
        for at, bound, constraint in bounds:
            if _for_everybody(trial.eligibility.inclusion[at], constraint):
                message = f"the field says {limit.value} years, the criterion {bound.value}"
                yield Doubt("eligibility.age_conflict", f"eligibility/inclusion/{at}", message, _words(constraint.quote))
                return


def _ages(trial: Trial) -> Iterator[tuple[int, Constraint]]:
    """Every AGE constraint of the inclusion criteria that may be in years, by the position of its criterion."""
    for side, at, node in _sides(trial):
        for constraint in node.constraints or ():
            if side == "inclusion" and constraint.kind == "AGE" and (constraint.unit is UNSET or constraint.unit.ucum == "a"):
                yield at, constraint


def _agree(bound: Bound, years: float) -> bool:
    return abs(bound.value - years) <= (0 if bound.inclusive else 1)


def _for_everybody(criterion: Criterion, constraint: Constraint) -> bool:
    """Whether a top-level criterion without parts says it, plainly, and calls it an age."""
    quote = _words(constraint.quote)
    plain = constraint.applies_to is UNSET and not constraint.negated and not constraint.exception and constraint.unit is not UNSET
    own = criterion.children is UNSET and any(one is constraint for one in criterion.constraints or ())
    return plain and own and _age_words.search(quote) is not None and not _lost_sign.search(quote)


def enrollment_sum(trial: Trial) -> Iterator[Doubt]:
    """Arm sizes against the stated enrolment."""
    if trial.enrollment is UNSET or trial.enrollment.inferred or not trial.arms or any(arm.size is UNSET for arm in trial.arms):
        return
    total = sum(arm.size for arm in trial.arms if arm.size is not UNSET)
    if total != trial.enrollment.count:
        yield Doubt(
            "enrollment.sum_differs", "enrollment/count", f"the arms add up to {total}, the enrolment says {trial.enrollment.count}"
        )


def dates_in_order(trial: Trial) -> Iterator[Doubt]:
    """Ends against starts, at the precision that both have."""
    for first, last in _span_of_time if trial.dates is not UNSET else ():
        one, two = getattr(trial.dates, first), getattr(trial.dates, last)
        if one is not UNSET and two is not UNSET:
            length = min(len(one.value), len(two.value), 10)
            if two.value[:length] < one.value[:length]:
                yield Doubt("dates.out_of_order", f"dates/{last}", f"{last} {two.value} lies before {first} {one.value}")


def dangling_references(trial: Trial) -> Iterator[Doubt]:
    """A criterion that refers to "exclusion criterion 11" where there is none."""
    known, count = _numbers(trial)
    for side, at, node in _sides(trial):
        words = f"{node.text.zh or ''} {node.text.en or ''}"
        for match in _reference.finditer(words) if _may_refer(words) else ():
            target = "exclusion" if (match["enside"] or match["zhside"]).casefold() in ("exclusion", "排除") else "inclusion"
            missing = [n for n in re.findall(r"\d+", match["en"] or match["zh"]) if n not in known[target] and int(n) > count[target]]
            if missing and count[target]:
                message = f"there is no {target} criterion {', '.join(missing)}"
                yield Doubt("reference.dangling", f"eligibility/{side}/{at}", message, match.group())


def _may_refer(words: str) -> bool:
    """Whether words can hold a reference; most hold none, and this is seen faster than by the pattern."""
    return "标准" in words or "criteri" in words.casefold()


def _numbers(trial: Trial) -> tuple[dict[str, set[str]], dict[str, int]]:
    """By side: the numbers that stand before criteria, and how many criteria there are."""
    known: dict[str, set[str]] = {"inclusion": set(), "exclusion": set()}
    count = {"inclusion": 0, "exclusion": 0}
    for side, at, node in _sides(trial):
        count[side] = at + 1
        if node.number is not UNSET:
            known[side].add(node.number)
    return known, count


def truncated_time_frames(trial: Trial) -> Iterator[Doubt]:
    """English time points that end at the registry's limit while the Chinese text stands beside them."""
    for at, outcome in enumerate(trial.outcomes or ()):
        frame = outcome.time_frame
        if frame is not UNSET and frame.zh and frame.en and len(frame.en) == CUT_AT:
            yield Doubt(
                "text.truncated", f"outcomes/{at}/time_frame/en", f"the text ends at {CUT_AT} characters, the registry's limit", frame.en
            )


def differing_names(trial: Trial) -> Iterator[Doubt]:
    """A Chinese intervention name that the title holds, while the title spells the English name in another way."""
    title = trial.titles.public if trial.titles is not UNSET else UNSET
    if title is UNSET or not title.zh or not title.en:
        return
    words = re.findall(r"[A-Za-z][A-Za-z-]{5,}", title.en)
    for at, item in enumerate(trial.interventions or ()):
        name = item.name
        if name is UNSET or not name.zh or not name.en or name.zh not in title.zh or name.en.casefold() in title.en.casefold():
            continue
        from difflib import get_close_matches  # noqa: PLC0415 (few documents need it, and it takes long to load)

        near = get_close_matches(name.en.casefold(), [w.casefold() for w in words], 1, 0.6)
        if near and " " not in name.en:
            yield Doubt("names.differ", f"interventions/{at}/name/en", f"the title has {near[0]!r} for {name.zh}", f"{name.en} / {near[0]}")


RULES: tuple[Rule, ...] = (
    sex_conflict,
    age_conflict,
    enrollment_sum,
    dates_in_order,
    dangling_references,
    truncated_time_frames,
    differing_names,
)


def find_garbled(text: str, provenance: dict[str, tuple[Span, ...]]) -> Iterator[Doubt]:
    """Values that hold replacement characters: what stood there was lost before this tool saw it."""
    for pointer, spans in provenance.items() if LOST in text else ():
        words = next((text[s.start : s.end] for s in spans if LOST in text[s.start : s.end]), "")
        if words and not pointer.startswith(WHOLE_TEXTS):
            at = words.index(LOST)
            yield Doubt("text.garbled", pointer, "a character of this text is lost", words[max(0, at - 40) : at + 40])


def find_doubts(trial: Trial) -> list[Doubt]:
    """What every rule has to say about a trial."""
    return [doubt for rule in RULES for doubt in rule(trial)]


def find_unmapped(unmapped: list[UnmappedText]) -> Iterator[Doubt]:
    """A doubt for each labelled value that no field takes; those of the API's known keys, which every record has, are one together."""
    known = [item.label for item in unmapped if _api_key.match(item.label)]
    if known:
        yield Doubt("field.unmapped", "/unmapped", f"no field takes {len(known)} keys of the API", ", ".join(known))
    for at, item in enumerate(unmapped):
        if item.label not in known:
            yield Doubt("field.unmapped", f"/unmapped/{at}", f"no field takes {item.label!r}", item.text[:SHOWN])


def findings_of(doubts: Iterable[Doubt], root: str, least: Severity = "info") -> list[Finding]:
    """Doubts as findings of the record, each message led by the name of its field, from the severity `least` on; `root` is /trial or /label. An unknown code is an error of ours."""
    found: dict[tuple[str, str, str], Finding] = {}
    kept = SEVERITIES[SEVERITIES.index(least) :]
    for code, path, message, quote in doubts:
        if FINDINGS[code].severity not in kept:
            continue
        pointer = path if path.startswith(ROOTS) else f"{root}/{path.lstrip('/')}"
        named = name_field(pointer)
        said = f"{named}: {message}" if named else message
        finding = Finding(code=code, severity=FINDINGS[code].severity, path=pointer, message=said, quote=quote[:QUOTE] or UNSET)
        found.setdefault((code, pointer, quote), finding)
    return list(found.values())


def join_extents(spans: Iterable[Span]) -> list[Extent]:
    """The stretches that spans reach, sorted; a span that overlaps or touches the one before it makes one stretch with it.

    >>> join_extents([Span(7, 9), Span(0, 4), Span(2, 6), Span(2, 6)])
    [(0, 6), (7, 9)]
    """
    stretches: list[Extent] = []
    first, last = 0, -1  # the stretch that may go on
    for start, end, _, _ in spans:
        if first <= start <= last:
            if end > last:  # noqa: PLR1730 (runs once a span: a call costs more)
                last = end
            continue
        if last >= 0:
            stretches.append((first, last))
        first, last = start, end
    if last >= 0:
        stretches.append((first, last))
    stretches.sort()
    return stretches


def measure_coverage(text: str, extent: Extent, reached: list[Extent], furniture: list[Extent]) -> float:
    """The share of printed content characters that lie in stretches (sorted) reached by spans; furniture is no content."""
    total = _printed(text[slice(*extent)])
    lost = _uncovered(text, extent, merge(reached, furniture))
    kept = total - _uncovered(text, extent, reached)
    return 1.0 if not kept + lost else round(kept / (kept + lost), 4)


def _uncovered(text: str, extent: Extent, intervals: Iterable[Extent]) -> int:
    """How many printed characters of the extent lie outside all (sorted) intervals."""
    at, last = extent
    gaps: list[str] = []
    for start, end in intervals:
        if start > at:
            gaps.append(text[at : start if start < last else last])  # noqa: FURB136 (runs once a span: a call costs more)
        if end > at:
            at = end
            if at >= last:
                break
    else:
        gaps.append(text[at:last])
    return _printed("".join(gaps))


def _printed(text: str) -> int:
    if text.isascii():
        return len(text) - sum(map(text.count, ASCII_BLANKS))
    return sum(map(len, printed_pieces(text)))


def coverage_of(characters: float, seen: int, mapped: int) -> Coverage:
    """The envelope's coverage."""
    return Coverage(characters=characters, labels_seen=seen, labels_mapped=mapped)
