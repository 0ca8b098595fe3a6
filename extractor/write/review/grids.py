"""What reads best as a table: the tables of a label, and its adverse reactions, one column an arm."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any, NamedTuple

from extractor.write.pages import escape
from extractor.write.review.leaves import leaf, text

Json = dict[str, Any]
Rows = list[list[str]]


def label_tables(tables: list[Json], pointer: str) -> str:
    """The tables of a label as tables."""
    return "".join(_table(table, f"{pointer}/{at}") for at, table in enumerate(tables))


def _table(table: Json, pointer: str) -> str:
    number = escape(table.get("number", ""))
    caption = text(table["caption"], f"{pointer}/caption") if "caption" in table else ""
    head = _rows(table.get("header", []), f"{pointer}/header", "th")
    body = _rows(table.get("rows", []), f"{pointer}/rows", "td")
    notes = "".join(text(note, f"{pointer}/notes/{at}") for at, note in enumerate(table.get("notes", ())))
    pages = f" · page {', '.join(map(str, table['pages']))}" if "pages" in table else ""
    return (
        f'<section class="grid" id="{escape(table["id"])}"><h4>Table {number}{pages}</h4>{caption}'
        f'<div class="scroll" tabindex="0"><table><thead>{head}</thead><tbody>{body}</tbody></table></div>{notes}</section>'
    )


def _rows(rows: Rows, pointer: str, cell: str) -> str:
    return "".join(
        f"<tr>{''.join(_cell(words, f'{pointer}/{at}/{column}', cell) for column, words in enumerate(row))}</tr>"
        for at, row in enumerate(rows)
    )


def _cell(words: str, pointer: str, cell: str) -> str:
    scope = ' scope="col"' if cell == "th" else ""
    return f"<{cell}{scope}>{leaf(words, pointer) if words else ''}</{cell}>"


class Reaction(NamedTuple):
    """An adverse reaction as one row of a table: what it is, in both languages."""

    organs: str
    term: str
    grade: str


def reactions(items: list[Json], pointer: str) -> str:
    """Adverse reactions, one table for each that the label prints; rows are reactions, columns are arms."""
    groups: dict[tuple[str, str], list[tuple[int, Json]]] = defaultdict(list)
    for at, item in enumerate(items):
        groups[item.get("table", ""), item.get("trial", "")].append((at, item))
    return "".join(_reactions(table, trial, found, pointer) for (table, trial), found in groups.items())


def _reactions(table: str, trial: str, items: list[tuple[int, Json]], pointer: str) -> str:
    arms = list(dict.fromkeys(_arm(item) for _, item in items))
    rows: dict[Reaction, dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
    for at, item in items:
        rows[Reaction(*(_said(item.get(key)) for key in ("system_organ_class", "term", "grade")))][_arm(item)].append(at)
    told = dict(items)
    head = "".join(f'<th scope="col">{escape(arm)}</th>' for arm in arms)
    graded = any(row.grade for row in rows)
    grade = '<th scope="col">grade</th>' if graded else ""
    body = "".join(_reaction(row, [cells.get(arm, []) for arm in arms], told, pointer, graded=graded) for row, cells in _parted(rows))
    named = " · ".join(filter(None, (f"table {table}" if table else "", trial)))
    return (
        f'<section class="grid"><h4>{escape(named or "in prose")} ({len(items)})</h4><div class="scroll" tabindex="0"><table>'
        f'<thead><tr><th scope="col">reaction</th>{grade}{head}</tr></thead><tbody>{body}</tbody></table></div></section>'
    )


def _parted(rows: dict[Reaction, dict[str, list[int]]]) -> Iterator[tuple[Reaction, dict[str, list[int]]]]:
    """The rows, each organ class once, above its first reaction."""
    before = ""
    for row, cells in rows.items():
        yield row._replace(organs="" if row.organs == before else row.organs), cells
        before = row.organs


def _reaction(row: Reaction, cells: list[list[int]], told: dict[int, Json], pointer: str, *, graded: bool) -> str:
    """A reaction with its share in each arm; an organ class above it where a new one begins."""
    first = next(at for found in cells for at in found)
    organs = told[first].get("system_organ_class", {})
    above = ""
    if row.organs:
        above = f'<tr class="organs"><th scope="rowgroup" colspan="{len(cells) + 1 + graded}">{text(organs, f"{pointer}/{first}/system_organ_class")}</th></tr>'
    term = text(told[first]["term"], f"{pointer}/{first}/term") if "term" in told[first] else ""
    grade = text(told[first]["grade"], f"{pointer}/{first}/grade") if "grade" in told[first] else ""
    graded_cell = f"<td>{grade}</td>" if graded else ""
    shares = "".join(f"<td>{''.join(_share(told[at], f'{pointer}/{at}') for at in found)}</td>" for found in cells)
    return f'{above}<tr><th scope="row">{term}</th>{graded_cell}{shares}</tr>'


def _share(item: Json, pointer: str) -> str:
    """How often: the per cent, the class of frequency, or both."""
    number = leaf(item["percent"], f"{pointer}/percent") if "percent" in item else ""
    often = leaf(item["frequency"]["code"], f"{pointer}/frequency/code") if "frequency" in item else ""
    return number + often


def _arm(item: Json) -> str:
    size = f" (N={item['arm_size']})" if "arm_size" in item else ""
    return f"{_said(item.get('arm'))}{size}".strip() or "all"


def _said(value: Json | None) -> str:
    return " / ".join((value or {}).values())
