"""The mentions of texts: regions of either language with their polarity and window."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec
from msgspec import UNSET

from extractor.concepts.chinese import find_regions as find_chinese
from extractor.concepts.governing import govern, windows_of
from extractor.concepts.mention import Mention, Region
from extractor.concepts.passages import split_lines
from extractor.concepts.scope import Scope, find_scopes
from extractor.criteria.constraints import find_constraints
from extractor.errors import ExtractError
from extractor.model import Constraint, Window
from extractor.patterns import lazy_pattern

_ideographs = lazy_pattern(r"[\u3400-\u9fff]")
_letters = lazy_pattern(r"[A-Za-z]")
_CHINESE_SHARE = 4  # a text is Chinese when it has one Chinese character to at most this many Latin letters


def find_concepts(text: str) -> list[Mention]:
    """The conditions, drugs and procedures that a text names, in their order.

    English needs spaCy (`pip install 'spacy<4'`) and raises ExtractError without it; the model is loaded at the first call.
    """
    pieces = list(split_lines(text))
    found = zip(pieces, find_regions([piece for _, piece in pieces]), strict=True)
    return [_moved(mention, start) for (start, piece), regions in found for mention in mentions_of(piece, regions)]


def _moved(mention: Mention, offset: int) -> Mention:
    return msgspec.structs.replace(mention, start=mention.start + offset, end=mention.end + offset)


def is_chinese(text: str) -> bool:
    """Whether a text reads as Chinese: its share of Chinese characters.

    >>> is_chinese("既往接受过PD-1单抗治疗"), is_chinese("Ginseng (人参) within 4 weeks")
    (True, False)
    """
    return len(_ideographs.findall(text)) * _CHINESE_SHARE > len(_letters.findall(text))


def find_regions(texts: Sequence[str]) -> list[list[Region]]:
    """The mentions' places in each text; the English ones go through the model together."""
    found = [find_chinese(text) if is_chinese(text) else [] for text in texts]
    latin = [number for number, text in enumerate(texts) if not is_chinese(text) and _letters.search(text)]
    for number, regions in zip(latin, _english_regions([texts[number] for number in latin]), strict=True):
        found[number] = regions
    return found


def _english_regions(texts: Sequence[str]) -> list[list[Region]]:
    if not texts:
        return []
    try:
        from extractor.concepts.english import find_regions as find_english  # noqa: PLC0415 (spaCy is an extra; importing it takes a second)
    except ModuleNotFoundError as error:
        raise ExtractError("concept mentions in English need spaCy: pip install 'spacy<4'") from error
    return find_english(texts)


def mentions_of(text: str, regions: Sequence[Region], constraints: Iterable[Constraint] | None = None, language: str = "") -> list[Mention]:
    """The regions of a line as mentions; `constraints` are those of the grammar and `language` that of their quotes, if they are known."""
    if not regions:
        return []
    language = language or ("zh" if is_chinese(text) else "en")
    known = find_constraints(text, language) if constraints is None else constraints
    windows = govern(text, regions, windows_of(text, known, language))
    scopes = find_scopes(text)
    return [_mention(text, region, scopes, window) for region, window in zip(regions, windows, strict=True)]


def _mention(text: str, region: Region, scopes: Sequence[Scope], window: Window | None) -> Mention:
    around = [scope for scope in scopes if scope.start <= region.start < scope.end]
    return Mention(
        kind=region.kind,
        start=region.start,
        end=region.end,
        text=text[region.start : region.end],
        negated=bool(around),
        exception=any(scope.carve_out for scope in around),
        window=window or UNSET,
    )
