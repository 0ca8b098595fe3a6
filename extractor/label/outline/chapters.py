"""Sections of the record: text, blocks, sub-headings, cross-references; with the tables and figures met on the way."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from extractor.label.grids.doubts import table_doubt
from extractor.label.grids.table_draft import TableDraft
from extractor.label.ledger import Ledger
from extractor.label.outline.division import DividedSection
from extractor.label.outline.headings import clean_heading
from extractor.label.outline.paragraphs import SectionBlock, split_pieces
from extractor.label.outline.subheadings import Branch, split_branches
from extractor.label.text.passages import Passage, join_paragraphs
from extractor.model import Figure, LabelTable, Reading, Section
from extractor.patterns import lazy_pattern

PROSE = frozenset(
    "indications contraindications dosage_administration adverse_reactions precautions pregnancy_lactation pediatric_use geriatric_use drug_interactions overdosage "
    "pharmacology pharmacodynamics pharmacokinetics pharmacology_toxicology toxicology pharmacogenomics clinical_trials boxed_warning other".split()
)
_reference = lazy_pattern(r"[【\[［〖]([^【】\[\]［］〖〗]{2,20})[】\]］〗]")


@dataclass(slots=True)
class Chapter:
    """A section as read: its part, its pieces, its branches, its place in the record."""

    part: DividedSection
    pieces: list[SectionBlock]
    tree: Branch
    number: int

    @property
    def key(self) -> str:
        """The section's key; `other` for an unknown heading."""
        return self.part.heading.kind.key if self.part.heading.kind else "other"

    @property
    def id(self) -> str:
        """The section's id in the record."""
        return f"s{self.number + 1}"

    @property
    def paragraphs(self) -> list[Passage]:
        """The texts of its paragraphs and list items, sub-headings included."""
        return [piece.passage for piece in self.pieces if piece.kind in ("paragraph", "item")]

    @property
    def text(self) -> Passage:
        """The whole text, tables and captions left out."""
        return join_paragraphs(self.paragraphs)


@dataclass(slots=True)
class LabelOutline:
    """All chapters, with the tables and figures of the label in order."""

    chapters: list[Chapter]
    tables: list[tuple[TableDraft, Chapter]] = field(default_factory=list)
    figures: list[SectionBlock] = field(default_factory=list)

    def of(self, *keys: str) -> list[Chapter]:
        """The chapters with one of these keys."""
        return [chapter for chapter in self.chapters if chapter.key in keys]

    def table_id(self, table: TableDraft) -> str:
        """The id of a table in the record."""
        return next(f"t{n}" for n, (other, _) in enumerate(self.tables, 1) if other is table)


def read_outline(parts: list[DividedSection]) -> LabelOutline:
    """The chapters of a label's parts."""
    outline = LabelOutline([])
    for number, part in enumerate(parts):
        pieces = split_pieces(part.lines)
        key = part.heading.kind.key if part.heading.kind else "other"
        chapter = Chapter(part, pieces, split_branches(pieces, prose=key in PROSE), number)
        outline.chapters.append(chapter)
        outline.tables += [(piece.table, chapter) for piece in pieces if piece.table]
        outline.figures += [piece for piece in pieces if piece.kind == "figure"]
    return outline


def write_sections(outline: LabelOutline, ledger: Ledger) -> list[Section]:
    """The sections of the record."""
    ids = {chapter.part.heading.name: chapter.id for chapter in reversed(outline.chapters)}
    writer = _Writer(outline, ledger, ids)
    return [writer.section(chapter) for chapter in outline.chapters]


@dataclass(slots=True)
class _Writer:
    outline: LabelOutline
    ledger: Ledger
    ids: dict[str, str]

    def section(self, chapter: Chapter) -> Section:
        """A top section: heading and code from the table of headings."""
        pointer = f"/label/sections/{chapter.number}"
        heading = chapter.part.heading
        self.ledger.enter(f"{pointer}/heading", chapter.part.mark)
        if heading.kind is None:
            self.ledger.doubt("section.unknown", pointer, f"the heading {heading.name} is not in the table of headings")
        for piece in chapter.pieces:
            if piece.kind == "leak":
                self.ledger.leave("figure", piece.passage)
        body = self._body(pointer, chapter.id, chapter.tree, _pages(chapter))
        if heading.kind and heading.kind.loinc:
            body["loinc"] = heading.kind.loinc
        return Section(id=chapter.id, key=chapter.key, heading=heading.name, **body)

    def _branch(self, pointer: str, identity: str, branch: Branch) -> Section:
        self.ledger.enter(f"{pointer}/heading", branch.mark)
        return Section(id=identity, heading=branch.heading.text, **self._body(pointer, identity, branch, []))

    def _body(self, pointer: str, identity: str, branch: Branch, pages: list[int]) -> dict[str, Any]:
        body: dict[str, Any] = {}
        own = join_paragraphs(_texts(branch))
        if own.text:
            body["text"] = self.ledger.prose(f"{pointer}/text", own)
        if pages:
            body["pages"] = pages
        if branch.pieces and (blocks := self._blocks(f"{pointer}/blocks", branch.pieces)):
            body["blocks"] = blocks
        if branch.children:
            below = enumerate(branch.children)
            body["children"] = [self._branch(f"{pointer}/children/{n}", f"{identity}.{n + 1}", child) for n, child in below]
        return body

    def _blocks(self, pointer: str, pieces: list[SectionBlock]) -> list[Reading]:
        blocks: list[Reading] = []
        for run in _runs([piece for piece in pieces if piece.kind != "leak"]):
            blocks.append(self._block(f"{pointer}/{len(blocks)}", run))
        return blocks

    def _block(self, pointer: str, run: list[SectionBlock]) -> Reading:
        piece = run[0]
        if piece.table:
            return Reading(kind="table", table=self.outline.table_id(piece.table))
        if piece.kind == "figure":
            return Reading(kind="figure", figure=piece.number)
        references = self._references(" ".join(p.passage.text for p in run))
        extra: dict[str, Any] = {"references": references} if references else {}
        if piece.kind == "item":
            return Reading(kind="list", items=[self.ledger.prose(f"{pointer}/items/{n}", p.passage) for n, p in enumerate(run)], **extra)
        return Reading(kind="paragraph", text=self.ledger.prose(f"{pointer}/text", piece.passage), **extra)

    def _references(self, text: str) -> list[str]:
        """The ids of the sections that a text refers to in brackets."""
        names = (clean_heading(m.group(1)) for m in _reference.finditer(text))
        return sorted({self.ids[name] for name in names if name in self.ids}, key=lambda i: int(i[1:]))


