"""Two records compared by meaning: values, texts, lists, trees, and what a difference weighs."""

from __future__ import annotations

from collections import Counter
from typing import get_args, get_origin, get_type_hints

import pytest
from case_rows import read_cases
from compare_records import outcome, record, told
from msgspec import Struct

from extractor.compare import compare, compare_registers, compare_versions, group_versions
from extractor.compare import versions as versions_module
from extractor.compare.couple import treatments
from extractor.compare.lists.items import pairings
from extractor.compare.values import judge
from extractor.compare.weighing import CONDITIONS, rules
from extractor.compare.wording.marking import common_blocks, mark
from extractor.compare.wording.words import judge_words
from extractor.errors import ExtractError
from extractor.model import Age, Criterion, Date, Enrollment, Label, LabelTable, Quantity, Record, Section, Text, Trial, Unit


def differences(old, new, **more):
    return told(compare(record(**old), record(**new), **more))


@pytest.mark.parametrize(("old", "new", "verdict"), read_cases("compare_wording"))
def test_texts_are_compared_by_what_they_say(old, new, verdict):
    assert judge_words(old, new).name == verdict
    assert judge_words(new, old).name == verdict


@pytest.mark.parametrize(("section", "old", "new", "kinds"), read_cases("compare_constraints"))
def test_limits_are_tightened_or_loosened(section, old, new, kinds):
    heading = f"{section.title()} Criteria:\n- "
    found = differences({"criteria": heading + old}, {"criteria": heading + new})
    assert " ".join(kind for _, kind, _, _ in found) == kinds.replace("-", "")


@pytest.mark.parametrize(("old", "new", "expected"), read_cases("compare_criteria"))
def test_statements_are_found_again(old, new, expected):
    found = [f"{kind} {field.split('/')[1]}" for field, kind, _, _ in differences({"criteria": old}, {"criteria": new})]
    assert Counter(found) == Counter(filter(None, expected.split(", ")))


@pytest.mark.parametrize(
    ("old", "new", "verdict"),
    [
        (Date(value="2012-12"), Date(value="2012-12-19"), "FINER"),
        (Date(value="2012-12"), Date(value="2012-12", type="ACTUAL"), "FINER"),
        (Date(value="2012-12", type="ESTIMATED"), Date(value="2012-12", type="ACTUAL"), "DIFFERENT"),
        (Date(value="2012-12"), Date(value="2013-12"), "DIFFERENT"),
        (Age(value=18, unit="YEAR"), Age(value=216, unit="MONTH"), "SAME"),
        (Age(value=18, unit="YEAR"), Age(value=18, unit="MONTH"), "DIFFERENT"),
        (Enrollment(count=40), Enrollment(count=40, type="ACTUAL"), "FINER"),
        (Enrollment(count=40), Enrollment(count=41), "DIFFERENT"),
        (Quantity(value=1, unit=Unit(ucum="g")), Quantity(value=1000, unit=Unit(ucum="mg")), "SAME"),
        (Quantity(value=1, unit=Unit(ucum="g")), Quantity(value=1, unit=Unit(ucum="mL")), "DIFFERENT"),
        (Text(en="Pain"), Text(zh="疼痛"), "UNKNOWN"),
        (Text(en="Pain"), Text(en="pain", zh="疼痛"), "FINER"),
        (Text(en="Pain", zh="疼痛"), Text(en="Pain", zh="发热"), "DIFFERENT"),
        (["PARTICIPANT", "INVESTIGATOR"], ["INVESTIGATOR", "PARTICIPANT"], "SAME"),
        ("2026-02-11", "2026-02-11T09:00:05", "FINER"),
        (False, True, "DIFFERENT"),
    ],
)
def test_values_are_compared_by_meaning(old, new, verdict):
    assert judge(old, new).name == verdict
    assert judge(new, old) is judge(old, new)


def test_a_code_decides_and_its_words_do_not():
    sexes = [{"eligibility": {"sex": {"code": "ALL", "text": {"en": word}}}} for word in ("Both", "All")]
    assert differences(*sexes) == []
    phases = [{"design": {"phases": {"codes": ["PHASE2", "PHASE3"], "text": {"en": words}}}} for words in ("II-III", "Phase 2/Phase 3")]
    assert differences(*phases) == []


