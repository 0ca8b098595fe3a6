"""Lines of a page, and the parts that gaps divide them into: what may be the cells of a table."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import pairwise
from statistics import median

from msgspec.structs import replace

from extractor.decode.pdf.lines import Run, is_wide
from extractor.decode.pdf.tolerances import CUT_GAP, HANGING, PART_GAP, SAME_BASELINE, SPACED_TYPE, WORD_GAP

Line = list[Run]


def set_lines(runs: Iterable[Run]) -> list[Line]:
    """Runs that stand on one baseline as a line, from left to right; lines from top to bottom."""
    lines: list[Line] = []
    for run in sorted(runs, key=lambda r: (r.base, r.left)):
        first = lines[-1][0] if lines else None
        if first is not None and abs(run.base - first.base) < SAME_BASELINE * min(run.size, first.size):
            lines[-1].append(run)
        else:
            lines.append([run])
    return [sorted(line, key=lambda r: r.left) for line in lines]


def find_parts(line: Line) -> Line:
    """The line cut where its characters stand apart: without a blank between them, or farther than any blank sets them."""
    return [part for run in line for part in ([run] if _is_spaced(run) else _divided(run, _is_apart))]


def _is_apart(gap: float, size: float, *, blank: bool) -> bool:
    return gap >= (WORD_GAP if blank else PART_GAP) * size


def cut_at(run: Run, places: list[float]) -> list[Run]:
    """A run cut at the places that it reaches over, where it leaves a little room there."""
    pieces = [run]
    for place in places:
        last = pieces[-1]
        if last.left < place < last.right:
            pieces[-1:] = cut_run(last, place - HANGING * run.size, place + HANGING * run.size)
    return pieces


def cut_run(run: Run, left: float, right: float) -> list[Run]:
    """The run cut in two at the gap that meets the strip from `left` to `right`, or whole where none does."""

    def meets(gap: float, size: float, *, blank: bool) -> bool:
        return gap >= (WORD_GAP if blank else CUT_GAP) * size

    parts = _divided(run, meets)
    for number in range(1, len(parts)):
        if parts[number - 1].right < right and parts[number].left > left:
            return [_united(parts[:number]), _united(parts[number:])]
    return [run]


def _united(parts: list[Run]) -> Run:
    return Run([glyph for part in parts for glyph in part.glyphs], parts[0].base, parts[0].size, max(part.right for part in parts))


def _divided(run: Run, cuts: Callable[..., bool]) -> list[Run]:
    """A run cut at the gaps that `cuts` tells (width, type size, whether the stream has a blank there)."""
    parts: list[Run] = []
    blank = False
    for glyph in run.glyphs:
        if glyph.char.isspace():
            blank = True
            continue
        if not parts or cuts(glyph.left - parts[-1].right, run.size, blank=blank):
            parts.append(Run([glyph], glyph.base, glyph.style.size, glyph.right))
        else:
            if blank:
                parts[-1].glyphs.append(replace(glyph, char=" ", left=parts[-1].right, right=glyph.left))
            parts[-1].add(glyph)
        blank = False
    return parts if len(parts) > 1 else [run]


def _is_spaced(run: Run) -> bool:
    """Whether most of a run's characters are set apart, as in a justified title."""
    if run.width < len(run.glyphs) * run.size:
        return False
    gaps = [b.left - a.right for a, b in pairwise(run.glyphs) if is_wide(a.char) and is_wide(b.char)]
    return len(gaps) > 1 and median(gaps) >= SPACED_TYPE * run.size
