"""Eligibility text to a tree with constraints.

Each text is read as an outline (`outline`), the languages are paired (`bilingual`), and criteria are written with the constraints
of their words (`constraints`). There is one way for all: a string, a field of a record, the sections of a page.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec import UNSET, UnsetType

from extractor.criteria.bilingual.alignment import Side, align, attach
from extractor.criteria.bilingual.disagreement import find_difference
from extractor.criteria.bilingual.pairs import Pair, unpaired
from extractor.criteria.items import structure_lists
from extractor.criteria.outline import Outline, read_outline
from extractor.criteria.outline.headings import EXCLUSION, INCLUSION, find_exclusion_words
from extractor.criteria.outline.nodes import Range
from extractor.criteria.outline.repeats import fold_statement
from extractor.criteria.outline.words import clean_block, language_of, words_of
from extractor.criteria.places import PlacedCriteria, Places
from extractor.criteria.writer import Writer, tell_unsure
from extractor.document import Doubt, Found, Item, Span
from extractor.languages import READ, text_of
from extractor.model import Criteria, Criterion, EligibilityText, Text
from extractor.normalise.folding import fold_radicals
from extractor.text import clean_long_blanks, clean_surrogates

__all__ = ["PlacedCriteria", "parse_criteria", "structure_items", "structure_list", "structure_sections", "structure_whole"]

_PREFIX = {INCLUSION: "I", EXCLUSION: "E"}
Read = dict[str, list[tuple[Outline, Places]]]  # language → its texts, read


def parse_criteria(text: str) -> Criteria:
    r"""Both lists of one eligibility text, in either language, with constraints.

    >>> parse_criteria("Inclusion Criteria:\n* Age over 18\n\nExclusion Criteria:\n* Pregnancy").exclusion[0].id
    'E1'
    """
    read = _read({"": Found(clean_long_blanks(clean_surrogates(text)), ())}, {})
    writer = Writer(traced=False)
    return Criteria(**{side: writer.criteria(_pairs(read, side), prefix, "") for side, prefix in _PREFIX.items()})


def structure_whole(found: Found, language: str = "") -> PlacedCriteria:
    """One eligibility text that holds both sections.

    >>> text = "Inclusion Criteria: 1. Age over 18. 2. Consent"
    >>> done = structure_whole(Found(text, (Span(10, 56),)))
    >>> [criterion.text.en for criterion in done.inclusion], done.provenance["/inclusion/1/text/en"]
    (['Age over 18.', 'Consent'], (Span(start=49, end=56, page=0, box=None),))
    """
    return _structure(_read({language: found}, {}), whole=True)


def structure_sections(inclusion: Mapping[str, Found], exclusion: Mapping[str, Found]) -> PlacedCriteria:
    """Texts per language, each known to be one section; where several languages are there, they are aligned.

    A text may carry its own heading, or hold the other section too.
    """
    return _structure(_read(inclusion, exclusion), whole=False)


def structure_items(items: Mapping[str, Sequence[Item]]) -> PlacedCriteria:
    """Criteria that a register keeps apart, by side; a side whose list is typed into one item is read like any other text."""
    single = {side: kept[0] for side, kept in items.items() if len(kept) == 1}
    whole = {side: single[side].texts if side in single else {} for side in _PREFIX}
    typed = _structure(_read(whole[INCLUSION], whole[EXCLUSION]), whole=False)
    if any(getattr(typed, side) for side in items if side not in single):  # a text that holds the other section too
        return structure_lists(items, _PREFIX)
    listed = structure_lists({side: kept for side, kept in items.items() if side not in single}, _PREFIX)
    numbers = tuple(span for item in single.values() for span in item.number.spans)
    by_side = {side: typed if side in single else listed for side in _PREFIX}
    return PlacedCriteria(
        by_side[INCLUSION].inclusion,
        by_side[EXCLUSION].exclusion,
        EligibilityText(**{side: _side_text(done, side) for side, done in by_side.items()}),
        {**typed.provenance, **listed.provenance},
        [*typed.doubts, *listed.doubts],
        (*typed.covered, *listed.covered, *numbers),
        typed.unmapped,
    )


def _side_text(done: PlacedCriteria, side: str) -> Text | UnsetType:
    found: Text | UnsetType = getattr(done.text, side, UNSET)
    return found


def structure_list(found: Found, prefix: str, language: str = "zh") -> PlacedCriteria:
    """A plain list of statements; the result stands in `inclusion`, its ids begin with `prefix`."""
    places = Places(found)
    outline = _outline(places.text, titled=False)
    writer = Writer()
    criteria = writer.criteria(unpaired(outline.inclusion, language, places), prefix, "/inclusion")
    return PlacedCriteria(criteria, provenance=writer.provenance, doubts=_removals([(outline, places)]), covered=_covered(writer, [places]))


def _read(inclusion: Mapping[str, Found], exclusion: Mapping[str, Found]) -> Read:
    """Every text as an outline, by language; a text whose language is not known goes by its characters."""
    read: Read = {}
    for language in dict.fromkeys((*READ, *inclusion, *exclusion)):
        for side, found in ((INCLUSION, inclusion), (EXCLUSION, exclusion)):
            if language in found:
                places = Places(found[language])
                outline = _outline(places.text, side)
                read.setdefault(language or language_of(places.text), []).append((outline, places))
    return read


def _outline(text: str, side: str = INCLUSION, *, titled: bool = True) -> Outline:
    """The outline of a text whose headings may be printed with radicals (纳⼊标准); its nodes keep the words as printed."""
    folded = fold_radicals(text)
    outline = read_outline(folded, side, titled=titled)
    if folded != text:
        nodes = [*outline.inclusion, *outline.exclusion]
        while nodes:
            node = nodes.pop()
            node.text = ""
            nodes += node.children
    return outline


def _structure(read: Read, *, whole: bool) -> PlacedCriteria:
    """Pair the languages, write both lists, and tell what a reader should know of them."""
    outlines = [pair for pairs in read.values() for pair in pairs]
    writer = Writer()
    lists: dict[str, list[Criterion]] = {}
    for side, prefix in _PREFIX.items():
        pairs = _pairs(read, side)
        lists[side] = writer.criteria(pairs, prefix, f"/{side}")
        writer.doubts += _differences(pairs, f"/{side}", both=len(read) > 1)
    doubts = [*writer.doubts, *_removals(outlines), *_headings(outlines, whole=whole), *_moved(outlines), *_unread(read)]
    text = _texts(read, writer)
    unmapped = [places.cut(bounds) for outline, places in outlines for bounds in outline.prose]
    covered = _covered(writer, [places for _, places in outlines])
    return PlacedCriteria(lists[INCLUSION], lists[EXCLUSION], text, writer.provenance, doubts, covered, unmapped)


def _pairs(read: Read, side: str) -> list[Pair]:
    """The criteria of a side, each in the languages that have it."""
    return _paired([_sides(language, pairs, side) for language, pairs in read.items()])


def _sides(language: str, read: list[tuple[Outline, Places]], side: str) -> list[Side]:
    """The lists of one language that belong to a side: a text may wrongly hold the other section too."""
    return [Side(language, nodes, places) for outline, places in read if (nodes := outline.side(side))]


def _paired(languages: list[list[Side]]) -> list[Pair]:
    """One list out of the lists of both languages; a text that holds the other section too adds what is not said yet."""
    full = [_unrepeated(sides) for sides in languages if sides]
    if len(full) < 2:
        return [pair for sides in full for side in sides for pair in unpaired(side.nodes, side.language, side.places)]
    pairs = align(full[0][0], full[1][0])
    for sides in full[2:]:
        pairs = attach(pairs, sides[0])
    return pairs + [pair for sides in full for side in sides[1:] for pair in unpaired(side.nodes, side.language, side.places)]


def _unrepeated(sides: list[Side]) -> list[Side]:
    """The lists of one language without those that say nothing new."""
    said = {fold_statement(words_of(sides[0].places.text, node)) for node in sides[0].nodes}
    rest = [side for side in sides[1:] if any(fold_statement(words_of(side.places.text, node)) not in said for node in side.nodes)]
    return [sides[0], *rest]


def _differences(pairs: list[Pair], pointer: str, *, both: bool) -> list[Doubt]:
    """What the languages disagree about, pair by pair, and what stands in one of them only."""
    doubts: list[Doubt] = []
    for n, pair in enumerate(pairs):
        place = f"{pointer}/{n}"
        words = pair.words()
        if words.keys() >= {"zh", "en"}:
            difference = find_difference(words["zh"], words["en"], pair.constraints())
            if difference:
                doubts.append(Doubt("criteria.languages_differ", place, difference, f"{words['zh']} | {words['en']}"))
        elif both and len(words) == 1:
            language = next(iter(words))
            doubts.append(Doubt("criteria.unaligned", place, f"stands in {language} only", words[language][:200]))
        doubts += _differences(pair.children, f"{place}/children", both=both)
    return doubts


def _removals(outlines: list[tuple[Outline, Places]]) -> list[Doubt]:
    """How many statements were removed, by pattern, with their lines."""
    doubts = []
    for outline, places in outlines:
        for side, pattern, nodes in outline.removed:
            lines = sorted({places.text.count("\n", 0, node.mark) + 1 for node in nodes})
            shown = f"line {lines[0]}" if len(lines) == 1 else f"lines {lines[0]}-{lines[-1]}"
            quote = " | ".join(clean_block(places.text[node.start : node.end])[:60] for node in nodes[:3])
            doubts.append(Doubt("criteria.duplicates_removed", f"/{side}", f"{len(nodes)} statements, {pattern}: {shown}", quote))
    return doubts


def _headings(outlines: list[tuple[Outline, Places]], *, whole: bool) -> list[Doubt]:
    """No heading at all, sections on withdrawal, and what may be no prose."""
    doubts = [
        Doubt(
            "criteria.withdrawal",
            f"/{EXCLUSION}",
            "a section on withdrawal is kept out of both lists",
            clean_block(places.text[slice(*bounds)])[:200],
        )
        for outline, places in outlines
        for bounds in outline.withdrawal
    ]
    doubts += [tell_unsure(unsure, places, f"/{INCLUSION}") for outline, places in outlines for unsure in outline.unsure]
    if whole and not any(outline.headings for outline, _ in outlines) and any(outline.inclusion for outline, _ in outlines):
        doubts.append(Doubt("criteria.no_heading", f"/{INCLUSION}", "no section heading: read as inclusion"))
    return doubts


def _moved(outlines: list[tuple[Outline, Places]]) -> list[Doubt]:
    """Items below an inclusion heading that went to the exclusion list."""
    message = "this stands below an inclusion heading, but says that those below it are excluded: it was put into the exclusion list"
    return [
        Doubt("criteria.moved", f"/{EXCLUSION}", message, clean_block(places.text[slice(*bounds)])[:200])
        for outline, places in outlines
        for bounds in outline.moved
    ]


def _unread(read: Read) -> list[Doubt]:
    """An exclusion heading that opened no exclusion list, once a language: its criteria may stand among the inclusion criteria."""
    doubts = []
    for pairs in read.values():
        found = next(((places, bounds) for outline, places in pairs if (bounds := _unread_heading(outline, places.text))), None)
        if found:
            places, (start, end) = found
            message = "an exclusion heading stands here, but opened no exclusion list: its criteria may stand among the inclusion criteria"
            doubts.append(Doubt("criteria.exclusion_unread", f"/{EXCLUSION}", message, clean_block(places.text[start:end])[:200]))
    return doubts


def _unread_heading(outline: Outline, text: str) -> Range | None:
    """Where such a heading stands: anywhere in a text without an exclusion list, else in the lines that were read as inclusion."""
    if not outline.exclusion:
        return next(iter(outline.exclusion_headings), None) or find_exclusion_words(text)
    for start, end in outline.blocks.get(INCLUSION, ()):
        if found := find_exclusion_words(text[start:end]):
            return start + found[0], start + found[1]
    return None


def _texts(read: Read, writer: Writer) -> EligibilityText | None:
    """The sections as printed, one block a line, repeats still in."""
    sides: dict[str, Text] = {}
    for side in _PREFIX:
        texts: dict[str, str] = {}
        for language, pairs in read.items():
            blocks = [(places, bounds) for outline, places in pairs for bounds in outline.blocks.get(side, ())]
            if blocks:
                texts[language] = "\n".join(clean_block(places.text[slice(*bounds)]) for places, bounds in blocks)
                writer.provenance[f"/text/{side}/{language}"] = tuple(span for places, bounds in blocks for span in places.locate([bounds]))
        if texts:
            sides[side] = text_of(texts)
    return EligibilityText(**sides) if sides else None


def _covered(writer: Writer, places: list[Places]) -> tuple[Span, ...]:
    return tuple(span for one in places for span in one.others(writer.used.get(id(one), (one, []))[1]))
