"""A draft of raw strings to a tree of values: what each field becomes, and what is told when it does not fit."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from case_rows import read_cases
from hypothesis import given
from hypothesis import strategies as st

from extractor.document import Draft, Span
from extractor.model import Trial
from extractor.normalise import FIELDS, Normalised, normalise


def read(*entries: tuple[str, ...], codes: dict[str, str] | None = None, wrapped: bool = False) -> Normalised:
    """The values of a draft: each entry is (path, text) or (path, text, language); spans count up."""
    draft = Draft("chictr", codes=codes or {}, wrapped=wrapped)
    at = 0
    for path, text, *language in entries:
        draft.add(path, text, Span(at, at + len(text)), language=language[0] if language else "")
        at += len(text) + 1
    done = normalise(draft)
    msgspec.convert(done.tree, Trial)
    return done


def tree(*entries: tuple[str, ...], **more: Any) -> dict[str, Any]:
    return read(*entries, **more).tree


def codes(done: Normalised) -> list[str]:
    return [doubt.code for doubt in done.doubts]


def test_languages_stand_side_by_side() -> None:
    assert tree(("titles/public", "研究", "zh"), ("titles/public", "A study", "en")) == {
        "titles": {"public": {"zh": "研究", "en": "A study"}}
    }
    assert tree(("titles/public", "A study")) == {"titles": {"public": {"en": "A study"}}}
    assert tree(("titles/public", "研究 A")) == {"titles": {"public": {"zh": "研究 A"}}}


def test_text_is_clean_not_rewritten() -> None:
    assert tree(("titles/public", " A\u00a0 study\n of  e-\nGFR "))["titles"]["public"]["en"] == "A study of e-GFR"
    assert tree(("titles/public", "血小\n板 ≥ 100×10⁹/L"))["titles"]["public"]["zh"] == "血小板 ≥ 100×10⁹/L"
    assert tree(("titles/public", r"Age \> 18 \[years\]"))["titles"]["public"]["en"] == "Age > 18 [years]"


def test_lines_of_a_longer_text_stay_unless_print_wrapped_them() -> None:
    entry = ("descriptions/brief", "one\ntwo\n\nthree")
    assert tree(entry)["descriptions"]["brief"]["en"] == "one\ntwo\nthree"
    assert tree(entry, wrapped=True)["descriptions"]["brief"]["en"] == "one two\nthree"


@pytest.mark.parametrize("nothing", ["", "无", "N/A", " - ", "None"])
def test_absent_is_absent(nothing: str) -> None:
    done = read(("titles/acronym", nothing), ("contacts/0/phone", nothing), ("keywords/0", nothing), ("ethics/date", nothing))
    assert done.tree == {}
    assert done.doubts == []


def test_lists_close_up_and_are_numbered() -> None:
    done = read(("arms/3/label", "A"), ("arms/9/label", "B"), ("arms/9/size", "20"))
    assert done.tree["arms"] == [{"label": {"en": "A"}, "id": "arm-1"}, {"label": {"en": "B"}, "size": 20, "id": "arm-2"}]
    assert "/arms/1/label/en" in done.provenance


def test_codes_keep_their_words() -> None:
    done = read(("status/overall", "正在进行", "zh"), ("status/overall", "Recruiting", "en"))
    assert done.tree["status"]["overall"] == {"code": "RECRUITING", "text": {"zh": "正在进行", "en": "Recruiting"}}


def test_unknown_words_are_other_and_told() -> None:
    done = read(("status/overall", "Perhaps"))
    assert done.tree["status"]["overall"] == {"code": "OTHER", "text": {"en": "Perhaps"}}
    assert codes(done) == ["value.unknown"]


def test_chictr_design_cell_fans_out() -> None:
    done = read(("design/cell", "随机平行对照", "zh"), ("design/cell", "Parallel", "en"))
    design = done.tree["design"]
    assert design["allocation"]["code"] == "RANDOMIZED"
    assert design["intervention_model"]["code"] == "PARALLEL"
    assert design["text"] == {"zh": "随机平行对照", "en": "Parallel"}
    assert "cell" not in design


def test_pilot_study_is_no_phase() -> None:
    done = read(("design/phases/0", "探索性研究/预试验", "zh"), ("design/phases/0", "0", "en"))
    assert done.tree["design"]["phases"]["codes"] == ["NA"]
    assert codes(done) == ["phase.pilot"]


def test_two_phases() -> None:
    assert tree(("design/phases/0", "Phase 1/Phase 2"))["design"]["phases"]["codes"] == ["PHASE1", "PHASE2"]
    assert tree(("design/phases/0", "PHASE2"), ("design/phases/1", "PHASE3"))["design"]["phases"]["codes"] == ["PHASE2", "PHASE3"]


def test_dates_and_their_types() -> None:
    done = read(("dates/start", "April 2004"), ("dates/start/type", "Anticipated"), ("dates/completion", "sometime"))
    assert done.tree["dates"] == {"start": {"value": "2004-04", "type": "ESTIMATED"}}
    assert codes(done) == ["value.unknown"]


def test_enrolment() -> None:
    assert tree(("enrollment/count", "20 estimated patients"))["enrollment"] == {"count": 20, "type": "ESTIMATED"}
    assert tree(("enrollment/count", "1,200 participants"))["enrollment"] == {"count": 1200}
    assert tree(("arms/0/label", "A"), ("arms/0/size", "10"), ("arms/1/label", "B"), ("arms/1/size", "5"))["enrollment"] == {
        "count": 15,
        "inferred": True,
    }
    assert "enrollment" not in tree(("arms/0/label", "A"), ("arms/1/label", "B"), ("arms/1/size", "5"))


def test_ages_of_one_line() -> None:
    ages = tree(("eligibility/ages", "6 Months to 12 Years   (Child)"))["eligibility"]
    assert (ages["minimum_age"]["value"], ages["minimum_age"]["unit"]) == (6, "MONTH")
    assert (ages["maximum_age"]["value"], ages["maximum_age"]["unit"]) == (12, "YEAR")


def test_an_age_that_is_none() -> None:
    done = read(("eligibility/minimum_age", "adult"), ("eligibility/maximum_age", "N/A"))
    assert done.tree == {}
    assert codes(done) == ["value.unknown"]


@pytest.mark.parametrize(
    ("words", "value"), [("true", True), ("Accepts Healthy Volunteers", True), ("No", False), ("是", True), ("否", False)]
)
def test_booleans(words: str, value: bool) -> None:
    assert tree(("eligibility/healthy_volunteers", words))["eligibility"]["healthy_volunteers"] is value


def test_typed_interventions_are_linked_to_arms() -> None:
    done = read(
        ("arms/0/label", "Active"),
        ("arms/0/interventions/0", "Drug: Zelofumab"),
        ("interventions/0/typed_name", "Drug: Zelofumab"),
        ("interventions/1/typed_name", "Unclear: Tea"),
    )
    drug, tea = done.tree["interventions"]
    assert (drug["type"]["code"], drug["name"]) == ("DRUG", {"en": "Zelofumab"})
    assert tea["name"] == {"en": "Unclear: Tea"}
    assert done.tree["arms"][0]["interventions"] == ["int-1"]


def test_a_link_that_names_nothing_is_kept_aside() -> None:
    done = read(("arms/0/label", "Active"), ("arms/0/interventions/0", "Drug: Unknown"))
    assert "interventions" not in done.tree["arms"][0]
    assert [item.found.text for item in done.unmapped] == ["Drug: Unknown"]


def test_identifiers_in_free_text() -> None:
    done = read(
        ("identifiers/0/value", "ChiCTR2699000001"),
        ("identifiers/1/value", "ABC-7"),
        ("identifiers/2/value", "see NCT09999999 and ISRCTN12345678"),
        codes={"identifiers/0/primary": "true", "identifiers/1/scheme": "SPONSOR"},
    )
    assert done.tree["identifiers"] == [
        {"value": "ChiCTR2699000001", "scheme": "CHICTR", "primary": True},
        {"value": "ABC-7", "scheme": "SPONSOR"},
        {"value": "NCT09999999", "scheme": "NCT"},
        {"value": "ISRCTN12345678", "scheme": "ISRCTN"},
    ]


def test_withdrawn_by_its_title() -> None:
    done = read(("titles/public", "撤销（重复注册）某研究", "zh"))
    assert done.tree["registration"]["withdrawn"]["zh"].startswith("撤销")
    assert codes(done) == ["registration.withdrawn"]
    assert "registration" not in tree(("titles/public", "撤机患者的研究", "zh"))


def test_a_field_that_the_record_lacks_is_unmapped() -> None:
    done = read(("colour/of/0", "blue"))
    assert done.tree == {}
    assert [(item.label, item.found.text) for item in done.unmapped] == [("colour/of", "blue")]


def test_a_node_without_its_required_part_keeps_its_words() -> None:
    done = read(("outcomes/0/time_frame", "4 weeks"))
    assert done.tree == {}
    assert [item.found.text for item in done.unmapped] == ["4 weeks"]


def test_criteria_wait_for_their_room() -> None:
    done = read(("eligibility/text/inclusion", "1. 年龄", "zh"), ("eligibility/text", "Inclusion Criteria:\n* Age"))
    assert {key: found.text for key, found in done.criteria.items()} == {
        ("inclusion", "zh"): "1. 年龄",
        ("", "en"): "Inclusion Criteria:\n* Age",
    }


LISTS = frozenset(
    "arms biospecimens conditions contacts identifiers interventions keywords links locations outcomes references results sponsors".split()
)
ROLES = {"contacts/0/role": "APPLICANT", "sponsors/0/role": "LEAD"}


def with_position(field: str) -> str:
    """A field's path with a list position where it belongs."""
    first, _, rest = field.replace("other_names", "other_names/0").partition("/")
    return f"{first}/0/{rest}".rstrip("/") if first in LISTS else field


