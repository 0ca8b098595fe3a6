"""The rows of every table: a record goes in, what a row is about comes out; tables/columns.tsv says which column reads what of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Any, NamedTuple

from msgspec import UNSET, Struct
from msgspec.structs import astuple

from extractor.model import Criterion, Label, Record, Section, Text, Trial
from extractor.normalise.ucum import convert
from extractor.write.dataset.numbers import registered_number

LANGUAGES = ("en", "zh")
# What joins a criterion to its stem when it is read alone: after a stem that ends in a sign, and after one that does not.
JOINTS = {"en": (" ", ": "), "zh": ("", "：")}
SIGNS = ":：;；,，.。、-–—?？"
# What limits are converted into, so that a query can compare them; units of other kinds stay as they are.
STANDARD_UNITS = tuple("10*9/L g/L umol/L U/L mL/min mL/min/{1.73_m2} mm[Hg] kg m kg/m2 a Cel".split())
SHARE = "%"

A_YEAR = {
    "YEAR": 1,
    "MONTH": 12,
    "WEEK": 365.25 / 7,
    "DAY": 365.25,
    "HOUR": 8766,
    "MINUTE": 525_960,
}  # how many of a unit make one; of 365.25 days
AGE_DIGITS = 4  # of an age in years: an hour is 0.0001


class RecordRow(NamedTuple):
    """A record beside its JSON."""

    record: Record
    json: bytes

    def __getattr__(self, name: str) -> Any:
        return getattr(self.record, name)

    @property
    def finding_count(self) -> int:
        """How many findings it has."""
        return len(self.record.findings)

    @property
    def unmapped_count(self) -> int:
        """How many values no field took."""
        return len(self.record.unmapped)


class TrialRow(NamedTuple):
    """A trial of a record."""

    number: int
    trial: Trial
    phase: str | None
    year: int | None

    @property
    def registration_withdrawn(self) -> bool:
        """Whether the registration was withdrawn."""
        return self.trial.registration is not UNSET and self.trial.registration.withdrawn is not UNSET

    @property
    def minimum_age_years(self) -> float | None:
        """The lower age limit in years."""
        return _years(self.trial, "minimum_age")

    @property
    def maximum_age_years(self) -> float | None:
        """The upper age limit in years."""
        return _years(self.trial, "maximum_age")


class ItemRow(NamedTuple):
    """A part of a trial that needs nothing else."""

    number: int
    item: Any


class GivenRow(NamedTuple):
    """An intervention of an arm."""

    number: int
    arm_id: str
    intervention_id: str


class NameRow(NamedTuple):
    """Another name of an intervention."""

    number: int
    intervention_id: str
    name: Text


class TableRow(NamedTuple):
    """A row of a label's table."""

    table_id: str
    ordinal: int
    is_header: bool
    cells: list[str]


class OtherTextRow(NamedTuple):
    """A text in a language that has no column."""

    path: str
    language: str
    text: str


class IdentifierRow(NamedTuple):
    """A number of a trial, with its registered form."""

    number: int
    item: Any
    registered: str | None
    registry: str | None


class CriterionRow(NamedTuple):
    """A node of a tree of criteria with its place in it."""

    number: int
    section: str
    node: Criterion
    parent_id: str | None
    path: str
    depth: int
    ordinal: int
    reading: Text

    @property
    def constraint_count(self) -> int:
        """How many constraints it states."""
        return len(self.node.constraints or ())


class ConstraintRow(NamedTuple):
    """A constraint of a criterion."""

    number: int
    section: str
    criterion_id: str
    ordinal: int
    item: Any
    code: Any
    low_standard: float | None
    high_standard: float | None
    unit_standard: str | None


class SectionRow(NamedTuple):
    """A section of a label with its place."""

    section: Section
    parent_id: str | None
    depth: int
    ordinal: int
    first_page: int | None
    last_page: int | None


class LabelRow(NamedTuple):
    """A label with what its columns make of lists."""

    label: Label
    strengths: list[Text]
    approval_numbers: list[str]
    holder: Text | None


def _present(value: Any) -> Any:
    return () if value is UNSET else value


def each_trial(record: Record) -> Iterator[tuple[int, Trial]]:
    """(0, the record's own trial), or (1, …) and so on for the studies that a label describes."""
    if record.trial is not UNSET:
        yield 0, record.trial
    elif record.label is not UNSET:
        yield from enumerate(_present(record.label.trials), 1)


def _records(record: Record, line: bytes) -> Iterator[RecordRow]:
    yield RecordRow(record, line)


