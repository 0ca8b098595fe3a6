"""Bytes to text: byte order mark, UTF-8, declared charset, UTF-16 without a mark, gb18030, Windows-1252, in that order.

BeautifulSoup's `EncodingDetector` reads the declarations of HTML and XML; it is imported only when the bytes are not UTF-8.
"""

from __future__ import annotations

import codecs
import re

from extractor.patterns import lazy_pattern

MARKS: tuple[tuple[bytes, str], ...] = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# GB 2312 calls by these names what pages of today write in its superset; the WHATWG encoding standard does the same.
SUPERSETS = {"gb2312": "gb18030", "gbk": "gb18030", "x-gbk": "gb18030", "iso-8859-1": "windows-1252", "ascii": "windows-1252"}
# How the names begin, in Python's spelling, of the encodings that the WHATWG encoding standard lists, and of UTF-32. Python knows others
# that are none of pages: escapes, compression, domain names.
OF_PAGES = (
    *(
        "utf-8",
        "utf-16",
        "utf-32",
        "gb",
        "hz",
        "big5",
        "euc_",
        "shift_jis",
        "iso2022_jp",
        "iso8859",
        "cp125",
        "cp866",
        "cp874",
        "cp932",
        "cp949",
        "cp950",
    ),
    *("koi8", "mac-", "latin", "ascii", "tis-620"),
)
HEAD = 4000  # bytes that are looked at for zeros
WIDE_SHARE = 50  # of so many bytes of UTF-16 one at least is the zero of an ASCII character: a line feed, a digit
TOLERATED = 0.02  # share of broken sequences up to which a text is taken as damaged UTF-8

_entity = lazy_pattern(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,30});")
_line_end = lazy_pattern("\r\n?|\x0b|\x0c|\x85|\u2028|\u2029")


def decode_bytes(data: bytes, *, html: bool = False) -> str:
    """The text of `data` without a byte order mark; what cannot be decoded becomes U+FFFD. Never fails.

    >>> decode_bytes("注册号".encode("gb18030")), decode_bytes("纳入标准：1. 年龄".encode("utf-16"))
    ('注册号', '纳入标准：1. 年龄')
    """
    for mark, encoding in MARKS:
        if data.startswith(mark):
            return data[len(mark) :].decode(encoding, "replace")
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return _decode_undeclared(data, html=html)
    return _decode_wide(data) if _looks_wide(data) else text


def _decode_undeclared(data: bytes, *, html: bool) -> str:
    lenient = data.decode("utf-8", "replace")
    if lenient.count("\ufffd") <= TOLERATED * max(1, sum(c > "\x7f" for c in lenient)):
        return lenient
    for encoding in (_declared(data, html=html), "gb18030"):
        text = _decoded(data, encoding)
        if text is not None and (encoding != "gb18030" or _reads_as_chinese(text)):
            return text
    return _decode_wide(data) if _looks_wide(data) else data.decode("windows-1252", "replace")


def _declared(data: bytes, *, html: bool) -> str:
    from bs4.dammit import EncodingDetector  # noqa: PLC0415 (60 ms that UTF-8 documents need not pay)

    name = EncodingDetector.find_declared_encoding(data, is_html=html, search_entire_document=False) or ""
    return SUPERSETS.get(name.lower(), name)


def _decoded(data: bytes, encoding: str) -> str | None:
    """The text in an encoding that pages are written in; None in any other, or where it does not fit."""
    try:
        return data.decode(encoding) if codecs.lookup(encoding).name.startswith(OF_PAGES) else None
    except (UnicodeError, LookupError, ValueError):  # a NUL in the name of an encoding is a ValueError
        return None


def _reads_as_chinese(text: str) -> bool:
    """Whether most of what is not ASCII are everyday ideographs (GB 2312 level 1 and Chinese punctuation)."""
    wide = [c for c in text if c > "\x7f"]
    everyday = sum("\u4e00" <= c <= "\u9fff" or "\u3000" <= c <= "\u303f" or "\uff00" <= c <= "\uffef" for c in wide)
    return everyday >= 0.7 * len(wide)


def _looks_wide(data: bytes) -> bool:
    """Whether zero bytes stand as in UTF-16, beside ASCII characters: many, and nearly all of them at even places or at odd ones."""
    head = data[:HEAD]
    few, many = sorted((head[::2].count(0), head[1::2].count(0)))
    return many > 1 and many * WIDE_SHARE >= len(head) and few * 10 <= many


def _decode_wide(data: bytes) -> str:
    """UTF-16 without a mark: the zero bytes of its ASCII characters say which end comes first."""
    head = data[:HEAD]
    encoding = "utf-16-le" if head[1::2].count(0) >= head[::2].count(0) else "utf-16-be"
    return data[: len(data) // 2 * 2].decode(encoding, "replace")


def clean_line_ends(text: str) -> str:
    r"""Every kind of line end becomes a line feed; NUL characters go.

    >>> clean_line_ends("a\r\nb\rc\x0cd")
    'a\nb\nc\nd'
    """
    return _line_end.sub("\n", text).replace("\x00", "")


def clean_entities(text: str) -> str:
    """Well-formed character references that stand in plain values are decoded; a bare "&lt" stays.

    >>> clean_entities("age &gt; 18 &amp; R&D &lt 5")
    'age > 18 & R&D &lt 5'
    """
    return _entity.sub(_reference, text) if "&" in text else text


def _reference(match: re.Match[str]) -> str:
    from html import unescape  # noqa: PLC0415

    return unescape(match.group())
