"""JSON to documents: every leaf stands in the text, whatever the encoding; damage gives one clear sentence."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractor.decode.json import decode
from extractor.errors import InputTooLarge, UnreadableInput
from extractor.tree import Sealed, count_leaves

LEAVES = (
    st.none() | st.booleans() | st.integers() | st.text(alphabet=st.characters(exclude_categories=("Cs",), exclude_characters="&<\\\r\x00"))
)
VALUES = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4), max_leaves=20
)


def document(value: Any, **options: Any) -> Any:
    return decode(json.dumps(value, **options).encode(), "a.json")


def test_leaves_stand_in_order_one_a_line() -> None:
    found = document({"a": "x", "b": [1, True, None, ""], "c": {"d": "y\nz"}})
    assert found.text == "x\n1\ntrue\ny\nz"
    assert found.tree.leaves == ["x", "1", "true", "y\nz"]
    assert [
        found.text[start : start + len(leaf)] for start, leaf in zip(found.tree.starts, found.tree.leaves, strict=False)
    ] == found.tree.leaves


def test_numbers_keep_their_printed_form() -> None:
    assert decode(b'{"a": 1.50, "b": -0.0, "c": 12345678901234567890123, "d": 1e5}', "").text == "1.50\n-0.0\n12345678901234567890123\n1e5"


def test_entities_tags_and_escapes_of_authors_are_decoded() -> None:
    found = document(["age&#32;&gt; 18", "R&D &lt 5", "one<br>two <b>three</b>", r"\>= 2 \[a\]", "<18 years and >3"])
    assert found.tree.leaves == ["age > 18", "R&D &lt 5", "one\ntwo three", ">= 2 [a]", "<18 years and >3"]


def test_sections_without_fields_stay_as_printed() -> None:
    raw = b'{"protocolSection": {"a": "b"}, "resultsSection": {"n": 1.50, "t": "x&lt;y"}}'
    found = decode(raw, "")
    assert found.text == 'b\n{"n":1.50,"t":"x&lt;y"}'
    assert isinstance(found.tree.root["resultsSection"], Sealed)


def test_sections_stay_sealed_inside_wrappers() -> None:
    study = {"protocolSection": {"a": "b"}, "derivedSection": {"c": "d"}}
    for wrapped in ([study], {"studies": [study, study]}, {"FullStudiesResponse": {"FullStudies": [{"Study": study}]}}):
        assert '{"c":"d"}' in document(wrapped).text


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "gb18030"])
def test_encodings(encoding: str) -> None:
    assert (
        decode('{"标题": "纳入标准：年龄大于等于十八岁，自愿参加"}'.encode(encoding), "").text == "纳入标准：年龄大于等于十八岁，自愿参加"
    )


def test_one_object_a_line() -> None:
    found = decode(b'{"a": "x"}\n\n{"a": "y"}\r\n', "a.jsonl")
    assert found.tree.root == [{"a": "x"}, {"a": "y"}]
    assert found.text == "x\ny"


def test_what_strict_readers_refuse_is_read() -> None:
    found = decode(b'{"a": NaN, "b": [Infinity, "\\ud800x"], "c": "line\nfeed"}', "")
    assert found.text == "NaN\nInfinity\n\ufffdx\nline\nfeed"


@pytest.mark.parametrize("raw", [b"", b"{", b'{"a": "b', b'{"a": 1,}', b"nothing", b'{"a": 1}\n{"b": ', b"\xff\xfe\x00\xd8"])
def test_damage_gives_one_sentence(raw: bytes) -> None:
    with pytest.raises(UnreadableInput) as caught:
        decode(raw, "")
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("depth", [100, 100_000])
def test_depth_is_limited(depth: int) -> None:
    with pytest.raises(InputTooLarge):
        decode(b"[" * depth + b"1" + b"]" * depth, "")


@given(VALUES)
def test_every_leaf_stands_at_its_start(value: Any) -> None:
    found = document(value, ensure_ascii=False)
    assert len(found.tree.leaves) == count_leaves(value)
    for leaf, start in zip(found.tree.leaves, found.tree.starts, strict=False):
        assert found.text[start : start + len(leaf)] == leaf


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(raw: bytes) -> None:
    with suppress(UnreadableInput):
        decode(raw, "")
