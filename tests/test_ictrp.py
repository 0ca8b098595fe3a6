"""WHO ICTRP exports and ChiCTR's own XML: registers' habits, lists that are not escaped, whose record it is."""

from __future__ import annotations

from pathlib import Path

import pytest
from case_rows import read_cases
from documents import SAMPLES
from hypothesis import given
from hypothesis import strategies as st

from extractor.decode import csv, xlsx, xml
from extractor.document import Document, Draft
from extractor.sources import ctgov, ictrp
from extractor.sources.chictr import xml as chictr_xml
from extractor.sources.readers.groups import split_groups, split_treatments
from extractor.tree import Element

FOLDER = SAMPLES / "ictrp"
DECODERS = {".xml": xml, ".csv": csv, ".xlsx": xlsx}


def opened(path: Path) -> Document:
    return DECODERS[path.suffix].decode(path.read_bytes(), path.name)


def drafts(name: str) -> list[Draft]:
    document = opened(FOLDER / name)
    assert ictrp.recognises(document)
    return list(ictrp.read(document))


def row(**cells: str) -> Draft:
    table = {"TrialID": "NCT09900001", "Public title": "A title", "Source Register": "ClinicalTrials.gov"}
    table |= {name.replace("_", " "): cell for name, cell in cells.items()}
    lines = [",".join(f'"{cell}"' for cell in line) for line in (table.keys(), table.values())]
    [draft] = ictrp.read(csv.decode("\n".join(lines).encode(), ""))
    return draft


def values(draft: Draft, beginning: str) -> list[tuple[str, str]]:
    return [(entry.path, entry.found.text) for entry in draft.entries if entry.path.startswith(beginning)]


@pytest.mark.parametrize("name", ["search_2020.xml", "search_2024.xml", "search.csv", "search.xlsx", "full_file.csv", "provider.xml"])
def test_every_printed_character_has_a_place(name: str) -> None:
    document = opened(FOLDER / name)
    reached = bytearray(len(document.text))
    for draft in ictrp.read(document):
        spans = [span for entry in draft.entries for span in entry.found.spans]
        spans += [span for item in draft.unmapped for span in item.found.spans] + draft.furniture
        for span in spans:
            reached[span.start : span.end] = b"\1" * (span.end - span.start)
        for entry in draft.entries:
            assert entry.found.text == "\n".join(document.text[span.start : span.end] for span in entry.found.spans)
    assert "".join(c for c, hit in zip(document.text, reached, strict=True) if not hit and not c.isspace()).strip("; ") == ""


def test_each_record_says_whose_it_is() -> None:
    assert [draft.meta.get("mirror_of") for draft in drafts("search_2020.xml")] == ["chictr", "ctgov"]
    assert [draft.meta.get("mirror_of") for draft in drafts("search.csv")] == [None, None, "chictr"]


def test_sheet_and_table_of_one_search_agree() -> None:
    assert [draft.entries for draft in drafts("search.xlsx")] == [draft.entries for draft in drafts("search.csv")]


def test_full_file_is_read_by_position() -> None:
    first, second = drafts("full_file.csv")
    assert ("identifiers/0/value", "JPRN-UMIN000099901") in values(first, "identifiers/")
    assert ("eligibility/minimum_age", ">= 60age old") in values(first, "eligibility/")
    assert ("contacts/9000/name", "Sakura Committee") in values(first, "contacts/")
    assert second.meta["mirror_of"] == "ctgov"


def test_dates_prefer_the_unambiguous_form() -> None:
    assert values(row(Date_registration="27/01/2030", Date_registration3="20300127"), "registration/") == [
        ("registration/date", "20300127")
    ]
    assert values(row(Date_registration="27/01/2030"), "registration/") == [("registration/date", "27/01/2030")]


def test_exports_of_2026_ask_the_other_way_round() -> None:
    assert row(Prospective_registration="Yes").codes["registration/timing"] == "PROSPECTIVE"
    assert "registration/timing" not in row(Prospective_registration="Yes", Retrospective_flag="No").codes


@pytest.mark.parametrize(("register", "path"), [("ChiCTR", "dates/recruitment_start"), ("ISRCTN", "dates/start")])
def test_date_of_enrolment_by_register(register: str, path: str) -> None:
    assert values(row(Source_Register=register, Date_enrollement="2030-02-01"), "dates/") == [(path, "2030-02-01")]


