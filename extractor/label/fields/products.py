"""Names, ingredients, strengths, shelf life, packaging, approval numbers: short sections of a label as fields."""

from __future__ import annotations

import itertools
import re
from typing import Any

from extractor.label.ledger import Ledger
from extractor.label.text.passages import EMPTY, Passage, join_paragraphs
from extractor.model import ApprovalNumber, Ingredients, Names, Quantity, ShelfLife, Strength, Text
from extractor.normalise.quantities import parse_quantity
from extractor.patterns import lazy_pattern

_name_labels = (
    ("generic", lazy_pattern(r"^\s*(?:药品)?\s*(?:通\s*用\s*名\s*称?|药品名称|品\s*名|名\s*称)\s*[：:]\s*")),
    ("brand", lazy_pattern(r"^\s*(?:商\s*品\s*名\s*称?|商\s*标\s*名?)\s*[：:]\s*")),
    ("english", lazy_pattern(r"^\s*英\s*文\s*(?:通用)?名\s*称?\s*[：:]\s*")),
    ("pinyin", lazy_pattern(r"^\s*(?:汉\s*语\s*拼\s*音|拼\s*音\s*名?\s*称?|汉语拼音名称?)\s*[：:]\s*")),
)
_name_start = lazy_pattern(r"(?:通\s*用\s*名|商\s*品\s*名|英\s*文\s*名|汉\s*语\s*拼\s*音|拼\s*音\s*名|曾\s*用\s*名)\s*称?\s*[：:]")
_between_brands = lazy_pattern(r"[，,、；;/／]\s*|(?<=[®™])\s+|(?<=[\u4e00-\u9fff])\s+(?=[A-Z])")
_end = r"[。；;\n]|$"
_active = lazy_pattern(
    rf"(?:活性成[份分]|(?:主要)?(?:活性)?成[份分](?:及其化学名称?)?|有效成[份分]|本品(?:的)?主要成[份分])\s*(?:及其化学名称?)?\s*(?:为|是|[：:]|包括)+\s*[：:]?\s*(?P<x>[^。；;：:\n]+?)\s*(?:[：:]|{_end})"
)
_contained = lazy_pattern(
    r"每\s*(?:\d+\s?)?(?:[粒片袋丸支瓶贴克gG]|毫升|ml)(?:中)?\s*含(?:有)?(?:主要)?(?:活性)?(?:成[份分])?\s*[：:]?\s*(?P<x>[^\d，。；：:]{2,30}?)\s*(?=\d|[，。；]|$)"
)
_LONGEST_LIST = 400  # characters: a longer text describes the product instead of listing its ingredients
_excipients = lazy_pattern(r"(?:辅\s*料|赋形剂)(?:成[份分])?\s*(?:为|包括|包含|有|[：:])+\s*(?P<x>[^。\n]+?)\s*(?:[。\n]|$)")
_chemical = {
    "chemical_name": lazy_pattern(r"化\s*学\s*名\s*(?:称)?\s*(?:为|[：:])+\s*(?P<x>[^\n]+?)\s*(?=[。\n]|$)"),
    "molecular_formula": lazy_pattern(r"分\s*子\s*式\s*(?:为|[：:])+\s*(?P<x>[A-Z][A-Za-z0-9₀-₉·•.()（） -]*[A-Za-z0-9₀-₉)）])"),
    "molecular_weight": lazy_pattern(r"(?:相对)?分\s*子\s*(?:质\s*)?量\s*(?:约)?\s*(?:为|[：:])+\s*(?:约)?\s*(?P<x>\d[\d.,]*)"),
    "cas": lazy_pattern(r"CAS\s*(?:登记|注册)?\s*(?:编?号|No\.?)?\s*(?:为|[：:])?\s*(?P<x>\d{2,7}-\d\d-\d)"),
}
_listed = lazy_pattern(r"[、，,；;]\s*|(?<=[\u4e00-\u9fff\d）)])\s*(?:和|及|与|以及)\s*(?=[\u4e00-\u9fff])")
_mass = r"(?:kg|mg|μg|µg|ug|mcg|ng|g|克|毫克|微克|万?\s?(?:IU|U|单位|国际单位)|MBq|GBq|mCi|mmol|%|％)"
_volume = r"(?:ml|mL|ML|毫升|L|升|g|克|片|粒|丸|揿|喷|吸|贴|cm[²2]?)"
# A number from its first digit on, as long as any: patterns that look for one from every digit of a run would take the square of its length.
_figure = r"(?<!\d)(?<!\d[.,])\d[\d.,]{0,20}"
_size = rf"{_figure}\s?{_mass}(?:/\d{{0,9}}\s?{_volume})?"
_amount_first = lazy_pattern(
    rf"(?P<amount>{_figure}\s?{_mass})\s*(?:[（(]\s*(?P<per>{_figure}\s?{_volume})\s*[)）]|/\s*(?P<per2>{_figure}\s?{_volume}))?"
)
_per_first = lazy_pattern(rf"(?P<per>{_figure}\s?{_volume})\s*[：:∶]\s*(?P<amount>{_figure}\s?{_mass})")
_container = lazy_pattern(r"/\s*(?P<c>[瓶支盒片粒袋丸板贴管桶听枚套]|药瓶|小瓶|预填充注射器|注射笔)|每\s*(?P<c2>[瓶支盒片粒袋丸板贴管枚])")
_strength_cut = lazy_pattern(r"[，,、；;。\n]\s*|\s*(?=[（(]\d{1,2}[)）])|(?<=\S)\s+(?=\d{1,2}[)）]\s*\S)|\s*(?=[①-⑳])")
_basis = lazy_pattern(r"^[（(]?(?:均)?(?:按|以)\s*[^，。]{1,40}\s*计[)）]?$")
_strength_number = lazy_pattern(r"^(?:[（(]?\d{1,2}[)）]|[①-⑳])\s*")
_period = lazy_pattern(r"(?P<n>\d{1,3}(?:\.\d)?|[一二三四五六七八九十]{1,3}|半)\s*(?P<u>个?月|年|周|天|日|小时)")
_period_units = {"月": "MONTH", "年": "YEAR", "周": "WEEK", "天": "DAY", "日": "DAY", "小时": "HOUR"}
_numerals = {c: n for n, c in enumerate("零一二三四五六七八九十")} | {
    "半": 0.5,
    "十二": 12,
    "十八": 18,
    "二十四": 24,
    "三十六": 36,
    "两": 2,
}
_state_split = lazy_pattern(r"\s*[：:]\s*|(?<=[片剂粒瓶支袋格])\s+(?=\d)")
_approval = lazy_pattern(
    r"国药准字\s?[A-Z]{1,2}\s?\d{8}(?!\d)|(?:H|S|Z|BH|HC|SC|ZC|X|J)\s?(?:19|20)?\d{6,8}(?!\d)|国药试字\s?[A-Z]\s?\d{8}|卫药准字[^\s，。；]{4,20}"
)
_strength_before = lazy_pattern(r"^(?:[（(]?\d{1,2}[)）.、]\s*)?(?P<s>[^：:\n]*?\d[^：:\n]*?)\s*(?:[：:]|\s)\s*(?:[（(]\s*)?$")
_FARTHEST = 80  # characters before an approval number in which its strength may stand: the same line, hardly more
_strength_after = lazy_pattern(rf"^\s*[（(]\s*(?P<s>(?:规格[：:为]?\s*)?{_size}[^（）()]*)[)）]")


