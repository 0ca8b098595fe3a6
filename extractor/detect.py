"""Bytes to format: signatures first, then what the head of the text looks like. The file's name decides only between CSV and text."""

from __future__ import annotations

import re

from extractor.document import Format
from extractor.errors import InputTooLarge, UnreadableInput
from extractor.patterns import lazy_pattern

MAX_BYTES = 128 * 1024 * 1024
HEAD = 8192  # bytes that tell a format: signatures and the first tags stand there, and reading it costs little

# (prefix, what it is): formats that are told apart from documents, with what to do about them.
REFUSED: tuple[tuple[bytes, str], ...] = (
    (b"\x1f\x8b", "this is gzip data: give the file a name that ends in .gz, or unpack it first"),
    (b"\x28\xb5\x2f\xfd", "this is zstd data: give the file a name that ends in .zst, or unpack it first"),
    (b"BZh", "this is bzip2 data: unpack it first"),
    (b"7z\xbc\xaf\x27\x1c", "this is a 7-Zip archive: unpack it first"),
    (b"Rar!", "this is a RAR archive: unpack it first"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "this is an old Office file: save it as PDF or text and try again"),
    (b"\x89PNG", "this is a picture: save the page as HTML or PDF and try again"),
    (b"\xff\xd8\xff", "this is a picture: save the page as HTML or PDF and try again"),
    (b"GIF8", "this is a picture: save the page as HTML or PDF and try again"),
    (b"\x7fELF", "this is a program, not a document"),
    (b"MZ\x90", "this is a program, not a document"),
)
_html = lazy_pattern(r"<!doctype\s+html|<(?:html|head|body|table|div|p|span|article|section|main)\b[^>]*>", re.IGNORECASE)
_xml = lazy_pattern(r"\s*(?:<\?xml\b|<!--|<!DOCTYPE\s+(?!html)\w|<[A-Za-z_][\w:.-]*(?:\s[^<>]*)?/?>)")
_json = lazy_pattern(r'\s*(?:\{\s*(?:"|\})|\[\s*(?:[\[{"\d\]]|true|false|null))')
_control = lazy_pattern(r"[\x00-\x08\x0e-\x1f]")


def detect(data: bytes, name: str = "") -> Format:
    """The format of a document.

    Raises InputTooLarge, or UnreadableInput where the bytes are empty or no document that this tool reads.

    >>> detect(b"<html><body>"), detect(b'{"protocolSection": {}}'), detect(b"%PDF-1.7")
    (<Format.HTML: 'html'>, <Format.JSON: 'json'>, <Format.PDF: 'pdf'>)
    """
    if len(data) > MAX_BYTES:
        raise InputTooLarge(f"{len(data) >> 20} MB is over the limit of {MAX_BYTES >> 20} MB for one document: split it into records first")
    if not data.strip():
        raise UnreadableInput("the file is empty")
    if b"%PDF-" in data[:1024]:
        return Format.PDF
    for prefix, sentence in REFUSED:
        if data.startswith(prefix):
            raise UnreadableInput(sentence)
    return _detect_package(data) if data.startswith(b"PK\x03\x04") else _detect_text(data, name)


def _detect_package(data: bytes) -> Format:
    if b"xl/" in data:
        return Format.XLSX
    if b"word/" in data:
        raise UnreadableInput("this is a Word file: save it as PDF or text and try again")
    raise UnreadableInput("this is a zip archive: give the file a name that ends in .zip, or unpack it first")


def _detect_text(data: bytes, name: str) -> Format:
    from extractor.decode.charset import decode_bytes  # noqa: PLC0415

    head = decode_bytes(data[:HEAD])
    if len(_control.findall(head)) > len(head) // 50:
        raise UnreadableInput("these bytes are no text and no document of a known format")
    stripped = head.lstrip("\ufeff \t\r\n")
    if _json.match(stripped):
        return Format.JSON
    if stripped.startswith("<"):
        return _detect_markup(stripped)
    if _html.search(head) and stripped.count("<") > 5:
        return Format.HTML
    return Format.CSV if _has_columns(head, name) else Format.TEXT


def _detect_markup(head: str) -> Format:
    looks_html = re.search(r"<!doctype\s+html|<html\b", head, re.IGNORECASE)
    if looks_html or (_html.match(head) and not head.startswith("<?xml")):
        return Format.HTML
    return Format.XML if _xml.match(head) else Format.HTML


def _has_columns(head: str, name: str) -> bool:
    """Whether the text is a table: by its name, or by a first line of many separators that the second repeats."""
    lines = [line for line in head.splitlines() if line.strip()][:2]
    suffix = name.lower().rpartition(".")[2]
    if suffix in ("csv", "tsv", "psv"):
        return bool(lines) and any(separator in lines[0] for separator in ",\t|;")
    counts = [max((line.count(separator), separator) for separator in ",\t|") for line in lines]
    if len(counts) < 2 or counts[0][0] < 8:
        return False
    separator = counts[0][1]
    return lines[1].count(separator) >= counts[0][0] // 2 and lines[0].count(" ") < 4 * counts[0][0]
