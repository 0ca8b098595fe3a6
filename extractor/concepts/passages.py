"""Text cut into the pieces that are read on their own: its lines, and long lines at a blank."""

from __future__ import annotations

from collections.abc import Iterator

from extractor.patterns import lazy_pattern

LONGEST = 2000  # characters; tokenising is quadratic in a run without blanks, and no criterion that reads as one is longer

_line = lazy_pattern(r"[^\r\n]+")


def split_lines(text: str) -> Iterator[tuple[int, str]]:
    r"""Each piece with the place where it starts; blanks at its ends are left out.

    >>> list(split_lines("One.\n\n  two \n"))
    [(0, 'One.'), (8, 'two')]
    """
    for match in _line.finditer(text):
        for start, end in _cuts(text, match.start(), match.end()):
            piece = text[start:end]
            if words := piece.strip():
                yield start + piece.index(words[0]), words


def _cuts(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    while end - start > LONGEST:
        cut = text.rfind(" ", start + LONGEST // 2, start + LONGEST)
        cut = start + LONGEST if cut < 0 else cut
        yield start, cut
        start = cut
    yield start, end
