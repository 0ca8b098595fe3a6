"""Optical character recognition of pages that hold no text: rapidocr-onnxruntime, an extra that may be missing."""

from __future__ import annotations

import statistics
from functools import cache
from typing import Any, NamedTuple

import pypdfium2

from extractor.decode.pdf.characters import Glyph, Style
from extractor.decode.pdf.lines import Run, join_runs
from extractor.decode.pdf.pages import PageText, page_line
from extractor.decode.pdf.reading_order import order_runs

_SCALE = 300 / 72
_MOST_PIXELS = 4200  # of a picture's longer side: A4 at 300 dots an inch has 3508; a larger page is drawn coarser, not in more memory
_BASELINE = 0.82  # of a box's height from its top: below lie descenders and the lower edge of Chinese characters
_TYPE = 0.85  # of a box's height: the engine draws its boxes a little wider than the type


class _Piece(NamedTuple):
    """A recognised piece of a line: its words, its box in points, how sure the engine is of it."""

    text: str
    box: tuple[float, float, float, float]
    score: float


@cache
def find_engine() -> Any:
    """The recognition engine, or None where the extra `ocr` is not installed."""
    try:
        from rapidocr_onnxruntime import RapidOCR  # noqa: PLC0415 (an extra that may be missing)
    except ImportError:
        return None
    return RapidOCR()


def recognise(engine: Any, pdf: pypdfium2.PdfDocument, number: int) -> tuple[PageText, float]:
    """The lines of a page read from its picture, columns one after the other, and how sure the engine was on the whole."""
    page = pdf[number]
    try:
        width, height = page.get_size()
        scale = min(_SCALE, _MOST_PIXELS / max(width, height))
        picture = page.render(scale=scale).to_numpy()
    finally:
        page.close()
    found, _ = engine(picture)
    pieces = [_piece(corners, text, float(score), scale) for corners, text, score in found or []]
    return PageText(width, height, _lines(pieces, width)), _confidence(pieces)


def _piece(corners: list[list[float]], text: str, score: float, scale: float) -> _Piece:
    xs, ys = [x / scale for x, _ in corners], [y / scale for _, y in corners]
    return _Piece(text, (min(xs), min(ys), max(xs), max(ys)), score)


def _confidence(pieces: list[_Piece]) -> float:
    """The mean over characters; 0 where nothing was found."""
    characters = sum(len(piece.text) for piece in pieces)
    return round(sum(piece.score * len(piece.text) for piece in pieces) / characters, 3) if characters else 0.0


def _lines(pieces: list[_Piece], width: float) -> list[Any]:
    size = statistics.median(piece.box[3] - piece.box[1] for piece in pieces) * _TYPE if pieces else 0.0
    runs = [run for piece in pieces if (run := _run(piece, round(size, 2))).glyphs]
    return [page_line(line, column=column) for column, part in order_runs(runs, width, sort=True)[0] for line in join_runs(part)]


def _run(piece: _Piece, size: float) -> Run:
    """The piece as characters of one size, spread over its box by their usual widths."""
    left, top, right, bottom = piece.box
    base = top + (bottom - top) * _BASELINE
    widths = [2 if character >= "\u2e80" else 1 for character in piece.text]
    step = (right - left) / max(1, sum(widths))
    style = Style("", size, bold=False, turns=0)
    run = Run(base=base, size=size)
    for character, width in zip(piece.text, widths, strict=True):
        if not character.isspace():
            run.add(Glyph(character, left, left + width * step, base, style))
        left += width * step
    return run
