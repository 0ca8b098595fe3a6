"""The consistency rules: each told by a trial that breaks it and one that keeps it."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from extractor.check import RULES, coverage_of, find_doubts, find_garbled, findings_of, join_extents, measure_coverage
from extractor.document import Doubt, Span
from extractor.findings import FINDINGS
from extractor.model import Trial

AGED = {"kind": "AGE", "unit": {"ucum": "a"}, "quote": {"en": "aged so many years"}}


def doubts(**fields: Any) -> list[tuple[str, str]]:
    """(code, path) of every doubt about a trial of these fields."""
    return [(doubt.code, doubt.path) for doubt in find_doubts(msgspec.convert(fields, Trial))]


def eligibility(
    inclusion: list[dict[str, Any]] | None = None, exclusion: list[dict[str, Any]] | None = None, **fields: Any
) -> dict[str, Any]:
    lists = {"inclusion": inclusion, "exclusion": exclusion}
    return {"eligibility": fields | {side: items for side, items in lists.items() if items}}


def criterion(text: str, at: int = 1, side: str = "I", **more: Any) -> dict[str, Any]:
    return {"id": f"{side}{at}", "number": str(at), "text": {"en": text}, "role": "CRITERION"} | more


def test_sex() -> None:
    female = criterion("Women", constraints=[{"kind": "SEX", "values": ["FEMALE"], "quote": {"en": "Women"}}])
    assert doubts(**eligibility([female], sex={"code": "ALL"})) == [("eligibility.sex_conflict", "eligibility/inclusion/0")]
    assert doubts(**eligibility([female], sex={"code": "FEMALE"})) == []
    assert doubts(**eligibility(exclusion=[female], sex={"code": "ALL"})) == []
    assert doubts(**eligibility([female])) == []
    exempt = criterion("Men, women excepted", constraints=[{"kind": "SEX", "values": ["FEMALE"], "exception": True}])
    assert doubts(**eligibility([exempt], sex={"code": "MALE"})) == []


@pytest.mark.parametrize(
    ("constraint", "conflict"),
    [
        ({"low": {"value": 18, "inclusive": True}}, False),
        ({"low": {"value": 17, "inclusive": False}}, False),
        ({"low": {"value": 20, "inclusive": True}}, True),
        ({"high": {"value": 75, "inclusive": True}}, False),
        ({"high": {"value": 76, "inclusive": False}}, False),
        ({"high": {"value": 80, "inclusive": True}}, True),
        ({"low": {"value": 20, "inclusive": True}, "applies_to": {"en": "men"}}, False),
        ({"low": {"value": 20, "inclusive": True}, "negated": True}, False),
        ({"low": {"value": 216, "inclusive": True}, "unit": {"ucum": "mo"}}, False),
    ],
)
def test_age(constraint: dict[str, Any], conflict: bool) -> None:
    item = criterion("age", constraints=[AGED | constraint])
    ages = {"minimum_age": {"value": 18, "unit": "YEAR"}, "maximum_age": {"value": 75, "unit": "YEAR"}}
    want = [("eligibility.age_conflict", "eligibility/inclusion/0")] if conflict else []
    assert doubts(**eligibility([item], **ages)) == want
    assert doubts(**eligibility([item])) == []


@pytest.mark.parametrize(
    "others",
    [
        pytest.param(
            [criterion("Aged 18 to 75", 2, constraints=[AGED | {"low": {"value": 18, "inclusive": True}}])], id="repeats the field"
        ),
        pytest.param([], id="rheumatism that began then"),
    ],
)
def test_another_age_is_no_conflict(others: list[dict[str, Any]]) -> None:
    onset = AGED | {"low": {"value": 16, "inclusive": True}} | ({} if others else {"quote": {"en": "after 16 years"}})
    items = [criterion("Onset", constraints=[onset]), *others]
    assert doubts(**eligibility(items, minimum_age={"value": 18, "unit": "YEAR"})) == []


def test_a_lost_sign_is_no_conflict() -> None:
    lost = AGED | {"high": {"value": 18, "inclusive": True}, "quote": {"en": "18 years = age"}}
    assert doubts(**eligibility([criterion("age", constraints=[lost])], maximum_age={"value": 75, "unit": "YEAR"})) == []


def test_the_age_of_a_part_is_no_conflict() -> None:
    part = criterion("age 5 to 10: creatinine below 1", constraints=[AGED | {"high": {"value": 10, "inclusive": True}}]) | {"id": "I1.1"}
    assert doubts(**eligibility([criterion("Creatinine", children=[part])], maximum_age={"value": 75, "unit": "YEAR"})) == []


def test_enrolment() -> None:
    arms = [{"id": "arm-1", "size": 10}, {"id": "arm-2", "size": 20}]
    assert doubts(arms=arms, enrollment={"count": 40}) == [("enrollment.sum_differs", "enrollment/count")]
    assert doubts(arms=arms, enrollment={"count": 30}) == []
    assert doubts(arms=arms, enrollment={"count": 40, "inferred": True}) == []
    assert doubts(arms=[*arms, {"id": "arm-3"}], enrollment={"count": 40}) == []
    assert doubts(enrollment={"count": 40}) == []


@pytest.mark.parametrize(
    ("start", "end", "late"),
    [("2026-05-02", "2026-05-01", True), ("2026-05-02", "2026-05", False), ("2026-05", "2026-04-30", True), ("2026", "2026-01", False)],
)
def test_dates(start: str, end: str, late: bool) -> None:
    want = [("dates.out_of_order", "dates/completion")] if late else []
    assert doubts(dates={"start": {"value": start}, "completion": {"value": end}}) == want


@pytest.mark.parametrize(
    ("text", "dangling"),
    [
        ("Patients who meet exclusion criterion 3", True),
        ("Patients who meet exclusion criterion 2", False),
        ("Patients who meet exclusion criteria 1 and 7", True),
        ("符合排除标准第5条者", True),
        ("符合排除标准第2条者", False),
        ("inclusion criterion 1 is waived", False),
        ("no exclusion criteria 3 months before", False),
        ("meets exclusion criteria", False),
    ],
)
def test_references(text: str, dangling: bool) -> None:
    want = [("reference.dangling", "eligibility/exclusion/1")] if dangling else []
    sides = [criterion("first"), criterion("second", 2)], [criterion("a", side="E"), criterion(text, 2, "E")]
    assert doubts(**eligibility(*sides)) == want


def test_references_follow_printed_numbers() -> None:
    running = [criterion("a", 13, "E"), criterion("as exclusion criterion 13", 14, "E")]
    assert doubts(**eligibility(exclusion=running)) == []


def test_cut_time_points() -> None:
    outcome = {"id": "out-1", "time_frame": {"zh": "第一天", "en": "x" * 100}}
    assert doubts(outcomes=[outcome]) == [("text.truncated", "outcomes/0/time_frame/en")]
    assert doubts(outcomes=[outcome | {"time_frame": {"en": "x" * 100}}]) == []
    assert doubts(outcomes=[outcome | {"time_frame": {"zh": "第一天", "en": "x" * 99}}]) == []


def test_garbled() -> None:
    text = "A \ufffd trial\nage \ufffd 18"
    provenance = {
        "/trial/titles/public/en": (Span(0, 9),),
        "/trial/eligibility/inclusion/0/text/en": (Span(10, 18),),
        "/trial/status": (Span(2, 2),),
    }
    found = [(doubt.code, doubt.path) for doubt in find_garbled(text, provenance)]
    assert found == [("text.garbled", "/trial/titles/public/en"), ("text.garbled", "/trial/eligibility/inclusion/0/text/en")]
    assert list(find_garbled(text.replace("\ufffd", "x"), provenance)) == []


@pytest.mark.parametrize(
    ("name", "differs"), [("Zelofunab", True), ("Zelofumab", False), ("Placebo", False), ("Zelofunab injection", False)]
)
def test_names(name: str, differs: bool) -> None:
    titles = {"public": {"zh": "泽络伏单抗的研究", "en": "A Study of Zelofumab"}}
    found = doubts(titles=titles, interventions=[{"id": "int-1", "name": {"zh": "泽络伏单抗", "en": name}}])
    assert found == ([("names.differ", "interventions/0/name/en")] if differs else [])


def test_an_empty_trial_raises_no_doubt() -> None:
    assert doubts() == []
    assert all(rule.__doc__ for rule in RULES)


def test_findings_are_pointers_and_stand_once() -> None:
    doubt = Doubt("value.unknown", "status/overall", "no row has these words", "Vague")
    found = findings_of([doubt, doubt, doubt._replace(path="/source/x", quote="")], "/trial")
    assert [(finding.path, finding.severity) for finding in found] == [("/trial/status/overall", "warning"), ("/source/x", "warning")]
    assert found[1].quote is msgspec.UNSET
    with pytest.raises(KeyError):
        findings_of([doubt._replace(code="no.such")], "/trial")


def test_every_code_has_a_meaning() -> None:
    assert all(kind.meaning.endswith(".") for kind in FINDINGS.values())


@pytest.mark.parametrize(
    ("reached", "furniture", "share"),
    [
        ([(0, 12)], [], 1.0),
        ([], [], 0.0),
        ([(0, 6)], [(6, 12)], 1.0),
        ([(0, 6), (4, 10)], [], 0.8),
        ([(0, 6)], [], 0.5),
        ([(0, 6)], [(4, 9)], 0.625),
    ],
)
def test_coverage(reached: list[tuple[int, int]], furniture: list[tuple[int, int]], share: float) -> None:
    stretches = [join_extents(Span(*pair) for pair in pairs) for pairs in (reached, furniture)]
    assert measure_coverage("ab cde fghij", (0, 12), *stretches) == pytest.approx(share)


def test_coverage_of_nothing_is_whole() -> None:
    assert measure_coverage("  \n", (0, 3), [], []) == 1.0
    assert coverage_of(0.5, 3, 2).labels_mapped == 2
