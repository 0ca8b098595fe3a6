"""The studies that 临床试验 describes: name, code, design, arms, endpoints, who could take part, results."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import msgspec

from extractor.criteria.constraints import find_constraints
from extractor.label.fields.results import header_arms, read_results
from extractor.label.grids.table_draft import TableDraft
from extractor.label.ledger import Ledger
from extractor.label.outline.subheadings import Branch
from extractor.label.text.passages import Passage
from extractor.model import (
    Arm,
    Coded,
    Condition,
    Criterion,
    Design,
    Eligibility,
    Enrollment,
    Identifier,
    Outcome,
    Phases,
    Result,
    Text,
    Titles,
    Trial,
)
from extractor.normalise.identifiers import find_identifiers, find_scheme
from extractor.patterns import lazy_pattern
from extractor.tables import read_alternatives
from extractor.text import count_in

_name = r"[A-Z][A-Za-z0-9]*+(?:[-\s][A-Z0-9][A-Za-z0-9]*+)*+"
_code = r"(?:NCT\d{8}|CTR\d{8}|[A-Z][A-Za-z]{0,9}[-\s]?\d[A-Z0-9]*(?:-\d+)*|\d{4}-\d{6}-\d\d)"
_titled = lazy_pattern(
    rf"^(?:研究\s*|试验\s*)?(?P<name>{_name})\s*(?:研究|试验)?\s*[（(]\s*(?:研究|试验|方案号?[：:]?)?\s*(?P<code>{_code})\s*[)）]\s*(?:研究|试验)?$"
)
_named = lazy_pattern(
    rf"(?P<name>[A-Z][A-Z0-9]{{2,}}(?:-[A-Z0-9]+)*|[A-Z][a-z]+[A-Z][A-Za-z0-9-]+)\s*(?:研究|试验)?\s*[（(]\s*(?:研究|试验)?\s*(?P<code>{_code})\s*[)）]"
)
_bracketed = lazy_pattern(rf"[（(]\s*(?P<word>研究|试验|方案号?[：:]?)?\s*(?P<name>{_name})\s*(?:研究|试验)?\s*[)）]$")
_told = lazy_pattern(rf"(?<![A-Za-z0-9])(?P<name>{_name})\s*(?:(?:研究|试验)\s*)?(?:是|为)\s*(?:一项|在|随机|国际|全球)")
_study = lazy_pattern(r"随机|双盲|单盲|开放|单臂|对照|交叉|多中心")
_roman = {"I": 1, "Ⅰ": 1, "II": 2, "Ⅱ": 2, "III": 3, "Ⅲ": 3, "IV": 4, "Ⅳ": 4, "1": 1, "2": 2, "3": 3, "4": 4}
_phase = lazy_pattern(
    r"(?P<a>IV|I{1,3}|[ⅠⅡⅢⅣ]|[1-4])(?:[ab])?\s*(?:[/／]\s*(?P<b>IV|I{1,3}|[ⅠⅡⅢⅣ]|[1-4])(?:[ab])?\s*)?期(?=[\s，。、,）)临研试]|$)"
)
_DESIGN: tuple[tuple[str, str, re.Pattern[str]], ...] = (
    ("allocation", "RANDOMIZED", lazy_pattern(r"随机")),
    ("allocation", "NON_RANDOMIZED", lazy_pattern(r"非随机")),
    ("masking", "NONE", lazy_pattern(r"开放标签|开放性?")),
    ("masking", "TRIPLE", lazy_pattern(r"三盲")),
    ("masking", "DOUBLE", lazy_pattern(r"双盲")),
    ("masking", "SINGLE", lazy_pattern(r"单盲")),
    ("intervention_model", "SINGLE_GROUP", lazy_pattern(r"单臂|单组")),
    ("intervention_model", "CROSSOVER", lazy_pattern(r"交叉(?:设计|试验|研究)")),
    ("intervention_model", "PARALLEL", lazy_pattern(r"平行(?:分?组|对照|设计)?")),
)
_ratio = lazy_pattern(r"(?:以|按照?)?\s*\d{1,2}(?:\s*[:：∶]\s*\d{1,2})+\s*(?:的)?(?:比例)?(?:被)?(?:随机)?(?:分配|分组|入组|化)?")
_gathered = lazy_pattern(
    r"(?:共|总计|合计)\s*(?:有|计)?\s*(?:纳入|入组|入选|招募|随机(?:分配|化)?)了?\s*(?P<n>\d{1,3}(?:,\d{3})+|\d+)\s*(?:例|名|位)"
)
_enrolled = lazy_pattern(
    r"(?:共|总计|合计|纳入|入组|入选)?(?:有|纳入|入组|入选|计)?\s*(?<!\d)(?P<n>\d{1,3}(?:,\d{3})+|\d+)\s*(?:例|名|位)[^，。；（）()]{0,40}?(?:随机|入组|纳入|参加)"
)
_arm = lazy_pattern(
    r"[（(]\s*(?:(?P<label>[^；;（）()]{1,60}?)\s*[，,；;：:]\s*)?(?:[nN]\s*[=＝]\s*)?(?P<n>\d[\d,]*)\s*(?:例|名|位)?\s*(?:患者|受试者)?\s*[)）]"
)
_amount = lazy_pattern(r"\s*\d|\s*(?:每|一)[日天周次]|\s*[，,]")
_manner = lazy_pattern(r"^(?:剂量调整的|口服|静脉(?:输注|滴注|注射)|皮下注射)")
_regimen = lazy_pattern(r"^\d|目标|剂量|范围|\d\s?(?:mg|g|ml|μg|IU)|每|一次|口服|静脉|皮下")
_taken = lazy_pattern(r"(?:^|接受|给予|或者?|，)(?P<x>(?:(?!接受|给予|或者|(?<!或)或)[^。；（）()]){2,60})$")
_among = lazy_pattern(r"在\s*(?P<x>[^，。；在]{2,50}?)\s*(?:成人|成年)?(?:患者|受试者)(?:人群)?中\s*(?:开展|进行|实施|评价)")
_sentence = lazy_pattern(r"[^。\n]+[。]?")
_primary = lazy_pattern(
    r"(?P<l>主要|关键次要|次要|共同主要)\s*(?:的)?\s*(?:疗效|有效性|研究)?\s*(?:终点|指标)\s*(?:指标)?\s*(?:分别)?(?:为|是|包括|：)\s*(?P<x>[^。；，,]+)"
)
_basis = lazy_pattern(r"基于\s*(?P<x>[^，。；]{2,40}?)\s*(?:确定|评估|评价|证实)了?[^。，；]{0,12}疗效")
_lead = lazy_pattern(r"^(?:主要|关键)?(?:的)?(?:排除|入选|纳入)标准\s*(?:为|包括|是|[：:])+\s*")
_excludes = lazy_pattern(
    r"^(?:排除|除外)|排除标准|(?:被|应|均)排除|排除.{0,30}患者|不(?:得|能|可)入(?:组|选)|不符合.{0,6}(?:入选|纳入|入组)"
)
_includes = lazy_pattern(read_alternatives("extractor.label.fields", "phrases", "includes"))


@dataclass(slots=True)
class Study:
    """A study as found in the section: its name and code where printed, its paragraphs, its tables."""

    name: Passage | None
    code: Passage | None
    paragraphs: list[Passage] = field(default_factory=list)
    tables: list[TableDraft] = field(default_factory=list)

    @property
    def acronym(self) -> str:
        """The study's name, "" where it has none."""
        return self.name.text if self.name else ""


