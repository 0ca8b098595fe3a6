"""JSON to a document: one object, a list of objects, or one object a line.

Numbers keep their printed form. Whole sections of ClinicalTrials.gov records that no field takes are not decoded: each
(of results, each module) stays in the text as one leaf, as printed but for the white space between its parts.
"""

from __future__ import annotations

import json
from typing import Any, Final

import msgspec

from extractor.decode.charset import decode_bytes
from extractor.document import Document, Format
from extractor.errors import InputTooLarge, UnreadableInput
from extractor.tree import Sealed, Tree

# Sections without fields in the record, in the API's spelling and in that of its predecessor.
SEALED = frozenset(
    {
        *("resultsSection", "derivedSection", "documentSection", "annotationSection"),
        *("ResultsSection", "DerivedSection", "DocumentSection", "AnnotationSection"),
    }
)
RESULTS, MEASURES = "resultsSection", "outcomeMeasuresModule"
# What records are wrapped in when a file holds several, or one with its envelope.
WRAPPERS = frozenset({"studies", "study", "FullStudiesResponse", "FullStudies", "FullStudy", "Study"})

TOO_DEEP = "its objects nest too deep: this is no trial record"

_Shallow = dict[str, msgspec.Raw] | list[msgspec.Raw] | str | int | float | bool | None
_shallow: Final = msgspec.json.Decoder(_Shallow)
_whole: Final = msgspec.json.Decoder(float_hook=str)


def decode(data: bytes, name: str) -> Document:
    """The values of a JSON document, one a line, with the tree of its objects.

    Raises UnreadableInput for what is no JSON (with the place), InputTooLarge for what nests too deep.
    """
    text, tree = Tree.of(_decoded(data))
    return Document(Format.JSON, name, data, text, tree=tree)


def _decoded(data: bytes) -> Any:
    try:
        return _opened(data, 0)
    except RecursionError:
        raise InputTooLarge(TOO_DEEP) from None
    except (msgspec.DecodeError, UnicodeDecodeError):
        return _lenient(decode_bytes(data))


def _opened(data: bytes | msgspec.Raw, depth: int) -> Any:
    """The value of `data`; the containers that lead to records are opened one by one, so that sections can stay sealed."""
    level: Any = _shallow.decode(data)
    if type(level) is list:
        return [_opened(raw, depth + 1) if depth < 5 else _whole.decode(raw) for raw in level]
    if type(level) is not dict:
        return _whole.decode(data)
    return {key: _value(key, raw, depth) for key, raw in level.items()}


def _value(key: str, raw: msgspec.Raw, depth: int) -> Any:
    if key == RESULTS:
        return _results(raw)
    if key in SEALED:
        return _sealed(raw)
    return _opened(raw, depth + 1) if key in WRAPPERS and depth < 5 else _whole.decode(raw)


def _sealed(raw: msgspec.Raw) -> Sealed:
    return Sealed(msgspec.json.format(bytes(raw), indent=-1).decode())


def _results(raw: msgspec.Raw) -> Any:
    """Results: the outcome measures opened, every other module sealed; all in one where there are no measures."""
    modules = _shallow.decode(raw)
    if type(modules) is not dict or MEASURES not in modules:
        return _sealed(raw)
    return {key: _whole.decode(module) if key == MEASURES else _sealed(module) for key, module in modules.items()}


def _lenient(text: str) -> Any:
    """What a strict reader refuses: other encodings, one object a line, NaN, lone surrogates, line feeds inside strings."""
    lines = [line for line in text.splitlines() if line.strip()]
    if len(lines) > 1 and all(line.lstrip().startswith(("{", "[")) for line in lines):
        return [_opened(_strict(line), 1) for line in lines]
    return _opened(_strict(text), 0)


def _strict(text: str) -> bytes:
    """The same JSON as a strict reader wants it."""
    try:
        value = json.loads(text, parse_float=str, parse_constant=str, strict=False)
    except json.JSONDecodeError as error:
        raise UnreadableInput(f"the JSON is cut off or damaged at line {error.lineno}, column {error.colno}: download it again") from None
    except ValueError as error:
        raise UnreadableInput(f"this is no JSON that can be read ({error}): download it again") from None
    except RecursionError:
        raise InputTooLarge(TOO_DEEP) from None
    return json.dumps(value, ensure_ascii=False).encode("utf-16", "surrogatepass").decode("utf-16", "replace").encode()
