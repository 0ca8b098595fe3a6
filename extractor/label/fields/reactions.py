"""Adverse reactions: one entry for each percentage of an incidence table."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from extractor.label.fields.frequencies import class_columns, read_classes
from extractor.label.grids.doubts import table_doubt
from extractor.label.grids.table_draft import TableDraft
from extractor.label.ledger import Ledger
from extractor.label.text.passages import EMPTY, Passage, join_words
from extractor.model import AdverseReaction
from extractor.patterns import lazy_pattern
from extractor.text import count_in

_about = lazy_pattern(r"不良反应|不良事件|副作用|毒性|实验室|异常|AE\b")
_percent_head = lazy_pattern(r"[%％]|发生率|百分")
_size = lazy_pattern(r"\s*[（(]?\s*[Nn]\s*[=＝]\s*(?P<n>\d[\d,]*)\s*(?:例)?\s*[)）]?")
_percent_sign = lazy_pattern(r"\s*[（(]?\s*(?:[nN]\s*[,，]?\s*[（(]?\s*)?[%％]\s*[)）]*\s*$")
_mark_end = lazy_pattern(
    r"(?:\s+[a-m]{1,4}|(?<=[\u4e00-\u9fff）)\]］])\s*[a-m]{1,3}|[*†‡§#¶\u02b0-\u02b8\u02e1-\u02e3\u1d2c-\u1d6a\u1d9c-\u1dbf\u2070-\u2079\u00b9\u00b2\u00b3]+|(?<=[\u4e00-\u9fff])\s+\d{1,2})$"
)
_number = lazy_pattern(r"\s*(?P<x>\d{1,3}(?:\.\d+)?)\s*[%％]?")
_share = lazy_pattern(r"[（(]\s*(?P<x>\d{1,3}(?:\.\d+)?)\s*[%％]?\s*[)）]")
_laboratory = lazy_pattern(r"实验室\s*(?:检查|检验|指标|参数|数值|数据)?\s*(?:结果)?\s*(?:的)?\s*异常|实验室\s*(?:检查|检验|指标|参数)")
_reactions_too = lazy_pattern(r"(?:反应|事件)\s*(?:[和与及、/或]|以及)|(?:[和与及、/或]|以及)[^，。]{0,12}(?:反应|事件)")
_dose_only = lazy_pattern(r"\d[\d.]*\s?(?:mg|g|μg|µg|ml|mL|IU)(?:/\S{1,8})?")
_dose_last = lazy_pattern(r"\S\s\d[\d.]*\s?(?:mg|g|μg|µg|ml|mL|IU)(?:/\S{1,8})?$")
_LONGEST = 200  # characters of a caption that are searched: names of studies stand at its beginning, and the time is bounded
_acronym = lazy_pattern(r"[A-Z][A-Za-z]*[A-Z0-9-][A-Za-z0-9-]*[A-Za-z0-9](?=\s*(?:试验|研究|中\b|中[，接的]|[（(]|[，,]))")


class ReactionArm(NamedTuple):
    """An arm as a table's header names it: words without the size, the size (0: not given)."""

    label: Passage
    size: int


def clean_mark(passage: Passage) -> Passage:
    """The passage without footnote marks at its end."""
    while match := _mark_end.search(passage.text):
        if match.start() == 0:
            return passage
        passage = passage.cut(0, match.start())
    return passage


def read_arm(cell: Passage) -> ReactionArm:
    """A header cell as an arm: `本品（N=152）` is 本品 with 152 patients."""
    match = _size.search(cell.text)
    if match is None:
        return ReactionArm(clean_mark(cell.cut(0, len(_percent_sign.sub("", cell.text)))), 0)
    label = cell.cut(0, match.start()) if match.start() else cell.cut(match.end())
    return ReactionArm(clean_mark(label), count_in(match["n"]))


def find_trial_name(caption: Passage, names: list[str]) -> str:
    """The study that a caption names: one of `names`, else what looks like an acronym before 研究 or 试验; else ""."""
    known = [name for name in names if name and name in caption.text]
    if known:
        return max(known, key=len)
    match = _acronym.search(caption.text[:_LONGEST])
    return match.group() if match else ""


def is_incidence(table: TableDraft) -> bool:
    """Whether a table gives incidences of reactions in percent."""
    heads = " ".join(cell.text for row in table.header for cell in row)
    stub = table.header[0][0].text if table.header and table.header[0] else ""
    return bool(table.header) and bool(_about.search(table.caption.text + stub)) and bool(_percent_head.search(heads + table.caption.text))


def read_reactions(tables: list[tuple[str, TableDraft]], names: list[str], ledger: Ledger) -> list[AdverseReaction]:
    """The entries of all incidence tables (id, table), in order; none of a table that may be read wrongly."""
    found: list[AdverseReaction] = []
    for identity, table in tables:
        if table_doubt(table):
            continue
        if class_columns(table):
            found += read_classes(identity, table, len(found), ledger)
        elif is_incidence(table):
            if _has_unclear_arms(table):
                ledger.doubt(
                    "table.uncertain", "/label/adverse_reactions", "the arms of this table could not be told apart", table.caption.text
                )
                continue
            trial = find_trial_name(table.caption, names)
            base: dict[str, Any] = {"table": identity} | ({"trial": trial} if trial else {}) | _laboratory_mark(table)
            for cell in _incidences(table):
                found.append(_reaction(cell, base, f"/label/adverse_reactions/{len(found)}", ledger))
    return found


