"""A label document to a `model.Label`: the stages of this room in order, and the book they write into."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from extractor.document import Document, Doubt, Draft, Span, Unmapped
from extractor.label.fields.dosing import DosingSection, read_dosing
from extractor.label.fields.front import Front, find_days, is_day, read_front, warning_text
from extractor.label.fields.organisations import read_organisations, split_fields
from extractor.label.fields.products import read_approvals, read_ingredients, read_names, read_shelf_life, read_strengths, texts
from extractor.label.fields.reaction_prose import read_prose
from extractor.label.fields.reactions import read_reactions
from extractor.label.fields.statements import read_statements
from extractor.label.fields.trials import Study, find_studies, write_trial
from extractor.label.grids.captions import lift_captions
from extractor.label.ledger import Ledger
from extractor.label.outline.chapters import Chapter, LabelOutline, read_outline, write_figures, write_sections, write_tables
from extractor.label.outline.division import divide
from extractor.label.text.lines import label_lines
from extractor.label.text.passages import Passage, join_paragraphs
from extractor.layout import PageLayout
from extractor.model import Criterion, Label, Trial
from extractor.patterns import lazy_pattern

_SURE = 0.85  # mean confidence of a page, by character; below it more than every seventh may be wrong, and the reader is told
_GIVES = (("dosing", "dosage_administration"), ("adverse_reactions", "adverse_reactions"))
_nothing_known = lazy_pattern(r"(?:本品)?(?:尚|目前)?(?:不明确|不清楚|未知|未见报道|无|未发现)[。.]?|未进行.{0,12}[。.]?")
PrintedDay = tuple[str, Passage]
"""A day as the record writes it, and its words."""


@dataclass(frozen=True, slots=True)
class StructuredLabel:
    """A label with its places.

    `id` is the first approval number, "" where none is printed; `provenance` is keyed by JSON Pointer from the record's
    root; `furniture` holds headings, marks and other printed words that no field holds.
    """

    label: Label
    id: str
    provenance: dict[str, tuple[Span, ...]]
    doubts: list[Doubt]
    unmapped: list[Unmapped]
    furniture: tuple[Span, ...]


def structure_label(draft: Draft, document: Document) -> StructuredLabel:
    """The label that a document holds."""
    ledger = Ledger(document)
    layout = document.layout if isinstance(document.layout, PageLayout) else PageLayout()
    printed = label_lines(document)
    lines, parts = divide(lift_captions([line for line in printed if not line.running]), misread=bool(layout.confidence))
    ledger.dress(line.passage for line in printed if line.running)
    outline = read_outline(parts)
    front = read_front(lines)
    builder = _Builder(outline, front, ledger)
    label = Label(**builder.fields())
    draft.labels_seen = len(parts)
    draft.labels_mapped = sum(part.heading.kind is not None for part in parts)
    _dress(front, outline, ledger)
    _doubt(layout, ledger)
    numbers = label.approval_numbers or []
    identity = numbers[0].number if numbers else ""
    furniture = (*draft.furniture, *ledger.furniture)
    return StructuredLabel(label, identity, ledger.provenance, ledger.doubts, ledger.unmapped, furniture)


def _dress(front: Front, outline: LabelOutline, ledger: Ledger) -> None:
    """Headings, captions and the header block are furniture; what stands there unread is unmapped."""
    ledger.dress([*front.furniture, *([front.title] if front.title else [])])
    ledger.dress(chapter.part.mark for chapter in outline.chapters)
    for passage in front.rest:
        ledger.leave("header", passage)


def _doubt(layout: PageLayout, ledger: Ledger) -> None:
    """Findings on pages that were hard to read, or not read at all."""
    for page, sure in layout.confidence.items():
        if sure < _SURE:
            ledger.doubt("ocr.low_confidence", "/label", f"page {page} was recognised with a confidence of {sure:.2f}")
    for page in layout.unread:
        code = "text.garbled" if page in layout.garbled else "page.skipped"
        ledger.doubt(code, "/label", f"page {page} holds no text that can be read")


def _roles(chapter: Chapter) -> list[str]:
    """The keys that a section on a company stands for: a heading like 上市许可持有人/生产企业 names two."""
    both = chapter.key == "holder" and "生产企业" in chapter.part.heading.name
    return [chapter.key, "manufacturer"] if both else [chapter.key]


class _Builder:
    """Fields of the label in model order; each method reads one and returns nothing where the label has none."""

    def __init__(self, outline: LabelOutline, front: Front, ledger: Ledger) -> None:
        self.outline, self.front, self.ledger = outline, front, ledger
        self.indications: list[Criterion] = []
        self.studies: list[Study] = [s for chapter in outline.of("clinical_trials") for s in find_studies(chapter.tree)]

    def fields(self) -> dict[str, Any]:
        """Everything that the label states, absent fields left out."""
        readers: tuple[tuple[str, Callable[[], Any]], ...] = (
            ("names", self.names),
            ("approved_on", self.approved),
            ("revised_on", self.revised),
            ("boxed_warning", self.warning),
            ("ingredients", self.ingredients),
            ("description", lambda: self.prose("description")),
            ("strengths", lambda: read_strengths(self.text("strengths"), self.ledger)),
            ("indications", lambda: self.statements("indications", "IND")),
            ("contraindications", lambda: self.statements("contraindications", "CON")),
            ("dosing", self.dosing),
            ("storage", lambda: self.prose("storage")),
            ("shelf_life", lambda: read_shelf_life(self.paragraphs("shelf_life"), self.ledger)),
            ("packaging", lambda: texts(self.paragraphs("packaging"), "/label/packaging", self.ledger)),
            ("standard", self.standard),
            ("approval_numbers", lambda: read_approvals(self.text("approval_number"), self.ledger)),
            ("organizations", self.organisations),
            ("sections", lambda: write_sections(self.outline, self.ledger)),
            ("tables", lambda: write_tables(self.outline, self.ledger)),
            ("figures", lambda: write_figures(self.outline, self.ledger)),
            ("adverse_reactions", self.reactions),
            ("trials", self.trials),
        )
        found = {name: value for name, read in readers if (value := read())}
        self._say_unstructured(found)
        return found

    def _say_unstructured(self, found: dict[str, Any]) -> None:
        """A finding for each section that should have given entries of a field and gave none; one that says there are none yet is read."""
        for field, key in _GIVES:
            for chapter in self.outline.of(key) if field not in found else []:
                if chapter.text.text and not _nothing_known.fullmatch(chapter.text.text):
                    path = f"/label/sections/{chapter.number}"
                    self.ledger.doubt("section.unstructured", path, f"{chapter.part.heading.name} gave no entry of {field}", "")

    def paragraphs(self, *keys: str) -> list[Passage]:
        """The paragraphs of the sections with these keys."""
        return [paragraph for chapter in self.outline.of(*keys) for paragraph in chapter.paragraphs]

    def text(self, *keys: str) -> Passage:
        """Those paragraphs as one text."""
        return join_paragraphs(self.paragraphs(*keys))

    def prose(self, key: str) -> Any:
        """A section's text as a field of its own."""
        text = self.text(key)
        return self.ledger.text(f"/label/{key}", text) if text.text else None

    def names(self) -> Any:
        """The product's names."""
        return read_names([(chapter.part.heading.name, chapter.paragraphs) for chapter in self.outline.of("names")], self.ledger)

    def approved(self) -> str | None:
        """The day of approval, from the header or a section."""
        days = self._days("/label/approved_on", self.front.approved or find_days(self.text("approval_date")))
        return self._day("/label/approved_on", days[0]) if days else None

    def revised(self) -> list[str]:
        """The days of revision, in the order printed."""
        days = self._days("/label/revised_on", [*self.front.revised, *find_days(self.text("revision_date"))])
        return [self._day(f"/label/revised_on/{n}", day) for n, day in enumerate(days)]

    def _days(self, pointer: str, days: list[PrintedDay]) -> list[PrintedDay]:
        """The days that the calendar has; a finding for each other."""
        for iso, passage in days:
            if not is_day(iso):
                self.ledger.doubt("value.unknown", pointer, "the calendar has no such day", passage.text)
        return [day for day in days if is_day(day[0])]

    def _day(self, pointer: str, day: PrintedDay) -> str:
        self.ledger.enter(pointer, day[1])
        return day[0]

    def warning(self) -> Any:
        """The boxed warning: of the header, or a section of its own."""
        text = warning_text(self.front) or self.text("boxed_warning")
        return self.ledger.text("/label/boxed_warning", text) if text.text else None

    def ingredients(self) -> Any:
        """Active substance, excipients, chemistry."""
        return read_ingredients(self.text("ingredients"), self.ledger)

    def statements(self, key: str, prefix: str) -> list[Criterion]:
        """Indications or contraindications as criteria."""
        chapters = self.outline.of(key)
        found = read_statements(chapters[0].tree, prefix, f"/label/{key}", self.ledger) if chapters else []
        if key == "indications":
            self.indications = found
        return found

    def dosing(self) -> Any:
        """Regimens, with the tables of the section."""
        tables = [table for table, chapter in self.outline.tables if chapter.key == "dosage_administration"]
        trees = [chapter.tree for chapter in self.outline.of("dosage_administration")]
        return read_dosing(DosingSection(trees, tables, self.text("dosage_administration")), self.indications, self.ledger)

    def standard(self) -> str | None:
        """The quality standard."""
        text = self.text("standard")
        return self.ledger.word("/label/standard", text.cut(0, len(text.text.rstrip("。")))) if text.text else None

    def organisations(self) -> Any:
        """Companies, from their sections in order."""
        chapters: list[Chapter] = self.outline.of("holder", "manufacturer", "packager", "agent")
        sections = [(key, split_fields(chapter.part.lines)) for chapter in chapters for key in _roles(chapter)]
        return read_organisations(sections, self.ledger)

    def reactions(self) -> Any:
        """Incidences of adverse reactions, from every table of the label that gives them, and from lists by frequency class."""
        tables = [
            (self.outline.table_id(table), table)
            for table, chapter in self.outline.tables
            if chapter.key in ("adverse_reactions", "precautions")
        ]
        found = read_reactions(tables, [study.acronym for study in self.studies], self.ledger)
        return found + read_prose(self.paragraphs("adverse_reactions"), len(found), self.ledger)

    def trials(self) -> list[Trial]:
        """The studies of 临床试验."""
        return [write_trial(study, number, self.ledger) for number, study in enumerate(self.studies)]
