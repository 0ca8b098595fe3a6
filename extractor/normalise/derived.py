"""What follows from a record's own values: ids, links, sums, horizons. Everything added to the source's words is marked inferred."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from typing import Any, NamedTuple

from extractor.document import Doubt, Span
from extractor.normalise.assembly import Finished
from extractor.normalise.codes import find_meaning, fold_words
from extractor.patterns import lazy_pattern
from extractor.tables import read_table

Tree = dict[str, Any]
IDS = (("arms", "arm"), ("interventions", "int"), ("outcomes", "out"))
DAYS = {
    "day": 1,
    "天": 1,
    "日": 1,
    "week": 7,
    "周": 7,
    "星期": 7,
    "month": 365.25 / 12,
    "月": 365.25 / 12,
    "个月": 365.25 / 12,
    "year": 365.25,
    "年": 365.25,
}
PLACEHOLDER = 99_999_999  # an enrolment that ClinicalTrials.gov's older records print for "not known"

_horizon = lazy_pattern(
    r"(?:第\s*)?(?<!\d)(?P<zh>\d+(?:\.\d+)?)\s*(?P<zhunit>个月|天|日|周|星期|月|年)"
    r"|\b(?P<en>\d+(?:\.\d+)?)[\s-]*(?P<enunit>day|week|month|year)s?\b"
    r"|\b(?P<unit>day|week|month|year)\s+(?P<after>\d+(?:\.\d+)?)\b",
    re.IGNORECASE,
)
_withdrawn = lazy_pattern(
    r"^\s*(?:[（(【\[]\s*)?(?:撤销|撤消|撤回|作废|取消注册|Withdrawn?\b|Cancel(?:l?ed)?\b|Revoked\b)|撤销（", re.IGNORECASE
)


def number_items(tree: Tree) -> None:
    """Gives arms, interventions and outcomes their ids, in source order."""
    for name, prefix in IDS:
        for at, item in enumerate(tree.get(name, ()), 1):
            item["id"] = f"{prefix}-{at}"


class ArmLink(NamedTuple):
    """A raw link between an arm and an intervention: where it stands, and what it names ("#2" is a draft position)."""

    path: str
    words: str
    spans: tuple[Span, ...] = ()


def link_arms(finished: Finished, links: list[ArmLink]) -> None:
    """Resolves links in either direction, by draft position or by name; what names nothing stays out."""
    arms, interventions = finished.tree.get("arms", []), finished.tree.get("interventions", [])
    labels = {fold_words(text): at for at, arm in enumerate(arms) for text in arm.get("label", {}).values()}
    known = {"arms": _names(interventions), "interventions": labels}
    pairs: dict[tuple[int, int], tuple[Span, ...]] = {}
    for link in links:
        owner, number, *_ = link.path.split("/")
        other = "interventions" if owner == "arms" else "arms"
        here = finished.positions.get(f"{owner}/{number}")
        there = (
            finished.positions.get(f"{other}/{link.words[1:]}") if link.words.startswith("#") else known[owner].get(fold_words(link.words))
        )
        if here is not None and there is not None:
            pair = (here, there) if owner == "arms" else (there, here)
            pairs[pair] = pairs.get(pair, ()) + link.spans
        elif link.spans:
            finished.dropped.append((link.path, link.words, link.spans))
    for (arm, intervention), spans in sorted(pairs.items()):
        ids = arms[arm].setdefault("interventions", [])
        ids.append(interventions[intervention]["id"])
        if spans:
            finished.provenance[f"/arms/{arm}/interventions/{len(ids) - 1}"] = spans


def link_results(finished: Finished, links: list[ArmLink]) -> None:
    """The ids of the arm and of the outcome ("PRIMARY", line feed, measure) that results name; what names none stays out."""
    if not links:
        return
    known = {"arm": _first(finished.tree.get("arms", ()), "label"), "outcome": _first(finished.tree.get("outcomes", ()), "measure")}
    for link in links:
        number, _, name = link.path.removeprefix("results/").partition("/")
        level, _, words = link.words.rpartition("\n") if name == "outcome" else ("", "", link.words)
        here = finished.positions.get(f"results/{number}")
        there = known.get(name, {}).get((level, fold_words(words)))
        if here is None or there is None:
            finished.dropped.append((link.path, link.words, link.spans))
        else:
            finished.tree["results"][here][name] = there
            finished.provenance[f"/results/{here}/{name}"] = link.spans


def _first(items: Iterable[Tree], name: str) -> dict[tuple[str, str], str]:
    """(level, folded words) → id; the first of equal items stands."""
    found: dict[tuple[str, str], str] = {}
    for item in items:
        level = item.get("level", {}).get("code", "")
        for words in item.get(name, {}).values():
            found.setdefault((level, fold_words(words)), item["id"])
    return found


def _names(interventions: list[Tree]) -> dict[str, int]:
    """Folded name, and "type: name", → position; the first of equal names stands."""
    found: dict[str, int] = {}
    for at, item in enumerate(interventions):
        kinds = list(item.get("type", {}).get("text", {}).values())
        for name in item.get("name", {}).values():
            for words in (name, *(f"{kind}: {name}" for kind in kinds), *(f"{kind.replace('_', ' ')}: {name}" for kind in kinds)):
                found.setdefault(fold_words(words), at)
    return found


def sum_enrollment(tree: Tree) -> None:
    """Without a stated enrolment the sum over the arms, when every arm has a size."""
    arms = tree.get("arms", [])
    if "enrollment" not in tree and arms and all("size" in arm for arm in arms):
        tree["enrollment"] = {"count": sum(arm["size"] for arm in arms), "inferred": True}
    if tree.get("enrollment", {}).get("count") == PLACEHOLDER:
        del tree["enrollment"]


def add_horizons(tree: Tree) -> None:
    """`horizon_days` of an outcome: the last point in time that its time frame names, in days."""
    for outcome in tree.get("outcomes", ()):
        for text in outcome.get("time_frame", {}).values():
            days = find_horizon(text)
            if days is not None:
                outcome["horizon_days"] = days
                break


BEYOND = 1e6  # days; a time frame of three thousand years is none


def find_horizon(text: str) -> int | float | None:
    """The longest stretch of time that the words name, in days; months and years have their mean length.

    >>> find_horizon("第13周"), find_horizon("4 weeks"), find_horizon("up to 24 months"), find_horizon("at discharge")
    (91, 28, 730.5, None)
    """
    days = [days for match in _horizon.finditer(text) if (days := _days(match)) < BEYOND]
    if not days:
        return None
    longest = round(max(days), 2)
    return int(longest) if longest.is_integer() else longest


def _days(match: re.Match[str]) -> float:
    number = match["zh"] or match["en"] or match["after"]
    unit = match["zhunit"] or match["enunit"] or match["unit"]
    return float(number) * DAYS[unit.casefold()]


@cache
def _countries() -> dict[str, str]:
    rows = read_table("extractor.normalise", "countries")
    return {fold_words(name): code for code, english, chinese, also in rows for name in (english, chinese, *also.split("|")) if name}


def add_country_codes(tree: Tree) -> None:
    """ISO 3166 codes for the countries of sites, where the name is in the table."""
    for location in tree.get("locations", ()):
        code = next((c for c in map(_country_code, location.get("country", {}).values()) if c), None)
        if code:
            location["country_code"] = code


def _country_code(name: str) -> str | None:
    """The code of a country's name; a code of the table stands for itself."""
    return name if name in _countries().values() else _countries().get(fold_words(name))


