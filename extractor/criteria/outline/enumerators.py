"""Enumerators: what stands before an item and says which one of its list it is.

The families are those counted in 480 ClinicalTrials.gov texts and 40,836 Chinese criteria: `1.` `1)` `(1)` `1、` `1.1`
`a.` `A)` `(i)` `①` `一、` and bullets. Full-width brackets count as their plain forms; a Markdown backslash is passed over.
"""

from __future__ import annotations

import re
from operator import itemgetter

from msgspec import Struct

from extractor.patterns import lazy_pattern
from extractor.text import IDEOGRAPH

BULLETS = "-*•●○◦▪▫■□◆◇►▶➢➤✓✔‣⁃∙·–—●○"
CIRCLED = "".join(chr(c) for start in (0x2460, 0x2474, 0x2488, 0x2776, 0x2780) for c in range(start, start + 10)) + "⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"
NUMERALS = "一二三四五六七八九十"
ROMAN_FORMS = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii", "xiii", "xiv", "xv")
ROMAN = {form: value for value, form in enumerate(ROMAN_FORMS, 1)}
ROMAN_SIGNS = "ⅠⅡⅢⅣⅤⅥⅦⅧⅨⅩⅪⅫ"

# Enumerators inside a formula, as recognition of scanned pages prints them: $\textcircled { 2 }$, $( \mathrm { b } )$.
_FORMULA = r"""\$?\s{0,2}\\(?:text)?circled\s*\{\s*(?:\\[a-z]{1,12}\s*\{?\s*)?(?P<ringed>\d{1,2})\s*\}{0,2}(?:\s\})?(?:\s*\$)?
    | \$\s*[(（]\s*(?:\\math[a-z]{2,4}\s*\{\s*)?(?P<set>\d{1,2}|[a-z])\s*\}?\s*[)）](?:\s*\})?(?:\s*\$)?"""
_word = rf"(?=\s|[A-Z{IDEOGRAPH}]|$)"
_enumerator = lazy_pattern(
    rf"""(?:
      {_FORMULA}
    | (?P<deep>\d{{1,2}}(?:\.\d{{1,2}}){{2,3}})(?=\s)
    | (?P<decimal>\d{{1,2}}(?:\.\d{{1,2}}){{1,3}})(?:[.)、]|(?=\s+[A-Z{IDEOGRAPH}]|[{IDEOGRAPH}]))(?!\d)
    | [(（\[［]\s?(?P<bracketed>\d{{1,2}})\s?[)）\]］][.、:：,，]?
    | (?P<dotted>\d{{1,2}})\\?(?:[.．](?![\d%])|[)）][.、,，]?|[、]|[,，:：](?=[{IDEOGRAPH}]))
    | (?P<apart>\d{{1,2}})(?:\s?[-–—:](?=\s+[A-Z{IDEOGRAPH}≥≤<>("“])|\s[.)）、](?=\s+\S))
    | (?P<tabbed>\d{{1,2}})(?=\t)
    | (?P<circled>[{CIRCLED}])[.、]?
    | [(（](?P<lettered>[a-zA-Z]|[ivxIVX]{{2,5}}|[{ROMAN_SIGNS}])[)）]
    | (?P<letter>[a-zA-Z]|[ivxIVX]{{2,5}}|[{ROMAN_SIGNS}])\\?(?:[.．]{_word}|[)）、])
    | [(（](?P<numeralled>[{NUMERALS}]{{1,3}})[)）][.、]?
    | (?P<numeral>[{NUMERALS}]{{1,3}})[、.．)）]
    )""",
    re.VERBOSE,
)
_LOST = "+→⇒➔"  # what converters make of bullets: signs that prose uses too, so a blank must follow
_bullet = lazy_pattern(rf"\\?(?:([{BULLETS}])(?:\1|(?=\s|\\?$|[^\W\d_]|[(\[\"“<>≥≤=+]))\1*|[o{_LOST}](?=\s+\S)|\\-)\\?")
_starts = frozenset(BULLETS + CIRCLED + NUMERALS + ROMAN_SIGNS + _LOST + "0123456789(（[［\\$o")

_SECOND = frozenset(".)、）．\\")


