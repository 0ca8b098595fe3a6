"""The stages in order: bytes → format → document → source → draft → values → record."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import chain
from types import ModuleType
from typing import Any

import msgspec
from msgspec import UNSET

from extractor.check import coverage_of, find_doubts, find_garbled, find_unmapped, findings_of, join_extents, measure_coverage
from extractor.decode import decode
from extractor.detect import detect
from extractor.document import Document, Doubt, Draft, Extent, Format, Found, Span, Unmapped
from extractor.errors import ExtractError, UnreadableInput
from extractor.findings import Severity
from extractor.languages import READ, to_model
from extractor.model import SCHEMA_VERSION, Eligibility, Label, Place, Record, Source, Trial, UnmappedText
from extractor.normalise import Normalised, normalise
from extractor.normalise.dates import parse_date
from extractor.patterns import lazy_pattern
from extractor.sources import identify
from extractor.text import clean_surrogates, clean_wraps

LONG_VALUE = 2000  # characters
_language = lazy_pattern(r"[a-z]{2}(?:-[A-Z]{2})?|und")  # the last part of a pointer to a text; no field of the record is named so


@dataclass(frozen=True, slots=True)
class Options:
    """What a caller may choose; `source` forces a source by its name, `findings` is the least severe kind to keep.

    `seconds` limits the computing on a PDF (0: by its pages); it changes no result, so nothing is read anew for another one.
    """

    source: str = ""
    contacts: bool = True
    provenance: bool = True
    concepts: bool = False
    skip_scanned: bool = False
    findings: Severity = "info"
    seconds: float = field(default=0.0, repr=False)


@dataclass(slots=True)
class StructuredDraft:
    """A draft after all rooms but the last: the trial or label with what is known about it."""

    content: Trial | Label
    identifier: str
    provenance: dict[str, tuple[Span, ...]]
    doubts: list[Doubt]
    unmapped: list[Unmapped]
    furniture: list[Span]


def extract(data: bytes, name: str = "", options: Options = Options()) -> Iterator[Record]:
    """Every record of one document, in order.

    Raises ExtractError where no record can be trusted: unreadable bytes, an unknown layout, a double claim.
    """
    for found, _ in extract_with_document(data, name, options):
        yield found


def extract_with_document(data: bytes, name: str = "", options: Options = Options()) -> Iterator[tuple[Record, Document]]:
    """Every record of one document with the document that its provenance points into, in which persons are covered where `options` say so.

    Raises ExtractError as `extract` does.
    """
    try:
        document = read_document(data, name, options)
        source = identify(document, options.source)
        if not options.contacts:
            document = _redacted(document, source)
        count = 0
        for draft in _each_draft(source, document):
            count += 1
            yield _finished(draft, document, options), document
        if not count:
            raise UnreadableInput(f"the layout is that of {source.NAME}, but no record stands in it")
    except RecursionError as error:
        raise UnreadableInput("the document nests too deep to be a record") from error


def _each_draft(source: ModuleType, document: Document) -> Iterator[Draft]:
    """The drafts of a document. Before the last one is handed on, the blocks are given up: when a record is made, most memory is taken.

    A label keeps them, as its room reads them. What stops the reading is raised behind the drafts that came before it.
    """
    drafts = iter(source.read(document))
    failure: ExtractError | RecursionError | None = None
    draft: Draft | None = next(drafts, None)
    while draft is not None:
        following: Draft | None = None
        try:
            following = next(drafts, None)
        except (ExtractError, RecursionError) as error:
            failure = error
        if following is None and draft.kind != "label":
            document.blocks = []
        yield draft
        draft = following
    if failure:
        raise failure


def _finished(draft: Draft, document: Document, options: Options) -> Record:
    """The record of one draft."""
    if options.contacts:
        return record(structure(draft, document, options), draft, document, options)
    from extractor.privacy import redact_record, without_persons  # noqa: PLC0415 (only --no-contacts needs the room)

    bare = without_persons(draft)
    return redact_record(record(structure(bare, document, options), bare, document, options))


def _redacted(document: Document, source: ModuleType) -> Document:
    """The document with its persons covered, by what a first reading finds."""
    from extractor.privacy import redact  # noqa: PLC0415 (only --no-contacts needs the room)

    return redact(document, _first_reading(document, source))


def _first_reading(document: Document, source: ModuleType) -> Iterator[Draft]:
    """The drafts of a document; those of labels with all that the label room reads, by the names of its fields."""
    for draft in source.read(document):
        if draft.kind == "label":
            done = _structure_label(draft, document)
            draft.unmapped += [Unmapped(pointer.rpartition("/")[2], Found("", spans)) for pointer, spans in done.provenance.items()]
            draft.unmapped += done.unmapped
        yield draft


def read_document(data: bytes, name: str = "", options: Options = Options()) -> Document:
    """The decoded document.

    Raises UnreadableInput.
    """
    return decode(data, detect(data, name), name, skip_scanned=options.skip_scanned, seconds=options.seconds)


def document_text(data: bytes, name: str = "") -> str:
    """The decoded text that provenance offsets point into.

    Raises UnreadableInput.
    """
    return read_document(data, name).text


def structure(draft: Draft, document: Document, options: Options) -> StructuredDraft:
    """A draft's values, with criteria as trees."""
    if draft.kind == "label":
        return _structure_label(draft, document)
    if document.format is Format.PDF:
        draft.wrapped = True
    values = normalise(draft)
    draft.entries = []  # the raw words are in `values` now, as far as they are needed
    return _structure_trial(values, draft, options)


