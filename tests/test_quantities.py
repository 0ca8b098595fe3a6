"""Numbers and quantities as written in English and Chinese."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractor.normalise.folding import fold
from extractor.normalise.numbers import parse_number
from extractor.normalise.quantities import find_unit, parse_quantity
from extractor.normalise.vocabulary import squeeze
from extractor.tables import read_table


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("18", 18),
        ("2.50", 2.5),
        ("-3.0", -3),
        ("−2.5", -2.5),
        ("10,000", 10_000),
        ("1 250 000", 1_250_000),
        ("1．5", 1.5),
        ("１８", 18),
        ("十八", 18),
        ("二十", 20),
        ("一百二十", 120),
        ("三千五百", 3500),
        ("两", 2),
        ("半", 0.5),
        ("10万", 100_000),
        ("1.5亿", 150_000_000),
        ("5 million", 5_000_000),
        ("1/2", 0.5),
        ("two", 2),
        ("twenty-one", 21),
        ("Twelve", 12),
    ],
)
def test_numbers_in_every_script(text, number):
    assert parse_number(text) == number


@pytest.mark.parametrize("text", ["", "many", "1/0", "abc", "1.2.3", "一二三个", "9" * 400, "--5"])
def test_what_is_no_number_is_refused(text):
    with pytest.raises(ValueError, match="no number"):
        parse_number(text)


def test_whole_values_are_int():
    assert isinstance(parse_number("2.0"), int)
    assert isinstance(parse_number("2.5"), float)


@pytest.mark.parametrize(
    ("text", "value", "ucum"),
    [
        ("10 mg/kg", 10, "mg/kg"),
        ("50.000/mm³", 50_000, "/mm3"),
        ("50.5 mg", 50.5, "mg"),
        ("100 × 10⁹/L", 100, "10*9/L"),
        ("12 000/mm3", 12_000, "/mm3"),
        ("3×10^4 copies/mL", 30_000, "{copies}/mL"),
        ("2.5×10³ IU/mL", 2500, "[IU]/mL"),
        ("8万/mm³", 8, "10*4/mm3"),
        ("半年", 0.5, "a"),
        ("two weeks", 2, "wk"),
        ("十八周岁", 18, "a"),
        ("24 个月", 24, "mo"),
    ],
)
def test_quantities(text, value, ucum):
    quantity = parse_quantity(text)
    assert (quantity.value, quantity.unit.ucum) == (value, ucum)


def test_a_number_alone_has_no_unit():
    assert parse_quantity("42").value == 42
    assert find_unit("patients") is None


@pytest.mark.parametrize("text", ["mg", "", "of 5"])
def test_a_quantity_begins_with_its_number(text):
    with pytest.raises(ValueError, match="no "):
        parse_quantity(text)


def test_the_unit_keeps_its_words():
    assert find_unit("×10⁹/L (Gpt/L)").text == "×10⁹/L"


@given(st.text())
def test_folding_keeps_every_place(text):
    assert len(fold(text)) == len(text)


@given(st.text(max_size=60))
def test_any_text_parses_or_is_refused(text):
    with suppress(ValueError):
        assert parse_quantity(text).value is not None


@pytest.mark.parametrize(
    ("package", "table"),
    [("extractor.normalise", name) for name in ("numbers", "units")]
    + [("extractor.criteria.constraints", name) for name in ("comparators", "anchors", "cues", "variables", "molar_masses")],
)
def test_tables_hold_full_rows_without_empty_spellings(package, table):
    found = read_table(package, table)
    assert len({len(row) for row in found}) == 1
    assert all("" not in cell.split("|") for row in found for cell in row if "|" in cell)


def test_tables_are_as_rich_as_the_language():
    languages = {"en": 0, "zh": 0, "xx": 0}
    for language, _, _, spellings in read_table("extractor.criteria.constraints", "comparators"):
        languages[language] += len(set(map(squeeze, spellings.split("|"))))
    assert min(languages["en"], languages["zh"]) >= 40
    variables = read_table("extractor.criteria.constraints", "variables")
    assert len(variables) >= 250
    assert len({name for name, *_ in variables}) == len(variables)


def test_loinc_codes_carry_their_check_digit():
    codes = [row[3] for row in read_table("extractor.criteria.constraints", "variables") if row[3]]
    assert codes
    assert [code for code in codes if not _valid_loinc(code)] == []
    assert len(set(codes)) == len(codes)


def _valid_loinc(code: str) -> bool:
    """LOINC numbers end in a mod 10 (Luhn) check digit."""
    body, _, check = code.partition("-")
    total = 0
    for place, digit in enumerate(reversed(body)):
        doubled = int(digit) * (2 if place % 2 == 0 else 1)
        total += doubled - 9 if doubled > 9 else doubled
    return str(-total % 10) == check