@pytest.mark.parametrize(
    ("field", "old", "new", "kind"),
    [
        ("minimum_age", {"value": 18, "unit": "YEAR"}, {"value": 16, "unit": "YEAR"}, "LOOSENED"),
        ("minimum_age", {"value": 6, "unit": "MONTH"}, {"value": 1, "unit": "YEAR"}, "TIGHTENED"),
        ("maximum_age", {"value": 75, "unit": "YEAR"}, {"value": 65, "unit": "YEAR"}, "TIGHTENED"),
        ("sex", {"code": "ALL"}, {"code": "FEMALE"}, "TIGHTENED"),
        ("sex", {"code": "MALE"}, {"code": "FEMALE"}, "CHANGED"),
        ("healthy_volunteers", False, True, "LOOSENED"),
    ],
)
def test_fields_of_eligibility_have_a_direction(field, old, new, kind):
    assert [found[:2] for found in differences({"eligibility": {field: old}}, {"eligibility": {field: new}})] == [
        (f"eligibility/{field}", kind)
    ]


def test_the_order_of_sites_arms_and_keywords_means_nothing():
    sites = [{"facility": {"en": name}, "city": {"en": "Esbjerg"}} for name in ("Harbour Clinic", "Old Town Hospital")]
    words = [{"en": "heat"}, {"en": "wraps"}]
    assert differences({"locations": sites, "keywords": words}, {"locations": sites[::-1], "keywords": words[::-1]}) == []


def test_an_arm_keeps_its_intervention_whatever_their_numbers():
    def trial(order):
        interventions = [{"id": f"int-{at}", "name": {"en": name}} for at, name in enumerate(order, 1)]
        ids = {item["name"]["en"]: item["id"] for item in interventions}
        return {"interventions": interventions, "arms": [{"id": "arm-1", "label": {"en": "A"}, "interventions": [ids["Wraps"]]}]}

    assert differences(trial(["Wraps", "Walks"]), trial(["Walks", "Wraps"])) == []
    moved = trial(["Wraps", "Walks"])
    moved["arms"][0]["interventions"] = ["int-2"]
    assert differences(trial(["Wraps", "Walks"]), moved) == [("arms/interventions", "CHANGED", "Wraps", "Walks")]


def test_an_exchange_of_outcomes_is_told_as_levels():
    old = [outcome("Pain of the hip", "12 weeks"), outcome("Hours of sleep", "12 weeks", "SECONDARY", 2)]
    new = [outcome("Hours of sleep", "12 weeks"), outcome("Pain of the hip", "12 weeks", "SECONDARY", 2)]
    found = differences({"outcomes": old}, {"outcomes": new})
    assert sorted(found) == [("outcomes/level", "CHANGED", "PRIMARY", "SECONDARY"), ("outcomes/level", "CHANGED", "SECONDARY", "PRIMARY")]


def test_a_reworded_outcome_is_not_removed_and_added():
    old = [outcome("Change of pain of the hip on a line of 100 mm", "12 weeks")]
    new = [outcome("Pain of the hip on a line of 100 mm, change from baseline", "24 weeks")]
    assert [(field, kind) for field, kind, _, _ in differences({"outcomes": old}, {"outcomes": new})] == [
        ("outcomes/measure", "REWORDED"),
        ("outcomes/time_frame", "REWORDED"),
    ]


def test_one_outcome_at_two_times_is_told_apart_by_time():
    old = [outcome("Weight", "4 weeks"), outcome("Weight", "8 weeks", place=2)]
    new = [outcome("Weight", "8 weeks"), outcome("Weight", "4 weeks", place=2)]
    assert differences({"outcomes": old}, {"outcomes": new}) == []
    assert differences({"outcomes": old}, {"outcomes": new[:1]}) == [("outcomes", "REMOVED", "PRIMARY · Weight · 4 weeks", "")]


def test_what_follows_from_other_fields_is_no_change():
    old, new = ({"outcomes": [outcome("Weight", "4 weeks") | {"horizon_days": days}]} for days in (28, 30))
    assert differences(old, new) == []