@pytest.mark.parametrize(("cell", "expected"), read_cases("conditions"))
def test_conditions_and_their_codes(cell: str, expected: str) -> None:
    draft = row(Condition=cell.replace("\n", "<br>"))
    found: dict[str, dict[str, str]] = {}
    for path, text in values(draft, "conditions/"):
        found.setdefault(path.split("/")[1], {})[path.split("/")[2]] = text
    shown = [f"{item.get('code', '')}={item.get('name', '')}" if "code" in item else item["name"] for item in found.values()]
    assert shown + [f"?={kept.found.text}" for kept in draft.unmapped if kept.label == "Condition"] == [
        part for part in expected.split(" ; ") if part
    ]


def test_semicolons_inside_an_intervention_stay() -> None:
    draft = row(Intervention="Drug: X; 5 mg;Other: Leaflet")
    assert [text for _, text in values(draft, "interventions/")] == ["Drug: X; 5 mg", "Other: Leaflet"]


def test_products_of_the_eu_form() -> None:
    [draft] = drafts("search_2024.xml")
    assert values(draft, "interventions/") == [
        ("interventions/1/name", "Salty Spray"),
        ("interventions/1/other_names/1", "Salt spray"),
        ("interventions/1/other_names/2", "SODIUM CHLORIDE"),
        ("interventions/1/code", "7647-14-5"),
        ("interventions/2/name", "Water spray"),
    ]
    assert [text for _, text in values(draft, "design/phases")] == ["Phase II", "Phase III"]


def test_the_age_form_of_the_eu_register_is_no_criterion() -> None:
    [draft] = drafts("search_2024.xml")
    [(_, text)] = values(draft, "eligibility/text/inclusion")
    assert text == "1. Sinusitis for more than 12 weeks\n2. Age =18 years"
    assert [(doubt.code, doubt.quote) for doubt in draft.doubts] == [("text.garbled", "=18 years")]


@pytest.mark.parametrize(
    ("criterion", "lost"),
    [
        ("Age =18 years", True),
        ("PaO2 <= 300", False),
        ("> = 18 years", False),
        ("score = 0", False),
        ("SpO2 â?¤ 93%", True),
        ("a >= 5", False),
    ],
)
def test_lost_signs_of_comparison_are_told(criterion: str, lost: bool) -> None:
    draft = row(Inclusion_Criteria=criterion, Exclusion_Criteria="none of these")
    assert bool(draft.doubts) is lost


def test_both_sections_in_one_cell() -> None:
    _, draft = drafts("search_2020.xml")
    [(path, text)] = values(draft, "eligibility/text")
    assert path == "eligibility/text"
    assert text.startswith("        Inclusion Criteria:\n\n          -  Pneumonia within the past\n             3 months")


def test_the_prefix_of_a_cell_is_a_heading() -> None:
    draft = row(Inclusion_Criteria="Inclusion criteria: 1. Cough", Exclusion_Criteria="Exclusion criteria: 1. Asthma")
    assert values(draft, "eligibility/") == [("eligibility/text/inclusion", "1. Cough"), ("eligibility/text/exclusion", "1. Asthma")]


def test_outcomes_with_time_frames() -> None:
    assert values(row(Primary_outcome="Pain. Timepoint: Week 8. Method of measurement: Diary."), "outcomes/") == [
        ("outcomes/1/measure", "Pain"),
        ("outcomes/1/time_frame", "Week 8"),
        ("outcomes/1/method", "Diary."),
    ]
    assert values(row(Source_Register="ANZCTR", Primary_outcome="Mood<br>[Week 10];Sleep, hours"), "outcomes/") == [
        ("outcomes/1/measure", "Mood"),
        ("outcomes/1/time_frame", "Week 10"),
        ("outcomes/2/measure", "Sleep, hours"),
    ]


def test_a_unit_in_brackets_is_no_time_frame() -> None:
    assert values(row(Primary_outcome="Change of pressure [mmHg]"), "outcomes/") == [("outcomes/1/measure", "Change of pressure [mmHg]")]


