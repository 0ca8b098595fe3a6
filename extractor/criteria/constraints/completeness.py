"""Whether the constraints of a statement say all that its words say, so that a program may use them instead of the words.

Every character must belong to a variable, a limit, a window, a sex or a state that became a constraint, to the denial of one, or to
words that add nothing (tables/contexts.tsv: neutral …). All else, known or not, leaves the statement incomplete: a wrong "complete"
is worse than a missing one. Exceptions, limits for some people, events whose name no constraint holds, alternatives, and variables
that only the words name are never complete. The constraints of a complete statement all hold together.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from msgspec import UNSET, Struct

from extractor.criteria.constraints.candidates import Candidate
from extractor.criteria.constraints.statement import Statement
from extractor.model import Constraint

_NEUTRAL = {"AGE": "neutral_age", "SCORE": "neutral_score", "SEX": "neutral_sex", "PREGNANCY": "neutral_pregnancy"}
"""Words that add nothing only beside a constraint of a kind."""
_PEOPLE = (("SEX", "sex"), ("PREGNANCY", "state"))
"""Kinds of constraints on people, and the tokens that they are read from."""
_ADULT = 18
"""An age from which on "adults" adds nothing."""
_OPEN = frozenset({"exception", "turn", "barred"})
"""Tokens that no constraint says, wherever they stand."""


class StatementReading(Struct, frozen=True, gc=False):
    """The constraints of one text, and whether they say all that it says."""

    constraints: list[Constraint]
    complete: bool = False

    def stands_for_text(self, *, excluding: bool) -> bool:
        """Whether the constraints may be used instead of the text; in a list of exclusions, each of several may exclude alone."""
        return self.complete and not (excluding and len(self.constraints) > 1)


def says_all(statement: Statement, candidates: list[Candidate], constraints: list[Constraint]) -> bool:
    """Whether constraints that were made of the candidates and of the people of a statement say all of it."""
    if not constraints:
        return False
    if not all(map(_is_plain, constraints)) or not all(map(_is_named, candidates)) or _repeats(constraints):
        return False
    if statement.trails("cut_off", len(statement.folded.rstrip(" .,;:：，；。"))):
        return False
    if any(_says_whom(statement, candidate) for candidate in candidates):
        return False
    said = _Said(statement, candidates, constraints)
    return not said.is_open() and said.joins_as_all(constraints) and statement.is_only_outside(said.neutral(constraints), said.spans())


def _is_plain(constraint: Constraint) -> bool:
    """Whether a constraint holds for everybody and is no event: those have a name that it does not hold."""
    scoped = constraint.exception or constraint.applies_to is not UNSET
    return not scoped and constraint.kind not in ("WINDOW", "DOSE")


def _says_whom(statement: Statement, candidate: Candidate) -> bool:
    """Whether an age tells for whom the rest holds: subjects ≥ 65 years must have this and that."""
    return candidate.kind == "AGE" and statement.leads("duty", statement.tokens[candidate.after - 1].end) > 0


def _is_named(candidate: Candidate) -> bool:
    """Whether the vocabulary knows what is limited."""
    if candidate.kind == "AGE" and not candidate.subjects:
        return True
    return bool(candidate.subjects) and all(named.subject.name for named in candidate.subjects)


def _repeats(constraints: list[Constraint]) -> bool:
    """Whether two constraints limit one variable: which of them holds for whom, only the words say."""
    names = Counter((each.kind, each.variable.name if each.variable is not UNSET else "") for each in constraints)
    return max(names.values()) > 1


class _Said:
    """The tokens and words of a statement that its constraints say."""

    def __init__(self, statement: Statement, candidates: list[Candidate], constraints: list[Constraint]) -> None:
        self._statement = statement
        self._names = {named.subject.name for candidate in candidates for named in candidate.subjects}
        self._subjects = [(named.start, named.end) for candidate in candidates for named in candidate.subjects]
        self._shares_a_least = any(len(each.subjects) > 1 and each.limit and each.limit.low for each in candidates)
        self._kinds = {constraint.kind for constraint in constraints}
        self._taken = {at for candidate in candidates for at in range(candidate.first, candidate.after)}
        self._taken |= {at for at in range(statement.size) if self._is_said(at)}
        self._rest = [at for at in range(statement.size) if at not in self._taken]
        self._denials = [at for at in self._rest if statement.get(at, "negation")]

    def _is_said(self, at: int) -> bool:
        """Whether token `at` repeats a variable, or is the sex or state that a constraint holds."""
        meanings = self._statement.meanings[at]
        variable = meanings.get("var")
        if variable and variable.name in self._names:
            return True
        return any(kind in self._kinds and meanings.get(people) for kind, people in _PEOPLE)

    def is_open(self) -> bool:
        """Whether words that turn a meaning stand outside of the constraints."""
        return any(not _OPEN.isdisjoint(self._statement.meanings[at]) for at in self._rest)

    def joins_as_all(self, constraints: list[Constraint]) -> bool:
        """Whether all constraints must hold together: no alternatives, and each denial is that of one constraint.

        "Not pregnant or nursing" denies both; so one denial over "or" is that of all.
        """
        negated = sum(constraint.negated for constraint in constraints)
        if any("or" in self._statement.meanings[at] for at in self._rest) or self._is_listed():
            return negated == len(constraints) > 1 and len(self._denials) == 1
        return negated == len(self._denials)

    def _is_listed(self) -> bool:
        """Whether a slash joins variables, or a comma those of a least value (ALT、AST≥2×ULN): any of them, or all."""
        signs = {self._statement.text[self._statement.tokens[at].start] for at in self._rest}
        return not signs.isdisjoint("/／") or (not signs.isdisjoint("、,，") and self._shares_a_least)

    def neutral(self, constraints: list[Constraint]) -> str:
        """The categories of words that add nothing beside these constraints."""
        adult = any(each.kind == "AGE" and each.low is not UNSET and each.low.value >= _ADULT for each in constraints)
        own = sorted(_NEUTRAL[kind] for kind in self._kinds if kind in _NEUTRAL)
        return " ".join(["neutral", *own, *(["neutral_adult"] if adult else [])])

    def spans(self) -> Iterator[tuple[int, int]]:
        """The characters that the constraints say."""
        yield from self._subjects
        yield from self._places(sorted({*self._taken, *self._denials}))
        yield from self._places(at for at in self._rest if "or" in self._statement.meanings[at])

    def _places(self, indices: Iterable[int]) -> Iterator[tuple[int, int]]:
        return ((self._statement.tokens[at].start, self._statement.tokens[at].end) for at in indices)
