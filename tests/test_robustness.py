"""Any bytes whatever give records or one clear sentence: never a traceback, never a half-read record."""

from __future__ import annotations

import csv
import json
import random
import re
from pathlib import Path

import pytest
from documents import BROKEN, SAMPLES, check_schema, documents, shown
from hypothesis import given
from hypothesis import strategies as st

import extractor
from extractor import ExtractError, cli, detect
from extractor.label.fields.results import parse_result
from extractor.normalise.ucum import parse_unit

SUFFIXES = ("", ".html", ".txt", ".json", ".xml", ".csv", ".pdf", ".xlsx", ".bin")
PIECES = (
    b"<html>", b"<table><tr><td>", b"</td></tr>", b"<textarea>", b"\xe6\xb3\xa8\xe5\x86\x8c\xe5\x8f\xb7\xef\xbc\x9a", b"Public title:", b"\n",
    b'{"protocolSection": ', b"[", b"]", b"}", b"<?xml version='1.0'?>", b"<trials>", b"<clinical_study>", b"NCT09999999", b"\0", b"\xff\xfe",
    b"%PDF-1.7\n", b"Inclusion Criteria:\n* ", b"1. ", b"1.", b"(1)", b">= 18 years", b"\xe3\x80\x90\xe8\x8d\xaf\xe5\x93\x81\xe5\x90\x8d\xe7\xa7\xb0\xe3\x80\x91",
    b"TrialID,", b",", b'"', b"&lt;", b"&#0;", b"PK\x03\x04", b"\x1f\x8b", b"\xef\xbb\xbf",
)  # fmt: skip
SMALL = [document for document in documents() if document.stat().st_size < 60_000]
STRUCTURED = [document for document in SMALL if document.suffix in (".json", ".xml", ".csv")]


def attempt(data: bytes, name: str = "") -> str:
    """What comes of the bytes: "" for records, else the sentence."""
    try:
        for record in extractor.extract(data, name):
            line = extractor.to_json(record)
            assert b":null" not in line  # as an infinite number would be written
            assert json.loads(line)["kind"] in ("trial", "label")
    except ExtractError as error:
        sentence = str(error)
        assert sentence
        assert "\n" not in sentence
        assert len(sentence) < 400
        return sentence
    return ""


@given(st.binary(max_size=400), st.sampled_from(SUFFIXES))
def test_any_bytes(data: bytes, suffix: str) -> None:
    attempt(data, f"document{suffix}")


@given(st.text(max_size=300), st.sampled_from(SUFFIXES), st.sampled_from(("utf-8", "utf-16", "gb18030", "latin-1")))
def test_any_text(text: str, suffix: str, encoding: str) -> None:
    attempt(text.encode(encoding, "replace"), f"document{suffix}")


@given(st.lists(st.sampled_from(PIECES) | st.binary(max_size=6), max_size=60), st.sampled_from(SUFFIXES))
def test_pieces_of_known_layouts(pieces: list[bytes], suffix: str) -> None:
    attempt(b"".join(pieces), f"document{suffix}")


@pytest.mark.parametrize("document", SMALL, ids=shown)
def test_a_page_cut_off_anywhere(document: Path) -> None:
    data = document.read_bytes()
    for at in random.Random(1).sample(range(len(data)), 6):
        attempt(data[:at], document.name)


@pytest.mark.parametrize("document", SMALL, ids=shown)
def test_a_page_with_damaged_bytes(document: Path) -> None:
    chance = random.Random(2)
    for _ in range(3):
        data = bytearray(document.read_bytes())
        for _ in range(40):
            data[chance.randrange(len(data))] = chance.randrange(256)
        attempt(bytes(data), document.name)


@pytest.mark.parametrize("document", SMALL, ids=shown)
def test_a_page_whose_lines_are_shuffled(document: Path) -> None:
    lines = document.read_bytes().split(b"\n")
    random.Random(3).shuffle(lines)
    attempt(b"\n".join(lines), document.name)


