"""Regimens of the record: dose, route, schedule, what it is given with, and the indication that it is for."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from extractor.label.fields.dose_tables import TableRegimen, read_dose_table
from extractor.label.fields.doses import find_doses, pattern_of
from extractor.label.fields.regimens import Regimen, Sentence, find_schedule, read_sentences
from extractor.label.grids.table_draft import TableDraft
from extractor.label.ledger import Ledger
from extractor.label.outline.subheadings import Branch
from extractor.label.text.passages import Passage, join_paragraphs
from extractor.model import Criterion, Dosing
from extractor.patterns import lazy_pattern

_POINTER = "/label/dosing"
_dose_head = lazy_pattern(r"(?:剂量|用量)\s*[（(]|(?:[每一单]次|推荐|[每一][日天]|起始|维持|给药|用药|儿童|成人)\s*(?:剂量|用量)")
_word = lazy_pattern(r"[A-Za-z][A-Za-z-]+")
_chinese = lazy_pattern(r"[\u4e00-\u9fff]{2,}")
_FEWEST_SIGNS = 2
"""Words that only one indication has: one alone, of two characters, may stand in any sentence."""
_CLEARER = 4
"""How many times more words of its own the indication has than the next, where words of both are met."""


class _Told(NamedTuple):
    """A sentence, the texts above it from the nearest to the farthest, and the sentences beside it in its paragraph that tell no dose."""

    sentence: Sentence
    above: list[str]
    beside: list[Passage]


class DosingSection(NamedTuple):
    """用法用量 as read: its sub-headings and paragraphs, its tables, and its whole text."""

    trees: list[Branch]
    tables: list[TableDraft]
    text: Passage


def read_dosing(section: DosingSection, indications: list[Criterion], ledger: Ledger) -> list[Dosing]:
    """One entry for each regimen that the section tells in prose or in a table of doses; combinations are regimens of their own.

    A sentence or a row with doses that cannot be told apart surely gives none, and a finding with its words.
    """
    found: list[Dosing] = []
    for told in (told for tree in section.trees for told in _walk(tree, [])):
        if told.sentence.unread:
            ledger.doubt("dosing.unread", _POINTER, "doses of this sentence cannot be told apart surely", told.sentence.passage.text)
        elif told.sentence.loose and not told.sentence.regimens:
            ledger.doubt("dosing.unread", _POINTER, "nothing in this sentence prescribes its doses", told.sentence.passage.text)
        for regimen in told.sentence.regimens:
            writer = _Writer(f"{_POINTER}/{len(found)}", section, indications, ledger)
            found.append(writer.write(regimen, told))
    words = " ".join(str(criterion.text.zh) for criterion in _leaves(indications))
    for table in filter(_tells_doses, section.tables):
        rows = read_dose_table(table, words)
        if rows is None or not rows.regimens:
            ledger.doubt("dosing.unread", _POINTER, "doses of this table stand in its rows only", _words_of(table))
            continue
        for row in rows.regimens:
            if _names_several(row.quote.text, indications):
                rows.unread.append(row.quote)
                continue
            found.append(_Writer(f"{_POINTER}/{len(found)}", section, indications, ledger).write_row(row, table.caption.text))
        for words_of_row in rows.unread:
            ledger.doubt("dosing.unread", _POINTER, "the doses of this row cannot be read surely", words_of_row.text)
    return found


def _names_several(text: str, indications: list[Criterion]) -> bool:
    """Whether a text has words of several indications that no other has: which of them a dose is for is not sure."""
    own = _own_words(list(_leaves(indications)))
    return sum(len(_signs(text) & words) >= _FEWEST_SIGNS for words in own.values()) > 1


def _tells_doses(table: TableDraft) -> bool:
    """Whether a table gives doses: its heading says so, or a cell tells one."""
    heads = "".join(cell.text for row in table.header for cell in row)
    return _dose_head.search(heads) is not None or any(any(find_doses(cell.text)) for row in table.rows for cell in row)


def _words_of(table: TableDraft) -> str:
    """A table's caption, or its heading where it has none."""
    return table.caption.text or " ".join(cell.text for row in table.header for cell in row if cell.text)


def _walk(branch: Branch, above: list[str]) -> Iterator[_Told]:
    """All sentences below a branch, in reading order."""
    above = [branch.heading.text, *above] if branch.heading.text else above
    opening: list[str] = []
    for piece in branch.pieces:
        if piece.kind in ("paragraph", "item"):
            sentences = list(read_sentences(piece.passage))
            opens = not any(s.regimens or s.unread for s in sentences)
            for n, sentence in enumerate(sentences):
                beside = [other.passage for other in (*sentences[n + 1 : n + 2], *sentences[max(0, n - 1) : n]) if _tells_no_dose(other)]
                yield _Told(sentence, ["\n".join(opening), *above], beside)
            opening += [piece.passage.text] if opens and branch.heading.text else []
    for child in branch.children:
        yield from _walk(child, above)


def _tells_no_dose(sentence: Sentence) -> bool:
    return not (sentence.regimens or sentence.unread or any(map(str.isdigit, pattern_of("schedule").sub("", sentence.passage.text))))


