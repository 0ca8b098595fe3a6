"""The records of the inputs: what is read whole goes on, what fails is noted, so that one run names all failing inputs."""

from __future__ import annotations

import tempfile
import traceback
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import NamedTuple, TypeVar

from extractor.command import LIMIT, plural, tell
from extractor.errors import ExtractError
from extractor.handover import read_record, records_of
from extractor.inputs import Input, find_inputs
from extractor.limits import each_within
from extractor.model import Record
from extractor.pipeline import Options, extract
from extractor.write import to_json
from extractor.write.dataset_names import id_of

Item = TypeVar("Item")
SEVERITIES = {"error": "error", "warning": "warning", "info": "note"}
IN_MEMORY = 8 * 1024 * 1024  # bytes of one input's records that wait in memory until the input is known to be whole


class Wish(NamedTuple):
    """What is done to each record on its way: read our own JSON too, merge a review, check the schema, tell findings."""

    own: bool = False
    review: str = ""
    validate: bool = False
    verbose: bool = False
    limit: float = LIMIT


@dataclass(slots=True)
class Intake:
    """One run over some inputs, and what has come of it so far."""

    places: list[str]
    options: Options
    wish: Wish
    records: int = 0
    findings: Counter[tuple[str, str]] = field(default_factory=Counter)
    failures: list[str] = field(default_factory=list)

    def each(self) -> Iterator[Record]:
        """Every record of every input that was read whole."""
        for _, record in self.keyed():
            yield record

    def keyed(self) -> Iterator[tuple[str, Record]]:
        """The same with keys: the id of the input, and the number of the record where there are several."""
        for item in find_inputs(self.places):
            identifier = id_of(item.shown)
            for number, record in enumerate(self._whole(item), 1):
                self.count(record, item.shown)
                yield identifier if number == 1 else f"{identifier}-{number}", record

    def _whole(self, item: Input) -> Iterator[Record]:
        """The records of an input, none where it fails halfway."""
        try:
            with tempfile.SpooledTemporaryFile(IN_MEMORY) as held:
                coming = self._records(item)
                first = list(islice(coming, 2))
                if len(first) < 2:
                    yield from first
                    return
                for record in first:
                    held.write(to_json(record) + b"\n")
                held.writelines(to_json(record) + b"\n" for record in coming)
                held.seek(0)
                yield from map(read_record, held)
        except ExtractError as error:
            self.failures.append(error.named(item.shown))
        except OSError:
            raise  # of the place where records wait: the disk is full
        except Exception as error:  # noqa: BLE001 (the last net: a fault of ours is told as one, never shown as a traceback)
            self.failures.append(f"{item.shown}: {_fault(error)}")

    def _records(self, item: Input) -> Iterator[Record]:
        for record in self._found(item):
            done = _reviewed(record, self.wish.review) if self.wish.review else record
            if self.wish.validate:
                _validate(done)
            yield done

    def limited(self, items: Iterator[Item]) -> Iterator[Item]:
        """Records, or whatever is made of documents, each within the time that is allowed."""
        limit = self.wish.limit
        sentence = f"a record takes more than {limit:g} seconds of computing: allow more with --limit-seconds, or split it"
        return each_within(items, limit, sentence)

    def _found(self, item: Input) -> Iterator[Record]:
        """The records of an input; where records are handed on, of our own JSON too."""
        if not self.wish.own:
            return self.limited(extract(item.read(), item.name, self.options))
        return self.limited(records_of(item.read(), item.name, self.options))

    def count(self, record: Record, shown: str) -> None:
        """Counts a record of the input that is shown as `shown`, and tells its findings where that is wanted."""
        self.records += 1
        self.findings.update((finding.severity, finding.code) for finding in record.findings)
        for finding in record.findings if self.wish.verbose else ():
            quote = f" [{finding.quote}]" if finding.quote else ""
            tell(f"{shown}: {finding.severity}: {finding.code}: {finding.message}{quote}")

    def summary(self) -> str:
        """One line: how many records, how many findings of each severity and which, how many inputs failed."""
        of = {severity: sum(n for (level, _), n in self.findings.items() if level == severity) for severity in SEVERITIES}
        counts = ", ".join(plural(n, SEVERITIES[severity]) for severity, n in of.items() if n)
        codes = ", ".join(f"{code} {n}" for (_, code), n in sorted(self.findings.items(), key=lambda item: item[0][1]))
        failed = f"; {plural(len(self.failures), 'input')} failed" if self.failures else ""
        return f"{plural(self.records, 'record')}; " + (f"{counts} ({codes})" if counts else "no findings") + failed


def _validate(record: Record) -> None:
    from extractor.write.schemas import find_fault  # noqa: PLC0415

    fault = find_fault(to_json(record))
    if fault:
        raise ExtractError(fault)


def _reviewed(record: Record, place: str) -> Record:
    from extractor.write.review.merging import apply_review, parse_review  # noqa: PLC0415 (only --apply-review needs it)

    try:
        return apply_review(record, parse_review(Path(place).read_bytes()))
    except (OSError, ValueError) as error:
        raise ExtractError(f"{place}: {error}") from error


def _fault(error: Exception) -> str:
    """A sentence for what should not happen, with the place that a report needs."""
    frames = traceback.extract_tb(error.__traceback__)
    place = f" at {Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else ""
    return f"a fault of this tool ({type(error).__name__}{place}): please report it with the document"
