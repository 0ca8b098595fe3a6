"""ClinicalTrials.gov as rows: the registry's CSV exports (2023 on, and the classic one), fields of its earlier API, two tables of AACT.

Lists inside a cell are joined with "|". The registry's exports hold no eligibility criteria. Objects of JSON whose values are all
leaves or lists of leaves are rows too.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from extractor.document import Document, Doubt, Draft, Format
from extractor.sources.ctgov import flat
from extractor.sources.readers.designs import split_design
from extractor.sources.readers.fields import FURNITURE
from extractor.sources.readers.paths import ReadyTable, holds_record
from extractor.sources.readers.reading import Leaf, TreeReading
from extractor.sources.readers.rows import columns, parts, read_rows
from extractor.tree import Element

ABSENT = "This table of the registry holds no eligibility criteria; they stand in the JSON, XML and pages of the record."


def _ages(reading: TreeReading, prefix: str, leaf: Leaf) -> None:
    """The classic export prints limits, today's only the groups that follow from them ("ADULT, OLDER_ADULT")."""
    del prefix
    if any(character.isdigit() for character in leaf.text):
        reading.add("eligibility/ages", leaf)
    else:
        reading.furnish(leaf)


def _design(reading: TreeReading, prefix: str, leaf: Leaf) -> None:
    del prefix
    for field, start, end in split_design(leaf.text):
        reading.add(field, leaf.part(start, end))
    reading.furnish(leaf)


def _sponsors(reading: TreeReading, prefix: str, leaf: Leaf) -> None:
    """The classic export's one cell: the lead sponsor first."""
    parts("sponsors/+/name role=COLLABORATOR", r"\|")(reading, prefix, leaf)
    reading.draft.codes["sponsors/1/role"] = "LEAD"


