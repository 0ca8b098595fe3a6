"""Open questions in words, and gathered into one checklist a patient."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Any

from extractor.screen.patient.names import HERE
from extractor.screen.rules.verdicts import OpenQuestion
from extractor.tables import read_table

Json = dict[str, Any]
OF_ONE_CRITERION = frozenset({"READ", "EXCEPTION", "SOURCE", "CRITERIA", "STATUS"})  # reasons whose question is the criterion itself


@cache
def _reasons() -> dict[str, dict[str, str]]:
    return {reason: {"en": en, "zh": zh} for reason, en, zh, *_ in read_table(HERE, "reasons")}


@cache
def headings() -> dict[str, dict[str, str]]:
    """What heads a list of questions of one reason; a reason without a heading asks in its own words."""
    return {reason: {"en": en, "zh": zh} for reason, _, _, en, zh in read_table(HERE, "reasons") if en}


def describe(question: OpenQuestion) -> Json:
    """A question as plain values: its reason, what it is about, and its words in both languages.

    >>> describe(OpenQuestion("SEX"))["text"]["en"]
    "What is the patient's sex?"
    """
    what = dict(question.what)
    words = {language: sentence.replace("{what}", told(what, language)) for language, sentence in _reasons()[question.reason].items()}
    return {"reason": question.reason, **({"what": what} if what else {}), "text": words}


def told(text: Json, language: str) -> str:
    """The words of a language map in a language, else in the one that it has.

    >>> told({"zh": "哮喘"}, "en")
    '哮喘'
    """
    return str(text.get(language) or next(iter(text.values()), ""))


def checklist(rows: Iterable[Json]) -> list[Json]:
    """What to ask of a patient, once, with the trials that wait for the answer: by reason, what most trials wait for first.

    Criteria that a person must read stay with their trial.
    """
    found: dict[str, Json] = {}
    for row in rows:
        for criterion in row["criteria"] if row["verdict"] == "UNKNOWN" else ():
            for asked in criterion.get("ask", ()):
                if asked["reason"] not in OF_ONE_CRITERION:
                    item = found.setdefault(asked["text"]["en"], {**asked, "trials": []})
                    if row["trial"] not in item["trials"]:
                        item["trials"].append(row["trial"])
    reasons = list(_reasons())
    return sorted(found.values(), key=lambda item: (reasons.index(item["reason"]), -len(item["trials"])))