@pytest.mark.parametrize("document", STRUCTURED, ids=shown)
def test_a_wrong_extension_changes_nothing(document: Path) -> None:
    if document.suffix == ".csv":
        pytest.skip("only the extension tells a small table from a text")
    for suffix in (".html", ".txt", ""):
        assert attempt(document.read_bytes(), f"wrong{suffix}") == ""


@pytest.mark.parametrize("encoding", ["gb18030", "utf-16", "utf-8-sig"])
def test_other_encodings_of_a_copied_text(encoding: str) -> None:
    document = SAMPLES / "chictr" / "colitis_copied.txt"
    (want,) = extractor.extract(document.read_bytes(), document.name)
    (have,) = extractor.extract(document.read_text("utf-8").encode(encoding), document.name)
    assert have.trial == want.trial


@pytest.mark.parametrize("digits", ["9" * 400, "1" * 4301], ids=["infinite", "unreadable"])
@pytest.mark.parametrize("document", [path for path in SMALL if path.suffix not in (".pdf", ".xlsx")], ids=shown)
def test_numbers_that_are_too_long_to_be_read(document: Path, digits: str) -> None:
    text = document.read_text("utf-8")
    places = [match.span() for match in re.finditer(r"\d+", text)]
    for start, end in random.Random(4).sample(places, min(4, len(places))):
        attempt((text[:start] + digits + text[end:]).encode(), document.name)


@pytest.mark.parametrize(
    "text",
    [
        "1. age &#" + "9" * 4301 + "; x",
        "1. age &#x" + "9" * 4301 + "; x",
        "Inclusion Criteria:\n1. Age > " + "9" * 4301 + " years\n" + "2" * 4301 + ". ALT < 1." + "5" * 4301,
        "纳入标准：\n1. 年龄≥" + "9" * 400 + "岁；血小板≥" + "1" * 4301 + "×10^9/L",
        "1. half of a character \ud800 age > 18 years",
        "ECOG 0-" + "1" * 4301,
    ],
)
def test_criteria_that_hold_what_cannot_be_read(text: str) -> None:
    assert b"null" not in extractor.to_json(extractor.parse_criteria(text))
    assert b"null" not in extractor.to_json(extractor.parse_constraints(text))


def test_numbers_with_marks_and_no_end_are_no_numbers() -> None:
    assert parse_result("1," * 400, "应答率") == {} == parse_result("5 [" + "1," * 400 + "-2]", "应答率")
    assert parse_result("12,345", "例数")["value"].value == 12345
    for unit in ("10*99999", "m9999", "9" * 40):
        with pytest.raises(ValueError, match="no unit"):
            parse_unit(unit)


def test_a_file_name_that_no_encoding_can_write() -> None:
    document = SAMPLES / "ctgov" / "migraine_api.json"
    (record,) = extractor.extract(document.read_bytes(), "caf\udce9.json")
    assert json.loads(extractor.to_json(record))["source"]["file"] == "caf\ufffd.json"


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("cde/heartburn_copied.txt", "申请人名称", "申请人"),
        ("nmpa/tablets_plain.txt", "每次", "每次1.2.3.4片，推荐剂量为每次"),
        ("ctgov/export_today.csv", "Enrollment", "²"),
        ("ictrp/search.csv", "18", "1" * 4301),
        ("nmpa/lotus_2024.txt", "【执行标准】", "\ufeff"),
        ("drks/tea.json", '"locale": "de"', '"locale": "German, formal"'),
        ("drks/tea.json", '"arm": 1', '"arm": "³"'),
        ("ctis/socks.json", '"number": 1', '"number": "' + "9" * 4301 + '"'),
        ("chictr/colitis_saved.html", "-0", "-0-0"),
    ],
)
def test_odd_words_where_numbers_and_roles_are_expected(name: str, old: str, new: str) -> None:
    text = (SAMPLES / name).read_text("utf-8")
    assert old in text
    attempt(text.replace(old, new).encode(), name)


