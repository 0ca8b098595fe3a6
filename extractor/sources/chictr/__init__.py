"""ChiCTR (chictr.org.cn): bilingual pages as HTML, copied text and PDF print.

Labels are those of the registry's own form, 2023–2026 templates, and of the sister register ITMCTR; spelling errors are theirs.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from extractor.document import Document, Draft, Format
from extractor.patterns import lazy_pattern
from extractor.sources.readers.fields import FURNITURE, LAST, UNMAPPED
from extractor.sources.readers.labels import LabelReading, count_labels
from extractor.sources.readers.table import Labels, RepeatGroup, Row

NAME = "chictr"

# "是Yes", "无/No", "不公开/Private", "是/Yes"
BOTH = lazy_pattern(r"^\s*(?P<zh>[^\sA-Za-z/][^A-Za-z/]*?)\s*/?\s*(?P<en>[A-Za-z].*?)?\s*$", re.DOTALL)
DATE = r"\d{4}[-/.]\s?\d{1,2}(?:[-/.]\s?\d{1,2})?(?:\s+\d{1,2}:\d{2}(?::\d{2})?)?"
FROM_TO = lazy_pattern(rf"(?:从|From)[^\d]*?(?P<start>{DATE})|(?:至|To)[^\d]*?(?P<end>{DATE})", re.IGNORECASE)
NUMBER = r"\d[\d.]*\s*(?:周岁|岁|个月|月龄|月|周龄|周|天|小时|years?|months?|weeks?|days?|hours?)?"
AGES = lazy_pattern(  # between word and number stands no second limit: an empty one keeps its unit ("Min age  years")
    rf"(?:最小|Min\s+age|Min)[^\d最A]{{0,20}}?(?P<low>{NUMBER})|(?:最大|Max\s+age|Max)[^\d最A]{{0,20}}?(?P<high>{NUMBER})", re.IGNORECASE
)


def _places(item: str) -> tuple[Row, ...]:
    return (
        Row("国家", "Country", f"{item}/country"),
        Row("省(直辖市)", "Province", f"{item}/province"),
        Row("市(区县)", "City", f"{item}/city"),
    )


def _person(zh: str, en: tuple[str, ...], contact: str, role: str) -> tuple[Row, ...]:
    """Rows of one contact: English label words differ from person to person."""
    fields = ("name", "phone", "fax", "email", "url", "address", "postcode", "affiliation")
    return tuple(Row(z, e, f"{contact}/{f} role={role}") for z, e, f in zip(zh.split(), en, fields, strict=True))


APPLICANT = _person(
    "申请注册联系人 申请注册联系人电话 申请注册联系人传真 申请注册联系人电子邮件 申请单位网址(自愿提供)|申请人网址(自愿提供)"
    " 申请注册联系人通讯地址 申请注册联系人邮政编码 申请人所在单位",
    (
        "Applicant",
        "Applicant telephone",
        "Applicant Fax",
        "Applicant E-mail",
        "Applicant website(voluntary supply)",
        "Applicant address",
        "Applicant postcode",
        "Applicant's institution",
    ),
    "contacts/0",
    "APPLICANT",
)
LEADER = _person(
    "研究负责人 研究负责人电话 研究负责人传真 研究负责人电子邮件 研究负责人网址(自愿提供) 研究负责人通讯地址 研究负责人邮政编码 研究负责人所在单位",
    (
        "Study leader",
        "Study leader's telephone",
        "Study leader's fax",
        "Study leader's E-mail",
        "Study leader's website(voluntary supply)",
        "Study leader's address",
        "Study leader's postcode",
        "Affiliation of the Leader",
    ),
    "contacts/1",
    "STUDY_LEADER",
)
ETHICS = (
    Row("伦理委员会联系人", "Contact Name of the ethic committee", "contacts/2/name role=ETHICS"),
    Row("伦理委员会联系地址", "Contact Address of the ethic committee", "contacts/2/address role=ETHICS"),
    Row("伦理委员会联系人电话", "Contact phone of the ethic committee", "contacts/2/phone role=ETHICS"),
    Row("伦理委员会联系人邮箱", "Contact email of the ethic committee", "contacts/2/email role=ETHICS"),
)

SECONDARY_SPONSORS = RepeatGroup(
    "试验主办单位(项目批准或申办者)|试验主办单位",
    "Secondary sponsor",
    (
        *_places("sponsors/+"),
        Row("单位(医院)|单位", "Institution hospital|Institution", "sponsors/+/name"),
        Row("具体地址", "Address", "sponsors/+/address"),
    ),
    "sponsors/+ role=SECONDARY",
    start=10,
)
ARMS = RepeatGroup(
    "干预措施",
    "Interventions",
    (
        Row("组别", "Group", "arms/+/label"),
        Row("样本量", "Sample size", "arms/+/size"),
        Row("干预措施", "Intervention", "interventions/+/name"),
        Row("干预措施代码", "Intervention code", "interventions/+/code"),
    ),
    "arms/+ interventions/0=#+",
)
# Diagnostic tests print these in place of arms; only exports of such trials were seen.
DIAGNOSTIC = (
    Row(
        "金标准或参考标准(即可准确诊断某疾病的单项方法或多项联合方法,在本研究中用于诊断是否患有该病的临床参考标准)|金标准或参考标准",
        "Gold Standard or Reference Standard",
        UNMAPPED,
        opening=True,
    ),
    Row("指标试验(即本研究的待评估诊断试验,无论为方法、生物标志物或设备,均请列出名称)|指标试验", "Index test", UNMAPPED, opening=True),
    Row(
        "目标人群(可以是某种疾病患者或正常人群,详细描述其疾病特征,应注意纳入病例的代表性,这会影响研究结果的外推性)|目标人群",
        "Target condition",
        UNMAPPED,
        opening=True,
    ),
    Row(
        "容易混淆的疾病人群(即与目标疾病不易区分的一种或多种不同疾病,应避免采用正常人群对照)|容易混淆的疾病人群",
        "Population with condition difficult to distinguish",
        UNMAPPED,
        opening=True,
    ),
    Row("例数", "Sample size", UNMAPPED),
)
SITES = RepeatGroup(
    "研究实施地点",
    "Countries of recruitment and research settings",
    (
        *_places("locations/+"),
        Row("单位(医院)|单位", "Institution hospital|Institution", "locations/+/facility"),
        Row("单位级别", "Level of the institution", "locations/+/level"),
    ),
)
OUTCOMES = RepeatGroup(
    "测量指标",
    "Outcomes",
    (
        Row("指标中文名", "Outcome|Outcome Name", "outcomes/+/measure"),
        Row("指标类型", "Type", "outcomes/+/level"),
        Row("测量时间点", "Measure time point of outcome", "outcomes/+/time_frame"),
        Row("测量方法", "Measure method", "outcomes/+/method"),
    ),
)
SAMPLES = RepeatGroup(
    "采集人体标本",
    "Collecting sample(s) from participants",
    (
        Row("标本中文名", "Sample Name", "biospecimens/+/name"),
        Row("组织", "Tissue", "biospecimens/+/tissue"),
        Row("人体标本去向", "Fate of sample", "biospecimens/+/fate"),
        Row("说明", "Note", "biospecimens/+/note"),
    ),
)

TABLE: tuple[Row | RepeatGroup, ...] = (
    Row("审核状态", "Project audit state", "registration/audit"),
    Row("注册号", "Registration number", "identifiers/0/value scheme=~CHICTR primary=true", lines=1),
    Row("最近更新日期", "Date of Last Refreshed on", "registration/last_updated", lines=1),
    Row("注册时间", "Date of Registration", "registration/date", lines=1),
    Row("注册号状态", "Registration Status", "registration/timing"),
    Row("注册题目", "Public title", "titles/public"),
    Row("注册题目简写", "English Acronym", "titles/acronym"),
    Row("研究课题的正式科学名称", "Scientific title", "titles/scientific"),
    Row("研究课题的正式科学名称简写", "Scientific title acronym", UNMAPPED),
    Row("研究课题代号(代码)", "Study subject ID", "identifiers/1/value scheme=SPONSOR"),
    Row("在二级注册机构或其它机构的注册号", "The registration number of the Partner Registry or other register", "identifiers/2/value"),
    *APPLICANT,
    *LEADER,
    Row("是否获伦理委员会批准", "Approved by ethic committee", "ethics/approved", split=BOTH),
    Row("伦理委员会批件文号", "Approved No. of ethic committee", "ethics/approval_number"),
    Row("伦理委员会批件附件", "Approved file of Ethical Committee", FURNITURE),
    Row("批准本研究的伦理委员会名称", "Name of the ethic committee", "ethics/committee"),
    Row("伦理委员会批准日期", "Date of approved by ethic committee", "ethics/date"),
    *ETHICS,
    Row("国家食品药品监督管理局批准文号|国家药监局批准文号", "Approved No. of MPA|Approved No. of NMPA|Approved No. of SFDA", UNMAPPED),
    Row("国家食品药品监督管理局批准附件|国家药监局批准附件", "Approved file of MPA|Approved file of NMPA|Approved file of SFDA", FURNITURE),
    Row(
        "国家食品药品监督管理局批准日期|国家药监局批准日期",
        "Date of approved by MPA|Date of approved by NMPA|Date of approved by SFDA",
        UNMAPPED,
    ),
    Row("研究计划书", "Study protocol", FURNITURE),
    Row("知情同意书", "Informed consent file|Informed consent", FURNITURE),
    Row("研究实施负责(组长)单位", "Primary sponsor", "sponsors/0/name role=LEAD"),
    Row("研究实施负责(组长)单位地址", "Primary sponsor's address", "sponsors/0/address role=LEAD"),
    SECONDARY_SPONSORS,
    Row("经费或物资来源", "Source(s) of funding", f"sponsors/{LAST}/name role=FUNDER"),
    Row("研究疾病", "Target disease", "conditions/0/name"),
    Row("研究疾病代码", "Target disease code", "conditions/0/code"),
    Row("研究类型", "Study type", "design/study_type"),
    Row("研究所处阶段", "Study phase", "design/phases/0"),
    Row("研究设计", "Study design", "design/cell"),
    Row("研究目的", "Objectives of Study", "descriptions/objectives"),
    Row("药物成份或治疗方案详述", "Description for medicine or protocol of treatment in detail", "descriptions/treatment"),
    Row("纳入标准", "Inclusion criteria", "eligibility/text/inclusion"),
    Row("排除标准", "Exclusion criteria", "eligibility/text/exclusion"),
    Row("研究实施时间", "Study execute time", UNMAPPED, FROM_TO, (("start", "dates/start"), ("end", "dates/completion"))),
    Row("征募观察对象时间", "Recruiting time", UNMAPPED, FROM_TO, (("start", "dates/recruitment_start"), ("end", "dates/recruitment_end"))),
    ARMS,
    Row("样本总量", "Total sample size", "enrollment/count"),
    *DIAGNOSTIC,
    SITES,
    OUTCOMES,
    SAMPLES,
    Row("征募研究对象情况", "Recruiting status", "status/overall"),
    Row("年龄范围", "Participant age", UNMAPPED, AGES, (("low", "eligibility/minimum_age"), ("high", "eligibility/maximum_age"))),
    Row("性别", "Gender", "eligibility/sex"),
    Row(
        "随机方法|随机方法(请说明由何人用什么方法产生随机序列)",
        "Randomization Procedure|Randomization Procedure (please state who generates the random number sequence and by what method)",
        "design/randomization",
        opening=True,
    ),
    Row("是否公开试验完成后的统计结果", "Calculated Results after the Study Completed public access", "data_sharing/results_public", BOTH),
    Row("试验完成后的统计结果(上传文件)", "Calculated Results ater the Study Completed", UNMAPPED, opening=True),
    Row("盲法", "Blinding", "design/masking"),
    Row("揭盲或破盲原则和方法", "Rules of uncover or ceasing blinding", UNMAPPED),
    Row("统计方法名称", "Statistical method", UNMAPPED),
    Row("隐蔽分组方法和过程", "Process of allocation concealment", UNMAPPED),
    Row("是否共享原始数据", "IPD sharing", "data_sharing/ipd", BOTH),
    Row(
        "共享原始数据的方式|共享原始数据的方式(说明:请填入公开原始数据日期和方式,如采用网络平台,需填该网络平台名称和网址)",
        "The way of sharing IPD|The way of sharing IPD”(include metadata and protocol, If use web-based public database, please provide the url)",
        "data_sharing/plan",
        opening=True,
    ),
    Row("原始数据公开时间", "The time of sharing IPD", UNMAPPED, opening=True),
    Row(
        "数据采集和管理|数据采集和管理(说明:数据采集和管理由两部分组成,一为病例记录表(Case Record Form, CRF),二为电子采集和管理系统"
        "(Electronic Data Capture, EDC),如ResMan即为一种基于互联网的EDC",
        "Data collection and Management|Data collection and Management (A standard data collection and management system include a CRF"
        " and an electronic data capture",
        "data_sharing/management",
        opening=True,
    ),
    Row(
        "数据与安全监察委员会",
        "Data and Safety Monitoring Committee|Data Managemen Committee",
        "data_sharing/monitoring_committee",
        BOTH,
        opening=True,
    ),
    Row("研究计划书或研究结果报告发表信息", "Publication information of the protocol/research results report", UNMAPPED, opening=True),
    Row("注册人", "Name of Registration", UNMAPPED),
)

# Lines that a browser's print, or a copy of it, puts between the pages: address, page number, date and title.
PRINTED_EDGES = (
    r"https?://\S*(?:showproj|hvshowproj|ProjectView)\S*(?:\s+\d+/\d+)?|第\s*\d+\s*页.*|Page \d+ of \d+|Chinese Clinical Trial Regist(?:er|ry) \(ChiCTR\).*"
    r"|\d{1,4}/\d{1,2}/\d{1,4},?\s*(?:上午|下午)?\s*\d{1,2}:\d{2}\s*(?:[AP]M\s*)?(?:\S.*(?:注册中心|ChiCTR).*)?"
)
FURNITURE_LINES = lazy_pattern(
    r"\*? ?(?:网站首页|ChiCTR简介|检索入口|重要文件|注册指南|常见问题)\|?|简体中文\|?(?:English)?|检索试验.*|今天是.*|下载XML文档|返回列表|返回"
    r"|中国临床试验注册中心 - .*|Copyright.*|.ICP备.*|提示：推荐使用.*|.*(?:版本创建时间).*|欢迎访问|欢迎访问.*Clinical Trials Hong Kong|WHO国际临床试验注册平台(?: *Clinical Trials Hong Kong)?|Clinical Trials Hong Kong"
    rf"|{PRINTED_EDGES}"
)
VERSION = lazy_pattern(r"版本\s*(?P<version>V?[\d.]+)\s*版本创建时间\s*(?P<date>\d{4}[-/]\d{1,2}[-/]\d{1,2}(?:\s+[\d:]+)?)")

CLOSED = frozenset(
    "country province city address type group outcome outcomes intervention interventions tissue applicant gender blinding 国家 组织 组别 盲法 性别"
    " 干预措施 样本量 例数".split()
)
LABELS = Labels(TABLE, FURNITURE_LINES, closed=CLOSED)
PROOF = 6  # labels of the form that a page must show


def recognises(document: Document) -> bool:
    """Whether the page prints the registry's own labels, or is its XML export."""
    if document.format is Format.XML:
        from extractor.sources.chictr import xml  # noqa: PLC0415

        return xml.recognises(document)
    return count_labels(document, LABELS) >= PROOF


def read(document: Document) -> Iterator[Draft]:
    """One draft: a page holds one trial."""
    if document.format is Format.XML:
        from extractor.sources.chictr import xml  # noqa: PLC0415

        yield from xml.read(document)
        return
    draft = LabelReading(document, LABELS, NAME).read(document.blocks)
    version = VERSION.search(document.text[:2000])
    if version:
        draft.meta.update(version=version["version"].lstrip("V"), version_date=version["date"])
    yield draft
