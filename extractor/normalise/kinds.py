"""One function a kind of value: raw words in both languages to a value of the record, or None where they say nothing.

Nothing is guessed: what does not parse keeps its words where the field has room for them, and always raises a doubt.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, TypeVar

from msgspec.structs import replace

from extractor.document import Doubt, Found, Span, Unmapped
from extractor.languages import READ
from extractor.normalise.ages import age_unit, parse_age, split_ages
from extractor.normalise.assembly import PlacedValue
from extractor.normalise.codes import Meaning, find_meaning, fold_words
from extractor.normalise.dates import parse_date
from extractor.normalise.identifiers import find_identifiers, find_scheme, is_placeholder, split_disease_code, split_rest
from extractor.normalise.numbers import parse_number
from extractor.normalise.raw import Context, Raw, is_nothing, spans_of
from extractor.patterns import lazy_pattern
from extractor.text import clean_escapes, clean_letter_spacing, clean_paragraphs, clean_spaces, clean_wraps, count_in, has_ideograph

DATE_TYPES = {"actual": "ACTUAL", "estimated": "ESTIMATED", "anticipated": "ESTIMATED", "estimate": "ESTIMATED", "expected": "ESTIMATED"}
TRUE = frozenset(
    {"favourable", "favorable", "true", "yes", "是", "有", "同意", "修改后同意", "y", "t", "1", "acceptshealthyvolunteers", "approved"}
)
FALSE = frozenset(
    {
        "unfavourable",
        "notfavourable",
        "unfavorable",
        "false",
        "no",
        "否",
        "无",
        "不同意",
        "n",
        "f",
        "0",
        "nohealthyvolunteers",
        "notapproved",
    }
)

_number = lazy_pattern(r"\d{1,3}(?:[,\s]\d{3})+(?!\d)|\d+")
_typed = lazy_pattern(r"\s*([A-Z][A-Za-z ]{2,24}?)\s*:\s*(.*)", re.DOTALL)
_blank_line = lazy_pattern(r"\n\s*\n")


T = TypeVar("T")
Kind = Callable[[Raw, Context], PlacedValue | None]


def _texts(raw: Raw, context: Context, clean: Callable[[str], str]) -> PlacedValue | None:
    """A language map of the cleaned texts."""
    if len(raw.parts) == 1 and len(raw.first_part) == 1:
        return _text(raw, context, clean)
    value: dict[str, str] = {}
    places: dict[str, tuple[Span, ...]] = {}
    for language, founds in raw.parts.items():
        said = [f for f in founds if not is_nothing(f.text)]
        text = "\n".join(filter(None, (clean(f.text) for f in said)))
        if not text:
            context.empty.extend(spans_of(founds))
            continue
        key = language or ("zh" if has_ideograph(text) else "en")
        if key in value:
            value[key], places["/" + key] = f"{value[key]}\n{text}", places["/" + key] + spans_of(said)
        else:
            value[key], places["/" + key] = text, spans_of(said)
    return PlacedValue(_ordered(value), places) if value else None


def _ordered(words: dict[str, T]) -> dict[str, T]:
    """The languages that are read first, the others as they came."""
    first = {language: words[language] for language in READ if language in words}
    return first if len(first) == len(words) else first | words


def _text(raw: Raw, context: Context, clean: Callable[[str], str]) -> PlacedValue | None:
    """The same for one text, as most fields have it."""
    (language,), found = raw.parts, raw.first
    text = "" if is_nothing(found.text) else clean(found.text)
    if not text:
        context.empty.extend(found.spans)
        return None
    key = language or ("zh" if has_ideograph(text) else "en")
    return PlacedValue({key: text}, {f"/{key}": found.spans})


def _clean_line(text: str) -> str:
    if text.isascii() and "-\n" not in text and "\\" not in text:  # the common case: nothing but blanks to clean
        return " ".join(text.split())
    return clean_escapes(clean_letter_spacing(clean_wraps(text)))


def _clean_lines(text: str) -> str:
    lines = (_clean_line(line) for line in clean_spaces(text).split("\n"))
    return "\n".join(filter(None, lines))


def _clean_wrapped(text: str) -> str:
    return clean_escapes(clean_letter_spacing(clean_paragraphs(text)))


def line(raw: Raw, context: Context) -> PlacedValue | None:
    """A short text: one line a language."""
    return _texts(raw, context, _clean_line)


def prose(raw: Raw, context: Context) -> PlacedValue | None:
    """A longer text: paragraphs stay apart; lines too, unless the draft says that they are wraps of print."""
    return _texts(raw, context, _clean_wrapped if context.wrapped else _clean_lines)


def plain(raw: Raw, context: Context) -> PlacedValue | None:
    """A string that has no language: phone, number, address of a page."""
    found = raw.first
    if is_nothing(found.text):
        context.empty.extend(found.spans)
        return None
    return PlacedValue(_clean_line(found.text), {"": found.spans})


def coded(raw: Raw, context: Context) -> PlacedValue | None:
    """A code with the source's words; words that no row knows give OTHER and a doubt. A code that the source's table states stands."""
    words = _words(raw)
    if not words:
        context.empty.extend(s for founds in raw.parts.values() for s in spans_of(founds))
        return None
    stated = context.codes.get(raw.path)
    meanings = [Meaning((stated,))] if stated else [find_meaning(raw.field, found.text) for found in words.values()]
    meaning = next(filter(None, meanings), None)
    if meaning is None and all(is_nothing(found.text) for found in words.values()):
        context.empty.extend(span for found in words.values() for span in found.spans)
        return None
    if meaning is None:
        quote = next(iter(words.values())).text.strip()
        context.doubts.append(Doubt("value.unknown", raw.path, f"no row of the value table for {raw.field} has these words", quote))
    code = meaning.codes[0] if meaning else "OTHER"
    _imply(meaning, raw.path, words, context)
    text = {language: _clean_line(found.text) for language, found in words.items()}
    return PlacedValue({"code": code, "text": text}, {f"/text/{language}": found.spans for language, found in words.items()})


def _words(raw: Raw) -> dict[str, Found]:
    """The first found text a language, those that are read first."""
    founds: dict[str, Found] = {}
    for language, several in raw.parts.items():
        for found in several:
            if found.text.strip():
                founds.setdefault(language or ("zh" if has_ideograph(found.text) else "en"), found)
    return _ordered(founds)


def _imply(meaning: Meaning | None, path: str, words: dict[str, Found], context: Context) -> None:
    spans = tuple(span for found in words.values() for span in found.spans)
    for rule in meaning.implies if meaning else ():
        if rule.startswith("!"):
            quote = " / ".join(found.text.strip() for found in words.values())
            context.doubts.append(Doubt(rule[1:], path, "the registry uses these words for a pilot study: no phase", quote))
        else:
            target, _, code = rule.lstrip("~").partition("=")
            context.implied.append((target, code, rule.startswith("~"), spans))


def phases(raw: Raw, context: Context) -> PlacedValue | None:
    """{codes, text}: every phase that the words name, in order."""
    words = [found for founds in raw.parts.values() for found in founds if found.text.strip()]
    if not words:
        return None
    stated = context.codes.get(raw.path)
    meanings = [Meaning(tuple(stated.split(",")))] if stated else [find_meaning("design/phases", found.text) for found in words]
    if not any(meanings):
        quote = words[0].text.strip()
        context.doubts.append(Doubt("value.unknown", raw.path, "no row of the value table for phases has these words", quote))
    chosen = [m for m in meanings if m] or [Meaning(("OTHER",))]
    codes = list(dict.fromkeys(code for meaning in chosen for code in meaning.codes))
    if len(codes) > 1 and raw.parts.keys() == {"zh", "en"}:  # both languages name the same phases
        codes = list(chosen[0].codes)
    for meaning in dict.fromkeys(chosen):
        _imply(meaning, raw.path, _words(raw), context)
    value: dict[str, Any] = {"codes": codes}
    kept = _keep_phases(raw)
    return PlacedValue(value | {"text": kept.value}, {f"/text{below}": spans for below, spans in kept.places.items()})


def _keep_phases(raw: Raw) -> PlacedValue:
    """The words of every phase, a line each, by language."""
    value: dict[str, str] = {}
    places: dict[str, tuple[Span, ...]] = {}
    for language, founds in raw.parts.items():
        for found in founds:
            key = language or ("zh" if has_ideograph(found.text) else "en")
            value[key] = "\n".join(filter(None, (value.get(key), _clean_line(found.text))))
            places[f"/{key}"] = (*places.get(f"/{key}", ()), *found.spans)
    return PlacedValue(_ordered({key: words for key, words in value.items() if words}), places)


def _keep_words(raw: Raw) -> PlacedValue:
    """The words as they stand, even where they are a word for nothing: a code needs its words."""
    words = _words(raw)
    return PlacedValue({k: _clean_line(f.text) for k, f in words.items()}, {f"/{k}": f.spans for k, f in words.items()})


def roles(raw: Raw, _context: Context) -> PlacedValue | None:
    """Who is masked: a list of codes."""
    words = [piece for founds in raw.parts.values() for found in founds for piece in re.split(r"[,，;]", found.text)]
    meanings = [find_meaning("design/who_masked", word) for word in words]
    codes = list(dict.fromkeys(code for meaning in meanings if meaning for code in meaning.codes))
    spans = tuple(span for founds in raw.parts.values() for span in spans_of(founds))
    return PlacedValue(codes, {"": spans}) if codes else None


def design_cell(raw: Raw, context: Context) -> PlacedValue | None:
    """ChiCTR's one cell for the design: its words go to design.text, its meaning to the fields it implies."""
    text = line(raw, context)
    if text is None:
        return None
    words = _words(raw)
    meaning = next((m for m in (find_meaning("design/cell", found.text) for found in words.values()) if m), None)
    if meaning is None:
        quote = next(iter(words.values())).text.strip()
        context.doubts.append(
            Doubt("value.unknown", "design/text", "no row of the value table for the study design has these words", quote)
        )
    _imply(meaning, "design/text", words, context)
    context.assembly.put("design/text", text)
    return None


