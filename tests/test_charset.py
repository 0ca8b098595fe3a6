from __future__ import annotations

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractor.decode.charset import clean_entities, clean_line_ends, decode_bytes

CHINESE = "注册号状态：预注册；纳入标准：1、年龄18～75岁；2、血小板≥100×10⁹/L。"
PAGE = "<html><head><meta charset='{}'></head><body><p>{}</p></body></html>"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32", "gb18030"])
def test_chinese_in_every_encoding(encoding: str) -> None:
    assert decode_bytes(CHINESE.encode(encoding)) == CHINESE


@pytest.mark.parametrize(
    ("mark", "encoding"), [(codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"), (b"", "utf-16-le"), (b"", "utf-16-be")]
)
def test_utf_16_with_and_without_a_mark(mark: bytes, encoding: str) -> None:
    text = "Public title: " + CHINESE
    assert decode_bytes(mark + text.encode(encoding)) == text


@pytest.mark.parametrize("declared", ["gb2312", "GBK", "gb18030", "x-gbk"])
def test_a_page_that_declares_a_part_of_gb18030(declared: str) -> None:
    page = PAGE.format(declared, "镕字不在 GB 2312 里：〇")
    assert decode_bytes(page.encode("gb18030"), html=True) == page


def test_a_wrong_declaration_does_not_break_utf_8() -> None:
    page = PAGE.format("gb2312", CHINESE)
    assert decode_bytes(page.encode(), html=True) == page


def test_western_text() -> None:
    text = "Âge ≥ 18 – naïve café".replace("≥", ">")
    assert decode_bytes(text.encode("windows-1252")) == text


def test_damaged_utf_8_stays_utf_8() -> None:
    data = (CHINESE * 20).encode()
    damaged = data[:100] + b"\xff" + data[101:]
    text = decode_bytes(damaged)
    assert text.count("\ufffd") in (1, 2, 3)
    assert text.endswith(CHINESE)


@given(st.text(max_size=200))
def test_utf_8_is_never_changed(text: str) -> None:
    data = text.encode("utf-8", "ignore")
    if "\0" not in text and not data.startswith((codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        assert decode_bytes(data) == data.decode()


@given(st.binary(max_size=200), st.booleans())
def test_never_fails(data: bytes, html: bool) -> None:
    assert isinstance(decode_bytes(data, html=html), str)


@given(st.text(max_size=200))
def test_line_ends_and_entities_never_fail(text: str) -> None:
    cleaned = clean_line_ends(text)
    assert not set(cleaned) & set("\r\x0b\x0c\x85\u2028\u2029\0")
    assert clean_line_ends(cleaned) == cleaned
    assert isinstance(clean_entities(text), str)


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("&gt;18 &amp; &#8805;2 &#x2265;3", ">18 & ≥2 ≥3"),
        ("a&#32;b", "a b"),
        ("AT&T &lt 5 &unknown; &;", "AT&T &lt 5 &unknown; &;"),
        ("no reference", "no reference"),
    ],
)
def test_entities(text: str, clean: str) -> None:
    assert clean_entities(text) == clean


@pytest.mark.parametrize(
    "name", ["x\x00y", "hex", "rot13", "zlib", "unicode_escape", "idna", "punycode", "undefined", "utf-7", "mbcs", "no-such", "", "é"]
)
@pytest.mark.parametrize("head", ['<?xml version="1.0" encoding="{}"?><a>', '<html><meta charset="{}">'])
def test_odd_encodings_in_a_declaration_are_not_obeyed(name: str, head: str) -> None:
    data = head.format(name).encode() + b"caf\xe9 \\u0041 +AEE-"
    assert decode_bytes(data, html=head.startswith("<html")).endswith("café \\u0041 +AEE-")