def find_studies(tree: Branch) -> list[Study]:
    """The studies of a 临床试验 section: one for each sub-heading or paragraph that names one with its code.

    Where none is named, one for each run of paragraphs below a sub-heading that describes a design.
    """
    told = {match["name"] for passage, _, _ in _walk(tree) for match in _told.finditer(passage.text)}
    studies = _collect(tree, partial(_named_study, told))
    return studies or [study for study in _collect(tree, _designed_study) if study.paragraphs]


def _collect(tree: Branch, opens: Callable[[Passage, bool], Study | None]) -> list[Study]:
    studies: list[Study] = []
    seen: set[str] = set()
    for passage, heading, table in _walk(tree):
        opened = opens(passage, heading) if table is None else None
        if opened is not None and (opened.acronym not in seen or not opened.acronym):
            seen.add(opened.acronym)
            studies.append(opened)
        if studies and table is not None:
            studies[-1].tables.append(table)
        elif studies and not heading:
            _of_the_same(studies, passage).paragraphs.append(passage)
    return studies


def _of_the_same(studies: list[Study], passage: Passage) -> Study:
    """The study that a paragraph begins with the name of, else the last one."""
    return next(
        (study for study in studies if study.acronym and re.match(rf"{re.escape(study.acronym)}(?![A-Za-z0-9-])", passage.text)),
        studies[-1],
    )


