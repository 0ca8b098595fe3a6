"""Cells of WHO ICTRP exports that need more than a field's name: lists, texts of forms, habits of single registers.

Lists are joined with ";" that is not escaped; the exporter puts no blank behind its own, authors mostly do.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from extractor.document import Doubt
from extractor.patterns import lazy_pattern
from extractor.sources.readers.designs import split_design
from extractor.sources.readers.groups import read_groups
from extractor.sources.readers.paths import Handler
from extractor.sources.readers.provider import LISTED
from extractor.sources.readers.reading import Leaf, TreeReading
from extractor.sources.readers.rows import furnish_between, pieces, pieces_between

NONE = Leaf("", 0)
LONG = 200  # characters: what is longer describes an intervention rather than naming it
CTGOV, CHICTR, EUCTR, ANZCTR = "ClinicalTrials.gov", "ChiCTR", "EU Clinical Trials Register", "ANZCTR"

_listed = lazy_pattern(LISTED)
_elsewhere = lazy_pattern(r"(?:please )?(?:refer to|see)(?: (?:the|and|or|primary|secondary|sponsors?))+\s*\.?", re.IGNORECASE)
_typed = lazy_pattern(
    r";(?=\s*(?:Drug|Device|Biological|Procedure|Radiation|Behavioral|Genetic|Dietary Supplement|Combination Product|Diagnostic Test|Other)\s*:)"
)
_numbered = lazy_pattern(r"(?:^|\s|;)\s*Intervention\s*\d+\s*:\s*", re.IGNORECASE)
_heading = lazy_pattern(r"\s*(?:Inclusion|Exclusion) criteria\s*[:：]\s*", re.IGNORECASE)
_age_form = lazy_pattern(r"\s*Are the trial subjects under 18\s*\?", re.IGNORECASE)
_lost_operator = lazy_pattern(r"(?<![<>≥≤=!?])(?<![<>≥≤=!] )=\s?(?!0\b)\d[^\n;.]{0,40}|[^\n;]{0,30}â\?[¥¤][^\n;]{0,30}")
_outcome_forms = tuple(
    lazy_pattern(pattern, re.DOTALL | re.IGNORECASE)
    for pattern in (
        r"(?P<measure>.+?)\.?\s*Timepoint:\s*(?P<time_frame>.+?)\.?\s*Method of measurement:\s*(?P<method>.+)",
        r"(?P<measure>.+?)\s*\[\s*Time ?frame:?\s*(?P<time_frame>[^\[\]]+)\]\s*",
    )
)
_anzctr_outcome = lazy_pattern(r"(?P<measure>.+?)\s*\[(?P<time_frame>[^\[\]]+)\]\s*", re.DOTALL)
# The EU register's form, run together with ";": label → field.
EU_OUTCOME = {
    "main objective": "descriptions/objectives",
    "secondary objective": "descriptions/objectives",
    "primary end point(s)": "outcomes/1/measure",
    "timepoint(s) of evaluation of this end point": "outcomes/1/time_frame",
    "secondary end point(s)": "outcomes/2/measure",
}
EU_DESIGN = {
    "randomised": "design/allocation",
    "open": "design/masking",
    "single blind": "design/masking",
    "double blind": "design/masking",
    "parallel group": "design/intervention_model",
    "cross over": "design/intervention_model",
}
EU_PRODUCT = {
    "trade name": "name",
    "product name": "name",
    "inn or proposed inn": "other_names/+",
    "other descriptive name": "other_names/+",
    "cas number": "code",
    "product code": "code",
}
_eu_outcome = lazy_pattern("(?:^|;)\\s*(?P<key>" + "|".join(map(re.escape, EU_OUTCOME)) + r")\s*:", re.IGNORECASE)
_form_line = lazy_pattern(r"[^\S\n]*(?P<key>[^\n:]+?)[^\S\n]*:[^\S\n]*(?P<value>[^\n]*)")
_eu_phase = lazy_pattern(r"\((?P<phase>Phase [IV]+)\)\s*:\s*yes", re.IGNORECASE)


def register(reading: TreeReading) -> str:
    """The register whose record a row is, as the export names it."""
    return reading.cells.get("sourceregister", NONE).text


def read_register(reading: TreeReading, prefix: str, leaf: Leaf) -> None:
    """Said by the scheme of the number for the registers that have one; kept for the others."""
    del prefix
    if leaf.text in (CTGOV, CHICTR, EUCTR, "ISRCTN"):
        reading.furnish(leaf)
    else:
        reading.keep("sourceregister", leaf)


def read_registration(reading: TreeReading, prefix: str, leaf: Leaf) -> None:
    """The date in the register's own style, unless the export repeats it as eight digits."""
    del prefix
    if reading.cells.get("dateregistration3", NONE).text.isdigit():
        reading.furnish(leaf)
    else:
        reading.add("registration/date", leaf)


