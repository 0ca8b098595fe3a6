"""CDE (chinadrugtrials.org.cn): pages of the Chinese drug regulator's trial register, saved or copied. Chinese only.

Labels are those of the layout since 2020. A label in front of a nested table is read by `cde_tables`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from extractor.document import Document, Draft, Format
from extractor.patterns import lazy_pattern
from extractor.sources.cde import tables as tables
from extractor.sources.readers.boilerplate import boilerplate_of
from extractor.sources.readers.fields import LAST, UNMAPPED
from extractor.sources.readers.order import MATCH, Order, PageField, PagePart, Reader, read_page
from extractor.sources.readers.sheet import Sheet, folded_lines

NAME = "cde"
NUMBER = lazy_pattern(r"CTR20\d{6}")
LABELS = frozenset(
    "登记号 试验状态 申请人名称 首次公示信息日期 药物名称 药物类型 适应症 试验专业题目 试验通俗题目 试验方案编号 入选标准 排除标准".split()
)
PROOF = 5  # labels that a page must show

AGES = lazy_pattern(
    r"(?P<low>(?<!\d)\d+(?:\.\d+)?\s*(?:周?岁|个?月|[周天日]))\s*[(（]最小年龄[)）]"
    r"|(?P<high>(?<!\d)\d+(?:\.\d+)?\s*(?:周?岁|个?月|[周天日]))\s*[(（]最大年龄[)）]"
)
PHASE = lazy_pattern(
    r"^\s*(?P<phase>(?:其它|其他)(?=\s*(?:其它|其他)说明)|(?!其).+?)(?<!\s)\s*(?:(?:其它|其他)说明\s*[:：]\s*(?P<words>.*))?$", re.DOTALL
)
DRUG = lazy_pattern(r"^\s*(?P<name>.*?)(?<!\s)\s*(?:曾用名\s*[:：]\s*(?P<former>.*))?$", re.DOTALL)
# "国内: 60 ；国际: 200": a trial run in several countries prints both, and the international figure is the trial's.
FIGURE = lazy_pattern(r"国际\s*[:：]\s*(?P<whole>\d[\d,]*)|国内\s*[:：]\s*(?P<home>\d[\d,]*)|^\s*(?P<bare>\d[\d,]*)\s*$")
DAY = r"\d{4}-\d{1,2}-\d{1,2}"
DATE = lazy_pattern(rf"国际\s*[:：]\s*(?P<whole>{DAY})|国内\s*[:：]\s*(?P<home>{DAY})|^\s*(?P<bare>{DAY})\s*$")
ACCEPTANCE = lazy_pattern(r"(?P<value>[A-Z]{3,5}\d{6,8}(?:[国省][补变]?)?)")
NOTHING = lazy_pattern(r"(?:(?:国内\s*[:：]|国际\s*[:：])?\s*(?:登记人)?(?:暂未填写该?此?信息|未填写)[；;]?\s*)+|企业选择不公示")
FURNITURE_LINES = lazy_pattern(rf"(?:\* )?(?:{boilerplate_of('cde')})|.{{0,20}}目前是第\s*\d+\s*个试验.*", re.DOTALL)


def _read_number(sheet: Sheet, part: PagePart) -> None:
    """The register's number, printed twice."""
    for block in part.blocks:
        number, fresh = sheet.item("identifiers", block.text)
        if fresh:
            sheet.add(f"identifiers/{number}/value", [block])
            sheet.draft.codes.update({f"identifiers/{number}/scheme": "CDE", f"identifiers/{number}/primary": "true"})
    sheet.drop(part.blocks)


def _read_figure(path: str, pattern: re.Pattern[str]) -> Reader:
    """A reader of a number or date for the country and for the world: one is the trial's, the other is kept beside."""

    def read(sheet: Sheet, part: PagePart) -> None:
        sheet.drop(part.blocks)
        found = [(block, match) for block in (sheet.merged(part.blocks) if part.blocks else ()) for match in pattern.finditer(block.text)]
        found.sort(key=lambda pair: pair[1].lastgroup != "whole")
        for at, (block, match) in enumerate(found):
            sheet.cut(UNMAPPED + sheet.words(part.heading) if at else path, block, *match.span(match.lastgroup or 0))

    return read


def _read_planned(sheet: Sheet, part: PagePart) -> None:
    """The number of participants that is aimed at."""
    _read_figure("enrollment/count", FIGURE)(sheet, part)
    sheet.draft.codes["enrollment/type"] = "ESTIMATED"


