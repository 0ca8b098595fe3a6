"""Characters and rules of a PDF page with their places, through pypdfium2's character API.

Coordinates are points from the page's top left corner. Text that is turned against most of the page (watermarks,
printers' marks) is left out; a page that is turned as a whole is turned back.
"""

from __future__ import annotations

import ctypes
import math
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import pypdfium2
import pypdfium2.raw as pdfium

_HYPHENS = {0x02: "-", 0xFFFE: "-"}
_LIGATURES = {0xFB00: "ff", 0xFB01: "fi", 0xFB02: "fl", 0xFB03: "ffi", 0xFB04: "ffl"}
_BULLETS = {0xF06C: "●", 0xF0B7: "•", 0xF09F: "•", 0xF0A7: "▪", 0xF075: "◆", 0xF06E: "■", 0xF0D8: "➢", 0xF0FC: "✓"}
# Radicals that some printing programs store in place of the characters they look like: the Kangxi block folds by
# compatibility, the supplement by this table of the simplified forms (Unicode's EquivalentUnifiedIdeograph).
_KANGXI = {code: unicodedata.normalize("NFKC", chr(code)) for code in range(0x2F00, 0x2FD6)}
_SUPPLEMENT = dict(
    zip(
        map(ord, "⺟⺠⺮⻁⻄⻅⻆⻉⻋⻓⻔⻘⻙⻚⻛⻜⻝⻢⻣⻤⻥⻦⻨⻩⻬⻮⻰⻳"),
        "母民竹虎西见角贝车长门青韦页风飞食马骨鬼鱼鸟麦黄齐齿龙龟",
        strict=True,
    )
)
# Adobe's Symbol encoding, as fonts without names put it into the private use area.
_SYMBOLS = {
    0xF0B0: "°",
    0xF0B1: "±",
    0xF0B3: "≥",
    0xF0A3: "≤",
    0xF0B4: "×",
    0xF0D7: "·",
    0xF061: "α",
    0xF062: "β",
    0xF067: "γ",
    0xF06D: "μ",
}
_NAMED = _BULLETS | _SYMBOLS
_SPECIAL = _HYPHENS | _LIGATURES | _NAMED | _KANGXI | _SUPPLEMENT
_LOST = 0xFFFD  # stands where a visible character has no Unicode value: a word that lost one must not look whole
_VISIBLE = 1.0
_BOLD_WEIGHT = 600
_THIN = 3.0
_DEEPEST = 4


class Style(NamedTuple):
    """How a run of characters is set: font name, size in points, weight, angle in quarter turns."""

    font: str
    size: float
    bold: bool
    turns: int


class Glyph(NamedTuple):
    """A printed character: its left and right edge, its baseline, its style."""

    char: str
    left: float
    right: float
    base: float
    style: Style


class Rule(NamedTuple):
    """A straight line, or a thin filled box drawn as one: horizontal where `top` equals `bottom`, else vertical."""

    left: float
    top: float
    right: float
    bottom: float


class Page(NamedTuple):
    """What a page prints: its size, characters in stream order, rules, and how many characters its fonts cannot name."""

    width: float
    height: float
    glyphs: list[Glyph]
    rules: list[Rule]
    unnamed: int


_UPRIGHT = 0


def read_page(page: pypdfium2.PdfPage) -> Page:
    """The characters and rules of one page."""
    left, bottom, right, top = page.get_bbox()
    text = page.get_textpage()
    try:
        glyphs, unnamed = _Reader(text).glyphs()
    finally:
        text.close()
    turns = Counter(glyph.style.turns for glyph in glyphs).most_common(1)
    upright = turns[0][0] if turns else _UPRIGHT
    kept = [glyph for glyph in glyphs if glyph.style.turns == upright]
    place = _Place(left, bottom, right, top, upright)
    return Page(*place.size, [place.glyph(g) for g in kept], [place.rule(r) for r in _rules(page)], unnamed)


class _Place(NamedTuple):
    """The page's box and how its text is turned: puts user space into points from the top left corner."""

    left: float
    bottom: float
    right: float
    top: float
    turns: int

    @property
    def size(self) -> tuple[float, float]:
        """Width and height as the text stands."""
        width, height = self.right - self.left, self.top - self.bottom
        return (width, height) if self.turns % 2 == 0 else (height, width)

    def point(self, x: float, y: float) -> tuple[float, float]:
        """A point of user space, from the top left corner."""
        if self.turns == 1:
            return y - self.bottom, x - self.left
        if self.turns == 2:
            return self.right - x, y - self.bottom
        if self.turns == 3:
            return self.top - y, self.right - x
        return x - self.left, self.top - y

    def glyph(self, raw: Glyph) -> Glyph:
        """`left` and `right` hold the ends along the text's direction, `base` the other coordinate."""
        if self.turns % 2:
            first, base = self.point(raw.base, raw.left)
            last = self.point(raw.base, raw.right)[0]
        else:
            first, base = self.point(raw.left, raw.base)
            last = self.point(raw.right, raw.base)[0]
        return Glyph(raw.char, min(first, last), max(first, last), base, raw.style)

    def rule(self, raw: Rule) -> Rule:
        """A rule of user space, from the top left corner."""
        (a, b), (c, d) = self.point(raw.left, raw.top), self.point(raw.right, raw.bottom)
        return Rule(min(a, c), min(b, d), max(a, c), max(b, d))


