"""WHO ICTRP exports: search results as XML, CSV and workbook (2020 and 2024 columns), the full file, the registers' own XML.

One file holds records of many registers; each record says whose it mirrors. The full file has 63 columns and no header.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from extractor.document import Document, Draft
from extractor.patterns import lazy_pattern
from extractor.sources.ictrp import cells, conditions
from extractor.sources.readers.designs import split_design
from extractor.sources.readers.fields import FURNITURE, LAST
from extractor.sources.readers.paths import ReadyTable, find_records
from extractor.sources.readers.provider import LISTED, TRIAL
from extractor.sources.readers.reading import Leaf, TreeReading
from extractor.sources.readers.rows import columns, parts, read_rows
from extractor.tree import Element

NAME = "ictrp"
PROOF = frozenset({"trialid", "publictitle"})
ANY_OF = frozenset({"lastrefreshedon", "sourceregister", "webaddress", "dateregistration"})
# Registers' numbers whose own records are read here too, by how they begin.
MIRRORS = {"NCT": "ctgov", "CHICTR": "chictr", "EUCTR": "euctr", "CTIS": "ctis", "ISRCTN": "isrctn", "DRKS": "drks"}
# Columns of the full file by position. Origin: ecrin-github/MDR_Downloader, which reads the weekly files.
POSITIONS = tuple(
    """TrialID|Last Refreshed on|Secondary IDs|Public title|Scientific title|web address
    |Contact Firstname|Contact Lastname|Contact Address|Contact Email|Contact Tel|Contact Affiliation
    |Scientific Contact Firstname|Scientific Contact Lastname|Scientific Contact Address|Scientific Contact Email
    |Scientific Contact Tel|Scientific Contact Affiliation|Study type|Study design|Phase|Date registration|Date enrollement
    |Target size|Recruitment Status|Primary sponsor|Secondary Sponsors|Source Support|Countries|Conditions|Interventions
    |Inclusion agemin|Inclusion agemax|Inclusion gender|Inclusion Criteria|Exclusion Criteria|Primary Outcome|Secondary Outcomes
    |Bridging flag|Bridged type|Childs|type enrolment|Retrospective flag|results actual enrollment|results url link|results summary
    |results date posted|results date first publication|results baseline char|results participant flow|results adverse events
    |results outcome measures|results url protocol|results IPD plan|results IPD description|results date completed|results yes no
    |Ethics Status|Ethics Approval Date|Ethics Contact Name|Ethics Contact Address|Ethics Contact Phone|Ethics Contact Email""".replace(
        "\n", ""
    ).split("|")
)
POSITIONS = tuple(name.strip() for name in POSITIONS)
CONTACTS = ("contact", "scientificcontact")
_number = lazy_pattern(r"[A-Z][A-Za-z-]*\d[\w/-]*|NCT\d{8}|ChiCTR\S+|\d{4}-\d{6}-\d{2}\S*")


def _flag(reading: TreeReading, prefix: str, leaf: Leaf) -> None:
    """A link between copies: "False" says nothing."""
    del prefix
    if leaf.text.lower() in ("false", "0"):
        reading.furnish(leaf)
    else:
        reading.keep("bridging", leaf)


def _ignore(reading: TreeReading, prefix: str, leaf: Leaf) -> None:
    """Read with other columns."""
    del reading, prefix, leaf


CRITERIA = {"inclusioncriteria": cells.criteria("inclusion"), "exclusioncriteria": cells.criteria("exclusion")}
ROW: dict[str, Any] = {
    "trialid": "identifiers/0/value primary=true",
    "secondaryid": parts("identifiers/+/value", ";"),
    "secondaryids": parts("identifiers/+/value", ";"),
    "utrn": "identifiers/+/value scheme=UTN",
    "sourceregister": cells.read_register,
    "webaddress": "links/+/url",
    "url": "links/+/url",
    "lastrefreshedon": "registration/last_updated",
    "dateregistration": cells.read_registration,
    "dateregistration3": "registration/date",
    "exportdate": FURNITURE,
    "internalnumber": FURNITURE,
    "otherrecords": FURNITURE,
    "publictitle": "titles/public",
    "scientifictitle": "titles/scientific",
    "acronym": "titles/acronym",
    "scientificacronym": "titles/acronym",
    "primarysponsor": "sponsors/+/name role=LEAD",
    "secondarysponsor": parts("sponsors/+/name role=SECONDARY", LISTED),
    "secondarysponsors": parts("sponsors/+/name role=SECONDARY", LISTED),
    "sourcesupport": cells.read_support,
    "retrospectiveflag": "registration/timing",
    "prospectiveregistration": cells.read_prospective,
    "recruitmentstatus": "status/overall",
    "inclusionagemin": "eligibility/minimum_age",
    "inclusionagemax": "eligibility/maximum_age",
    "inclusiongender": "eligibility/sex",
    "dateenrollement": cells.read_start,
    "dateenrollment": cells.read_start,
    "targetsize": cells.read_target,
    "studytype": "design/study_type",
    "studydesign": cells.read_design,
    "phase": cells.read_phase,
    "countries": cells.read_countries,
    **CRITERIA,
    "condition": conditions.read_conditions,
    "conditions": conditions.read_conditions,
    "intervention": cells.read_interventions,
    "interventions": cells.read_interventions,
    "primaryoutcome": cells.outcomes("PRIMARY"),
    "secondaryoutcome": cells.outcomes("SECONDARY"),
    "secondaryoutcomes": cells.outcomes("SECONDARY"),
    "resultsurllink": "links/+/url",
    "resultsurlprotocol": "links/+/url",
    "resultsipdplan": "data_sharing/ipd",
    "resultsipddescription": "data_sharing/plan",
    "resultsdatecompleted": "dates/completion",
    "resultsdateposted": "dates/results_first_posted",
    "ethicsstatus": cells.read_ethics,
    "ethicsreviewstatus": cells.read_ethics,
    "ethicsapprovaldate": "ethics/date",
    "ethicsreviewapprovaldate": "ethics/date",
    **{
        f"ethics{review}contact{key}": f"contacts/{LAST}/{field} role=ETHICS"
        for review in ("", "review")
        for key, field in (("name", "name"), ("address", "address"), ("phone", "phone"), ("email", "email"))
    },
    "bridgingflag": _flag,
    "bridgingflagtruefalse": _flag,
    **{f"{group}{name}": _ignore for group in CONTACTS for name in ("firstname", "lastname", "address", "email", "tel", "affiliation")},
}
SECTION = ReadyTable(ROW)
PROVIDED = ReadyTable(TRIAL)


def recognises(document: Document) -> bool:
    """Whether the document is an export: its root element, its columns, or 63 columns that begin with a register's number."""
    root = document.tree.root
    return next(find_records("", root, _is_row), None) is not None or next(find_records("", root, _is_provided), None) is not None


