"""Text to text: widths, spaces, wraps, labels. Pure functions that never fail, shared by all rooms."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

from extractor.caches import cached_when_short
from extractor.patterns import lazy_pattern

CJK = "\u2e80-\u2fdf\u3000-\u303f\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff00-\uffef"
IDEOGRAPH = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
SUSPENDED = ("and ", "or ", "to ")  # after a hyphen that stands for a later word: "low- and high-dose"
INVISIBLE = "\u200b\u200c\u200d\u2060\ufeff\u00ad"

SPACED = 3  # blanks, each behind one character, that make a line letter-spaced
LONGEST_NUMBER = 15  # digits; a float holds no more of them exactly

_END_OF_BLANKS = 32  # characters of white space kept at either end of a long run: deeper than any list is indented
_PIECE = 1 << 16  # characters that are looked at together
_long_blanks = lazy_pattern(rf"(\s{{{_END_OF_BLANKS}}})\s+(\s{{{_END_OF_BLANKS}}})")
_between_digits = lazy_pattern(r"[,，\s]")
_surrogate = lazy_pattern("[\ud800-\udfff]")
_control = lazy_pattern("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
_invisible = lazy_pattern(f"[{INVISIBLE}\x00]")
_paragraph = lazy_pattern(r"\n\s*\n\s*")
_letter_spaced = lazy_pattern(rf"(?<![{IDEOGRAPH}\w])(?:[{IDEOGRAPH}\d] ){{{SPACED},}}[{IDEOGRAPH}\d](?![{IDEOGRAPH}])")
_escape = lazy_pattern(r"\\([\\><^\[\]*.\-~)_&(#+!`{}|])")
_ideograph = lazy_pattern(f"[{IDEOGRAPH}]")
_folded_away = lazy_pattern(f"[{INVISIBLE}]+")


def has_ideograph(text: str) -> bool:
    """Whether the text holds a Chinese character."""
    return not text.isascii() and _ideograph.search(text) is not None


def count_in(digits: str, otherwise: int = 0) -> int:
    """The number that digits are, thousands marks and blanks left out; `otherwise` where they are too many to count anything.

    Python refuses to read whole numbers of some thousand digits, and a float of some hundred is infinite.

    >>> count_in("1,250"), count_in("9" * 5000)
    (1250, 0)
    """
    bare = _between_digits.sub("", digits)
    return int(bare) if bare.isdecimal() and len(bare) <= LONGEST_NUMBER else otherwise


def clean_long_blanks(text: str) -> str:
    """A run of more white space than any layout has loses its middle: the ends of its first lines and the indentation behind it stay.

    Patterns that look for white space from every place of a run would take time with the square of its length.

    >>> [len(clean_long_blanks("a" + " " * n + "b")) for n in (64, 65, 100_000)]
    [66, 66, 66]
    """
    step = _END_OF_BLANKS  # a long run holds a whole step, wherever it begins
    if any(text[at : at + step].isspace() for at in range(0, len(text) - step + 1, step)):
        return _long_blanks.sub(r"\1\2", text)
    return text


def clean_controls(text: str) -> str:
    r"""Text that can be shown on a terminal: what moves the cursor, colours, turns or breaks lines is written as an escape.

    >>> print(clean_controls("a\x1b[31mb\nc\u202egnp"))
    a\x1b[31mb\nc\u202egnp
    """
    return _control.sub(lambda match: match.group().encode("unicode_escape").decode("ascii"), text)


def clean_surrogates(text: str) -> str:
    r"""Halves of characters, which no encoding can write, become U+FFFD.

    >>> clean_surrogates("a\ud800b")
    'a\ufffdb'
    """
    return _surrogate.sub("\ufffd", text)


def printed_pieces(text: str) -> Iterator[str]:
    r"""A text without its white space, piece by piece: the words of a long one, or its folding, take ten times its memory.

    >>> list(printed_pieces("a\u00a0 b \n  c "))
    ['abc']
    """
    for at in range(0, len(text), _PIECE):
        yield "".join(text[at : at + _PIECE].split())


def clean_spaces(text: str) -> str:
    r"""Runs of white space become one blank, lines lose theirs at both ends; line feeds stay.

    >>> clean_spaces("a\u00a0 b \n  c ")
    'a b\nc'
    """
    if not text.isascii() and not text.isprintable():  # as no text is that holds an invisible character
        text = _invisible.sub("", text)
    return "\n".join([" ".join(line.split()) for line in text.split("\n")]).strip() if "\n" in text else " ".join(text.split())


def clean_wraps(text: str) -> str:
    r"""One line out of wrapped ones: no blank between two CJK characters, one otherwise.

    >>> clean_wraps("e-\nGFR at\nbaseline, 血小\n板")
    'e-GFR at baseline, 血小板'
    """
    if text.isascii() and "-\n" not in text:
        return " ".join(text.split())
    text = clean_spaces(text)
    if "\n" not in text:
        return text
    joined: list[str] = []
    for line in text.split("\n"):
        if line:
            joined += (_joint(joined[-1], line), line) if joined else (line,)
    return "".join(joined)


def _joint(before: str, after: str) -> str:
    """What stands between two lines of one paragraph: nothing inside CJK text and behind a hyphen that is part of a name."""
    if before[-1] == "-" and before[-2:-1].isalnum() and after[0].isalnum() and not after.startswith(SUSPENDED):
        return ""
    return "" if _is_cjk(before[-1]) and _is_cjk(after[0]) else " "


def _is_cjk(character: str) -> bool:
    return "\u2e80" <= character <= "\u9fff" or "\uf900" <= character <= "\ufaff" or "\uff00" <= character <= "\uffef"


def clean_paragraphs(text: str) -> str:
    r"""Wraps joined inside paragraphs; an empty line between paragraphs becomes one line feed.

    >>> clean_paragraphs("one\ntwo\n\nthree")
    'one two\nthree'
    """
    return "\n".join(filter(None, (clean_wraps(p) for p in _paragraph.split(text))))


def clean_letter_spacing(text: str) -> str:
    """Closes up lines whose CJK characters were set apart: four or more single characters with one blank between.

    >>> clean_letter_spacing("对 22 例 终 末 期 肾 病")
    '对 22 例终末期肾病'
    """
    return text if text.isascii() or text.count(" ") < SPACED else _letter_spaced.sub(lambda m: m.group().replace(" ", ""), text)


def clean_escapes(text: str) -> str:
    r"""Takes the backslash off Markdown escapes.

    >>> clean_escapes(r"age \> 18 \[years\]")
    'age > 18 [years]'
    """
    return _escape.sub(r"\1", text) if "\\" in text else text


@cached_when_short(2048)
def fold_label(text: str) -> str:
    r"""A label as tables hold it: widths folded, no white space, no closing colon, lower case.

    >>> fold_label("注册号：") == fold_label("注册号:")
    True
    >>> fold_label("Study leader's \n telephone：")
    "studyleader'stelephone"
    """
    text = unicodedata.normalize("NFKC", text).replace("’", "'")
    text = "".join(text.split())
    return (text if text.isprintable() else _folded_away.sub("", text)).rstrip(":").casefold()
