"""Characters of a page to printed lines: raised and lowered type, blanks by distance, letter-spacing closed up."""

from __future__ import annotations

import statistics
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import pairwise

from extractor.decode.pdf.characters import Glyph
from extractor.decode.pdf.tolerances import (
    BLANK,
    CELL_GAP,
    FAR_BACK,
    LARGER,
    LOWERED,
    OTHER_BASELINE,
    OVERLAP,
    RAISED,
    SAME_LINE,
    SMALL_TYPE,
    SPACED_OUT,
    WIDE_BLANK,
)

_SUPERSCRIPTS = str.maketrans("0123456789+-−=()abcdefghijklmnoprstuvwxyz", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻ")
_SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")


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
        return (self.glyphs[0].left + self.right) / 2

    @property
    def width(self) -> float:
        """The distance between its edges."""
        return self.right - self.glyphs[0].left

    @property
    def bold(self) -> bool:
        """Whether most of it is bold."""
        return sum(g.style.bold for g in self.glyphs) * 2 > len(self.glyphs)

    @property
    def text(self) -> str:
        """Its characters as they stand in the stream."""
        return "".join([g.char for g in self.glyphs])

    def add(self, glyph: Glyph) -> None:
        """Takes one more character; the largest type sets the baseline."""
        if glyph.style.size > self.size * LARGER:
            self.size, self.base = glyph.style.size, glyph.base
        self.glyphs.append(glyph)
        if glyph.right > self.right:  # noqa: PLR1730 (runs once a character: a call costs more)
            self.right = glyph.right


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
    run: Run | None = None
    for glyph in glyphs:
        if (
            run is not None
            and glyph.base == run.base
            and glyph.style.size == run.size
            and -FAR_BACK * run.size <= glyph.left - run.right <= 0
        ):
            run.glyphs.append(glyph)  # as `add` does: by far the most characters
            if glyph.right > run.right:  # noqa: PLR1730 (runs once a character: a call costs more)
                run.right = glyph.right
        else:
            run = _placed(run, glyph, runs)
    for run in runs:
        _trim(run)
    return runs


def _placed(run: Run | None, glyph: Glyph, runs: list[Run]) -> Run | None:
    """The run that a character goes on with or begins; a blank begins none and is left out at a wide gap."""
    blank = glyph.char.isspace()
    if run is None or not _follows(run, glyph):
        if blank:
            return run
        run = Run([glyph], glyph.base, glyph.style.size, glyph.right)
        runs.append(run)
    elif not blank or glyph.left <= run.right + CELL_GAP * max(run.size, 1):
        run.add(glyph)
    return run


def _trim(run: Run) -> None:
    """Takes the blanks off a run's end; it never begins with one."""
    if run.glyphs[-1].char.isspace():
        while run.glyphs[-1].char.isspace():
            run.glyphs.pop()
        run.right = max(g.right for g in run.glyphs)


def _follows(run: Run, glyph: Glyph) -> bool:
    """Whether a character goes on with a run: on its baseline or raised from it, no wide gap and no leap back before it."""
    size, own = run.size, glyph.style.size
    larger = max(own, size, 1.0)
    gap = glyph.left - run.right
    if abs(glyph.base - run.base) > FAR_BACK * larger:
        return False
    small = own < SMALL_TYPE * size or size < SMALL_TYPE * own
    if not small and abs(glyph.base - run.base) > OTHER_BASELINE * larger:
        return False
    last = next((g for g in reversed(run.glyphs) if not g.char.isspace()), run.glyphs[-1])
    return -FAR_BACK * larger <= gap and glyph.left - last.right <= CELL_GAP * larger


def join_runs(runs: Iterable[Run]) -> list[Printed]:
    """Runs that stand side by side on one baseline, and follow one another in the stream, as lines."""
    lines: list[Printed] = []
    for run in runs:
        line = lines[-1] if lines else None
        if line and abs(run.base - line.base) <= SAME_LINE * max(run.size, line.size) and run.left >= line.right - run.size * OVERLAP:
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


def _stands_off(last: Glyph, glyph: Glyph, written: str) -> bool:
    """Whether a character stands apart from the one before it, and no blank is written between them yet."""
    return written != " " and glyph.left - last.right > BLANK * min(glyph.style.size, last.style.size)


def _spell(run: Run, line: Printed, text: list[str], edges: list[float]) -> None:
    """Adds the characters of a run, with the blanks that its gaps mean."""
    usual = -1.0  # not measured yet: most runs have no gap to compare it with
    full = SMALL_TYPE * max(run.size, line.size)
    last: Glyph | None = None
    for glyph in run.glyphs:
        if glyph.char.isspace():
            if last is not None and text[-1] != " ":
                text.append(" ")
                edges.append(glyph.left)
            continue
        if last is not None and _stands_off(last, glyph, text[-1]):
            usual = _usual_gap(run) if usual < 0 else usual
            if _is_gap(last, glyph, usual):
                text.append(" ")
                edges.append(last.right)
        if glyph.style.size >= full and len(glyph.char) == 1:
            text.append(glyph.char)
            edges.append(glyph.left)
        else:
            written = _written(glyph, run, line)
            text += written
            edges += [glyph.left] * len(written)
        last = glyph


def _is_gap(last: Glyph, glyph: Glyph, usual: float) -> bool:
    """Whether the distance between two characters is a blank, beside the `usual` distance of a letter-spaced run."""
    gap = glyph.left - last.right
    size = min(last.style.size, glyph.style.size)
    if is_wide(last.char) and is_wide(glyph.char):
        return gap > max(WIDE_BLANK * size, usual + SPACED_OUT[0] * size)
    return gap > max(BLANK * size, usual + SPACED_OUT[1] * size)


def is_wide(character: str) -> bool:
    """Whether a character takes a whole em: Chinese and full-width signs."""
    return "\u2e80" <= character <= "\u9fff" or "\uf900" <= character <= "\uffef"


def _usual_gap(run: Run) -> float:
    """The distance at which a letter-spaced run sets its Chinese characters."""
    gaps = [b.left - a.right for a, b in pairwise(run.glyphs) if is_wide(a.char) and is_wide(b.char)]
    return max(0.0, statistics.median(gaps)) if len(gaps) >= 3 else 0.0


def _written(glyph: Glyph, run: Run, line: Printed) -> str:
    """A character, as superscript or subscript where it is small and off the baseline; footnote letters raised too."""
    size = max(run.size, line.size)
    if glyph.style.size >= SMALL_TYPE * size:
        return glyph.char
    lift = line.base - glyph.base
    if lift > RAISED * size:
        return glyph.char.translate(_SUPERSCRIPTS)
    return glyph.char.translate(_SUBSCRIPTS) if lift < LOWERED * size else glyph.char