@given(st.lists(st.tuples(st.sampled_from(sorted(FIELDS)).map(with_position), st.text(max_size=30)), max_size=8))
def test_any_strings_give_a_trial(entries: list[tuple[str, str]]) -> None:
    assert isinstance(read(*entries, codes=ROLES).tree, dict)


@pytest.mark.parametrize(("text", "expected"), read_cases("identifiers"))
def test_identifiers_of_a_cell(text: str, expected: str) -> None:
    done = read(("identifiers/0/value", text))
    found = [f"{item['scheme']}={item['value']}" for item in done.tree.get("identifiers", ())]
    assert found + [f"?={kept.found.text}" for kept in done.unmapped] == [part for part in expected.split(" ; ") if part]


def test_a_number_stands_once_under_the_scheme_that_names_it() -> None:
    done = read(("identifiers/0/value", "2099-001234-56"), ("identifiers/1/value", "ABC-7"), ("identifiers/2/value", "2099-001234-56"))
    assert done.tree["identifiers"] == [{"value": "2099-001234-56", "scheme": "EUCTR"}, {"value": "ABC-7", "scheme": "OTHER"}]
    assert sorted(done.provenance) == ["/identifiers/0/value", "/identifiers/1/value"]


def test_a_number_repeated_keeps_later_places_in_step() -> None:
    entries = [("identifiers/0/value", "NCT09999999"), ("identifiers/1/value", "nct09999999"), ("identifiers/2/value", "ABC-7")]
    done = read(*entries)
    assert [item["value"] for item in done.tree["identifiers"]] == ["NCT09999999", "ABC-7"]
    assert done.provenance["/identifiers/1/value"] == (Span(24, 29),)


def test_a_sponsors_number_that_is_listed_again_stands_once() -> None:
    done = read(("identifiers/0/value", "ABC-7"), ("identifiers/1/value", "ABC-7"), codes={"identifiers/0/scheme": "SPONSOR"})
    assert done.tree["identifiers"] == [{"value": "ABC-7", "scheme": "SPONSOR"}]


def test_a_highest_age_of_nothing_sets_no_limit() -> None:
    assert tree(("eligibility/maximum_age", "0")) == {}
    assert codes(read(("eligibility/maximum_age", "0 Days"))) == ["value.unknown"]
    assert tree(("eligibility/minimum_age", "0 Days"))["eligibility"]["minimum_age"]["value"] == 0


def test_words_that_are_no_age_are_kept() -> None:
    done = read(("eligibility/minimum_age", "24 weeks gestation"))
    assert done.tree == {}
    assert [kept.label for kept in done.unmapped] == ["eligibility/minimum_age"]
