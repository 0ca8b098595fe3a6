"""Names of persons: which words are one, in which forms it can stand again, and where a text names somebody unasked."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from functools import cache
from typing import NamedTuple

from extractor.patterns import lazy_pattern
from extractor.privacy.numbers import Stretch
from extractor.privacy.words import MASK, cues, words_of
from extractor.tables import read_table

MOST_WORDS = 5  # of a name; longer ones are sentences
LONGEST = 60  # characters of a name
BEFORE = 80  # characters before a number or address in which the one it reaches may be named

_UPPER = "A-ZÀ-ÖØ-ÞĀĂĄĆČĎĐĒĘĚĞĢĪİĶĹŁŃŅŇŐŒŘŚŞŠŤŪŮŰŸŹŻŽΑ-ΩА-Я"
_word = rf"[{_UPPER}][^\W\d_]{{0,24}}(?:[’'-][^\W\d_]{{1,24}}){{0,2}}\.?"
_particle = r"(?:de|da|del|della|der|den|van|von|di|dos|el|al|bin|bint|ibn|la|le|ter|ten|zu|af)"
_run = rf"{_word}(?:[ \u00a0](?:{_particle}[ \u00a0]){{0,2}}{_word}){{0,3}}"
_degree = cues("degree")
_degrees = lazy_pattern(rf"(?:[,\s]+{_degree}(?![A-Za-z]))+\s*$")
_title = rf"{cues('title')}\.?"
_any_title = rf"(?:{_title}|{cues('further title')}\.?)"
_titles = lazy_pattern(rf"^\s*(?:{_any_title}\s+)+")
_titled = lazy_pattern(rf"(?<![^\W_]){_title}(?:[ \u00a0]{_any_title}){{0,3}}[ \u00a0]{{1,2}}(?P<name>{_run})")
_shouted = lazy_pattern(
    r"(?<![^\W_])(?:DR|PROF|MR|MRS|MS)\.?(?:[ \u00a0](?:DR|PROF)\.?)?[ \u00a0](?P<name>[A-Z]{2,24}(?:[ \u00a0-][A-Z]\.?){0,2}[ \u00a0-][A-Z]{2,24})(?![^\W_])"
)
_graduate = lazy_pattern(
    rf"(?<![^\W_])(?P<name>{_word}(?:[ \u00a0]{_word}){{1,3}})(?:,[ \u00a0]{{0,2}}|[ \u00a0]{{1,2}}){_degree}(?![A-Za-z])"
)
_asked = lazy_pattern(rf"(?<![A-Za-z])(?i:{cues('asks')})[ \u00a0]?[:：][ \u00a0]{{0,2}}(?P<name>{_run})")
_before_number = lazy_pattern(rf"(?P<name>{_run})[ \u00a0\t,;:：(（\[<|/–-]{{0,4}}(?:(?i:{cues('way')})[\s.:：(<)]{{0,3}}){{0,4}}$")
_after_number = lazy_pattern(rf"[ \u00a0]?[(（,;–-][ \u00a0]?(?P<name>{_word}(?:[ \u00a0]{_word}){{1,3}})[)）.,;\n]")
_capitals = lazy_pattern(rf"(?:(?:{_particle}|{_word})[ \u00a0])+$")
_surname = "(?:" + "|".join(sorted((name for (name,) in read_table("extractor.privacy", "surnames")), key=len, reverse=True)) + ")"
_chinese = rf"{_surname}[\u4e00-\u9fff·]{{1,2}}"
_chinese_asked = lazy_pattern(
    rf"(?:{cues('asks in Chinese')}[ \u00a0\u3000:：]{{1,3}}|请找|请联系|请与)(?P<name>{_chinese})"
    r"(?=[^\u4e00-\u9fff]|$|教授|医生|医师|主任|老师|女士|先生|博士|联系|或)"
)
_chinese_titled = lazy_pattern(
    rf"(?<![\u4e00-\u9fff])(?:由|请|与|和|向|找)?(?P<name>{_chinese})(?=教授|主任|医师|医生|博士|先生|女士|老师|[ \u3000]?[（(]?收[)）]?(?![\u4e00-\u9fff])|[ ,，:：(（]{{0,2}}{MASK})"
)
_kanji = r"[\u4e00-\u9fff々ヶ]"
_japanese_asked = lazy_pattern(
    rf"{cues('asks in Japanese')}[ \u00a0\u3000:：]{{1,3}}(?P<name>{_kanji}{{3,6}}|{_kanji}{{1,3}}[ \u3000]{_kanji}{{1,3}})(?![\u3040-\u30ff\u4e00-\u9fff々])"
)
_korean_asked = lazy_pattern(rf"{cues('asks in Korean')}[ \u00a0:：]{{1,3}}(?P<name>[\uac00-\ud7a3]{{2,4}})(?![\uac00-\ud7a3])")
_roman = lazy_pattern(r"[A-Za-zÀ-ÖØ-öø-ÿĀ-žΑ-ωА-я][^\W\d_]*(?:[’'.-][^\W\d_]+)*\.?")
_han = lazy_pattern(r"[\u4e00-\u9fff](?:[\u4e00-\u9fff·]{1,3})")
_clause_end = lazy_pattern(r"[.,;:，。；：\n(（]")
_joint = r"[\s,.·_/-]{1,3}"
_parts = lazy_pattern(r"[;；、/\n|]")
_several = lazy_pattern(r",(?=\s*[A-Z]\w+\s+[A-Z])|\s(?:and|&)\s")


class Name(NamedTuple):
    """A person's name as words, in the order in which it is printed."""

    words: tuple[str, ...]


