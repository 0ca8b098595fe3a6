"""Review pages: inert text, both sides lit through provenance, marks kept, corrected and exported; in a real Chromium where there is one."""

from __future__ import annotations

import hashlib
import html
import json
import re
import shutil

import pytest
from documents import SAMPLES

import extractor
from extractor.cli import main
from extractor.document import Document, Format
from extractor.handover import review_of
from extractor.pipeline import Options
from extractor.tree import Tree
from extractor.write.pages import read_asset
from extractor.write.review import review_page
from extractor.write.review.chips import describe
from extractor.write.review.grids import reactions
from extractor.write.review.passages import marked_text
from extractor.write.review.places import Squeezed, found_places
from extractor.write.review.view import mask, view_of
from extractor.write.summary import Picture, render

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
PAGES = ["chictr/colitis_saved.html", "listing/bone_copied.txt", "nmpa/tablets_plain.txt", "veeva/psoriasis_copied.txt"]
TREES = ["ctgov/eczema_full.json", "ctgov/sepsis_public.xml", "ctgov/export_today.csv", "ictrp/search.xlsx", "chictr/plum_export.xml"]
LABEL = "nmpa/tablets_ruled.pdf"
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
NARROW = {"width": 390, "height": 844}


def page(data, name, options=None):
    found, view = review_of(data, name, options or Options())
    records = [json.loads(extractor.to_json(record)) for record in found]
    return review_page(records, view), records


def sample_page(name):
    return page((SAMPLES / name).read_bytes(), name.rpartition("/")[2])


def plain(content):
    return html.unescape(re.sub(r"<[^>]+>", "", content))


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
def context(browser):
    """A browser without marks of other tests."""
    fresh = browser.new_context()
    yield fresh
    fresh.close()


def watched(tab):
    tab.faults = []
    tab.on("pageerror", lambda error: tab.faults.append(str(error)))
    tab.on("console", lambda message: tab.faults.append(message.text) if message.type == "error" else None)
    return tab


@pytest.fixture
def opened(context, tmp_path):
    def show(content, size=None):
        place = tmp_path / f"{hashlib.sha256(content.encode()).hexdigest()[:8]}.html"
        place.write_text(content, "utf-8")
        tab = watched(context.new_page())
        if size:
            tab.set_viewport_size(size)
        tab.goto(place.as_uri())
        return tab

    return show


# The document


@pytest.mark.parametrize("name", PAGES)
def test_document_text_is_whole_on_the_page(name):
    document = SAMPLES / name
    content, _ = sample_page(name)
    shown = content.split('<div class="text">')[1].split("</div></section>")[0]
    text = plain(re.sub(r'<span class="page"[^>]*>[^<]*</span>', "", shown))
    assert text == extractor.document_text(document.read_bytes(), document.name)


@pytest.mark.parametrize("name", TREES)
def test_a_structured_document_is_shown_with_its_keys_and_whole(name):
    content, _ = sample_page(name)
    tree = content.split('<div class="tree">')[1].split("</div></section>")[0]
    values = [plain(value) for value in re.findall(r'<span class="v">(.*?)</span></p>', tree, re.DOTALL)]
    values = [re.sub(r"^[\d,]+ characters(?=\S|\n)", "", value) if "<details>" in tree else value for value in values]
    document = SAMPLES / name
    assert "\n".join(values) == extractor.document_text(document.read_bytes(), document.name)
    keys = {plain(key) for key in re.findall(r"<b>(.*?)</b>", tree)}
    assert any(key in document.read_bytes().decode("utf-8", "replace") for key in keys) or document.suffix == ".xlsx"
    assert keys


def test_keys_stand_at_their_values_where_leaves_are_empty_or_nested():
    text, tree = Tree.of({"a": {"b": "one", "c": "", "d": None}, "e": ["two", {"f": 3}], "g": {}})
    view = view_of(Document(Format.JSON, "x.json", b"", text, tree=tree))
    shown = [(line.depth, line.key, text[line.start : line.end] if line.end >= line.start else "") for line in view.lines]
    assert shown == [(0, "a", ""), (1, "b", "one"), (0, "e", ""), (1, "1", "two"), (1, "2", ""), (2, "f", "3"), (0, "g", "")]