def read_names(sections: list[tuple[str, list[Passage]]], ledger: Ledger) -> Names | None:
    """The product's names, from (heading, paragraphs) of the sections on names: labelled lines, or what one line under a heading is.

    A section of one bare line is the name that its heading says, else the generic name.
    """
    found: dict[str, Passage] = {}
    for heading, paragraphs in sections:
        labelled = _labelled_names(paragraphs)
        if not labelled and len(paragraphs) == 1:
            labelled = {_named_by(heading): paragraphs[0]}
        found = labelled | found
    if not found:
        return None
    fields: dict[str, Any] = {
        field: ledger.word(f"/label/names/{field}", found[field]) for field in ("english", "pinyin") if field in found
    }
    if "generic" in found:
        fields["generic"] = ledger.text("/label/names/generic", found["generic"])
    if "brand" in found:
        brands = found["brand"].parts(_between_brands)
        fields["brand"] = [ledger.word(f"/label/names/brand/{n}", brand) for n, brand in enumerate(brands)]
    return Names(**fields)


def _named_by(heading: str) -> str:
    """The field that a heading names."""
    return next((field for field, label in _name_labels if label.match(f"{heading}：")), "generic")


def _labelled_names(paragraphs: list[Passage]) -> dict[str, Passage]:
    """Names by field; the first of a kind stands."""
    found: dict[str, Passage] = {}
    for paragraph in (part for p in paragraphs for part in _name_parts(p)):
        for field, label in _name_labels:
            match = label.match(paragraph.text)
            if match and (value := paragraph.cut(match.end())).text:
                found.setdefault(field, value)
    return found