def _read_actual(sheet: Sheet, part: PagePart) -> None:
    """The number of participants in the end: it stands for the planned one, which is kept beside."""
    if any(FIGURE.search(block.text) for block in part.blocks):
        for found in sheet.take_back("enrollment/count"):
            sheet.left.setdefault("目标入组人数", []).extend(found.spans)
        sheet.draft.codes["enrollment/type"] = "ACTUAL"
    _read_figure("enrollment/count", FIGURE)(sheet, part)


def _read_status(sheet: Sheet, part: PagePart) -> None:
    """The status with its detail, which stands for the bare one at the top of the page."""
    if part.blocks:
        sheet.take_back("status/overall")
    sheet.add("status/overall", part.blocks)


def _read_applicant(sheet: Sheet, part: PagePart) -> None:
    """The applicants at the top of the page, in one line."""
    sheet.add("sponsors/0/name", part.blocks)
    sheet.draft.codes["sponsors/0/role"] = "LEAD"


def _read_applicants(sheet: Sheet, part: PagePart) -> None:
    """The applicants, numbered 1, 2, …: the first leads the trial. They stand for the line at the top."""
    if any(re.search(r"[^\s\d]", block.text) for block in part.blocks):
        sheet.take_back("sponsors/0/name")
    for block in part.blocks:
        match = re.fullmatch(r"\s*(?:\d{1,2}(?:\s+|$))?(?P<name>.*?)\s*", block.text, re.DOTALL)
        sheet.drop([block])
        if match and match["name"]:
            number, fresh = sheet.item("sponsors", match["name"])
            sheet.draft.codes[f"sponsors/{number}/role"] = "COLLABORATOR" if number else "LEAD"
            if fresh:
                sheet.cut(f"sponsors/{number}/name", block, *match.span("name"))


def _read_drug(sheet: Sheet, part: PagePart) -> None:
    """The drug under trial; the table of drugs names it again, with its use."""
    for block in sheet.merged(part.blocks) if part.blocks else ():
        match = DRUG.fullmatch(block.text)
        sheet.drop([block])
        if match and match["name"]:
            number, _ = sheet.item("interventions", match["name"])
            sheet.cut(f"interventions/{number}/name", block, *match.span("name"))
            sheet.cut(f"interventions/{number}/other_names/{sheet.number('names')}", block, *match.span("former"))


def _head(words: str) -> PageField:
    """A heading with its number: "2、试验设计", "三、临床试验信息"."""
    return PageField(opening=_numbered(words))


def _numbered(words: str) -> re.Pattern[str]:
    return re.compile(rf"\s*(?:[一二三四五六七八九十]|\d{{1,2}})\s*[、.]\s*(?:{words})\s*[:：]?\s*$")


def _below(words: str, to: str = UNMAPPED, read: Reader | None = None) -> PageField:
    """A heading with its value below."""
    return PageField(opening=_numbered(words), to=to, read=read)


def _meta(name: str) -> Reader:
    """A reader of a fact about the page."""

    def read(sheet: Sheet, part: PagePart) -> None:
        sheet.drop(part.blocks)
        if part.blocks:
            sheet.draft.meta[name] = part.blocks[0].text.strip()

    return read


