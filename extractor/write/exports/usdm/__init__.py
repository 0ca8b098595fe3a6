"""CDISC USDM v4: a study definition with one version and one design, as the model's API takes it (DDF-RA, USDM_API.json).

A registry states less than a protocol does. Where the model demands what the record has not, it gets the term Unknown, an empty text, or
false with a note beside it; nothing is made up. Criteria are flat in USDM: each item bears its whole text, stem and parts.
"""

from __future__ import annotations

from extractor.version import VERSION
from extractor.write.exports import Exported
from extractor.write.exports.usdm.design import design_of
from extractor.write.exports.usdm.parts import Maker
from extractor.write.exports.wording import Json, left_out_of, note_pointers, part, words

USDM_VERSION = "4.0.0"
TITLES = ("public", "scientific", "acronym")
# Addresses by which registers are known; what gave out any other number is not known.
REGISTERS = {
    "NCT": ("ClinicalTrials.gov", "https://clinicaltrials.gov"),
    "CHICTR": ("Chinese Clinical Trial Registry", "https://www.chictr.org.cn"),
    "ITMCTR": ("International Traditional Medicine Clinical Trial Registry", "http://itmctr.ccebtcm.org.cn"),
    "EUCTR": ("EU Clinical Trials Register", "https://www.clinicaltrialsregister.eu"),
    "CTIS": ("EU Clinical Trials Information System", "https://euclinicaltrials.eu"),
    "ISRCTN": ("ISRCTN registry", "https://www.isrctn.com"),
    "DRKS": ("German Clinical Trials Register", "https://drks.de"),
    "CDE": ("Drug Clinical Trial Registration and Information Publication Platform", "http://www.chinadrugtrials.org.cn"),
    "UTN": ("WHO Universal Trial Number", "https://www.who.int"),
}
HELD = """
    identifiers titles descriptions conditions keywords design/study_type design/phases design/allocation design/intervention_model
    design/observational_model design/time_perspective design/primary_purpose design/masking design/who_masked
    arms/label arms/type arms/description arms/interventions
    interventions/name interventions/other_names interventions/type interventions/description outcomes
    eligibility/inclusion eligibility/exclusion eligibility/text eligibility/sex eligibility/minimum_age eligibility/maximum_age
    eligibility/healthy_volunteers eligibility/population eligibility/sampling_method
    locations/facility locations/city locations/province locations/country sponsors/role sponsors/name"""


def export(record: Json, language: str = "en") -> Exported:
    """The wrapper that the API takes: `{"study": …, "usdmVersion": …}`."""
    maker = Maker(language)
    trial = record["trial"]
    study = {
        "name": record["id"],
        "label": words(part(trial, "titles/public"), language) or None,
        "description": words(part(trial, "descriptions/brief"), language) or None,
        "versions": [_version(record, maker)],
        "documentedBy": [],
        "instanceType": "Study",
    }
    value = {"study": study, "usdmVersion": USDM_VERSION, "systemName": "trial-extractor", "systemVersion": VERSION}
    planned = "" if part(trial, "enrollment/type") == "ACTUAL" else "enrollment"
    return Exported(value, [*left_out_of(record, HELD, planned), *_without_place(trial), *note_pointers(record)])


def _without_place(trial: Json) -> list[str]:
    """The sites and funders that USDM has no form for: a site needs a country by its code, a funder has no role."""
    sites = [
        f"/trial/locations/{at}" for at, site in enumerate(trial.get("locations", ())) if not {"facility", "country_code"} <= set(site)
    ]
    funders = [f"/trial/sponsors/{at}" for at, item in enumerate(trial.get("sponsors", ())) if item["role"] == "FUNDER"]
    return [*sites, *funders]


