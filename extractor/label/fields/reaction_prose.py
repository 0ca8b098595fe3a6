"""Adverse reactions in prose by frequency class, as in 常见（≥1%且<10%）：恶心、呕吐, 偶见皮疹 and 十分常见的不良反应有头痛."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from extractor.label.fields.frequencies import frequency_code
from extractor.label.fields.reactions import parse_percent
from extractor.label.ledger import Ledger
from extractor.label.text.passages import EMPTY, Passage
from extractor.model import AdverseReaction, Coded
from extractor.patterns import lazy_pattern
from extractor.tables import read_alternatives

_POINTER = "/label/adverse_reactions"
_WORDS = r"十分常见|非常常见|很常见|极常见|不常见|常见|偶见|少见|十分罕见|非常罕见|很罕见|极罕见|罕见"
_sentence = lazy_pattern(r"[^。\n]+")
_clause = lazy_pattern(rf"[；;]|[，,]\s?(?=(?:{_WORDS})[^的于])(?![^（(]{{0,60}}[)）])")
_CLASS = r"(?<![最极较更])(?P<class>" + _WORDS + ")"
_LIMITS = r"(?P<limits>\s?[（(][^（）()]{1,40}[)）])?"
_NOUN = r"(?:的?(?:药物)?(?:不良反应|不良事件|副作用|副反应))?"
_LEADS = r"\s*(?:[：:]|有[：:]?|为[：:]?|是[：:]?|包括[：:]?|者?有[：:]?)?\s*"
_opening = lazy_pattern(
    rf"(?:[（(]?\d{{1,2}}[)）.．、]\s?|[●•·]\s?)?(?:(?P<organ>[^：:，。；、（(]{{2,20}}?)[：:]\s?)?{_CLASS}{_NOUN}{_LIMITS}{_NOUN}{_LEADS}"
)
_speaks = lazy_pattern(rf"{_CLASS}(?!的?遗传|于)")
_label_only = lazy_pattern(r"[：:]?\s*")
_organ_line = lazy_pattern(r"(?P<organ>[^：:，。；、（(]{2,20})[：:]\s?")
_organ_words = lazy_pattern(read_alternatives("extractor.label.fields", "phrases", "organ"))
_comma = lazy_pattern(r"[，,](?![^（(]{0,60}[)）])")
_listed = lazy_pattern(r"、(?![^（(]{0,60}[)）])")
_percent = lazy_pattern(r"\s?[（(]\s?(?P<x>\d{1,2}(?:\.\d{1,3})?)\s?[%％]\s?[)）]$")
_term = lazy_pattern(r"[\u4e00-\u9fffA-Za-z][^，。：:？！\d（）()]{1,23}(?:[（(][^（）()]{1,30}[)）])?")
_no_term = lazy_pattern(read_alternatives("extractor.label.fields", "phrases", "no_term"))
_remark = lazy_pattern(read_alternatives("extractor.label.fields", "phrases", "remark"))
_shared_head = lazy_pattern(rf"(?:{read_alternatives('extractor.label.fields', 'phrases', 'shared_head')})$")
_last_and = lazy_pattern(r"(?:以及|和|及|与|或)(?=[^和及与或]{2,}$)")
_bracket = lazy_pattern(r"[（(][^（）()]{1,30}[)）]$")
_so_on = lazy_pattern(r"\s?等(?:等|症状|不良反应|反应)?$")


class _Listed(NamedTuple):
    """Terms of one frequency class, with the organ that the words before them name; without terms, a clause that names no class."""

    frequency: Passage
    organ: Passage
    terms: list[Passage]


def read_prose(paragraphs: list[Passage], first: int, ledger: Ledger) -> list[AdverseReaction]:
    """One entry for each term that prose lists under a frequency class, the first being number `first` of the record.

    Words with a class whose list is not sure give none, and a finding with them; where some sentences give entries and others name
    no class, a finding says so.
    """
    found: list[AdverseReaction] = []
    others: list[Passage] = []
    for listed in _read(paragraphs, ledger):
        others += [] if listed.terms else [listed.frequency]
        for term in listed.terms:
            found.append(_reaction(listed, term, f"{_POINTER}/{first + len(found)}", ledger))
    if found and others:
        ledger.doubt("section.unstructured", _POINTER, "sentences that name no frequency class gave no entry", others[0].text)
    return found


def _reaction(listed: _Listed, term: Passage, pointer: str, ledger: Ledger) -> AdverseReaction:
    fields: dict[str, Any] = {}
    if percent := _percent.search(term.text):
        fields["percent"] = parse_percent(percent["x"])
        ledger.enter(f"{pointer}/percent", term.group(percent, "x"))
        term = term.cut(0, percent.start())
    if listed.organ.text:
        fields["system_organ_class"] = ledger.text(f"{pointer}/system_organ_class", listed.organ)
    fields["frequency"] = Coded(code=frequency_code(listed.frequency.text), text=ledger.text(f"{pointer}/frequency/text", listed.frequency))
    return AdverseReaction(term=ledger.text(f"{pointer}/term", term), **fields)


def _read(paragraphs: list[Passage], ledger: Ledger) -> Iterator[_Listed]:
    """The lists of the paragraphs; a paragraph that is a class and nothing else speaks for those below it that are lists."""
    above: Passage | None = None
    for paragraph in paragraphs:
        opened = _opening.match(paragraph.text)
        if opened and not opened["organ"] and _label_only.fullmatch(paragraph.text[opened.end() :]):
            above = paragraph.group(opened, "class")
            continue
        if above is not None and opened is None:
            found = _below(paragraph, above)
            above = above if found else None
            if found:
                yield found
                continue
            _doubt(paragraph, ledger)
        above = None if opened else above
        yield from _sentences(paragraph, ledger)


def _below(paragraph: Passage, frequency: Passage) -> _Listed | None:
    """A paragraph under a class as a list: its first sentence, with the organ that it begins with."""
    sentence = next(iter(_clauses(paragraph)), EMPTY)
    organ = _organ(sentence) or EMPTY
    start = _organ_line.match(sentence.text) if organ.text else None
    terms = _terms(sentence.cut(start.end() if start else 0))
    return _Listed(frequency, organ, terms) if terms else None


def _clauses(paragraph: Passage) -> Iterator[Passage]:
    """The clauses of a paragraph: between the ends of sentences, semicolons, and commas before a frequency class."""
    for match in _sentence.finditer(paragraph.text):
        yield from paragraph.group(match).parts(_clause)


def _sentences(paragraph: Passage, ledger: Ledger) -> Iterator[_Listed]:
    """The lists in the clauses of a paragraph; an organ before one speaks for those behind it too, up to the next."""
    organ = EMPTY
    for clause in _clauses(paragraph):
        named = _organ(clause)
        organ = organ if named is None else named
        opened = _opening.match(clause.text)
        if opened is None:
            if _speaks.search(clause.text):
                _doubt(clause, ledger)
            else:
                yield _Listed(clause, EMPTY, [])
            continue
        rest = clause.cut(opened.end())
        if terms := _terms(rest):
            yield _Listed(clause.group(opened, "class"), organ, terms)
        elif not _lists_none(rest.text):
            _doubt(clause, ledger)


def _organ(clause: Passage) -> Passage | None:
    """The organ or system that a clause begins with before a colon; EMPTY where it begins with other words, None without a colon."""
    match = _organ_line.match(clause.text)
    if match is None:
        return None
    return clause.group(match, "organ") if _organ_words.search(match["organ"]) and not _speaks.search(match["organ"]) else EMPTY


def _lists_none(rest: str) -> bool:
    """Whether no list is meant: a class with its limits only, 常见于…, 罕见的遗传性…."""
    return not rest or rest.startswith(("于", "的遗传")) or _speaks.match(rest.lstrip("、，和及")) is not None


def _doubt(passage: Passage, ledger: Ledger) -> None:
    ledger.doubt("section.unstructured", _POINTER, "the terms of this frequency class could not be told apart", passage.text)


def _terms(listed: Passage) -> list[Passage]:
    """The terms of a list, [] where one of its parts is no term; what a remark says behind the list is left out."""
    parts: list[Passage] = []
    for part in listed.parts(_comma):
        if parts and _remark.match(part.text):
            break
        parts += part.cut(0, len(_so_on.sub("", part.text))).parts(_listed)
    terms = [piece for n, part in enumerate(parts) for piece in (_split_last(part) if n and n == len(parts) - 1 else [part])]
    return terms if terms and all(map(_is_term, terms)) else []


def _split_last(part: Passage) -> list[Passage]:
    """The last part of a list in two at its `and`, unless its words may share a head: 白细胞和血小板减少."""
    match = _last_and.search(part.text)
    if match is None or match.start() < 2 or _shared_head.search(part.text):
        return [part]
    return [part.cut(0, match.start()), part.cut(match.end())]


def _is_term(part: Passage) -> bool:
    """Whether words are a term: short, without a verb, no frequency class themselves."""
    text = _percent.sub("", part.text)
    own = _bracket.sub("", text)
    return _term.fullmatch(text) is not None and not any(pattern.search(own) for pattern in (_no_term, _speaks))
