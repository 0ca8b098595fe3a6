"""Without contacts no person is left in any output: persons are planted in every field of every form, and no trace of them is found."""

from __future__ import annotations

import html
import json
import re
import zipfile
from io import BytesIO
from pathlib import Path

import pytest
from case_rows import read_cases
from documents import ROOT, SAMPLES, check_schema, documents, raw_records, records, shown, texts
from pdf_printing import Sheet, press

import extractor
from extractor import cli
from extractor.handover import page_of, records_of, review_of
from extractor.pipeline import Options
from extractor.privacy.covering import cover, find_persons
from extractor.privacy.names import find_known, parse_name
from extractor.privacy.words import MASK
from extractor.write.exports import TARGETS, export

BARE = Options(contacts=False)
PLANTED = "Contact: Zelda Plantova, zelda@planted.example, +1 555 010 0142"
PLANTED_ZH = "联系人：张丰满，电话：010-87654321，手机13800138000"
TRACES = re.compile(r"zelda|plantova|\bplanted|0142|丰满|87654321|13800138000", re.IGNORECASE)
NAMED = ("chictr/colitis_saved.html", "chictr/colitis_copied.txt", "ctgov/migraine_api.json", "ctgov/knee_present.html", "ctgov/sepsis_public.xml",
         "ctgov/sleep_classic.txt", "cde/heartburn_saved.html")  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), read_cases("privacy"))
def test_what_is_covered(text: str, expected: str) -> None:
    assert cover(text, find_persons(text)) == expected


def bare_json(data: bytes, name: str) -> list[str]:
    found = [extractor.to_json(record).decode() for record in extractor.extract(data, name, BARE)]
    for line in found:
        check_schema(json.loads(line))
    return found


def planted(document: Path) -> bytes:
    """A sample with a person in every value that its records hold."""
    data = document.read_bytes()
    text = data.decode("utf-8")
    found = [words for plain in records(document) for _, words in texts(plain.get("trial") or plain["label"])]
    found += [item["text"] for plain in records(document) for item in plain.get("unmapped", ())]
    for words in sorted({words for words in found if len(words) > 5 and "\n" not in words}, key=len, reverse=True):
        plant = PLANTED if words.isascii() else PLANTED_ZH
        for printed in dict.fromkeys((words, html.escape(words, quote=False))):
            text = text.replace(printed, f"{printed} {plant} ")
    return text.encode()


@pytest.mark.parametrize("document", [path for path in documents() if path.suffix not in (".xlsx", ".pdf")], ids=shown)
def test_persons_planted_in_every_value_leave_no_trace(document: Path) -> None:
    data = planted(document)
    assert TRACES.search(data.decode())
    name = document.name
    try:
        lines = bare_json(data, name)
    except extractor.UnknownSource:
        pytest.skip("the layout is not recognised any more")
    assert not [TRACES.search(line) for line in lines if TRACES.search(line)]
    assert not TRACES.search(page_of(*review_of(data, name, BARE)).decode())
    for record in extractor.extract(data, name, BARE):
        for target in TARGETS if record.kind == "trial" else ():
            value, _ = export(json.loads(extractor.to_json(record)), target, "zh")
            assert not TRACES.search(json.dumps(value, ensure_ascii=False))


@pytest.mark.parametrize("name", NAMED)
def test_known_persons_are_covered_wherever_they_stand_again(name: str) -> None:
    document = SAMPLES / name
    data = document.read_text("utf-8")
    known = sorted(
        {
            words
            for plain in records(document)
            for contact in plain["trial"].get("contacts", ())
            for words in contact.get("name", {}).values()
        }
    )
    whole = [words for words in known if is_name(words)]
    assert whole
    titles = [words for plain in records(document) for title in plain["trial"]["titles"].values() for words in title.values()]
    for words in dict.fromkeys(titles):
        data = data.replace(words, f"{words} {whole[0]} {whole[0].upper()}")
    lines = bare_json(data.encode(), document.name)
    assert MASK in "".join(lines)
    for words in whole:
        assert not [line for line in lines if words.casefold() in line.casefold()]
        assert words not in page_of(*review_of(data.encode(), document.name, BARE)).decode()


def is_name(words: str) -> bool:
    try:
        return bool(parse_name(words))
    except ValueError:
        return False


@pytest.mark.parametrize("document", documents(), ids=shown)
def test_nothing_but_persons_is_left_out(document: Path) -> None:
    """What is not of a person, is not unmapped and is not covered stays word for word."""
    bare = [json.loads(line) for line in bare_json(document.read_bytes(), document.name)]
    for whole, left in zip(records(document), bare, strict=True):
        kind = "trial" if "trial" in whole else "label"
        expected, found = dict(texts(without(whole[kind]))), dict(texts(left[kind]))
        differing = {pointer for pointer in expected.keys() | found.keys() if expected.get(pointer) != found.get(pointer)}
        uncovered = {pointer for pointer in differing if MASK not in found.get(pointer, MASK)}
        assert not uncovered
        assert len(differing) <= 0.1 * len(expected)
        assert left["source"] == whole["source"]


def without(content):
    return {name: value for name, value in content.items() if name != "contacts"}


@pytest.mark.parametrize("words", ["Zelda K. Plantova", "Zelda Plantova", "ZELDA PLANTOVA", "Plantova, Zelda", "Plantova Zelda", "Plantova Z", "Z. Plantova",
                                   "Dr Plantova", "Plantova ZK", "Zelda-Plantova", "Zelda K Plantova", "Zelda\nPlantova"])  # fmt: skip
def test_forms_of_a_name(words: str) -> None:
    text = f"asked by {words}, then"
    assert cover(text, find_known(text, [parse_name("Zelda K. Plantova, MD")])).replace(MASK, "") in (
        "asked by , then",
        "asked by \n, then",
    )


