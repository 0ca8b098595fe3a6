"""A record as a form for people: fields, the criteria tree with constraint chips, findings on top, what is unmapped below."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from extractor.write.pages import escape
from extractor.write.review.chips import chip
from extractor.write.review.grids import label_tables, reactions
from extractor.write.review.leaves import is_text, leaf, text, words
from extractor.write.review.places import unmapped_of

Json = dict[str, Any]
CRITERIA = frozenset({"inclusion", "exclusion", "indications", "contraindications"})
GRAVE_FIRST = {"error": 0, "warning": 1, "info": 2}
MOST_PAIRS = 4  # short values that stand in one line
UNNAMED = frozenset({"value", "code", "text", "unit"})  # keys that their values explain
SHORT = 60  # characters of a value that may stand beside others


def findings_list(record: Json) -> str:
    """Findings, the gravest first, each leading to its value or to its words in the document."""
    numbered = sorted(enumerate(record.get("findings", ())), key=lambda item: GRAVE_FIRST[item[1]["severity"]])
    rows = "".join(_finding(record, at, finding) for at, finding in numbered)
    count = len(numbered)
    title = f"{count} finding{'' if count == 1 else 's'}"
    return f'<details class="findings" open><summary>{title}</summary><ul>{rows}</ul></details>' if numbered else ""


def _finding(record: Json, at: int, finding: Json) -> str:
    unmapped = unmapped_of(record, finding)
    target = f"/unmapped/{unmapped}/text" if unmapped is not None else finding["path"]
    quote = f" <q>{escape(finding['quote'])}</q>" if finding.get("quote") else ""
    label = f"<small>{escape(record['unmapped'][unmapped]['label'])}</small> " if unmapped is not None else ""
    return (
        f'<li class="{finding["severity"]}"><button type="button" class="go" data-go="{escape(target)}" data-at="/findings/{at}">'
        f'<span class="severity">{finding["severity"]}</span> <strong>{escape(finding["code"])}</strong> '
        f"{label}{escape(finding['message'])}{quote}</button></li>"
    )


def unmapped_list(record: Json) -> str:
    """Labelled values that no field takes."""
    rows = "".join(
        f"<dt>{escape(item['label'])}</dt><dd>{leaf(item['text'], f'/unmapped/{at}/text')}</dd>"
        for at, item in enumerate(record.get("unmapped", ()))
    )
    return f'<details class="unmapped"><summary>{len(record["unmapped"])} unmapped</summary><dl>{rows}</dl></details>' if rows else ""


def record_form(record: Json) -> str:
    """The trial or label, one disclosure a top-level field."""
    kind = record["kind"]
    parts = (
        f"<details open><summary>{escape(words(name))}</summary>{_value(value, f'/{kind}/{name}', name)}</details>"
        for name, value in record[kind].items()
    )
    return "".join(parts)


def _value(value: Any, pointer: str, name: str) -> str:
    """Any value as HTML; `pointer` names every leaf."""
    if name in SPECIAL and isinstance(value, list):
        return SPECIAL[name](value, pointer)
    if is_text(value):
        return text(value, pointer)
    if isinstance(value, dict):
        return _pairs(value, pointer)
    if isinstance(value, list):
        rows = "".join("<li>" + _value(item, f"{pointer}/{at}", "") + "</li>" for at, item in enumerate(value))
        return f'<ol class="{"plain" if all(_is_short(item) for item in value) else "items"}">{rows}</ol>'
    return leaf(value, pointer)


def _pairs(value: Json, pointer: str) -> str:
    """Fields below each other; a few short ones in one line."""
    if len(value) <= MOST_PAIRS and all(_is_short(item) for item in value.values()):
        return f'<div class="line">{"".join(_pair(key, item, f"{pointer}/{key}") for key, item in value.items())}</div>'
    rows = "".join(f"<dt>{escape(words(key))}</dt><dd>{_value(item, f'{pointer}/{key}', key)}</dd>" for key, item in value.items())
    return f"<dl>{rows}</dl>"


def _pair(key: str, item: Any, pointer: str) -> str:
    label = "" if key in UNNAMED else f"<small>{escape(words(key))}</small> "
    return f'<span class="pair">{label}{_value(item, pointer, key)}</span>'


def _is_short(item: Any) -> bool:
    """Whether a value may stand beside others: a plain one, a text, or a quantity with its unit."""
    if is_text(item):
        return sum(map(len, item.values())) <= SHORT
    if isinstance(item, dict):
        return len(item) <= MOST_PAIRS and all(not isinstance(part, dict | list) and len(str(part)) <= SHORT for part in item.values())
    return not isinstance(item, list) and len(str(item)) <= SHORT


def _criteria(items: list[Json], pointer: str) -> str:
    return f'<ol class="criteria">{"".join(_criterion(item, f"{pointer}/{at}") for at, item in enumerate(items))}</ol>'


def _criterion(item: Json, pointer: str) -> str:
    """A node of the tree: its mark, words, chips, then its children."""
    combined = f"{item['combine']} {item.get('at_least', '')}".strip() if "combine" in item else ""
    role = item.get("role", "") if item.get("role") != "CRITERION" else ""
    facts = " ".join(filter(None, (item.get("number", ""), role, combined, "complete" if item.get("complete") else "")))
    chips = "".join(chip(constraint, f"{pointer}/constraints/{at}") for at, constraint in enumerate(item.get("constraints", ())))
    below = _criteria(item["children"], f"{pointer}/children") if item.get("children") else ""
    mark = f'<span class="mark">{escape(item["id"])} <small>{escape(facts)}</small></span>'
    return f"<li>{mark}{text(item['text'], f'{pointer}/text')}{chips}{below}</li>"


def _sections(items: list[Json], pointer: str) -> str:
    """Sections of a label: heading, then their blocks once; the section's whole text only where it has no blocks."""
    return "".join(_section(item, f"{pointer}/{at}") for at, item in enumerate(items))


def _section(item: Json, pointer: str) -> str:
    heading = leaf(item["heading"], f"{pointer}/heading") if "heading" in item else ""
    facts = " · ".join(filter(None, (item.get("key", ""), item.get("loinc", ""))))
    blocks = "".join(_block(block, f"{pointer}/blocks/{at}") for at, block in enumerate(item.get("blocks", ())))
    whole = text(item["text"], f"{pointer}/text") if "text" in item and not (blocks or item.get("children")) else ""
    below = _sections(item.get("children", []), f"{pointer}/children")
    return f'<section class="part">{heading}<small>{escape(facts)}</small>{blocks or whole}{below}</section>'


def _block(block: Json, pointer: str) -> str:
    items = "".join(f"<li>{text(item, f'{pointer}/items/{at}')}</li>" for at, item in enumerate(block.get("items", ())))
    table = f'<p><a href="#{escape(block["table"])}">table {escape(block["table"])}</a></p>' if "table" in block else ""
    return (text(block["text"], f"{pointer}/text") if "text" in block else "") + (f"<ul>{items}</ul>" if items else "") + table


SPECIAL: dict[str, Callable[[list[Json], str], str]] = {
    **dict.fromkeys(CRITERIA, _criteria),
    "sections": _sections,
    "tables": label_tables,
    "adverse_reactions": reactions,
}