def _name_parts(paragraph: Passage) -> list[Passage]:
    """A line that holds several labelled names, cut before each label."""
    edges = [0, *(m.start() for m in _name_start.finditer(paragraph.text) if m.start()), len(paragraph.text)]
    return [paragraph.cut(a, b) for a, b in itertools.pairwise(edges)]


def read_ingredients(text: Passage, ledger: Ledger) -> Ingredients | None:
    """The active substance, the excipients, and what the label says of the chemistry."""
    fields: dict[str, Any] = {}
    if match := _active.search(text.text):
        fields["active"] = ledger.text("/label/ingredients/active", text.group(match, "x"))
    elif (bare := _bare_active(text)).text:
        fields["active"] = ledger.text("/label/ingredients/active", bare)
    if match := _excipients.search(text.text):
        names = text.group(match, "x").parts(_listed)
        fields["excipients"] = [ledger.text(f"/label/ingredients/excipients/{n}", name) for n, name in enumerate(names)]
    for field, pattern in _chemical.items():
        if match := pattern.search(text.text):
            value = _unnamed(text.group(match, "x"), fields.get("active"))
            enter = ledger.text if field == "chemical_name" else ledger.word
            fields[field] = enter(f"/label/ingredients/{field}", value)
    return Ingredients(**fields) if fields else None


def _unnamed(value: Passage, active: Text | None) -> Passage:
    """A chemical name without the substance's own name before it: `甲：N-(…)` is N-(…)."""
    name = (active.zh or active.en or "") if active else ""
    colon = len(name) if name and value.text.startswith((f"{name}：", f"{name}:")) else -1
    return value.cut(colon + 1)


def _bare_active(text: Passage) -> Passage:
    """The ingredients of a label that only lists them: what one unit contains, or everything before the excipients."""
    if match := _contained.search(text.text):
        return text.group(match, "x")
    excipients = _excipients.search(text.text)
    listed = text.cut(0, excipients.start() if excipients else None)
    listed = listed.cut(0, len(listed.text.rstrip("。；; ")))
    return EMPTY if "化学" in listed.text or len(listed.text) > _LONGEST_LIST else listed


def quantity(text: str) -> Quantity | None:
    """A number with its unit, or None where the unit is not known."""
    try:
        return parse_quantity(text)
    except ValueError:
        return None


def read_strengths(text: Passage, ledger: Ledger) -> list[Strength]:
    """One entry for each strength: words, amount, the volume or mass it is in, the container."""
    words = []
    for part in text.parts(_strength_cut):
        mark = _strength_number.match(part.text)
        words.append(part.cut(mark.end() if mark else 0))
    sized = [part for part in words if any(c.isdigit() for c in part.text) and not _basis.match(part.text)]
    kept = sized or [part for part in words if part.text]
    return [_strength(part, f"/label/strengths/{n}", ledger) for n, part in enumerate(kept)]