def parse_name(text: str) -> Name:
    """The name in a value that should be one person's; titles and degrees are left out.

    Raises ValueError where it is an office, an organisation or a sentence.

    >>> parse_name("Prof. Dr. Ada M. Quill, MD, PhD").words, parse_name("高远").words
    (('Ada', 'M.', 'Quill'), ('高远',))
    """
    bare = _titles.sub("", _degrees.sub("", text.strip()))
    if _han.fullmatch(bare) and not is_office(bare):
        return Name((bare,))
    words = [word for word in re.split(r"[\s,\u00a0]+", bare) if word]
    if not 2 <= len(words) <= MOST_WORDS or is_office(bare) or not _are_name(words):
        raise ValueError(f"{text[:LONGEST]!r} is no name of a person")
    return Name(tuple(words))


def _are_name(words: list[str]) -> bool:
    """Whether words can be a name: of letters, not too long, and two of them more than initials."""
    whole = sum(len(word.rstrip(".")) > 1 for word in words)
    return whole > 1 and sum(map(len, words)) <= LONGEST and all(map(_roman.fullmatch, words))


def find_names(text: str, *, stated: bool = False) -> Iterator[Name]:
    """The names in a value that may hold several, and other words beside them; `stated`: its field is for names, so that small letters do."""
    for part in _parts.split(text[: 20 * LONGEST]):
        for words in (part.partition(",")[0], part) if is_office(part) else (part.partition(",")[0], *_several.split(part)):
            with suppress(ValueError):
                name = parse_name(words)
                if stated or all(word[0].isupper() or re.fullmatch(_particle, word) or not word.isascii() for word in name.words):
                    yield name


def is_office(text: str) -> bool:
    """Whether a name is that of an office or an organisation.

    >>> is_office("Clinical Trials Call Center"), is_office("浙江医院"), is_office("Ada Quill")
    (True, True, False)
    """
    folded = text.casefold()
    latin = set(re.findall(r"[^\W\d_]+", folded))
    return not latin.isdisjoint(words_of("office")) or folded.endswith(_endings())


@cache
def _endings() -> tuple[str, ...]:
    """The Chinese words of organisations, which stand last in their names."""
    return tuple(word for word in words_of("office") if "\u4e00" <= word[0] <= "\u9fff")


