"""A record as a form for people: fields, the criteria tree with constraint chips, findings on top, what is unmapped below."""

from __future__ import annotations

import html
from typing import Any

Json = dict[str, Any]
LANGUAGES = ("zh", "en")
CRITERIA = frozenset({"inclusion", "exclusion", "indications", "contraindications"})
SIGNS = {("low", True): "≥", ("low", False): ">", ("high", True): "≤", ("high", False): "<"}
GRAVE_FIRST = {"error": 0, "warning": 1, "info": 2}


def _is_text(value: Any) -> bool:
    return isinstance(value, dict) and bool(value) and all(key in LANGUAGES for key in value)


def _words(name: str) -> str:
    return name.replace("_", " ")


def findings_list(record: Json) -> str:
    """Findings, the gravest first, each with its quote."""
    found = sorted(record.get("findings", ()), key=lambda finding: GRAVE_FIRST[finding["severity"]])
    rows = "".join(
        f'<li class="{finding["severity"]}" tabindex="0" data-go="{html.escape(finding["path"])}"><strong>{html.escape(finding["code"])}</strong> '
        f"{html.escape(finding['message'])}{_quote(finding.get('quote', ''))}</li>"
        for finding in found
    )
    return f'<details class="findings" open><summary>{len(found)} findings</summary><ul>{rows}</ul></details>' if found else ""


def _quote(text: str) -> str:
    return f" <q>{html.escape(text)}</q>" if text else ""


def unmapped_list(record: Json) -> str:
    """Labelled values that no field takes."""
    rows = "".join(f"<dt>{html.escape(item['label'])}</dt><dd>{html.escape(item['text'])}</dd>" for item in record.get("unmapped", ()))
    return f'<details class="unmapped"><summary>{len(record["unmapped"])} unmapped</summary><dl>{rows}</dl></details>' if rows else ""


def record_form(record: Json) -> str:
    """The trial or label, one disclosure a top-level field."""
    kind = record["kind"]
    parts = (
        f"<details open><summary>{html.escape(_words(name))}</summary>{_value(value, f'/{kind}/{name}', name)}</details>"
        for name, value in record[kind].items()
    )
    return "".join(parts)


def _value(value: Any, pointer: str, name: str) -> str:
    """Any value as HTML; `pointer` names every leaf."""
    if name in CRITERIA and isinstance(value, list):
        return f'<ol class="criteria">{"".join(_criterion(item, f"{pointer}/{at}") for at, item in enumerate(value))}</ol>'
    if _is_text(value):
        return _text(value, pointer)
    if isinstance(value, dict):
        rows = "".join(
            f"<dt>{html.escape(_words(key))}</dt><dd>{_value(item, f'{pointer}/{key}', key)}</dd>" for key, item in value.items()
        )
        return f"<dl>{rows}</dl>"
    if isinstance(value, list):
        rows = "".join("<li>" + _value(item, f"{pointer}/{at}", name) + "</li>" for at, item in enumerate(value))
        return f"<ol>{rows}</ol>"
    return _leaf(str(value).lower() if isinstance(value, bool) else str(value), pointer)


def _text(value: Json, pointer: str) -> str:
    """A language map: both languages side by side."""
    sides = "".join(_leaf(str(value[language]), f"{pointer}/{language}", language) for language in LANGUAGES if language in value)
    return f'<div class="both">{sides}</div>' if len(value) > 1 else sides


def _leaf(text: str, pointer: str, language: str = "") -> str:
    mark = f' lang="{language}"' if language else ""
    return f'<div class="leaf" tabindex="0" data-pointer="{html.escape(pointer)}"{mark}>{html.escape(text)}</div>'


def _criterion(item: Json, pointer: str) -> str:
    """A node of the tree: its mark, words, chips, then its children."""
    facts = " ".join(filter(None, (item.get("number", ""), item.get("role", ""), _combined(item))))
    chips = "".join(_chip(c, f"{pointer}/constraints/{at}") for at, c in enumerate(item.get("constraints", ())))
    children = "".join(_criterion(child, f"{pointer}/children/{at}") for at, child in enumerate(item.get("children", ())))
    below = f'<ol class="criteria">{children}</ol>' if children else ""
    return f'<li><span class="mark">{html.escape(item["id"])} <small>{html.escape(facts)}</small></span>{_text(item["text"], f"{pointer}/text")}{chips}{below}</li>'


def _combined(item: Json) -> str:
    return f"{item['combine']} {item.get('at_least', '')}".strip() if "combine" in item else ""


def _chip(constraint: Json, pointer: str) -> str:
    flags = " ".join(word for word in ("negated", "exception") if constraint.get(word))
    quote = html.escape(" / ".join(constraint.get("quote", {}).values()))
    return f'<span class="chip {flags}" tabindex="0" data-pointer="{html.escape(pointer)}" title="{quote}">{html.escape(describe(constraint))}</span>'


def describe(constraint: Json) -> str:
    """A constraint in a few signs.

    >>> describe({"kind": "MEASUREMENT", "variable": {"name": "ALT"}, "high": {"value": 2.5, "inclusive": True}, "reference": "ULN"})
    'ALT ≤ 2.5 × ULN'
    """
    variable = constraint.get("variable", {})
    name = variable.get("name") or variable.get("text") or constraint["kind"].lower()
    unit = f" × {constraint['reference']}" if "reference" in constraint else f" {constraint.get('unit', {}).get('ucum', '')}".rstrip()
    ends = [f"{SIGNS[end, constraint[end]['inclusive']]} {constraint[end]['value']}" for end in ("low", "high") if end in constraint]
    limits = f"{' and '.join(ends)}{unit}" if ends else ", ".join(constraint.get("values", ()))
    words = (
        "not" if constraint.get("negated") else "",
        name,
        limits,
        _window(constraint.get("window")),
        "(exception)" if constraint.get("exception") else "",
    )
    return " ".join(filter(None, words))


def _window(window: Json | None) -> str:
    if not window:
        return ""
    length = f"{window.get('value', '')} {window.get('unit', '').lower()}".strip()
    return " ".join(filter(None, (window["relation"].lower(), length, window.get("anchor", "").lower().replace("_", " "))))
