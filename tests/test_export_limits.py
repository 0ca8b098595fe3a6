"""Exports never claim more than the text: limits are used where a criterion is complete, and mean in the target what they say."""

from __future__ import annotations

from typing import Any

import pytest
from omop import passing

from extractor.write.exports import export
from extractor.write.exports.limits import GroupNode, LimitNode, WordsNode, read_expression

Json = dict[str, Any]
MALE, FEMALE = 8507, 8532
GRAM, PERCENT, BILLION = 8713, 8554, 9444


def limit(variable: str, low: Any = None, high: Any = None, **more: Any) -> Json:
    """A constraint; an end is a number that belongs to it, or (number, False)."""
    ends = {name: end if isinstance(end, tuple) else (end, True) for name, end in (("low", low), ("high", high)) if end is not None}
    bounds = {name: {"value": value, "inclusive": inclusive} for name, (value, inclusive) in ends.items()}
    return {"kind": "MEASUREMENT", "variable": {"name": variable, "text": variable}, **bounds, **more}


def unit(ucum: str) -> Json:
    return {"unit": {"ucum": ucum, "text": ucum}}


def quoted(text: str, language: str = "en") -> Json:
    return {"quote": {language: text}}


def criterion(text: str, *limits: Json, complete: bool = True, **more: Any) -> Json:
    whole = {"complete": True} if complete else {}
    return {"id": "", "text": {"en": text}, "role": "CRITERION", **({"constraints": list(limits), **whole} if limits else {}), **more}


def record(inclusion: tuple[Json, ...] = (), exclusion: tuple[Json, ...] = (), languages: tuple[str, ...] = ("en",)) -> Json:
    for mark, side in (("I", inclusion), ("E", exclusion)):
        for at, node in enumerate(side, 1):
            node["id"] = f"{mark}{at}"
            for place, child in enumerate(node.get("children", ()), 1):
                child["id"] = f"{mark}{at}.{place}"
    eligibility = {"inclusion": list(inclusion), "exclusion": list(exclusion)}
    return {"id": "X1", "kind": "trial", "source": {"name": "ctgov", "languages": list(languages)}, "trial": {"eligibility": eligibility}}


def circe(*inclusion: Json, exclusion: tuple[Json, ...] = ()) -> Json:
    value: Json = export(record(inclusion, exclusion), "circe").value
    return value


def who(expression: Json, **people: Json) -> set[str]:
    pytest.importorskip("duckcdm.circe")
    pytest.importorskip("duckdb")
    return passing(expression, people)


def value(number: float, concept: int, day: str = "2026-05-20", concept_set: int = 1, high: float | None = None) -> tuple[Any, ...]:
    return (concept_set, number, concept, day, high)


PLATELETS = criterion("Platelets ≥ 100 x 10^9/L", limit("platelets", 100, **unit("10*9/L")))
HBA1C = limit("hemoglobin_a1c", (7, False), 10, **unit("%"))


def test_a_value_counts_in_its_unit_and_up_to_the_index_date():
    found = who(
        circe(PLATELETS),
        enough={"values": [value(100, BILLION)]},
        low={"values": [value(99, BILLION)]},
        other_unit={"values": [value(100, GRAM)]},
        later={"values": [value(100, BILLION, "2026-06-02")]},
        unknown={},
    )
    assert found == {"enough"}


def test_an_excluded_value_keeps_out():
    expression = circe(exclusion=(criterion("HbA1c > 9%", limit("hemoglobin_a1c", (9, False), **unit("%"))),))
    assert who(expression, high={"values": [value(9.5, PERCENT)]}, edge={"values": [value(9, PERCENT)]}, unknown={}) == {"edge", "unknown"}


def test_an_end_that_is_excluded_stays_so_on_both_sides():
    found = who(
        circe(criterion("7% < HbA1c ≤ 10%", HBA1C)),
        inside={"values": [value(8, PERCENT)]},
        low_end={"values": [value(7, PERCENT)]},
        high_end={"values": [value(10, PERCENT)]},
        over={"values": [value(11, PERCENT)]},
        two_values_outside={"values": [value(6, PERCENT, "2026-05-01"), value(12, PERCENT, "2026-05-20")]},
    )
    assert found == {"inside", "high_end"}


def test_ages_between_ends_that_are_excluded():
    age = {"kind": "AGE", "low": {"value": 18, "inclusive": False}, "high": {"value": 75, "inclusive": False}, **unit("a")}
    assert who(circe(criterion("18 < age < 75 years", age)), child={"born": 2010}, edge={"born": 2008}, adult={"born": 1990}) == {"adult"}


