"""Dates, ages, identifiers and coded words: the values that registries print."""

from __future__ import annotations

import pytest
from case_rows import read_cases
from hypothesis import given
from hypothesis import strategies as st

from extractor.normalise.ages import age_unit, parse_age, split_ages
from extractor.normalise.codes import codes_of, find_meaning, fold_words, vocabulary
from extractor.normalise.dates import parse_date
from extractor.normalise.derived import find_horizon
from extractor.normalise.identifiers import find_identifiers
from extractor.normalise.raw import is_nothing
from extractor.tables import read_table


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("2026-04-29", "2026-04-29"),
        ("2026-04-29 16:18:13", "2026-04-29T16:18:13"),
        ("2026/04/29 16:18", "2026-04-29T16:18"),
        ("2026-04-29 00:00:00", "2026-04-29"),
        ("2026-04-29T09:05:00Z", "2026-04-29T09:05:00"),
        ("2026-4-9", "2026-04-09"),
        ("2026_04_09", "2026-04-09"),
        ("2026年4月9日", "2026-04-09"),
        ("2026年4月", "2026-04"),
        ("2026 年 4 月 9 日", "2026-04-09"),
        ("20260409", "2026-04-09"),
        ("2026", "2026"),
        ("2026-04", "2026-04"),
        ("2026-04-00", "2026-04"),
        ("2026-00-00", "2026"),
        ("April 2004", "2004-04"),
        ("Apr. 2004", "2004-04"),
        ("March 1, 2021", "2021-03-01"),
        ("1 March 2021", "2021-03-01"),
        ("1st March, 2021", "2021-03-01"),
        ("29/04/2026", "2026-04-29"),
        ("04/29/2026", "2026-04-29"),
        (" 2026-02-29 ".replace("02-29", "02-28"), "2026-02-28"),
    ],
)
def test_dates(text: str, value: str) -> None:
    assert parse_date(text) == value


@pytest.mark.parametrize(
    "text",
    [
        "",
        "soon",
        "2026-13-01",
        "2026-02-30",
        "31/31/2026",
        "N/A",
        "week 12",
        "18",
        "2026-04-29 to 2026-05-01",
        "2026-0-02",
        "2026-00-02 10:15:30",
        "2026-01-00 10:15",
    ],
)
def test_what_is_no_date(text: str) -> None:
    with pytest.raises(ValueError):
        parse_date(text)


@given(st.dates())
def test_every_day_survives(day) -> None:
    if day.year >= 1900:
        assert parse_date(day.isoformat()) == day.isoformat()
        assert parse_date(day.strftime("%B %d, %Y")) == day.isoformat()
        assert parse_date(f"{day.year}年{day.month}月{day.day}日") == day.isoformat()


@given(st.text(max_size=40))
def test_any_text_is_a_date_or_a_value_error(text: str) -> None:
    try:
        value = parse_date(text)
    except ValueError:
        return
    assert value[:4].isdigit()


@pytest.mark.parametrize(("text", "expected"), read_cases("ages"))
def test_ages(text: str, expected: str) -> None:
    try:
        found = parse_age(text)
    except ValueError:
        assert expected == "?"
        return
    assert (f"{found[0]:g} {found[1]}" if found else "none") == expected


@pytest.mark.parametrize(
    ("line", "low", "high"),
    [
        ("18 Years to 75 Years   (Adult, Older Adult)", "18 Years", "75 Years"),
        ("18+ years old", "18+ years", None),
        ("up to 17 Years", None, "17 Years"),
        ("18 Years and older", "18 Years", None),
        ("18-75岁", "18", "75岁"),
        ("6 Months to 2 Years", "6 Months", "2 Years"),
        ("Child, Adult", None, None),
    ],
)
def test_lines_of_two_ages(line: str, low: str | None, high: str | None) -> None:
    found = [line[slice(*part)].strip() if part else None for part in split_ages(line)]
    assert found == [low, high]


def test_unit_of_a_line() -> None:
    assert [age_unit(text) for text in ("18-75岁", "6 to 12 months", "18 to 75")] == ["YEAR", "MONTH", "YEAR"]