def is_person(text: str) -> bool:
    """Whether the name of a sponsor is a person's: it has a title or a degree, or is written as Chinese names are.

    >>> is_person("Dr. Ada Quill"), is_person("高远"), is_person("Quill Laboratories"), is_person("罗氏")
    (True, True, False, False)
    """
    bare = text.strip()
    if is_office(bare) or len(bare) > LONGEST:
        return False
    if re.fullmatch(_chinese, bare):
        return not bare.endswith("氏")
    return bool(_titles.match(bare) or _degrees.search(bare)) and len(bare.split()) <= MOST_WORDS + 3


def find_named(text: str, numbers: Iterable[Stretch]) -> Iterator[Stretch]:
    """Where a text names somebody by a title, a degree, a word that asks for a name, or beside one of the `numbers`."""
    for pattern in (_titled, _shouted, _graduate, _asked, _chinese_asked, _chinese_titled, _japanese_asked, _korean_asked):
        yield from (match.span("name") for match in pattern.finditer(text) if not is_office(_with_what_is_around(text, match)))
    for start, end in numbers:
        line = max(0, start - BEFORE)
        before = _before_number.search(text[line:start])
        if before and (length := _length_of_name(before["name"])):
            yield line + before.end("name") - length, line + before.end("name")
        after = _after_number.match(text, end)
        if after and not is_office(after["name"]):
            yield after.span("name")


def _length_of_name(run: str) -> int:
    """How many characters at the end of a run of capitalised words are a name: those behind the last word of an office, two words at least."""
    name = ""
    for word in run.split(" "):
        name = "" if is_office(word.rstrip(".")) else f"{name} {word}".lstrip()
    return len(name) if " " in name else 0


def _with_what_is_around(text: str, match: re.Match[str]) -> str:
    """The name with the capitalised words before it and the next words, which can say that an institution is named after a person."""
    before = _capitals.search(text[max(0, match.start() - LONGEST) : match.start()])
    after = _clause_end.split(text[match.end("name") : match.end("name") + LONGEST])[0]
    return (before.group() if before else "") + match["name"] + after


def find_known(text: str, names: Iterable[Name]) -> Iterator[Stretch]:
    """Where known persons stand again, in any form of their names."""
    folded = text.casefold()
    for name in names:
        if all(part.casefold() not in folded for part in name.words if len(part.rstrip(".")) > 1):
            continue
        for pattern in _forms(name):
            yield from (match.span() for match in pattern.finditer(text))


@cache
def _forms(name: Name) -> tuple[re.Pattern[str], ...]:
    """The patterns of a name: in full and turned round, without middle names, and with initials.

    The surname is the last word, or the first as Chinese names have it: both are tried.
    """
    words = [re.escape(word.rstrip(".")) for word in name.words]
    if len(words) == 1:
        return (re.compile(words[0]),)
    first, last = words[0], words[-1]
    full = {_joint.join(words), _joint.join(reversed(words)), _joint.join((last, *words[:-1])), _joint.join((*words[1:], first))}
    pairs = {first + _joint + last, last + _joint + first, first + r"\W{1,3}[^\W\d_]{1,12}\.?\W{1,3}" + last}
    glued = {first + last, last + first} if min(len(first), len(last)) > 1 else set()
    anyhow = "|".join(sorted(full | pairs | glued, key=len, reverse=True))
    initials = "|".join(_initialled(words[:-1], last) + (_initialled(words[1:], first) if len(first) > 1 else []))
    return (re.compile(rf"(?<![^\W_])(?i:{anyhow})(?![^\W_])"), re.compile(rf"(?<![^\W_])(?<!-)(?:{initials})(?![^\W_])"))


def _initialled(given: list[str], surname: str) -> list[str]:
    """A surname with the initials of the given names before or behind it, or with a title."""
    letters = r"[.\s-]{0,2}".join(word[-1] if word.startswith("\\") else word[0] for word in given)
    one = given[0][0]
    return [
        rf"{letters}[.\s]{{1,2}}{surname}",
        rf"{one}[.\s]{{1,2}}{surname}",
        rf"{surname},?\s{letters}(?:\.|\b)",
        rf"{surname},?\s{one}(?:\.|\b)",
        rf"(?:{_title}\s{{1,2}}){{1,3}}{surname}",
    ]