def test_limits_of_one_sex_each_hold_for_that_sex():
    women = limit("hemoglobin", 10, **unit("g/dL"), applies_to={"en": "women"}, **quoted("Hemoglobin ≥ 10 g/dL"))
    men = limit("hemoglobin", 11, **unit("g/dL"), applies_to={"en": "men"}, **quoted("≥ 11 g/dL"))
    found = who(
        circe(criterion("Hemoglobin ≥ 10 g/dL (women) or ≥ 11 g/dL (men)", women, men)),
        woman={"sex": FEMALE, "values": [value(10, GRAM)]},
        man={"sex": MALE, "values": [value(11, GRAM)]},
        low_man={"sex": MALE, "values": [value(10, GRAM)]},
    )
    assert found == {"woman", "man"}


def test_a_limit_of_one_sex_asks_nothing_of_the_other():
    women = limit("hemoglobin", 10, **unit("g/dL"), applies_to={"zh": "女性"})
    people = {
        "woman": {"sex": FEMALE, "values": [value(10, GRAM)]},
        "low_woman": {"sex": FEMALE, "values": [value(9, GRAM)]},
        "man": {"sex": MALE},
    }
    assert who(circe(criterion("女性血红蛋白≥10 g/dL", women)), **people) == {"woman", "man"}
    low = limit("hemoglobin", None, (10, False), **unit("g/dL"), applies_to={"zh": "女性"})
    assert who(circe(exclusion=(criterion("女性血红蛋白<10 g/dL", low),)), **people) == {"woman", "man"}


def test_windows_count_days_before_the_index_date():
    window = {"relation": "WITHIN", "value": 14, "unit": "DAY", "anchor": "ENROLLMENT"}
    recent = circe(criterion("Platelets ≥ 100 within 14 days before enrolment", limit("platelets", 100, window=window)))
    people = {"recent": {"values": [value(120, BILLION, "2026-05-20")]}, "old": {"values": [value(120, BILLION, "2026-05-01")]}}
    assert who(recent, **people) == {"recent"}
    before = {"relation": "BEFORE", "value": 14, "unit": "DAY", "anchor": "RANDOMIZATION"}
    old = circe(criterion("QTcF ≤ 450 at least 14 days before randomization", limit("qtc", None, 450, window=before)))
    assert who(old, **people) == {"old"}


def test_multiples_of_the_laboratorys_limit():
    expression = circe(criterion("ALT ≤ 3 x ULN", limit("alt", None, 3, reference="ULN")))
    assert who(expression, low={"values": [value(100, 0, high=40)]}, high={"values": [value(200, 0, high=40)]}) == {"low"}


ANY_OF = {"combine": "ANY", "children": [criterion("HbA1c ≥ 6%", limit("hemoglobin_a1c", 6, **unit("%"))), PLATELETS]}


def test_groups_combine_as_the_words_say():
    either = circe(criterion("Any of the following:", **ANY_OF))
    people = {
        "one": {"values": [value(7, PERCENT)]},
        "other": {"values": [value(150, BILLION, concept_set=2)]},
        "both": {"values": [value(7, PERCENT), value(150, BILLION, concept_set=2)]},
        "none": {},
    }
    assert who(either, **people) == {"one", "other", "both"}
    assert who(circe(criterion("All of the following:", **{**ANY_OF, "combine": "ALL"})), **people) == {"both"}
    assert who(circe(criterion("At least two of the following:", **{**ANY_OF, "combine": "AT_LEAST", "at_least": 2})), **people) == {"both"}
    assert who(circe(exclusion=(criterion("Any of the following:", **ANY_OF),)), **people) == {"none"}
    assert who(circe(exclusion=(criterion("All of the following:", **{**ANY_OF, "combine": "ALL"}),)), **people) == {"one", "other", "none"}


def test_limits_that_one_sentence_joins():
    first = limit("anc", 1.5, **quoted("ANC ≥ 1.5"))
    second = limit("platelets", 100, **quoted("platelets ≥ 100"))
    both = circe(criterion("ANC ≥ 1.5 and platelets ≥ 100", first, second))
    either = circe(criterion("ANC ≥ 1.5 or platelets ≥ 100", first, second))
    people = {"one": {"values": [value(2, 0)]}, "both": {"values": [value(2, 0), value(150, 0, concept_set=2)]}}
    assert who(both, **people) == {"both"}
    assert who(either, **people) == {"one", "both"}