class _Reader:
    """Reads one text page; styles are looked up once for each text object."""

    def __init__(self, text: pypdfium2.PdfTextPage) -> None:
        self.raw = text.raw
        self.count = text.count_chars()
        self.box = pdfium.FS_RECTF()
        self.x, self.y = ctypes.c_double(), ctypes.c_double()
        self.matrix = pdfium.FS_MATRIX()
        self.styles: dict[int, Style] = {}
        self.fonts: dict[int, tuple[str, bool]] = {}

    def glyphs(self) -> tuple[list[Glyph], int]:
        """All printed characters, blanks included, and how many have no Unicode value."""
        glyphs: list[Glyph] = []
        unnamed = 0
        raw, box, x, y = self.raw, self.box, self.x, self.y
        for index in range(self.count):
            code = pdfium.FPDFText_GetUnicode(raw, index)
            if pdfium.FPDFText_IsGenerated(raw, index) and code not in _HYPHENS:
                continue
            if self._nameless(index, code):
                unnamed += 1
                code = 0 if 0xE000 <= code <= 0xF8FF else _LOST
            if not code or 0xD800 <= code <= 0xDFFF or not pdfium.FPDFText_GetLooseCharBox(raw, index, box):
                continue
            if code == _LOST and box.right - box.left < _VISIBLE:
                continue
            pdfium.FPDFText_GetCharOrigin(raw, index, x, y)
            style = self._style(index)
            ends = (box.left, box.right, y.value) if style.turns % 2 == 0 else (box.bottom, box.top, x.value)
            glyphs.append(Glyph(_SPECIAL.get(code) or chr(code), *ends, style))
        return glyphs, unnamed

    def _nameless(self, index: int, code: int) -> bool:
        """Whether a character has no Unicode value: none at all, or one of a font's own that no table names."""
        own = 0xE000 <= code <= 0xF8FF and code not in _NAMED
        return own or code in (0, _LOST) or pdfium.FPDFText_HasUnicodeMapError(self.raw, index) == 1

    def _style(self, index: int) -> Style:
        found = pdfium.FPDFText_GetTextObject(self.raw, index)
        key = ctypes.cast(found, ctypes.c_void_p).value or 0
        style = self.styles.get(key)
        if style is None or not key:
            style = self.styles[key] = self._read_style(index, found)
        return style

    def _read_style(self, index: int, found: Any) -> Style:
        matrix = self.matrix
        pdfium.FPDFText_GetMatrix(self.raw, index, matrix)
        size = pdfium.FPDFText_GetFontSize(self.raw, index) * math.hypot(matrix.c, matrix.d)
        angle = math.degrees(math.atan2(matrix.b, matrix.a))
        turns = round(angle / 90) % 4 if abs(angle / 90 - round(angle / 90)) < 0.03 else -1
        font, bold = self._font(index, found)
        return Style(font, round(size, 2), bold, turns)

    def _font(self, index: int, found: Any) -> tuple[str, bool]:
        """Name and weight of a character's font, looked up once for each font."""
        key = ctypes.cast(pdfium.FPDFTextObj_GetFont(found), ctypes.c_void_p).value or 0 if found else 0
        if key not in self.fonts:
            name, flags = ctypes.create_string_buffer(128), ctypes.c_int()
            pdfium.FPDFText_GetFontInfo(self.raw, index, name, 128, flags)
            font = name.value.decode("utf-8", "replace")
            self.fonts[key] = font, _is_bold(font.lower(), pdfium.FPDFText_GetFontWeight(self.raw, index))
        return self.fonts[key]


def _is_bold(font: str, weight: int) -> bool:
    if "bold" in font or "heavy" in font or "black" in font:
        return True
    return weight > _BOLD_WEIGHT and "regular" not in font and "light" not in font


def _rules(page: pypdfium2.PdfPage) -> list[Rule]:
    """Straight thin paths, and the sides of boxes that are stroked."""
    rules: list[Rule] = []
    edges = [ctypes.c_float() for _ in range(4)]
    for path in _paths(page.raw, pdfium.FPDFPage_CountObjects, pdfium.FPDFPage_GetObject, 0):
        if pdfium.FPDFPageObj_GetBounds(path, *edges):
            left, bottom, right, top = (edge.value for edge in edges)
            rules += _sides(path, left, bottom, right, top)
    return rules


def _paths(holder: Any, count: Callable[[Any], int], get: Callable[[Any, int], Any], depth: int) -> Iterator[Any]:
    """The drawn paths of a page, those inside forms too."""
    for number in range(count(holder)):
        item = get(holder, number)
        kind = pdfium.FPDFPageObj_GetType(item)
        if kind == pdfium.FPDF_PAGEOBJ_PATH:
            yield item
        elif kind == pdfium.FPDF_PAGEOBJ_FORM and depth < _DEEPEST:
            yield from _paths(item, pdfium.FPDFFormObj_CountObjects, pdfium.FPDFFormObj_GetObject, depth + 1)


def _sides(path: Any, left: float, bottom: float, right: float, top: float) -> list[Rule]:
    """A thin path as one rule, a stroked box as four, anything else as none."""
    wide, tall = right - left > _THIN, top - bottom > _THIN
    if tall and not wide:
        return [Rule((left + right) / 2, bottom, (left + right) / 2, top)]
    if wide and not tall:
        return [Rule(left, (top + bottom) / 2, right, (top + bottom) / 2)]
    if not wide or not _is_stroked_box(path):
        return []
    return [Rule(left, bottom, right, bottom), Rule(left, top, right, top), Rule(left, bottom, left, top), Rule(right, bottom, right, top)]


def _is_stroked_box(path: Any) -> bool:
    fill, stroke = ctypes.c_int(), ctypes.c_int()
    pdfium.FPDFPath_GetDrawMode(path, fill, stroke)
    return bool(stroke.value) and pdfium.FPDFPath_CountSegments(path) in (4, 5)