@pytest.mark.parametrize(
    "page",
    [
        "<p " + " ".join(f"a{n}" for n in range(20_000)) + ">",
        "<p " + " ".join(f"a{n}='>'" for n in range(20_000)) + ">",
        "<!-- " + "<p> " * 20_000 + "--><p/" + "/".join(f'a{n}="<"' for n in range(20_000)) + ">",
    ],
    ids=["bare", "quoted", "slashes"],
)
def test_an_element_with_more_attributes_than_any_layout_has(page: str) -> None:
    assert "more than 2,000 attributes" in attempt(f"<html><body>{page}</body></html>".encode(), "x.html")


@pytest.mark.parametrize(
    "page",
    [
        "<script>if (a<b) {" + " word" * 20_000 + "}</script>",
        "<!-- <p" + " word" * 20_000 + "-->",
        "<textarea><p" + " word" * 20_000 + "</textarea>",
        '<img src="data:' + "a b" * 40_000 + '">',
        "<p>a &lt;b" + " word" * 20_000 + "</p>",
        "<p>a < b" + " word" * 20_000 + "</p>",
        "<p a=1 b=2>word</p>" * 5000,
    ],
    ids=["script", "comment", "textarea", "value", "entity", "sign", "many"],
)
def test_what_only_looks_like_many_attributes_is_read(page: str) -> None:
    assert "attributes" not in attempt(f"<html><body>{page}</body></html>".encode(), "x.html")


def cases() -> list[dict[str, str]]:
    with (BROKEN / "ERRORS.tsv").open(encoding="utf-8") as lines:
        return list(csv.DictReader(lines, delimiter="\t"))


def test_every_broken_sample_is_listed() -> None:
    assert sorted(case["document"] for case in cases()) == sorted(path.name for path in BROKEN.iterdir() if path.name != "ERRORS.tsv")


@pytest.mark.parametrize("case", cases(), ids=lambda case: case["document"])
def test_broken_sample(case: dict[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    place = BROKEN / case["document"]
    with pytest.raises(getattr(extractor, case["error"])) as caught:
        list(extractor.extract(place.read_bytes(), place.name))
    assert type(caught.value).__name__ == case["error"]
    assert str(caught.value) == case["sentence"]
    assert cli.main([str(place)]) == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith(f"extract: {place}: ")
    assert err.count("\n") == 1


def test_over_the_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(detect, "MAX_BYTES", 1000)
    with pytest.raises(extractor.InputTooLarge, match="over the limit"):
        list(extractor.extract(b"<html>" * 1000))


@pytest.mark.parametrize(
    "data",
    [
        b"<div>" * 50_000,
        b"<table><tr><td>" * 5_000,
        b"<ul><li>" * 5_000 + b"text",
        b'{"a":' * 5_000 + b"1" + b"}" * 5_000,
        b"[" * 5_000 + b"]" * 5_000,
        ("（" * 20_000).encode(),
        b"Inclusion Criteria:\n" + b"".join(b"  " * depth + b"* a\n" for depth in range(300)),
        b"1.1." * 20_000,
        b"\n" * 200_000,
        b"a," * 50_000 + b"\n" + b"b," * 50_000,
    ],
    ids=lambda data: data[:12].decode("utf-8", "replace"),
)
def test_deep_or_monotonous(data: bytes) -> None:
    attempt(data, "document.html")
    attempt(data)


def test_a_record_inside_deep_nesting_is_still_found() -> None:
    page = (SAMPLES / "chictr" / "colitis_saved.html").read_bytes()
    nested = page.replace(b"<body>", b"<body>" + b"<div>" * 400)
    (record,) = extractor.extract(nested, "nested.html")
    assert record.id == "ChiCTR2699000001"


def test_hostile_criteria_inside_a_page() -> None:
    page = (SAMPLES / "chictr" / "colitis_saved.html").read_text("utf-8")
    for hostile in ("1." * 3000, "(" * 3000, "≥" * 3000, "①" * 2000, "18-" * 2000, "a.b.c." * 1000, "或" * 3000, "/" * 3000):
        (record,) = extractor.extract(page.replace("1.妊娠或哺乳期妇女；", hostile).encode(), "page.html")
        check_schema(json.loads(extractor.to_json(record)))