def read_start(reading: TreeReading, prefix: str, leaf: Leaf) -> None:
    """The date of enrolment: ChiCTR's beginning of recruitment, a start elsewhere."""
    del prefix
    reading.add("dates/recruitment_start" if register(reading) == CHICTR else "dates/start", leaf)


def read_target(reading: TreeReading, prefix: str, leaf: Leaf) -> None:
    """A number, or (ChiCTR) a size for every group."""
    del prefix
    if register(reading) == CHICTR:
        read_groups(reading, leaf, reading.cells.get("intervention", reading.cells.get("interventions", NONE)))
    else:
        reading.add("enrollment/count", leaf)


def read_design(reading: TreeReading, prefix: str, leaf: Leaf) -> None:
    """ChiCTR's one word, the EU register's form of yes and no, or keys and values."""
    del prefix
    if register(reading) == CHICTR:
        reading.add("design/cell", leaf)
    elif register(reading) == EUCTR:
        _read_eu_design(reading, leaf)
    else:
        for field, start, end in split_design(leaf.text):
            reading.add(field, leaf.part(start, end))
        reading.furnish(leaf)


def _read_eu_design(reading: TreeReading, leaf: Leaf) -> None:
    reading.add("design/text", leaf)
    for line in _form_line.finditer(leaf.text):
        field = EU_DESIGN.get(line["key"].lower())
        if field and (line["value"].strip() == "yes" or field == "design/allocation"):
            reading.add(field, leaf.part(*line.span("value" if field == "design/allocation" else "key")))


def read_phase(reading: TreeReading, prefix: str, leaf: Leaf) -> None:
    """A phase in the register's words; of the EU register's four lines those that say yes."""
    del prefix
    if register(reading) != EUCTR:
        reading.add("design/phases/1", leaf)
        return
    reading.furnish(leaf)
    for match in _eu_phase.finditer(leaf.text):
        reading.add(reading.next("design/phases"), leaf.part(*match.span("phase")))


def read_countries(reading: TreeReading, prefix: str, leaf: Leaf) -> None:
    """Each country once: some registers repeat one for every site."""
    del prefix
    seen: set[str] = set()
    found = list(pieces(leaf, _listed))
    for part in found:
        if part.text in seen:
            reading.furnish(part)
        else:
            reading.add(reading.next("locations") + "/country", part)
        seen.add(part.text)
    furnish_between(reading, leaf, found)


def read_support(reading: TreeReading, prefix: str, leaf: Leaf) -> None:
    """Who paid; "Please refer to primary and secondary sponsors" is nobody's name."""
    del prefix
    found = list(pieces(leaf, _listed))
    for part in found:
        if _elsewhere.fullmatch(part.text):
            reading.furnish(part)
        else:
            reading.add(reading.open("sponsors/+/name role=FUNDER") + "/name", part)
    furnish_between(reading, leaf, found)