def test_a_part_of_a_file_keeps_the_keys_that_lead_there():
    text, tree = Tree.of([{"id": "one"}, {"id": "two", "of": {"deep": "x"}}, {"id": "three"}])
    view = view_of(Document(Format.JSON, "x.json", b"", text, tree=tree))
    part = view.cut(text.index("two"), text.index("x") + 1, frozenset())
    assert part.text == "two\nx"
    assert [(line.key, part.text[line.start : line.end]) for line in part.lines if line.end >= line.start] == [("id", "two"), ("deep", "x")]
    assert [line.key for line in part.lines if line.end < line.start] == ["2", "of"]


def test_a_pdf_is_shown_as_its_pages_with_boxes_and_its_text_behind_a_switch():
    content, [record] = sample_page(LABEL)
    assert content.count("data:image/png;base64,") == record["source"]["pages"] == 3
    assert "img-src data:" in content
    assert '<div class="text" hidden>' in content
    box = record["provenance"]["/label/names/pinyin"][0]["box"]
    assert f'data-at="0/label/names/pinyin" x="{box[0] - 1:g}"' in content


@pytest.mark.parametrize("name", [*PAGES[:1], *TREES[:1], LABEL])
def test_without_contacts_a_page_shows_only_what_its_records_hold(name):
    document = SAMPLES / name
    content, records = page(document.read_bytes(), document.name, Options(contacts=False))
    found, view = review_of(document.read_bytes(), document.name, Options(contacts=False))
    held = {at for spans in records[0]["provenance"].values() for span in spans for at in range(span["start"], span["end"])}
    assert all(character.isspace() or character == "░" or at in held for at, character in enumerate(view.text))
    assert "data:image" not in content
    assert len(found) == len(records)


def test_a_mask_keeps_every_place():
    assert mask("a bc\nd", [(2, 3)]) == "░ b░\n░"
    assert mask("abc", [(0, 2), (1, 3), (0, 1)]) == "abc"


def test_hostile_text_stands_escaped():
    content, _ = page(HOSTILE.encode(), "page.txt")
    assert content.count("<script>") == 1
    assert "<img" not in content
    assert "Content-Security-Policy" in content
    assert "http:" not in content.split("<style>")[0]


def test_pieces_name_every_value_that_stands_there():
    spans = [(0, "/a", [{"start": 0, "end": 4}]), (0, "/b", [{"start": 2, "end": 6}])]
    assert re.findall(r'data-at="([^"]+)">(\w+)', marked_text("abcdef", spans)) == [("0/a", "ab"), ("0/a 0/b", "cd"), ("0/b", "ef")]


def test_spans_beyond_the_text_do_no_harm():
    assert marked_text("ab", [(0, "/x", [{"start": 1, "end": 99}])]).endswith("b</span>")
    assert marked_text("ab", [(0, "/x", [{"start": 7, "end": 99}])]) == "ab"


@pytest.mark.parametrize("words", ["two words", "two\nwords", " twowords"])
def test_words_are_found_whatever_breaks_their_lines(words):
    assert list(Squeezed("one two  wo\nrds three").find(words)) == [(4, 15)]


def test_an_unmapped_value_is_looked_for_where_no_value_of_the_record_stands():
    record = {"provenance": {"/trial/x": [{"start": 0, "end": 5}]}, "unmapped": [{"label": "City", "text": "Mayor"}], "findings": []}
    assert found_places(record, "Mayor\nMayor") == {"/unmapped/0/text": [{"start": 6, "end": 11}]}
    assert found_places(record | {"unmapped": [{"label": "City", "text": "nowhere"}]}, "Mayor") == {}


# The record


@pytest.mark.parametrize(
    ("constraint", "words"),
    [
        ({"kind": "AGE", "low": {"value": 18, "inclusive": True}, "unit": {"ucum": "a"}}, "age ≥ 18 a"),
        ({"kind": "SEX", "values": ["FEMALE"], "negated": True}, "not sex FEMALE"),
        ({"kind": "SEX", "values": ["MALE"], "applies_to": {"en": "in part A"}}, "sex MALE (in part A)"),
        (
            {"kind": "WINDOW", "window": {"relation": "WITHIN", "value": 4, "unit": "WEEK", "anchor": "FIRST_DOSE"}},
            "window within 4 week first dose",
        ),
    ],
)
def test_chips_say_what_is_limited(constraint, words):
    assert describe(constraint) == words


