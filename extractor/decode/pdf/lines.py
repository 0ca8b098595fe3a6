"""Characters of a page to printed lines: raised and lowered type, blanks by distance, letter-spacing closed up."""

from __future__ import annotations

import statistics
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import pairwise

from extractor.decode.pdf.characters import Glyph

_SUPERSCRIPTS = str.maketrans("0123456789+-−=()abcdefghijklmnoprstuvwxyz", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻ")
_SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
_SMALL = 0.85
_RAISED = 0.12
_BLANK = 0.22
_CELL_GAP = 1.6
_SAME_LINE = 0.45
_FAR_BACK = 0.6


@dataclass(slots=True)
class Run:
    """Characters that follow one another on one baseline without a wide gap."""

    glyphs: list[Glyph] = field(default_factory=list)
    base: float = 0.0
    size: float = 0.0
    right: float = 0.0

    @property
    def left(self) -> float:
        """The left edge of its first character."""
        return self.glyphs[0].left

    @property
    def centre(self) -> float:
        """The middle between its edges."""
        return (self.left + self.right) / 2

    @property
    def bold(self) -> bool:
        """Whether most of it is bold."""
        return sum(g.style.bold for g in self.glyphs) * 2 > len(self.glyphs)

    def add(self, glyph: Glyph) -> None:
        """Takes one more character; the largest type sets the baseline."""
        if glyph.style.size > self.size * 1.05:
            self.size, self.base = glyph.style.size, glyph.base
        self.glyphs.append(glyph)
        self.right = max(self.right, glyph.right)


@dataclass(slots=True)
class Printed:
    """A printed line: its runs from left to right."""

    runs: list[Run]

    @property
    def base(self) -> float:
        """The baseline of its largest run."""
        return max(self.runs, key=lambda run: (run.size, len(run.glyphs))).base

    @property
    def size(self) -> float:
        """The size that most of its characters have, in points."""
        return max(self.runs, key=lambda run: len(run.glyphs)).size

    @property
    def left(self) -> float:
        """Its left edge."""
        return self.runs[0].left

    @property
    def right(self) -> float:
        """Its right edge."""
        return max(run.right for run in self.runs)


def split_runs(glyphs: Iterable[Glyph]) -> list[Run]:
    """Runs in the order of the page's stream."""
    runs: list[Run] = []
    for glyph in glyphs:
        if glyph.char.isspace() and (not runs or glyph.left > runs[-1].right + _CELL_GAP * max(runs[-1].size, 1)):
            continue
        if not runs or not _follows(runs[-1], glyph):
            runs.append(Run(base=glyph.base, size=glyph.style.size, right=glyph.right))
        runs[-1].add(glyph)
    return [run for run in map(_trimmed, runs) if run.glyphs]


def _trimmed(run: Run) -> Run:
    while run.glyphs and run.glyphs[-1].char.isspace():
        run.glyphs.pop()
    while run.glyphs and run.glyphs[0].char.isspace():
        run.glyphs.pop(0)
    run.right = max((g.right for g in run.glyphs), default=0.0)
    return run


def _follows(run: Run, glyph: Glyph) -> bool:
    size = max(run.size, glyph.style.size, 1.0)
    if abs(glyph.base - run.base) > _FAR_BACK * size:
        return False
    small = glyph.style.size < _SMALL * run.size or run.size < _SMALL * glyph.style.size
    if not small and abs(glyph.base - run.base) > 0.2 * size:
        return False
    last = next((g for g in reversed(run.glyphs) if not g.char.isspace()), run.glyphs[-1])
    return -_FAR_BACK * size <= glyph.left - run.right and glyph.left - last.right <= _CELL_GAP * size


def join_runs(runs: Iterable[Run]) -> list[Printed]:
    """Runs that stand side by side on one baseline, and follow one another in the stream, as lines."""
    lines: list[Printed] = []
    for run in runs:
        line = lines[-1] if lines else None
        if line and abs(run.base - line.base) <= _SAME_LINE * max(run.size, line.size) and run.left >= line.right - run.size * 0.3:
            line.runs.append(run)
        else:
            lines.append(Printed([run]))
    return lines


def line_text(line: Printed) -> tuple[str, list[float], list[tuple[int, int]]]:
    """A line's text, the left edge of each character (and the right edge of the last), and where each run stands in it."""
    text: list[str] = []
    edges: list[float] = []
    places: list[tuple[int, int]] = []
    for run in line.runs:
        if text:
            text.append("\t")
            edges.append((places and edges[-1]) or run.left)
        start = len(text)
        _spell(run, line, text, edges)
        places.append((start, len(text)))
    return "".join(text), [*edges, line.right], places


def _spell(run: Run, line: Printed, text: list[str], edges: list[float]) -> None:
    """Adds the characters of a run, with the blanks that its gaps mean."""
    usual = _usual_gap(run)
    last: Glyph | None = None
    for glyph in run.glyphs:
        if glyph.char.isspace():
            if last is not None and text[-1] != " ":
                text.append(" ")
                edges.append(glyph.left)
            continue
        if last is not None and text[-1] != " " and _is_gap(last, glyph, usual):
            text.append(" ")
            edges.append(last.right)
        for character in _written(glyph, run, line):
            text.append(character)
            edges.append(glyph.left)
        last = glyph


def _is_gap(last: Glyph, glyph: Glyph, usual: float) -> bool:
    gap = glyph.left - last.right
    size = min(last.style.size, glyph.style.size)
    if _wide(last.char) and _wide(glyph.char):
        return gap > max(0.6 * size, usual + 0.5 * size)
    return gap > max(_BLANK * size, usual + 0.1 * size)


def _wide(character: str) -> bool:
    return "\u2e80" <= character <= "\u9fff" or "\uf900" <= character <= "\uffef"


def _usual_gap(run: Run) -> float:
    """The distance at which a letter-spaced run sets its Chinese characters."""
    gaps = [b.left - a.right for a, b in pairwise(run.glyphs) if _wide(a.char) and _wide(b.char)]
    return max(0.0, statistics.median(gaps)) if len(gaps) >= 3 else 0.0


def _written(glyph: Glyph, run: Run, line: Printed) -> str:
    """A character, as superscript or subscript where it is small and off the baseline; footnote letters raised too."""
    size = max(run.size, line.size)
    if glyph.style.size >= _SMALL * size:
        return glyph.char
    lift = line.base - glyph.base
    if lift > _RAISED * size:
        return glyph.char.translate(_SUPERSCRIPTS)
    return glyph.char.translate(_SUBSCRIPTS) if lift < -0.04 * size else glyph.char
