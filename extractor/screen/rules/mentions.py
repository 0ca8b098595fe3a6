"""Conditions, drugs and procedures that a criterion mentions, against those on the patient's file.

MET only where the mention is the whole criterion; never NOT_MET because a file does not name something, since files are not complete.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from extractor.screen.patient.chart import Chart, Held
from extractor.screen.rules.coverage import CONCEPTS, NEGATION, OR, without
from extractor.screen.rules.synonyms import is_named, is_same
from extractor.screen.rules.verdicts import MET, NOT_MET, OPPOSITE, UNKNOWN, Verdict, combine_agreed, unknown
from extractor.screen.rules.windows import find_anchor, is_placed
from extractor.screen.rules.wording import holds, left_over

Json = dict[str, Any]
FILES = {"CONDITION": "conditions", "MEDICATION": "medications", "PROCEDURE": "procedures"}


class CriterionMention(NamedTuple):
    """What a criterion mentions; `when` is "now", "ever" or ""."""

    kind: str
    text: str
    quote: str
    negated: bool
    window: Json | None
    when: str


class Mentions(NamedTuple):
    """The mentions of a criterion; `whole` where in every language one mention is all of it."""

    items: tuple[CriterionMention, ...] = ()
    whole: bool = False


class Mentioned(NamedTuple):
    """The verdict of a criterion that is one mention, the words it was read from, and hints for a person."""

    verdict: Verdict
    quote: str = ""
    hints: tuple[Json, ...] = ()


def find_mentions(node: Json) -> Mentions:
    """The mentions of a criterion's own text."""
    found = [constraint for constraint in node.get("constraints", ()) if constraint["kind"] in CONCEPTS and not constraint.get("exception")]
    if not found:
        return Mentions()
    alone = all(constraint["kind"] in (*CONCEPTS, "WINDOW") for constraint in node["constraints"])
    whole = alone and len(found) == len(node["text"]) and all(_is_whole(node, language, found) for language in node["text"])
    return Mentions(tuple(_mention(node, constraint) for constraint in found), whole)


def _is_whole(node: Json, language: str, found: list[Json]) -> bool:
    """Whether one mention with its window is all that the text says in a language."""
    quotes = [constraint["quote"][language] for constraint in found if language in constraint.get("quote", {})]
    rest = _rest(node, language, quotes)
    return len(quotes) == 1 and not left_over(rest, "limit", "held", "now", "ever") and not OR.search(rest)


def _rest(node: Json, language: str, quotes: list[str]) -> str:
    windows = [constraint.get("quote", {}).get(language, "") for constraint in node["constraints"] if constraint["kind"] == "WINDOW"]
    denied = any(constraint.get("negated") for constraint in node["constraints"])
    rest = without(node["text"].get(language, ""), [*quotes, *windows])
    return NEGATION.sub(" ", rest) if denied else rest


def _mention(node: Json, constraint: Json) -> CriterionMention:
    language, quote = next(iter(constraint.get("quote", {}).items()), ("en", ""))
    rest = _rest(node, language, [quote])
    when = next((use for use in ("now", "ever") if holds(rest, use)), "")
    window = constraint.get("window") or next((c["window"] for c in node["constraints"] if c["kind"] == "WINDOW"), None)
    return CriterionMention(constraint["kind"], _words(constraint), quote, bool(constraint.get("negated")), window, when)


def _words(constraint: Json) -> str:
    return str(constraint.get("variable", {}).get("text") or next(iter(constraint.get("quote", {}).values()), ""))


def judge_mentions(mentions: Mentions, chart: Chart) -> Mentioned:
    """The verdict where one mention is the whole criterion, and what of the patient's file the mentions may mean."""
    hints = tuple(_hints(mentions, chart))
    states = [_judge(mention, chart) for mention in mentions.items] if mentions.whole else [UNKNOWN]
    first = mentions.items[0] if mentions.items else None
    if first is None or combine_agreed(states) == UNKNOWN:
        return Mentioned(unknown("MENTION", {"en": first.text, "zh": first.text}) if first else unknown("READ"), "", hints)
    held = next(found for found in chart.held[FILES[first.kind]] if is_named(first.text, found.name))
    return Mentioned(Verdict(OPPOSITE[states[0]] if first.negated else states[0], held.shown()), first.quote, hints)


def _judge(mention: CriterionMention, chart: Chart) -> str:
    """MET where the file surely says so, NOT_MET where it surely denies it."""
    named = [held for held in chart.held.get(FILES[mention.kind], ()) if is_named(mention.text, held.name)]
    present = [held for held in named if held.present]
    if not named or len(present) not in (0, len(named)):
        return UNKNOWN
    if not present:
        exact = all(is_same(mention.text, held.name) for held in named)
        return NOT_MET if exact and mention.window is None else UNKNOWN
    return MET if any(_is_meant(mention, held, chart) for held in present) else UNKNOWN


def _is_meant(mention: CriterionMention, held: Held, chart: Chart) -> bool:
    """Whether what is held is so at the time that the criterion means."""
    if mention.window is not None:
        return _is_placed(mention, held, chart)
    past = mention.when == "ever" or (mention.when, mention.kind) == ("", "PROCEDURE")
    return past or held.active is True


def _is_placed(mention: CriterionMention, held: Held, chart: Chart) -> bool:
    """Whether something began in the window; a drug also where it was taken until a day of it, or is taken on the day that it ends with."""
    window = mention.window or {}
    if is_placed(window, held.start, chart):
        return True
    if (mention.kind, window["relation"]) != ("MEDICATION", "WITHIN"):
        return False
    today = find_anchor(window, chart)
    return is_placed(window, held.end, chart) is True or (held.active is True and today is not None and today == chart.as_of)


def _hints(mentions: Mentions, chart: Chart) -> Iterator[Json]:
    for mention in mentions.items:
        for held in chart.held.get(FILES[mention.kind], ()):
            if is_named(mention.text, held.name) or is_named(held.name, mention.text):
                yield {"mention": mention.text, "patient": held.shown()}