def _structure_label(draft: Draft, document: Document) -> StructuredDraft:
    from extractor.label import structure_label  # noqa: PLC0415 (only labels need it)

    done = structure_label(draft, document)
    unmapped, furniture = [*draft.unmapped, *done.unmapped], [*draft.furniture, *done.furniture]
    return StructuredDraft(done.label, done.id, done.provenance, [*draft.doubts, *done.doubts], unmapped, furniture)


def _structure_trial(values: Normalised, draft: Draft, options: Options) -> StructuredDraft:
    trial = to_model(values.tree, Trial)
    provenance = {f"/trial{pointer}": spans for pointer, spans in values.provenance.items()}
    furniture = [*draft.furniture, *values.empty]
    doubts = list(values.doubts)
    if values.criteria or values.items:
        trial = _add_criteria(trial, values, provenance, furniture, doubts)
    if options.concepts:
        trial = _add_concepts(trial)
    doubts += find_doubts(trial)
    primary = next((item.value for item in trial.identifiers or () if item.primary), "")
    return StructuredDraft(trial, values.meta.get("id", primary), provenance, doubts, values.unmapped, furniture)


def _add_criteria(
    trial: Trial, values: Normalised, provenance: dict[str, tuple[Span, ...]], furniture: list[Span], doubts: list[Doubt]
) -> Trial:
    from extractor import criteria  # noqa: PLC0415 (a record without criteria does not need the room)

    sides = {side: {key[1]: found for key, found in values.criteria.items() if key[0] == side} for side in ("inclusion", "exclusion")}
    whole = next(((language, found) for (side, language), found in values.criteria.items() if not side), None)
    if values.items:
        done = criteria.structure_items(values.items)
    elif whole:
        done = criteria.structure_whole(whole[1], whole[0])
    else:
        done = criteria.structure_sections(sides["inclusion"], sides["exclusion"])
    provenance.update(_drained(done.provenance, "/trial/eligibility"))
    furniture += done.covered
    values.unmapped += [Unmapped("eligibility", found) for found in done.unmapped]
    doubts += [doubt._replace(path=f"/trial/eligibility{doubt.path}") for doubt in done.doubts]
    present = trial.eligibility if trial.eligibility is not UNSET else Eligibility()
    eligibility = msgspec.structs.replace(
        present, text=done.text if done.text is not None else UNSET, inclusion=done.inclusion or UNSET, exclusion=done.exclusion or UNSET
    )
    return msgspec.structs.replace(trial, eligibility=eligibility)


def _drained(places: dict[str, tuple[Span, ...]], above: str) -> Iterator[tuple[str, tuple[Span, ...]]]:
    """The places under their pointers from the root, in their order; each is taken out, so that not all are held twice."""
    for pointer in list(places):
        yield above + pointer, places.pop(pointer)


def _add_concepts(trial: Trial) -> Trial:
    from extractor.concepts import add_concepts  # noqa: PLC0415 (an extra, off by default)

    if trial.eligibility is UNSET:
        return trial
    lists: dict[str, Any] = {side: add_concepts(getattr(trial.eligibility, side) or []) or UNSET for side in ("inclusion", "exclusion")}
    return msgspec.structs.replace(trial, eligibility=msgspec.structs.replace(trial.eligibility, **lists))