def _runs(pieces: list[SectionBlock]) -> list[list[SectionBlock]]:
    """List items that follow one another as one run, every other piece alone."""
    runs: list[list[SectionBlock]] = []
    for piece in pieces:
        together = runs and piece.kind == "item" and runs[-1][0].kind == "item"
        (runs[-1].append(piece) if together else runs.append([piece]))
    return runs


def _texts(branch: Branch) -> list[Passage]:
    """The paragraphs of a branch and of all below it, their sub-headings included."""
    texts = [piece.passage for piece in branch.pieces if piece.kind in ("paragraph", "item")]
    for child in branch.children:
        texts += [child.mark, *_texts(child)]
    return texts


def _pages(chapter: Chapter) -> list[int]:
    lines = [line for piece in chapter.pieces for line in piece.lines]
    return sorted({line.page for line in lines if line.page})


def write_tables(outline: LabelOutline, ledger: Ledger) -> list[LabelTable]:
    """The tables of the record; a finding for one whose rows are not certain."""
    return [_table(f"/label/tables/{n}", f"t{n + 1}", draft, ledger) for n, (draft, _) in enumerate(outline.tables)]


def _table(pointer: str, identity: str, draft: TableDraft, ledger: Ledger) -> LabelTable:
    fields: dict[str, Any] = {}
    if draft.number:
        fields["number"] = draft.number
    if draft.caption.text:
        fields["caption"] = ledger.prose(f"{pointer}/caption", draft.caption)
    for name, rows in (("header", draft.header), ("rows", draft.rows)):
        if rows:
            fields[name] = [[cell.text for cell in row] for row in rows]
            for r, row in enumerate(rows):
                ledger.enter(f"{pointer}/{name}/{r}", *row)
    if draft.notes:
        fields["notes"] = [ledger.prose(f"{pointer}/notes/{n}", note) for n, note in enumerate(draft.notes)]
    if draft.pages:
        fields["pages"] = draft.pages
    _account(draft, ledger)
    if why := _uncertainty(draft):
        ledger.doubt("table.uncertain", pointer, why, draft.caption.text or _first_row(draft))
    return LabelTable(id=identity, **fields)


def _uncertainty(draft: TableDraft) -> str:
    """Why a table may not be as it is printed, "" where nothing speaks against it."""
    if not draft.certain:
        return "the rows of this table could not all be told apart"
    doubt = table_doubt(draft)
    return f"this table may be read wrongly: {doubt}" if doubt else ""


def _first_row(draft: TableDraft) -> str:
    return " ".join(cell.text for row in [*draft.header, *draft.rows][:1] for cell in row if cell.text)


def _account(draft: TableDraft, ledger: Ledger) -> None:
    """Lines of a table that no cell, caption or note holds are kept as unmapped; captions' marks are furniture."""
    held = {place for cells in [*draft.header, *draft.rows, draft.notes, [draft.caption]] for cell in cells for place in cell.places}
    lost = [line.passage for line in draft.lines if held.isdisjoint(line.passage.places)]
    ledger.dress(line.passage for line in draft.lines if not held.isdisjoint(line.passage.places))
    if lost:
        ledger.leave("table", join_paragraphs(lost))


def write_figures(outline: LabelOutline, ledger: Ledger) -> list[Figure]:
    """The captions of the figures."""
    figures = []
    for n, piece in enumerate(outline.figures):
        pages = sorted({line.page for line in piece.lines if line.page})
        extra: dict[str, Any] = {"pages": pages} if pages else {}
        ledger.dress([piece.passage])
        figures.append(Figure(number=piece.number, caption=ledger.text(f"/label/figures/{n}/caption", piece.title), **extra))
    return figures
