"""A criterion as an expression that a program can use: limits where the record says that they are its whole meaning, else its words.

Every target builds its own form from the expression; what it cannot build stays words there too. Nothing here reads a number anew.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple, TypeAlias

from extractor.patterns import lazy_pattern
from extractor.tables import read_table
from extractor.write.exports.wording import NOTES, Json, joined, words

ALL, ANY, AT_LEAST = "ALL", "ANY", "AT_LEAST"


class LimitNode(NamedTuple):
    """A constraint that may be used instead of the words."""

    constraint: Json


class SexNode(NamedTuple):
    """A condition on the sex: FEMALE or MALE."""

    code: str


class WordsNode(NamedTuple):
    """What only a person can read: the id and the text of a criterion, or of its stem."""

    id: str
    text: str


class GroupNode(NamedTuple):
    """Parts that combine as ALL, ANY, or AT_LEAST `least` of them."""

    combine: str
    parts: tuple[Expression, ...]
    least: int = 0


Expression: TypeAlias = LimitNode | SexNode | WordsNode | GroupNode

# Words between two limits that say how they are joined.
AND = lazy_pattern(r"\b(?:and|as well as)\b|和|且|以及|及|并|同时|与", re.IGNORECASE)
OR = lazy_pattern(r"\bor\b|或", re.IGNORECASE)
# Whom a limit concerns, where it is one sex and nothing else.
SEXES = {
    **dict.fromkeys("women woman female females 女 女性 女性患者 女性受试者 妇女".split(), "FEMALE"),
    **dict.fromkeys("men man male males 男 男性 男性患者 男性受试者".split(), "MALE"),
}
OTHER_SEX = {"FEMALE": "MALE", "MALE": "FEMALE"}
_articles = lazy_pattern(r"^(?:for|in|if|the|对于|对|若为)\s*|\s*(?:patients|subjects|participants)$", re.IGNORECASE)
_latin = lazy_pattern(r"[a-z]+", re.IGNORECASE)
_sign = lazy_pattern(r"[\s:：,，、;；.。()（）]+")


def read_expression(node: Json, language: str = "en", *, exclude: bool = False) -> Expression:
    """What a criterion says. `exclude` tells how a limit on one sex is to be taken: of the other sex it then says nothing."""
    children = [child for child in node.get("children", ()) if child.get("role") != NOTES]
    if not children:
        return _read_limits(node, exclude=exclude) or WordsNode(node["id"], words(node["text"], language))
    if "combine" not in node:
        return WordsNode(node["id"], joined(node, language))
    parts = tuple(read_expression(child, language, exclude=exclude) for child in children)
    group = GroupNode(node["combine"], parts, node.get("at_least", 1) if node["combine"] == AT_LEAST else 0)
    if _only_announces(node):
        return group
    stem = _read_limits(node, exclude=exclude) or WordsNode(node["id"], words(node["text"], language))
    return GroupNode(ALL, (stem, group))


def _only_announces(node: Json) -> bool:
    """Whether a stem says nothing but that its children follow."""
    return not node.get("constraints") and not any(map(_own_words, node["text"].values()))


def _own_words(text: str) -> str:
    """What is left of a stem's text without the words that announce.

    >>> _own_words("At least one of the following:"), _own_words("Diabetes, and one of the following:"), _own_words("符合以下任一项：")
    ('', 'Diabetes', '')
    """
    chinese, english = _announcing()
    for word in chinese:
        text = text.replace(word, "")
    return _sign.sub("", _latin.sub(lambda found: "" if found.group().casefold() in english else found.group(), text))


@cache
def _announcing() -> tuple[list[str], frozenset[str]]:
    """The words that announce, Chinese ones in the order in which they are taken out of a text, and English ones."""
    rows = read_table("extractor.write.exports", "announcing")
    found = {language: [word for kind, words in rows if kind == language for word in words.split()] for language in ("zh", "en")}
    return found["zh"], frozenset(found["en"])


def _read_limits(node: Json, *, exclude: bool) -> Expression | None:
    """A criterion's constraints, where they say all that its text says and it is plain how they are joined."""
    found = node.get("constraints", [])
    if not node.get("complete") or not found or any(limit.get("exception") for limit in found):
        return None
    limiting = [limit for limit in found if not _is_of_all(limit)]
    if not limiting:
        return None if exclude else GroupNode(ANY, (SexNode("FEMALE"), SexNode("MALE")))
    if any(limit.get("applies_to") for limit in limiting):
        return _by_sex(limiting, exclude=exclude)
    if len(limiting) == 1:
        return LimitNode(limiting[0])
    combine = find_joint({**node, "constraints": limiting})
    return GroupNode(combine, tuple(map(LimitNode, limiting))) if combine else None


def _is_of_all(limit: Json) -> bool:
    """Whether a limit only says that both sexes are meant."""
    return bool(limit["kind"] == "SEX" and "ALL" in limit.get("values", ()) and not limit.get("negated"))


def _by_sex(found: list[Json], *, exclude: bool) -> Expression | None:
    """Limits that hold for one sex each; for the other sex an inclusion then asks nothing, and an exclusion excludes nobody."""
    sexes = [sex_of(limit) for limit in found]
    if "" in sexes or len(set(sexes)) != len(found):
        return None
    pairs: list[Expression] = [GroupNode(ALL, (SexNode(sex), LimitNode(limit))) for sex, limit in zip(sexes, found, strict=True)]
    if len(found) == 1 and not exclude:
        pairs.append(SexNode(OTHER_SEX[sexes[0]]))
    return pairs[0] if len(pairs) == 1 else GroupNode(ANY, tuple(pairs))


def sex_of(limit: Json) -> str:
    """The sex that a limit applies to, "" where it applies to others or to all.

    >>> sex_of({"applies_to": {"en": "for women"}}), sex_of({"applies_to": {"zh": "肝转移患者"}})
    ('FEMALE', '')
    """
    found = {SEXES.get(_articles.sub("", text.strip()).casefold(), "") for text in limit.get("applies_to", {}).values()}
    return found.pop() if len(found) == 1 else ""


def find_joint(node: Json) -> str:
    """How the constraints of one criterion are joined: ALL, ANY, or "" where its words leave it open.

    A comma says nothing by itself: it joins alternatives in one sentence and conditions in another.

    >>> limits = [{"quote": {"en": "ANC ≥ 1.5"}}, {"quote": {"en": "platelets ≥ 100"}}]
    >>> find_joint({"text": {"en": "ANC ≥ 1.5 and platelets ≥ 100"}, "constraints": limits})
    'ALL'
    >>> find_joint({"text": {"en": "ANC ≥ 1.5, platelets ≥ 100"}, "constraints": limits})
    ''
    """
    said = {joint for language, text in node["text"].items() for joint in _joints(text, language, node["constraints"])}
    return said.pop() if len(said) == 1 else ""


def _joints(text: str, language: str, limits: list[Json]) -> Iterator[str]:
    """What each word between two quotes says; "" where a quote is missing or alternatives stand inside one."""
    quotes = [limit.get("quote", {}).get(language, "") for limit in limits]
    if not any(quotes):
        return
    end, before = 0, ""
    for quote in quotes:
        if quote and quote == before:
            yield ALL if AND.search(quote) and not OR.search(quote) else ""
            continue
        start = text.find(quote, end) if quote else -1
        if start < 0:
            yield ""
            return
        if before:
            yield from _joint(text[end:start])
        end, before = start + len(quote), quote


def _joint(between: str) -> Iterator[str]:
    both, either = AND.search(between), OR.search(between)
    if both and either:
        yield ""
    elif both or either:
        yield ALL if both else ANY
