"""Pages and text exports of the EU register: number, label, value, in cells or on a line ("E.3 Principal inclusion criteria: …")."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from extractor.document import Block, Document, Draft, Format
from extractor.patterns import lazy_pattern
from extractor.sources.euctr.form import SUMMARY, Answer, fold_section, section_of
from extractor.sources.euctr.record import Form
from extractor.sources.readers.sheet import Sheet

NUMBER = r"[A-H](?:\.\d{1,2}){1,6}(?: (?:and|to) [A-H](?:\.\d{1,2}){1,6})?|[NP]\."
TITLES = frozenset(
    fold_section(words)
    for words in (
        "Summary|Index|A. Protocol Information|B. Sponsor Information|C. Applicant Identification|D. IMP Identification|D.8 Information on Placebo"
        "|E. General Information on the Trial|F. Population of Trial Subjects|G. Investigator Networks to be involved in the Trial"
        "|H.4 Third Country in which the Trial was first authorised|P. End of Trial|MedDRA Classification|The IMP is a:"
        "|N. Review by the Competent Authority or Ethics Committee in the country concerned"
    ).split("|")
)
# Languages of translations as the register may name them beside a text → BCP 47.
LANGUAGES = dict(
    pair.split("=")
    for pair in (
        "Bulgarian=bg Czech=cs Danish=da German=de Greek=el English=en Spanish=es Estonian=et Finnish=fi French=fr Irish=ga Croatian=hr Hungarian=hu"
        " Icelandic=is Italian=it Lithuanian=lt Latvian=lv Maltese=mt Dutch=nl Norwegian=no Polish=pl Portuguese=pt Romanian=ro Slovak=sk Slovenian=sl"
        " Swedish=sv"
    ).split()
)

_number = lazy_pattern(NUMBER)
_line = lazy_pattern(rf"(?P<number>{NUMBER})[ \t]+(?P<label>[^:\n]*?)[ \t]*:[ \t]*(?P<value>.*)", re.DOTALL)
_summary = lazy_pattern(r"(?P<number>)(?P<label>[^:\n]{4,80})[ \t]*:[ \t]*(?P<value>.*)", re.DOTALL)
_numbered_heading = lazy_pattern(rf"(?:{NUMBER}|MedDRA|B\.Sponsor|D\.IMP|D\.8 Placebo|Sponsor)[ :].*|Sponsor \d+", re.DOTALL)
_named = lazy_pattern(r"\s*\((?P<code>[a-z]{2})\)\s*$")


def count_sections(document: Document) -> int:
    """How many different numbered sections of the form a page shows."""
    return len({match.group() for block in document.blocks if (match := _number.match(block.text))})


def read_pages(document: Document, source: str) -> Iterator[Draft]:
    """One draft a record: a text export may hold many, each with a summary of its own."""
    blocks = document.blocks
    starts = [at for at, block in enumerate(blocks) if fold_section(block.text.partition(":")[0]) == "eudractnumber" and ":" in block.text]
    for start, end in pairwise([0, *starts[1:], len(blocks)]):
        reader = _Reader(document, source)
        draft = reader.read(blocks[start:end])
        if len(starts) > 1:
            draft.extent = (blocks[start].span.start, blocks[end - 1].span.end)
        yield draft


class _Reader:
    """What is open while the blocks of one record go by."""

    def __init__(self, document: Document, source: str) -> None:
        self.form = Form(document, source)
        self.cells = document.format is Format.HTML
        self.given: Answer | None = None
        self.label: list[Block] = []
        self.value: list[Block] = []
        self.begun = False

    def read(self, blocks: list[Block]) -> Draft:
        """The draft of one record."""
        at = 0
        while at < len(blocks):
            at += self._take(blocks, at)
        self._close()
        return self.form.finished()

    def _take(self, blocks: list[Block], at: int) -> int:
        """Takes the next block in, with its label where it is a number; how many blocks that were."""
        block = blocks[at]
        following = blocks[at + 1] if at + 1 < len(blocks) else None
        if self.cells and not block.table:
            self._drop(block)
        elif _number.fullmatch(block.text.strip()) and following is not None:
            self.begun = True
            self._open(block.text.strip(), following.text.strip().rstrip(": "), [block, following])
            return 2
        elif not self._open_line(block):
            self._go_on(block)
        return 1

    def _open_line(self, block: Block) -> bool:
        """Whether a line holds number, label and value, or a label of the summary, which has no numbers."""
        match = _line.fullmatch(block.text) or (
            None if self.begun else _summary.fullmatch(block.text if ":" in block.text else block.text + ":")
        )
        if match is None or (not match["number"] and fold_section(match["label"]) not in SUMMARY):
            return False
        self.begun |= bool(match["number"])
        bounds = ((0, match.start("label")), (match.end("label"), match.start("value")), match.span("label"))
        self._open(match["number"], match["label"], [part for start, end in bounds if (part := Sheet.part(block, start, end))])
        self.value = [rest] if (rest := Sheet.part(block, match.start("value"), len(block.text))) else []
        return True

    def _open(self, number: str, label: str, blocks: list[Block]) -> None:
        self._close()
        named = _named.search(label)
        words = label[: named.start()] if named else label
        self.given = Answer(section_of(number, words), f"{number} {label}".strip(), named["code"] if named else "")
        self.label = blocks

    def _go_on(self, block: Block) -> None:
        """A heading closes what is open; a language beside a value says whose it is; the rest goes on with the value."""
        words = block.text.strip()
        if self._is_heading(block, words):
            self._close()
            self._drop(block)
        elif self.given and self.value and words in LANGUAGES:
            self.given = self.given._replace(language=LANGUAGES[words])
            given = self.given
            self._drop(block)
            self._close()
            self.given = given
        elif self.given:
            self.value.append(block)
        else:
            self._drop(block)

    def _is_heading(self, block: Block, words: str) -> bool:
        """Whether a block is the form's title or a numbered heading: in a page that has a row to itself, with no number in front."""
        alone = not self.cells or "cell" in block.hint
        return fold_section(words) in TITLES or (alone and _numbered_heading.fullmatch(words) is not None)

    def _drop(self, block: Block) -> None:
        self.form.sheet.drop([block])

    def _close(self) -> None:
        if self.given:
            self.form.answer(self.given, self.label, self.value)
        self.given, self.label, self.value = None, [], []