def _walk(branch: Branch) -> list[tuple[Passage, bool, TableDraft | None]]:
    """Everything below a branch in reading order: (text, is it a heading, table)."""
    found: list[tuple[Passage, bool, TableDraft | None]] = [(branch.heading, True, None)] if branch.heading.text else []
    found += [(piece.passage, False, piece.table) for piece in branch.pieces if piece.kind in ("paragraph", "item", "table")]
    for child in branch.children:
        found += _walk(child)
    return found


def _named_study(told: set[str], passage: Passage, heading: bool) -> Study | None:  # noqa: FBT001
    """The study that a heading or a paragraph names with its code; or by a name of which the section tells that it is a study (`told`)."""
    match = _titled.match(passage.text) if heading else _named.search(passage.text[:120])
    if match is not None and any(c.isdigit() for c in match["code"]):
        return Study(passage.group(match, "name"), passage.group(match, "code"))
    match = _bracketed.search(passage.text) if heading else _told.match(passage.text)
    if match is None:
        return None
    if heading and match["word"] and any(c.isdigit() for c in match["name"]):
        return Study(None, passage.group(match, "name"))
    return Study(passage.group(match, "name"), None) if match["name"] in told else None


def _designed_study(passage: Passage, heading: bool) -> Study | None:  # noqa: FBT001
    return Study(None, None) if not heading and len(_study.findall(passage.text[:160])) >= 2 else None


def write_trial(study: Study, number: int, ledger: Ledger) -> Trial:
    """A study as a trial of the record."""
    pointer = f"/label/trials/{number}"
    fields: dict[str, Any] = {}
    if study.name is not None:
        fields["titles"] = Titles(acronym=ledger.text(f"{pointer}/titles/acronym", study.name))
    writer = _TrialWriter(study, pointer, ledger)
    readers = ("identifiers", "conditions", "design", "enrollment", "arms", "outcomes", "eligibility", "results")
    fields |= {name: value for name in readers if (value := getattr(writer, name)())}
    return Trial(**fields)


