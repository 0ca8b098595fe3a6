"""The record: the only place that declares its fields. Frozen and closed; the schemas are generated from here.

The contract in words is docs/record.md. Enumerations are those of the ClinicalTrials.gov API v2 data model wherever
it has the concept; what stands in for a missing value is absence.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal, TypeAlias

import msgspec
from msgspec import UNSET, Meta

from extractor.display import as_html, find_value, shorten, summarise

# For callers' type checkers what may be absent is as good as there, so that `record.trial.enrollment.count` passes (docs/python.md says
# how absence is read). Our own check sets this to true (pyproject.toml) and sees where absence was not asked for.
ABSENCE_IS_CHECKED = False
if TYPE_CHECKING and not ABSENCE_IS_CHECKED:
    UnsetType: TypeAlias = Any
else:
    from msgspec import UnsetType

SCHEMA_VERSION = "1.0.0"


class Model(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, gc=False):
    """Base of all records: frozen, no unknown fields, absent values omitted.

    The collector of cycles does not look at them, since what is frozen can be in none: a sixth less memory, and less to look through.
    """

    def to_dict(self) -> dict[str, Any]:
        """The same as plain Python values, as its JSON holds them: absent fields are left out."""
        plain: dict[str, Any] = msgspec.to_builtins(self)
        return plain

    def get(self, path: str, default: Any = None) -> Any:
        """The value at a path of names and numbers ("trial.outcomes.0.measure"), `default` where any step is absent.

        >>> Criterion(id="I1", text=Text(en="Age"), role="CRITERION").get("text.zh", "-")
        '-'
        """
        return find_value(self, path, default)

    def __repr__(self) -> str:
        return shorten(self)


LANGUAGE = r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$"  # BCP 47: language, then script, region …


class Text(Model, frozen=True, kw_only=True):
    """A language map: only the languages that are present. `extractor.languages` makes maps with further languages."""

    zh: str | UnsetType = UNSET
    en: str | UnsetType = UNSET


Number = int | float
Pages = list[int]
IsoDate = Annotated[str, Meta(pattern=r"^\d{4}(-\d{2}(-\d{2}(T\d{2}:\d{2}(:\d{2})?)?)?)?$")]


class Coded(Model, frozen=True, kw_only=True):
    """A code of ours beside the words of the source."""

    code: str
    text: Text | UnsetType = UNSET
    inferred: bool = False


class Phases(Model, frozen=True, kw_only=True):
    """Trial phases: codes of the API, the words of the source."""

    codes: list[Literal["NA", "EARLY_PHASE1", "PHASE1", "PHASE2", "PHASE3", "PHASE4", "OTHER"]]
    text: Text | UnsetType = UNSET


class Date(Model, frozen=True, kw_only=True):
    """An ISO 8601 date with the precision that the source has."""

    value: IsoDate
    type: Literal["ACTUAL", "ESTIMATED"] | UnsetType = UNSET


class Unit(Model, frozen=True, kw_only=True):
    """A unit as UCUM code and as written."""

    ucum: str | UnsetType = UNSET
    text: str | UnsetType = UNSET


class Quantity(Model, frozen=True, kw_only=True):
    """A number with its unit."""

    value: Number
    unit: Unit | UnsetType = UNSET


class Code(Model, frozen=True, kw_only=True):
    """A code of a named system."""

    system: str
    code: str


class Bound(Model, frozen=True, kw_only=True):
    """One end of a range."""

    value: Number
    inclusive: bool


class Variable(Model, frozen=True, kw_only=True):
    """What a constraint speaks of: our name for it, the words, codes."""

    name: str | UnsetType = UNSET
    text: str | UnsetType = UNSET
    codes: list[Code] | UnsetType = UNSET


TimeUnit = Literal["YEAR", "MONTH", "WEEK", "DAY", "HOUR", "MINUTE", "HALF_LIFE", "CYCLE"]
Anchor = Literal[
    "SCREENING", "ENROLLMENT", "RANDOMIZATION", "FIRST_DOSE", "LAST_DOSE", "CONSENT", "SURGERY", "BASELINE", "ONSET", "NOW", "OTHER"
]


class Window(Model, frozen=True, kw_only=True):
    """A stretch of time relative to an anchor."""

    relation: Literal["WITHIN", "BEFORE", "AFTER", "FOR"]
    value: Number | UnsetType = UNSET
    unit: TimeUnit | UnsetType = UNSET
    anchor: Anchor | UnsetType = UNSET


class Constraint(Model, frozen=True, kw_only=True):
    """A machine-readable limit, as written: never flipped for an exclusion."""

    kind: Literal["AGE", "SEX", "MEASUREMENT", "SCORE", "DURATION", "WINDOW", "DOSE", "PREGNANCY", "CONDITION", "MEDICATION", "PROCEDURE"]
    variable: Variable | UnsetType = UNSET
    low: Bound | UnsetType = UNSET
    high: Bound | UnsetType = UNSET
    values: list[str] | UnsetType = UNSET
    unit: Unit | UnsetType = UNSET
    reference: Literal["ULN", "LLN", "BASELINE"] | UnsetType = UNSET
    window: Window | UnsetType = UNSET
    applies_to: Text | UnsetType = UNSET
    negated: bool = False
    exception: bool = False
    quote: Text | UnsetType = UNSET


class Criterion(Model, frozen=True, kw_only=True):
    """A node of an eligibility tree. `complete`: its constraints say all that its text says, so they may stand for it."""

    id: str
    number: str | UnsetType = UNSET
    text: Text
    role: Literal["CRITERION", "HEADING", "NOTE"]
    combine: Literal["ALL", "ANY", "AT_LEAST"] | UnsetType = UNSET
    at_least: int | UnsetType = UNSET
    constraints: list[Constraint] | UnsetType = UNSET
    complete: bool = False
    children: list[Criterion] | UnsetType = UNSET


class Criteria(Model, frozen=True, kw_only=True):
    """What `parse_criteria` returns: both lists of an eligibility text."""

    inclusion: list[Criterion] = []
    exclusion: list[Criterion] = []


class Age(Model, frozen=True, kw_only=True):
    """A structured age limit."""

    value: Number
    unit: Literal["YEAR", "MONTH", "WEEK", "DAY", "HOUR", "MINUTE"]
    text: Text | UnsetType = UNSET


class EligibilityText(Model, frozen=True, kw_only=True):
    """The sections as printed, wraps joined, duplicates still in."""

    inclusion: Text | UnsetType = UNSET
    exclusion: Text | UnsetType = UNSET


class Eligibility(Model, frozen=True, kw_only=True):
    """Who may take part."""

    sex: Coded | UnsetType = UNSET
    minimum_age: Age | UnsetType = UNSET
    maximum_age: Age | UnsetType = UNSET
    healthy_volunteers: bool | UnsetType = UNSET
    population: Text | UnsetType = UNSET
    sampling_method: Coded | UnsetType = UNSET
    text: EligibilityText | UnsetType = UNSET
    inclusion: list[Criterion] | UnsetType = UNSET
    exclusion: list[Criterion] | UnsetType = UNSET


Scheme = Literal[
    "CHICTR", "ITMCTR", "NCT", "EUCTR", "CTIS", "ISRCTN", "DRKS", "JPRN", "ACTRN", "CTRI", "CRIS", "IRCT", "PACTR", "REBEC", "RPCEC",
    "SLCTR", "TCTR", "LBCTR", "NTR", "CDE", "ICTRP_OTHER", "UTN", "SPONSOR", "VEEVA", "OTHER",
]  # fmt: skip


class Identifier(Model, frozen=True, kw_only=True):
    """A number under which the trial is known."""

    value: str
    scheme: Scheme
    primary: bool = False


class Titles(Model, frozen=True, kw_only=True):
    """Brief (public), official (scientific) title and acronym."""

    public: Text | UnsetType = UNSET
    scientific: Text | UnsetType = UNSET
    acronym: Text | UnsetType = UNSET


class Registration(Model, frozen=True, kw_only=True):
    """The registry's own record keeping."""

    date: IsoDate | UnsetType = UNSET
    last_updated: IsoDate | UnsetType = UNSET
    timing: Coded | UnsetType = UNSET
    audit: Coded | UnsetType = UNSET
    withdrawn: Text | UnsetType = UNSET


