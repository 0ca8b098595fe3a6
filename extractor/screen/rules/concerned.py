"""Whether a limit concerns the patient: words of sex and age that say whom it is for. Other words are for a person to read."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import msgspec

from extractor.criteria.constraints import parse_constraints
from extractor.screen.patient.chart import Chart
from extractor.screen.rules.people import judge_age
from extractor.screen.rules.wording import left_over

Json = dict[str, Any]
SEXES = {
    **dict.fromkeys(("men", "man", "male", "males", "boys", "男", "男性", "男士", "男子"), "MALE"),
    **dict.fromkeys(("women", "woman", "female", "females", "girls", "女", "女性", "女士", "妇女", "女子"), "FEMALE"),
}


def is_concerned(whom: Json, chart: Chart) -> bool | None:
    """Whether the patient is one of those that the words name, None where that is not known or the words say more than sex and age."""
    answers = {_answer(text, chart) for text in whom.values()}
    return answers.pop() if len(answers) == 1 else None


def _answer(text: str, chart: Chart) -> bool | None:
    sex, limits = _understood(text)
    if sex:
        return chart.sex == sex if chart.sex else None
    if limits is None:
        return None
    return {"MET": True, "NOT_MET": False}.get(judge_age(limits, limits["unit"]["ucum"], chart).state)


@lru_cache(maxsize=1024)
def _understood(text: str) -> tuple[str, Json | None]:
    """(sex, limits of age) that the words are, ("", None) where they are more or something else.

    >>> _understood("in women")[0], _understood("if aged 65 years or older")[1]["low"]["value"], _understood("women with anaemia")
    ('FEMALE', 65, ('', None))
    """
    words = left_over(text, "whom")
    if len(words) == 1 and words[0] in SEXES:
        return SEXES[words[0]], None
    found: list[Json] = [msgspec.to_builtins(item) for item in parse_constraints(text)]
    limit = found[0] if len(found) == 1 else {}
    plain = limit.get("kind") == "AGE" and "unit" in limit and not {"negated", "exception"} & limit.keys()
    quote = next(iter(limit.get("quote", {}).values()), "")
    return "", limit if plain and not left_over(text.replace(quote, " "), "whom") else None
