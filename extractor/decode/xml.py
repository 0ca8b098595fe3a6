"""XML to a document: elements as pairs in document order. No document type is obeyed, nothing outside is ever fetched."""

from __future__ import annotations

import re
from html.entities import html5
from typing import Any
from xml.etree import ElementTree as ET

from extractor.decode.charset import decode_bytes
from extractor.document import Document, Format
from extractor.errors import InputTooLarge, UnreadableInput
from extractor.patterns import lazy_pattern
from extractor.tree import MAX_DEPTH, Element, Sealed, Tree

SEALED = "clinical_results"  # of ClinicalTrials.gov
XML_NAMESPACE = "{http://www.w3.org/XML/1998/namespace}"

_declares = lazy_pattern(r"<!(?:ENTITY|ATTLIST)", re.IGNORECASE)
_forbidden = lazy_pattern(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]|&#(?:0*(?:[0-8]|1[124-9]|2\\d|3[01])|[xX]0*(?:[0-8bBcCeEfF]|1[0-9a-fA-F]));"
)
_ampersand = lazy_pattern(r"&(?!#\d{1,7};|#x[0-9a-fA-F]{1,6};|(?:lt|gt|amp|quot|apos);)(?:([A-Za-z][A-Za-z0-9]{1,30};))?")


def decode(data: bytes, name: str) -> Document:
    """The texts and attributes of an XML document, one a line, with the tree of its elements.

    Raises UnreadableInput for what is no XML (with the place) or declares entities, InputTooLarge for what nests too deep.
    """
    source, sealed = _unsealed(decode_bytes(data).lstrip("\ufeff \t\r\n"))
    root = _parsed(source)
    value = _value(root, 0)
    if sealed and type(value) is Element:
        value.append((SEALED, sealed))
    text, tree = Tree.of(Element([(_local(root.tag), value)]), tidy=True)
    return Document(Format.XML, name, data, text, tree=tree)


def _unsealed(text: str) -> tuple[str, Sealed]:
    """The document without the results section of a single record, and that section as printed: no field takes any of it."""
    start, end = text.find(f"<{SEALED}>"), text.rfind(f"</{SEALED}>")
    if not 0 < start < end or text.find("</", end + 2) != text.rfind("</"):
        return text, Sealed("")
    end += len(SEALED) + 3
    return text[:start] + text[end:], Sealed(text[start:end])


def _parsed(text: str) -> ET.Element:
    if "<!DOCTYPE" in text[:10_000].upper() and _declares.search(text):
        raise UnreadableInput("it declares entities of its own, which are refused as unsafe: save it without its document type")
    try:
        return ET.fromstring(text)  # noqa: S314 (entity declarations are refused above)
    except ET.ParseError:
        return _reparsed(text)
    except ValueError as error:
        raise UnreadableInput(f"this is no XML that can be read ({error}): download it again") from None


def _reparsed(text: str) -> ET.Element:
    """A second try without characters that XML forbids, and with HTML's named characters and lone ampersands made good."""
    try:
        return ET.fromstring(_ampersand.sub(_escaped, _forbidden.sub("", text)))  # noqa: S314
    except (ET.ParseError, ValueError) as error:
        line, column = getattr(error, "position", (0, 0))
        raise UnreadableInput(f"the XML is cut off or damaged at line {line}, column {column}: download it again") from None


def _escaped(match: re.Match[str]) -> str:
    found = html5.get(match[1] or "")
    return "&amp;" + (match[1] or "") if found is None else found.replace("&", "&amp;").replace("<", "&lt;")


def _local(tag: str) -> str:
    return tag.rpartition("}")[2] if tag.startswith("{") else tag


def _value(element: ET.Element, depth: int) -> Any:
    """The text of an element that holds nothing else, else its pairs; None where it is empty."""
    if depth > MAX_DEPTH:
        raise InputTooLarge(f"its elements nest deeper than {MAX_DEPTH} levels: this is no trial record")
    pairs = Element((f"@{_local(key)}", value) for key, value in element.attrib.items() if not key.startswith(XML_NAMESPACE))
    _add_text(pairs, element.text)
    for child in element:
        tag, text = child.tag, child.text
        if len(child) or child.attrib:
            pairs.append((_local(tag), _value(child, depth + 1)))
        elif text and not text.isspace():
            pairs.append((_local(tag), text))
        _add_text(pairs, child.tail)
    if len(pairs) == 1 and pairs[0][0] == "#":
        return pairs[0][1]
    return pairs or None


def _add_text(pairs: Element, text: str | None) -> None:
    if text and not text.isspace():
        pairs.append(("#", text))
