"""What changed between versions of a record, and where registers disagree: compared by meaning, told with both places.

    history = compare_versions(records)          # all versions of one trial, or of one label
    for comparison in history.comparisons:
        for change in comparison.changes:
            print(change.severity, change.field, change.kind, change.message)

Values are compared by what they say (units, precision of dates, codes), lists without their order, texts without their
typography; tables/severities.tsv says what a difference weighs. The words tell what is seen, never why.
"""

from extractor.compare.changes import Change, Comparison, History
from extractor.compare.comparing import compare
from extractor.compare.versions import compare_pair, compare_registers, compare_versions, group_versions

__all__ = ["Change", "Comparison", "History", "compare", "compare_pair", "compare_registers", "compare_versions", "group_versions"]
