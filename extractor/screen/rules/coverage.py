"""Whether a criterion's constraints say all that its text says, and how they are joined: what may be decided at all."""

from __future__ import annotations

import re
from typing import Any

from extractor.criteria.constraints.lexer import tokenise
from extractor.normalise.folding import fold
from extractor.patterns import lazy_pattern
from extractor.screen.rules.wording import left_over

Json = dict[str, Any]
NumberRange = tuple[float, float]
"""The lower and the upper end of a range, infinite where it is open."""
EXCLUSION = "E"  # what the ids of exclusion criteria begin with
CONCEPTS = frozenset({"CONDITION", "MEDICATION", "PROCEDURE"})
NEGATION = lazy_pattern(r"\b(?:not|no|non)\b|非|未|无|不", re.IGNORECASE)  # said by a constraint that is negated
OR = lazy_pattern(r"\bor\b|或", re.IGNORECASE)
AND = lazy_pattern(r"\band\b|和|且|及|与|[,，、;；]", re.IGNORECASE)
# Both sexes are everybody; one sex beside a pregnancy is said by it, and elsewhere it limits.
EVERYBODY = lazy_pattern(
    r"\b(?:adult\s+)?(?:males?|m[ae]n)\s*(?:and|or|/|&)\s*(?:non-?pregnant\s+)?(?:females?|wom[ae]n)\b|\b(?:adult\s+)?(?:females?|wom[ae]n)\s*(?:and|or|/|&)\s*(?:males?|m[ae]n)\b",
    re.IGNORECASE,
)
WOMEN = lazy_pattern(r"\b(?:females?|wom[ae]n)\b|女性|妇女|女", re.IGNORECASE)


def says_all(criterion: Json) -> bool:
    """Whether the constraints say all that the criterion's own text says, so that they may be used instead of it.

    The record says so in `complete`, which means that all constraints hold together and have names of their own. Screening can do
    more: it knows which words join two states ("pregnant or nursing") and asks the patient's values by the words of a variable. Such
    criteria are decided where quotes and words that add nothing make up the whole text (rule 1).
    """
    constraints = deciding_constraints(criterion)
    return bool(constraints) and not _doubles(constraints) and (bool(criterion.get("complete")) or is_covered(criterion))


def deciding_constraints(criterion: Json) -> list[Json]:
    """The constraints that decide: those of numbers, sexes and states; mentions of conditions and drugs have rules of their own."""
    return [constraint for constraint in criterion.get("constraints", ()) if constraint["kind"] not in CONCEPTS]


def is_covered(criterion: Json) -> bool:
    """Rule 1: the constraints' quotes and words that add nothing make up the whole text, in every language."""
    constraints = deciding_constraints(criterion)
    if any(constraint.get("exception") for constraint in constraints):
        return False
    return all(_covers(text, language, constraints) for language, text in criterion["text"].items())


def _covers(text: str, language: str, constraints: list[Json]) -> bool:
    quotes = [constraint.get("quote", {}).get(language, "") for constraint in constraints]
    whom = [constraint.get("applies_to", {}).get(language, "") for constraint in constraints]
    rest = without(text, [*quotes, *whom])
    denied = [bool(constraint.get("negated")) for constraint in constraints]
    if OR.search(text) and any(denied) and not all(denied):  # "not a or b": how far the denial reaches is not what a quote says
        return False
    if any(denied):
        rest = NEGATION.sub(" ", rest)
    elif any(constraint["kind"] == "PREGNANCY" for constraint in constraints):  # who is pregnant is a woman; who is not may be anybody
        rest = WOMEN.sub(" ", rest)
    kinds = tuple(sorted({constraint["kind"] for constraint in constraints}))
    return any(quotes) and is_neutral(rest, kinds) and all(_is_plain(at, quotes, whom, constraints) for at in range(len(constraints)))


def _is_plain(at: int, quotes: list[str], whom: list[str], constraints: list[Json]) -> bool:
    """Whether a quote hides no words: all of it is in the vocabulary, also where it reaches over another constraint's quote."""
    inner = [quote for quote in quotes if quote and quote != quotes[at] and quote in quotes[at]]
    if not inner:
        variable = constraints[at].get("variable", {})
        own = "" if variable.get("name") else variable.get("text", "")  # the words of what has no name of ours
        return _is_read(without(quotes[at], [own]), constraints[at]["kind"])
    words = [each.get(part, {}).get("text", "") for each in constraints for part in ("unit", "variable")]
    return is_neutral(re.sub(r"[\d.,/]+|[≥≤<>=]", " ", without(quotes[at], [*inner, *whom, *words])))


