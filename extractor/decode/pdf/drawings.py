"""What a PDF page draws besides text: straight rules, and boxes filled with a shade."""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import pypdfium2
import pypdfium2.raw as pdfium

from extractor.decode.pdf.tolerances import DEEPEST_FORM, FAINT, RULE_THICKNESS


class Rule(NamedTuple):
    """A straight line, or a thin filled box drawn as one: horizontal where `top` equals `bottom`, else vertical."""

    left: float
    top: float
    right: float
    bottom: float


class Shade(NamedTuple):
    """A box filled with a colour that is neither white nor dark: the ground of a table's heading or of every other row."""

    left: float
    top: float
    right: float
    bottom: float


def read_drawings(page: pypdfium2.PdfPage) -> tuple[list[Rule], list[Shade]]:
    """The thin straight paths of a page, the sides of its stroked boxes, and its shaded boxes, in user space."""
    rules: list[Rule] = []
    shades: list[Shade] = []
    edges = [ctypes.c_float() for _ in range(4)]
    for path in _paths(page.raw, pdfium.FPDFPage_CountObjects, pdfium.FPDFPage_GetObject, 0):
        if pdfium.FPDFPageObj_GetBounds(path, *edges):
            left, bottom, right, top = (edge.value for edge in edges)
            rules += _sides(path, left, bottom, right, top)
            if min(right - left, top - bottom) > RULE_THICKNESS and _is_shade(path):
                shades.append(Shade(left, bottom, right, top))
    return rules, shades


def _paths(holder: Any, count: Callable[[Any], int], get: Callable[[Any, int], Any], depth: int) -> Iterator[Any]:
    """The drawn paths of a page, those inside forms too."""
    for number in range(count(holder)):
        item = get(holder, number)
        kind = pdfium.FPDFPageObj_GetType(item)
        if kind == pdfium.FPDF_PAGEOBJ_PATH:
            yield item
        elif kind == pdfium.FPDF_PAGEOBJ_FORM and depth < DEEPEST_FORM:
            yield from _paths(item, pdfium.FPDFFormObj_CountObjects, pdfium.FPDFFormObj_GetObject, depth + 1)


def _sides(path: Any, left: float, bottom: float, right: float, top: float) -> list[Rule]:
    """A thin path as one rule, a stroked box as four, anything else as none."""
    wide, tall = right - left > RULE_THICKNESS, top - bottom > RULE_THICKNESS
    if tall and not wide:
        return [Rule((left + right) / 2, bottom, (left + right) / 2, top)]
    if not tall:
        return [Rule(left, (top + bottom) / 2, right, (top + bottom) / 2)]
    if not _is_stroked_box(path):
        return []
    return [Rule(left, bottom, right, bottom), Rule(left, top, right, top), Rule(left, bottom, left, top), Rule(right, bottom, right, top)]


def _draw_mode(path: Any) -> tuple[int, int]:
    """How a path is filled (0: not at all), and whether it is stroked."""
    fill, stroke = ctypes.c_int(), ctypes.c_int()
    pdfium.FPDFPath_GetDrawMode(path, fill, stroke)
    return fill.value, stroke.value


def _is_stroked_box(path: Any) -> bool:
    return bool(_draw_mode(path)[1]) and pdfium.FPDFPath_CountSegments(path) in (4, 5)


def _is_shade(path: Any) -> bool:
    """Whether a path is filled with something paler than type and darker than paper."""
    if not _draw_mode(path)[0] or pdfium.FPDFPath_CountSegments(path) not in (4, 5):
        return False
    red, green, blue, alpha = (ctypes.c_uint() for _ in range(4))
    if not pdfium.FPDFPageObj_GetFillColor(path, red, green, blue, alpha):
        return False
    light = (red.value * 299 + green.value * 587 + blue.value * 114) / 1000  # brightness as the W3C's accessibility notes weigh it
    return FAINT[0] <= light <= FAINT[1] and alpha.value > 0