def read(document: Document) -> Iterator[Draft]:
    """One draft a row or `<Trial>`, in the order of the file."""
    if next(find_records("", document.tree.root, _is_provided), None) is not None:
        yield from _read_provided(document)
        return
    rows = document.tree.root
    names = POSITIONS if type(rows) is list and _is_unnamed(rows[0]) else ()
    for reading in read_rows(document, NAME, _is_row, lambda _: SECTION, names):
        for group in CONTACTS:
            cells.read_contacts(reading, group, "CENTRAL")
        _say_whose(reading, reading.cells.get("trialid", cells.NONE).text)
        yield reading.finished()


def _is_row(key: str, value: Any) -> bool:
    """A `<Trial>` or row with the export's columns, or one of the full file, whose columns have no names."""
    if type(value) is not Element or key.lower() not in ("", "trial"):
        return False
    return _is_unnamed(value) or (columns(value) >= PROOF and bool(columns(value) & ANY_OF))


def _is_unnamed(row: Element) -> bool:
    found = dict(row)
    number, address = found.get("0"), found.get("5")
    return isinstance(number, str) and isinstance(address, str) and address.startswith("http") and bool(_number.fullmatch(number.strip()))


def _is_provided(key: str, value: Any) -> bool:
    return key == "trial" and type(value) is Element and any(name == "main" for name, _ in value)


def _say_whose(reading: TreeReading, number: str) -> None:
    """A scheme for numbers whose form is not known, and the source of ours that the record mirrors."""
    reading.draft.codes["identifiers/0/scheme"] = "~ICTRP_OTHER"
    mirrored = next((source for beginning, source in MIRRORS.items() if number.upper().startswith(beginning)), "")
    if mirrored:
        reading.draft.meta["mirror_of"] = mirrored


def _read_provided(document: Document) -> Iterator[Draft]:
    cursor = 0
    for trial, skipped in find_records("", document.tree.root, _is_provided):
        reading = TreeReading(document, NAME, cursor)
        reading.pass_over(skipped)
        number = reading.leaves[reading.cursor]
        PROVIDED.take(reading, trial, "")
        _say_whose(reading, number)
        _read_aside(reading)
        cursor = reading.cursor
        yield reading.finished()


def _read_aside(reading: TreeReading) -> None:
    found = {name: reading.cells.get(name, cells.NONE) for name in ("target_size", "study_design", "i_freetext", "i_code")}
    reading.add("enrollment/count", found["target_size"])
    for field, start, end in split_design(found["study_design"].text):
        reading.add(field, found["study_design"].part(start, end))
    reading.furnish(found["study_design"])
    cells.read_interventions(reading, "", found["i_freetext"])
    reading.keep("intervention_code.i_code", found["i_code"])