class _TrialWriter:
    def __init__(self, study: Study, pointer: str, ledger: Ledger) -> None:
        self.study, self.pointer, self.ledger = study, pointer, ledger
        self.intro = study.paragraphs[:3]
        self.sizes: list[int] = []
        self.measures: list[tuple[str, str]] = []

    def identifiers(self) -> list[Identifier]:
        """The study's own code first, then registry numbers of its first paragraphs."""
        numbers = [p.cut(start, end) for p in self.intro for _, start, end in find_identifiers(p.text)]
        found = {p.text: p for p in [*([self.study.code] if self.study.code else []), *numbers]}
        return [self._identifier(n, passage) for n, passage in enumerate(found.values())]

    def _identifier(self, number: int, passage: Passage) -> Identifier:
        value = self.ledger.word(f"{self.pointer}/identifiers/{number}/value", passage)
        scheme: Any = find_scheme(value)
        return Identifier(value=value, scheme="SPONSOR" if scheme == "OTHER" else scheme, primary=number == 0)

    def conditions(self) -> list[Condition]:
        """The disease of the people among whom the study was done."""
        for paragraph in self.intro[:2]:
            if match := _among.search(paragraph.text):
                return [Condition(name=self.ledger.text(f"{self.pointer}/conditions/0/name", paragraph.group(match, "x")))]
        return []

    def _coded(self, path: str, code: str, passage: Passage) -> Coded:
        return Coded(code=code, text=self.ledger.text(f"{self.pointer}/{path}/text", passage))

    def design(self) -> Design | None:
        """Phase, allocation, masking, model and the ratio, from the first paragraphs."""
        fields: dict[str, Any] = {}
        for paragraph in self.intro[:2]:
            for name, code, pattern in _DESIGN:
                if name not in fields and (match := pattern.search(paragraph.text)):
                    fields[name] = self._coded(f"design/{name}", code, paragraph.group(match))
            if "phases" not in fields and (match := _phase.search(paragraph.text)):
                codes: list[Any] = [f"PHASE{_roman[match[g]]}" for g in ("a", "b") if match[g]]
                text = self.ledger.text(f"{self.pointer}/design/phases/text", paragraph.group(match))
                fields["phases"] = Phases(codes=codes, text=text)
            if "randomization" not in fields and "随机" in paragraph.text and (match := _ratio.search(paragraph.text)):
                fields["randomization"] = self.ledger.text(f"{self.pointer}/design/randomization", paragraph.group(match))
        return Design(**fields) if fields else None

    def enrollment(self) -> Enrollment | None:
        """How many were randomised or enrolled."""
        for paragraph in self.intro:
            match = _gathered.search(paragraph.text) or _enrolled.search(paragraph.text)
            if match and (count := count_in(match["n"])):
                self.ledger.enter(f"{self.pointer}/enrollment", paragraph.group(match))
                return Enrollment(count=count)
        return None

    def arms(self) -> list[Arm]:
        """The arms that the sentence on randomisation names with their sizes, else those of the first table that gives sizes."""
        for paragraph in self.intro:
            for match in _sentence.finditer(paragraph.text):
                if "随机" in match.group() and len(found := _arms_of(paragraph.group(match))) > 1:
                    self.sizes = [size for _, _, size in found]
                    return [self._arm(n, *arm) for n, arm in enumerate(found)]
        headed = next((arms for table in self.study.tables if len(arms := header_arms(table)) > 1 and all(arm.size for arm in arms)), [])
        self.sizes = [arm.size for arm in headed]
        return [self._arm(n, arm.label, None, arm.size) for n, arm in enumerate(headed)]

    def _arm(self, number: int, label: Passage, words: Passage | None, size: int) -> Arm:
        path = f"{self.pointer}/arms/{number}"
        extra: dict[str, Any] = {"description": self.ledger.text(f"{path}/description", words)} if words else {}
        return Arm(id=f"arm-{number + 1}", label=self.ledger.text(f"{path}/label", label), size=size, **extra)

    def outcomes(self) -> list[Outcome]:
        """Endpoints that the text names as primary or secondary, or that efficacy was based on."""
        found: list[Outcome] = []
        for paragraph in self.study.paragraphs:
            for pattern in (_primary, _basis):
                for match in pattern.finditer(paragraph.text):
                    path = f"outcomes/{len(found)}"
                    level = match.groupdict().get("l")
                    code = "PRIMARY" if level and level.endswith("主要") else "SECONDARY"
                    extra: dict[str, Any] = {"level": self._coded(f"{path}/level", code, paragraph.group(match, "l"))} if level else {}
                    measure = self.ledger.text(f"{self.pointer}/{path}/measure", paragraph.group(match, "x"))
                    found.append(Outcome(id=f"out-{len(found) + 1}", measure=measure, **extra))
                    self.measures.append((found[-1].id, match["x"]))
        return found

    def eligibility(self) -> Eligibility | None:
        """The sentences that say who could take part, with their constraints."""
        lists: dict[str, list[Criterion]] = {"inclusion": [], "exclusion": []}
        for paragraph in self.study.paragraphs[:4]:
            for match in _sentence.finditer(paragraph.text):
                sentence = paragraph.group(match)
                side = "exclusion" if _excludes.search(sentence.text) else "inclusion" if _includes.search(sentence.text) else ""
                if side:
                    lists[side].append(self._criterion(sentence, side, len(lists[side])))
        found: dict[str, Any] = {side: items for side, items in lists.items() if items}
        return Eligibility(**found) if found else None

    def _criterion(self, sentence: Passage, side: str, number: int) -> Criterion:
        lead = _lead.match(sentence.text)
        whole = sentence.cut(lead.end() if lead else 0, len(sentence.text.rstrip("。；;")))
        text = self.ledger.text(f"{self.pointer}/eligibility/{side}/{number}/text", whole)
        constraints = list(find_constraints(whole.text, "zh"))
        extra: dict[str, Any] = {"constraints": constraints} if constraints else {}
        self.ledger.enter(f"{self.pointer}/eligibility/{side}/{number}", whole)
        return Criterion(id=f"{side[0].upper()}{number + 1}", text=text, role="CRITERION", **extra)

    def results(self) -> list[Result]:
        """The results of all tables that stand in the study's text."""
        found: list[Result] = []
        for table in self.study.tables:
            found += read_results(table, self.sizes, f"{self.pointer}/results", len(found), self.ledger)
        return [self._linked(result) for result in found]

    def _linked(self, result: Result) -> Result:
        """The result with the id of the outcome whose name holds its measure's."""
        words = result.measure.zh if isinstance(result.measure, Text) and isinstance(result.measure.zh, str) else ""
        outcome = next((identity for identity, measure in self.measures if words and words in measure), None)
        return msgspec.structs.replace(result, outcome=outcome) if outcome else result


