"""The design of a USDM study version: arms with what they get, objectives with endpoints, the population and its criteria."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from extractor.write.exports.usdm.parts import Maker
from extractor.write.exports.wording import SIDES, Json, age_words, code, part, whole_statements, words

LEVELS = ("PRIMARY", "SECONDARY", "OTHER", "SAFETY", "")
SEXES = {"ALL": ("FEMALE", "MALE"), "FEMALE": ("FEMALE",), "MALE": ("MALE",)}
EPOCH = "Made by the export, to tie arms to their interventions: the registry states no epochs."
NO_HEALTHY = "Healthy volunteers: the registry does not say; false stands for that."


def design_of(record: Json, maker: Maker, interventions: dict[str, Json]) -> tuple[list[Json], Json]:
    """(the items that hold the words of the criteria, the design); `interventions` are the version's, by our ids."""
    trial = record["trial"]
    observational = code(part(trial, "design/study_type")) == "OBSERVATIONAL"
    items, criteria = _criteria(record, maker)
    arms = [_arm(arm, maker) for arm in trial.get("arms", ())]
    kind = "ObservationalStudyDesign" if observational else "InterventionalStudyDesign"
    made = maker.make(
        kind,
        name=record["id"],
        description=None,
        studyType=maker.coded("study_type", part(trial, "design/study_type")),
        studyPhase=maker.alias("phase", "/".join(part(trial, "design/phases/codes") or ())),
        characteristics=[maker.code("characteristic", "RANDOMIZED")] if code(part(trial, "design/allocation")) == "RANDOMIZED" else [],
        arms=arms,
        **_cells(trial, arms, maker, interventions, observational=observational),
        rationale="",
        indications=[_indication(item, maker) for item in trial.get("conditions", ())],
        studyInterventionIds=[item["id"] for item in interventions.values()],
        objectives=_objectives(trial, maker),
        population=_population(record, maker, criteria),
        eligibilityCriteria=criteria,
        notes=_allocation_note(trial, maker),
        **(_observed(trial, maker) if observational else _intervened(trial, maker)),
    )
    return items, made


def _allocation_note(trial: Json, maker: Maker) -> list[Json]:
    """An allocation that is no characteristic of the terminology."""
    found = code(part(trial, "design/allocation"))
    return [maker.note(f"allocation: {found}")] if found not in ("", "RANDOMIZED") else []


def _intervened(trial: Json, maker: Maker) -> Json:
    purpose, masking = code(part(trial, "design/primary_purpose")), code(part(trial, "design/masking"))
    return {
        "model": maker.coded("model", part(trial, "design/intervention_model")),
        "subTypes": [],
        "intentTypes": [maker.code("intent", purpose)] if purpose else [],
        "blindingSchema": maker.alias("masking", masking) if masking else None,
    }


def _observed(trial: Json, maker: Maker) -> Json:
    sampling = part(trial, "eligibility/sampling_method")
    return {
        "model": maker.coded("observational_model", part(trial, "design/observational_model")),
        "subTypes": [],
        "timePerspective": maker.coded("time_perspective", part(trial, "design/time_perspective")),
        "samplingMethod": maker.coded("sampling_method", sampling) if sampling else None,
    }


def _arm(arm: Json, maker: Maker) -> Json:
    return maker.make(
        "StudyArm",
        name=words(arm.get("label"), maker.language) or arm["id"],
        description=words(arm.get("description"), maker.language) or None,
        type=maker.coded("arm", arm.get("type")),
        dataOriginDescription="",
        dataOriginType=maker.code("unknown"),
        populationIds=[],
    )


def _cells(trial: Json, arms: list[Json], maker: Maker, interventions: dict[str, Json], *, observational: bool) -> Json:
    """One epoch, and in it one element an arm with the interventions that the arm gets."""
    if not arms:
        return {"studyCells": [], "epochs": [], "elements": []}
    epoch = maker.make(
        "StudyEpoch", name="Study", description=EPOCH, type=maker.code("epoch", "OBSERVATIONAL" if observational else "INTERVENTIONAL")
    )
    elements, cells = [], []
    for ours, arm in zip(trial.get("arms", ()), arms, strict=True):
        given = [interventions[name]["id"] for name in ours.get("interventions", ()) if name in interventions]
        elements.append(maker.make("StudyElement", name=arm["name"], studyInterventionIds=given))
        cells.append(maker.make("StudyCell", armId=arm["id"], epochId=epoch["id"], elementIds=[elements[-1]["id"]]))
    return {"studyCells": cells, "epochs": [epoch], "elements": elements}


