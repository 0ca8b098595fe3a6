"""Raw strings to typed values, one field at a time: `normalise` turns a draft into a tree in the shape of the model.

`FIELDS` says which kind of value each field holds; a path of the draft is looked up with its list positions dropped.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from extractor.document import Doubt, Draft, Found, Item, Span, Unmapped
from extractor.normalise import derived, kinds
from extractor.normalise.assembly import Assembly, PlacedValue
from extractor.normalise.derived import ArmLink
from extractor.normalise.kinds import Kind
from extractor.normalise.raw import Context, Raw, is_nothing, spans_of
from extractor.text import has_ideograph

FIELDS: dict[str, Kind] = {
    **dict.fromkeys(
        (
            "titles/public titles/scientific titles/acronym conditions/name keywords status/why_stopped design/randomization design/text arms/label"
            " interventions/name interventions/other_names outcomes/measure outcomes/time_frame sponsors/name sponsors/address sponsors/country"
            " sponsors/province sponsors/city contacts/name contacts/affiliation contacts/address locations/facility locations/city locations/province"
            " locations/country locations/level ethics/committee ethics/status biospecimens/name biospecimens/tissue biospecimens/fate links/label"
            " results/measure results/statistic"
        ).split(),
        kinds.line,
    ),
    **dict.fromkeys(
        (
            "descriptions/brief descriptions/detailed descriptions/objectives descriptions/treatment arms/description interventions/description"
            " outcomes/description outcomes/method eligibility/population biospecimens/note data_sharing/plan data_sharing/management"
            " references/citation registration/withdrawn results/text"
        ).split(),
        kinds.prose,
    ),
    **dict.fromkeys(
        (
            "status/overall design/study_type design/allocation design/intervention_model design/observational_model design/time_perspective"
            " design/primary_purpose design/masking eligibility/sex eligibility/sampling_method arms/type interventions/type outcomes/level"
            " sponsors/class registration/timing registration/audit data_sharing/ipd data_sharing/results_public data_sharing/monitoring_committee"
            " locations/status references/type"
        ).split(),
        kinds.coded,
    ),
    **dict.fromkeys(
        (
            "interventions/code contacts/phone contacts/fax contacts/email contacts/url contacts/postcode ethics/approval_number references/pmid"
            " links/url locations/country_code identifiers/scheme"
        ).split(),
        kinds.plain,
    ),
    "conditions/code": kinds.disease_code,
    "design/phases": kinds.phases,
    "design/who_masked": kinds.roles,
    "design/cell": kinds.design_cell,
    "registration/date": kinds.iso_date,
    "registration/last_updated": kinds.iso_date,
    "ethics/date": kinds.iso_date,
    "enrollment/count": kinds.count,
    "enrollment/type": kinds.date_type,
    "arms/size": kinds.count,
    "eligibility/minimum_age": kinds.age,
    "eligibility/maximum_age": kinds.age,
    "eligibility/ages": kinds.ages,
    "eligibility/healthy_volunteers": kinds.flag,
    "ethics/approved": kinds.flag,
    "interventions/typed_name": kinds.typed_name,
    "identifiers/value": kinds.identifier,
    "results/value/value": kinds.number,
    "results/value/unit": kinds.unit,
    "results/low": kinds.number,
    "results/high": kinds.number,
}
LINKS = frozenset({"arms/interventions", "interventions/arms", "results/arm", "results/outcome"})
CRITERIA = "eligibility/text"
ITEMS = "eligibility/items/"  # criteria that a register keeps apart: below it the side, a position, then "number" or "text"
GATHERED = ("design/phases/", "design/who_masked/")  # lists whose items make one value
CODED = frozenset(
    {"outcomes/level", "arms/type", "interventions/type", "references/type", "registration/timing", "eligibility/sex"}
)  # the layout's code stands in a `Coded`


@dataclass(slots=True)
class Normalised:
    """A draft's values: the tree below /trial, provenance by pointer from there.

    Criteria are raw: texts by (side, language), or items by side.
    """

    tree: dict[str, Any]
    provenance: dict[str, tuple[Span, ...]]
    criteria: dict[tuple[str, str], Found]
    items: dict[str, list[Item]]
    doubts: list[Doubt]
    unmapped: list[Unmapped]
    empty: list[Span]
    meta: dict[str, str] = field(default_factory=dict)


def normalise(draft: Draft) -> Normalised:
    """The values of one draft; what a field could not take is kept as unmapped, what is odd becomes a doubt."""
    context = Context(Assembly(), draft.codes, draft.wrapped, list(draft.doubts))
    criteria: dict[tuple[str, str], Found] = {}
    items: dict[str, dict[str, Item]] = {}
    links = [ArmLink(path, code) for path, code in draft.codes.items() if code.startswith("#")]
    unmapped = list(draft.unmapped)
    for raw in _gather(draft):
        kind = FIELDS.get(raw.field)
        if kind:
            _put(raw, kind, context)
        elif raw.field.startswith(CRITERIA):
            _keep_criteria(raw, criteria, context)
        elif raw.field.startswith(ITEMS):
            _keep_item(raw, items, context)
        elif raw.field in LINKS:
            links.append(ArmLink(raw.path, raw.first.text, raw.first.spans))
        elif raw.field.startswith("dates/"):
            _put(raw, kinds.date_type if raw.field.endswith("/type") else kinds.dated, context)
        else:
            unmapped += [Unmapped(raw.field, found) for founds in raw.parts.values() for found in founds]
    _put_codes(draft.codes, context)
    finished = context.assembly.finish()
    derived.number_items(finished.tree)
    derived.link_arms(finished, [link for link in links if not link.path.startswith("results/")])
    derived.link_results(finished, [link for link in links if link.path.startswith("results/")])
    unmapped += [*context.unmapped, *(Unmapped(path, Found(words, spans)) for path, words, spans in finished.dropped)]
    _derive(finished.tree, context, finished.provenance)
    listed = {side: [item for item in kept.values() if item.texts] for side, kept in items.items()}
    return Normalised(finished.tree, finished.provenance, criteria, listed, context.doubts, unmapped, context.empty, draft.meta)


def _gather(draft: Draft) -> list[Raw]:
    """Entries grouped by path, in order of first appearance."""
    raws: dict[str, Raw] = {}
    for stated, language, found in draft.entries:
        name, path = _place(stated)
        raw = raws.get(path)
        if raw is None:
            raws[path] = Raw(name, path, {language: [found]})
        else:
            raw.parts.setdefault(language, []).append(found)
    return list(raws.values())


@lru_cache(maxsize=16384)
def _place(path: str) -> tuple[str, str]:
    """The field of a path, and the path at which its words are gathered."""
    whole = next((gathered[:-1] for gathered in GATHERED if path.startswith(gathered)), path)
    return "/".join(part for part in whole.split("/") if not part[0].isdigit()), whole


def _put(raw: Raw, kind: Kind, context: Context) -> None:
    value = kind(raw, context)
    if value:
        context.assembly.put(raw.path, value)


def _put_codes(codes: dict[str, str], context: Context) -> None:
    """Codes that the layout states, then codes that the words of other fields imply."""
    for path, code in codes.items():
        if code.startswith("#"):
            continue
        name, _ = _place(path)
        value: Any = _stated(code) if name in CODED else code == "true" if name.endswith("primary") else code
        context.assembly.put(path, PlacedValue(value, {}))
    for target, code, inferred, spans in context.implied:
        implied: Any = [code] if target == "design/who_masked" else {"code": code, **({"inferred": True} if inferred else {})}
        context.assembly.put(target, PlacedValue(implied, {"": spans}))


def _stated(code: str) -> dict[str, Any]:
    """A code that stands without words; "~" before it says that it is inferred from the layout."""
    return {"code": code.lstrip("~"), **({"inferred": True} if code.startswith("~") else {})}


def _derive(tree: dict[str, Any], context: Context, provenance: dict[str, tuple[Span, ...]]) -> None:
    context.empty += derived.settle_identifiers(tree, provenance)
    derived.sum_enrollment(tree)
    derived.add_horizons(tree)
    derived.add_country_codes(tree)
    derived.add_masked_roles(tree)
    context.doubts += derived.find_withdrawal(tree, provenance)


def _keep_criteria(raw: Raw, criteria: dict[tuple[str, str], Found], context: Context) -> None:
    """Raw criteria wait for the criteria room, by side ("inclusion", "exclusion" or "" for both) and language; "无" is no criterion."""
    side = raw.field[len(CRITERIA) :].strip("/")
    for language, founds in raw.parts.items():
        text = "\n".join(found.text for found in founds)
        if is_nothing(text):
            context.empty.extend(spans_of(founds))
        else:
            key = language or ("zh" if has_ideograph(text) else "en")
            criteria[side, key] = Found(text, tuple(span for found in founds for span in found.spans))


def _keep_item(raw: Raw, items: dict[str, dict[str, Item]], context: Context) -> None:
    """One criterion, or its number; a word for nothing is no criterion."""
    side, position, part = raw.path.removeprefix(ITEMS).split("/")
    kept = items.setdefault(side, {}).setdefault(position, Item(Found("", ()), {}))
    if part == "number":
        items[side][position] = kept._replace(number=raw.first)
        return
    for language, founds in raw.parts.items():
        if is_nothing(founds[0].text):
            context.empty.extend(spans_of(founds))
        else:
            kept.texts[language or ("zh" if has_ideograph(founds[0].text) else "en")] = founds[0]