def test_tables_and_reactions_stand_as_tables():
    content, [record] = sample_page(LABEL)
    shown = re.findall(r'<section class="grid"[^>]*>(.*?)</section>', content)
    assert len(shown) == len(record["label"]["tables"]) + 1
    reaction = shown[-1]
    cells = [plain(cell) for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", reaction)]
    assert cells[:3] == ["reaction", "本品 (N=120)", "安慰剂 (N=118)"]
    assert cells[cells.index("腹泻") : cells.index("腹泻") + 3] == ["腹泻", "4.2", "3.4"]
    assert reaction.count("/percent") == len(record["label"]["adverse_reactions"])


def test_no_reaction_is_lost_where_two_fall_into_one_cell():
    items = [{"table": "t", "term": {"zh": "头痛"}, "arm": {"zh": "本品"}, "percent": n} for n in (1, 2)]
    items.append({"table": "t", "term": {"zh": "头痛"}, "frequency": {"code": "COMMON"}})
    content = reactions(items, "/label/adverse_reactions")
    for pointer in ("0/percent", "1/percent", "2/frequency/code"):
        assert f'data-pointer="/label/adverse_reactions/{pointer}"' in content


@pytest.mark.parametrize("name", [*PAGES, *TREES[:2], LABEL])
def test_every_value_that_can_be_marked_is_in_the_record(name):
    content, records = sample_page(name)
    for at, article in enumerate(content.split('<article data-record="')[1:]):
        pointers = [html.unescape(pointer) for pointer in re.findall(r' data-pointer="([^"]+)"', article)]
        assert len(pointers) == len(set(pointers))
        for pointer in pointers:
            value = records[at]
            for part in pointer.strip("/").split("/"):
                value = value[int(part)] if isinstance(value, list) else value[part]


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(
    ("ink", "paper"),
    [
        *((ink, paper) for ink in ("ink", "soft", "accent", "right", "wrong", "warn") for paper in ("paper", "card")),
        *(("ink", paper) for paper in ("lit", "hit", "chip", "right-soft", "wrong-soft", "warn-soft")),
        ("right", "right-soft"),
        ("wrong", "wrong-soft"),
        ("warn", "warn-soft"),
    ],
)
def test_colours_stand_off_from_what_they_stand_on(theme, ink, paper):
    """WCAG 2.2 level AA: 4.5 to 1 for text."""
    style = read_asset("extractor.write.pages", "theme.css")
    block = style.split(':root[data-theme="dark"]')[1] if theme == "dark" else style.split("}")[0]
    colours = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", block))
    one, other = sorted(map(brightness, (colours[ink], colours[paper])))
    assert (other + 0.05) / (one + 0.05) >= 4.5


def brightness(colour):
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_both_dark_themes_are_the_same():
    style = read_asset("extractor.write.pages", "theme.css")
    blocks = re.findall(r"(color-scheme: dark;[^}]*)\}", style)
    assert len(blocks) == 2
    assert blocks[0] == blocks[1]


# In a browser


@pytest.mark.parametrize("name", [*PAGES, TREES[0], LABEL])
def test_page_opens_without_a_fault(opened, name):
    tab = opened(sample_page(name)[0])
    assert tab.faults == []
    assert tab.locator("#record .leaf").count() > 5


def test_hostile_page_is_inert(opened):
    tab = opened(page(HOSTILE.encode(), "page.txt")[0])
    assert tab.evaluate("window.hacked === undefined")
    assert tab.faults == []


def test_a_value_lights_its_place_and_the_place_its_value(opened):
    tab = opened(sample_page(PAGES[0])[0])
    value = tab.locator('[data-pointer="/trial/titles/public/en"]')
    value.focus()
    lit = tab.locator("#document .lit").all_inner_texts()
    assert " ".join(" ".join(lit).split()) == value.locator(".value").inner_text()
    tab.locator("#document .at", has_text="ChiCTR").first.click()
    assert "/trial/identifiers" in tab.locator("#record .lit").first.get_attribute("data-pointer")


def test_a_value_of_a_pdf_lights_its_box_and_the_text_form_is_a_switch_away(opened):
    tab = opened(sample_page(LABEL)[0])
    value = tab.locator('[data-pointer="/label/names/pinyin"]')
    value.click()
    assert tab.locator("rect.lit").count() == 1
    tab.click("#form")
    assert tab.locator("#document .sheets").is_hidden()
    assert tab.locator("#document .text").is_visible()
    value.click()
    assert tab.locator("#document .text .lit").inner_text() == value.locator(".value").inner_text()


@pytest.mark.parametrize("name", [TREES[0], "chictr/delirium_withdrawn_saved.html"])
def test_every_finding_leads_somewhere(opened, name):
    content, [record] = sample_page(name)
    tab = opened(content)
    buttons = tab.locator(".findings .go")
    assert buttons.count() == len(record["findings"]) > 0
    for at in range(buttons.count()):
        buttons.nth(at).click()
        assert tab.locator(".lit").count() > 0, buttons.nth(at).inner_text()


def test_a_finding_of_an_unmapped_value_leads_to_it_and_to_its_place(opened):
    tab = opened(sample_page(TREES[0])[0])
    tab.locator(".findings .go", has_text="06130").click()
    assert tab.locator("#record .lit .value").inner_text() == "06130"
    assert tab.locator("#document .lit").inner_text() == "06130"


def test_marks_are_made_by_keys_and_exported(opened):
    content, [record] = sample_page(PAGES[3])
    tab = opened(content)
    first = tab.locator("#record [data-pointer]").first
    first.focus()
    tab.keyboard.press("y")
    tab.keyboard.press("ArrowDown")
    tab.keyboard.press("n")
    [exported] = tab.evaluate("window.extractReview().records")
    assert (exported["sha256"], exported["file"]) == (record["source"]["sha256"], record["source"]["file"])
    assert [mark["verdict"] for mark in exported["marks"]] == ["RIGHT", "WRONG"]
    assert exported["marks"][0]["path"] == first.get_attribute("data-pointer")


def test_marks_are_made_with_the_pointer_counted_and_kept_across_reloads(opened):
    tab = opened(sample_page(PAGES[3])[0])
    total = tab.locator("#record [data-pointer]").count()
    assert tab.inner_text("#progress") == f"0 of {total}"
    first = tab.locator("#record .leaf").first
    first.click()
    tab.get_by_role("button", name="✓ right").click()
    assert tab.get_by_role("button", name="✓ right").get_attribute("aria-pressed") == "true"
    tab.reload()
    assert tab.inner_text("#progress") == f"1 of {total}"
    assert "is-right" in first.get_attribute("class")
    tab.click("#next")
    assert tab.evaluate("document.activeElement.dataset.pointer") != first.get_attribute("data-pointer")
    first.click()
    tab.get_by_role("button", name="✓ right").click()
    tab.reload()
    assert tab.inner_text("#progress") == f"0 of {total}"


def test_marks_belong_to_one_document(opened):
    tab = opened(sample_page(PAGES[3])[0])
    tab.locator("#record .leaf").first.focus()
    tab.keyboard.press("y")
    other = opened(sample_page(PAGES[1])[0])
    assert other.inner_text("#progress").startswith("0 of")


def test_a_value_keeps_its_type_when_it_is_corrected(opened):
    tab = opened(sample_page(PAGES[3])[0])
    count = tab.locator('[data-pointer="/trial/enrollment/count"]')
    was = int(count.locator(".value").inner_text())
    count.focus()
    tab.keyboard.press("c")
    tab.fill("#editor input >> nth=0", "many")
    tab.click("#editor button[type=submit]")
    assert tab.locator("#editor").is_visible()
    tab.fill("#editor input >> nth=0", "321")
    tab.click("#editor button[type=submit]")
    [exported] = tab.evaluate("window.extractReview().records")
    assert exported["marks"] == [{"path": "/trial/enrollment/count", "verdict": "WRONG", "correction": 321, "was": was}]
    assert "321" in count.inner_text()
    tab.reload()
    assert "321" in count.inner_text()


def test_a_constraint_is_corrected_part_by_part(opened):
    tab = opened(sample_page(PAGES[3])[0])
    chip = tab.locator(".chip", has_text="pasi")
    chip.click()
    tab.get_by_role("button", name="correct").click()
    tab.get_by_label("low/value").fill("10")
    tab.click("#editor button[type=submit]")
    [exported] = tab.evaluate("window.extractReview().records")
    marks = {mark["path"].rpartition("/constraints/")[2]: mark for mark in exported["marks"]}
    assert (marks["0/low/value"]["correction"], marks["0/low/value"]["was"]) == (10, 12)
    assert marks["0"]["verdict"] == "WRONG"


def test_escape_leaves_the_editor_and_changes_nothing(opened):
    tab = opened(sample_page(PAGES[3])[0])
    first = tab.locator("#record .leaf").first
    first.focus()
    tab.keyboard.press("c")
    tab.keyboard.type("other")
    tab.keyboard.press("Escape")
    assert tab.locator("#editor").count() == 0
    assert tab.evaluate("document.activeElement.dataset.pointer") == first.get_attribute("data-pointer")
    assert tab.evaluate("window.extractReview().records[0].marks") == []


def test_everything_is_reached_by_keyboard(opened):
    tab = opened(sample_page(PAGES[3])[0])
    tab.locator("#record .leaf").first.focus()
    tab.keyboard.press("Tab")
    assert tab.evaluate("document.activeElement.textContent") == "✓ right"
    tab.keyboard.press("Enter")
    assert tab.inner_text("#progress").startswith("1 of")
    tab.keyboard.press("u")
    assert "leaf" in tab.evaluate("document.activeElement.className")
    assert tab.evaluate("[...document.querySelectorAll('button, input')].every((x) => x.textContent || x.closest('label') || x.ariaLabel)")


def test_a_narrow_screen_shows_the_record_first_and_the_source_line_on_a_tap(opened):
    tab = opened(sample_page(PAGES[1])[0], NARROW)
    assert tab.locator("#document").is_hidden()
    assert tab.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]
    tab.locator("#record .leaf", has_text="Women aged 50 to 80 years").first.click()
    assert "Women aged 50 to 80 years" in tab.inner_text("#tools .source")
    tab.click("#pane")
    assert tab.locator("#document").is_visible()
    assert tab.locator("#record").is_hidden()


