"""Which record stands for a trial where several have its number: versions, copies in other registers, twins in other forms.

A registry's own record goes before copies of it; then the one that was changed last; then the form that says most; then an order that
depends on the documents alone, not on where they stand.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from extractor.bulk.database import ask, copy_out, rows_of

COPIES = "'ictrp', 'listing', 'veeva'"  # sources that print what a registry holds
FORMS = (
    "CASE format WHEN 'json' THEN 1 WHEN 'xml' THEN 2 WHEN 'html' THEN 3 WHEN 'csv' THEN 4 WHEN 'xlsx' THEN 5 WHEN 'text' THEN 6 ELSE 7 END"
)
QUERY = """
WITH own AS (
  SELECT record_key, min(registered) AS number FROM {identifiers}
  WHERE trial_number = 0 AND is_primary AND registered IS NOT NULL GROUP BY record_key
), changed AS (
  SELECT record_key, record_id, registration_withdrawn,
    greatest(coalesce(last_update_posted_date, ''), coalesce(registration_updated, '')) AS updated FROM {trials} WHERE trial_number = 0
), held AS (
  SELECT c.record_key, c.record_id AS trial_id, coalesce(o.number, c.record_id) AS registered, r.source, r.format, c.registration_withdrawn, r.coverage, r.sha256,
    r.mirror_of IS NOT NULL OR r.source IN ({copies}) AS copied, {forms} AS form,
    substr(greatest(c.updated, coalesce(r.version_date, '')), 1, 10) AS updated
  FROM changed c JOIN (SELECT record_key, source, format, coverage, mirror_of, version_date, sha256 FROM {records}) r ON r.record_key = c.record_key
  LEFT JOIN own o ON o.record_key = c.record_key
), ranked AS (
  SELECT *, row_number() OVER best AS place, count(*) OVER (PARTITION BY registered) AS records, max(updated) OVER (PARTITION BY registered) AS newest,
    lead(copied) OVER best AS next_copied, lead(updated) OVER best AS next_updated, lead(form) OVER best AS next_form,
    lead(coverage) OVER best AS next_coverage
  FROM held WINDOW best AS (PARTITION BY registered ORDER BY copied, updated DESC, form, coverage DESC, sha256, record_key)
)
SELECT trial_id, registered, record_key, source, format, nullif(updated, '') AS updated, nullif(newest, '') AS newest, records,
  registration_withdrawn, CASE WHEN records = 1 THEN 'ONLY' WHEN copied <> next_copied THEN 'REGISTRY' WHEN updated <> next_updated THEN 'UPDATED'
    WHEN form <> next_form THEN 'FORM' WHEN coverage <> next_coverage THEN 'COVERAGE' ELSE 'ORDER' END AS reason
FROM ranked WHERE place = 1 ORDER BY registered
"""


def write_latest(folder: Path, target: Path, *, alike: bool = False) -> int:
    """Writes the table of latest records of a dataset to `target`; how many trials there are. `alike`: all parts have the same columns."""
    sources = {table: rows_of(folder, table, alike=alike) for table in ("identifiers", "trials", "records")}

    def write(base: Any) -> int:
        return copy_out(base, QUERY.format(copies=COPIES, forms=FORMS, **sources), target)

    return ask(folder, write)