def _trials(record: Record, _: bytes) -> Iterator[TrialRow]:
    for number, trial in each_trial(record):
        phases = trial.design.phases.codes if trial.design is not UNSET and trial.design.phases is not UNSET else []
        yield TrialRow(number, trial, "/".join(phases) or None, _year(trial))


def _year(trial: Trial) -> int | None:
    registered = trial.registration.date if trial.registration is not UNSET else UNSET
    dates = [getattr(trial.dates, name) for name in ("first_posted", "first_submitted", "start")] if trial.dates is not UNSET else []
    found = [registered, *(date.value for date in dates if date is not UNSET)]
    return next((int(value[:4]) for value in found if value is not UNSET), None)


def _years(trial: Trial, end: str) -> float | None:
    """An age limit in years, a month being a twelfth and a day 1/365.25 of one."""
    age = getattr(trial.eligibility, end) if trial.eligibility is not UNSET else UNSET
    return None if age is UNSET else round(float(age.value) / A_YEAR[age.unit], AGE_DIGITS)


def _items(field: str) -> Callable[[Record, bytes], Iterator[ItemRow]]:
    def each(record: Record, _: bytes) -> Iterator[ItemRow]:
        for number, trial in each_trial(record):
            for item in _present(getattr(trial, field)):
                yield ItemRow(number, item)

    return each


def _given(record: Record, _: bytes) -> Iterator[GivenRow]:
    for number, trial in each_trial(record):
        for arm in _present(trial.arms):
            yield from (GivenRow(number, arm.id, name) for name in _present(arm.interventions))


def _names(record: Record, _: bytes) -> Iterator[NameRow]:
    for number, trial in each_trial(record):
        for item in _present(trial.interventions):
            yield from (NameRow(number, item.id, name) for name in _present(item.other_names))


def _identifiers(record: Record, _: bytes) -> Iterator[IdentifierRow]:
    for number, trial in each_trial(record):
        for item in _present(trial.identifiers):
            yield IdentifierRow(number, item, *registered_number(item.value, item.scheme))


def _trees(record: Record) -> Iterator[tuple[int, str, list[Criterion]]]:
    """(trial number, section, its list) of every list of criteria in a record."""
    if record.label is not UNSET:
        yield 0, "indication", _present(record.label.indications)
        yield 0, "contraindication", _present(record.label.contraindications)
    for number, trial in each_trial(record):
        if trial.eligibility is not UNSET:
            yield number, "inclusion", _present(trial.eligibility.inclusion)
            yield number, "exclusion", _present(trial.eligibility.exclusion)


def _criteria(record: Record, _: bytes) -> Iterator[CriterionRow]:
    for number, section, items in _trees(record):
        stack = [(node, None, "", 0, Text()) for node in reversed(items)]
        ordinal = 0
        while stack:
            node, parent_id, above, depth, stem = stack.pop()
            ordinal += 1
            path, reading = f"{above}/{node.id}" if above else node.id, _reading(stem, node.text)
            yield CriterionRow(number, section, node, parent_id, path, depth, ordinal, reading)
            stack += [(child, node.id, path, depth + 1, reading) for child in reversed(_present(node.children))]  # type: ignore[misc]


def _reading(stem: Text, text: Text) -> Text:
    """A criterion's words behind its stem's, in each language that it has."""
    found: dict[str, str] = {}
    for language in LANGUAGES:
        before, own = getattr(stem, language), getattr(text, language)
        if own is not UNSET:
            found[language] = own if before is UNSET else before + JOINTS[language][not before.endswith(tuple(SIGNS))] + own
    return Text(**found)


def _constraints(record: Record, _: bytes) -> Iterator[ConstraintRow]:
    for number, section, items in _trees(record):
        stack = list(reversed(items))
        while stack:
            node = stack.pop()
            for ordinal, item in enumerate(_present(node.constraints), 1):
                codes = _present(item.variable.codes) if item.variable is not UNSET else ()
                code = next(iter(codes), UNSET)
                yield ConstraintRow(number, section, node.id, ordinal, item, code, *_standard(item))
            stack += reversed(_present(node.children))


def _standard(item: Any) -> tuple[float | None, float | None, str | None]:
    """Both ends in the one unit that all units of their kind are converted into, and that unit."""
    unit = item.unit.ucum if item.unit is not UNSET else UNSET
    target = _standard_unit(unit) if unit is not UNSET and item.reference is UNSET else None
    if target is None:
        return None, None, None
    low, high = (convert(float(end.value), unit, target) if end is not UNSET else None for end in (item.low, item.high))
    return low, high, target