UNREADABLE = [
    criterion("Platelets ≥ 100 unless transfused", limit("platelets", 100), complete=False),
    criterion("Platelets ≥ 100", limit("platelets", 100, exception=True)),
    criterion("Platelets ≥ 100, ANC ≥ 1.5", limit("platelets", 100, **quoted("Platelets ≥ 100")), limit("anc", 1.5, **quoted("ANC ≥ 1.5"))),
    criterion("ALT or AST ≤ 2.5", *[limit(name, None, 2.5, **quoted("ALT or AST ≤ 2.5")) for name in ("alt", "ast")]),
    criterion("AST ≤ 5 x ULN with liver metastases", limit("ast", None, 5, reference="ULN", applies_to={"en": "with liver metastases"})),
    criterion("Weight ≥ 50 stone", limit("weight", 50, unit={"text": "stone"})),
    criterion("Viral load < 50 {copies}/mL", limit("viral_load", None, (50, False), **unit("{copies}/mL"))),
    criterion("ALT ≤ 3 x baseline", limit("alt", None, 3, reference="BASELINE")),
    criterion("No platelets < 75", limit("platelets", None, (75, False), negated=True)),
    criterion("Aged ≥ 6 months", {"kind": "AGE", "low": {"value": 6, "inclusive": True}, **unit("mo")}),
    criterion("Age ≥ 17.5 years", {"kind": "AGE", "low": {"value": 17.5, "inclusive": True}, **unit("a")}),
    criterion("NYHA III or IV", {"kind": "SCORE", "variable": {"name": "nyha"}, "values": ["III", "IV"]}),
    criterion("LVEF ≥ 50 within 5 half-lives", limit("lvef", 50, window={"relation": "WITHIN", "value": 5, "unit": "HALF_LIFE"})),
    criterion(
        "Hb ≥ 9 within 7 days after surgery", limit("hb", 9, window={"relation": "WITHIN", "value": 7, "unit": "DAY", "anchor": "SURGERY"})
    ),
    criterion("Histologically confirmed carcinoma"),
    criterion("Adequate organ function:", children=[PLATELETS]),
]


@pytest.mark.parametrize("node", UNREADABLE, ids=lambda node: node["text"]["en"])
def test_what_cannot_be_said_exactly_stays_words(node: Json):
    """As an inclusion it passes nobody, as an exclusion it is named, until a person fills its concept set in."""
    asked, left_out = export(record((node,)), "circe")
    assert left_out == ["/trial/eligibility/inclusion/0"]
    assert [name for name in (found["name"] for found in asked["ConceptSets"]) if name.startswith("I1: ")]
    assert who(asked, anybody={"values": [value(100, BILLION, concept_set=number) for number in (1, 2)]}) == set()
    excluded, left_out = export(record((), (node,)), "circe")
    assert left_out == ["/trial/eligibility/exclusion/0"]
    expression = excluded["InclusionRules"][0]["expression"]
    assert (expression["Type"], expression["Count"], len(expression["CriteriaList"])) == ("AT_MOST", 0, 1)
    assert who(excluded, anybody={}, resolved={"events": [1]}) == {"anybody"}


def test_a_stem_that_states_something_is_asked_too():
    expression = circe(criterion("Diabetes, and any of the following:", **ANY_OF))
    assert [found["name"] for found in expression["ConceptSets"]][1] == "I1: Diabetes, and any of the following:"
    people = {
        "without": {"values": [value(7, PERCENT, concept_set=2)]},
        "with": {"values": [value(7, PERCENT, concept_set=2)], "events": [1]},
    }
    assert who(expression, **people) == {"with"}


def test_the_registrys_own_fields_are_rules():
    found = record()
    found["trial"]["eligibility"] |= {
        "minimum_age": {"value": 18, "unit": "YEAR"},
        "maximum_age": {"value": 6, "unit": "MONTH"},
        "sex": {"code": "FEMALE"},
    }
    expression, left_out = export(found, "circe")
    assert left_out == ["/trial/eligibility/maximum_age"]
    people = {"woman": {"sex": FEMALE}, "man": {"sex": MALE}, "girl": {"sex": FEMALE, "born": 2015}}
    assert who(expression, **people) == {"woman"}


def r5(node: Json, *, exclude: bool = False, language: str = "en") -> Json:
    found = record((), (node,)) if exclude else record((node,))
    variable: Json = export(found, "fhir-r5", language).value["entry"][1]["resource"]
    pytest.importorskip("fhir.resources.evidencevariable").EvidenceVariable.model_validate(variable)
    characteristic: Json = variable["characteristic"][0]
    return characteristic


