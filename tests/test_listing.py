"""Listing pages: recognition by two headings, badges without labels, criteria handed on as printed."""

from __future__ import annotations

import json

import pytest
from documents import record
from hypothesis import given
from hypothesis import strategies as st

import extractor
from extractor.decode import html, plain
from extractor.document import Document, Draft
from extractor.sources import chictr, ctgov, listing, veeva


def page(text: str) -> Document:
    return plain.decode(text.encode(), "page.txt")


def draft(document: Document) -> Draft:
    (only,) = listing.read(document)
    return only


def values(document: Document, path: str) -> list[str]:
    return [entry.found.text.strip() for entry in draft(document).entries if entry.path == path]


PAGE = "{head}Overview\nDoes rain help?\nEligibility\nInclusion Criteria:\n- Likes rain\nExclusion Criteria:\n- Afraid of rain\n{tail}"


def test_repeated_statements_stand_once_in_the_tree_and_all_in_the_text() -> None:
    eligibility = record("listing/bone_copied.txt")["trial"]["eligibility"]
    stem = eligibility["inclusion"][1]
    assert stem["text"]["en"] == "Brittle bones, with at least one of the following"
    assert (stem["combine"], len(stem["children"])) == ("ANY", 3)
    assert eligibility["text"]["inclusion"]["en"].count("Height loss") == 1
    assert eligibility["text"]["inclusion"]["en"].count("A fracture of the wrist") == 2


def test_page_without_a_number_takes_no_structured_fields_from_its_criteria() -> None:
    found = record("listing/bone_copied.txt")
    assert found["id"].startswith("sha256:")
    assert "mirror_of" not in found["source"]
    assert set(found["trial"]) == {"descriptions", "eligibility"}
    assert set(found["trial"]["eligibility"]) == {"text", "inclusion", "exclusion"}


@pytest.mark.parametrize("name", ["listing/cough_copied.txt", "listing/cough_saved.html"])
def test_full_page(name: str) -> None:
    found = record(name)
    trial = found["trial"]
    assert (found["id"], found["source"]["mirror_of"]) == ("NCT09990022", "ctgov")
    assert trial["titles"]["public"]["en"] == "Thyme Syrup Against Evening Cough in Adults"
    assert (trial["status"]["overall"]["code"], trial["design"]["phases"]["codes"]) == ("RECRUITING", ["PHASE2"])
    ages = trial["eligibility"]["minimum_age"], trial["eligibility"]["maximum_age"]
    assert [(age["value"], age["unit"]) for age in ages] == [(18, "YEAR"), (65, "YEAR")]
    assert [item["text"]["en"] for item in trial["eligibility"]["inclusion"]] == [
        "Age: 18 to 65 years",
        "Evening cough for at least 10 days",
    ]
    assert [item["name"]["en"] for item in trial["interventions"]] == ["Thyme syrup", "Syrup without thyme"]


@pytest.mark.parametrize(
    ("line", "path"),
    [
        ("Not yet recruiting", "status/overall"),
        ("18+ years", "eligibility/ages"),
        ("Up to 17 years", "eligibility/ages"),
        ("6 months - 5 years", "eligibility/ages"),
        ("Female", "eligibility/sex"),
        ("Phase N/A", "design/phases/0"),
        ("Phase 1/Phase 2", "design/phases/0"),
    ],
)
def test_badges_say_what_they_are(line: str, path: str) -> None:
    assert values(page(PAGE.format(head=f"Rain Walks for Calm Sleep\n{line}\n", tail="")), path) == [line]


def test_title_is_no_badge() -> None:
    document = page(PAGE.format(head="Females Who Walk in the Rain\nRecruiting\n", tail=""))
    assert values(document, "titles/public") == ["Females Who Walk in the Rain"]
    assert values(document, "eligibility/sex") == []


def test_sections_behind_the_criteria_end_them() -> None:
    document = page(PAGE.format(head="", tail="Locations\nOak Clinic\nContact\nIvy\n"))
    assert values(document, "eligibility/text")[0].endswith("- Afraid of rain")
    assert [(item.label, item.found.text) for item in draft(document).unmapped] == [("Locations", "Oak Clinic"), ("Contact", "Ivy")]