def read_interventions(reading: TreeReading, prefix: str, leaf: Leaf) -> None:
    """Typed names (ClinicalTrials.gov), products (EU), numbered groups, or one text."""
    del prefix
    if register(reading) == CHICTR and "targetsize" in reading.cells:
        return  # read with the sizes of the groups
    if register(reading) == EUCTR:
        _read_products(reading, leaf)
        return
    typed = register(reading) == CTGOV
    found = list(pieces(leaf, _typed if typed else _numbered))
    furnish_between(reading, leaf, found)
    for part in found:
        place = reading.next("interventions")
        short = len(part.text) <= LONG and "\n" not in part.text
        reading.add(f"{place}/{'typed_name' if typed else 'name' if short else 'description'}", part)


def _read_products(reading: TreeReading, leaf: Leaf) -> None:
    """Lines of keys and values, product by product; what is no such line is kept as unmapped."""
    lines = [(leaf.part(*line.span("key")), leaf.part(*line.span("value"))) for line in _form_line.finditer(leaf.text)]
    if not lines:
        reading.add(reading.next("interventions") + "/description", leaf)
    for product in _split_products(lines):
        _add_product(reading, product)
    for rest in pieces_between(leaf, [part for line in lines for part in line]):
        if rest.text == ":":
            reading.furnish(rest)
        else:
            reading.keep("intervention", rest)


def _split_products(lines: list[tuple[Leaf, Leaf]]) -> Iterator[list[tuple[Leaf, Leaf]]]:
    """The lines of each product: a trade or product name opens one, unless the last has no more than a trade name."""
    product: list[tuple[Leaf, Leaf]] = []
    for key, value in lines:
        said = {name.text.lower() for name, _ in product}
        opens = EU_PRODUCT.get(key.text.lower()) == "name"
        if product and opens and (key.text.lower() == "trade name" or said - {"trade name"}):
            yield product
            product = []
        product.append((key, value))
    if product:
        yield product


def _add_product(reading: TreeReading, product: list[tuple[Leaf, Leaf]]) -> None:
    """One product: its first name and its first code, other names; what has no field is kept."""
    place = reading.next("interventions")
    given: set[str] = set()
    for key, value in product:
        reading.furnish(key)
        field = EU_PRODUCT.get(key.text.lower(), "")
        if field == "name" and field in given:
            field = "other_names/+"
        if not field or (field == "code" and field in given):
            reading.keep(f"intervention.{key.text}", value)
        elif field.endswith("/+"):
            reading.add(reading.next(f"{place}/{field[:-2]}"), value)
        else:
            reading.add(f"{place}/{field}", value)
        given.add(field)


def outcomes(level: str) -> Handler:
    """A handler for the outcomes of one level: measures between ";", with the time frames that some registers add."""

    def handler(reading: TreeReading, prefix: str, leaf: Leaf) -> None:
        del prefix
        if _eu_outcome.search(leaf.text):
            _read_eu_outcomes(reading, leaf, level)
            return
        found = list(pieces(leaf, _listed))
        furnish_between(reading, leaf, found)
        for part in found:
            place = reading.next("outcomes")
            reading.draft.codes[f"{place}/level"] = level
            forms = (_anzctr_outcome,) if register(reading) == ANZCTR else _outcome_forms
            match = next((m for m in (form.fullmatch(part.text) for form in forms) if m), None)
            fields = {field: part.part(*match.span(field)) for field in match.groupdict()} if match else {"measure": part}
            for field, words in fields.items():
                reading.add(f"{place}/{field}", words)
            furnish_between(reading, part, fields.values())

    return handler


def _read_eu_outcomes(reading: TreeReading, leaf: Leaf, level: str) -> None:
    matches = list(_eu_outcome.finditer(leaf.text))
    reading.furnish(leaf)
    reading.keep("outcomes", leaf.part(0, matches[0].start()))
    for match, end in zip(matches, [*(later.start() for later in matches[1:]), len(leaf.text)], strict=True):
        path = EU_OUTCOME[match["key"].lower()]
        if level == "SECONDARY":
            path = path.replace("outcomes/1/", "outcomes/2/")
        reading.add(path, leaf.part(match.end(), end))
        if path.endswith("/measure"):
            reading.draft.codes[path.replace("measure", "level")] = level
            reading.counts["outcomes"] = max(reading.counts.get("outcomes", 0), int(path.split("/")[1]))