def test_contacts_in_parallel_lists() -> None:
    _, draft = drafts("search_2020.xml")
    assert values(draft, "contacts/") == [
        ("contacts/1/name", "Ada Frost, MD"),
        ("contacts/1/email", "ada@harbour.example"),
        ("contacts/1/phone", "555-0140"),
        ("contacts/1/affiliation", "Harbour University"),
        ("contacts/2/name", "Bo Quill"),
    ]


def test_a_semicolon_in_an_affiliation_makes_no_second_person() -> None:
    draft = row(Contact_Firstname="Sven", Contact_Lastname="Laub", Contact_Affiliation="Klinik; Universität")
    assert values(draft, "contacts/") == [("contacts/1/name", "Sven\nLaub"), ("contacts/1/affiliation", "Klinik; Universität")]


def test_countries_stand_once_and_keep_their_commas() -> None:
    assert [text for _, text in values(row(Countries="Korea, Republic of;Iran;Iran"), "locations/")] == ["Korea, Republic of", "Iran"]


def test_groups_are_cut_at_their_sizes_and_labels() -> None:
    cell = "A :60;Control: diluted; mild:60;"
    groups = [(cell[slice(*group.label)], cell[slice(*group.size)]) for group in split_groups(cell)]
    assert groups == [("A", "60"), ("Control: diluted; mild", "60")]
    treatments = "A :decoction; warm;Control: diluted; mild:1:10;"
    assert [treatments[a:b] for a, b in split_treatments(treatments, [label for label, _ in groups])] == ["decoction; warm", "1:10"]


@pytest.mark.parametrize("cell", ["", "120", "A:60;B", ";;", "A:", ":5;"])
def test_cells_that_are_no_groups(cell: str) -> None:
    assert split_groups(cell) == []


@given(st.text(alphabet="ab:; 1\n", max_size=60))
def test_groups_never_overlap(cell: str) -> None:
    ends = [0]
    for group in split_groups(cell):
        assert ends[-1] <= group.label[0] < group.label[1] < group.size[0] < group.size[1]
        ends.append(group.size[1])


def test_diagnostic_tests_have_no_arms() -> None:
    draft = drafts("search.csv")[2]
    assert values(draft, "arms/") == []
    assert values(draft, "interventions/") == [("interventions/1/name", "Test strip")]
    assert {item.label for item in draft.unmapped} >= {"Target size", "Gold Standard"}


def test_a_register_hands_in_a_date_that_stands_for_none() -> None:
    [draft] = drafts("provider.xml")
    assert values(draft, "dates/") == []
    assert ("contacts/1/name", "Rosa\nQuispe") in values(draft, "contacts/")
    assert draft.codes["identifiers/0/scheme"] == "~ICTRP_OTHER"


def test_chictr_export() -> None:
    document = opened(SAMPLES / "chictr" / "plum_export.xml")
    assert chictr_xml.recognises(document)
    assert not ictrp.recognises(document)
    [draft] = chictr_xml.read(document)
    assert values(draft, "arms/") == [
        ("arms/1/label", "Plum group"),
        ("arms/1/size", "60"),
        ("arms/2/label", "Control: diluted"),
        ("arms/2/size", "60"),
    ]
    assert [text for _, text in values(draft, "interventions/")] == ["Plum decoction; warm", "Decoction 1:10"]
    assert [draft.codes[f"contacts/{n}/role"] for n in (1, 2, 9000)] == ["APPLICANT", "STUDY_LEADER", "ETHICS"]
    assert values(draft, "design/cell") == [("design/cell", "Parallel")]


def test_other_tables_are_not_claimed() -> None:
    for name in ("search_2020.xml", "search_2024.xml", "provider.xml", "search.csv", "full_file.csv"):
        assert not ctgov.recognises(opened(FOLDER / name))
        assert not name.endswith(".xml") or not chictr_xml.recognises(opened(FOLDER / name))
    assert not ictrp.recognises(csv.decode(b"TrialID,Colour\nNCT09900001,red\n", ""))
    assert not ictrp.recognises(xml.decode(b"<clinical_study><brief_title>x</brief_title></clinical_study>", ""))


def test_a_list_as_the_root_is_no_row() -> None:
    document = csv.decode(b"a,b\n1,2\n", "")
    document.tree.root = Element([("clinical_study", "x")])
    assert not ictrp.recognises(document)