class Marker(Struct, frozen=True, gc=False):
    """An enumerator: its family, its place in the count (0: a bullet), how it is printed, where it ends.

    `family` is a letter for the kind (n number, d decimal, c circled, a letter, r roman, z Chinese numeral, b bullet;
    upper case for capitals) and the style: "n.", "(n)", "b-".
    """

    family: str
    value: int
    number: str
    end: int

    @property
    def kind(self) -> str:
        """The family without its style."""
        return self.family[:1]


def may_mark(body: str) -> bool:
    """Whether the first two characters of a line can begin an enumerator: a cheap test before the real one."""
    return body[0] in _starts or body[1:2] in _SECOND or body[0] in "ivxIVX"


def find_marker(text: str, start: int, end: int) -> Marker | None:
    r"""The enumerator at `start`, or None.

    >>> find_marker("(2) age", 0, 7)
    Marker(family='n(', value=2, number='2', end=3)
    >>> find_marker("2.5 mg", 0, 6) is None
    True
    """
    if not may_mark(text[start : start + 2]):
        return None
    found = _enumerator.match(text, start, end)
    if found:
        return read_marker(found)
    bullet = _bullet.match(text, start, end)
    if bullet and not (
        bullet.group() == "*" and bullet.end() < end and not text[bullet.end()].isspace() and _is_footnote(text, bullet.end())
    ):
        return Marker("b" + bullet.group().replace("\\", ""), 0, "", bullet.end())
    return None


def _is_footnote(text: str, position: int) -> bool:
    return "A" <= text[position] <= "Z" or text[position] == "*"


def read_marker(found: re.Match[str]) -> Marker:
    """The marker that a match of one enumerator stands for."""
    group = found.lastgroup or ""
    raw = found.group(group)
    if group == "dashes":
        return Marker("b" + raw, 0, "", found.end())
    if group == "ringed":
        return Marker("c", int(raw), raw, found.end())
    style = (
        "(" if group in {"bracketed", "lettered", "numeralled", "set"} else found.string[found.end(group) : found.end()].lstrip("\\ ")[:1]
    )
    style = {"）": ")", "．": ".", "，": ",", "：": ":"}.get(style, style)
    kind, value = _READERS[group](raw)
    return Marker(kind + style, value, raw, found.end())


def _read_number(raw: str) -> tuple[str, int]:
    return "n", int(raw)


def _read_decimal(raw: str) -> tuple[str, int]:
    head, _, tail = raw.rpartition(".")
    return f"d{head}", int(tail)


def _read_circled(raw: str) -> tuple[str, int]:
    return "c", CIRCLED.index(raw) % 10 + 1 if CIRCLED.index(raw) < 50 else CIRCLED.index(raw) - 39


def _read_letter(raw: str) -> tuple[str, int]:
    if raw in ROMAN_SIGNS:
        return "R", ROMAN_SIGNS.index(raw) + 1
    if len(raw) > 1:
        return ("r" if raw.islower() else "R"), ROMAN.get(raw.lower(), 0)
    return ("a" if raw.islower() else "A"), ord(raw.lower()) - 96


def _read_numeral(raw: str) -> tuple[str, int]:
    tens, ten, ones = raw.rpartition("十")
    if not ten:
        return "z", NUMERALS.index(raw[-1]) + 1
    return "z", 10 * (NUMERALS.index(tens[0]) + 1 if tens else 1) + (NUMERALS.index(ones[0]) + 1 if ones else 0)


_READERS = {
    "deep": _read_decimal,
    "decimal": _read_decimal,
    "bracketed": _read_number,
    "dotted": _read_number,
    "glued": _read_number,
    "tabbed": _read_number,
    "apart": _read_number,
    "circled": _read_circled,
    "set": lambda raw: _read_number(raw) if raw.isdigit() else _read_letter(raw),
    "lettered": _read_letter,
    "letter": _read_letter,
    "listed": _read_letter,
    "numeralled": _read_numeral,
    "numeral": _read_numeral,
}


def as_roman(marker: Marker) -> Marker | None:
    """The same letter read as a Roman numeral: "i" is 1, "v" is 5; None where it is none."""
    value = ROMAN.get(marker.number.lower())
    if value is None or marker.kind not in "aA":
        return None
    return Marker(("r" if marker.kind == "a" else "R") + marker.family[1:], value, marker.number, marker.end)