def criteria(side: str) -> Handler:
    """A handler for one side's criteria; ClinicalTrials.gov rows hold both sides in the cell for inclusion."""

    def handler(reading: TreeReading, prefix: str, leaf: Leaf) -> None:
        del prefix
        whole = side == "inclusion" and not _heading.sub("", reading.cells.get("exclusioncriteria", NONE).text, count=1).strip()
        heading = None if whole else _heading.match(leaf.text)
        start = heading.end() if heading else 0
        form = _age_form.search(leaf.text)
        end = form.start() if form else len(leaf.text)
        if start:
            reading.furnish(Leaf(leaf.text[:start], leaf.start))
        body = leaf.text[start:end].rstrip()
        reading.add("eligibility/text" if whole else f"eligibility/text/{side}", Leaf(body, leaf.start + start))
        reading.keep(f"{side}criteria.age", leaf.part(end, len(leaf.text)))
        _note_losses(reading, side, body)

    return handler


def _note_losses(reading: TreeReading, side: str, body: str) -> None:
    """Exports turn ≥ and ≤ into "=": which of the two it was cannot be known."""
    lost = _lost_operator.search(body)
    if lost:
        message = 'a sign of comparison was lost on the way to this export: "=" or a broken character stands in its place'
        reading.draft.doubts.append(Doubt("text.garbled", f"eligibility/text/{side}", message, lost.group().strip()))


def read_prospective(reading: TreeReading, prefix: str, leaf: Leaf) -> None:
    """The exports of 2026 ask the other way round: their yes is the earlier flag's no."""
    del prefix
    code = {"yes": "PROSPECTIVE", "no": "RETROSPECTIVE"}.get(leaf.text.lower())
    if code and "retrospectiveflag" not in reading.cells:
        reading.draft.codes["registration/timing"] = code
        reading.furnish(leaf)
    else:
        reading.keep("prospectiveregistration", leaf)


def read_ethics(reading: TreeReading, prefix: str, leaf: Leaf) -> None:
    """The outcome of an ethics review: a yes or no where it is one, else its words."""
    del prefix
    reading.add("ethics/approved" if leaf.text.lower() in ("approved", "not approved") else "ethics/status", leaf)


def read_contacts(reading: TreeReading, group: str, role: str) -> None:
    """The persons of one group of contact columns; each column holds as many parts between ";" as there are persons."""
    names = ("firstname", "lastname", "address", "email", "tel", "affiliation")
    cells = [reading.cells.get(f"{group}{name}", NONE) for name in names]
    count = max(cell.text.count(";") for cell in (cells[0], cells[1], cells[3])) + 1
    columns = [_split(cell, count) for cell in cells]
    for cell in filter(lambda cell: ";" in cell.text, cells):
        reading.furnish(cell)
    for number in range(count):
        first, last, address, email, phone, affiliation = (column[number] for column in columns)
        if any(leaf.text for leaf in (first, last, address, email, phone, affiliation)):
            place = reading.next("contacts")
            reading.draft.codes[f"{place}/role"] = role
            reading.add_joined(f"{place}/name", (first, last))
            for field, leaf in (("address", address), ("email", email), ("phone", phone), ("affiliation", affiliation)):
                reading.add(f"{place}/{field}", leaf)


def _split(cell: Leaf, count: int) -> list[Leaf]:
    """A cell's parts for `count` persons; a cell with other numbers of parts goes whole to the first."""
    ends = [match.start() for match in re.finditer(";", cell.text)]
    if count == 1 or len(ends) >= count:
        return [cell, *[NONE] * (count - 1)]
    starts = [0, *(end + 1 for end in ends)]
    parts = [cell.part(start, end) for start, end in zip(starts, [*ends, len(cell.text)], strict=True)]
    return parts + [NONE] * (count - len(parts))