class Status(Model, frozen=True, kw_only=True):
    """Recruitment status."""

    overall: Coded | UnsetType = UNSET
    why_stopped: Text | UnsetType = UNSET


class Dates(Model, frozen=True, kw_only=True):
    """Dates of the trial and of its record; names follow the API's `…DateStruct` fields."""

    start: Date | UnsetType = UNSET
    primary_completion: Date | UnsetType = UNSET
    completion: Date | UnsetType = UNSET
    recruitment_start: Date | UnsetType = UNSET
    recruitment_end: Date | UnsetType = UNSET
    first_submitted: Date | UnsetType = UNSET
    first_submitted_qc: Date | UnsetType = UNSET
    first_posted: Date | UnsetType = UNSET
    results_first_submitted: Date | UnsetType = UNSET
    results_first_submitted_qc: Date | UnsetType = UNSET
    results_first_posted: Date | UnsetType = UNSET
    disposition_first_submitted: Date | UnsetType = UNSET
    disposition_first_submitted_qc: Date | UnsetType = UNSET
    disposition_first_posted: Date | UnsetType = UNSET
    last_update_submitted: Date | UnsetType = UNSET
    last_update_posted: Date | UnsetType = UNSET
    status_verified: Date | UnsetType = UNSET
    first_enrollment: Date | UnsetType = UNSET
    consent: Date | UnsetType = UNSET
    results: Date | UnsetType = UNSET


