"""Companies on a label: who holds the authorisation, makes, packs, answers for the product; labelled lines in many forms."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any, Literal

from extractor.label.ledger import Ledger
from extractor.label.text.lines import PrintedLine
from extractor.label.text.passages import Passage, join_lines
from extractor.model import Organization
from extractor.patterns import lazy_pattern

Role = Literal["HOLDER", "MANUFACTURER", "PACKAGER", "AGENT"]
_ROLES: dict[str, Role] = {"holder": "HOLDER", "manufacturer": "MANUFACTURER", "packager": "PACKAGER", "agent": "AGENT"}
_who: tuple[tuple[re.Pattern[str], Role], ...] = (
    (lazy_pattern(r"持有人"), "HOLDER"),
    (lazy_pattern(r"分?包装"), "PACKAGER"),
    (lazy_pattern(r"联络处|代理|联系|责任人|境内|国内|中国|进口|分销|经销"), "AGENT"),
    (lazy_pattern(r"生产|制造|厂"), "MANUFACTURER"),
)
_FIELDS = (
    ("fax", lazy_pattern(r"传真(?:号码)?$|FAX$", re.IGNORECASE)),
    ("url", lazy_pattern(r"(?:公司|企业)?(?:网址|网站|主页)$|网站地址$")),
    ("postcode", lazy_pattern(r"邮政编码$|邮编$")),
    ("phone", lazy_pattern(r"电话(?:号码)?$|热线(?:电话)?$|联系方式$|TEL$|电话和传真$|电话/传真$", re.IGNORECASE)),
    ("email", lazy_pattern(r"(?:电子)?邮[箱件](?:地址)?$|E-?MAIL$", re.IGNORECASE)),
    ("address", lazy_pattern(r"(?:地址|厂址|住所)$")),
    (
        "name",
        lazy_pattern(r"(?:名称|企业|公司|厂家|厂|持有人|联络处|办事处|代理商?|代理机构|责任人|代理人|机构|单位|制造商|生产商|代表处)$"),
    ),
)
_label = lazy_pattern(r"^\s*(?P<label>[^：:。，,;；]{1,30}?)\s*[：:]\s*(?P<value>.*)$", re.DOTALL)
_labels_inside = lazy_pattern(
    r"(?<=\S)\s+(?=(?:企\s*业\s*名\s*称|生\s*产\s*地\s*址|注\s*册\s*地\s*址|地\s*址|邮\s*政?\s*编\s*码?|邮\s*编|电\s*话\s*(?:号\s*码)?|联系电话|联系方式|传\s*真\s*(?:号\s*码)?|网\s*址)\s*[：:])"
)
_company = lazy_pattern(
    r"(?:公司|厂|集团|研究[院所]|中心|Ltd\.?|Limited|GmbH|Inc\.?|AG|S\.?A\.?|LLC|B\.V\.|Industrie|Co\.|Corp\.?|Pharma\w*)(?:[)）]|\s*$)"
)
_digits = lazy_pattern(r"[\d\s()（）+,，、/–-]+")
_farewell = lazy_pattern(r"^如有问题可与")


@dataclass(slots=True)
class _Draft:
    role: Role
    fields: dict[str, Passage] = field(default_factory=dict)


def split_fields(lines: list[PrintedLine]) -> list[Passage]:
    """Wrapped lines joined, but never across a line that begins with a label."""
    groups: list[list[PrintedLine]] = []
    for line in lines:
        on = groups and not groups[-1][-1].closed and not _kind(line.text)
        (groups[-1].append(line) if on else groups.append([line]))
    return [part for group in groups for part in join_lines(line.passage for line in group).parts(_labels_inside)]


def _kind(line: str) -> str:
    """The field that a line's label names, "" where it has none."""
    match = _label.match(line)
    label = re.sub(r"\s", "", match["label"]) if match else ""
    return next((name for name, pattern in _FIELDS if pattern.search(label)), "") if match else ""


def read_organisations(sections: list[tuple[str, list[Passage]]], ledger: Ledger) -> list[Organization]:
    """The companies of the sections (key, lines joined by `split_fields`), in order; a field that repeats begins another company of the role."""
    drafts: list[_Draft] = []
    for key, paragraphs in sections:
        _read_section(_ROLES[key], paragraphs, drafts, ledger)
    return [_organisation(draft, f"/label/organizations/{n}", ledger) for n, draft in enumerate(d for d in drafts if d.fields)]


def _read_section(role: Role, paragraphs: list[Passage], drafts: list[_Draft], ledger: Ledger) -> None:
    drafts.append(_Draft(role))
    for line in paragraphs:
        match = _label.match(line.text)
        kind = _kind(line.text)
        if match and kind:
            _put(drafts, role, kind, re.sub(r"\s", "", match["label"]), line.cut(match.start("value")))
        elif not _continue(drafts[-1], line, labelled=match is not None):
            _unlabelled(drafts[-1], line, ledger)


def _put(drafts: list[_Draft], role: Role, kind: str, label: str, value: Passage) -> None:
    """A labelled value for the company in hand; a label that names another role, or a second name, begins a new one."""
    said: Role = next((r for pattern, r in _who if pattern.search(label)), role)
    current = drafts[-1]
    if kind == "name" and current.fields.get("name"):
        drafts.append(_Draft(said if said != "MANUFACTURER" or role == "MANUFACTURER" else role))
    elif kind in ("name", "address") and said not in (current.role, "MANUFACTURER") and current.fields and role != said:
        drafts.append(_Draft(said))
    elif said != role and not current.fields and role == "MANUFACTURER":
        current.role = said
    if value.text and kind not in drafts[-1].fields:
        drafts[-1].fields[kind] = value
    elif value.text:
        drafts[-1].fields[kind] = join_lines([drafts[-1].fields[kind], value])


def _continue(draft: _Draft, line: Passage, *, labelled: bool) -> bool:
    """Whether a line without a label goes on with the address above it."""
    last = next(reversed(draft.fields), "")
    if last in ("phone", "fax") and _digits.fullmatch(line.text):
        draft.fields[last] = join_lines([draft.fields[last], line])
        return True
    if labelled or last not in ("address", "name") or _farewell.match(line.text) or _company.search(line.text):
        return False
    draft.fields[last] = join_lines([draft.fields[last], line])
    return True


def _unlabelled(draft: _Draft, line: Passage, ledger: Ledger) -> None:
    """A bare line: the company's name where none is known yet, else kept as unmapped."""
    if "name" not in draft.fields and _label.match(line.text) is None and not _farewell.match(line.text):
        draft.fields["name"] = line
    elif _farewell.match(line.text):
        ledger.dress([line])
    else:
        ledger.leave("organisation", line)


def _organisation(draft: _Draft, pointer: str, ledger: Ledger) -> Organization:
    fields: dict[str, Any] = {}
    for name in ("name", "address"):
        if name in draft.fields:
            fields[name] = ledger.text(f"{pointer}/{name}", draft.fields[name])
    for name in ("phone", "fax", "postcode", "url"):
        if name in draft.fields:
            fields[name] = ledger.word(f"{pointer}/{name}", draft.fields[name])
    if "email" in draft.fields:
        ledger.leave("email", draft.fields["email"])
    return Organization(role=draft.role, **fields)
