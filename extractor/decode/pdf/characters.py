"""Characters of a PDF page with their places and styles, read in bulk through pdfium's own calls.

Coordinates are points from the page's top left corner. Text that is turned against most of the page (watermarks,
printers' marks) is left out; a page that is turned as a whole is turned back.
"""

from __future__ import annotations

import ctypes
import math
from array import array
from collections import Counter, deque
from collections.abc import Collection, Iterable, Iterator
from itertools import repeat
from typing import Any, NamedTuple

import pypdfium2
import pypdfium2.raw as pdfium
from msgspec import Struct

from extractor.decode.pdf.drawings import Rule, Shade, read_drawings
from extractor.decode.pdf.glyph_names import HYPHENS, LOST, NAMED, SPECIAL
from extractor.decode.pdf.tolerances import BOLD_WEIGHT, QUARTER_TURN, SAME_STYLE, VISIBLE_WIDTH

Typesetting = tuple[int, float, float, float, float, float]
"""How pdfium sets a character: the handle of its font, its size, the four factors of its matrix."""


class Style(Struct, frozen=True, gc=False):
    """How a run of characters is set: font name, size in points, weight, angle in quarter turns."""

    font: str
    size: float
    bold: bool
    turns: int


class Glyph(Struct, frozen=True, gc=False):
    """A printed character: its left and right edge, its baseline, its style."""

    char: str
    left: float
    right: float
    base: float
    style: Style


class PrintedPage(NamedTuple):
    """What a page prints: its size, characters in stream order, rules, shaded boxes, and how many characters its fonts cannot name."""

    width: float
    height: float
    glyphs: list[Glyph]
    rules: list[Rule]
    shades: list[Shade]
    unnamed: int


_RawGlyph = tuple[str, float, float, float, Style]
"""What becomes a `Glyph`, in user space."""
_UPRIGHT = 0  # quarter turns
_ASKEW = -1  # turned by an angle that is no quarter


def read_page(page: pypdfium2.PdfPage) -> PrintedPage:
    """The characters, rules and shaded boxes of one page."""
    left, bottom, right, top = page.get_bbox()
    text = page.get_textpage()
    try:
        reader = _TextReader(text)
        glyphs, unnamed = reader.glyphs()
    finally:
        text.close()
    upright = max(reader.turns, key=reader.turns.__getitem__, default=_UPRIGHT)
    kept = glyphs if len(reader.turns) < 2 else [glyph for glyph in glyphs if glyph[-1].turns == upright]
    place = _Place(left, bottom, right, top, upright)
    rules, shades = read_drawings(page)
    return PrintedPage(
        *place.size,
        place.glyphs(kept),
        [Rule(*place.box(rule)) for rule in rules],
        [Shade(*place.box(shade)) for shade in shades],
        unnamed,
    )


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

    def glyphs(self, raw: list[_RawGlyph]) -> list[Glyph]:
        """Characters of user space, from the top left corner."""
        if self.turns not in (_UPRIGHT, _ASKEW):
            return [self._turned(Glyph(*glyph)) for glyph in raw]
        moved, top = self.left, self.top
        if not self.left and not self.bottom:
            return [Glyph(char, left, right, top - base, style) for char, left, right, base, style in raw]
        return [Glyph(char, left - moved, right - moved, top - base, style) for char, left, right, base, style in raw]

    def _turned(self, raw: Glyph) -> Glyph:
        """`left` and `right` hold the ends along the text's direction, `base` the other coordinate."""
        if self.turns % 2:
            first, base = self.point(raw.base, raw.left)
            last = self.point(raw.base, raw.right)[0]
        else:
            first, base = self.point(raw.left, raw.base)
            last = self.point(raw.right, raw.base)[0]
        return Glyph(raw.char, min(first, last), max(first, last), base, raw.style)

    def box(self, raw: Rule | Shade) -> tuple[float, float, float, float]:
        """A box of user space, from the top left corner."""
        (a, b), (c, d) = self.point(raw.left, raw.top), self.point(raw.right, raw.bottom)
        return min(a, c), min(b, d), max(a, c), max(b, d)


_HANDLE, _INT = ctypes.c_void_p, ctypes.c_int


