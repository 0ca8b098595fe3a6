"""NMPA drug labels (药品说明书) as text copies, PDFs and pages: recognised by their headings; the label room reads them."""

from __future__ import annotations

import re
from collections.abc import Iterable

from extractor.document import Document, Draft, Format
from extractor.patterns import lazy_pattern

NAME = "nmpa"

_FORMATS = (Format.TEXT, Format.PDF, Format.HTML)
_LABEL_ONLY = (
    "药品名称 药品名 通用名称 成份 成分 性状 适应症 适应证 适用症 功能主治 规格 产品规格 用法用量 不良反应 禁忌 注意事项 孕妇及哺乳期妇女用药 儿童用药 老年用药 药物相互作用 药物过量 "
    "药理毒理 药代动力学 临床药理 贮藏 包装 有效期 执行标准 批准文号 生产企业 上市许可持有人"
).split()
_bracketed = lazy_pattern(r"[【\[［〖]([\u4e00-\u9fff /／：:\u3000\u00a0]{2,24})[】\]］〗]")
_OPENER = r"(?:\*\*|#+|[■●◆▪•□◇]|[（(]?(?:\d{1,2}|[一二三四五六七八九十]{1,3})(?:[.．、)）]|(?=[^\S\n])))?"
_bare = lazy_pattern(
    rf"^[^\S\n]*+{_OPENER}[^\S\n]*[「『<＜〈《（({{｛]?([\u4e00-\u9fff \u3000]{{2,16}}?)[^\S\n]*(?:\*\*)?[^\S\n]*(?:[：:」』>＞〉》）)}}｝]|$)",
    re.MULTILINE,
)
_blanks = lazy_pattern(r"[\s\u3000\u00a0：:]+")
_registry = lazy_pattern(r"注册号状态|注册题目|ChiCTR\d{8,}|ClinicalTrials\.gov Identifier|Study Identification|伦理委员会批准")
_says_label = lazy_pattern(r"说\s*明\s*书|国药准字|请仔细阅读|通用名称")
_FEWEST = 5  # different headings in brackets: a label has twenty, and a page about a drug quotes fewer
_FEWEST_BARE = 7  # headings without brackets: their words also begin lines of other texts


def recognises(document: Document) -> bool:
    """Whether a document is a label: at least five of its bracketed headings, or seven bare ones and words that only labels have."""
    if document.format not in _FORMATS or _registry.search(document.text):
        return False
    if _count(_bracketed, document.text) >= _FEWEST:
        return True
    return _count(_bare, document.text) >= _FEWEST_BARE and _says_label.search(document.text) is not None


def _count(pattern: re.Pattern[str], text: str) -> int:
    found = {_blanks.sub("", match.group(1)) for match in pattern.finditer(text)}
    return len(found.intersection(_LABEL_ONLY))


def read(document: Document) -> Iterable[Draft]:
    """One draft of kind "label": its structure is read from the document itself."""
    del document
    yield Draft(source=NAME, kind="label")
