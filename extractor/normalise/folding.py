"""Folding that keeps every character's place: what matches in the folded text stands at the same offsets in the text."""

from __future__ import annotations

import unicodedata

from extractor.patterns import lazy_pattern

_SAME = {
    "-": "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe63\ufe58\uff0d\u207b\u2500\ufe31",
    "~": "\uff5e\u301c\u223c\u02dc\u223d\u2053",
    ">": "\uff1e\ufe65\u3009\u232a\u203a\u02c3",
    "<": "\uff1c\ufe64\u3008\u2329\u2039\u02c2",
    "≥": "\u2267\u2a7e\u2265\u2277",
    "≤": "\u2266\u2a7d\u2264\u2276",
    "µ": "\u03bc\u00b5",
    "×": "\u2715\u2716\u2573\u00d7\u0445\u2a09",
    " ": "\u00a0\u3000\u2002\u2003\u2009\u200a\u202f\u205f\t",
    "'": "\u2018\u2019\u02bc\u2032",
    "(": "\uff08\ufe59\u3010\u3014\uff3b[",
    ")": "\uff09\ufe5a\u3011\u3015\uff3d]",
    ",": "\uff0c\ufe50\ufe10",
    "/": "\u2044\u2215\uff0f",
    "℃": "\u2103",
    ".": "\uff0e\ufe52",
}
_RADICALS = dict(
    zip("⺟⺠⻁⻄⻅⻆⻉⻋⻓⻔⻘⻙⻚⻛⻜⻝⻢⻣⻤⻥⻦⻧⻨⻩⻬⻮⻰⻳", "母民虎西见角贝车长门青韦页风飞食马骨鬼鱼鸟卤麦黄齐齿龙龟", strict=True)
)
"""Signs of the block CJK Radicals Supplement that PDF files print for characters, and that Unicode does not decompose."""
_BLOCKS = (range(0x2E9F, 0x2EF4), range(0x2F00, 0x2FD6), range(0xF900, 0xFAFF))
"""Radicals (supplement, Kangxi) and compatibility ideographs: each stands for one character."""
_SUPERSCRIPTS = dict(zip("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789", strict=True))
_CHARACTERS = str.maketrans(
    {
        chr(code): plain
        for block in _BLOCKS
        for code in block
        if len(plain := unicodedata.normalize("NFKC", chr(code))) == 1 and plain != chr(code)
    }
    | _RADICALS
)
_radical = lazy_pattern(r"[\u2e9f-\u2ef3\u2f00-\u2fd5\uf900-\ufafe]")
_TABLE = _CHARACTERS | str.maketrans(
    {chr(code): chr(code - 0xFEE0).lower() for code in range(0xFF01, 0xFF5F)}
    | _SUPERSCRIPTS
    | {character: plain for plain, characters in _SAME.items() for character in characters}
)
_BRACKETS = str.maketrans("[]\t", "() ")


def fold(text: str) -> str:
    """Lower case, narrow, one sign for each kind of dash, bracket, comparator; superscripts as digits, radicals as characters. Same length.

    >>> fold("ＡＬＴ ≧ 2．5×10⁹／L"), fold("⽤药3个⽉")
    ('alt ≥ 2.5×109/l', '用药3个月')
    """
    if text.isascii():
        return text.lower().translate(_BRACKETS)
    lowered = text.translate(_TABLE).lower()
    return lowered if len(lowered) == len(text) else "".join(character.lower()[:1] for character in text.translate(_TABLE))


def fold_radicals(text: str) -> str:
    """The text with radicals and compatibility ideographs as the characters that they stand for. Same length.

    >>> fold_radicals("纳⼊标准")
    '纳入标准'
    """
    return text.translate(_CHARACTERS) if _radical.search(text) else text