def _version(record: Json, maker: Maker) -> Json:
    trial = record["trial"]
    organizations = _Organizations(maker)
    identifiers = [_identifier(item, trial, maker, organizations) for item in trial.get("identifiers", ())]
    roles = [role for item in trial.get("sponsors", ()) if (role := _sponsor_role(item, maker, organizations))]
    interventions = [_intervention(item, maker) for item in trial.get("interventions", ())]
    items, design = design_of(record, maker, dict(zip((i["id"] for i in trial.get("interventions", ())), interventions, strict=True)))
    masked = [maker.masked_role(role) for role in part(trial, "design/who_masked") or ()]
    for site in trial.get("locations", ()):
        organizations.add_site(site)
    return maker.make(
        "StudyVersion",
        versionIdentifier=str(record["source"].get("version", "1")),
        rationale="",
        studyIdentifiers=identifiers,
        titles=[maker.make("StudyTitle", text=text, type=maker.code("title", kind)) for kind in TITLES if (text := words(part(trial, f"titles/{kind}"), maker.language))],
        studyDesigns=[design],
        eligibilityCriterionItems=items,
        studyInterventions=interventions,
        organizations=organizations.made,
        roles=[*roles, *masked],
        narrativeContentItems=_narrative(trial, maker),
        notes=[maker.note(f"keyword: {words(item, maker.language)}") for item in trial.get("keywords", ())],
    )  # fmt: skip


def _narrative(trial: Json, maker: Maker) -> list[Json]:
    """The descriptions as texts of the protocol."""
    found = ((name, words(text, maker.language)) for name, text in trial.get("descriptions", {}).items())
    return [maker.make("NarrativeContentItem", name=name, text=text) for name, text in found if text]


class _Organizations:
    """Organisations by what they are and their name, each made once."""

    def __init__(self, maker: Maker) -> None:
        self._maker = maker
        self._by_name: dict[tuple[str, ...], Json] = {}

    @property
    def made(self) -> list[Json]:
        """All of them, in the order in which they were named."""
        return list(self._by_name.values())

    def named(self, kind: str, name: str, address: str = "", place: str = "") -> Json:
        """The organisation of a name and a place; an unnamed one is called after its kind."""
        key = (kind, name, place)
        if key not in self._by_name:
            scheme = "URL" if address else ""
            code = self._maker.code("organization", kind)
            made = self._maker.make(
                "Organization", name=name or kind, type=code, identifierScheme=scheme, identifier=address, managedSites=[]
            )
            self._by_name[key] = made
        return self._by_name[key]

    def add_site(self, site: Json) -> None:
        """A place of the trial, as the one site of its organisation; without a name or a country's code there is no form for it."""
        language = self._maker.language
        name = words(site.get("facility"), language)
        if not name or "country_code" not in site:
            return
        country = (site["country_code"], words(site.get("country"), language))
        place = {"city": words(site.get("city"), language) or None, "state": words(site.get("province"), language) or None}
        owner = self.named("facility", name, place=f"{place['city']}, {place['state']}, {country[0]}")
        owner["legalAddress"] = self._maker.make("Address", **place, country=self._maker.country(*country))
        owner["managedSites"].append(self._maker.make("StudySite", name=name, country=self._maker.country(*country)))


def _identifier(item: Json, trial: Json, maker: Maker, organizations: _Organizations) -> Json:
    """A number with the organisation that gave it out."""
    if item["scheme"] == "SPONSOR":
        lead: Json = next((sponsor for sponsor in trial.get("sponsors", ()) if sponsor["role"] == "LEAD"), {})
        scope = organizations.named("sponsor", words(lead.get("name"), maker.language))
    else:
        scope = organizations.named("registry", *REGISTERS.get(item["scheme"], (item["scheme"], "")))
    return maker.make("StudyIdentifier", text=item["value"], scopeId=scope["id"])


def _sponsor_role(item: Json, maker: Maker, organizations: _Organizations) -> Json | None:
    name = words(item.get("name"), maker.language)
    if item["role"] == "FUNDER" or not name:
        return None
    owner = organizations.named("sponsor", name)
    return maker.make("StudyRole", name=item["role"], code=maker.code("sponsor_role", item["role"]), organizationIds=[owner["id"]])


def _intervention(item: Json, maker: Maker) -> Json:
    language = maker.language
    other = [maker.note(f"other name: {words(name, language)}") for name in item.get("other_names", ())]
    return maker.make(
        "StudyIntervention",
        name=words(item.get("name"), language) or item["id"],
        description=words(item.get("description"), language) or None,
        role=maker.code("unknown"),
        type=maker.coded("intervention", item.get("type")),
        notes=other,
    )
