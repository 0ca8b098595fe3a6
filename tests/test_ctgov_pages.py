"""ClinicalTrials.gov pages: four designs, one record; which page belongs to which design; what no table of labels can read."""

from __future__ import annotations

import json
from typing import Any

import pytest
from documents import SAMPLES, SHARED, needs_shared, record
from hypothesis import given
from hypothesis import strategies as st

import extractor
from extractor.decode import html, plain
from extractor.document import Block, Document, Draft, Span
from extractor.sources import chictr, listing, veeva
from extractor.sources.ctgov import pages as ctgov_pages
from extractor.sources.ctgov.classic import CLASSIC, OLD
from extractor.sources.ctgov.present import ORDER as PRESENT
from extractor.sources.readers.columns import split_rows
from extractor.sources.readers.sheet import Sheet

PAGES = [
    f"ctgov/{name}"
    for name in ("knee_present.html", "knee_present.txt", "rinse_archive.html", "scar_2012.html", "sleep_classic.html", "sleep_classic.txt")
]


def page(text: str) -> Document:
    return plain.decode(text.encode(), "page.txt")


def draft(document: Document) -> Draft:
    (only,) = ctgov_pages.read(document)
    return only


def values(document: Document, prefix: str) -> dict[str, str]:
    return {entry.path: entry.found.text.strip() for entry in draft(document).entries if entry.path.startswith(prefix)}


@pytest.mark.parametrize("name", PAGES)
def test_every_design_fills_the_main_fields(name: str) -> None:
    found = record(name)
    trial = found["trial"]
    assert found["source"]["name"] == "ctgov"
    assert "mirror_of" not in found["source"]
    assert trial["identifiers"][0] == {"value": found["id"], "scheme": "NCT", "primary": True}
    assert [item["scheme"] for item in trial["identifiers"][:2]] == ["NCT", "SPONSOR"]
    assert {"titles", "status", "dates", "descriptions", "conditions", "design", "arms", "interventions", "outcomes", "sponsors"} <= set(
        trial
    )
    assert trial["eligibility"]["inclusion"]
    assert trial["eligibility"]["exclusion"]
    assert [outcome["level"]["code"] for outcome in trial["outcomes"]][:2] == ["PRIMARY", "SECONDARY"]
    assert [arm["interventions"] for arm in trial["arms"]] == [["int-1"], ["int-2"]]


def test_label_inside_a_description_stays_text() -> None:
    assert "Eligibility Criteria\nare checked" in record("ctgov/knee_present.html")["trial"]["descriptions"]["detailed"]["en"]
    assert record("ctgov/sleep_classic.txt")["trial"]["descriptions"]["detailed"]["en"].startswith("Study Design\nParticipants")


def test_classic_header() -> None:
    trial = record("ctgov/sleep_classic.html")["trial"]
    assert trial["status"] == {"overall": {"code": "TERMINATED", "text": {"en": "Terminated"}}, "why_stopped": {"en": "slow accrual"}}
    assert trial["titles"]["acronym"]["en"] == "BARLEY"
    assert trial["enrollment"] == {"count": 60, "type": "ACTUAL"}
    assert trial["dates"]["completion"] == {"value": "2020-01-20", "type": "ACTUAL"}
    assert trial["interventions"][0]["other_names"] == [{"en": "Mugicha"}]


def test_sites_of_several_countries() -> None:
    sites = record("ctgov/sleep_classic.html")["trial"]["locations"]
    assert [(site["facility"]["en"], site["city"]["en"], site["country_code"], site["status"]["code"]) for site in sites] == [
        ("Larkspur Sleep Clinic", "Burlington", "US", "RECRUITING"),
        ("Fjord Hospital", "Bergen", "NO", "COMPLETED"),
    ]


def test_facilities_below_their_addresses() -> None:
    sites = record("ctgov/knee_present.html")["trial"]["locations"]
    assert [(site["facility"]["en"], site["city"]["en"], site["status"]["code"]) for site in sites] == [
        ("Harbour Hospital North", "Leeds", "RECRUITING"),
        ("Harbour Hospital East", "York", "NOT_YET_RECRUITING"),
    ]


def test_archive_page() -> None:
    found = record("ctgov/rinse_archive.html")
    trial = found["trial"]
    assert found["source"]["version_date"] == "2012-07-04"
    assert trial["design"]["masking"]["code"] == "SINGLE"
    assert trial["design"]["text"]["en"] == "Efficacy Study"
    assert trial["interventions"][0]["type"]["code"] == "PROCEDURE"
    assert trial["links"] == [{"url": "http://sage.example/rinse", "label": {"en": "Page of the dental school"}}]
    assert "maximum_age" not in trial["eligibility"]