def add_masked_roles(tree: Tree, masking: str = "design") -> None:
    """Who is masked, where the masking words name the roles in brackets: "Double (Participant, Investigator)"."""
    design = tree.get(masking, {})
    words = " ".join(design.get("masking", {}).get("text", {}).values())
    bracket = re.match(r"[^(（]*[(（]([^)）]+)[)）]", words)
    meanings = [find_meaning("design/who_masked", word) for word in re.split(r"[,，、;]", bracket.group(1))] if bracket else []
    codes = list(dict.fromkeys(code for meaning in meanings if meaning for code in meaning.codes))
    if codes and "who_masked" not in design:
        design["who_masked"] = codes


def find_withdrawal(tree: Tree, provenance: dict[str, tuple[Span, ...]]) -> list[Doubt]:
    """A withdrawn ChiCTR trial says so only in its title: registration.withdrawn and a doubt."""
    titles = tree.get("titles", {}).get("public", {})
    if not any(_withdrawn.search(text) for text in titles.values()):
        return []
    tree.setdefault("registration", {})["withdrawn"] = dict(titles)
    for language in titles:
        provenance[f"/registration/withdrawn/{language}"] = provenance.get(f"/titles/public/{language}", ())
    quote = next(iter(titles.values()))
    return [Doubt("registration.withdrawn", "titles/public", "the title says that the registration was withdrawn", quote)]


def settle_identifiers(tree: Tree, provenance: dict[str, tuple[Span, ...]]) -> list[Span]:
    """Every number once, in its first place, under the scheme that one of its places names; gives where it is repeated."""
    kept: list[Tree] = []
    numbers: dict[str, list[Tree]] = {}
    moved: dict[str, str] = {}
    for at, item in enumerate(tree.get("identifiers", ())):
        scheme = item.setdefault("scheme", "OTHER")
        alike = numbers.setdefault(item["value"].casefold(), [])
        same = next((other for other in alike if _is_one_scheme(other["scheme"], scheme)), None)
        if same:
            same["scheme"] = scheme if same["scheme"] == "OTHER" else same["scheme"]
            same.update({"primary": True} if item.get("primary") else {})
        else:
            moved[str(at)] = str(len(kept))
            kept.append(item)
            alike.append(item)
    if len(kept) == len(tree.get("identifiers", ())):
        return []
    tree["identifiers"] = kept
    return _move(provenance, "/identifiers/", moved)


def _is_one_scheme(one: str, other: str) -> bool:
    """Whether the schemes are one, or one of them is a registry's or the sponsor's and the other not known."""
    return one == other or ("OTHER" in (one, other) and "VEEVA" not in (one, other))


def _move(provenance: dict[str, tuple[Span, ...]], beginning: str, moved: dict[str, str]) -> list[Span]:
    """The places of a list's items, after some moved and others went; gives the places of what went."""
    gone: list[Span] = []
    for pointer, spans in list(provenance.items()):
        del provenance[pointer]
        at, _, rest = pointer.removeprefix(beginning).partition("/")
        if not pointer.startswith(beginning):
            provenance[pointer] = spans
        elif at in moved:
            provenance[f"{beginning}{moved[at]}/{rest}"] = spans
        else:
            gone += spans
    return gone
