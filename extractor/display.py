"""How records look at a prompt and in a notebook: short, and cut where they are long. Reads any declared struct; knows no field but those shown."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from typing import Any

from msgspec import UNSET, Struct, to_builtins

LONGEST = 60  # characters of a text at a prompt: two of them fit a line of a terminal
STATEMENTS = 400  # characters of a criterion in a notebook: longer than nearly all, short enough to skim


def find_value(value: Any, path: str, default: Any) -> Any:
    """What stands at a path of names and numbers below a struct, `default` where a step leads nowhere."""
    for name in path.split("."):
        value = _step(value, name)
        if value is UNSET:
            return default
    return value


def _step(value: Any, name: str) -> Any:
    if isinstance(value, list):
        return value[int(name)] if name.isdecimal() and int(name) < len(value) else UNSET
    if isinstance(value, Struct):
        names = dict(zip(value.__struct_encode_fields__, value.__struct_fields__, strict=True))
        return getattr(value, names[name]) if name in names else UNSET
    return UNSET


def shorten(value: Struct) -> str:
    """A struct in one line: its own values, texts cut, lists and structs below it only named and counted.

    >>> from extractor.model import Criterion, Text
    >>> Criterion(id="I1", text=Text(en="Age 18 to 75"), role="CRITERION", children=[])
    Criterion(id='I1', text=Text(en='Age 18 to 75'), role='CRITERION', children=[])
    """
    shown = ", ".join(f"{name}={_shown(item)}" for name, item in _present(value))
    return f"{type(value).__name__}({shown})"


def _present(value: Struct) -> Iterator[tuple[str, Any]]:
    """The fields that hold something other than their default."""
    defaults = dict(zip(reversed(value.__struct_fields__), reversed(value.__struct_defaults__), strict=False))
    for name in value.__struct_fields__:
        item = getattr(value, name)
        if item is not UNSET and (name not in defaults or item != defaults[name]):
            yield name, item


def _shown(item: Any) -> str:
    if isinstance(item, str):
        return repr(item if len(item) <= LONGEST else f"{item[:LONGEST]}…")
    if isinstance(item, Struct):
        whole = shorten(item)
        return whole if len(whole) <= 2 * LONGEST else f"{type(item).__name__}(…)"
    if isinstance(item, list):
        return _listed(item)
    return f"{{{len(item)} keys}}" if isinstance(item, dict) else repr(item)


def _listed(items: list[Any]) -> str:
    if not items or not isinstance(items[0], Struct):
        whole = repr(items)
        return whole if len(whole) <= LONGEST else f"[{len(items)} items]"
    return f"[{len(items)} {type(items[0]).__name__}]"


def summarise(record: Any) -> str:
    """A record in one line: what it is, where it comes from, how much it holds."""
    facts = {"id": record.id, "title": title_of(record), "source": f"{record.source.name} {record.source.format}", **_counts(record)}
    return "Record(" + ", ".join(f"{name}={_shown(fact)}" for name, fact in facts.items() if fact or fact == 0) + ")"


def title_of(record: Any) -> str:
    """The title of a trial or the name of a drug, in the first language that has one; "" where it has none."""
    if record.trial is not UNSET:
        titles = record.trial.titles
        texts = [titles.public, titles.scientific] if titles is not UNSET else []
    else:
        texts = [record.label.names.generic] if record.label is not UNSET and record.label.names is not UNSET else []
    return next((words for text in texts if (words := _words(text))), "")


def _words(text: Any) -> str:
    """English, else the first language that a text has."""
    maps: dict[str, str] = {} if text is UNSET else to_builtins(text)
    return maps.get("en") or next(iter(maps.values()), "")


def _counts(record: Any) -> dict[str, int]:
    lists = {side: items for side, items in _lists(record) if items}
    return {**{side: len(items) for side, items in lists.items()}, "findings": len(record.findings)}


def _lists(record: Any) -> list[tuple[str, list[Any]]]:
    """The lists of criteria of a record, by what they are called."""
    if record.label is not UNSET:
        return [(name, getattr(record.label, name) or []) for name in ("indications", "contraindications")]
    found = record.trial.eligibility if record.trial is not UNSET else UNSET
    return [] if found is UNSET else [(side, getattr(found, side) or []) for side in ("inclusion", "exclusion")]


def as_html(record: Any) -> str:
    """A record as a piece of HTML for a notebook: title, facts, criteria, findings."""
    facts = {"id": record.id, "source": f"{record.source.name} ({record.source.format})", **_facts(record)}
    rows = "".join(f"<tr><th style='text-align:left'>{escape(name)}</th><td>{escape(str(fact))}</td></tr>" for name, fact in facts.items())
    lists = "".join(f"<details><summary>{name}: {len(items)}</summary>{_list(items)}</details>" for name, items in _lists(record) if items)
    found = "".join(f"<li><code>{escape(item.code)}</code> {escape(item.message)}</li>" for item in record.findings)
    findings = f"<details><summary>findings: {len(record.findings)}</summary><ul>{found}</ul></details>" if found else ""
    return f"<div><b>{escape(title_of(record))}</b><table>{rows}</table>{lists}{findings}</div>"


def _facts(record: Any) -> dict[str, Any]:
    if record.trial is UNSET:
        return {}
    trial = record.trial
    facts = {
        "status": trial.status.overall.code if trial.status is not UNSET and trial.status.overall is not UNSET else "",
        "phase": "/".join(trial.design.phases.codes) if trial.design is not UNSET and trial.design.phases is not UNSET else "",
        "enrolment": trial.enrollment.count if trial.enrollment is not UNSET else "",
    }
    return {name: fact for name, fact in facts.items() if fact != ""}


def _list(items: list[Any]) -> str:
    """Criteria as nested lists; their depth is bounded by the reader's."""
    lines = "".join(f"<li>{escape(_words(item.text)[:STATEMENTS])}{_list(item.children) if item.children else ''}</li>" for item in items)
    return f"<ul>{lines}</ul>"
