"""Which records are one trial: by registered numbers only, never by title. Linear: every number ties its records to one hub.

SAME_TRIAL is refused where it cannot be: a registry gives a trial one number, so two of its numbers tied to one another, or to
the same third number, are a GROUP (a parent and its extension, the parts of a programme). A number that more than `CROWD`
trials name is a shared grant or a mistake and ties nothing.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

CROWD = 20  # trials
MEMORY = "400MB"

LINKS = """
WITH numbers AS (
  SELECT record_key, record_id, registered AS number, any_value(registry) AS registry, bool_or(coalesce(is_primary, false)) AS own
  FROM {identifiers} WHERE trial_number = 0 AND registered IS NOT NULL GROUP BY record_key, record_id, registered),
owners AS (SELECT record_key, min(number) AS own_number, min(registry) AS own_registry FROM numbers WHERE own GROUP BY record_key),
held AS (
  SELECT n.*, o.own_registry, coalesce(o.own_number, n.record_id) AS trial
  FROM numbers n LEFT JOIN owners o ON n.record_key = o.record_key),
hubs AS (
  SELECT number, count(DISTINCT trial) AS trials, coalesce(min(record_key) FILTER (own), min(record_key)) AS hub
  FROM held GROUP BY number HAVING count(*) > 1 AND count(DISTINCT trial) <= {crowd}),
crowded AS (
  SELECT number, own_registry FROM held WHERE own_registry IS NOT NULL GROUP BY number, own_registry HAVING count(DISTINCT trial) > 1),
several AS (
  SELECT record_key, registry FROM held WHERE NOT own GROUP BY record_key, registry HAVING count(DISTINCT number) > 1),
pairs AS (
  SELECT a.record_key, a.record_id, b.record_key AS linked_key, b.record_id AS linked_id, a.number, a.registry,
    CASE WHEN a.own AND b.own THEN 'PRIMARY' WHEN b.own THEN 'NAMED' ELSE 'SHARED' END AS rule,
    CASE WHEN a.trial = b.trial OR (a.own AND b.own) THEN 'SAME_TRIAL'
      WHEN a.own_registry = b.own_registry OR c.number IS NOT NULL OR d.number IS NOT NULL THEN 'GROUP'
      WHEN s.record_key IS NOT NULL OR t.record_key IS NOT NULL THEN 'GROUP'
      ELSE 'SAME_TRIAL' END AS type
  FROM held a JOIN hubs h ON a.number = h.number JOIN held b ON b.record_key = h.hub AND b.number = h.number
  LEFT JOIN crowded c ON c.number = a.number AND c.own_registry = a.own_registry
  LEFT JOIN crowded d ON d.number = b.number AND d.own_registry = b.own_registry AND NOT b.own
  LEFT JOIN several s ON s.record_key = a.record_key AND s.registry = a.registry AND NOT a.own
  LEFT JOIN several t ON t.record_key = b.record_key AND t.registry = b.registry AND NOT b.own
  WHERE a.record_key <> h.hub),
ordered AS (
  SELECT *, row_number() OVER (
    PARTITION BY least(record_key, linked_key), greatest(record_key, linked_key)
    ORDER BY type DESC, rule = 'SHARED', rule = 'NAMED', number, record_key) AS place
  FROM pairs)
SELECT record_key, record_id, linked_key, linked_id, type, number AS evidence, registry AS evidence_registry, rule
FROM ordered WHERE place = 1 ORDER BY record_key, linked_key
"""


def connect(folder: Path) -> Any:
    """A database in memory that goes to `folder` where its memory ends."""
    import duckdb  # noqa: PLC0415 (an extra)

    base = duckdb.connect(":memory:")
    base.execute(f"SET memory_limit='{MEMORY}'")
    base.execute(f"SET temp_directory='{quoted(folder / '_tmp' / 'spill')}'")
    base.execute("SET threads=2")
    return base


def quoted(path: Path | str) -> str:
    """A path as it stands inside quotes in SQL.

    >>> quoted("it's")
    "it''s"
    """
    return str(path).replace("'", "''")


def write_links(folder: Path, target: Path) -> int:
    """Writes the table of links of a dataset to `target`; how many there are."""
    with connect(folder) as base:
        source = f"read_parquet('{quoted(folder / 'identifiers' / '*.parquet')}', union_by_name=true)"
        query = LINKS.format(identifiers=source, crowd=CROWD)
        return int(base.execute(f"COPY ({query}) TO '{quoted(target)}' (FORMAT parquet, COMPRESSION zstd)").fetchone()[0])
