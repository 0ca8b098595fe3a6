"""Two records to their comparison: found, freed from repeats, weighed and placed."""

from __future__ import annotations

from extractor.compare.changes import Comparison
from extractor.compare.couple import Basis, Couple, Positions, Spot
from extractor.compare.dating import moment_of
from extractor.compare.explaining import drop_explained
from extractor.compare.settling import settle
from extractor.compare.walk import compare_values
from extractor.errors import ExtractError
from extractor.model import Record


def compare(old: Record, new: Record, basis: Basis | None = None, places: Positions = (0, 1)) -> Comparison:
    """What differs between two records; how they relate follows from sources, formats and dates unless `basis` says so.

    `places` are those of the records in a list of versions. Raises ExtractError where one is a trial and the other a label.
    """
    if old.kind != new.kind:
        raise ExtractError(f"{old.source.file} is a {old.kind} and {new.source.file} a {new.kind}: only two of a kind compare")
    couple = Couple(old, new, basis or basis_of(old, new))
    differences = [
        *compare_values(couple, *couple.roots()),
        *compare_values(couple, Spot("/unmapped", old.unmapped), Spot("/unmapped", new.unmapped), "unmapped"),
    ]
    return settle(couple, drop_explained(couple, differences), places)


def basis_of(old: Record, new: Record) -> Basis:
    """How two records relate: of one source they are versions, or forms of one version where only the format tells them apart."""
    if old.source.name != new.source.name:
        return "REGISTERS"
    dates = moment_of(old), moment_of(new)
    return "FORMS" if old.source.format != new.source.format and (dates[0] == dates[1] or not all(dates)) else "VERSIONS"