def _arms_of(sentence: Passage) -> list[tuple[Passage, Passage | None, int]]:
    """Label, treatment and size of each group that a sentence names with its size in brackets."""
    arms: list[tuple[Passage, Passage | None, int]] = []
    last = 0
    for match in _arm.finditer(sentence.text):
        before = _taken.search(sentence.text[last : match.start()])
        words = sentence.cut(last + before.start("x"), last + before.end("x")) if before else None
        named = bool(match["label"]) and _regimen.search(match["label"].strip()) is None
        label = sentence.group(match, "label") if named else words
        last = match.end()
        if label is not None and label.text and not _not_an_arm(label.text):
            arms.append((label, words if named else None, count_in(match["n"])))
    return _plain(arms)


def _plain(arms: list[tuple[Passage, Passage | None, int]]) -> list[tuple[Passage, Passage | None, int]]:
    """The arms with labels that name the drug alone, and its whole treatment as their description; dose arms of one drug keep theirs."""
    plain = [_drug(label) for label, _, _ in arms]
    if len({label.text for label in plain}) < len(arms) or not all(label.text for label in plain):
        return arms
    return [
        (short, words or (label if short.text != label.text else None), size)
        for short, (label, words, size) in zip(plain, arms, strict=True)
    ]


def _drug(label: Passage) -> Passage:
    """A label without the amount and the manner that it is given in."""
    end = _amount.search(label.text)
    manner = _manner.match(label.text)
    return label.cut(manner.end() if manner else 0, end.start() if end else None)


def _not_an_arm(label: str) -> bool:
    return any(word in label for word in ("中位", "范围", "年龄", "扩展", "人群中", "随访", "其中"))
