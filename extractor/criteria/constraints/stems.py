"""What a stem says of the statements below it: that they are exceptions, or denied, or that their numbers are ages.

stem := … (unless | except | …除外) [the following …] [:]        Prior malignancy, except:
      | denial [words that only point below] [:]               No evidence of any of the following:
      | age                                                    Age:
"""

from __future__ import annotations

from msgspec import Struct

from extractor.criteria.constraints.lexer import tokenise
from extractor.criteria.constraints.statement import Statement
from extractor.criteria.constraints.vocabulary import Token
from extractor.normalise.folding import fold


class Setting(Struct, frozen=True, gc=False):
    """What the stems above a statement say of it."""

    excepted: bool = False
    denied: bool = False
    aged: Token | None = None
    """The word for age of a heading, of no length: the variable of numbers that have none."""


NO_SETTING = Setting()


def read_stem(text: str, above: Setting = NO_SETTING) -> Setting:
    """What a stem, itself below others, says of the statements below it.

    >>> read_stem("Prior malignancy, except:").excepted, read_stem("Prior malignancy:").excepted
    (True, False)
    >>> read_stem("No evidence of any of the following:").denied, read_stem("No contraindication:").denied
    (True, False)
    """
    folded = fold(text)
    statement = Statement(text, tokenise(text, folded), folded)
    aged = above.aged or (_age(statement) if "var" in statement.kinds else None)
    return Setting(above.excepted or _excepts(statement), above.denied or _denies(statement), aged)


def _denies(statement: Statement) -> bool:
    """Whether a denial ends a stem: behind it stand only words that point to what is listed below."""
    end = len(statement.text)
    return "negation" in statement.kinds and any(
        statement.get(at, "negation") and statement.is_only("listed neutral pointing", statement.tokens[at].end, end)
        for at in range(statement.size)
    )


def _excepts(statement: Statement) -> bool:
    """Whether a carve-out ends a stem, behind what it is carved out of."""
    return "exception" in statement.kinds and any(
        statement.get(at, "exception") and _opens(statement, at) for at in range(1, statement.size)
    )


def _opens(statement: Statement, at: int) -> bool:
    """Whether a carve-out at token `at` speaks of what is listed below: no words of its own stand beside it."""
    token, cue = statement.tokens[at], statement.get(at, "exception")
    if not statement.is_only("listed", token.end, len(statement.text)):
        return False
    if cue.direction == "ahead":
        return not statement.is_only("listed", 0, token.start)
    clause = next((statement.tokens[here].end for here in range(at - 1, -1, -1) if statement.mark(here) in (",", ";", "。", "(")), 0)
    return clause > 0 and statement.mentions("listed", clause, token.start) is not None and statement.is_only("listed", clause, token.start)


def _age(statement: Statement) -> Token | None:
    """The word for age, where a stem is nothing else."""
    first = statement.tokens[0]
    subject = first.meanings.get("var")
    beside = statement.text[: first.start] + statement.text[first.end :]
    alone = not beside.strip(" :：.")
    return Token(0, 0, gap=False, meanings={"var": subject}) if subject and subject.name == "age" and alone else None