def test_search_counts_matches(opened):
    tab = opened(sample_page(PAGES[1])[0])
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


def test_languages_are_marked_and_motion_is_not_needed(opened):
    tab = opened(sample_page(PAGES[0])[0])
    assert tab.locator('#record .leaf[lang="zh-Hans"]').count() > 10
    assert tab.locator('#record .leaf[lang="en"]').count() > 10
    assert "prefers-reduced-motion" in read_asset("extractor.write.pages", "theme.css")


# A folder of many


def fictional_page(number, platelets):
    """A copied listing page: every fifth holds a word for a status that no table knows, which gives a finding."""
    status = "Status\nFrobnicating\n" if number % 5 == 0 else "Status\nRecruiting\n"
    return (
        f"A Fictional Study Number {number} of Oat Porridge\nOverview\nThe study number {number} looks at porridge.\n{status}"
        f"Eligibility\nInclusion Criteria:\n- Age 18 to 75 years\n- Platelets >= {platelets} x 10^9/L\nExclusion Criteria:\n"
        f"- Allergy to oats of kind k{number:03}x\n"
    )


@pytest.fixture(scope="module")
def two_hundred(tmp_path_factory):
    """200 documents of one record each, most of them texts, some of them samples with findings."""
    folder = tmp_path_factory.mktemp("documents")
    samples = ["ctgov/eczema_full.json", "chictr/colitis_saved.html", "chictr/delirium_withdrawn_saved.html", "veeva/psoriasis_copied.txt"]
    for name in samples:
        (folder / name.replace("/", "_")).write_bytes((SAMPLES / name).read_bytes())
    for number in range(200 - len(samples)):
        (folder / f"study_{number:03}.txt").write_text(fictional_page(number, 50 + number))
    return folder


