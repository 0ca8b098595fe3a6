"""Nested tables of a CDE page: drugs, outcomes, investigators, sites, ethics committees."""

from __future__ import annotations

import re
from collections.abc import Iterator

from extractor.document import Block
from extractor.patterns import lazy_pattern
from extractor.sources.readers.columns import Row, split_rows
from extractor.sources.readers.fields import UNMAPPED
from extractor.sources.readers.order import PagePart, Reader
from extractor.sources.readers.sheet import Sheet
from extractor.text import fold_label

HEADINGS = tuple(
    "序号 名称 用法 指标 评价时间 终点指标选择 机构名称 主要研究者 国家或地区 省（州） 城市 审查结论 批准日期/备案日期 审查日期 批准日期 版本号 版本日期".split()
)
NOTHING = lazy_pattern(r"(?:登记人)?(?:暂未填写(?:此|该)?信息|未填写)[；;。]?|无")
DRUG_NAME = lazy_pattern(
    r"中文通用名\s*[:：]\s*(?P<name>.*?)(?<!\s)\s*(?=英文通用名\s*[:：]|商品名称\s*[:：]|\Z)"
    r"|英文通用名\s*[:：]\s*(?P<english>.*?)(?<!\s)\s*(?=商品名称\s*[:：]|\Z)"
    r"|商品名称\s*[:：]\s*(?P<brand>.*)",
    re.DOTALL,
)
PLACEBO = lazy_pattern(r"安慰剂|placebo|模拟剂", re.IGNORECASE)
PERSON = {"姓名": "name", "电话": "phone", "email": "email", "邮政地址": "address", "邮编": "postcode", "单位名称": "affiliation"}
SITE = {"机构名称": "facility", "国家或地区": "country", "省(州)": "province", "城市": "city"}
ETHICS = {"名称": "committee", "审查结论": "status", "批准日期/备案日期": "date", "批准日期": "date", "审查日期": "date"}
PERSON_BESIDE = frozenset({"学位", "职称", "传真", "手机", "手机号", "邮箱"})
OFFICIALS, SITE_OFFICIALS = 100, 200  # positions of contacts: behind the applicant's


def _rows(sheet: Sheet, part: PagePart) -> Iterator[Row]:
    """The rows of a table; its header, its row numbers and rows that say "nothing filled in" are furniture."""
    rows = split_rows(sheet.document, part.blocks, HEADINGS)
    sheet.drop(part.blocks)
    kept = [row for row in rows if not all(NOTHING.fullmatch(b.text.strip()) for cell in row.values() for b in cell)]
    if not rows:
        known = {fold_label(words) for words in HEADINGS}
        said = [b for b in part.blocks if fold_label(b.text) not in known and not NOTHING.fullmatch(b.text.strip())]
        sheet.keep(sheet.words(part.heading), said)
    yield from kept


def read_drugs(kind: str) -> Reader:
    """A reader of drugs: names and use; they make one arm, of the given type or as the names say."""

    def read(sheet: Sheet, part: PagePart) -> None:
        arm = -1
        for row in _rows(sheet, part):
            number = _read_name(sheet, row.get("名称", []))
            if number is None:
                continue
            sheet.add(f"interventions/{number}/description", row.get("用法", []))
            if arm < 0:
                arm = sheet.number("arms")
                sheet.add(f"arms/{arm}/label", part.heading)
                sheet.draft.codes[f"arms/{arm}/type"] = "~" + (kind or _control(row))
            sheet.draft.codes[f"arms/{arm}/interventions/{number}"] = f"#{number}"

    return read


def _control(row: Row) -> str:
    names = "".join(block.text for block in row.get("名称", []))
    return "PLACEBO_COMPARATOR" if PLACEBO.search(names) else "ACTIVE_COMPARATOR"


def _read_name(sheet: Sheet, cell: list[Block]) -> int | None:
    """The names of one drug; a drug that is named already gets its further names."""
    number: int | None = None
    for block in sheet.merged(cell) if cell else ():
        for match in DRUG_NAME.finditer(block.text):
            kind = match.lastgroup or "name"
            if kind == "name" and match["name"]:
                number, _ = sheet.item("interventions", match["name"])
                sheet.cut(f"interventions/{number}/name", block, *match.span("name"))
            elif number is not None:
                language = "" if kind == "english" else None
                sheet.cut(f"interventions/{number}/other_names/{sheet.number('names')}", block, *match.span(kind), language)
        if number is None and block.text.strip():
            number, _ = sheet.item("interventions", block.text)
            sheet.add(f"interventions/{number}/name", [block])
    return number


def read_results(sheet: Sheet, part: PagePart) -> None:
    """Versions of a summary of results: no field takes them."""
    for row in _rows(sheet, part):
        sheet.keep(sheet.words(part.heading), [block for cell in row.values() for block in cell])


def read_outcomes(level: str) -> Reader:
    """A reader of outcomes: measure, time, and what the measure is for."""

    def read(sheet: Sheet, part: PagePart) -> None:
        for row in _rows(sheet, part):
            number = sheet.number("outcomes")
            sheet.add(f"outcomes/{number}/measure", row.get("指标", []))
            sheet.add(f"outcomes/{number}/time_frame", row.get("评价时间", []))
            sheet.add(f"outcomes/{number}/description", row.get("终点指标选择", []))
            sheet.draft.codes[f"outcomes/{number}/level"] = level

    return read


def read_investigators(sheet: Sheet, part: PagePart) -> None:
    """Pairs of label and value, a name begins a person; degree and rank have no field."""
    number, label = -1, ""
    for block in part.blocks:
        folded = fold_label(block.text)
        if folded in PERSON or folded in PERSON_BESIDE or block.label or re.fullmatch(r"\d{1,2}", folded):
            label = label if folded.isdigit() else folded
            number = sheet.number("officials") if PERSON.get(folded) == "name" else number
            sheet.drop([block])
        elif label in PERSON and number >= 0:
            sheet.add(f"contacts/{OFFICIALS + number}/{PERSON[label]}", [block])
            sheet.draft.codes[f"contacts/{OFFICIALS + number}/role"] = "OFFICIAL"
            sheet.item("officials by name", block.text) if PERSON[label] == "name" else None
        else:
            sheet.keep(f"研究者信息 {label}", [block])


def read_sites(sheet: Sheet, part: PagePart) -> None:
    """Sites, with an investigator each."""
    for row in _rows(sheet, part):
        number = sheet.number("locations")
        for label, field in SITE.items():
            sheet.add(f"locations/{number}/{field}", row.get(label, []))
        _read_site_investigator(sheet, row.get("主要研究者", []), row.get("机构名称", []))


def _read_site_investigator(sheet: Sheet, name: list[Block], facility: list[Block]) -> None:
    """The investigator of a site, unless the page has named that person already."""
    number, fresh = sheet.item("officials by name", "".join(block.text for block in name))
    if name and fresh:
        sheet.add(f"contacts/{SITE_OFFICIALS + number}/name", name)
        sheet.add(f"contacts/{SITE_OFFICIALS + number}/affiliation", facility)
        sheet.draft.codes[f"contacts/{SITE_OFFICIALS + number}/role"] = "OFFICIAL"


def read_ethics(sheet: Sheet, part: PagePart) -> None:
    """The first committee's decision; further ones have no field."""
    for at, row in enumerate(_rows(sheet, part)):
        for label, field in ETHICS.items():
            sheet.add(UNMAPPED + "伦理委员会信息 " + label if at else f"ethics/{field}", row.get(label, []))
        if not at:
            sheet.add("ethics/approved", row.get("审查结论", []))
