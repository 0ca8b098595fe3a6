"""Which records are one trial: by registered numbers only, never by title. Linear: every number ties its records to one hub.

The hub is the record with the least number of its own, wherever the files stand.
SAME_TRIAL is refused where it cannot be: a registry gives a trial one number, so two of its numbers tied to one another, or to
the same third number, are a GROUP (a parent and its extension, the parts of a programme). A number that more than `CROWD`
trials name is a shared grant or a mistake and ties nothing.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from extractor.bulk.database import ask, copy_out, parts_of, quoted

CROWD = 20  # trials

# Table by table, each small enough to leave memory before the next: every step is a hash of one key.
STEPS: tuple[tuple[str, str], ...] = (
    ("named", """SELECT record_key, record_id, registered AS number, registry, coalesce(is_primary, false) AS own
       FROM {identifiers} WHERE trial_number = 0 AND registered IS NOT NULL"""),
    ("repeated", "SELECT number FROM named GROUP BY number HAVING count(*) > 1"),
    ("numbers", """SELECT record_key, record_id, number, any_value(registry) AS registry, bool_or(own) AS own
       FROM named WHERE number IN (SELECT number FROM repeated) GROUP BY record_key, record_id, number"""),
    ("keys", "SELECT DISTINCT record_key FROM numbers"),
    ("owners", """SELECT record_key, min(number) AS own_number, min(registry) AS own_registry
       FROM named WHERE own AND record_key IN (SELECT record_key FROM keys) GROUP BY record_key"""),
    ("several", """SELECT record_key, registry FROM named WHERE NOT own AND record_key IN (SELECT record_key FROM keys)
       GROUP BY record_key, registry HAVING count(*) > 1 AND min(number) <> max(number)"""),
    ("held", """SELECT n.*, o.own_registry, coalesce(o.own_number, n.record_id) AS trial,
       s.record_key IS NOT NULL AND NOT own AS several
       FROM numbers n LEFT JOIN owners o ON n.record_key = o.record_key
       LEFT JOIN several s ON s.record_key = n.record_key AND s.registry = n.registry"""),
    ("registries", """SELECT number, own_registry, count(DISTINCT trial) AS trials, min(record_id || ' ' || record_key) AS first,
       min(record_id || ' ' || record_key) FILTER (own) AS own_first FROM held GROUP BY number, own_registry"""),
    ("hubs", """SELECT number, split_part(coalesce(min(own_first), min(first)), ' ', -1) AS hub FROM registries
       GROUP BY number HAVING sum(trials) <= {crowd}"""),
    ("placed", """SELECT h.*, u.hub, r.own_registry IS NOT NULL AND r.trials > 1 AS crowded
       FROM held h JOIN hubs u ON h.number = u.number
       LEFT JOIN registries r ON r.number = h.number AND r.own_registry = h.own_registry"""),
    ("pairs", """SELECT a.record_key, a.record_id, b.record_key AS linked_key, b.record_id AS linked_id, a.number, a.registry,
       CASE WHEN a.own AND b.own THEN 'PRIMARY' WHEN b.own THEN 'NAMED' ELSE 'SHARED' END AS rule,
       CASE WHEN a.trial = b.trial OR (a.own AND b.own) THEN 'SAME_TRIAL'
         WHEN a.own_registry = b.own_registry OR a.crowded OR a.several THEN 'GROUP'
         WHEN NOT b.own AND (b.crowded OR b.several) THEN 'GROUP'
         ELSE 'SAME_TRIAL' END AS type
       FROM placed a JOIN (SELECT * FROM placed WHERE record_key = hub) b ON a.number = b.number
       WHERE a.record_key <> a.hub"""),
    ("ties", """SELECT least(record_key, linked_key) AS one, greatest(record_key, linked_key) AS other,
       min((CASE type WHEN 'SAME_TRIAL' THEN '0' ELSE '1' END) || (CASE rule WHEN 'PRIMARY' THEN '0' WHEN 'NAMED' THEN '1' ELSE '2' END)
         || number || ' ' || record_key) AS best FROM pairs GROUP BY 1, 2"""),
    ("links", """SELECT p.record_key, p.record_id, p.linked_key, p.linked_id, p.type, p.number AS evidence,
       p.registry AS evidence_registry, p.rule
       FROM pairs p JOIN ties t ON least(p.record_key, p.linked_key) = t.one AND greatest(p.record_key, p.linked_key) = t.other
       AND t.best = (CASE type WHEN 'SAME_TRIAL' THEN '0' ELSE '1' END) || (CASE rule WHEN 'PRIMARY' THEN '0' WHEN 'NAMED' THEN '1' ELSE '2' END)
         || number || ' ' || p.record_key"""),
)  # fmt: skip


def write_links(folder: Path, target: Path, *, alike: bool = False) -> int:
    """Writes the table of links of a dataset to `target`; how many there are. Works on disk, in the dataset's temporary folder.

    `alike` says that all parts have the same columns.
    """
    source = parts_of(folder, "identifiers", alike=alike)
    place = folder / "_tmp" / "links.duckdb"

    def write(base: Any) -> int:
        place.unlink(missing_ok=True)
        base.execute(f"ATTACH '{quoted(place)}' AS work")
        base.execute("USE work")
        for name, query in STEPS:
            base.execute(f"CREATE TABLE {name} AS {query.format(identifiers=source, crowd=CROWD)}")
        return copy_out(base, "SELECT * FROM links ORDER BY record_key, linked_key", target)

    count = ask(folder, write)
    place.unlink()
    return count