def record(done: StructuredDraft, draft: Draft, document: Document, options: Options) -> Record:
    """The envelope: source, findings, what is unmapped, coverage, provenance."""
    root = f"/{draft.kind}"
    unmapped = [UnmappedText(label=label, text=_readable(found.text)) for label, found in done.unmapped if found.text.strip()]
    doubts = [
        *done.doubts,
        *find_garbled(document.text, done.provenance),
        *find_unmapped(unmapped),
    ]
    digest = _digest(document.data)
    return Record(
        schema_version=SCHEMA_VERSION,
        kind="label" if draft.kind == "label" else "trial",
        id=done.identifier or f"sha256:{digest[:16]}",
        source=_source(draft, document, digest, done),
        **{draft.kind: done.content},  # type: ignore[arg-type]
        findings=findings_of(doubts, root, options.findings),
        unmapped=unmapped,
        coverage=_coverage(done, draft, document),
        provenance=_places(done.provenance) if options.provenance else UNSET,
    )


@lru_cache(maxsize=1)
def _digest(data: bytes) -> str:
    """The SHA-256 of a file, once for all its records."""
    return hashlib.sha256(data).hexdigest()


def _readable(text: str) -> str:
    """An unmapped value in one line; a long one, such as a whole section, as it stands."""
    return clean_wraps(text) if len(text) <= LONG_VALUE else text.strip()


def _source(draft: Draft, document: Document, digest: str, done: StructuredDraft) -> Source:
    meta = draft.meta
    return Source(
        name=draft.source,  # type: ignore[arg-type]
        format=document.format.value,
        file=_file_name(document.name),
        sha256=digest,
        bytes=len(document.data),
        pages=document.pages or UNSET,
        languages=_languages(done, draft),
        version=meta.get("version") or UNSET,
        version_date=_version_date(meta.get("version_date", "")) or UNSET,
        mirror_of=meta.get("mirror_of") or UNSET,  # type: ignore[arg-type]
    )


def _file_name(name: str) -> str:
    """The base name; of an archive's member the archive's base name and the member: "dump.zip!x/page.html"."""
    outside, mark, member = clean_surrogates(name).partition("!")
    return re.split(r"[/\\]", outside)[-1] + mark + member


def _languages(done: StructuredDraft, draft: Draft) -> list[str]:
    """The languages of the record; a label's organisations may have Latin names in a Chinese text."""
    if draft.kind == "label":
        pointers = [p for p in done.provenance if p.startswith("/label/sections/")] or list(done.provenance)
        counts = {language: sum(p.endswith(f"/{language}") for p in pointers) for language in ("zh", "en")}
        return [language for language, count in counts.items() if count * 10 > sum(counts.values())] or ["zh"]
    ends = {pointer.rpartition("/")[2] for pointer in done.provenance}
    found = [language for language in READ if language in ends]
    found += sorted(filter(_language.fullmatch, ends.difference(READ)))
    return found or ["en"]


def _version_date(text: str) -> str:
    try:
        return parse_date(text) if text else ""
    except ValueError:
        return ""


def _coverage(done: StructuredDraft, draft: Draft, document: Document) -> Any:
    unmapped = (item.found.spans for item in done.unmapped)
    reached = join_extents(span for spans in chain(done.provenance.values(), unmapped) for span in spans)
    furniture = join_extents(done.furniture)
    extent = draft.extent or (_extent([*reached, *furniture]) if isinstance(document.tree, list) else (0, len(document.text)))
    share = measure_coverage(document.text, extent, reached, furniture)
    return coverage_of(share, draft.labels_seen, draft.labels_mapped)


def _extent(extents: list[Extent]) -> Extent:
    return (min((start for start, _ in extents), default=0), max((end for _, end in extents), default=0))


def _places(provenance: dict[str, tuple[Span, ...]]) -> dict[str, list[Place]]:
    """The places as the record holds them; each is taken out of `provenance`, and those of a criterion's words and constraints are one list: they are many."""
    places: dict[str, list[Place]] = {}
    last: tuple[Span, ...] = ()
    for pointer in list(provenance):
        spans = provenance.pop(pointer)
        if spans is not last or not places:
            kept = [_place(span) if span[2] else Place(start=span[0], end=span[1]) for span in spans]
        places[pointer], last = kept, spans
    return places


def _place(span: Span) -> Place:
    """A span on a page."""
    start, end, page, box = span
    return Place(start=start, end=end, page=page, box=[round(x, 1) for x in box] if box else UNSET)
