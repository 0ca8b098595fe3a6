"""The review page: inert text, both sides lit through provenance, marks exported; in a real Chromium where there is one."""

from __future__ import annotations

import html
import json
import re
import shutil

import pytest
from documents import SAMPLES

import extractor
from extractor.write.review import review_page
from extractor.write.review.form import describe
from extractor.write.review.passages import marked_text

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
PAGES = ["chictr/colitis_saved.html", "listing/bone_copied.txt", "nmpa/tablets_plain.txt", "veeva/psoriasis_copied.txt"]
SWITCHES = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
]
HOSTILE = """Overview
<script>window.hacked = true</script><img src=x onerror="window.hacked = true"> "quoted" & 'so'
Eligibility
Inclusion Criteria:
- Age >= 18 years <b onclick="window.hacked = true">bold</b>
Exclusion Criteria:
- </script><script>window.hacked = true</script>
"""


def page(data, name):
    found = [json.loads(extractor.to_json(record)) for record in extractor.extract(data, name)]
    return review_page(found, extractor.document_text(data, name)), found


@pytest.fixture(scope="module")
def browser():
    playwright = pytest.importorskip("playwright.sync_api", reason="needs playwright")
    if not CHROMIUM:
        pytest.skip("needs Chromium on the path")
    with playwright.sync_playwright() as driver:
        started = driver.chromium.launch(executable_path=CHROMIUM, args=SWITCHES)
        yield started
        started.close()


@pytest.fixture
def opened(browser, tmp_path):
    def show(content):
        place = tmp_path / "review.html"
        place.write_text(content, "utf-8")
        tab = browser.new_page()
        faults = []
        tab.on("pageerror", lambda error: faults.append(str(error)))
        tab.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
        tab.goto(place.as_uri())
        tab.faults = faults
        return tab

    return show


@pytest.mark.parametrize("name", PAGES)
def test_document_text_is_whole_on_the_page(name):
    document = SAMPLES / name
    content, _ = page(document.read_bytes(), document.name)
    shown = content.split('<div class="text">')[1].split("</div></section>")[0]
    plain = html.unescape(re.sub(r"<[^>]+>", "", re.sub(r'<span class="page"[^>]*>[^<]*</span>', "", shown)))
    assert plain == extractor.document_text(document.read_bytes(), document.name)


def test_hostile_text_stands_escaped():
    content, _ = page(HOSTILE.encode(), "page.txt")
    assert content.count("<script>") == 1
    assert "<img" not in content
    assert "Content-Security-Policy" in content
    assert "http:" not in content.split("<style>")[0]


@pytest.mark.parametrize("name", PAGES)
def test_page_opens_without_a_fault(opened, name):
    document = SAMPLES / name
    tab = opened(page(document.read_bytes(), document.name)[0])
    assert tab.faults == []
    assert tab.locator("#record .leaf").count() > 5


def test_hostile_page_is_inert(opened):
    tab = opened(page(HOSTILE.encode(), "page.txt")[0])
    assert tab.evaluate("window.hacked === undefined")
    assert tab.faults == []


def test_a_value_lights_its_place_and_the_place_its_value(opened):
    document = SAMPLES / PAGES[0]
    tab = opened(page(document.read_bytes(), document.name)[0])
    value = tab.locator('[data-pointer="/trial/titles/public/en"]')
    value.focus()
    lit = tab.locator("#document .lit").all_inner_texts()
    assert " ".join(" ".join(lit).split()) == value.inner_text()
    tab.locator("#document .at", has_text="ChiCTR").first.click()
    assert "/trial/identifiers" in tab.locator("#record .lit").first.get_attribute("data-pointer")


def test_marks_are_made_by_keys_and_exported(opened):
    document = SAMPLES / PAGES[3]
    content, [record] = page(document.read_bytes(), document.name)
    tab = opened(content)
    first = tab.locator("#record [data-pointer]").first
    first.focus()
    tab.keyboard.press("y")
    tab.keyboard.press("ArrowDown")
    tab.keyboard.press("n")
    [exported] = tab.evaluate("window.extractReview().records")
    assert exported["sha256"] == record["source"]["sha256"]
    assert [mark["verdict"] for mark in exported["marks"]] == ["RIGHT", "WRONG"]
    assert exported["marks"][0]["path"] == first.get_attribute("data-pointer")


def test_search_counts_matches(opened):
    document = SAMPLES / PAGES[1]
    tab = opened(page(document.read_bytes(), document.name)[0])
    tab.fill("#search", "inclusion")
    assert "match" in tab.inner_text("#status")


def test_three_hundred_criteria_stay_usable(opened):
    items = "\n".join(f"- Statement {n}: platelets >= {n} x 10^9/L" for n in range(1, 301))
    text = f"Overview\nA fictional study.\nEligibility\nInclusion Criteria:\n{items}\nExclusion Criteria:\n- none of these {items[:40]}\n"
    tab = opened(page(text.encode(), "many.txt")[0])
    assert tab.locator("ol.criteria > li").count() > 300
    tab.locator("#record .chip").nth(200).click()
    assert tab.locator("#document .lit").count() >= 1
    assert tab.faults == []


def test_pieces_name_every_value_that_stands_there():
    spans = [(0, "/a", [{"start": 0, "end": 4}]), (0, "/b", [{"start": 2, "end": 6}])]
    assert re.findall(r'data-at="([^"]+)">(\w+)', marked_text("abcdef", spans)) == [("0/a", "ab"), ("0/a 0/b", "cd"), ("0/b", "ef")]


def test_spans_beyond_the_text_do_no_harm():
    assert marked_text("ab", [(0, "/x", [{"start": 1, "end": 99}])]).endswith("b</span>")


@pytest.mark.parametrize(
    ("constraint", "words"),
    [
        ({"kind": "AGE", "low": {"value": 18, "inclusive": True}, "unit": {"ucum": "a"}}, "age ≥ 18 a"),
        ({"kind": "SEX", "values": ["FEMALE"], "negated": True}, "not sex FEMALE"),
        (
            {"kind": "WINDOW", "window": {"relation": "WITHIN", "value": 4, "unit": "WEEK", "anchor": "FIRST_DOSE"}},
            "window within 4 week first dose",
        ),
    ],
)
def test_chips_say_what_is_limited(constraint, words):
    assert describe(constraint) == words