@pytest.fixture(scope="module")
def review_folder(two_hundred, tmp_path_factory):
    out = tmp_path_factory.mktemp("out") / "review"
    assert main([str(two_hundred), "-o", f"{out}/", "-q"]) == 0
    return out


def entries_of(folder):
    index = (folder / "index.html").read_text("utf-8")
    return json.loads(re.search(r'<script type="application/json" id="entries">(.*?)</script>', index, re.DOTALL)[1])


@pytest.mark.slow
def test_a_folder_has_a_page_a_record_and_an_index_that_loads_nothing(review_folder):
    entries = entries_of(review_folder)
    assert len(entries) == 200
    assert {entry["page"].removeprefix("records/") for entry in entries} == {place.name for place in (review_folder / "records").iterdir()}
    index = (review_folder / "index.html").read_text("utf-8")
    assert not re.search(r'(?:src|href)="(?:https?:)?//', index)
    assert "default-src &#x27;none&#x27;" in index


@pytest.mark.slow
def test_two_hundred_records_are_reviewed_exported_once_and_applied(context, two_hundred, review_folder, tmp_path):
    """Open the index, find those with findings, correct three values on three pages, export all marks, apply them."""
    index = watched(context.new_page())
    index.goto((review_folder / "index.html").as_uri())
    assert "200 of 200 records" in index.inner_text("#count")
    index.get_by_label("warning").check()
    found = index.locator("tbody tr:visible")
    wanted = [entry for entry in entries_of(review_folder) if "warning" in entry["severities"]]
    assert found.count() == len(wanted) >= 2
    index.get_by_label("warning").uncheck()
    index.fill("#search", "porridge platelets")
    assert index.locator("tbody tr:visible").count() == 196
    index.fill("#search", "oats of kind k017x")
    assert index.locator("tbody tr:visible").count() == 1

    corrections = {17: 117, 42: 142, 99: 199}
    for number, value in corrections.items():
        index.fill("#search", f"k{number:03}x")
        index.locator("tbody tr:visible a").click()  # all open in one other tab
        index.wait_for_timeout(100)
        record = watched(next(tab for tab in context.pages if tab is not index))
        record.wait_for_selector(f"h3:has-text('{record_id(review_folder, number)}')")
        record.locator(".chip", has_text="platelets").click()
        record.get_by_role("button", name="correct").click()
        record.get_by_label("low/value").fill(str(value))
        record.click("#editor button[type=submit]")
        assert record.faults == []
    assert len(context.pages) == 2
    index.fill("#search", "")
    index.bring_to_front()
    index.get_by_label("corrected").check()
    assert index.locator("tbody tr:visible").count() == 3
    with index.expect_download() as waiting:
        index.click("#export")
    review = tmp_path / "review.json"
    waiting.value.save_as(review)
    assert index.faults == []

    out = tmp_path / "reviewed.jsonl"
    assert main([str(two_hundred), "--apply-review", str(review), "-o", str(out), "-q"]) == 0
    records = [json.loads(line) for line in out.read_text("utf-8").splitlines()]
    assert len(records) == 200
    corrected = [record for record in records if "review" in record]
    assert len(corrected) == 3
    for record in corrected:
        number = int(record["source"]["file"][6:9])
        low = record["trial"]["eligibility"]["inclusion"][1]["constraints"][0]["low"]["value"]
        assert low == corrections[number]
        [mark] = [mark for mark in record["review"] if "correction" in mark]
        assert (mark["correction"], mark["was"]) == (corrections[number], 50 + number)