@lru_cache(maxsize=4096)
def _standard_unit(unit: str) -> str | None:
    if unit == SHARE or unit.startswith("{"):  # a score is a number like a share, and no share
        return unit if unit == SHARE else None
    return next((target for target in STANDARD_UNITS if convert(1.0, unit, target) is not None), None)


def _labels(record: Record, _: bytes) -> Iterator[LabelRow]:
    if record.label is not UNSET:
        label = record.label
        holders = (item.name for item in _present(label.organizations) if item.role == "HOLDER" and item.name is not UNSET)
        strengths = [item.text for item in _present(label.strengths)]
        yield LabelRow(label, strengths, [item.number for item in _present(label.approval_numbers)], next(holders, None))


def _boxed(record: Record, _: bytes) -> Iterator[LabelRow]:
    if record.label is not UNSET and record.label.boxed_warning is not UNSET:
        yield LabelRow(record.label, [], [], None)


def _of_label(field: str) -> Callable[[Record, bytes], Iterator[ItemRow]]:
    """The items of a list of a label, numbered from 1."""

    def each(record: Record, _: bytes) -> Iterator[ItemRow]:
        items = _present(getattr(record.label, field)) if record.label is not UNSET else ()
        yield from (ItemRow(number, item) for number, item in enumerate(items, 1))

    return each


def _table_rows(record: Record, _: bytes) -> Iterator[TableRow]:
    for table in _present(record.label.tables) if record.label is not UNSET else ():
        header = _present(table.header)
        for ordinal, cells in enumerate([*header, *_present(table.rows)], 1):
            yield TableRow(table.id, ordinal, ordinal <= len(header), cells)


def _sections(record: Record, _: bytes) -> Iterator[SectionRow]:
    stack = [(section, None, 0) for section in reversed(_present(record.label.sections))] if record.label is not UNSET else []
    ordinal = 0
    while stack:
        section, parent_id, depth = stack.pop()
        ordinal += 1
        pages = list(_present(section.pages)) or [None]
        yield SectionRow(section, parent_id, depth, ordinal, pages[0], pages[-1])
        stack += [(child, section.id, depth + 1) for child in reversed(_present(section.children))]


def _reactions(record: Record, _: bytes) -> Iterator[ItemRow]:
    for item in _present(record.label.adverse_reactions) if record.label is not UNSET else ():
        yield ItemRow(0, item)


def _other_texts(record: Record, _: bytes) -> Iterator[OtherTextRow]:
    """Texts in languages that have no column of their own, wherever they stand."""
    stack: list[tuple[str, Any]] = [("", record)] if set(record.source.languages) - set(LANGUAGES) else []
    while stack:
        path, value = stack.pop()
        if isinstance(value, Text):
            found = dict(zip(value.__struct_encode_fields__, astuple(value), strict=True))
            yield from (OtherTextRow(path, key, text) for key, text in found.items() if key not in LANGUAGES and text is not UNSET)
        elif isinstance(value, Struct):
            pairs = zip(value.__struct_encode_fields__, astuple(value), strict=True)
            stack += reversed([(f"{path}/{name}", item) for name, item in pairs if isinstance(item, Struct | list)])
        elif isinstance(value, list):
            stack += reversed([(f"{path}/{at}", item) for at, item in enumerate(value)])


def _findings(record: Record, _: bytes) -> Iterator[ItemRow]:
    for item in record.findings:
        yield ItemRow(0, item)


# Lists of a trial whose items are rows as they are: table → field.
LISTS = {name: name for name in ("conditions", "keywords", "arms", "interventions", "outcomes", "locations", "sponsors", "results")}
LISTS |= {"study_references": "references", "study_links": "links"}

# Table → what makes its rows. tables/columns.tsv declares the columns of each.
EACH: dict[str, Callable[[Record, bytes], Iterator[Any]]] = {
    "records": _records,
    "trials": _trials,
    "identifiers": _identifiers,
    **{table: _items(field) for table, field in LISTS.items()},
    "arm_interventions": _given,
    "intervention_names": _names,
    "criteria": _criteria,
    "constraints": _constraints,
    "labels": _labels,
    "boxed_warnings": _boxed,
    "strengths": _of_label("strengths"),
    "dosing": _of_label("dosing"),
    "label_tables": _of_label("tables"),
    "label_rows": _table_rows,
    "label_sections": _sections,
    "adverse_reactions": _reactions,
    "other_texts": _other_texts,
    "findings": _findings,
}
