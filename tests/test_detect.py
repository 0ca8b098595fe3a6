from __future__ import annotations

from contextlib import suppress

import pytest
from documents import documents, shown
from hypothesis import given
from hypothesis import strategies as st

from extractor.detect import MAX_BYTES, REFUSED, detect
from extractor.document import Format
from extractor.errors import InputTooLarge, UnreadableInput

TABLE = "TrialID,Last_Refreshed,Public_title,Scientific_title,Acronym,Sponsor,Register,Status,Phase\n1,2,3,4,5,6,7,8,9\n"


@pytest.mark.parametrize(
    ("data", "name", "kind"),
    [
        (b"<!DOCTYPE html><html><body>x", "", Format.HTML),
        (b"\xef\xbb\xbf\r\n <HTML lang=en>", "", Format.HTML),
        (b"<div class='project-ms'><table>", "", Format.HTML),
        ("<html>注册号".encode("utf-16"), "", Format.HTML),
        (b"<!-- saved from url --><!DOCTYPE html><html>", "", Format.HTML),
        (b'<?xml version="1.0"?><trials><trial>', "", Format.XML),
        (b"<clinical_study rank='1'>", "page.html", Format.XML),
        (b'<?xml version="1.0"?><!DOCTYPE html><html xmlns="http://www.w3.org/1999/xhtml">', "", Format.HTML),
        (b' {"protocolSection": {}}', "", Format.JSON),
        (b'[{"protocolSection": {}}]', "x.txt", Format.JSON),
        (b"[Study title] of a text in brackets", "", Format.TEXT),
        (b"{curly} text", "", Format.TEXT),
        (b"\n\n%PDF-1.4\n...", "", Format.PDF),
        (b"PK\x03\x04....xl/workbook.xml", "", Format.XLSX),
        (TABLE.encode(), "", Format.CSV),
        (TABLE.replace(",", "\t").encode(), "", Format.CSV),
        (b"NCT Number,Study Title\nNCT09999999,x\n", "studies.csv", Format.CSV),
        (b"NCT Number,Study Title\nNCT09999999,x\n", "studies.txt", Format.TEXT),
        (b"Inclusion Criteria:\n* Age > 18, consent, BMI, height, weight, sex, language, phone, address\n", "", Format.TEXT),
        ("注册号：\n\nChiCTR2699000001\n".encode("gb18030"), "", Format.TEXT),
    ],
)
def test_formats(data: bytes, name: str, kind: Format) -> None:
    assert detect(data, name) is kind


@pytest.mark.parametrize("document", documents(), ids=shown)
def test_samples_are_told_by_their_content(document) -> None:
    data = document.read_bytes()
    kind = detect(data, document.name)
    if kind is not Format.CSV:
        assert detect(data, "") is kind


@pytest.mark.parametrize(("prefix", "sentence"), REFUSED, ids=[sentence[:30] for _, sentence in REFUSED])
def test_other_formats_are_refused_with_advice(prefix: bytes, sentence: str) -> None:
    with pytest.raises(UnreadableInput, match=sentence[:20]):
        detect(prefix + b"\0" * 20, "page.html")


@pytest.mark.parametrize("data", [b"", b"  \r\n\t", b"\0\1\2\3\4" * 20, b"PK\x03\x04....word/document.xml", b"PK\x03\x04....other"])
def test_what_is_no_document(data: bytes) -> None:
    with pytest.raises(UnreadableInput):
        detect(data)


def test_a_limit_is_named_with_advice(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("extractor.detect.MAX_BYTES", 10)
    with pytest.raises(InputTooLarge, match="split it into records first"):
        detect(b"x" * 11)
    assert MAX_BYTES > 1 << 20


@given(st.binary(max_size=200), st.text(max_size=12))
def test_never_anything_else(data: bytes, name: str) -> None:
    with suppress(UnreadableInput):
        assert isinstance(detect(data, name), Format)