def _indication(item: Json, maker: Maker) -> Json:
    own = item.get("code")
    codes = (
        [
            maker.make(
                "Code", code=own["code"], codeSystem=own["system"], codeSystemVersion="", decode=words(item.get("name"), maker.language)
            )
        ]
        if own
        else []
    )
    return maker.make(
        "Indication",
        name=words(item.get("name"), maker.language) or (own or {}).get("code") or "condition",
        codes=codes,
        isRareDisease=False,
    )


def _objectives(trial: Json, maker: Maker) -> list[Json]:
    """An objective a level, without words of its own: a registry states its outcomes, and its objectives apart from them."""
    made = []
    for level in LEVELS:
        found = [item for item in trial.get("outcomes", ()) if code(item.get("level")) == level]
        if found:
            endpoints = [_endpoint(item, level, maker) for item in found]
            name = f"{level.capitalize() or 'Unstated'} objective"
            made.append(maker.make("Objective", name=name, text="", level=maker.code("objective", level), endpoints=endpoints))
    return made


def _endpoint(item: Json, level: str, maker: Maker) -> Json:
    told = [(key, words(item.get(key), maker.language)) for key in ("time_frame", "method", "description")]
    return maker.make(
        "Endpoint",
        name=item["id"],
        text=words(item.get("measure"), maker.language),
        description="\n".join(f"{key.replace('_', ' ')}: {text}" for key, text in told if text) or None,
        purpose="",
        level=maker.code("endpoint", level),
    )


def _criteria(record: Json, maker: Maker) -> tuple[list[Json], list[Json]]:
    """(items, criteria): a criterion for each statement, in a chain a list."""
    items: list[Json] = []
    criteria: list[Json] = []
    for side in SIDES:
        chain: list[Json] = []
        for statement in whole_statements(record, side, maker.language):
            items.append(maker.make("EligibilityCriterionItem", name=statement.id, text=statement.text))
            number = str(statement.node.get("number") or statement.id)
            category = maker.code("category", side)
            chain.append(
                maker.make("EligibilityCriterion", name=statement.id, category=category, identifier=number, criterionItemId=items[-1]["id"], nextId=None, previousId=None)
            )  # fmt: skip
        for before, after in pairwise(chain):
            before["nextId"], after["previousId"] = after["id"], before["id"]
        criteria += chain
    return items, criteria


def _population(record: Json, maker: Maker, criteria: list[Json]) -> Json:
    trial = record["trial"]
    found: Json = trial.get("eligibility", {})
    healthy = found.get("healthy_volunteers")
    planned = part(trial, "enrollment/count") if part(trial, "enrollment/type") != "ACTUAL" else None
    ages = _ages(found, maker)
    notes = [f"{key.replace('_', ' ')}: {age_words(found[key])}" for key in ("minimum_age", "maximum_age") if key in found and ages is None]
    return maker.make(
        "StudyDesignPopulation",
        name=f"Population of {record['id']}",
        description=words(found.get("population"), maker.language) or None,
        includesHealthySubjects=bool(healthy),
        plannedEnrollmentNumber=maker.quantity(planned) if planned is not None else None,
        plannedSex=[maker.code("sex", sex) for sex in SEXES.get(code(found.get("sex")), ())],
        plannedAge=ages,
        criterionIds=[criterion["id"] for criterion in criteria],
        notes=[maker.note(text) for text in ([NO_HEALTHY] if healthy is None else []) + notes],
    )


def _ages(found: Json, maker: Maker) -> Any:
    """The range of ages; USDM has none with one end, which is told in a note instead."""
    if not {"minimum_age", "maximum_age"} <= set(found):
        return None
    low, high = (maker.quantity(found[key]["value"], found[key]["unit"]) for key in ("minimum_age", "maximum_age"))
    return maker.make("Range", minValue=low, maxValue=high, isApproximate=False)