def archive_page(before: str, after: str) -> dict[str, Any]:
    """The record of the archive's sample with one stretch exchanged."""
    page = (SAMPLES / "ctgov" / "rinse_archive.html").read_text("utf-8")
    assert before in page
    return dict(json.loads(extractor.to_json(next(extractor.extract(page.replace(before, after, 1).encode(), "page.html")))))


@pytest.mark.parametrize(
    ("printed", "code", "name"),
    [
        ("Behavior: Counselling", "BEHAVIORAL", "Counselling"),
        ("Behavioral: Counselling", "BEHAVIORAL", "Counselling"),
        ("Vaccine: Sage 9", "BIOLOGICAL", "Sage 9"),
        ("Biological/Vaccine: Sage 9", "BIOLOGICAL", "Sage 9"),
        ("Gene Transfer: Sage", "GENETIC", "Sage"),
        ("Drug: Sage: 5 ml", "DRUG", "Sage: 5 ml"),
        ("Sage rinse", None, "Sage rinse"),
        ("Vaccine study rinse", None, "Vaccine study rinse"),
        ("Ritual: Sage", None, "Ritual: Sage"),
    ],
)
def test_types_of_interventions_in_the_archive(printed: str, code: str | None, name: str) -> None:
    found = archive_page("Procedure/Surgery: Sage rinse", printed)
    first = found["trial"]["interventions"][0]
    assert (first.get("type", {}).get("code"), first["name"]["en"]) == (code, name)
    told = [item["quote"] for item in found["findings"] if item["code"] == "value.unknown" and "interventions" in item["path"]]
    assert told == (["Ritual"] if name.startswith("Ritual") else [])


@pytest.mark.parametrize(
    ("cell", "codes"),
    [
        ("Phase 1/Phase 2", ["PHASE1", "PHASE2"]),
        ("Phase 1<br>Phase 2", ["PHASE1", "PHASE2"]),
        ("Phase 2\n        Phase 3", ["PHASE2", "PHASE3"]),
        ("Phase 2Phase 3", ["PHASE2", "PHASE3"]),
        ("Phase 2 | Phase 3", ["PHASE2", "PHASE3"]),
        ("Phase 1", ["PHASE1"]),
        ("Phase 1 Phase 4", ["OTHER"]),
    ],
)
def test_two_phases_in_one_cell(cell: str, codes: list[str]) -> None:
    assert archive_page("<td>N/A</td>", f"<td>{cell}</td>")["trial"]["design"]["phases"]["codes"] == codes


@pytest.mark.parametrize(
    ("sentence", "words"),
    [
        ("This study is currently recruiting participants.", "recruiting"),
        ("This study has been completed.", "completed"),
        ("This study is ongoing, but not recruiting participants.", "ongoing, but not recruiting"),
        ("This study is not yet open for participant recruitment.", "not yet open for participant recruitment"),
        ("This study is enrolling participants by invitation only.", "by invitation only"),
        ("This study has been withdrawn prior to enrollment.", "withdrawn"),
    ],
)
def test_status_sentence(sentence: str, words: str) -> None:
    text = f"Tea\n{sentence}\nFirst Received on March 2, 2009. Last Updated on May 20, 2011\nSponsor: A\nAges Eligible for Study: 18 Years and older\n"
    assert values(page(text), "status/overall") == {"status/overall": words}


@pytest.mark.parametrize(
    ("line", "low", "high"),
    [
        ("18 Years to 75 Years   (Adult, Older Adult)", "18 Years", "75 Years"),
        ("18 Years and older   (Adult, Older Adult)", "18 Years", None),
        ("up to 17 Years", None, "17 Years"),
        ("6 Months to 5 Years", "6 Months", "5 Years"),
        ("Child, Adult, Older Adult", None, None),
    ],
)
def test_ages(line: str, low: str | None, high: str | None) -> None:
    found = values(page(f"Recruitment Status : Completed\nAges Eligible for Study:\t{line}\nCriteria\nx"), "eligibility/m")
    assert (found.get("eligibility/minimum_age"), found.get("eligibility/maximum_age")) == (low, high)


def test_values_in_list_items_lose_their_marks() -> None:
    body = "<h2>Tea</h2><div>ClinicalTrials.gov ID</div><div>NCT09990077</div><h3>Conditions</h3><ul><li>Cough</li><li>Cold</li></ul><h3>Study Type</h3><p>Observational</p>"
    found = values(html.decode(body.encode(), "page.html"), "conditions")
    assert list(found.values()) == ["Cough", "Cold"]


def test_cells_keep_their_columns() -> None:
    markup = "<table><tr><th>A</th><th>B</th><th>C</th></tr><tr><td>1</td><td></td><td>3</td></tr></table>"
    document = html.decode(markup.encode(), "page.html")
    (row,) = split_rows(document, document.blocks, "ABC")
    assert {name: cell[0].text for name, cell in row.items()} == {"a": "1", "c": "3"}