def test_the_printed_text_is_told_only_for_words_that_the_trees_lack():
    text = "Inclusion Criteria:\n- Pain of the hip\n- Fever"
    more = f"{text}\n- Cough for a week"

    def eligibility(words):
        return {"text": {"inclusion": {"en": words.partition(":\n")[2]}}}

    found = differences({"criteria": text, "eligibility": eligibility(text)}, {"criteria": more, "eligibility": eligibility(more)})
    assert [(field, kind) for field, kind, _, _ in found] == [("eligibility/inclusion", "ADDED")]
    note = f"{more}\nAsk the office."
    found = differences({"criteria": text, "eligibility": eligibility(text)}, {"criteria": more, "eligibility": eligibility(note)})
    assert [(field, kind) for field, kind, _, _ in found] == [
        ("eligibility/inclusion", "ADDED"),
        ("eligibility/text/inclusion", "REWORDED"),
    ]


def test_the_same_value_in_another_unit_is_wording():
    texts = [f"Inclusion Criteria:\n- Platelets ≥ {amount}" for amount in ("100 x 10^9/L", "100,000/mm3", "90,000/mm3")]
    (change,) = compare(record(criteria=texts[0]), record(criteria=texts[1])).changes
    assert (change.kind, change.rule) == ("REWORDED", "wording")
    (change,) = compare(record(criteria=texts[0]), record(criteria=texts[2])).changes
    assert (change.kind, change.rule) == ("LOOSENED", "criterion")


def test_values_that_no_field_takes_are_compared_too():
    old, new = ({"unmapped": [("Health Authority", words)]} for words in ("Denmark", "Norway"))
    assert differences(old, new) == [("unmapped/text", "CHANGED", "Denmark", "Norway")]


def test_a_trial_and_a_label_do_not_compare():
    trial = record()
    label = Record(**{name: getattr(trial, name) for name in Record.__struct_fields__} | {"kind": "label", "label": Label()})
    with pytest.raises(ExtractError, match="only two of a kind"):
        compare(trial, label)


# --- weights


def dated(version, **trial):
    return {"version_date": version, "dates": {"start": {"value": "2011-09"}, "primary_completion": {"value": "2013-04"}}, **trial}


@pytest.mark.parametrize(
    ("version", "rule", "severity"),
    [
        ("2011-09-20", "outcome", "MATERIAL"),  # within the month of the start: not surely after it
        ("2011-10-01", "primary_outcome.after_start", "REGISTRATION"),
        ("2013-05-02", "primary_outcome.after_completion", "REGISTRATION"),
    ],
)
def test_a_primary_outcome_is_weighed_by_the_date_of_the_version(version, rule, severity):
    old = record(**dated("2011-05-03", outcomes=[outcome("Pain", "12 weeks")]))
    (change,) = compare(old, record(**dated(version, outcomes=[outcome("Pain", "24 weeks")]))).changes
    assert (change.rule, change.severity) == (rule, severity)


def test_a_secondary_outcome_and_an_undated_version_are_no_question():
    old, new = ([outcome("Pain", weeks, "SECONDARY")] for weeks in ("12 weeks", "24 weeks"))
    (change,) = compare(record(**dated("2011-05-03", outcomes=old)), record(**dated("2012-01-01", outcomes=new))).changes
    assert change.severity == "MATERIAL"
    (change,) = compare(record(outcomes=[outcome("Pain", "1 week")]), record(outcomes=[outcome("Pain", "2 weeks")])).changes
    assert change.severity == "MATERIAL"


@pytest.mark.parametrize(
    ("old", "new", "rule"),
    [
        ({"count": 100}, {"count": 79}, "enrollment.by_a_fifth"),
        ({"count": 100}, {"count": 80}, "enrollment"),
        ({"count": 100, "type": "ESTIMATED"}, {"count": 100, "type": "ACTUAL"}, "enrollment.only_type"),
        ({"count": 100}, {"count": 100, "type": "ACTUAL"}, "finer"),
    ],
)
def test_the_number_of_participants_is_weighed_by_its_size(old, new, rule):
    (change,) = compare(record(enrollment=old), record(enrollment=new)).changes
    assert change.rule == rule