def iso_date(raw: Raw, context: Context) -> PlacedValue | None:
    """A bare date string."""
    found = raw.first
    if is_nothing(found.text):
        context.empty.extend(found.spans)
        return None
    try:
        return PlacedValue(parse_date(found.text), {"": found.spans})
    except ValueError:
        context.doubts.append(Doubt("value.unknown", raw.path, "this is no date", found.text.strip()))
        return None


def dated(raw: Raw, context: Context) -> PlacedValue | None:
    """A `Date`: its value goes one level down, beside its type."""
    value = iso_date(raw, context)
    if value:
        context.assembly.put(f"{raw.path}/value", value)
    return None


def date_type(raw: Raw, _context: Context) -> PlacedValue | None:
    """ACTUAL or ESTIMATED."""
    code = DATE_TYPES.get(fold_words(raw.first.text))
    return PlacedValue(code, {"": raw.first.spans}) if code else None


def count(raw: Raw, context: Context) -> PlacedValue | None:
    """The first whole number of the words; "estimated" beside it sets the type of an enrolment."""
    found = raw.first
    match = _number.search(found.text)
    value = count_in(match.group(), -1) if match else -1
    if value < 0:
        if not is_nothing(found.text):
            context.doubts.append(Doubt("value.unknown", raw.path, "this is no number", found.text.strip()))
        context.empty.extend(found.spans)
        return None
    kind = next((code for word, code in DATE_TYPES.items() if word in found.text.casefold()), None)
    if kind and raw.field == "enrollment/count":
        context.assembly.put("enrollment/type", PlacedValue(kind, {"": found.spans}))
    return PlacedValue(value, {"": found.spans})