_LATIN = r"A-Za-z0-9.．\-–~～≥≤<>=/×*^_"  # what no enumerator follows directly inside a Chinese line
_inline = lazy_pattern(
    rf"""(?:
      (?<![{_LATIN}])(?<!\d[:：])(?:(?P<dotted>\d{{1,2}})\\?(?:[.．](?![\d%])|[)）]|、)|(?P<letter>[a-zA-Z]|[ivx]{{2,4}}|[{ROMAN_SIGNS}])(?:[.．](?![A-Za-z]\.)|[)）]))
    | (?<![{_LATIN}])(?P<listed>[a-z]|[ivx]{{2,4}})、
    | [(（\[［]\s?(?:(?P<bracketed>\d{{1,2}})\s?[)）\]］]|(?P<lettered>[a-zA-Z]|[ivx]{{2,4}})[)）]|(?P<numeralled>[{NUMERALS}]{{1,3}})[)）])
    | (?<=[;；。:：\s])(?P<numeral>[{NUMERALS}]{{1,3}})、
    )""",
    re.VERBOSE,
)
_formula = lazy_pattern(_FORMULA, re.VERBOSE)
# In ASCII text a search for what closes an enumerator is eight times faster than one for what may open it.
_edge = r"[\s;:,.)(]"
_closer = lazy_pattern(
    rf"[.)](?<![a-zA-Z][a-hj-uwyzA-Z][.)])(?:(?<={_edge}\d[.)])|(?<={_edge}\d\d[.)])|(?<={_edge}[a-z][.)])|(?<={_edge}[ivx]{{2}}[.)])|(?<={_edge}[ivx]{{3}}[.)])|(?<={_edge}[ivx]{{4}}[.)]))"
)
_closed = lazy_pattern(
    r"""(?:
      (?P<dotted>\d{1,2})\\?(?:\.(?=[\sA-Z])|\)(?![\d)]))
    | (?P<letter>[a-z]|[ivx]{2,4})(?:\.(?=\s)|\)(?=[\s\w]))
    | \((?:(?P<bracketed>\d{1,2})\)(?!\d)|(?P<lettered>[a-z]|[ivx]{2,4})\)(?=[\sA-Z]))
    )""",
    re.VERBOSE,
)
_eastern = lazy_pattern("[\u2460-\u27bf\u2e80-\uffef]")
_glued = lazy_pattern(r"(?<=[;；。:：\s])(?P<glued>\d{1,2})[.．](?=\d)")
_circled = lazy_pattern(f"(?P<circled>[{CIRCLED}])")
_dashes = lazy_pattern(r"\s(?P<dashes>-{2,5})(?=\s+[A-Z])")


def find_inline(text: str) -> list[tuple[int, Marker]]:
    """Every enumerator-like run of a text with its place, in order: candidates only, the counting decides."""
    if text.isascii() or not _eastern.search(text):
        found = [item for closer in _closer.finditer(text) if (item := _opened(text, closer.start()))]
    else:
        found = [(m.start(), read_marker(m)) for m in _inline.finditer(text)]
        found += [(m.start(1), read_marker(m)) for pattern in (_glued, _circled) for m in pattern.finditer(text)]
        if "$" in text or "circled" in text:
            found += [(m.start(), read_marker(m)) for m in _formula.finditer(text)]
        found.sort(key=itemgetter(0))
    if " --" in text:
        found += [(m.start(1), read_marker(m)) for m in _dashes.finditer(text)]
        found.sort(key=itemgetter(0))
    return found


def _opened(text: str, close: int) -> tuple[int, Marker] | None:
    """The enumerator that ends at `close`, with the place where it starts."""
    start = close - 1
    while text[start - 1].isalnum():
        start -= 1
    start -= text[start - 1] == "("
    if text[start - 1] in ".:" and (text[start - 2].isdigit() or (text[start - 2].isalpha() and not text[start - 3].isalpha())):
        return None  # "v1.1)", "07:01)", "e.g."
    found = _closed.match(text, start)
    return (start, read_marker(found)) if found else None