SUMMARY = (
    PageField("基本信息"),
    PageField("登记号", read=_read_number),
    PageField("试验状态", "status/overall"),
    PageField("申请人联系人", "contacts/0/name role=APPLICANT"),
    PageField("首次公示信息日期|首次公示日期", "dates/first_posted"),
    PageField("申请人名称", read=_read_applicant),
    PageField("公示的试验信息"),
)
BACKGROUND = (
    _head("题目和背景信息"),
    PageField("登记号", read=_read_number),
    PageField("相关登记号", "identifiers/+/value"),
    PageField("曾用登记号", "identifiers/+/value"),
    PageField("药物名称", read=_read_drug),
    PageField("药物类型", "interventions/0/type"),
    PageField("临床申请受理号", UNMAPPED, MATCH, ACCEPTANCE, (("value", "identifiers/+/value scheme=OTHER"),)),
    PageField("备案号", UNMAPPED),
    PageField("适应症", "conditions/0/name"),
    PageField("试验专业题目", "titles/scientific"),
    PageField("试验通俗题目", "titles/public"),
    PageField("试验方案编号", "identifiers/+/value scheme=SPONSOR"),
    PageField("方案最新版本号|方案版本号", read=_meta("version")),
    PageField("版本日期", read=_meta("version_date")),
    PageField("方案是否为联合用药", UNMAPPED),
)
APPLICANT = (
    _head("申请人信息"),
    PageField("申请人名称", read=_read_applicants),
    PageField("联系人姓名", "contacts/0/name"),
    PageField("联系人座机|联系人电话", "contacts/0/phone"),
    PageField("联系人手机号|联系人手机", UNMAPPED),
    PageField("联系人Email", "contacts/0/email"),
    PageField("联系人邮政地址", "contacts/0/address"),
    PageField("联系人邮编", "contacts/0/postcode"),
    PageField("试验项目经费来源", f"sponsors/{LAST}/name role=FUNDER"),
)
DESIGN = (
    _head("临床试验信息"),
    _below("试验目的", "descriptions/objectives"),
    _head("试验设计"),
    PageField("试验分类", "design/primary_purpose"),
    PageField("试验分期", "design/phases/0", split=PHASE, parts=(("phase", "design/phases/0"), ("words", "design/text"))),
    PageField("设计类型", "design/intervention_model"),
    PageField("随机化", "design/allocation"),
    PageField("盲法", "design/masking"),
    PageField("试验范围", UNMAPPED),
    _head("受试者信息|试验参与者信息"),
    PageField("年龄", UNMAPPED, split=AGES, parts=(("low", "eligibility/minimum_age"), ("high", "eligibility/maximum_age"))),
    PageField("性别", "eligibility/sex"),
    PageField("健康受试者|健康试验参与者", "eligibility/healthy_volunteers"),
    PageField("入选标准", "eligibility/text/inclusion"),
    PageField("排除标准", "eligibility/text/exclusion"),
    _head("试验分组"),
    PageField("试验药", read=tables.read_drugs("EXPERIMENTAL")),
    PageField("对照药", read=tables.read_drugs("")),
    _head("终点指标"),
    PageField("主要终点指标及评价时间", read=tables.read_outcomes("PRIMARY")),
    PageField("次要终点指标及评价时间", read=tables.read_outcomes("SECONDARY")),
    _below(r"(?:数据安全监查委员会|数据监查委员会|数据安全监察委员会)(?:[(（]DMC[)）])?", "data_sharing/monitoring_committee"),
    _below("是否购买保险|为受试者购买试验伤害保险|为试验参与者购买试验伤害保险"),
)
PEOPLE = (
    _head("研究者信息"),
    _below("主要研究者信息", read=tables.read_investigators),
    _below("各参加机构信息", read=tables.read_sites),
    _below("伦理委员会信息", read=tables.read_ethics),
)
STATUS = (
    _head("试验状态信息"),
    _below("试验状态", read=_read_status),
    _head("试验人数"),
    PageField("目标入组人数|目标入组例数", read=_read_planned),
    PageField("已入组人数|已入组例数", UNMAPPED),
    PageField("实际入组总人数|实际入组总例数", read=_read_actual),
    _head("受试者招募及试验完成日期|试验参与者招募及试验完成日期"),
    PageField("第一例受试者签署知情同意书日期|第一例试验参与者签署知情同意书日期", read=_read_figure("dates/start", DATE)),
    PageField("第一例受试者入组日期|第一例试验参与者入组日期", read=_read_figure("dates/recruitment_start", DATE)),
    PageField("试验完成日期|试验终止日期", read=_read_figure("dates/completion", DATE)),
    _below("临床试验结果摘要", read=tables.read_results),
)

ORDER = Order((*SUMMARY, *BACKGROUND, *APPLICANT, *DESIGN, *PEOPLE, *STATUS), FURNITURE_LINES)


def recognises(document: Document) -> bool:
    """Whether the page shows a number of the register and its own labels."""
    if document.format not in (Format.HTML, Format.TEXT, Format.PDF) or "注册号状态" in document.text:
        return False
    return NUMBER.search(document.text) is not None and len(LABELS & folded_lines(document) | _run_in(document)) >= PROOF


def _run_in(document: Document) -> set[str]:
    """Labels that stand in front of their value on one line."""
    return {label for label in LABELS if re.search(rf"^\s*{label}[ \t:：]", document.text[:8000], re.MULTILINE)}


def read(document: Document) -> Iterator[Draft]:
    """One draft: a page holds one trial."""
    sheet, head = read_page(document, ORDER, NAME, "zh")
    sheet.drop(head)
    draft = sheet.finished()
    _drop_nothing(draft)
    yield draft


def _drop_nothing(draft: Draft) -> None:
    """Takes the register's words for "not filled in" out of what is kept as unmapped."""
    for item in [item for item in draft.unmapped if NOTHING.fullmatch(item.found.text.strip())]:
        draft.unmapped.remove(item)
        draft.furniture.extend(item.found.spans)
        draft.labels_mapped += 1