def test_a_start_that_now_precedes_the_registration_is_a_question():
    def trial(start):
        return record(registration={"date": "2020-03-10"}, dates={"start": {"value": start}})

    (change,) = compare(trial("2020-04-01"), trial("2020-02-01")).changes
    assert (change.rule, change.severity) == ("start.before_registration", "REGISTRATION")
    (change,) = compare(trial("2020-02-01"), trial("2020-01-01")).changes
    assert change.rule == "date"


def test_the_tables_name_what_there_is():
    fields = set(Trial.__struct_fields__) | set(Label.__struct_fields__) | {"unmapped"}
    for rule in rules():
        assert rule.field == "*" or rule.field.rstrip("*").split("/")[0] in fields, rule
        assert set(rule.when.split()) <= set(CONDITIONS), rule
    assert {name.split("/")[0] for name in treatments()} <= fields
    assert rules()[-1].field == "*"
    assert not rules()[-1].when


def lists_of(kind, met):
    """Names of the fields, here and below, that hold items which tables/items.tsv pairs."""
    for name, hint in get_type_hints(kind).items():
        for inner in (hint, *get_args(hint)):
            item = get_args(inner)[0] if get_origin(inner) is list else inner
            if not (isinstance(item, type) and issubclass(item, Struct)) or item in (Criterion, LabelTable, Section):
                continue
            if get_origin(inner) is list:
                yield name.rstrip("_")
            if item not in met:
                met.add(item)
                yield from lists_of(item, met)


def test_every_list_of_the_record_is_paired_somehow():
    assert {*lists_of(Trial, set()), *lists_of(Label, set()), "unmapped"} == set(pairings())


# --- forms, registers, versions


def test_what_a_form_does_not_show_is_set_apart():
    old = record(form="html", status={"overall": {"code": "COMPLETED"}})
    new = record(form="xml", status={"overall": {"code": "COMPLETED"}}, keywords=[{"en": "heat"}])
    found = compare(old, new)
    assert (found.basis, found.changes, found.only_old) == ("FORMS", [], [])
    assert [(change.field, change.kind, change.rule) for change in found.only_new] == [("keywords", "ONLY", "only")]


def test_forms_that_contradict_are_told():
    old, new = (record(form=form, outcomes=[outcome(measure)]) for form, measure in (("html", "Weight"), ("xml", "Hours of sleep")))
    assert {kind for _, kind, _, _ in told(compare(old, new))} == {"ADDED", "REMOVED"}
    old, new = (record(form=form, enrollment={"count": count}) for form, count in (("html", 40), ("xml", 41)))
    assert told(compare(old, new)) == [("enrollment", "CHANGED", "40", "41")]


def linked(number, source, *others, **trial):
    identifiers = [{"value": number, "scheme": "NCT" if number.startswith("NCT") else "CHICTR", "primary": True}]
    identifiers += [{"value": other, "scheme": "OTHER"} for other in others]
    return record(number, source=source, identifiers=identifiers, **trial)


AMERICAN = {
    "enrollment": {"count": 120},
    "design": {"phases": {"codes": ["PHASE2", "PHASE3"], "text": {"en": "Phase 2/Phase 3"}}},
    "outcomes": [outcome("Weight", "6 months")],
    "criteria": "Inclusion Criteria:\n- Platelets ≥ 100 x 10^9/L\n- Hemoglobin ≥ 9 g/dL",
    "titles": {"public": {"en": "Wraps"}},
}
CHINESE = {
    "enrollment": {"count": 240},
    "design": {"phases": {"codes": ["PHASE3", "PHASE2"], "text": {"zh": "II-III期"}}},
    "criteria": "入选标准：\n1. 血小板≥75×10^9/L\n2. 血红蛋白≥90 g/L",
    "titles": {"public": {"zh": "热敷"}},
}


def test_registers_are_compared_by_value_and_each_pair_once():
    records = [linked("NCT09990077", "ctgov", "ChiCTR2699000077", **AMERICAN), linked("ChiCTR2699000077", "chictr", **CHINESE)]
    (history,) = compare_registers([*records, linked("NCT09990066", "ctgov")])
    (found,) = history.comparisons
    assert found.basis == "REGISTERS"
    assert [(field, kind) for field, kind, _, _ in told(found)] == [
        ("enrollment", "CHANGED"),
        ("eligibility/inclusion/constraints", "CHANGED"),
    ]
    assert {item.field for item in found.not_compared} == {"titles/public", "eligibility"}
    assert "outcomes" in {change.field for change in found.only_old}


