"""Criteria whose lines are not lines: numbers apart, rows twice, tildes for line feeds."""

from __future__ import annotations

import pytest
from case_rows import read_cases

from extractor import parse_criteria


def words(criteria) -> str:
    return "|".join(next(text for text in (item.text.en, item.text.zh) if text) for item in criteria)


@pytest.mark.parametrize(("text", "inclusion", "exclusion"), read_cases("rows_and_tildes"))
def test_lines(text: str, inclusion: str, exclusion: str) -> None:
    criteria = parse_criteria(text)
    assert (words(criteria.inclusion), words(criteria.exclusion)) == (inclusion, exclusion)