def _has_unclear_arms(table: TableDraft) -> bool:
    """Whether two columns have one heading, an arm has no name, or of arms over several columns some have a size and some none."""
    heads = [_column_heads(table, column) for column in range(1, max(map(len, table.header)))]
    heads = [own for own in heads if own and _is_percent(table, own)]
    words = [tuple(head.text for head in own) for own in heads]
    labels = [_arm_and_grade(own)[0].label.text for own in heads]
    named = {bool(label) for label in labels}
    sized = {any(read_arm(head).size for head in own) for own in heads if len(own) > 1}
    return len(set(words)) < len(words) or len(named) > 1 or len(sized) > 1 or _has_bare_dose(labels)


def _has_bare_dose(labels: list[str]) -> bool:
    """Whether an arm is named by its dose alone, and another by a drug and its dose: the drug's cell may reach over both."""
    bare = [_dose_only.fullmatch(label) is not None for label in labels]
    return any(bare) and any(_dose_last.search(label) for label, alone in zip(labels, bare, strict=True) if not alone)


def _column_heads(table: TableDraft, column: int) -> list[Passage]:
    """The heading cells above a column that hold words, one over several rows once."""
    cells = [above[column] for above in table.header if column < len(above) and above[column].text]
    return [cell for n, cell in enumerate(cells) if not n or cell.text != cells[n - 1].text]


def _laboratory_mark(table: TableDraft) -> dict[str, bool]:
    """The mark of a table that gives laboratory abnormalities and, by its caption, nothing else."""
    caption = table.caption.text
    return {"laboratory": True} if _laboratory.search(caption) and not _reactions_too.search(caption) else {}


class _Incidence(NamedTuple):
    """A percentage of a table: the headers above it, its organ class (None: none), its term, the cell, the number."""

    heads: list[Passage]
    organ: Passage | None
    term: Passage
    cell: Passage
    percent: int | float


def _incidences(table: TableDraft) -> Iterator[_Incidence]:
    organ: Passage | None = None
    marks = {note.text[0] for note in table.notes if note.text[1:2].isspace() or not note.text[1:2].isascii()}
    for row in table.rows:
        if row and not any(cell.text and cell.text != row[0].text for cell in row[1:]):
            organ = clean_mark(row[0])
            continue
        for column, cell in enumerate(row[1:], 1):
            percent = parse_percent(cell.text)
            heads = _column_heads(table, column)
            if percent is not None and _is_percent(table, heads):
                yield _Incidence(heads, organ, _term(row[0], marks), cell, percent)


def _term(cell: Passage, marks: set[str]) -> Passage:
    """A term without its footnote marks; a letter glued to a digit is one where a note begins with it."""
    term = clean_mark(cell)
    glued = len(term.text) > 2 and term.text[-1] in marks and term.text[-1].isalpha() and term.text[-2].isdigit()
    return term.cut(0, -1) if glued else term


def _is_percent(table: TableDraft, heads: list[Passage]) -> bool:
    words = "".join(head.text for head in heads)
    return any(pattern.search(text) for pattern, text in ((_percent_head, words), (_percent_head, table.caption.text), (_size, words)))


def _reaction(found: _Incidence, base: dict[str, Any], pointer: str, ledger: Ledger) -> AdverseReaction:
    fields: dict[str, Any] = dict(base)
    ledger.enter(f"{pointer}/percent", found.cell)
    arm, grade = _arm_and_grade(found.heads)
    if arm.size:
        fields["arm_size"] = arm.size
    words = {
        "arm": arm.label,
        "system_organ_class": found.organ or EMPTY,
        "term": found.term,
        "grade": grade.cut(0, len(_percent_sign.sub("", grade.text))),
    }
    fields |= {name: ledger.text(f"{pointer}/{name}", passage) for name, passage in words.items() if passage.text}
    return AdverseReaction(percent=found.percent, **fields)


def _arm_and_grade(heads: list[Passage]) -> tuple[ReactionArm, Passage]:
    """The arm that the headings of a column name, from top to bottom, and the grade: the last heading, unless it gives an arm's size."""
    arms = [read_arm(head) for head in heads]
    graded = len(arms) > 1 and not arms[-1].size
    own = arms[:-1] if graded else arms
    label = join_words([arm.label for arm in own if arm.label.text])
    return ReactionArm(label, next((arm.size for arm in own if arm.size), 0)), heads[-1] if graded else EMPTY


def parse_percent(text: str) -> int | float | None:
    """The percentage of a cell: the bracketed one of `12 (5.6)`, the number of `57a`; None where there is none.

    >>> parse_percent("57a"), parse_percent("12 (5.6)"), parse_percent("<1")
    (57, 5.6, None)
    """
    match = _share.search(text) or _number.match(text)
    if match is None:
        return None
    value = float(match["x"])
    return None if value > 100 else int(value) if value == int(value) else value
