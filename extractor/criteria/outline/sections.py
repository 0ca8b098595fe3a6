"""A text as sections: inclusion, exclusion, withdrawal; headings are found at line starts and inside lines."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import pairwise

from msgspec.structs import replace

from extractor.criteria.outline.headings import (
    EXCLUSION,
    INCLUSION,
    PROSE,
    WITHDRAWAL,
    Heading,
    find_heading,
    find_hints,
    find_last_bar,
    find_opener,
    find_side,
)
from extractor.criteria.outline.lines import OutlineLine, read_line
from extractor.criteria.outline.nodes import Range
from extractor.patterns import lazy_pattern
from extractor.text import has_ideograph

_group = lazy_pattern(
    r"\b(?:group|cohort|part|arm|phase|stage|stratum|study|sub-?study|population|module)s?\b|(?<!入)组[:：]?$|队列|部分", re.IGNORECASE
)

_group_before = lazy_pattern(r"(?:\A|(?<=[。；;\n]))[^\s，,。；;：:（）()]{1,12}(?:(?<!入)组|队列)[:：]$")
_contraindication = lazy_pattern(r"\W*(?:contraindications?|禁忌[证症]?)\W*$", re.IGNORECASE)
_chapter = lazy_pattern(r"[#\s]*(\d{1,2}(?:[.．]\d{1,2}){0,2})[.．]\d{1,2}")
_names_criteria = lazy_pattern(r"criteri|clusion|标|標|条件|條件|准则|指征", re.IGNORECASE)
_MOST_SENTENCES = 4  # headings of one line that are items, before no further one is looked for
_LONGEST_LIST = 800  # characters below such a sentence before the list it stands in counts on
_LONGEST_SENTENCE = 80  # characters of a sentence that leads into a list
_counted = lazy_pattern(r"(?:^|(?<=[；;。:：\s]))[（(]?(\d{1,2})([.、．)）])\s*(?!\d)")
_LONGEST_TITLE = 40  # characters of a line above the first heading that may be a title of the whole

_people = lazy_pattern(r"patient|subject|participant|患者|受试者|病例", re.IGNORECASE)


@dataclass(slots=True)
class ListSection:
    """The lines of one side under one heading.

    `heading` bounds the heading line (None where the text starts without one), `label` the words that stay in the tree because they name
    a scope; `group` says that the label heads more than one section.
    """

    side: str
    heading: Range | None = None
    label: Range | None = None
    group: Range | None = None
    both: bool = False
    lines: list[OutlineLine] = field(default_factory=list)


def split_sections(text: str, lines: list[OutlineLine], side: str = INCLUSION) -> list[ListSection]:
    r"""The sections of a text in order; what stands before the first heading belongs to `side`.

    >>> from extractor.criteria.outline.lines import split_lines
    >>> text = "Inclusion Criteria:\n- a kite\nExclusion Criteria: storms"
    >>> [(section.side, len(section.lines)) for section in split_sections(text, split_lines(text))]
    [('inclusion', 1), ('exclusion', 1)]
    """
    hints = find_hints(text)
    if not hints:
        return _open_by_sentences(text, [ListSection(side, lines=lines)])
    sections = [ListSection(side)]
    hint, last = 0, len(hints)
    for line in lines:
        while hint < last and hints[hint] < line.start:
            hint += 1
        if hint < last and hints[hint] < line.end:
            _read(text, line, sections)
        elif not _continues_label(text, sections[-1], line):
            sections[-1].lines.append(line)
    if not text.isascii() and has_ideograph(text):
        sections = _without_chapters(text, sections)
        _set_apart_introduction(text, sections)
    _label_groups(text, sections)
    _label_neutral(text, sections)
    return _open_by_sentences(text, [section for section in sections if section.heading or section.lines or section.group])


def _open_by_sentences(text: str, sections: list[ListSection]) -> list[ListSection]:
    """The sections with an exclusion list apart that no heading opens but a sentence inside a line."""
    if any(section.side == EXCLUSION for section in sections):
        return sections
    for number, section in enumerate(sections):
        if section.side != INCLUSION:
            continue
        for place, line in enumerate(section.lines):
            at = find_opener(text, line.start, line.end)
            if (
                at is not None
                and (at > line.start or line.marker is None)
                and not _is_inside(text, (line.start, at), section.lines[-1].end)
            ):
                rest = read_line(text, (at, line.end), 0, gap=True)
                out = ListSection(EXCLUSION, lines=[rest, *section.lines[place + 1 :]])
                before = [] if at == line.start else [replace(line, end=_trimmed(text, line.start, at))]
                section.lines = [*section.lines[:place], *before]
                return [*sections[: number + 1], out, *sections[number + 1 :]]
    return sections if text.isascii() else _open_by_last_sentence(text, sections)


def _is_inside(text: str, before: Range, end: int) -> bool:
    """Whether a list on a line counts on behind the sentence at the end of `before`, or has it as an item of its own."""
    *_, last = [None, *_counted.finditer(text, *before)]
    own = _counted.match(text, before[1], end)
    if own or last is None:
        return own is not None and own[1] != "1"
    if last.end() == before[1]:
        return True
    sign = re.escape(last[2])
    again = re.compile(rf"[:：]\s*[（(]?1{sign}").search(text, before[1], min(end, before[1] + _LONGEST_SENTENCE))
    return again is None and re.compile(rf"(?<![\d.]){int(last[1]) + 1}{sign}(?!\d)").search(text, before[1], end) is not None


def _open_by_last_sentence(text: str, sections: list[ListSection]) -> list[ListSection]:
    """The sections with the last sentence of an inclusion list apart that says who is excluded (…；2.有线。排除恐高者。)."""
    section = next(filter(_is_list, reversed(sections)), None)
    if section is None or section.side != INCLUSION:
        return sections
    *before, line = section.lines
    at = find_last_bar(text, line.start, line.end)
    if at is None:
        return sections
    alone = at == line.start
    if alone and (line.marker or not before):
        return sections
    section.lines = before if alone else [*before, replace(line, end=_trimmed(text, line.start, at))]
    return [*sections, ListSection(EXCLUSION, lines=[replace(line, mark=at, start=at, gap=True, marker=None)])]


def _is_list(section: ListSection) -> bool:
    return section.side != WITHDRAWAL and bool(section.lines)


def _read(text: str, line: OutlineLine, sections: list[ListSection]) -> None:
    """Put a line into the last section, or open sections at the headings in it."""
    rest: OutlineLine | None = None if _continues_label(text, sections[-1], line) else line
    while rest is not None:
        heading = _find(text, rest, sections[-1])
        if heading is None:
            _keep(text, rest, sections)
            return
        if heading.start > rest.start and _says_something(text, rest.start, heading.start):
            _keep_before(text, rest, heading.start, sections)
        rest = _open(text, rest, heading, sections)


def _without_chapters(text: str, sections: list[ListSection]) -> list[ListSection]:
    """The sections of an article, its other chapters set apart: Markdown headings, and numbers beside those of the criteria (1.2.1 beside 1.2.2)."""
    numbers = [_chapter.match(text, *section.heading) for section in sections if section.heading]
    beside = {f"d{found[1]}" for found in numbers if found}
    done: list[ListSection] = []
    for section in sections:
        done.append(section)
        for place, line in enumerate(section.lines):
            if text[line.mark] == "#" or (line.marker is not None and line.marker.family in beside):
                done.append(ListSection(PROSE, lines=section.lines[place:]))
                section.lines = section.lines[:place]
                break
    return done


def _set_apart_introduction(text: str, sections: list[ListSection]) -> None:
    """What an article says before its inclusion criteria belongs to none; a list that stands there stays."""
    first = sections[0]
    headed = any(section.heading and section.side == INCLUSION and not section.both for section in sections)
    if first.heading is not None or not headed:
        return
    told = any(_ends_sentence(text, line) for line in first.lines)
    if told and not any(line.marker for line in first.lines):
        first.side = PROSE


def _ends_sentence(text: str, line: OutlineLine) -> bool:
    return "。" in text[line.start : line.end] or line.length > _LONGEST_TITLE


def _says_something(text: str, start: int, end: int) -> bool:
    return any(map(str.isalnum, text[start:end]))


def _keep(text: str, line: OutlineLine, sections: list[ListSection]) -> None:
    """Put a line without a heading into the last section; a sentence may open a side of its own."""
    side = find_side(text, line.start, line.end)
    if side and side != sections[-1].side and line.marker is None:
        sections.append(ListSection(side))
    sections[-1].lines.append(line)


def _find(text: str, line: OutlineLine, section: ListSection) -> Heading | None:
    """The first heading in a line that is no item of the list it stands in."""
    rest = line
    for _ in range(_MOST_SENTENCES):
        heading = find_heading(text, rest)
        if heading is None or not _is_item(text, line, heading, section):
            return heading
        rest = replace(rest, mark=heading.end, start=heading.end, gap=False, marker=None)
    return None


def _is_item(text: str, line: OutlineLine, heading: Heading, section: ListSection) -> bool:
    """Whether a sentence that would open a side, or a heading on contraindications, is an item of the list it stands in.

    The list counts on behind the sentence; contraindications have a number or stand among exclusion criteria.
    """
    if heading.start > line.start and not _names_criteria.search(text, heading.start, heading.end):
        return _is_inside(text, (line.start, heading.start), heading.end + _LONGEST_LIST)
    if _contraindication.match(text, heading.start, heading.end) is None:
        return False
    return section.side == EXCLUSION or (line.marker is not None and heading.start <= line.start)


def _keep_before(text: str, line: OutlineLine, stop: int, sections: list[ListSection]) -> None:
    """Keep what stands before a heading inside a line; the name of a group that heads the next sections (对照组：纳入标准) is a line of its own."""
    stop = _trimmed(text, line.start, stop)
    group = _group_before.search(text, max(line.start, stop - _LONGEST_TITLE), stop)
    if group is None:
        _keep(text, replace(line, end=stop), sections)
        return
    if group.start() > line.start:
        _keep(text, replace(line, end=_trimmed(text, line.start, group.start())), sections)
    sections[-1].lines.append(replace(line, mark=group.start(), start=group.start(), end=stop, gap=True, marker=None))


def _open(text: str, line: OutlineLine, heading: Heading, sections: list[ListSection]) -> OutlineLine | None:
    """Open a section; what follows its heading on the line is handed back."""
    start = heading.end
    before = heading.start if _says_something(text, line.start, heading.start) else min(line.mark, heading.start)
    sections.append(ListSection(heading.side, (before, heading.end), heading.label, both=heading.both))
    while (
        start < line.end
        and text[start] in " \t\u3000:：-–*."
        and not (text[start] in "*•" or (text[start] == "-" and text[start - 1] == " "))
    ):
        start += 1
    if start < line.end and text[start : start + 40].strip(" -–*."):
        return read_line(text, (start, line.end), 0, gap=True)
    return None


def _continues_label(text: str, section: ListSection, line: OutlineLine) -> bool:
    """Take a line that ends the bracket or the capitals of the heading above into the heading; whether it is one."""
    if section.label is None or section.heading is None or section.lines or line.gap or line.marker:
        return False
    label = text[slice(*section.label)]
    shouted = label.isupper() and text[line.start : line.end].isupper()
    if label[-1] in ":：" or (label.count("(") <= label.count(")") and not shouted):
        return False
    section.heading, section.label = (section.heading[0], line.end), (section.label[0], line.end)
    return True


def _trimmed(text: str, start: int, end: int) -> int:
    while end > start and text[end - 1].isspace():
        end -= 1
    return end


def _label_groups(text: str, sections: list[ListSection]) -> None:
    """A label printed once above an inclusion and an exclusion block heads both."""
    pure = [section for section in sections[1:] if section.heading and not section.label]
    if len(pure) == len({section.side for section in pure}):
        return
    if len(pure) < 3:
        return
    group: Range | None = None
    for before, section in pairwise(sections):
        last = before.lines[-1] if before.lines else None
        if last is not None and _stands_alone(text, before.lines) and _is_group(text[last.start : last.end]):
            before.lines.pop()
            group = (last.mark if last.marker is None else last.start, last.end)
        section.group = group


def _stands_alone(text: str, lines: list[OutlineLine]) -> bool:
    """Whether the last line is more than the rest of the one before it."""
    last = lines[-1]
    return not text[last.start].islower() and (
        last.gap or last.marker is not None or len(lines) < 2 or text[lines[-2].end - 1] in ".;:。；："
    )


def _label_neutral(text: str, sections: list[ListSection]) -> None:
    """Beside a heading with a scope ("Healthy volunteers …"), "Patients …" is a scope too."""
    scoped = {section.side for section in sections if section.label}
    for section in sections:
        if section.side in scoped and section.heading and not section.label and _people.search(text, *section.heading):
            section.label = section.heading


def _is_group(text: str) -> bool:
    return len(text) < 60 and _group.search(text) is not None and text[-1] not in ".;"
