"""XML to documents: values keep their lines, damage is told, nothing outside the document is obeyed."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractor.decode.xml import decode
from extractor.errors import InputTooLarge, UnreadableInput
from extractor.tree import Element, Sealed


def test_pairs_in_document_order() -> None:
    found = decode(b'<r a="1"><x t="Actual">April 2004</x><y>one</y><x>two</x><z/></r>', "")
    assert found.tree.root == [("r", [("@a", "1"), ("x", [("@t", "Actual"), ("#", "April 2004")]), ("y", "one"), ("x", "two")])]
    assert found.text == "1\nActual\nApril 2004\none\ntwo"
    assert isinstance(found.tree.root, Element)


def test_indentation_and_blank_lines_inside_a_value_stay() -> None:
    found = decode(b"<r><t>\n        Inclusion:\n\n          -  one\n             more\n      </t><u>\n  2014-06 \n</u></r>", "")
    assert found.tree.leaves == ["        Inclusion:\n\n          -  one\n             more", "2014-06"]


def test_markup_that_was_escaped_twice() -> None:
    found = decode(b"<r><a>one&#x0D;&lt;br&gt;two &amp;lt; 3</a><b>x &lt; 5 &amp;amp; y</b></r>", "")
    assert found.tree.leaves == ["one\ntwo < 3", "x < 5 & y"]


def test_namespaces_and_space_attributes_are_left_out() -> None:
    found = decode(b'<n:r xmlns:n="u"><n:a xml:space="preserve">  x  </n:a></n:r>', "")
    assert found.tree.root == [("r", [("a", "  x  ")])]
    assert found.text == "x"


def test_text_beside_elements_stays() -> None:
    assert decode(b"<r>one<b>two</b>three</r>", "").text == "one\ntwo\nthree"


def test_results_section_stays_as_printed() -> None:
    found = decode(b"<clinical_study><a>x</a><clinical_results><g><t>n</t></g></clinical_results></clinical_study>", "")
    assert found.text == "x\n<clinical_results><g><t>n</t></g></clinical_results>"
    assert isinstance(found.tree.root[0][1][-1][1], Sealed)


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("<?xml version='1.0' encoding='ISO-8859-1'?><r>Per\u00fa</r>".encode("latin-1"), "Perú"),
        ("<?xml version='1.0' encoding='UTF-16'?><r>纳入</r>".encode("utf-16"), "纳入"),
        ("<?xml version='1.0' encoding='gb2312'?><r>纳入标准与排除标准</r>".encode("gb18030"), "纳入标准与排除标准"),
        (b"\xef\xbb\xbf\n<?xml version='1.0'?><r>x</r>", "x"),
        (b"<r>a\x0bb &nbsp;&foo; R&D &#x1F;c</r>", "ab \xa0&foo; R&D c"),
    ],
)
def test_encodings_and_small_damage(raw: bytes, text: str) -> None:
    assert decode(raw, "").text == text


def test_a_document_type_without_entities_does_no_harm() -> None:
    assert decode(b'<!DOCTYPE r SYSTEM "http://nowhere.example/r.dtd"><r>x</r>', "").text == "x"


@pytest.mark.parametrize(
    "raw",
    [
        b'<!DOCTYPE r [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><r>&b;</r>',
        b'<!DOCTYPE r [<!ENTITY a SYSTEM "file:///etc/passwd">]><r>&a;</r>',
        b'<!DOCTYPE r [<!ENTITY % p SYSTEM "http://nowhere.example/"> %p;]><r/>',
    ],
)
def test_entity_declarations_are_refused(raw: bytes) -> None:
    with pytest.raises(UnreadableInput, match="entities"):
        decode(raw, "")


@pytest.mark.parametrize("raw", [b"<r><a>x</a>", b"<r><a></r>", b"<r/>x", b"no markup", b"<"])
def test_damage_gives_the_place(raw: bytes) -> None:
    with pytest.raises(UnreadableInput, match="line 1"):
        decode(raw, "")


def test_depth_is_limited() -> None:
    with pytest.raises(InputTooLarge):
        decode(b"<a>" * 5000 + b"</a>" * 5000, "")


@given(st.text(max_size=200))
def test_any_text_is_read_or_refused(text: str) -> None:
    with suppress(UnreadableInput):
        decode(f"<r>{text}</r>".encode("utf-8", "replace"), "")