class _Writer:
    """Writes one regimen at its place in the record."""

    def __init__(self, pointer: str, section: DosingSection, indications: list[Criterion], ledger: Ledger) -> None:
        self.pointer, self.section, self.indications, self.ledger = pointer, section, indications, ledger

    def write(self, regimen: Regimen, told: _Told) -> Dosing:
        """The regimen as an entry of the record."""
        fields: dict[str, Any] = {"dose": regimen.dose.amount}
        self.ledger.enter(f"{self.pointer}/dose", regimen.words)
        if regimen.dose.high is not None:
            fields["dose_high"] = regimen.dose.high
            self.ledger.enter(f"{self.pointer}/dose_high", regimen.words)
        names = [drug.text for drug in regimen.drugs]
        if indication := self._indication(names, [regimen.scope.text, *_sides(regimen), *told.above]):
            fields["indication"] = indication
        if (route := self._route(regimen.scope, regimen.sentence)) is not None:
            fields["route"] = self.ledger.text(f"{self.pointer}/route", route)
        if (schedule := self._schedule(names, regimen, told)) is not None:
            fields["schedule"] = self.ledger.text(f"{self.pointer}/schedule", schedule)
        if names:
            fields["with_"] = [self.ledger.text(f"{self.pointer}/with/{n}", drug) for n, drug in enumerate(regimen.drugs)]
        fields["quote"] = self.ledger.text(f"{self.pointer}/quote", regimen.sentence)
        return Dosing(**fields)

    def write_row(self, regimen: TableRegimen, caption: str) -> Dosing:
        """A regimen of a table as an entry; the words of its row and of the headings above it are its quote."""
        fields: dict[str, Any] = {"dose": regimen.dose.amount}
        self.ledger.enter(f"{self.pointer}/dose", regimen.words)
        if regimen.dose.high is not None:
            fields["dose_high"] = regimen.dose.high
            self.ledger.enter(f"{self.pointer}/dose_high", regimen.words)
        if indication := self._indication([], [regimen.quote.text, caption]):
            fields["indication"] = indication
        if (route := self._route(regimen.quote)) is not None:
            fields["route"] = self.ledger.text(f"{self.pointer}/route", route)
        fields["schedule"] = self.ledger.text(f"{self.pointer}/schedule", regimen.schedule)
        fields["quote"] = self.ledger.text(f"{self.pointer}/quote", regimen.quote)
        return Dosing(**fields)

    def _route(self, *texts: Passage) -> Passage | None:
        """The route that the dose's own words name, or its sentence, else the only one that the whole section does."""
        for text in texts:
            if match := pattern_of("route").search(text.text):
                return text.group(match)
        routes = list(pattern_of("route").finditer(self.section.text.text))
        return self.section.text.group(routes[0]) if routes and len({m.group() for m in routes}) == 1 else None

    def _schedule(self, names: list[str], regimen: Regimen, told: _Told) -> Passage | None:
        """How often, from a table for the same drugs, the dose's own words, or a sentence beside it that tells no dose."""
        found = _table_schedule(names, self.section.tables) or find_schedule(regimen.scope)
        if found is None and len(told.sentence.regimens) == 1:
            matches = [(text, match) for text in told.beside if (match := pattern_of("schedule").search(text.text))]
            found = matches[0][0].group(matches[0][1]) if matches else None
        return found

    def _indication(self, names: list[str], texts: list[str]) -> str:
        """The only indication there is, the first that names all the drugs, or the one whose own words the nearest text has."""
        if len(self.indications) == 1:
            return self.indications[0].id
        if names:
            return next((c.id for c in self.indications if _fits(names, str(c.text.zh))), "")
        own = _own_words(list(_leaves(self.indications)))
        for text in texts:
            counts = sorted(((len(_signs(text) & words), identity) for identity, words in own.items()), reverse=True)
            if counts and counts[0][0] >= _FEWEST_SIGNS:
                return counts[0][1] if len(counts) == 1 or counts[0][0] >= _CLEARER * counts[1][0] else ""
        return ""


def _sides(regimen: Regimen) -> list[str]:
    """The sentence, where it tells this one dose only."""
    return [regimen.sentence.text] if len(regimen.scope.text) > len(regimen.sentence.text) // 2 else []


def _leaves(criteria: list[Criterion]) -> Iterator[Criterion]:
    for criterion in criteria:
        if isinstance(criterion.children, list) and criterion.children:
            yield from _leaves(criterion.children)
        else:
            yield criterion


def _signs(text: str) -> set[str]:
    """The words of a text: Latin ones, and each two Chinese characters that stand together."""
    pairs = {run[n : n + 2] for run in _chinese.findall(text) for n in range(len(run) - 1)}
    return pairs | {f"{word}{n}" for word in _word.findall(text) for n in range(_FEWEST_SIGNS)}


def _own_words(indications: list[Criterion]) -> dict[str, set[str]]:
    """For each indication the words that no other has."""
    signs = {criterion.id: _signs(str(criterion.text.zh)) for criterion in indications}
    return {identity: own.difference(*(other for key, other in signs.items() if key != identity)) for identity, own in signs.items()}


def _fits(names: list[str], text: str) -> bool:
    return bool(names) and all(name in text for name in names)


def _table_schedule(names: list[str], tables: list[TableDraft]) -> Passage | None:
    """The rows of the schedule whose caption names the drugs, and fewest words besides."""
    fitting = [t for t in tables if t.rows and t.header and len(t.header[0]) == 2 and _fits(names, t.caption.text)]
    if not fitting:
        return None
    best = min(fitting, key=lambda t: len(t.caption.text))
    return join_paragraphs([cell for row in best.rows for cell in row if cell.text])
