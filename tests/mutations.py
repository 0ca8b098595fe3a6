"""Documents spoiled so little that they stay recognisable: values, lines, cells, attributes, tags, operators, encodings.

`mutant(seed, number)` is the same for ever: its form is drawn first, all forms alike, then a sample of the form, then what is done to it.
"""

from __future__ import annotations

import json
import random
import re
import string
import zipfile
import zlib
from collections.abc import Callable
from functools import cache
from io import BytesIO
from typing import Any, NamedTuple

from documents import BROKEN, documents, shown

LONGEST = 20_000  # characters that are put in at a time
HEAVY = 2  # of so many mutants one is spoiled by something long

# What is put in place of a value, into it or behind it; "%" stands for a number.
TOKENS = (
    "9" * 30, "9" * 400, "0" * 400, "1" * 4301, "-1", "1e999", "NaN", "1.2.3.4", "00:00", "31.02.2099", "9999-99-99", "2020年13月40日", "N/A", "无", "", " ", "\u3000" * 3,
    "\u200b", "\ufeff", "\u202egnp", "\x1b[31m", "\x07", "\x00", "\r", "\x0b", "\x85", "\u2028", "\ud7ff", "\U0010ffff", "𠀀", "é" * 5, "ﬁ", "①", "㈠", "Ⅳ", "½", "１２",
    "&lt;", "&amp;amp;", "&#0;", "&#x110000;", "&#" + "9" * 4301 + ";", "&nosuch;", "<b>", "</td>", "<br", "<!--", "]]>", "{{", "}", "[", "\\", "\\n", '"', "'", "`", "%s", "%n",
    "≥ 18 years", "18-", "<<5", ">=>=", "1.5.6 × 10^9/L", "10^99999", "2 × ULN", "ULN ×", "within -5 days", "≥", "至少", "年龄≥18岁", "(", "（", ")", "）", "【", "】", "[N=12]", "1.", "1)",
    "(1)", "1、", "* ", "- ", "•", "a.", "i.", "IV.", "A)", "Inclusion Criteria:", "Exclusion Criteria", "纳入标准：", "排除标准", "适应症", "NCT09999999", "ChiCTR2699000099", "CTR20990001",
    "../../etc/passwd", "file:///etc/passwd", "javascript:alert(1)", "=1+1", "@SUM(1)", "'; DROP TABLE t; --",
)  # fmt: skip
REPEATED = (" ", "\n", "\t", "\u3000", "a", "A", "1", "1.", "1,", "a ", "1 ", "(", ")", "（", "[", "{", "<", "<a ", '"', "'", ".", "-", "，", "、", "：", ":", "/", "*", "≥", ">", "1-", "10^",
            "a.", "&", "&#", "=", "\\", "①", "a-", "or ", "1)", "_", "|", ";", " ,", "+", "~", "%", "年", "癌", "a=1 ", "<b>", "<td>", "x:y ", "1.1.", "\n* ", "\n1. ", "\n  ", "≥1 ", "18岁", "，或")  # fmt: skip
ENCODINGS = ("gb18030", "utf-16", "utf-16-le", "utf-8-sig", "latin-1", "utf-32", "big5", "shift_jis")
DECLARED = (
    "gb2312",
    "utf-7",
    "hex",
    "rot13",
    "unicode_escape",
    "idna",
    "punycode",
    "utf-16",
    "x\x00y",
    "no-such",
    "undefined",
    "zlib",
    "mbcs",
    "",
)

Dice = random.Random
Text = Callable[[str, Dice], str]


class Mutant(NamedTuple):
    """A spoiled document: its bytes, a file name, and how it came about."""

    data: bytes
    name: str
    origin: str