def number(raw: Raw, context: Context) -> PlacedValue | None:
    """A measured number as it stands, whole ones as integers."""
    found = raw.first
    try:
        return PlacedValue(parse_number(found.text), {"": found.spans})
    except ValueError:
        context.doubts.append(Doubt("value.unknown", raw.path, "this is no number", found.text.strip()))
        context.empty.extend(found.spans)
        return None


def unit(raw: Raw, _context: Context) -> PlacedValue | None:
    """A `Unit`: the words, and a UCUM code where all of them are the spelling of one unit."""
    from extractor.normalise.quantities import find_unit, measure_of  # noqa: PLC0415 (few records need its large patterns)

    found = raw.first
    words = _clean_line(found.text)
    known, measure = find_unit(words), measure_of(words)
    sure = known is not None and known.text == words and measure is not None and measure.factor == 1
    code = {"ucum": known.ucum} if known and sure else {}
    return PlacedValue(code | {"text": words}, {"/text": found.spans}) if words else None


def age(raw: Raw, context: Context) -> PlacedValue | None:
    """An `Age` with the words of every language."""
    words = _words(raw)
    if not words:
        return None
    parsed = _read_age(next(iter(words.values())), raw, context)
    if parsed is None:
        context.empty.extend(span for found in words.values() for span in found.spans)
        return None
    kept = _keep_words(raw)
    value = {"value": parsed[0], "unit": parsed[1], "text": kept.value}
    return PlacedValue(value, {f"/text{below}": spans for below, spans in kept.places.items()})