@pytest.mark.parametrize("words", ["Zelda Plantovas", "Plantova X", "Zelda", "Plantova", "zplantova"])
def test_other_names_stay(words: str) -> None:
    text = f"asked by {words}, then"
    assert cover(text, find_known(text, [parse_name("Zelda K. Plantova, MD")])) == text


@pytest.mark.parametrize(
    "words", ["Clinical Trials Call Center", "Study Director", "Harbour University", "浙江医院", "Use central contact: 1-877", "Ada", "A B"]
)
def test_offices_are_no_names(words: str) -> None:
    assert not is_name(words)


def test_persons_as_sponsors_are_left_out() -> None:
    study = json.loads((SAMPLES / "ctgov" / "migraine_api.json").read_text("utf-8"))
    sponsors = study["protocolSection"]["sponsorCollaboratorsModule"]
    sponsors["leadSponsor"] = {"name": "Zelda Plantova", "class": "INDIV"}
    sponsors["collaborators"].append({"name": "Dr. Bo Quillfeather", "class": "OTHER"})
    study["protocolSection"]["identificationModule"]["organization"] = {"fullName": "Zelda Plantova", "class": "INDIV"}
    study["protocolSection"]["descriptionModule"]["briefSummary"] += " Plantova Z leads it with Bo Quillfeather."
    (line,) = bare_json(json.dumps(study).encode(), "study.json")
    assert not re.search("plantova|quillfeather", line, re.IGNORECASE)
    kept = [sponsor["name"]["en"] for sponsor in json.loads(line)["trial"]["sponsors"] if "name" in sponsor]
    assert kept == ["Harbour University"]


def test_a_record_read_before_is_redacted_too() -> None:
    line = raw_records(SAMPLES / "ctgov" / "migraine_api.json")[0]
    (record,) = records_of(line, "own.json", BARE)
    plain = extractor.to_json(record).decode()
    assert "contacts" not in json.loads(plain)["trial"]
    assert not re.search("halloway|yuri|555-01|nurse", plain, re.IGNORECASE)
    (same,) = records_of(line, "own.json", Options())
    assert extractor.to_json(same) == line


def test_numbers_of_companies_on_labels_are_left_out() -> None:
    for document in sorted((SAMPLES / "nmpa").glob("*.txt")):
        (line,) = bare_json(document.read_bytes(), document.name)
        numbers = [
            item.get(field)
            for plain in records(document)
            for item in plain["label"].get("organizations", ())
            for field in ("phone", "fax", "postcode")
        ]
        assert not [number for number in numbers if number and number in line]
        for item in json.loads(line)["label"].get("organizations", ()):
            assert not {"phone", "fax", "postcode"} & item.keys()


def test_persons_in_a_workbook_leave_no_trace() -> None:
    packed = BytesIO()
    with zipfile.ZipFile(SAMPLES / "ictrp" / "search.xlsx") as book, zipfile.ZipFile(packed, "w") as changed:
        for name in book.namelist():
            part = book.read(name).decode()
            if name.endswith("sharedStrings.xml") or "/sheet" in name:
                part = re.sub(r"(<t[^>]*>[^<]{30,})(</t>)", rf"\1 {PLANTED}\2", part)
            changed.writestr(name, part)
    lines = bare_json(packed.getvalue(), "search.xlsx")
    assert any(MASK in line for line in lines)
    assert not [line for line in lines if TRACES.search(line)]


def test_persons_in_a_pdf_leave_no_trace() -> None:
    sheet = Sheet()
    lines = (SAMPLES / "chictr" / "colitis_copied.txt").read_text("utf-8").split("\n")
    lines = [line for line in lines if line.strip()][:40]
    for at, line in enumerate(lines):
        sheet.text(40, 40 + 18 * at, line[:60])
    sheet.text(40, 40 + 18 * len(lines), PLANTED)
    data = press([sheet])
    found, view = review_of(data, "print.pdf", Options(contacts=False, source="chictr"))
    text = view.text
    assert not view.sheets
    assert not TRACES.search(text + "".join(extractor.to_json(record).decode() for record in found))


@pytest.mark.parametrize("ending", [".html", ".md", ".csv", ".json"])
def test_comparisons_hold_no_person(ending: str, tmp_path: Path) -> None:
    """The page of a comparison shows passages of the documents: they are covered like the records."""
    document = SAMPLES / "isrctn" / "bath.json"
    (tmp_path / "later.json").write_bytes(planted(document))
    told = tmp_path / f"changes{ending}"
    assert cli.main(["compare", str(document), str(tmp_path / "later.json"), "--no-contacts", "-q", "-o", str(told)]) == 0
    text = told.read_text("utf-8")
    assert MASK in text
    assert not TRACES.search(text)


@pytest.mark.slow
def test_datasets_hold_no_person(tmp_path: Path) -> None:
    duckdb = pytest.importorskip("duckdb", reason="needs the extra [bulk]")
    folder = tmp_path / "in"
    folder.mkdir()
    for name in NAMED:
        (folder / Path(name).name).write_bytes(planted(SAMPLES / name))
    assert cli.main([str(folder), "-o", f"{tmp_path}/all.duckdb", "--no-contacts", "-q", "--workers", "1"]) == 0
    with duckdb.connect(f"{tmp_path}/all.duckdb", read_only=True) as base:
        for (table,) in base.execute("SELECT table_name FROM duckdb_tables()").fetchall():
            assert not TRACES.search(str(base.table(table).fetchall())), table


def test_the_page_that_tells_what_is_removed_names_every_kind() -> None:
    told = (ROOT / "docs" / "privacy.md").read_text("utf-8")
    for word in ("contacts", "unmapped", "findings", "review page", "exports", "datasets", "not removed"):
        assert word in told
