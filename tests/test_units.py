"""Spellings of units give valid UCUM codes."""

from __future__ import annotations

import pytest
from ucumvert import get_ucum_parser

from extractor.normalise.quantities import find_unit
from extractor.tables import read_table

PARSER = get_ucum_parser()

COUNTS = [
    "×10⁹/L",
    "×109/L",
    "x 10^9/L",
    "*10^9/L",
    "10E9/L",
    "10e9/L",
    "×10^9L",
    "×10^9个/L",
    "x 10 9/L",
    "×10(9)/L",
    "G/L",
    "Gpt/L",
    "/nL",
]


@pytest.mark.parametrize("text", COUNTS)
def test_every_way_to_write_a_billion_per_litre(text):
    assert find_unit(text).ucum == "10*9/L"


@pytest.mark.parametrize(
    ("text", "ucum"),
    [
        ("kg/m²", "kg/m2"),
        ("Kg/m2", "kg/m2"),
        ("kg·m-2", "kg/m2"),
        ("kilogram per square meter", "kg/m2"),
        ("mL/min/1.73 m²", "mL/min/{1.73_m2}"),
        ("ml·min-1·1.73m-2", "mL/min/{1.73_m2}"),
        ("ml/(min·1.73m2)", "mL/min/{1.73_m2}"),
        ("ml/min每1.73m2", "mL/min/{1.73_m2}"),
        ("毫升/分钟", "mL/min"),
        ("mmHg", "mm[Hg]"),
        ("mm Hg", "mm[Hg]"),
        ("毫米汞柱", "mm[Hg]"),
        ("克/每分升", "g/dL"),
        ("g/100 ml", "g/dL"),
        ("mg/100mL", "mg/dL"),
        ("mg%", "mg/dL"),
        ("mmolL", "mmol/L"),
        ("µM", "umol/L"),
        ("μmol·L-1", "umol/L"),
        ("mcg/L", "ug/L"),
        ("万/mm³", "10*4/mm3"),
        ("×10^3/µL", "10*3/uL"),
        ("K/uL", "10*3/uL"),
        ("cells/mm3", "/mm3"),
        ("个/μL", "/uL"),
        ("/hp", "/[HPF]"),
        ("/10 high power fields", "/(10.[HPF])"),
        ("次/分", "/min"),
        ("beats per minute", "/min"),
        ("bpm", "/min"),
        ("IU/mL", "[IU]/mL"),
        ("mIU/L", "m[IU]/L"),
        ("μIU/mL", "u[IU]/mL"),
        ("mg/kg/day", "mg/kg/d"),
        ("mg/日", "mg/d"),
        ("g/24h", "g/(24.h)"),
        ("根/日", "/d"),
        ("cigarettes per day", "/d"),
        ("包年", "{pack}.a"),
        ("pack-years", "{pack}.a"),
        ("℃", "Cel"),
        ("D", "[diop]"),
        ("°", "deg"),
        ("半衰期", "{half_life}"),
        ("毫秒", "ms"),
        ("周岁", "a"),
        ("分", "{score}"),
        ("mm/h", "mm/h"),
    ],
)
def test_spellings(text, ucum):
    assert find_unit(text).ucum == ucum


def test_capitals_tell_giga_from_gram_and_molar_from_metre():
    assert [find_unit(text).ucum for text in ("G/L", "g/L", "mM", "mm", "15 d"[3:])] == ["10*9/L", "g/L", "mmol/L", "mm", "d"]


@pytest.mark.parametrize(
    "row", [row for row in read_table("extractor.normalise", "units") if row[1]], ids=lambda row: f"{row[0]}-{row[1]}-{row[2]}"
)
def test_every_code_of_the_table_is_ucum(row):
    assert PARSER.parse(row[1])


@pytest.mark.parametrize(
    "text", [*COUNTS, "mL/kg/min", "ug/g", "mmol/mol", "mg/mmol", "kcal/d", "h/wk", "cells/10 HPF", "U/L", "µkat/L", "g/m2", "cm/s"]
)
def test_joined_codes_are_ucum(text):
    assert PARSER.parse(find_unit(text).ucum)


@pytest.mark.parametrize("text", ["patients", "and", "至少", "mgs of", "in men", "monthsX"])
def test_words_that_only_look_like_units(text):
    found = find_unit(text)
    assert found is None or found.text == "mgs"