def record_id(folder, number):
    return next(entry["identity"]["id"] for entry in entries_of(folder) if entry["identity"]["file"] == f"study_{number:03}.txt")


@pytest.mark.slow
def test_marks_come_back_to_the_index_where_files_share_no_storage(context, review_folder):
    """Some browsers keep the storage of every file apart: then the pages that the index opened hand their marks on."""
    context.add_init_script("Object.defineProperty(window, 'localStorage', { get() { throw new Error('kept apart'); } })")
    index = context.new_page()
    index.goto((review_folder / "index.html").as_uri())
    with context.expect_page() as waiting:
        index.locator("tbody tr a").first.click()
    record = waiting.value
    record.locator("#record .leaf").first.focus()
    record.keyboard.press("y")
    index.wait_for_function("document.querySelector('.marked').textContent.startsWith('1 of')")
    assert sum(len(item["marks"]) for item in index.evaluate("window.extractReview().records")) == 1
    record.reload()
    record.wait_for_function("document.getElementById('progress').textContent.startsWith('1 of')")


def test_pages_of_a_file_with_many_records_show_their_part(tmp_path):
    out = tmp_path / "review"
    assert main([str(SAMPLES / "ictrp" / "search.csv"), "-o", f"{out}/", "-q"]) == 0
    pages = [(out / entry["page"]).read_text("utf-8") for entry in entries_of(out)]
    assert len(pages) == 3
    for at, page_ in enumerate(pages):
        text = plain(page_.split('<section id="record"')[0].split('<section id="document"')[1])
        assert [entry["identity"]["id"] in text for entry in entries_of(out)] == [other == at for other in range(3)]
    assert 'rel="next"' in pages[0]
    assert 'rel="prev"' not in pages[0]


