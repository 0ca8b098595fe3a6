"""Regimens: the recommended dose with its route, what it is given with, and its schedule from the sentence or a table."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from extractor.label.fields.products import quantity
from extractor.label.grids.table_draft import TableDraft
from extractor.label.ledger import Ledger
from extractor.label.text.passages import Passage, join_paragraphs
from extractor.model import Criterion, Dosing, Quantity, Unit
from extractor.text import LONGEST_NUMBER

_recommends = re.compile(
    r"(?:推荐|常用|通常|一般|标准|初始|起始|维持)(?:的)?(?:起始|初始|维持|口服|成人)?(?:剂量|用量|给药剂量|给药方案)|(?:一|每)次\s*\d|(?:一|每)次[一二两三四五六半]"
)
_dose = re.compile(
    r"(?P<n>\d[\d.,]*)(?:\s?[~～–-]\s?\d[\d.,]*)?\s?(?P<u>(?:mg|μg|µg|mcg|g|IU|U|ml|mL|MBq|万?单位|毫克|微克|克|毫升)(?:/(?:kg|m2|m²|㎡|d|天|日|h|小时|min|分钟|次))*|片|粒|袋|丸|支|瓶|贴|喷|吸|滴|揿|枚)"
)
_route = re.compile(
    r"静脉(?:内)?(?:输注|滴注|注射|推注|给药)(?:给药)?|静滴|静注|皮下(?:注射|给药|输注)|肌[内肉](?:注射)?|肌注|皮内注射|鞘内注射|腹腔注射|玻璃体(?:腔)?内注射|口服(?:给药)?|(?:开水|温开水|温水)?冲服|煎服|嚼服|舌下含服|含服|外用|涂(?:抹|敷|于患处)|吸入|喷鼻|滴眼|滴鼻|滴耳|阴道(?:给药|用药)|直肠给药|灌肠|贴敷"
)
_combination = re.compile(
    r"与\s*(?P<x>[^，。；、（）()]{1,30}?(?:、[^，。；（）()]{1,20}?)*)\s*(?:联合(?:用药|治疗|使用|给药|应用)?|联用|合用|合并)"
)
_drugs = re.compile(r"、|，|(?<=[\u4e00-\u9fff])(?:和|及|与)")
_schedule = re.compile(
    r"每\s*\d+\s?[~～–-]\s?\d+\s*小时(?:服用)?\s*(?:一|1)\s*次|每隔?\s*\d+\s*小时\s*(?:一|1)\s*次|(?:一|每)\s*[日天]\s*(?:\d|[一二两三四])(?:\s?[~～-]\s?\d)?\s*次|每\s*\d*\s*(?:[日天周月]|小时|个月)\s*(?:给药)?\s*(?:一|1|两|二|三|\d)\s*次|每周\s*[一二两三\d]\s*次|一次性|必要时|睡前"
)
_sentence = re.compile(r"[^。\n]+[。]?")


@dataclass(slots=True)
class _Regimen:
    section: Passage
    sentence: Passage
    dose: Quantity
    dose_words: Passage
    drugs: list[Passage]


def read_dosing(text: Passage, tables: list[TableDraft], indications: list[Criterion], ledger: Ledger) -> list[Dosing]:
    """One entry for each regimen that a sentence on the recommended dose states; combinations are regimens of their own."""
    found: list[Dosing] = []
    for regimen in _regimens(text):
        found.append(_dosing(regimen, tables, indications, f"/label/dosing/{len(found)}", ledger))
    return found


def _regimens(text: Passage) -> list[_Regimen]:
    found = []
    for match in _sentence.finditer(text.text):
        start = _recommends.search(match.group())
        dose = _dose.search(match.group(), start.start()) if start else None
        if dose is None or not _is_number(dose["n"]):
            continue
        sentence = text.cut(match.start(), match.end())
        words = text.cut(match.start() + dose.start(), match.start() + dose.end())
        amount = _amount(dose["n"], dose["u"])
        combined = [
            text.cut(match.start() + m.start("x"), match.start() + m.end("x")).parts(_drugs)
            for m in _combination.finditer(match.group(), dose.end())
        ]
        found += [_Regimen(text, sentence, amount, words, drugs) for drugs in combined or [[]]]
    return found


def _is_number(text: str) -> bool:
    """Whether digits, points and commas are one number, and no date or version."""
    return len(text) <= LONGEST_NUMBER and text.rstrip(".").count(".") <= 1


def _amount(number: str, unit: str) -> Quantity:
    """A dose; one that is counted in units of the product has no code."""
    found = quantity(f"{number} {unit}")
    if found is not None and isinstance(found.unit, Unit) and found.unit.ucum:
        return found
    value = float(number.replace(",", "").rstrip("."))
    return Quantity(value=int(value) if value == int(value) else value, unit=Unit(text=unit))


def _dosing(regimen: _Regimen, tables: list[TableDraft], indications: list[Criterion], pointer: str, ledger: Ledger) -> Dosing:
    fields: dict[str, Any] = {"dose": regimen.dose}
    ledger.enter(f"{pointer}/dose", regimen.dose_words)
    names = [drug.text for drug in regimen.drugs]
    if indication := _indication(names, indications):
        fields["indication"] = indication
    if (route := _route_of(regimen)) is not None:
        fields["route"] = ledger.text(f"{pointer}/route", route)
    if (schedule := _table_schedule(names, tables) or _words_schedule(regimen.sentence)) is not None:
        fields["schedule"] = ledger.text(f"{pointer}/schedule", schedule)
    if names:
        fields["with"] = [ledger.text(f"{pointer}/with/{n}", drug) for n, drug in enumerate(regimen.drugs)]
    fields["quote"] = ledger.text(f"{pointer}/quote", regimen.sentence)
    return Dosing(**{("with_" if name == "with" else name): value for name, value in fields.items()})


def _route_of(regimen: _Regimen) -> Passage | None:
    """The route that the sentence names, else the only one that the whole section does."""
    if match := _route.search(regimen.sentence.text):
        return regimen.sentence.group(match)
    routes = list(_route.finditer(regimen.section.text))
    return regimen.section.group(routes[0]) if routes and len({m.group() for m in routes}) == 1 else None


def _fits(names: list[str], text: str) -> bool:
    return bool(names) and all(name in text for name in names)


def _indication(names: list[str], indications: list[Criterion]) -> str:
    """The only indication there is, or the first that names all the drugs."""
    if len(indications) == 1:
        return indications[0].id
    return next((c.id for c in indications if _fits(names, str(c.text.zh))), "")


def _table_schedule(names: list[str], tables: list[TableDraft]) -> Passage | None:
    """The rows of the schedule whose caption names the drugs, and fewest words besides."""
    fitting = [t for t in tables if t.rows and t.header and len(t.header[0]) == 2 and _fits(names, t.caption.text)]
    if not fitting:
        return None
    best = min(fitting, key=lambda t: len(t.caption.text))
    return join_paragraphs([cell for row in best.rows for cell in row if cell.text])


def _words_schedule(sentence: Passage) -> Passage | None:
    match = _schedule.search(sentence.text)
    return sentence.group(match) if match else None