def _direct(function: Any, result: Any, *arguments: Any) -> Any:
    """A function of pdfium that takes bare addresses: `map` can call it for every character without building an object."""
    return ctypes.PYFUNCTYPE(result, *arguments)(ctypes.cast(function, _HANDLE).value or 0)


_unicode = _direct(pdfium.FPDFText_GetUnicode, ctypes.c_uint, _HANDLE, _INT)
_generated = _direct(pdfium.FPDFText_IsGenerated, _INT, _HANDLE, _INT)
_unmapped = _direct(pdfium.FPDFText_HasUnicodeMapError, _INT, _HANDLE, _INT)
_object = _direct(pdfium.FPDFText_GetTextObject, _HANDLE, _HANDLE, _INT)
_font = _direct(pdfium.FPDFTextObj_GetFont, _HANDLE, _HANDLE)
_loose_box = _direct(pdfium.FPDFText_GetLooseCharBox, _INT, _HANDLE, _INT, _HANDLE)
_origin = _direct(pdfium.FPDFText_GetCharOrigin, _INT, _HANDLE, _INT, _HANDLE, _HANDLE)
_font_size = _direct(pdfium.FPDFText_GetFontSize, ctypes.c_double, _HANDLE, _INT)
_matrix = _direct(pdfium.FPDFText_GetMatrix, _INT, _HANDLE, _INT, _HANDLE)
_FLOAT_BYTES = 4  # pdfium's structures hold C floats
_BOX_FLOATS = 4  # FS_RECTF: left, top, right, bottom
_MATRIX_FLOATS = 6  # FS_MATRIX: a to f