def _read_age(found: Found, raw: Raw, context: Context, unit: str = "YEAR") -> tuple[int | float, str] | None:
    """An age limit. A highest age of 0 sets no limit; words that are no age are kept as unmapped, with a doubt."""
    try:
        parsed = parse_age(found.text, unit)
    except ValueError:
        context.doubts.append(Doubt("value.unknown", raw.path, "this is no age", found.text.strip()))
        context.unmapped.append(Unmapped(raw.path, found))
        return None
    if parsed is None or parsed[0] or not raw.path.endswith("maximum_age"):
        return parsed
    if parsed[1] != "YEAR":
        context.doubts.append(Doubt("value.unknown", raw.path, "a highest age of 0 sets no limit", found.text.strip()))
    return None


def ages(raw: Raw, context: Context) -> PlacedValue | None:
    """One line for both limits; the whole line is the text of each."""
    found = raw.first
    parts = split_ages(found.text)
    unit = age_unit(found.text)
    for name, part in zip(("minimum_age", "maximum_age"), parts, strict=True):
        parsed = _read_age(_cut(found, *part), replace(raw, path=f"eligibility/{name}"), context, unit) if part else None
        if parsed:
            kept = _keep_words(raw)
            value = {"value": parsed[0], "unit": parsed[1], "text": kept.value}
            places = {f"/text{below}": spans for below, spans in kept.places.items()}
            context.assembly.put(f"eligibility/{name}", PlacedValue(value, places))
    if not any(parts):
        context.doubts.append(Doubt("value.unknown", "eligibility/minimum_age", "this is no age range", found.text.strip()))
    return None


def flag(raw: Raw, context: Context) -> PlacedValue | None:
    """A boolean, from the words for yes and no of either language."""
    for founds in raw.parts.values():
        words = fold_words(founds[0].text)
        if words in TRUE or words in FALSE:
            return PlacedValue(words in TRUE, {"": tuple(s for several in raw.parts.values() for s in spans_of(several))})
    if not is_nothing(raw.first.text):
        context.doubts.append(Doubt("value.unknown", raw.path, "this is neither yes nor no", raw.first.text.strip()))
    return None