def test_words_of_labels_inside_criteria_stay_criteria() -> None:
    document = page(PAGE.format(head="", tail="- Contact: lenses\nAge:\n- 18 or more\n"))
    assert values(document, "eligibility/text")[0].endswith("- Contact: lenses\nAge:\n- 18 or more")


def test_saved_page_with_a_menu_of_its_sections() -> None:
    menu = b"<ul><li>Overview</li><li>Eligibility</li><li>Locations</li></ul>"
    body = b"<h1>Rain Walks for Calm Sleep</h1><h2>Overview</h2><p>Does rain help?</p><h2>Eligibility</h2><p>Inclusion Criteria:</p><ul><li>Likes rain</li></ul>"
    document = html.decode(menu + body, "page.html")
    assert listing.recognises(document)
    assert values(document, "descriptions/brief") == ["Does rain help?"]
    assert values(document, "eligibility/text") == ["Inclusion Criteria:\n* Likes rain"]


@pytest.mark.parametrize(
    "text",
    [
        "Overview\nA company.\nProducts\nRain coats",
        "Eligibility\nInclusion Criteria\nOverview\nthe wrong way round",
        PAGE.format(head="ClinicalTrials.Veeva\n", tail="Details and patient eligibility\n"),
        PAGE.format(head="注册号：\nChiCTR2699000001\n", tail=""),
        PAGE.format(head="Study Overview\n", tail="Ages Eligible for Study\n"),
        PAGE.format(head="【适应症】\n", tail=""),
        "",
    ],
)
def test_other_pages_are_left_alone(text: str) -> None:
    assert not listing.recognises(page(text))


def test_only_listing_claims_its_pages() -> None:
    document = page(PAGE.format(head="", tail="NCT09990022"))
    assert [source.NAME for source in (chictr, ctgov, listing, veeva) if source.recognises(document)] == ["listing"]


LINES = st.sampled_from([*PAGE.splitlines(), "Recruiting", "18+ years", "Female", "Locations", "Drug: Rain", "NCT09990022", "-", ""])


@given(st.lists(st.one_of(LINES, st.text(max_size=20)), max_size=60).map("\n".join))
def test_any_text_is_read_exactly(text: str) -> None:
    document = page(text)
    listing.recognises(document)
    for entry in draft(document).entries:
        assert entry.found.text == "\n".join(document.text[span.start : span.end] for span in entry.found.spans)


def test_feed_with_criteria_split_into_items() -> None:
    found = record("listing/feed.json")
    trial = found["trial"]
    assert (found["id"], found["source"]["format"]) == ("NCT09990088", "json")
    assert [item["text"]["en"] for item in trial["eligibility"]["inclusion"]] == ["At least 2 warts", "Organ function"]
    assert len(trial["eligibility"]["inclusion"][1]["children"]) == 2
    assert [item["text"]["en"] for item in trial["eligibility"]["exclusion"]] == ["Fern allergy"]
    assert trial["eligibility"]["minimum_age"]["value"] == 18
    assert "maximum_age" not in trial["eligibility"]
    assert (trial["arms"][0]["interventions"], trial["design"]["phases"]["codes"]) == (["int-1"], ["PHASE1", "PHASE2"])


def test_flat_object_of_a_vendor() -> None:
    text = '{"nctId": "NCT09990099", "title": "Moss", "overallStatus": "Completed", "gender": "Both", "minimumAge": "18 Years", "criteria": "Inclusion Criteria:\\n\\n* Moss\\n\\nExclusion Criteria:\\n\\n* Lichen"}'
    (only,) = extractor.extract(text.encode(), "object.json")
    plain_record = json.loads(extractor.to_json(only))
    assert (plain_record["id"], plain_record["source"]["name"]) == ("NCT09990099", "listing")
    assert [item["text"]["en"] for item in plain_record["trial"]["eligibility"]["exclusion"]] == ["Lichen"]
