"""MatchMiner CTML: ages and sex of a trial; everything else stays in its text, since CTML has no labs and no windows."""

from __future__ import annotations

from extractor.write.exports import Exported
from extractor.write.exports.wording import Json, left_out_of, other_pointers, part, registry_number, words

SIGNS = {("low", True): ">=", ("low", False): ">", ("high", True): "<=", ("high", False): "<"}
HELD = """
    titles/public titles/scientific design/phases enrollment/count interventions/name locations/facility sponsors/name arms/label
    eligibility/sex"""


def export(record: Json, language: str = "en") -> Exported:
    """One trial document; ids that no registry has are counted from 1, as its import wants them."""
    trial = record["trial"]
    title = words(part(trial, "titles/public"), language)
    value = {
        "protocol_id": 1,
        "protocol_no": record["id"],
        "nct_id": registry_number(record, "NCT"),
        "short_title": title,
        "long_title": words(part(trial, "titles/scientific"), language) or title,
        "phase": "/".join(part(trial, "design/phases/codes") or ()),
        "protocol_target_accrual": part(trial, "enrollment/count") or 0,
        "drug_list": {"drug": [{"drug_name": words(item.get("name"), language)} for item in trial.get("interventions", ())]},
        "site_list": {
            "site": [{"site_name": words(item.get("facility"), language)} for item in trial.get("locations", ()) if item.get("facility")]
        },
        "sponsor_list": {"sponsor": [{"sponsor_name": words(item.get("name"), language)} for item in trial.get("sponsors", ())]},
        "treatment_list": {"step": [{"step_internal_id": 1, "step_code": "1", "step_type": "Registration", "arm": _arms(trial, language)}]},
    }
    ages = [f"eligibility/{field}" for field in ("minimum_age", "maximum_age") if part(trial, f"eligibility/{field}/unit") == "YEAR"]
    return Exported(value, [*left_out_of(record, HELD, "identifiers", *ages), *other_pointers(record)])


def _arms(trial: Json, language: str) -> list[Json]:
    match = [{"clinical": clinical} for clinical in _clinical(trial)]
    return [
        {
            "arm_internal_id": at,
            "arm_code": str(at),
            "arm_description": words(arm.get("label"), language),
            "arm_suspended": "N",
            "dose_level": [],
            "match": [{"and": match}] if match else [],
        }
        for at, arm in enumerate(trial.get("arms") or [{}], 1)
    ]


def _clinical(trial: Json) -> list[Json]:
    """Age limits in whole years and sex, from the structured fields."""
    found = trial.get("eligibility", {})
    ends = (("minimum_age", "low"), ("maximum_age", "high"))
    ages = [f"{SIGNS[end, True]}{found[key]['value']}" for key, end in ends if found.get(key, {}).get("unit") == "YEAR"]
    sex = {"FEMALE": "Female", "MALE": "Male"}.get(part(found, "sex/code") or "")
    return [{"age_numerical": age} for age in ages] + ([{"gender": sex}] if sex else [])