@cache
def forms() -> dict[str, list[tuple[str, bytes]]]:
    """Source and format → samples as (name, bytes)."""
    found: dict[str, list[tuple[str, bytes]]] = {}
    for path in documents():
        found.setdefault(f"{path.parent.name} {path.suffix}", []).append((shown(path), path.read_bytes()))
    found["broken"] = [
        (shown(path), path.read_bytes()) for path in sorted(BROKEN.iterdir()) if path.suffix != ".tsv" and path.stat().st_size < 50_000
    ]
    return dict(sorted(found.items()))


def mutant(seed: int, number: int) -> Mutant:
    """One mutant, by the seed of a run and its number."""
    dice = random.Random(f"{seed} {number}")
    form = dice.choice(list(forms()))
    name, data = dice.choice(forms()[form])
    done: list[str] = []
    for _ in range(dice.choice((1, 1, 2, 3))):
        data, what = _spoil(data, name, dice)
        done.append(what)
    return Mutant(data, name.rpartition("/")[2], f"{seed} {number} {name}: {', '.join(done)}")


def _spoil(data: bytes, name: str, dice: Dice) -> tuple[bytes, str]:
    suffix = name.rpartition(".")[2]
    if suffix == "xlsx" and data.startswith(b"PK"):
        return _spoil_book(data, dice)
    if suffix == "pdf":
        return _spoil_pdf(data, dice)
    ways: list[Callable[..., Any]] = [*TEXTS, *BY_SUFFIX.get(suffix, ()), _encode, _flip]
    way = dice.choice(ways)
    if way in (_encode, _flip):
        return way(data, dice), way.__name__
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        text = data.decode("latin-1")
    return way(text, dice).encode("utf-8", "surrogatepass"), way.__name__


def _spot(pattern: re.Pattern[str], text: str, dice: Dice) -> tuple[int, int]:
    """Where one of the matches stands; any place where there is none."""
    found = [match.span() for match in pattern.finditer(text)]
    at = dice.randrange(len(text) + 1)
    return dice.choice(found) if found else (at, at)


_word = re.compile(r"[^\s<>\"{}\[\],:=]+")
_number = re.compile(r"\d+")
_value = re.compile(r"(?<=[:：>\t,\"])[^<>\"\n\t]{2,}")
_element = re.compile(r"<(/?[A-Za-z][^<>]*)>")
_attribute = re.compile(r"(?<=<)[A-Za-z]\w*")