def r4(node: Json, *, exclude: bool = False, language: str = "en") -> list[Json]:
    found = record((), (node,)) if exclude else record((node,))
    bundle = export(found, "fhir-r4", language).value
    pytest.importorskip("fhir.resources.R4B.bundle").Bundle.model_validate(bundle)
    characteristics: list[Json] = bundle["entry"][0]["resource"]["contained"][0]["characteristic"]
    return characteristics[1:]  # the first says the words


def test_fhir_says_a_limit_with_its_unit_and_comparator():
    quantity = {"value": 3, "unit": "{ULN}", "system": "http://unitsofmeasure.org", "code": "{ULN}", "comparator": "<"}
    node = criterion("ALT < 3 x ULN", limit("ALT", None, (3, False), reference="ULN"))
    assert r5(node)["definitionByTypeAndValue"] == {"type": {"coding": [], "text": "ALT, multiples of ULN"}, "valueQuantity": quantity}
    [only] = r4(node)
    assert (only["valueQuantity"], only["exclude"]) == (quantity, False)


def test_fhir_has_no_range_with_an_end_that_does_not_belong_to_it():
    parts = r5(criterion("7% < HbA1c ≤ 10%", HBA1C))["definitionByCombination"]
    assert parts["code"] == "all-of"
    said = [part["definitionByTypeAndValue"]["valueQuantity"]["comparator"] for part in parts["characteristic"]]
    assert said == [found["valueQuantity"]["comparator"] for found in r4(criterion("7% < HbA1c ≤ 10%", HBA1C))] == [">", "<="]
    assert r4(criterion("7% < HbA1c ≤ 10%", HBA1C), exclude=True) == []  # either alone would exclude more
    closed = limit("hemoglobin_a1c", 7, 10, **unit("%"))
    assert set(r5(criterion("HbA1c 7 to 10%", closed))["definitionByTypeAndValue"]["valueRange"]) == {"low", "high"}


@pytest.mark.parametrize(
    "node", [UNREADABLE[0], UNREADABLE[1], UNREADABLE[2], UNREADABLE[4], UNREADABLE[14]], ids=lambda node: node["text"]["en"]
)
def test_fhir_keeps_the_words_of_what_is_not_complete(node: Json):
    assert r5(node)["definitionCodeableConcept"] == {"text": node["text"]["en"]}
    assert r4(node) == []


def test_fhir_does_not_invent_how_parts_combine():
    node = UNREADABLE[-1]
    assert r5(node)["definitionCodeableConcept"]["text"].startswith("Adequate organ function: (a) Platelets")
    group = r5(criterion("At least one of the following:", **ANY_OF))["definitionByCombination"]
    assert (group["code"], len(group["characteristic"])) == ("any-of", 2)


def test_fhir_speaks_the_language_asked_for():
    chinese = limit("platelets", 100, **quoted("血小板≥100", "zh")) | {"variable": {"name": "platelets", "text": "血小板"}}
    node = {**criterion("", chinese), "text": {"zh": "血小板≥100", "en": "Platelets ≥ 100"}}
    found = record((node,), languages=("zh", "en"))
    for language, name in (("zh", "血小板"), ("en", "platelets")):
        variable = export(found, "fhir-r5", language).value["entry"][1]["resource"]
        assert variable["language"] == language
        assert variable["characteristic"][0]["definitionByTypeAndValue"]["type"]["text"] == name


def test_fhir_denies_what_the_text_denies():
    node = criterion("Not pregnant", {"kind": "PREGNANCY", "variable": {"name": "pregnancy"}, "negated": True, **quoted("Not pregnant")})
    [part] = r5(node)["definitionByCombination"]["characteristic"]
    assert part["exclude"] is True
    assert r4(node) == []


STEMS = [
    ("Any of the following:", "ANY", True),
    ("Patients must meet at least one of the following criteria:", "ANY", True),
    ("符合以下任一项条件者：", "ANY", True),
    ("至少满足下列两项：", "AT_LEAST", True),
    ("Diabetes and any of the following:", "ANY", False),
    ("For part A, all of the following:", "ALL", False),
    ("既往有以下任一情况：", "ANY", False),
    ("In women, any of the following:", "ANY", False),
]


@pytest.mark.parametrize(("text", "combine", "announces"), STEMS)
def test_a_stem_that_only_announces_is_told_from_one_that_states(text: str, combine: str, announces: bool):
    node = {**criterion(text), "combine": combine, "children": [PLATELETS]}
    found = read_expression(node)
    assert isinstance(found, GroupNode)
    assert isinstance(found.parts[0], LimitNode if announces else WordsNode)