class Descriptions(Model, frozen=True, kw_only=True):
    """Free text about the trial."""

    brief: Text | UnsetType = UNSET
    detailed: Text | UnsetType = UNSET
    objectives: Text | UnsetType = UNSET
    treatment: Text | UnsetType = UNSET


class Condition(Model, frozen=True, kw_only=True):
    """A condition under study."""

    name: Text | UnsetType = UNSET
    code: Code | UnsetType = UNSET


class Design(Model, frozen=True, kw_only=True):
    """Study design in the API's enumerations."""

    study_type: Coded | UnsetType = UNSET
    phases: Phases | UnsetType = UNSET
    allocation: Coded | UnsetType = UNSET
    intervention_model: Coded | UnsetType = UNSET
    observational_model: Coded | UnsetType = UNSET
    time_perspective: Coded | UnsetType = UNSET
    primary_purpose: Coded | UnsetType = UNSET
    masking: Coded | UnsetType = UNSET
    who_masked: list[Literal["PARTICIPANT", "CARE_PROVIDER", "INVESTIGATOR", "OUTCOMES_ASSESSOR"]] | UnsetType = UNSET
    randomization: Text | UnsetType = UNSET
    text: Text | UnsetType = UNSET


class Enrollment(Model, frozen=True, kw_only=True):
    """Number of participants."""

    count: int
    type: Literal["ACTUAL", "ESTIMATED"] | UnsetType = UNSET
    inferred: bool = False


class Arm(Model, frozen=True, kw_only=True):
    """A group of participants."""

    id: str
    label: Text | UnsetType = UNSET
    type: Coded | UnsetType = UNSET
    size: int | UnsetType = UNSET
    description: Text | UnsetType = UNSET
    interventions: list[str] | UnsetType = UNSET


class Intervention(Model, frozen=True, kw_only=True):
    """What is done to participants."""

    id: str
    type: Coded | UnsetType = UNSET
    name: Text | UnsetType = UNSET
    other_names: list[Text] | UnsetType = UNSET
    description: Text | UnsetType = UNSET
    code: str | UnsetType = UNSET


class Outcome(Model, frozen=True, kw_only=True):
    """What is measured."""

    id: str
    level: Coded | UnsetType = UNSET
    measure: Text | UnsetType = UNSET
    time_frame: Text | UnsetType = UNSET
    method: Text | UnsetType = UNSET
    description: Text | UnsetType = UNSET
    horizon_days: Number | UnsetType = UNSET


class Sponsor(Model, frozen=True, kw_only=True):
    """Who runs or pays for the trial."""

    role: Literal["LEAD", "SECONDARY", "COLLABORATOR", "FUNDER"]
    name: Text | UnsetType = UNSET
    class_: Coded | UnsetType = msgspec.field(default=UNSET, name="class")
    address: Text | UnsetType = UNSET
    country: Text | UnsetType = UNSET
    province: Text | UnsetType = UNSET
    city: Text | UnsetType = UNSET


