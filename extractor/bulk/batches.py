"""The batch: what units go together, and the pure function that turns them into rows, on this machine or another.

Where a batch ends depends on the inputs alone, never on workers or time, so that every run over the same inputs writes the
same parts.
"""

from __future__ import annotations

import hashlib
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

import msgspec

from extractor.errors import ExtractError
from extractor.inputs import InputDocument, InputUnit, file_of, read_unit
from extractor.model import SCHEMA_VERSION, Record
from extractor.pipeline import Options, extract
from extractor.version import VERSION
from extractor.write import to_json
from extractor.write.dataset import KEY_LENGTH, LinesPart, ParquetPart, RecordSink
from extractor.write.dataset.columns import declared
from extractor.write.dataset_names import id_of

UNITS = 512  # in a batch at most
BYTES = 1 << 24  # of documents in a batch, as far as their sizes are known
CARRIED = 1 << 21  # bytes of documents that travel with a batch, because they were cut from a stream
AHEAD = 4 * UNITS  # units looked at before a batch is cut, to see the end coming
HELD = CARRIED  # bytes that those of them may hold
SHARE = 8  # the last batches take this part of what is left, so that all workers end at about the same time
LEAST = 8  # units in a batch for which it is worth making a part

Extract = Callable[[bytes, str, Options], Iterator[Record]]
Watch = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Plan:
    """How documents are read: the extractor's options, whether only JSON lines are wanted, seconds for one document."""

    options: Options = field(default_factory=Options)
    lines: bool = False
    limit: float = 60.0
    read: Extract = extract

    def fingerprint(self) -> str:
        """What a later run must share for its results to be the same: version, options, tables."""
        told = (VERSION, SCHEMA_VERSION, repr(self.options), self.lines, declared())
        return hashlib.sha256(repr(told).encode()).hexdigest()[:KEY_LENGTH]


class Known(NamedTuple):
    """What an earlier run found at an address, with the same version and options."""

    sha256: str
    state: str
    error: str


@dataclass(slots=True)
class Batch:
    """Units with what is known of them. `refused` names documents, by unit and number, that killed their worker, and why."""

    units: list[InputUnit]
    known: Mapping[str, Known] = field(default_factory=dict)
    refused: dict[tuple[int, int], str] = field(default_factory=dict)


class DocumentResult(NamedTuple):
    """What came of one document. `state` is written, unchanged or quarantined; `same` that nothing was done anew."""

    address: str
    input_id: str
    state: str
    sha256: str
    bytes: int
    seconds: float
    records: int
    error: str
    same: bool = False


@dataclass(slots=True)
class BatchResult:
    """Outcomes in the order of the documents, and the part's files by table."""

    outcomes: list[DocumentResult]
    files: dict[str, bytes]
    weight: int = 0


def cut_batches(units: Iterable[InputUnit]) -> Iterator[list[InputUnit]]:
    """Units in batches of up to `UNITS`, `BYTES` and `CARRIED`, or one unit beyond them; smaller and smaller ones towards the end."""
    ahead = _Ahead(units)
    while batch := ahead.take():
        yield batch


class _Ahead:
    """The units that come next, held until a batch takes them."""

    def __init__(self, units: Iterable[InputUnit]) -> None:
        self._source = iter(units)
        self._units: deque[InputUnit] = deque()
        self._held = 0  # bytes
        self._ended = False

    def take(self) -> list[InputUnit]:
        """The next batch; an empty one at the end."""
        self._fill()
        most = min(UNITS, max(LEAST, len(self._units) // SHARE)) if self._ended else UNITS
        batch: list[InputUnit] = []
        size = carried = 0
        while self._units and len(batch) < most:
            unit = self._units[0]
            size, carried = size + unit.size, carried + len(unit.data or b"")
            if batch and (size > BYTES or carried > CARRIED):
                break
            batch.append(self._units.popleft())
            self._held -= len(unit.data or b"")
        return batch

    def _fill(self) -> None:
        while not self._ended and len(self._units) < AHEAD and self._held < HELD:
            unit = next(self._source, None)
            if unit is None:
                self._ended = True
            else:
                self._units.append(unit)
                self._held += len(unit.data or b"")


def run_batch(batch: Batch, plan: Plan, watch: Watch | None = None) -> BatchResult:
    """Reads every document of a batch; no document's fault ever leaves this function. `watch` is told which comes next."""
    part: RecordSink = LinesPart() if plan.lines else ParquetPart()
    outcomes: list[DocumentResult] = []
    for index, unit in enumerate(batch.units):
        if watch:
            watch(index, 0)
        for number, piece in enumerate(_pieces(unit, batch.refused.get((index, 0), "")), 1):
            if watch:
                watch(index, number)
            reason = piece.refusal or batch.refused.get((index, number), "")
            outcomes.append(_run_piece(piece._replace(refusal=reason), batch.known.get(piece.address), plan, part))
    if watch:
        watch(-1, 0)  # what follows is no document's fault
    return BatchResult(outcomes, part.close(), sum(unit.weight for unit in batch.units))


def _pieces(unit: InputUnit, refused: str) -> Iterator[InputDocument]:
    try:
        yield from read_unit(unit._replace(refusal=refused) if refused else unit)
    except Exception as error:  # noqa: BLE001 (one file's fault must not cost the others their records)
        yield InputDocument(unit.address, unit.name, b"", _fault(error))


def _run_piece(piece: InputDocument, known: Known | None, plan: Plan, part: RecordSink) -> DocumentResult:
    address, identifier = piece.address, id_of(piece.address)
    if piece.refusal:
        digest = hashlib.sha256(piece.data).hexdigest() if piece.data else ""
        same = known is not None and known.state == "quarantined" and known.error == piece.refusal
        return DocumentResult(address, identifier, "quarantined", digest, len(piece.data), 0.0, 0, piece.refusal, same)
    digest = hashlib.sha256(piece.data).hexdigest()
    if known is not None and known.sha256 == digest:
        state = "unchanged" if known.state == "written" else known.state
        return DocumentResult(address, identifier, state, digest, len(piece.data), 0.0, 0, known.error, same=True)
    begun = time.perf_counter()
    lines, error = _extract(piece, plan)
    for number, (record, line) in enumerate(lines, 1):
        part.add(identifier if number == 1 else f"{identifier}-{number}", record, line)
    seconds = round(time.perf_counter() - begun, 6)
    return DocumentResult(address, identifier, "quarantined" if error else "written", digest, len(piece.data), seconds, len(lines), error)


def _extract(piece: InputDocument, plan: Plan) -> tuple[list[tuple[Record, bytes]], str]:
    """All records of a document with their JSON, or none and the reason: half a document is never written."""
    try:
        found = []
        for record in plan.read(piece.data, piece.name, plan.options):
            named = msgspec.structs.replace(record, source=msgspec.structs.replace(record.source, file=file_of(piece.address)))
            found.append((named, to_json(named)))
    except ExtractError as error:
        return [], str(error) or type(error).__name__
    except Exception as error:  # noqa: BLE001 (a fault of ours on one document must not cost the others their records)
        return [], _fault(error)
    return (found, "") if found else ([], "no record stands in it")


def _fault(error: Exception) -> str:
    return f"a fault of this tool ({type(error).__name__}: {str(error)[:200]}): please report it with the document"
