"""Cases as rows of `cases/<subject>.tsv`: the cells of a test, then a column that says why the row is there."""

from __future__ import annotations

from pathlib import Path

import pytest

FOLDER = Path(__file__).parent / "cases"


def read_cases(subject):
    r"""One parameter set a row, without its last cell (why), which becomes its id; `\n`, `\t` and `\\` are unescaped.

    Comment lines (`#`) come first, then the header. A row whose `why` begins with "xfail: " is a known failure and must fail.
    """
    lines = [line for line in (FOLDER / f"{subject}.tsv").read_text("utf-8").split("\n") if line and not line.startswith("#")]
    width = lines[0].count("\t") + 1
    rows = [line.split("\t") for line in lines[1:]]
    assert {len(row) for row in rows} <= {width}, f"{subject}.tsv: every row has {width} cells"
    return [_case(number, row) for number, row in enumerate(rows, 1)]


def _case(number, row):
    *cells, why = map(_unescape, row)
    marks = [pytest.mark.xfail(strict=True, reason=why)] if why.startswith("xfail: ") else []
    return pytest.param(*cells, id=f"{number}-{why}", marks=marks)


def _unescape(cell):
    return "\\".join(part.replace(r"\n", "\n").replace(r"\t", "\t") for part in cell.split("\\\\"))