class Contact(Model, frozen=True, kw_only=True):
    """A person or office: personal data, left out by `--no-contacts`."""

    role: Literal["APPLICANT", "STUDY_LEADER", "CENTRAL", "OFFICIAL", "ETHICS", "REGISTRANT"]
    name: Text | UnsetType = UNSET
    affiliation: Text | UnsetType = UNSET
    address: Text | UnsetType = UNSET
    phone: str | UnsetType = UNSET
    fax: str | UnsetType = UNSET
    email: str | UnsetType = UNSET
    url: str | UnsetType = UNSET
    postcode: str | UnsetType = UNSET


class Location(Model, frozen=True, kw_only=True):
    """A site."""

    facility: Text | UnsetType = UNSET
    city: Text | UnsetType = UNSET
    province: Text | UnsetType = UNSET
    country: Text | UnsetType = UNSET
    level: Text | UnsetType = UNSET
    country_code: str | UnsetType = UNSET
    status: Coded | UnsetType = UNSET


class Ethics(Model, frozen=True, kw_only=True):
    """Ethics approval."""

    approved: bool | UnsetType = UNSET
    approval_number: str | UnsetType = UNSET
    committee: Text | UnsetType = UNSET
    date: IsoDate | UnsetType = UNSET
    status: Text | UnsetType = UNSET


class Biospecimen(Model, frozen=True, kw_only=True):
    """A kind of sample."""

    name: Text | UnsetType = UNSET
    tissue: Text | UnsetType = UNSET
    fate: Text | UnsetType = UNSET
    note: Text | UnsetType = UNSET


class DataSharing(Model, frozen=True, kw_only=True):
    """Sharing of data and results, and their oversight."""

    ipd: Coded | UnsetType = UNSET
    plan: Text | UnsetType = UNSET
    results_public: Coded | UnsetType = UNSET
    management: Text | UnsetType = UNSET
    monitoring_committee: Coded | UnsetType = UNSET


class Reference(Model, frozen=True, kw_only=True):
    """A publication."""

    type: Coded | UnsetType = UNSET
    citation: Text | UnsetType = UNSET
    pmid: str | UnsetType = UNSET


class Link(Model, frozen=True, kw_only=True):
    """An address with the words that go with it."""

    url: str
    label: Text | UnsetType = UNSET


class Result(Model, frozen=True, kw_only=True):
    """A reported result; a hazard or odds ratio has no arm."""

    outcome: str | UnsetType = UNSET
    measure: Text | UnsetType = UNSET
    statistic: Text | UnsetType = UNSET
    arm: str | UnsetType = UNSET
    value: Quantity | UnsetType = UNSET
    low: Number | UnsetType = UNSET
    high: Number | UnsetType = UNSET
    count: int | UnsetType = UNSET
    text: Text | UnsetType = UNSET


class Trial(Model, frozen=True, kw_only=True):
    """A clinical trial."""

    identifiers: list[Identifier] | UnsetType = UNSET
    titles: Titles | UnsetType = UNSET
    registration: Registration | UnsetType = UNSET
    status: Status | UnsetType = UNSET
    dates: Dates | UnsetType = UNSET
    descriptions: Descriptions | UnsetType = UNSET
    conditions: list[Condition] | UnsetType = UNSET
    keywords: list[Text] | UnsetType = UNSET
    design: Design | UnsetType = UNSET
    enrollment: Enrollment | UnsetType = UNSET
    arms: list[Arm] | UnsetType = UNSET
    interventions: list[Intervention] | UnsetType = UNSET
    outcomes: list[Outcome] | UnsetType = UNSET
    eligibility: Eligibility | UnsetType = UNSET
    sponsors: list[Sponsor] | UnsetType = UNSET
    contacts: list[Contact] | UnsetType = UNSET
    locations: list[Location] | UnsetType = UNSET
    ethics: Ethics | UnsetType = UNSET
    biospecimens: list[Biospecimen] | UnsetType = UNSET
    data_sharing: DataSharing | UnsetType = UNSET
    references: list[Reference] | UnsetType = UNSET
    links: list[Link] | UnsetType = UNSET
    results: list[Result] | UnsetType = UNSET


class Names(Model, frozen=True, kw_only=True):
    """Names of a medicinal product."""

    generic: Text | UnsetType = UNSET
    brand: list[str] | UnsetType = UNSET
    english: str | UnsetType = UNSET
    pinyin: str | UnsetType = UNSET