@pytest.mark.parametrize(
    "records",
    [
        [linked("NCT09990077", "ctgov"), linked("ChiCTR2699000077", "chictr")],  # no number ties them
        [linked("NCT09990077", "ctgov", "NCT09990066"), linked("NCT09990066", "ctgov")],  # two trials of one registry
        [linked("NCT09990077", "veeva", "NCT09990066"), linked("NCT09990066", "ctgov")],
        [linked("ChiCTR2699000077", "chictr", "NCT09990066", "NCT09990077"), linked("NCT09990066", "ctgov")],  # it names two of them
    ],
)
def test_registers_are_linked_by_their_numbers_only(records):
    assert compare_registers(records) == []


def test_versions_stand_in_the_order_of_their_dates_and_forms_beside_them():
    def version(date, form="html", **trial):
        return record(file=f"NCT09990077_{date.replace('-', '')}.{form}", form=form, version_date=date, **trial)

    records = [
        version("2012-01-17", enrollment={"count": 80}),
        version("2013-06-20", enrollment={"count": 52}),
        version("2013-06-20", "xml", enrollment={"count": 52}),
        version("2011-05-03", enrollment={"count": 90}),
    ]
    (group,) = group_versions(records)
    history = compare_versions([*group, records[0]])  # a copy changes nothing
    assert [item.date for item in history.versions] == ["2011-05-03", "2012-01-17", "2013-06-20", "2013-06-20"]
    assert [(c.basis, c.old, c.new, len(c.changes)) for c in history.comparisons] == [
        ("VERSIONS", 0, 1, 1),
        ("VERSIONS", 1, 2, 1),
        ("FORMS", 2, 3, 0),
    ]


def test_a_document_without_a_number_goes_by_the_name_of_its_file():
    first = record("", file="NCT09990077_20110503.xml", form="xml")
    assert [len(group) for group in group_versions([first, record(form="xml", version_date="2012-01-17")])] == [2]
    assert [len(group) for group in group_versions([record("", file="page.xml"), record()])] == [1, 1]


def test_an_undated_version_is_told():
    history = compare_versions([record(file="b.html", keywords=[{"en": "b"}]), record(version_date="2012-01-17")])
    assert [remark.rule for remark in history.remarks] == ["version.undated"]
    assert history.versions[-1].file == "b.html"


def test_a_registration_after_the_start_is_a_question():
    late = record(version_date="2020-05-01", registration={"date": "2020-03-10"}, dates={"start": {"value": "2020-02"}})
    assert [remark.rule for remark in compare_versions([late]).remarks] == ["registered.after_start"]
    same_month = record(version_date="2020-05-01", registration={"date": "2020-02-10"}, dates={"start": {"value": "2020-02"}})
    assert compare_versions([same_month]).remarks == []


def test_the_work_grows_with_the_number_of_versions(monkeypatch):
    calls = Counter()

    def counted(old, new, *rest):
        calls["compare"] += 1
        return compare(old, new, *rest)

    monkeypatch.setattr(versions_module, "compare", counted)
    records = [record(version_date=f"20{10 + at // 12}-{at % 12 + 1:02}-01", enrollment={"count": at}) for at in range(100)]
    history = compare_versions(records)
    assert calls["compare"] == len(history.comparisons) == 99
    assert all(len(comparison.changes) == 1 for comparison in history.comparisons)


# --- marks


def test_marked_pieces_are_the_texts():
    old, new = "Pain of the hip for 6 months.", "Pain of the knee, for at least 6 months"
    pieces = mark(old, new)
    assert ["".join(piece.text for piece in side) for side in pieces] == [old, new]
    assert [piece.text for piece in pieces[0] if piece.changed] == ["hip for", "."]


def test_hostile_texts_are_marked_in_bounded_work():
    assert common_blocks(["a"] * 3000, ["b", "a"] * 1500) == [(2999, 2999, 1)]
    assert common_blocks(["x"] * 5000, ["x"] * 5000 + ["y"]) == [(0, 0, 5000)]