def _strength(words: Passage, pointer: str, ledger: Ledger) -> Strength:
    fields: dict[str, Any] = {}
    match = _per_first.search(words.text) or _amount_first.search(words.text)
    if match and (amount := quantity(match["amount"])):
        fields["amount"] = amount
        per = match["per"] or match.groupdict().get("per2")
        if per and (volume := quantity(per)):
            fields["per"] = volume
    if container := _container.search(words.text):
        name = "c" if container["c"] else "c2"
        fields["container"] = ledger.text(f"{pointer}/container", words.group(container, name))
    return Strength(text=ledger.text(f"{pointer}/text", words), **fields)


def read_shelf_life(paragraphs: list[Passage], ledger: Ledger) -> list[ShelfLife]:
    """One entry a state: a short line without end punctuation is the state of the lines after it, or stands before a colon."""
    entries: list[ShelfLife] = []
    state: Passage | None = None
    group: list[Passage] = []
    for paragraph in [*(one for one in paragraphs if one.text), None]:
        is_state = (
            paragraph is not None and len(paragraph.text) <= 24 and not _period.search(paragraph.text) and paragraph.text[-1] not in "。；;"
        )
        if (paragraph is None or is_state or (group and state is None)) and group:
            entries.append(_shelf_life(group, state, f"/label/shelf_life/{len(entries)}", ledger))
            group = []
        if paragraph is not None:
            state, group = (paragraph, []) if is_state else (state, [*group, paragraph])
    return entries


def _shelf_life(group: list[Passage], state: Passage | None, pointer: str, ledger: Ledger) -> ShelfLife:
    text = join_paragraphs(group)
    if state is None and (split := _state_split.search(text.text)) and 0 < split.start() <= 24 and _period.search(text.text, split.end()):
        state, text = text.cut(0, split.start()), text.cut(split.end())
    fields: dict[str, Any] = {}
    if state is not None:
        fields["state"] = ledger.text(f"{pointer}/state", state)
    match = _period.match(text.text) or (_period.search(text.text) if len(text.text) < 30 else None)
    if match:
        number = match["n"]
        value = float(number) if number[0].isdigit() else _numerals.get(number)
        if value is not None:
            unit = _period_units[match["u"].removeprefix("个")]
            fields |= {"value": int(value) if value == int(value) else value, "unit": unit}
    return ShelfLife(text=ledger.text(f"{pointer}/text", text), **fields)


def read_approvals(text: Passage, ledger: Ledger) -> list[ApprovalNumber]:
    """Approval numbers in order, each with the strength printed beside it."""
    found: list[ApprovalNumber] = []
    last = 0
    for match in _approval.finditer(text.text):
        pointer = f"/label/approval_numbers/{len(found)}"
        fields = {}
        if strength := _beside(text, last, match):
            fields["strength"] = ledger.text(f"{pointer}/strength", strength)
        found.append(ApprovalNumber(number=ledger.word(f"{pointer}/number", text.group(match)), **fields))
        last = match.end()
    return found


def _beside(text: Passage, last: int, match: re.Match[str]) -> Passage | None:
    start = max(
        last,
        match.start() - _FARTHEST,
        text.text.rfind("\n", 0, match.start()) + 1,
        *(text.text.rfind(c, 0, match.start()) + 1 for c in "；;，,"),
    )
    before = _strength_before.match(text.text[start : match.start()])
    if before:
        return text.cut(start + before.start("s"), start + before.end("s"))
    after = _strength_after.match(text.text[match.end() :])
    return text.cut(match.end() + after.start("s"), match.end() + after.end("s")) if after else None


def texts(paragraphs: list[Passage], pointer: str, ledger: Ledger) -> list[Text]:
    """A language map for each paragraph."""
    return [ledger.text(f"{pointer}/{n}", paragraph) for n, paragraph in enumerate(paragraphs)]
