"""Records in the formats that other tools read: one module a target.

Every module has `export(record, language) -> Exported`, over the plain JSON of a record, so that documents and JSON
files of ours go the same way. What a target cannot hold is named in `left_out`, never dropped in silence.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any, NamedTuple

TARGETS: dict[str, str] = {
    "ctgov": "ClinicalTrials.gov API v2 JSON",
    "trialgpt": "TrialGPT corpus line with a map from its numbers to our criterion ids",
    "trialmatchai": "TrialMatchAI trial JSON with pre-split criteria",
    "fhir-r5": "FHIR R5 ResearchStudy with eligibility as EvidenceVariable",
    "fhir-r4": "FHIR R4 searchset Bundle of ResearchStudy with contained Group",
    "circe": "OHDSI Circe cohort skeleton with named, empty concept sets",
    "ctml": "MatchMiner CTML",
    "ictrp": "WHO ICTRP XML",
    "csv": "one flat row a trial",
}


class Exported(NamedTuple):
    """What a target reads (JSON value, or text for XML and CSV), and the pointers of what it cannot hold."""

    value: Any
    left_out: list[str]


def export(record: dict[str, Any], target: str, language: str = "en") -> Exported:
    """The record in a target's format; `language` is preferred where a text has two.

    Raises ValueError for a target that is none, or a record that the target cannot hold at all.
    """
    if target not in TARGETS:
        raise ValueError(f"there is no target {target!r}: choose one of {', '.join(TARGETS)}")
    if record.get("kind") != "trial":
        raise ValueError(f"{target} holds trials; this record is a {record.get('kind')}")
    done: Exported = import_module(f"extractor.write.exports.{target.replace('-', '_')}").export(record, language)
    return done