def test_a_document_that_fails_is_told_and_the_others_have_pages(tmp_path, capsys):
    out = tmp_path / "review"
    assert main([str(SAMPLES / PAGES[1]), str(SAMPLES / "broken" / "empty.html"), "-o", f"{out}/"]) == 1
    assert "empty.html" in capsys.readouterr().err
    assert len(entries_of(out)) == 1


def test_a_folder_is_written_again_and_old_pages_go(tmp_path):
    out = tmp_path / "review"
    assert main([str(SAMPLES / PAGES[1]), "-o", f"{out}/", "-q"]) == 0
    before = {place.name: place.read_bytes() for place in out.rglob("*.html")}
    assert main([str(SAMPLES / PAGES[1]), "-o", f"{out}/", "-q"]) == 0
    assert {place.name: place.read_bytes() for place in out.rglob("*.html")} == before
    assert main([str(SAMPLES / PAGES[3]), "-o", f"{out}/", "-q"]) == 0
    assert len(list((out / "records").iterdir())) == 1


def test_a_folder_with_other_files_is_refused(tmp_path, capsys):
    out = tmp_path / "review"
    out.mkdir()
    (out / "thesis.txt").write_text("mine")
    assert main([str(SAMPLES / PAGES[1]), "-o", f"{out}/"]) == 1
    assert "other files" in capsys.readouterr().err
    assert [place.name for place in out.iterdir()] == ["thesis.txt"]


def test_hostile_words_in_an_index_stay_words(tmp_path, browser):
    (tmp_path / "x.txt").write_text(HOSTILE)
    out = tmp_path / "review"
    assert main([str(tmp_path / "x.txt"), "-o", f"{out}/", "-q"]) == 0
    tab = watched(browser.new_page())
    tab.goto((out / "index.html").as_uri())
    assert tab.evaluate("window.hacked === undefined")
    assert tab.faults == []
    tab.close()


# Applying


@pytest.fixture
def record(tmp_path):
    place = tmp_path / "record.json"
    assert main([str(SAMPLES / PAGES[3]), "-o", str(place), "-q"]) == 0
    return place


def applied(record, tmp_path, marks, **identity):
    found = json.loads(record.read_text("utf-8"))
    one = {"id": found["id"], "sha256": found["source"]["sha256"], "file": "x.txt", "version": "1.0.0", "marks": marks} | identity
    review = tmp_path / "review.json"
    review.write_text(json.dumps({"format": "extract-review-2", "records": [one]}))
    return main([str(record), "--apply-review", str(review), "-o", str(tmp_path / "out.json"), "-q", "--validate"])


def test_a_correction_stands_in_the_record_with_its_origin(record, tmp_path):
    mark = {"path": "/trial/titles/public/en", "verdict": "WRONG", "correction": "Another title"}
    was = json.loads(record.read_text("utf-8"))["trial"]["titles"]["public"]["en"]
    assert applied(record, tmp_path, [mark | {"was": was}]) == 0
    done = json.loads((tmp_path / "out.json").read_text("utf-8"))
    assert done["trial"]["titles"]["public"]["en"] == "Another title"
    assert done["review"] == [mark | {"was": was}]
    assert "/trial/titles/public/en" in done["provenance"]
    record.write_bytes((tmp_path / "out.json").read_bytes())
    assert applied(record, tmp_path, [mark | {"was": was}]) == 0  # again: nothing changes
    assert json.loads((tmp_path / "out.json").read_text("utf-8")) == done