EXPORT: dict[str, Any] = {
    "rank": FURNITURE,
    "nctnumber": "identifiers/0/value scheme=NCT primary=true",
    "studytitle": "titles/public",
    "title": "titles/public",
    "studyurl": FURNITURE,
    "url": FURNITURE,
    "acronym": "titles/acronym",
    "studystatus": "status/overall",
    "status": "status/overall",
    "briefsummary": "descriptions/brief",
    "conditions": parts("conditions/+/name", r"\|"),
    "interventions": parts("interventions/+/typed_name", r"\|"),
    "primaryoutcomemeasures": parts("outcomes/+/measure level=PRIMARY", r"\|"),
    "secondaryoutcomemeasures": parts("outcomes/+/measure level=SECONDARY", r"\|"),
    "otheroutcomemeasures": parts("outcomes/+/measure level=OTHER", r"\|"),
    "outcomemeasures": parts("outcomes/+/measure", r"\|"),
    "sponsor": "sponsors/+/name role=LEAD",
    "collaborators": parts("sponsors/+/name role=COLLABORATOR", r"\|"),
    "sponsorcollaborators": _sponsors,
    "sex": "eligibility/sex",
    "gender": "eligibility/sex",
    "age": _ages,
    "phases": parts("design/phases/+", r"\|"),
    "enrollment": "enrollment/count",
    "studytype": "design/study_type",
    "studydesign": _design,
    "studydesigns": _design,
    "otherids": parts("identifiers/+/value", r"\|"),
    "startdate": "dates/start",
    "primarycompletiondate": "dates/primary_completion",
    "completiondate": "dates/completion",
    "firstposted": "dates/first_posted",
    "resultsfirstposted": "dates/results_first_posted",
    "lastupdateposted": "dates/last_update_posted",
    "locations": parts("locations/+/facility", r"\|"),
}
# AACT: the tables `studies` and `eligibilities` (a row a trial); others hold parts of trials and no more than that.
AACT: dict[str, Any] = {
    "id": FURNITURE,
    "nctid": "identifiers/0/value scheme=NCT primary=true",
    "brieftitle": "titles/public",
    "officialtitle": "titles/scientific",
    "overallstatus": "status/overall",
    "whystopped": "status/why_stopped",
    "phase": parts("design/phases/+", r"\|"),
    "enrollmenttype": "enrollment/type",
    "startdatetype": "dates/start/type",
    "primarycompletiondatetype": "dates/primary_completion/type",
    "completiondatetype": "dates/completion/type",
    "studyfirstsubmitteddate": "dates/first_submitted",
    "studyfirstsubmittedqcdate": "dates/first_submitted_qc",
    "studyfirstposteddate": "dates/first_posted",
    "studyfirstposteddatetype": "dates/first_posted/type",
    "resultsfirstsubmitteddate": "dates/results_first_submitted",
    "resultsfirstsubmittedqcdate": "dates/results_first_submitted_qc",
    "resultsfirstposteddate": "dates/results_first_posted",
    "resultsfirstposteddatetype": "dates/results_first_posted/type",
    "dispositionfirstsubmitteddate": "dates/disposition_first_submitted",
    "dispositionfirstsubmittedqcdate": "dates/disposition_first_submitted_qc",
    "dispositionfirstposteddate": "dates/disposition_first_posted",
    "dispositionfirstposteddatetype": "dates/disposition_first_posted/type",
    "lastupdatesubmitteddate": "dates/last_update_submitted",
    "lastupdateposteddate": "dates/last_update_posted",
    "lastupdateposteddatetype": "dates/last_update_posted/type",
    "verificationdate": "dates/status_verified",
    "verificationmonthyear": FURNITURE,
    "startmonthyear": FURNITURE,
    "completionmonthyear": FURNITURE,
    "primarycompletionmonthyear": FURNITURE,
    "numberofarms": FURNITURE,
    "numberofgroups": FURNITURE,
    "hasdmc": "data_sharing/monitoring_committee",
    "biospecretention": "biospecimens/0/fate",
    "biospecdescription": "biospecimens/0/name",
    "plantoshareipd": "data_sharing/ipd",
    "plantoshareipddescription": "data_sharing/plan",
    "ipdtimeframe": "data_sharing/plan",
    "ipdaccesscriteria": "data_sharing/plan",
    "ipdurl": "links/+/url",
    "criteria": "eligibility/text",
    "eligibilitycriteria": "eligibility/text",
    "minimumage": "eligibility/minimum_age",
    "maximumage": "eligibility/maximum_age",
    "healthyvolunteers": "eligibility/healthy_volunteers",
    "population": "eligibility/population",
    "samplingmethod": "eligibility/sampling_method",
    "adult": FURNITURE,
    "child": FURNITURE,
    "olderadult": FURNITURE,
    "createdat": FURNITURE,
    "updatedat": FURNITURE,
}
LISTED = ReadyTable({**flat.table(flat.NEVER), **EXPORT, **AACT})
JOINED = ReadyTable({**flat.table(flat.JOINT), **EXPORT, **AACT})
# The registry's own name of its number needs one of its columns beside it; the API's, one that only trials have.
BESIDE = {
    "nctnumber": EXPORT.keys() - {"rank", "url", "studyurl", "nctnumber"},
    "nctid": (flat.table(flat.JOINT).keys() | {"title", "studytitle", "criteria"})
    - {"nctid", "acronym", "phase", "gender", "keyword", "condition"},
}


def recognises(document: Document) -> bool:
    """Whether the rows are trials of the registry: its number beside a column that only its tables have."""
    root = document.tree.root
    if document.format is Format.JSON:
        return holds_record(root, _is_row)
    return bool(root) and isinstance(root, list) and _is_row("", root[0])


def read(document: Document, source: str) -> Iterator[Draft]:
    """One draft a row; a row without criteria says so."""
    for reading in read_rows(document, source, _is_row, _section):
        flat.settle(reading)
        if not {"criteria", "eligibilitycriteria"} & reading.cells.keys():
            reading.draft.doubts.append(Doubt("field.absent", "eligibility/text", ABSENT))
        yield reading.finished()


def _section(row: Element) -> ReadyTable:
    return LISTED if any(isinstance(value, list) for _, value in row) else JOINED


def _is_row(key: str, value: Any) -> bool:
    del key
    names = columns(value)
    if isinstance(value, dict) and "criteria" in names:
        return False  # an aggregator's feed
    return any(number in names and names & others for number, others in BESIDE.items()) and _is_flat(value)


def _is_flat(row: Any) -> bool:
    """Whether every value is a leaf or a list of leaves."""
    values = row.values() if isinstance(row, dict) else [value for _, value in row]
    parts = [part for value in values for part in (value if isinstance(value, list) else [value])]
    return not any(isinstance(part, dict | list | tuple) for part in parts)