class Ingredients(Model, frozen=True, kw_only=True):
    """Active substance and excipients."""

    active: Text | UnsetType = UNSET
    excipients: list[Text] | UnsetType = UNSET
    chemical_name: Text | UnsetType = UNSET
    molecular_formula: str | UnsetType = UNSET
    molecular_weight: str | UnsetType = UNSET
    cas: str | UnsetType = UNSET


class Strength(Model, frozen=True, kw_only=True):
    """One strength of the product."""

    text: Text
    amount: Quantity | UnsetType = UNSET
    per: Quantity | UnsetType = UNSET
    container: Text | UnsetType = UNSET


class Dosing(Model, frozen=True, kw_only=True):
    """One regimen; `dose_high` is the upper end of a range of doses that begins with `dose`."""

    indication: str | UnsetType = UNSET
    dose: Quantity | UnsetType = UNSET
    dose_high: Quantity | UnsetType = UNSET
    route: Text | UnsetType = UNSET
    schedule: Text | UnsetType = UNSET
    with_: list[Text] | UnsetType = msgspec.field(default=UNSET, name="with")
    quote: Text | UnsetType = UNSET


class ShelfLife(Model, frozen=True, kw_only=True):
    """How long the product keeps, in one state."""

    text: Text
    value: Number | UnsetType = UNSET
    unit: TimeUnit | UnsetType = UNSET
    state: Text | UnsetType = UNSET


class ApprovalNumber(Model, frozen=True, kw_only=True):
    """A marketing authorisation number."""

    number: str
    strength: Text | UnsetType = UNSET


class Organization(Model, frozen=True, kw_only=True):
    """A company named on the label."""

    role: Literal["HOLDER", "MANUFACTURER", "PACKAGER", "AGENT"]
    name: Text | UnsetType = UNSET
    address: Text | UnsetType = UNSET
    phone: str | UnsetType = UNSET
    fax: str | UnsetType = UNSET
    postcode: str | UnsetType = UNSET
    url: str | UnsetType = UNSET


class Reading(Model, frozen=True, kw_only=True):
    """One block of a section in reading order; a table or figure is named by its id or number."""

    kind: Literal["paragraph", "list", "table", "figure"]
    text: Text | UnsetType = UNSET
    items: list[Text] | UnsetType = UNSET
    table: str | UnsetType = UNSET
    figure: str | UnsetType = UNSET
    references: list[str] | UnsetType = UNSET


class Section(Model, frozen=True, kw_only=True):
    """A section of the label; `text` holds its own text and its children's, tables left out."""

    id: str
    key: str | UnsetType = UNSET
    heading: str | UnsetType = UNSET
    loinc: str | UnsetType = UNSET
    text: Text | UnsetType = UNSET
    pages: Pages | UnsetType = UNSET
    blocks: list[Reading] | UnsetType = UNSET
    children: list[Section] | UnsetType = UNSET


class LabelTable(Model, frozen=True, kw_only=True):
    """A table of the label; one that crosses pages is one table."""

    id: str
    number: str | UnsetType = UNSET
    caption: Text | UnsetType = UNSET
    header: list[list[str]] | UnsetType = UNSET
    rows: list[list[str]] | UnsetType = UNSET
    notes: list[Text] | UnsetType = UNSET
    pages: Pages | UnsetType = UNSET


class Figure(Model, frozen=True, kw_only=True):
    """A figure's caption."""

    number: str | UnsetType = UNSET
    caption: Text | UnsetType = UNSET
    pages: Pages | UnsetType = UNSET


class AdverseReaction(Model, frozen=True, kw_only=True):
    """One incidence from a table of adverse reactions."""

    table: str | UnsetType = UNSET
    trial: str | UnsetType = UNSET
    arm: Text | UnsetType = UNSET
    arm_size: int | UnsetType = UNSET
    system_organ_class: Text | UnsetType = UNSET
    term: Text | UnsetType = UNSET
    grade: Text | UnsetType = UNSET
    percent: Number | UnsetType = UNSET
    frequency: Coded | UnsetType = UNSET
    laboratory: bool = False