def test_numbers_in_free_text() -> None:
    text = "ClinicalTrials.gov: NCT09999999; ISRCTN12345678，ChiCTR2699000001 (NCT123 is none, XNCT09999999 neither)"
    found = [(scheme, text[start:end]) for scheme, start, end in find_identifiers(text)]
    assert found == [("NCT", "NCT09999999"), ("ISRCTN", "ISRCTN12345678"), ("CHICTR", "ChiCTR2699000001")]


@pytest.mark.parametrize(
    ("field", "words", "code"),
    [
        ("status/overall", "尚未开始", "NOT_YET_RECRUITING"),
        ("status/overall", "Not yet\n recruiting", "NOT_YET_RECRUITING"),
        ("status/overall", "Active, not recruiting", "ACTIVE_NOT_RECRUITING"),
        ("eligibility/sex", "男女均可", "ALL"),
        ("eligibility/sex", "Both", "ALL"),
        ("registration/timing", "补注册", "RETROSPECTIVE"),
        ("outcomes/level", "次要指标", "SECONDARY"),
        ("data_sharing/monitoring_committee", "暂未确定", "UNKNOWN"),
        ("design/masking", "开放标签，对评估者隐藏分组", "SINGLE"),
        ("design/study_type", "Epidemilogical research", "OBSERVATIONAL"),
        ("design/phases", "上市后药物", "PHASE4"),
        ("design/phases", "0", "NA"),
    ],
)
def test_words_of_registries(field: str, words: str, code: str) -> None:
    meaning = find_meaning(field, words)
    assert meaning
    assert meaning.codes == (code,)


@pytest.mark.parametrize(
    ("words", "implied", "never"),
    [
        ("随机平行对照", {"design/allocation=RANDOMIZED", "design/intervention_model=PARALLEL"}, ""),
        ("Parallel", {"design/intervention_model=PARALLEL"}, "RANDOMIZED"),
        ("析因分组（即根据危险因素或暴露因素分组）", set(), "FACTORIAL"),
        ("连续入组", set(), "SEQUENTIAL"),
        ("随机抽样", {"~eligibility/sampling_method=PROBABILITY_SAMPLE"}, "allocation"),
        ("队列研究", {"design/observational_model=COHORT"}, ""),
        ("横断面", {"design/time_perspective=CROSS_SECTIONAL"}, ""),
    ],
)
def test_design_cell(words: str, implied: set[str], never: str) -> None:
    meaning = find_meaning("design/cell", words)
    assert meaning
    assert implied <= set(meaning.implies)
    assert not never or not [rule for rule in meaning.implies if never in rule]


def test_a_code_stands_for_itself_but_only_in_its_field() -> None:
    assert find_meaning("status/overall", "COMPLETED")
    assert find_meaning("eligibility/sex", "COMPLETED") is None
    assert find_meaning("status/overall", "whatever") is None


def test_vocabulary_has_no_contradictions() -> None:
    seen: dict[tuple[str, str], str] = {}
    for field, words, code, *_ in read_table("extractor.normalise", "codes"):
        assert seen.setdefault((field, fold_words(words)), code) == code, f"{field}: {words}"
    for (field, _), meaning in vocabulary().items():
        for rule in meaning.implies:
            if not rule.startswith("!"):
                target, _, code = rule.lstrip("~").partition("=")
                assert code, f"{field} implies {rule}"
                assert target.split("/")[0] in ("design", "eligibility")


def test_codes_of_a_field() -> None:
    assert {"ALL", "FEMALE", "MALE"} == codes_of("eligibility/sex")


@pytest.mark.parametrize("words", ["", "无", "N/A", "na", " None. ", "/", "-", "——", "\u00a0", "无。"])
def test_words_for_nothing(words: str) -> None:
    assert is_nothing(words)


@pytest.mark.parametrize("words", ["0", "No", "无症状", "none of the above", "NAC"])
def test_words_for_something(words: str) -> None:
    assert not is_nothing(words)


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("第13周", 91),
        ("4 weeks", 28),
        ("up to 24 months", 730.5),
        ("Week 12", 84),
        ("baseline, 6 months, 1 year", 365.25),
        ("术后7天内", 7),
        ("at discharge", None),
        ("every cycle", None),
        ("Phase 2", None),
        ("", None),
    ],
)
def test_horizons(text: str, days: float | None) -> None:
    assert find_horizon(text) == days