def test_rows_of_copied_tables() -> None:
    document = page("A\tB\nx1\ty1\nx2\t\nx3\ty3\n")
    rows = split_rows(document, document.blocks, "AB")
    assert next([block.text for block in row["a"]] for row in rows) == ["x1"]
    assert split_rows(document, [], "AB") == []


@pytest.mark.parametrize(
    ("table", "arms"),
    [
        (
            "Exposed\nPeople near moss\tOther: Questionnaire\nUnexposed\nPeople far from moss\tOther: Questionnaire\nOther: Survey\n",
            {"Exposed": ["Questionnaire"], "Unexposed": ["Questionnaire", "Survey"]},
        ),
        (
            "Experimental: Tea\nCup\tDrug: Tea\nOther: Diary\nOther: Usual care\nAs always\tOther: Diary\nActive Comparator: Milk\tDrug: Milk\n",
            {"Tea": ["Tea", "Diary"], "Usual care": ["Diary"], "Milk": ["Milk"]},
        ),
    ],
)
def test_arms_of_copied_tables(table: str, arms: dict[str, list[str]]) -> None:
    found = draft(page(f"Recruitment Status : Completed\nStudy Type : x\nArm\tIntervention/treatment\n{table}Outcome Measures\n"))
    names = {
        entry.path.split("/")[1]: entry.found.text
        for entry in found.entries
        if entry.path.startswith("interventions") and entry.path.endswith("name")
    }
    labels = {entry.path.split("/")[1]: entry.found.text for entry in found.entries if entry.path.endswith("label")}
    links: dict[str, list[str]] = {label: [] for label in labels.values()}
    for path, code in found.codes.items():
        if path.startswith("arms/"):
            links[labels[path.split("/")[1]]].append(names[code[1:]])
    assert links == arms


def test_longest_run_of_labels_wins() -> None:
    lines = ["Brief Summary:", "Study Design", "a text", "Study Design", "Study Type:", "Interventional", "Criteria", "Study Type: x"]
    blocks = [Block(line, Span(0, len(line))) for line in lines]
    assert [hit.at for hit in CLASSIC.find_labels(blocks)] == [0, 3, 4, 6]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "NCT09990011 is registered at ClinicalTrials.gov",
        "ClinicalTrials.Veeva\nRecruitment Status : x\nStudy Type : x\nCriteria\nSponsor:\nDetails and patient eligibility",
        "注册号：ChiCTR2699000001\nStudy type:\nRecruitment Status : x\nSponsor:\nCriteria\nStudy Design",
        "Recruitment Status : Completed",
    ],
)
def test_other_pages_are_left_alone(text: str) -> None:
    assert not ctgov_pages.recognises(page(text))


@pytest.mark.parametrize("name", PAGES)
def test_no_other_source_claims_the_pages(name: str) -> None:
    path = SAMPLES / name
    document = (html if path.suffix == ".html" else plain).decode(path.read_bytes(), path.name)
    assert [source.NAME for source in (chictr, ctgov_pages, listing, veeva) if source.recognises(document)] == ["ctgov"]


@pytest.mark.slow
@pytest.mark.parametrize("order", [OLD, CLASSIC, PRESENT])
@given(data=st.data())
def test_any_order_of_labels_is_read_exactly(order: object, data: st.DataObject) -> None:
    words = sorted(order.words)  # type: ignore[attr-defined]
    lines = data.draw(
        st.lists(st.one_of(st.sampled_from([*words, "Drug: x", "Experimental: y", "Contact: z", ""]), st.text(max_size=12)), max_size=50)
    )
    document = page("\n".join(["ClinicalTrials.gov ID NCT09990011", *lines]))
    for entry in draft(document).entries:
        assert entry.found.text == "\n".join(document.text[span.start : span.end] for span in entry.found.spans)


def test_sheet_joins_what_touches_only() -> None:
    document = page("a\n\nb c")
    one, two = document.blocks
    sheet = Sheet(document, Draft("x"))
    assert len(sheet.slice([one, two]).spans) == 1
    assert len(sheet.slice([two, one]).spans) == 2


@pytest.mark.slow
@needs_shared
def test_archive_pages_agree_with_their_xml() -> None:
    folder = SHARED / "corpus" / "ctgov" / "archive"
    for path in sorted(folder.glob("*.html"))[::9]:
        one, two = (
            json.loads(extractor.to_json(next(iter(extractor.extract(file.read_bytes(), file.name)))))["trial"]
            for file in (path, path.with_suffix(".xml"))
        )
        assert one["titles"]["public"] == two["titles"]["public"]
        assert [item["text"] for item in one["eligibility"]["inclusion"]] == [item["text"] for item in two["eligibility"]["inclusion"]]
        assert one.get("outcomes") == two.get("outcomes")