def _is_read(quote: str, kind: str) -> bool:
    """Whether the reader of constraints knows every word of a quote that changes something."""
    end = 0
    for token in tokenise(quote):
        if token.gap and not is_neutral(quote[end : token.start], (kind,)):
            return False
        end = token.end
    return is_neutral(quote[end:], (kind,))


def _doubles(constraints: list[Json]) -> bool:
    """Whether one general limit of a variable lies within another of it: one of them is a subscore or another method's, not what it seems."""
    general = [constraint for constraint in constraints if not constraint.get("applies_to") and not constraint.get("window")]
    return any(
        one is not other and _named(one) == _named(other) != "" and _contains(_range(one), _range(other))
        for one in general
        for other in general
    )


def _named(constraint: Json) -> str:
    return str(constraint.get("variable", {}).get("name", ""))


def _range(constraint: Json) -> NumberRange:
    low, high = constraint.get("low", {}), constraint.get("high", {})
    return low.get("value", float("-inf")), high.get("value", float("inf"))


def _contains(outer: NumberRange, inner: NumberRange) -> bool:
    return outer[0] <= inner[0] and inner[1] <= outer[1]


def is_neutral(text: str, kinds: tuple[str, ...] = ()) -> bool:
    """Whether words add nothing to limits of some kinds beside them.

    >>> is_neutral("Patients must have"), is_neutral("Male or female patients"), is_neutral("women with"), is_neutral("aged"), is_neutral("aged", ("AGE",))
    (True, True, False, False, True)
    """
    return not left_over(EVERYBODY.sub(" ", text), "limit", *kinds)


def without(text: str, pieces: list[str]) -> str:
    """A text without the pieces, the longest first."""
    for piece in sorted(filter(None, pieces), key=len, reverse=True):
        text = text.replace(piece, " ")
    return text


def connective(criterion: Json) -> str:
    """How the constraints of one criterion are joined: ALL, ANY, or "" where the words leave it open.

    Words inside a quote count only where several constraints share that quote ("AST or ALT > 3 x ULN"). What an exclusion lists without
    "or" is open: "pregnancy and lactation", "pregnant, nursing" and "pregnant/nursing" mean either.
    """
    constraints = deciding_constraints(criterion)
    if len(constraints) < 2:
        return "ALL"
    found = {_joined(criterion["text"][language], constraints, language) for language in criterion["text"]}
    joined = found.pop() if len(found) == 1 else ""
    return "" if joined == "ALL" and criterion.get("id", "").startswith(EXCLUSION) else joined


def _joined(text: str, constraints: list[Json], language: str) -> str:
    quotes = [constraint.get("quote", {}).get(language, "") for constraint in constraints]
    denied = [bool(constraint.get("negated")) for constraint in constraints]
    rest = without(text, quotes)
    between = " ".join([rest, *(quote for quote in set(quotes) if quotes.count(quote) > 1)])
    alternatives = OR.search(between) is not None
    if _is_tangled(quotes, between, alternatives=alternatives) or any(constraint.get("applies_to") for constraint in constraints):
        return ""
    kinds = tuple(sorted({constraint["kind"] for constraint in constraints}))
    if not is_neutral(WOMEN.sub(" ", NEGATION.sub(" ", rest) if any(denied) else rest), kinds):
        return ""  # words that are not known may join in another way: only agreement decides
    if alternatives and any(denied):  # "not a or b" is neither; where each has a word of its own, the words leave it open
        return "ALL" if all(denied) and len(NEGATION.findall(text)) == 1 else ""
    return "ALL" if not alternatives else "" if AND.search(between) else "ANY"


def _is_tangled(quotes: list[str], between: str, *, alternatives: bool) -> bool:
    """Whether nobody can say what joins the quotes: a slash between them or in a shared one, one inside another."""
    shared = {quote for quote in quotes if quotes.count(quote) > 1}
    mixed = bool(shared) and alternatives and len(set(quotes)) > 1
    return mixed or "/" in fold(between) or _is_nested(quotes)


def _is_nested(quotes: list[str]) -> bool:
    return any(one and one != other and one in other for one in quotes for other in quotes)