@pytest.mark.parametrize(
    ("mark", "words"),
    [
        ({"path": "/trial/enrollment/count", "correction": "many", "was": 60}, "does not fit"),
        ({"path": "/trial/enrollment/count", "correction": 7, "was": 8}, "another reading"),
        ({"path": "/trial/enrollment", "correction": 7}, "another reading"),
        ({"path": "/trial/arms/99/label/en", "correction": "x", "was": "y"}, "does not have"),
        ({"path": "/trial/eligibility/minimum_age/unit", "correction": "MOON", "was": "YEAR"}, "does not fit"),
    ],
)
def test_a_correction_that_does_not_fit_is_refused(record, tmp_path, capsys, mark, words):
    found = json.loads(record.read_text("utf-8"))
    if mark["path"] == "/trial/enrollment/count" and mark["was"] == 60:
        mark = mark | {"was": found["trial"]["enrollment"]["count"]}
    assert applied(record, tmp_path, [mark]) == 1
    assert words in capsys.readouterr().err
    assert not (tmp_path / "out.json").exists()


def test_a_review_of_another_document_is_refused_by_name(record, tmp_path, capsys):
    assert applied(record, tmp_path, [], id="NCT00000009", file="other.html") == 1
    told = capsys.readouterr().err
    assert "NCT00000009 (other.html)" in told
    assert "NCT09990011" in told
    assert applied(record, tmp_path, [], sha256="0" * 64) == 1
    assert "other bytes" in capsys.readouterr().err


# The page of a dataset


def chart(rows, shape="columns", query=""):
    return render([], [Picture("Years", "trials", shape, rows, query)]).decode()


def test_one_outlying_year_does_not_flatten_the_rest():
    years = [(str(year), 10 + year % 7) for year in range(2005, 2026)]
    alone, beside = chart(years), chart([*years, ("2099", 1)])
    svg = re.compile(r"<svg class.*?</svg>", re.DOTALL)
    assert svg.search(alone)[0] == svg.search(beside)[0]
    assert "not drawn: 2099 (1)" in beside
    heights = [float(height) for height in re.findall(r'height="([\d.]+)" rx', chart([*years[:-1], ("2025", 9000)]))]
    assert max(heights) <= 2 * min(heights)
    assert ">9,000</text>" in chart([*years[:-1], ("2025", 9000)])


def test_a_bar_leads_to_the_query_of_its_rows_and_its_label_is_whole():
    label = "a 'quoted' label that is <long> " * 4
    page_ = chart([(label, 3)], "bars", "SELECT * FROM 't/*.parquet' WHERE x = '{label}'")
    assert (
        plain(re.search(r"<code[^>]*>(.*?)</code>", page_)[1])
        == f"SELECT * FROM 't/*.parquet' WHERE x = '{label.replace(chr(39), chr(39) * 2)}'"
    )
    assert plain(re.search(r'class="name">(.*?)</span>', page_)[1]) == label
    assert "text-overflow" not in page_


@pytest.mark.slow
def test_titles_of_a_dataset_lead_to_its_review_pages(tmp_path):
    duckdb = pytest.importorskip("duckdb", reason="needs the extra bulk")
    inputs = [str(SAMPLES / name) for name in (PAGES[0], LABEL, "ictrp/search.csv")]
    data = tmp_path / "data"
    assert main([*inputs, "-o", f"{data}/", "-q"]) == 0
    assert "review/" not in (data / "index.html").read_text("utf-8")
    assert main([*inputs, "-o", f"{data}/review/", "-q"]) == 0
    page_ = (data / "index.html").read_text("utf-8")
    links = re.findall(r'<li><a href="(review/[^"]+)">', page_)
    assert len(links) == len(set(links)) == 5
    assert all((data / link).is_file() for link in links)
    for query in {html.unescape(code) for code in re.findall(r"<code[^>]*>(.*?)</code>", page_)}:
        assert duckdb.sql(query.replace("FROM '", f"FROM '{data}/")).fetchall(), query
    assert main([*inputs, "-o", f"{data}/", "-q"]) == 0  # the dataset goes on beside its review pages
    assert len(list((data / "review" / "records").iterdir())) == 5
