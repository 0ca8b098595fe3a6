"""Records to histories: which are versions of one trial or label, in which order, and which stand in several registers.

Versions are of one source and one registered number; a document that states none is taken by the number in its file's name. Forms
of one version (an archive page and its XML) have one date: the fullest stands for the version, the others are compared with it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from msgspec import UNSET

from extractor.compare.changes import Comparison, History, Remark, Version
from extractor.compare.comparing import compare
from extractor.compare.dating import completion_of, date_of, is_retrospective, moment_of, registered_on, start_of
from extractor.compare.registers import linked_pairs, numbers_of
from extractor.compare.weighing import Severity
from extractor.model import Record
from extractor.normalise.identifiers import find_identifiers
from extractor.write.dataset.numbers import registered_number

FORMATS = ("json", "xml", "html", "text", "pdf", "csv", "xlsx")  # of forms that are equally full, the first stands for the version


def key_of(record: Record) -> str:
    """What all versions of a trial share: its registered number, stated or in the file's name; of a label its id."""
    own = numbers_of(record).own
    if own or record.kind == "label":
        return own or record.id
    return number_in_name(record.source.file) or record.id


def number_in_name(file: str) -> str:
    """The registered number in the name of a file, "" where there is none.

    >>> number_in_name("NCT01234867_20121219.xml"), number_in_name("page.html")
    ('NCT01234867', '')
    """
    name = file.replace("_", " ").replace(".", " ")  # a number ends where a word ends
    named = (registered_number(name[start:end])[0] for _, start, end in find_identifiers(name))
    return next(filter(None, named), "")


def group_versions(records: Iterable[Record]) -> list[list[Record]]:
    """Records by source and key, in the order in which the first of each came."""
    groups: dict[tuple[str, str, str], list[Record]] = defaultdict(list)
    for record in records:
        groups[record.kind, record.source.name, key_of(record)].append(record)
    return list(groups.values())


def compare_versions(records: Sequence[Record]) -> History:
    """The history of one trial or label: each version compared with the one before, the forms of a version with each other.

    Of two versions those forms are compared that are of one format, so that what a format lacks is not taken for a change.
    """
    ordered = _without_copies(sorted(records, key=lambda record: (not moment_of(record), moment_of(record), record.source.file)))
    comparisons: list[Comparison] = []
    before: list[int] = []
    for places in _by_version(ordered):
        older, chief = _alike(ordered, before, places)
        if older is not None:
            comparisons.append(compare(ordered[older], ordered[chief], "VERSIONS", (older, chief)))
        comparisons += [compare(ordered[chief], ordered[place], "FORMS", (chief, place)) for place in places if place != chief]
        before = places
    return _history(ordered, comparisons, [*_late(ordered), *_undated(ordered)])


def _alike(records: Sequence[Record], before: Sequence[int], places: Sequence[int]) -> tuple[int | None, int]:
    """Which form of the version before is compared with which form of this one: the fullest of one format, else the fullest."""
    formats = {records[place].source.format: place for place in before}
    fullest = sorted(places, key=lambda place: _fullness(records[place]))
    for place in fullest:
        if records[place].source.format in formats:
            return formats[records[place].source.format], place
    return min(before, key=lambda place: _fullness(records[place]), default=None), fullest[0]


def compare_pair(old: Record, new: Record) -> History:
    """The history of two records that a caller puts side by side, whatever their dates and numbers."""
    remarks = _late([old, new])
    if key_of(old) != key_of(new) and not list(linked_pairs([old, new])):
        remarks.append(_remark("ids.differ", "EDITORIAL", 1, f"the numbers differ: {key_of(old)} and {key_of(new)}"))
    return _history([old, new], [compare(old, new)], remarks)


def compare_registers(records: Iterable[Record]) -> list[History]:
    """The trials that stand in several registers: the newest version of each source, every linked pair compared once."""
    newest = [max(group, key=moment_of) for group in group_versions(records) if group[0].kind == "trial"]
    pairs = list(linked_pairs(newest))
    found: list[History] = []
    for places in _connected(len(newest), pairs):
        local = {place: number for number, place in enumerate(places)}
        compared = [compare(newest[i], newest[j], "REGISTERS", (local[i], local[j])) for i, j, _ in pairs if i in local]
        group = [newest[place] for place in places]
        found.append(_history(group, compared, _late(group)))
    return found


