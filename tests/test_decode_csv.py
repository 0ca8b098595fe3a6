"""Tables to documents: delimiters, quotes, tables without a header, workbooks."""

from __future__ import annotations

import zipfile
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractor.decode import xlsx
from extractor.decode.csv import decode
from extractor.document import Format
from extractor.errors import InputTooLarge, UnreadableInput

MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'


def workbook(rows: str, shared: str = "", head: str = "") -> bytes:
    data = BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as book:
        book.writestr("xl/worksheets/sheet1.xml", f"{head}<worksheet {MAIN}><sheetData>{rows}</sheetData></worksheet>")
        if shared:
            book.writestr("xl/sharedStrings.xml", f"<sst {MAIN}>{shared}</sst>")
    return data.getvalue()


@pytest.mark.parametrize("sign", [",", "\t", ";", "|"])
def test_delimiters(sign: str) -> None:
    found = decode(sign.join(("nct_id", "title")).encode() + b"\n" + sign.join(("NCT09900001", '"a, b; c"')).encode(), "")
    assert found.tree.root == [[("nct_id", "NCT09900001"), ("title", "a, b; c")]]
    assert found.format is Format.CSV


def test_lines_inside_quotes_and_empty_cells() -> None:
    found = decode(b'a,b,c\r\n"x ""y""\r\n z",,1\r\n,,\r\n', "")
    assert found.tree.root == [[("a", 'x "y"\r\n z'), ("c", "1")]]
    assert found.text == 'x "y"\n z\n1'


def test_a_first_row_of_values_is_no_header() -> None:
    found = decode(
        b'"NCT09900001","3 May 2030","","A title","","https://example.org"\n"NCT09900002","x","","","","https://example.org"\n', ""
    )
    assert [row[0] for row in found.tree.root] == [("0", "NCT09900001"), ("0", "NCT09900002")]


def test_more_cells_than_names_are_kept() -> None:
    assert decode(b"a,b\n1,2,3\n", "").tree.root == [[("a", "1"), ("b", "2"), ("2", "3")]]


def test_utf16_with_mark() -> None:
    assert decode("名称\t值\n甲\t乙\n".encode("utf-16"), "").tree.root == [[("名称", "甲"), ("值", "乙")]]


def test_workbook_with_shared_and_inline_strings() -> None:
    rows = (
        '<row><c r="A1" t="s"><v>0</v></c><c r="C1" t="inlineStr"><is><t>size</t></is></c></row>'
        '<row><c r="A2" t="s"><v>1</v></c><c r="C2"><v>40</v></c><c r="D2" t="b"><v>1</v></c></row>'
    )
    found = xlsx.decode(workbook(rows, "<si><t>name</t></si><si><r><t>two </t></r><r><t>runs</t></r></si>"), "")
    assert found.tree.root == [[("name", "two runs"), ("size", "40"), ("3", "true")]]
    assert found.format is Format.XLSX


def test_days_of_a_workbook_are_dates_and_an_empty_first_sheet_is_passed() -> None:
    data = BytesIO()
    with zipfile.ZipFile(data, "w") as book:
        book.writestr("xl/worksheets/sheet1.xml", f"<worksheet {MAIN}><sheetData/></worksheet>")
        rows = '<row><c t="str"><v>day</v></c><c t="str"><v>size</v></c></row><row><c s="1"><v>43878</v></c><c s="0"><v>43878</v></c></row>'
        book.writestr("xl/worksheets/sheet2.xml", f"<worksheet {MAIN}><sheetData>{rows}</sheetData></worksheet>")
        formats = '<numFmts><numFmt numFmtId="170" formatCode="yyyy\\-mm"/></numFmts>'
        book.writestr(
            "xl/styles.xml", f'<styleSheet {MAIN}>{formats}<cellXfs><xf numFmtId="0"/><xf numFmtId="170"/></cellXfs></styleSheet>'
        )
    assert xlsx.decode(data.getvalue(), "").tree.root == [[("day", "2020-02-17"), ("size", "43878")]]


def test_an_empty_table_is_told() -> None:
    with pytest.raises(UnreadableInput):
        decode(b"\n \n", "")


@pytest.mark.parametrize(
    "raw",
    [
        b"PK\x03\x04 cut",
        workbook('<row><c t="s"><v>7</v></c></row>', "<si><t>a</t></si>"),
        workbook("<row>", "<si><t>a</t></si>"),
        workbook("", head='<!DOCTYPE x [<!ENTITY a "b">]>'),
        workbook(""),
    ],
)
def test_damaged_workbooks_are_told(raw: bytes) -> None:
    with pytest.raises(UnreadableInput):
        xlsx.decode(raw, "")


@given(st.lists(st.lists(st.text(max_size=12), min_size=1, max_size=5), min_size=1, max_size=5))
def test_any_table_is_read_or_refused(rows: list[list[str]]) -> None:
    try:
        found = decode("\n".join(",".join(row) for row in rows).encode("utf-8", "replace"), "")
    except UnreadableInput:
        return
    for leaf, start in zip(found.tree.leaves, found.tree.starts, strict=False):
        assert found.text[start : start + len(leaf)] == leaf


NARROW = '<row><c r="A1" t="inlineStr"><is><t>NCT Number</t></is></c><c r="B1" t="inlineStr"><is><t>Title</t></is></c></row>'


def test_a_cell_far_to_the_right_costs_one_cell() -> None:
    rows = NARROW + '<row><c r="A2"><v>1</v></c><c r="XFD2"><v>2</v></c></row>' * 3
    assert xlsx.decode(workbook(rows, ""), "").tree.root == [[("NCT Number", "1"), ("16383", "2")]] * 3


@pytest.mark.parametrize("name", ["XFE2", "ZZZ2", "AAAAAAAA2"])
def test_a_cell_beyond_the_last_column_is_refused(name: str) -> None:
    with pytest.raises(InputTooLarge, match="beyond its 16,384 columns"):
        xlsx.decode(workbook(NARROW + f'<row><c r="{name}"><v>1</v></c></row>', ""), "")


def test_a_workbook_that_unpacks_like_a_bomb_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("extractor.limits.Bomb.__init__.__defaults__", (1 << 20,))
    with pytest.raises(InputTooLarge, match="as a bomb does"):
        xlsx.decode(workbook(NARROW, "<si><t>" + " " * (1 << 23) + "</t></si>"), "")


def test_all_parts_of_a_workbook_together_are_held_to_the_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xlsx, "LARGEST_PART", 3000)
    with pytest.raises(InputTooLarge, match="a part of the workbook"):
        xlsx.decode(workbook(NARROW * 50, ""), "")


@pytest.mark.parametrize("value", ["9" * 5000, "²", "-1", "99", "1.5"])
def test_a_reference_to_no_string_is_told(value: str) -> None:
    with pytest.raises(UnreadableInput, match="damaged"):
        xlsx.decode(workbook(NARROW + f'<row><c t="s"><v>{value}</v></c></row>', "<si><t>x</t></si>"), "")


def test_phonetic_guides_and_other_styles_are_left_out() -> None:
    shared = "<si><t>first</t><rPh><t>guide</t></rPh></si><si><r><t>sec</t></r><r><t>ond</t></r></si>"
    rows = NARROW + '<row><c r="A2" t="s"><v>0</v></c><c r="B2" t="s"><v>1</v></c></row>'
    assert xlsx.decode(workbook(rows, shared), "").tree.root == [[("NCT Number", "first"), ("Title", "second")]]