class Label(Model, frozen=True, kw_only=True):
    """A drug label (说明书)."""

    names: Names | UnsetType = UNSET
    approved_on: IsoDate | UnsetType = UNSET
    revised_on: list[IsoDate] | UnsetType = UNSET
    boxed_warning: Text | UnsetType = UNSET
    ingredients: Ingredients | UnsetType = UNSET
    description: Text | UnsetType = UNSET
    dosage_form: Text | UnsetType = UNSET
    strengths: list[Strength] | UnsetType = UNSET
    indications: list[Criterion] | UnsetType = UNSET
    contraindications: list[Criterion] | UnsetType = UNSET
    dosing: list[Dosing] | UnsetType = UNSET
    storage: Text | UnsetType = UNSET
    shelf_life: list[ShelfLife] | UnsetType = UNSET
    packaging: list[Text] | UnsetType = UNSET
    standard: str | UnsetType = UNSET
    approval_numbers: list[ApprovalNumber] | UnsetType = UNSET
    organizations: list[Organization] | UnsetType = UNSET
    sections: list[Section] | UnsetType = UNSET
    tables: list[LabelTable] | UnsetType = UNSET
    figures: list[Figure] | UnsetType = UNSET
    adverse_reactions: list[AdverseReaction] | UnsetType = UNSET
    trials: list[Trial] | UnsetType = UNSET


class Source(Model, frozen=True, kw_only=True):
    """Where the record comes from."""

    name: Literal["chictr", "ctgov", "veeva", "nmpa", "listing", "ictrp", "cde", "ctis", "euctr", "isrctn", "drks"]
    format: Literal["html", "text", "pdf", "json", "xml", "csv", "xlsx"]
    file: str = ""
    sha256: Annotated[str, Meta(pattern="^[0-9a-f]{64}$")]
    bytes: int
    pages: int | UnsetType = UNSET
    languages: list[Annotated[str, Meta(pattern=LANGUAGE)]]
    version: str | UnsetType = UNSET
    version_date: IsoDate | UnsetType = UNSET
    mirror_of: Literal["chictr", "ctgov", "ictrp", "cde", "ctis", "euctr", "isrctn", "drks"] | UnsetType = UNSET


class Finding(Model, frozen=True, kw_only=True):
    """What a reader should know: a loss, a doubt, a contradiction in the source."""

    code: str
    severity: Literal["info", "warning", "error"]
    path: str
    message: str
    quote: str | UnsetType = UNSET


class UnmappedText(Model, frozen=True, kw_only=True):
    """A labelled value that no field takes."""

    label: str
    text: str


class Coverage(Model, frozen=True, kw_only=True):
    """How much of the document the record accounts for."""

    characters: float
    labels_seen: int
    labels_mapped: int


class Place(Model, frozen=True, kw_only=True):
    """A span of the decoded text."""

    start: int
    end: int
    page: int | UnsetType = UNSET
    box: list[float] | UnsetType = UNSET


class Mark(Model, frozen=True, kw_only=True):
    """What a person said of one value: right or wrong, with a note. A `correction` stands in the record; `was` is what was read."""

    path: str
    verdict: Literal["RIGHT", "WRONG"] | UnsetType = UNSET
    note: str | UnsetType = UNSET
    correction: str | int | float | bool | UnsetType = UNSET
    was: str | int | float | bool | UnsetType = UNSET


class Record(Model, frozen=True, kw_only=True):
    """One input record: the envelope with a trial or a label inside."""

    schema_version: str = msgspec.field(default="")
    kind: Literal["trial", "label"]
    id: str
    source: Source
    trial: Trial | UnsetType = UNSET
    label: Label | UnsetType = UNSET
    findings: list[Finding] = []
    unmapped: list[UnmappedText] = []
    coverage: Coverage
    provenance: dict[str, list[Place]] | UnsetType = UNSET
    review: list[Mark] | UnsetType = UNSET

    def __repr__(self) -> str:
        return summarise(self)

    def _repr_html_(self) -> str:
        return as_html(self)


def schema(kind: Any = Record) -> dict[str, Any]:
    """JSON Schema 2020-12 of one declared type, references inside `$defs`; language maps are open to every BCP 47 key."""
    made = msgspec.json.schema(kind)
    if "Text" in made["$defs"]:
        made["$defs"]["Text"].update(patternProperties={LANGUAGE: {"type": "string"}}, additionalProperties=False)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **made}
