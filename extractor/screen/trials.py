"""Records made ready for screening: criteria as rules, and what of a record forbids a decision."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from extractor.screen.rules.trees import CriterionRule, rules_of

Json = dict[str, Any]
ELIGIBILITY = "/trial/eligibility"
# Findings that say that a criterion, or a structured field, cannot be relied on.
DOUBTS = frozenset(
    {"criteria.languages_differ", "units.disagree", "text.garbled", "text.truncated", "reference.dangling", "ocr.low_confidence"}
)
# Findings that say that a structured field and the criteria contradict each other, and the field that they are about.
CONFLICTS = {"eligibility.age_conflict": ("minimum_age", "maximum_age"), "eligibility.sex_conflict": ("sex",)}
# Findings that say that not all criteria are in the record.
INCOMPLETE = frozenset({"text.truncated", "field.absent", "page.skipped"})


@dataclass(frozen=True, slots=True)
class ScreenedTrial:
    """A record made ready. `whole` is false where some criteria are not in the record; `conflicts` are fields that the criteria contradict."""

    id: str
    title: Json
    status: Json
    source: Json
    trial: Json
    rules: tuple[CriterionRule, ...]
    whole: bool
    conflicts: frozenset[str]


def prepare(record: Json) -> ScreenedTrial:
    """A record of a trial made ready.

    Raises ValueError for a record that is no trial.
    """
    if "trial" not in record:
        raise ValueError(f"{record.get('id', 'a record')} is no trial")
    trial = record["trial"]
    eligibility = trial.get("eligibility", {})
    findings = record.get("findings", ())
    doubted = frozenset(finding["path"] for finding in findings if finding["code"] in DOUBTS)
    lists = (rules_of(eligibility.get(side, ()), f"{ELIGIBILITY}/{side}", doubted) for side in ("inclusion", "exclusion"))
    rules = tuple(rule for found in lists for rule in found)
    titles = trial.get("titles", {})
    return ScreenedTrial(
        id=record["id"],
        title=titles.get("public") or titles.get("scientific") or {},
        status=trial.get("status", {}).get("overall", {}),
        source={key: record.get("source", {})[key] for key in ("name", "file") if key in record.get("source", {})},
        trial=trial,
        rules=rules,
        whole=bool(rules) and not any(_leaves_out(finding) for finding in findings),
        conflicts=frozenset(name for finding in findings for name in CONFLICTS.get(finding["code"], ())),
    )


def _leaves_out(finding: Json) -> bool:
    path = finding["path"]
    return finding["code"] in INCOMPLETE and (path in ("", "/trial") or path.startswith(ELIGIBILITY) or ELIGIBILITY.startswith(path))