class _TextReader:
    """Reads one text page: what differs from character to character in bulk, what a style shares once a style."""

    def __init__(self, text: pypdfium2.PdfTextPage) -> None:
        self.text = text
        self.raw = ctypes.cast(text.raw, _HANDLE).value or 0
        self.count = text.count_chars()
        self.fonts: dict[int, tuple[str, bool]] = {}
        self.turns: Counter[int] = Counter()
        """How many characters stand at each angle, the angle that the stream has first in front."""

    def glyphs(self) -> tuple[list[_RawGlyph], int]:
        """All printed characters, blanks included, and how many have no Unicode value."""
        boxes = self._floats(_loose_box, _BOX_FLOATS)
        lefts, tops, rights, bottoms = (boxes[edge::_BOX_FLOATS] for edge in range(_BOX_FLOATS))
        printed, unnamed = self._printed(self._codes(), lefts, rights)
        dressed = self._dressed(printed, tops, bottoms)
        if self.turns.keys() <= {_UPRIGHT}:
            return [
                (char, lefts[index], rights[index], bottoms[index] + drop, style)
                for (index, char), (style, drop) in zip(printed.items(), map(dressed.__getitem__, printed), strict=True)
            ], unnamed
        glyphs: list[_RawGlyph] = []
        for index, char in printed.items():
            style, drop = dressed[index]
            if not style.turns:
                glyphs.append((char, lefts[index], rights[index], bottoms[index] + drop, style))
            elif style.turns % 2:
                glyphs.append((char, bottoms[index], tops[index], self._origin(index)[0], style))
            else:
                glyphs.append((char, lefts[index], rights[index], self._origin(index)[1], style))
        return glyphs, unnamed

    def _floats(self, function: Any, count: int) -> list[float]:
        """What pdfium writes for every character, `count` floats each, one after the other; zeros where it has nothing."""
        found = array("f", bytes(_FLOAT_BYTES * count * self.count))
        start = found.buffer_info()[0]
        step = _FLOAT_BYTES * count
        deque(map(function, repeat(self.raw), range(self.count), range(start, start + step * self.count, step)), maxlen=0)
        return found.tolist()

    def _codes(self) -> list[int]:
        """The Unicode value of each character; 0 for one that pdfium adds between lines and words."""
        codes = list(map(_unicode, repeat(self.raw), range(self.count)))
        for index, code in enumerate(codes):
            if code <= 0x20 and code not in HYPHENS and _generated(self.raw, index):
                codes[index] = -1
        return codes

    def _printed(self, codes: list[int], lefts: list[float], rights: list[float]) -> tuple[dict[int, str], int]:
        """The characters that print, by number, and how many have no Unicode value: those stand as a mark of loss where they show."""
        errors = list(map(_unmapped, repeat(self.raw), range(self.count)))
        printed: dict[int, str] = {}
        unnamed = 0
        for index, (code, error) in enumerate(zip(codes, errors, strict=True)):
            if code > 0x20 and error != 1 and not 0xD800 <= code <= 0xF8FF and code != LOST:
                printed[index] = SPECIAL.get(code) or chr(code)
                continue
            if code < 0 or 0xD800 <= code <= 0xDFFF:
                continue
            own = 0xE000 <= code <= 0xF8FF and code not in NAMED
            if own or error == 1 or code in (0, LOST):
                unnamed += 1
                if own or rights[index] - lefts[index] < VISIBLE_WIDTH:
                    continue
                code = LOST  # noqa: PLW2901
            printed[index] = SPECIAL.get(code) or chr(code)
        return printed, unnamed

    def _dressed(self, printed: dict[int, str], tops: list[float], bottoms: list[float]) -> list[tuple[Style, float]]:
        """For each character its style, and how far its baseline lies above the bottom of its box.

        Both are the same for all characters of one font, size and matrix, unless the font has no metrics and pdfium gives each
        character the box of its ink: then their boxes differ in height, and each is asked.
        """
        members: dict[Typesetting, list[int]] = {}
        for index, key in zip(printed, self._typesettings(printed), strict=True):
            members.setdefault(key, []).append(index)
        dressed = [(Style("", 0.0, bold=False, turns=_ASKEW), 0.0)] * self.count
        for key, own in members.items():
            style, drop = self._style(key, own[0]), self._origin(own[0])[1] - bottoms[own[0]]
            self.turns[style.turns] += len(own)
            heights = [tops[index] - bottoms[index] for index in own]
            alike = max(heights) - min(heights) < SAME_STYLE and abs(self._origin(own[-1])[1] - bottoms[own[-1]] - drop) < SAME_STYLE
            for index in own:
                dressed[index] = style, drop if alike else self._origin(index)[1] - bottoms[index]
        return dressed

    def _typesettings(self, printed: Collection[int]) -> Iterator[Typesetting]:
        """How each printed character is set: asked once for each of pdfium's text objects, whose characters share font, size and matrix."""
        known: dict[int, Typesetting] = {}
        for index, found in zip(printed, map(_object, repeat(self.raw), printed), strict=True):
            key = known.get(found)
            if key is None:
                matrix = array("f", bytes(_FLOAT_BYTES * _MATRIX_FLOATS))
                _matrix(self.raw, index, matrix.buffer_info()[0])
                key = ((_font(found) or 0) if found else 0, _font_size(self.raw, index), *matrix[:4])
                if found:
                    known[found] = key
            yield key

    def _origin(self, index: int) -> tuple[float, float]:
        """Where a character's baseline begins."""
        point = array("d", (0.0, 0.0))
        start = point.buffer_info()[0]
        _origin(self.raw, index, start, start + point.itemsize)
        return point[0], point[1]

    def _style(self, key: Typesetting, index: int) -> Style:
        """The style of the characters with one font handle, size and matrix."""
        font, size, a, b, c, d = key
        quarters = math.degrees(math.atan2(b, a)) / 90
        turns = round(quarters) % 4 if abs(quarters - round(quarters)) < QUARTER_TURN else _ASKEW
        name, bold = self._named(font, index)
        return Style(name, round(size * math.hypot(c, d), 2), bold, turns)

    def _named(self, font: int, index: int) -> tuple[str, bool]:
        """Name and weight of a character's font, looked up once for each font."""
        if font not in self.fonts:
            name, flags = ctypes.create_string_buffer(128), ctypes.c_int()
            pdfium.FPDFText_GetFontInfo(self.text.raw, index, name, 128, flags)
            words = name.value.decode("utf-8", "replace")
            self.fonts[font] = words, _is_bold(words.lower(), pdfium.FPDFText_GetFontWeight(self.text.raw, index))
        return self.fonts[font]


def _is_bold(font: str, weight: int) -> bool:
    if _says(font, ("bold", "heavy", "black")):
        return True
    return weight > BOLD_WEIGHT and not _says(font, ("regular", "light"))


def _says(font: str, words: Iterable[str]) -> bool:
    return any(word in font for word in words)
