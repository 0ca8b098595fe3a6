"""What holds for any text: no crash, quotes inside it, the same answer twice, no stalling, valid units."""

from __future__ import annotations

from cProfile import Profile
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import UNSET, json
from ucumvert import get_ucum_parser

from extractor.criteria.constraints import find_constraints
from extractor.criteria.constraints.lexer import tokenise
from extractor.criteria.constraints.unit_doubts import find_unit_doubts
from extractor.model import Constraint

PIECES = [
    *"≥≤><=~-/×*+%.,;:()（）、，。；\n 0123456789½²⁹",
    *(
        "18",
        "2.5",
        "100,000",
        "50.000",
        "1/2",
        "10^9/L",
        "×109/L",
        "mg/dL",
        "mmHg",
        "years",
        "岁",
        "个月",
        "周",
        "天内",
        "倍",
        "ULN",
        "正常值上限",
    ),
    *(
        "age",
        "年龄",
        "ALT",
        "AST",
        "血小板",
        "ECOG",
        "NYHA",
        "Child-Pugh",
        "III",
        "Ⅱ",
        "级",
        "或",
        "和",
        "and",
        "or",
        "between",
        "to",
        "within",
        "prior to",
    ),
    *(
        "at least",
        "no more than",
        "or older",
        "以上",
        "以内",
        "不超过",
        "至少",
        "入组前",
        "末次给药后",
        "近",
        "距",
        "停用",
        "for",
        "since",
        "the past year",
    ),
    *(
        "screening",
        "first dose",
        "除外",
        "unless",
        "未",
        "no",
        "pregnant",
        "妊娠",
        "male or female",
        "女性",
        "half-lives",
        "半年",
        "一个半月",
        "two",
        "six (6)",
    ),
]
UCUM = get_ucum_parser()


@st.composite
def criteria(draw):
    """Texts out of the words of criteria, in any order."""
    parts = draw(st.lists(st.sampled_from(PIECES) | st.text(max_size=3), max_size=24))
    return draw(st.sampled_from(["", " "])).join(parts)


@given(criteria())
def test_any_text_gives_sound_constraints(text):
    found = find_constraints(text)
    for constraint in found:
        quote = constraint.quote.zh if constraint.quote.zh is not UNSET else constraint.quote.en
        assert quote in text
        assert constraint.variable is UNSET or constraint.variable.text in text
        assert constraint.applies_to is UNSET or (constraint.applies_to.zh or constraint.applies_to.en) is not UNSET
        assert UNSET in (constraint.low, constraint.high) or constraint.low.value <= constraint.high.value
    assert json.decode(json.encode(found), type=list[Constraint]) == found


@given(criteria())
def test_the_answer_is_the_same_twice(text):
    assert find_constraints(text) == find_constraints(text)


@given(criteria())
def test_units_are_ucum(text):
    for constraint in find_constraints(text):
        if constraint.unit is not UNSET:
            assert UCUM.parse(constraint.unit.ucum)


@given(st.text(max_size=200))
def test_tokens_stand_in_order_inside_the_text(text):
    tokens = tokenise(text)
    assert all(0 <= token.start <= token.end <= len(text) for token in tokens)
    assert all(first.end <= second.start for first, second in pairwise(tokens))


@given(criteria())
def test_doubts_quote_the_text(text):
    assert all(doubt.quote in text for doubt in find_unit_doubts(text))


HOSTILE = [
    " ",
    "9",
    "1.",
    "1,",
    "1/",
    "10^",
    "×10",
    "≥",
    "≥1",
    "≥1 或 ",
    "≥ 1 mg/",
    "(",
    "(≥1",
    "0, 1, ",
    "1-",
    "III, ",
    "ALT, ",
    "ALT/",
    "女性 ",
    "妊娠",
    "除外",
    "近",
    "入组前2周内",
    "within 2 weeks ",
    "within 2 weeks: ALT > 3; ",
    "or ",
    "of ",
    "-",
    "\n",
    "龘 ",
    "半",
    "一",
    "年龄≥",
    "age ≥ 18 and ",
    "upper limit of ",
    "a-1",
    "/每",
    "mg·",
]


@pytest.mark.parametrize("piece", HOSTILE)
def test_repetition_does_not_stall(piece):
    text = piece * (40_000 // len(piece))
    assert isinstance(find_constraints(text), list)
    assert isinstance(find_unit_doubts(text), list)


def test_the_work_grows_with_the_text_and_no_faster():
    text = "within 2 weeks: ALT > 3 × ULN; AST > 4 × ULN, unless 除外 (女性 ≥ 2). "
    once = len(find_constraints(text * 10))
    assert len(find_constraints(text * 100)) <= once * 10


@pytest.mark.parametrize(
    "piece",
    [
        "无肝转移者的ALT≤2.5×ULN，",
        "ALT≤2.5×ULN，如有肝转移则≤5×ULN，",
        "no fever (temperature > 38 °C, ALT > 3 x ULN) ",
    ],
)
def test_limits_of_people_and_brackets_are_read_in_linear_work(piece):
    find_constraints(piece * 400)  # makes the patterns that a process makes once
    fewer, more = (_calls(piece * times) for times in (400, 800))
    assert more <= 2.3 * fewer


def _calls(text):
    profile = Profile()
    profile.runcall(find_constraints, text)
    return sum(entry.callcount for entry in profile.getstats())
