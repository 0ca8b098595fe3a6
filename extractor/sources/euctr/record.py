"""A record of the EU register while it fills: answers come in one by one, from pages, text or JSON, and go to their fields."""

from __future__ import annotations

from typing import NamedTuple

from extractor.document import Block, Document, Doubt, Draft
from extractor.patterns import lazy_pattern
from extractor.sources.euctr.form import (
    ANSWERS,
    BEYOND,
    FIELDS,
    NAMES,
    NO,
    NOTHING,
    NUMBERS,
    ONLY_PART,
    OPENERS,
    OPTIONS,
    REACHES,
    STATUSES,
    WORDS,
    YES,
    Answer,
    scope_of,
)
from extractor.sources.readers.fields import FURNITURE, UNMAPPED
from extractor.sources.readers.order import split_block
from extractor.sources.readers.sheet import Sheet
from extractor.text import fold_label

MAPPED = frozenset((*FIELDS, *ANSWERS, *NAMES, *NUMBERS, *STATUSES))

_authority = lazy_pattern(r"(?P<country>[^-\n]+?)\s+-\s+\S.*")


class _Yes(NamedTuple):
    """A section that was answered with yes: the code that this stands for, what the page prints of the label, the answer."""

    code: str
    section: str
    label: list[Block]
    value: list[Block]

    @property
    def words(self) -> list[Block]:
        """What says it in words: the label, where it is printed."""
        return self.label or self.value


class Form:
    """The sheet that fills, the items that are open by group, and what can only be settled when all answers are in."""

    def __init__(self, document: Document, source: str) -> None:
        """Begin a record."""
        self.sheet = Sheet(document, Draft(source))
        self.numbers: dict[str, dict[str, str]] = {}
        self.named: dict[str, set[str]] = {}
        self.said: dict[str, list[_Yes]] = {}
        self.aside: dict[str, list[Block]] = {}
        self.reaches: set[str] = set()

    def answer(self, given: Answer, label: list[Block], value: list[Block]) -> None:
        """One section with its value; `label` is what the page prints of it, and no content."""
        self.sheet.begin(label, mapped=given.section in MAPPED)
        if given.section in OPENERS:
            self.numbers[OPENERS[given.section]] = {}
        blank = [block for block in value if NOTHING.fullmatch(block.text)]
        self.sheet.drop(blank)
        value = [block for block in value if block not in blank]
        if value:
            self._enter(given, label[-1:], value)

    def _enter(self, given: Answer, label: list[Block], value: list[Block]) -> None:
        section = given.section
        if section in REACHES and YES.fullmatch(value[0].text):
            self.reaches.add(section)
        if section in ANSWERS:
            self._note_yes(given, label, value)
        elif section in NAMES:
            self._add_name(section, value)
        elif section in (*NUMBERS, *STATUSES):
            self.aside[section] = value
        elif label and YES.fullmatch(value[0].text) and (field := _field_of_words(section)):
            self.sheet.add(field, label)
            self.sheet.drop(value)
        elif OPTIONS.fullmatch(section) and NO.fullmatch(value[0].text):
            self.sheet.drop(value)
        elif section == "A.1":
            self._add_country(value)
        elif section == "E.8.6.3":
            self._add_countries(given, value)
        else:
            self._add(given, value)

    def _add(self, given: Answer, value: list[Block]) -> None:
        target = FIELDS.get(given.section, UNMAPPED)
        if target == FURNITURE:
            self.sheet.drop(value)
        elif target == UNMAPPED:
            self.sheet.keep(given.label, value)
        else:
            self.sheet.add(self._place(given.section, target), value, given.language)

    def _place(self, section: str, target: str) -> str:
        return self.sheet.place(target, self.numbers.setdefault(scope_of(section), {}))

    def _note_yes(self, given: Answer, label: list[Block], value: list[Block]) -> None:
        """A yes counts for its field; the words are the label where the page prints it. Any other answer says nothing."""
        field, code = ANSWERS[given.section]
        if YES.fullmatch(value[0].text):
            self.said.setdefault(field, []).append(_Yes(code, given.label, label, value))
        else:
            self.sheet.drop(value)

    def _add_name(self, section: str, value: list[Block]) -> None:
        """The first name of a product is its name; others are told once."""
        item = self._place(section, "interventions/+/name")
        known = self.named.setdefault(item, set())
        words = fold_label(" ".join(block.text for block in value))
        if words in known:
            self.sheet.drop(value)
        else:
            self.sheet.add(f"{item.removesuffix('name')}other_names/{self.sheet.number('names')}" if known else item, value)
        known.add(words)

    def _add_country(self, value: list[Block]) -> None:
        """The country with its authority: "Portugal - INFARMED"."""
        match = _authority.fullmatch(value[0].text)
        end = match.end("country") if match else len(value[0].text)
        self.sheet.cut(self._place("A.1", FIELDS["A.1"]), value[0], 0, end)
        self.sheet.drop(value)

    def _add_countries(self, given: Answer, value: list[Block]) -> None:
        """Countries outside the Union, one a line; where a copy has lost the lines they cannot be told apart."""
        lines = [line for block in value for line in split_block(block)]
        if len(lines) < 2:
            self.sheet.keep(given.label, value)
            return
        for line in lines:
            self.sheet.add(self.sheet.place(FIELDS["E.8.6.3"], {}), [line])
        self.sheet.drop(value)

    def finished(self) -> Draft:
        """The draft, with what several answers say together."""
        codes = self.sheet.draft.codes
        for field, answers in self.said.items():
            self._settle(field, answers)
        self._add_number()
        for at, section in enumerate(section for section in STATUSES if section in self.aside):
            self.sheet.add("status/overall" if not at else f"?{section}", self.aside[section])
        codes.update({f"sponsors/{at}/role": "SECONDARY" if n else "LEAD" for n, at in enumerate(self._sponsors())})
        return self.sheet.finished()

    def _add_number(self) -> None:
        """The participants of the whole trial; a number of a part of it is kept beside."""
        stated = [section for section in NUMBERS if section in self.aside]
        whole = bool(stated) and self.reaches.isdisjoint(BEYOND.get(stated[0], ()))
        for at, section in enumerate(stated):
            self.sheet.add("enrollment/count" if whole and not at else f"?{section}", self.aside[section])
        if whole:
            self.sheet.draft.codes["enrollment/type"] = "ESTIMATED"
        elif stated:
            self.sheet.draft.doubts.append(Doubt("field.absent", "enrollment", ONLY_PART))

    def _settle(self, field: str, answers: list[_Yes]) -> None:
        """Several phases are all meant, both sexes are everybody; of several purposes or designs none is the trial's."""
        words = [block for answer in answers for block in answer.words]
        said = list(dict.fromkeys(answer.code for answer in answers))
        if field == "design/phases":
            self.sheet.add(f"{field}/0", words)
            self.sheet.draft.codes[field] = ",".join(said)
        elif len(said) == 1 or field == "eligibility/sex":
            self.sheet.add(field, words)
            self.sheet.draft.codes[field] = said[0] if len(said) == 1 else "ALL"
        else:
            for answer in answers:
                self.sheet.add("design/text" if answer.label else f"?{answer.section}", answer.words)
        self.sheet.drop(block for answer in answers for block in answer.value)

    def _sponsors(self) -> list[int]:
        codes = self.sheet.draft.codes
        return [at for at in range(self.sheet.counts.get("sponsors", -1) + 1) if f"sponsors/{at}/role" not in codes]


def _field_of_words(section: str) -> str:
    return next((field for pattern, field in WORDS if pattern.fullmatch(section)), "")