def typed_name(raw: Raw, context: Context) -> PlacedValue | None:
    """The type of "Drug: X" goes to its field, the name to its own; without a known type all is the name."""
    found = raw.first
    parent = raw.path.rpartition("/")[0]
    match = _typed.fullmatch(found.text) if len(found.spans) == 1 else None
    meaning = find_meaning("interventions/type", match.group(1)) if match else None
    if match is None or meaning is None:
        name = line(raw, context)
    else:
        kind = _cut(found, *match.span(1))
        context.assembly.put(f"{parent}/type", PlacedValue({"code": meaning.codes[0], "text": {"en": kind.text}}, {"/text/en": kind.spans}))
        named = _cut(found, *match.span(2))
        context.empty.extend(_gaps(found, [kind, named]))
        name = line(replace(raw, parts={"": [named]}), context)
    if name:
        context.assembly.put(f"{parent}/name", name)
    return None


def _cut(found: Found, start: int, end: int) -> Found:
    """A part of a found text; where the text has several spans, all of them stand for the part."""
    if len(found.spans) > 1:
        return found._replace(text=found.text[start:end])
    span = found.spans[0]
    return Found(found.text[start:end], (span._replace(start=span.start + start, end=span.start + end),))


def identifier(raw: Raw, context: Context) -> PlacedValue | None:
    """A number with its scheme; free text gives every registry number that stands in it, and what stands beside them."""
    founds = [found for several in raw.parts.values() for found in several]
    parent = raw.path.rpartition("/")[0]
    if all(is_nothing(found.text) or is_placeholder(found.text) for found in founds):
        context.empty.extend(spans_of(founds))
        return None
    if not context.codes.keys() & {f"{parent}/scheme", f"{parent}/primary"}:
        numbers = [number for found in founds if len(found.spans) == 1 for number in _numbers(found, context)]
        if numbers:
            for at, (scheme, cut) in enumerate(numbers):
                context.assembly.put(f"{parent}.{at:03d}/value", PlacedValue(clean_spaces(cut.text), {"": cut.spans}))
                context.assembly.put(f"{parent}.{at:03d}/scheme", PlacedValue(scheme, {}))
            return None
    found = next(found for found in founds if not is_nothing(found.text))
    value = _clean_line(found.text)
    context.assembly.put(f"{parent}/scheme", PlacedValue(_scheme(value, context.codes.get(f"{parent}/scheme", "")), {}))
    return PlacedValue(value, {"": found.spans})


def _scheme(value: str, stated: str) -> str:
    """The scheme that the source states; with "~" before it, it stands for numbers whose own form says nothing."""
    if stated and not stated.startswith("~"):
        return stated
    found = find_scheme(value)
    return stated.lstrip("~") if stated and found == "OTHER" else found


def _numbers(found: Found, context: Context) -> list[tuple[str, Found]]:
    """The registry numbers of a text with the other numbers beside them; words that are neither are kept as unmapped."""
    hits = list(find_identifiers(found.text))
    if not hits:
        return []
    numbers = [(scheme, _cut(found, *at)) for scheme, *at in hits]
    for scheme, *at in split_rest(found.text, [(start, end) for _, start, end in hits]):
        if scheme:
            numbers.append((scheme, _cut(found, *at)))
        else:
            context.unmapped.append(Unmapped("identifiers", _cut(found, *at)))
    numbers = [number for number in numbers if not is_placeholder(number[1].text)]
    context.empty.extend(_gaps(found, [cut for _, cut in numbers]))
    return numbers


def _gaps(found: Found, parts: list[Found]) -> list[Span]:
    """What stands between parts of a text that has one span."""
    at, gaps = found.spans[0].start, []
    for span in sorted(span for part in parts for span in part.spans):
        gaps.append(found.spans[0]._replace(start=at, end=span.start))
        at = span.end
    return [gap for gap in (*gaps, found.spans[0]._replace(start=at)) if gap.start < gap.end]


def disease_code(raw: Raw, context: Context) -> PlacedValue | None:
    """A code of a condition; ICD-10 and ICD-11 are told by their form, where the source does not state the system."""
    value = plain(raw, context)
    if value is None:
        return None
    stated = context.codes.get(f"{raw.path}/system")
    system, code = (stated, value.value) if stated else split_disease_code(value.value)
    return PlacedValue({"system": system, "code": code}, {"/code": value.places[""]})