def _something(dice: Dice) -> str:
    """A token, or a fragment many times over."""
    if dice.randrange(HEAVY):
        return dice.choice(TOKENS)
    fragment = dice.choice(REPEATED)
    return fragment * min(LONGEST // len(fragment), round(10 ** dice.uniform(0, 4.3)))


def replace_word(text: str, dice: Dice) -> str:
    """A word becomes something else."""
    start, end = _spot(_word, text, dice)
    return text[:start] + _something(dice) + text[end:]


def replace_number(text: str, dice: Dice) -> str:
    """A number becomes something else."""
    start, end = _spot(_number, text, dice)
    return text[:start] + _something(dice) + text[end:]


def spoil_value(text: str, dice: Dice) -> str:
    """Something is put before, behind or in the middle of a value."""
    start, end = _spot(_value, text, dice)
    at = dice.choice((start, end, (start + end) // 2))
    return text[:at] + _something(dice) + text[at:]


def empty_value(text: str, dice: Dice) -> str:
    """A value is gone."""
    start, end = _spot(_value, text, dice)
    return text[:start] + text[end:]


def swap_values(text: str, dice: Dice) -> str:
    """Two values change places."""
    (a, b), (c, d) = sorted((_spot(_value, text, dice), _spot(_value, text, dice)))
    return text if b > c else text[:a] + text[c:d] + text[b:c] + text[a:b] + text[d:]


def spoil_lines(text: str, dice: Dice) -> str:
    """A line is left out, doubled, moved, joined with the next or cut."""
    lines = text.split("\n")
    at = dice.randrange(len(lines))
    line = lines.pop(at)
    kind = dice.randrange(5)
    if kind == 1:
        lines[at:at] = [line] * dice.choice((2, 2, 3, 50))
    elif kind == 2:
        lines.insert(dice.randrange(len(lines) + 1), line)
    elif kind == 3:
        lines[at : at + 1] = [line + lines[at] if at < len(lines) else line]
    elif kind == 4:
        cut = dice.randrange(len(line) + 1)
        lines[at:at] = [line[:cut], line[cut:]]
    return "\n".join(lines)


def shuffle_few(text: str, dice: Dice) -> str:
    """A few neighbouring lines change places."""
    lines = text.split("\n")
    at = dice.randrange(len(lines))
    few = lines[at : at + 6]
    dice.shuffle(few)
    return "\n".join((*lines[:at], *few, *lines[at + 6 :]))


def repeat_piece(text: str, dice: Dice) -> str:
    """A piece of the document itself comes again and again."""
    start = dice.randrange(len(text) + 1)
    piece = text[start : start + dice.choice((5, 40, 300))]
    return text[:start] + piece * min(LONGEST // max(1, len(piece)), dice.choice((2, 5, 30))) + text[start:]


def cut_off(text: str, dice: Dice) -> str:
    """The end is missing."""
    return text[: round(len(text) * dice.uniform(0.3, 1))]


def spoil_tags(text: str, dice: Dice) -> str:
    """A tag is left out, doubled, or renamed."""
    start, end = _spot(_element, text, dice)
    tag = text[start:end]
    instead = dice.choice(
        (
            "",
            tag * 2,
            tag.replace("/", "", 1),
            tag.upper(),
            re.sub(r"\w+", dice.choice(("td", "tr", "table", "x", "pre", "ol")), tag, count=1),
        )
    )
    return text[:start] + instead + text[end:]


def add_attributes(text: str, dice: Dice) -> str:
    """An element has attributes of all kinds, some many times."""
    _, end = _spot(_attribute, text, dice)
    count = dice.choice((1, 2, 20, 2000))
    more = "".join(f' {dice.choice(string.ascii_letters)}{at % 700}="{dice.choice(TOKENS[10:30])}"' for at in range(count))
    return text[:end] + more.replace("\x00", "") + text[end:]


def spoil_cells(text: str, dice: Dice) -> str:
    """A cell is left out, doubled, or loses a quotation mark."""
    start, end = _spot(re.compile(r'(?:^|[,\t])(?:"[^"]*"|[^,\t\n"]*)', re.MULTILINE), text, dice)
    cell = text[start:end]
    return text[:start] + dice.choice(("", cell * 2, cell.replace('"', "", 1), cell + '"', cell + _something(dice))) + text[end:]


def spoil_json(text: str, dice: Dice) -> str:
    """A value of the tree becomes one of another kind, or its key another."""
    try:
        root = json.loads(text)
    except ValueError:
        return replace_word(text, dice)
    places: list[tuple[Any, Any]] = []
    stack = [root]
    while stack:
        node = stack.pop()
        items = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
        for key, value in items:
            places.append((node, key))
            stack.append(value)
    if places:
        node, key = dice.choice(places)
        old = node[key]
        node[key] = dice.choice((None, True, 0, -1.5, 10**400, "", [], {}, [old], {"x": old}, [old, old], str(old), _something(dice), old))
        if isinstance(node, dict) and not dice.randrange(6):
            node[dice.choice(("", "x", str(key).lower(), _something(dice)[:40]))] = node.pop(key)
    return json.dumps(root, ensure_ascii=bool(dice.randrange(2)), indent=dice.choice((None, None, 1)))


def declare(text: str, dice: Dice) -> str:
    """The document says something else of its encoding."""
    name = dice.choice(DECLARED)
    if text.lstrip().startswith("<?xml"):
        return re.sub(r"<\?xml[^>]*\?>", lambda _: f'<?xml version="1.0" encoding="{name}"?>', text, count=1) + dice.choice(("", "\udce9"))
    return f'<meta charset="{name}">' + text + dice.choice(("", "\udce9"))


TEXTS: tuple[Text, ...] = (replace_word, replace_number, spoil_value, spoil_value, empty_value, swap_values, spoil_lines, spoil_lines, shuffle_few, repeat_piece, cut_off)  # fmt: skip
BY_SUFFIX: dict[str, tuple[Text, ...]] = {
    "html": (spoil_tags, spoil_tags, add_attributes, declare),
    "xml": (spoil_tags, add_attributes, declare),
    "csv": (spoil_cells, spoil_cells, spoil_cells),
    "json": (spoil_json, spoil_json, spoil_json, spoil_json),
}


def _encode(data: bytes, dice: Dice) -> bytes:
    """The same in another encoding."""
    return data.decode("utf-8", "replace").encode(dice.choice(ENCODINGS), "replace")


def _flip(data: bytes, dice: Dice) -> bytes:
    """A few bytes are others."""
    spoiled = bytearray(data)
    for _ in range(dice.choice((1, 1, 3, 20))):
        if spoiled:
            spoiled[dice.randrange(len(spoiled))] = dice.randrange(256)
    return bytes(spoiled)


def _spoil_book(data: bytes, dice: Dice) -> tuple[bytes, str]:
    """A part of a workbook is spoiled as XML is."""
    out = BytesIO()
    try:
        with zipfile.ZipFile(BytesIO(data)) as book, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as changed:
            names = [name for name in book.namelist() if name.startswith("xl/")] or book.namelist()
            chosen = dice.choice(names)
            way = dice.choice((*TEXTS, spoil_tags, add_attributes, _cell_names, replace_number))
            for name in book.namelist():
                part = book.read(name)
                changed.writestr(
                    name, way(part.decode("utf-8", "replace"), dice).encode("utf-8", "surrogatepass") if name == chosen else part
                )
    except (zipfile.BadZipFile, zlib.error, IndexError, NotImplementedError, RuntimeError, EOFError, ValueError, OSError):
        return _flip(data, dice), "_flip"
    return (_flip(data, dice), "_flip") if not dice.randrange(5) else (out.getvalue(), f"{chosen} {way.__name__}")


def _cell_names(text: str, dice: Dice) -> str:
    """A cell says that it stands elsewhere."""
    start, end = _spot(re.compile(r'(?<=r=")[A-Z]+\d+'), text, dice)
    return text[:start] + dice.choice(("ZZZ1", "XFD1048576", "AAAA1", "A0", "1", "", "Ä1", "A" * 50)) + text[end:]


def _spoil_pdf(data: bytes, dice: Dice) -> tuple[bytes, str]:
    """A number, an operator or a line of a PDF is another; its places in the file are found again by whoever reads it."""
    text = data.decode("latin-1")
    kind = dice.randrange(5)
    if kind == 0:
        start, end = _spot(re.compile(r"(?<=[ \[<])-?\d+(?:\.\d+)?(?=[ \]>])"), text, dice)
        text = text[:start] + dice.choice(("0", "-1", "1e9", "99999", "0.0001", "")) + text[end:]
    elif kind == 1:
        start, end = _spot(re.compile(r"(?<= )(?:T[a-zA-Z*]|[a-zA-Z]{1,2})(?=[ \n])"), text, dice)
        text = text[:start] + dice.choice(("Tj", "Td", "Tm", "q", "Q", "cm", "Do", "re", "f", "BT", "ET", "")) + text[end:]
    elif kind == 2:
        text = spoil_lines(text, dice)
    elif kind == 3:
        start, end = _spot(re.compile(r"(?<=<)[0-9a-fA-F]{4,}(?=>)"), text, dice)
        text = text[:start] + dice.choice((text[start:end] * 20, "0000", "d83d", "ffff", "")) + text[end:]
    else:
        return _flip(data, dice), "_flip"
    return text.encode("latin-1", "replace"), f"pdf {kind}"