def _connected(count: int, pairs: Sequence[tuple[int, int, str]]) -> list[list[int]]:
    """The groups of two or more places that pairs connect."""
    heads = list(range(count))

    def head(place: int) -> int:
        while heads[place] != place:
            heads[place] = heads[heads[place]]
            place = heads[place]
        return place

    for one, two, _ in pairs:
        heads[max(head(one), head(two))] = min(head(one), head(two))
    groups: dict[int, list[int]] = defaultdict(list)
    for place in range(count):
        groups[head(place)].append(place)
    return [places for places in groups.values() if len(places) > 1]


def _without_copies(records: Sequence[Record]) -> list[Record]:
    """The records without those of files that are byte for byte the same."""
    met: dict[tuple[str, str], Record] = {}
    for record in records:
        met.setdefault((record.source.sha256, record.id), record)
    return list(met.values())


def _by_version(records: Sequence[Record]) -> Iterator[list[int]]:
    """The places of each version: those of one day and of different formats are its forms."""
    for day, group in groupby(range(len(records)), key=lambda place: moment_of(records[place])):
        places = list(group)
        formats = [records[place].source.format for place in places]
        if day and len(set(formats)) == len(places):
            yield places
        else:
            yield from ([place] for place in places)


def _fullness(record: Record) -> tuple[int, int]:
    """What makes a form stand for its version, least first: many values with a place, then the order of formats."""
    values = 0 if record.provenance is UNSET else len(record.provenance)
    return -values, FORMATS.index(record.source.format)


def version_of(record: Record) -> Version:
    """What a reader needs to know of a version."""
    date = date_of(record)
    source = record.source
    known = {"date": date.value, "date_from": date.origin, "start": start_of(record), "primary_completion": completion_of(record)}
    return Version(
        id=record.id,
        source=source.name,
        format=source.format,
        file=source.file,
        sha256=source.sha256,
        version=source.version,
        **{name: value for name, value in known.items() if value},
    )


def _history(records: Sequence[Record], comparisons: list[Comparison], remarks: list[Remark]) -> History:
    last = records[-1]
    versions = [version_of(record) for record in records]
    return History(id=key_of(last), kind=last.kind, versions=versions, comparisons=comparisons, remarks=remarks)


def _remark(rule: str, severity: Severity, version: int, message: str) -> Remark:
    return Remark(rule=rule, severity=severity, version=version, message=message)


def _late(records: Sequence[Record]) -> list[Remark]:
    """The remark that a trial was registered after its start, with the first version that says so."""
    for version, record in enumerate(records):
        if is_retrospective(record):
            told = f"registered on {registered_on(record)}; the start is given as {start_of(record)}"
            return [_remark("registered.after_start", "REGISTRATION", version, told)]
    return []


def _undated(records: Sequence[Record]) -> Iterator[Remark]:
    """A remark for each version without a date."""
    for version, record in enumerate(records):
        if not moment_of(record):
            told = f"{record.source.file or record.id} states no date: it stands behind the dated ones, by its name"
            yield _remark("version.undated", "EDITORIAL", version, told)


def compare_files(old: Sequence[Record], new: Sequence[Record]) -> list[History]:
    """Two files: of one record each whatever their numbers; of many, trial by trial, with those that only one file has last."""
    if len(old) == len(new) == 1:
        return [compare_pair(old[0], new[0])]
    before, after = _by_key(old), _by_key(new)
    found = [_compare_newest(before[key], after[key]) for key in before if key in after]
    for words, groups, others in (("older", before, after), ("newer", after, before)):
        for key, group in groups.items():
            if key not in others:
                remark = _remark(f"record.only_{words}", "MATERIAL", 0, f"only the {words} file has {key}")
                found.append(_history(group[-1:], [], [remark]))
    return found


def _by_key(records: Iterable[Record]) -> dict[str, list[Record]]:
    """Records by what all versions of a trial share, the newest of each last."""
    groups: dict[str, list[Record]] = defaultdict(list)
    for record in sorted(records, key=moment_of):
        groups[key_of(record)].append(record)
    return groups


def _compare_newest(old: list[Record], new: list[Record]) -> History:
    """The newest record of each file; where a file has several of one trial, that is told."""
    found = compare_pair(old[-1], new[-1])
    for version, group in enumerate((old, new)):
        if len(group) > 1:
            told = f"the {'newer' if version else 'older'} file has {len(group)} records of {key_of(group[-1])}: the newest is compared"
            found.remarks.append(_remark("record.repeated", "MATERIAL", version, told))
    return found
