"""Fragments that, repeated, keep careless patterns busy, and every way that text takes through the package."""

from __future__ import annotations

import html
import json
from collections.abc import Callable, Iterator
from functools import cache, partial

from documents import SAMPLES, content, records

import extractor
from extractor.criteria import parse_criteria
from extractor.criteria.constraints import parse_constraints
from extractor.pipeline import Options

FRAGMENTS = (
    " ", "\t", "\n", " \n", "\u3000", "a", "A", "1", "中", "，", "(", ")", "（", "[", "<", ">", "&", "&#", '"', "'", "-", "- ", ".", ". ", ",",
    "/", "\\", ":", ": ", ";", "%", "^", "*", "* ", "1.", "1. ", "1) ", "a b ", "a-", "a, ", "1,", "1 ", "1-", "1 - ", "1/", "1:", "≥", "≥1 ", "< 1 ",
    "and ", "or ", "not ", "no ", "and/or ", "to ", "of ", "the ", "with ", "within ", "at least ", "more than ", "1 mg/", "10^", "x 10", "1×",
    "years ", "1 year ", "18 to ", "和", "或", "、", "不", "岁", "1岁", "个月", "例", "（1）", "① ", "1、", "一、", "Age ", "Inclusion Criteria: ",
    "Inclusion Criteria:\n", "Exclusion:\n", "入选标准：\n", "排除标准：", "Dr. ", "a@", "a.", "+1 ", "http://", "<b>", "<a ", "<a b=", "<!--", "<td>",
    "</p>", "&amp;", "NCT", "NCT0", "ChiCTR", "CTR", "HbA1c ", "ECOG ", "grade ", "I", "II/", "Phase ", "n=", "a\n", "1\n", "中\n", "- a\n", "1. a\n",
    "a: b\n", "a\tb\n", "a\t", "|", "| ", "| a |\n", "【", "】", "【a】\n", "#", "## ", "_", "__", "=", "==", "~", "“", "‘", "…", "—", "\ufeff", "\u200b",
)  # fmt: skip

# A sample of every source in every form that is text: some of its values give way to the fragments.
DOCUMENTS = (
    "cde/heartburn_copied.txt", "cde/heartburn_saved.html", "chictr/colitis_copied.txt", "chictr/colitis_markdown.md", "chictr/colitis_saved.html",
    "chictr/delirium_history.txt", "chictr/plum_export.xml", "ctgov/eczema_full.json", "ctgov/eligibilities.txt", "ctgov/export_classic.csv",
    "ctgov/export_today.csv", "ctgov/knee_present.html", "ctgov/knee_present.txt", "ctgov/migraine_api.json", "ctgov/rinse_archive.html",
    "ctgov/sepsis_archive.xml", "ctgov/sepsis_public.xml", "ctgov/sleep_classic.html", "ctgov/sleep_classic.txt", "ctis/socks.json", "drks/tea.json",
    "euctr/honey_export.txt", "euctr/honey_page.html", "euctr/honey_stored.json", "ictrp/provider.xml", "ictrp/search.csv",
    "ictrp/search_2024.xml", "isrctn/bath.json", "isrctn/bath.xml", "listing/cough_copied.txt", "listing/cough_saved.html", "listing/feed.json",
    "nmpa/antibody_copied.txt", "nmpa/granules_tcm.txt", "nmpa/tablets_plain.txt", "veeva/psoriasis_copied.txt", "veeva/psoriasis_saved.html",
)  # fmt: skip
VALUES = 5  # of a document that give way: from its beginning to its end
SHORTEST = 6  # characters of such a value; shorter ones may be labels
# How a fragment stands in a form so that the document stays one; in text, pages and tables it stands as it is, and may break it.
WRITTEN: dict[str, Callable[[str], str]] = {".json": lambda text: json.dumps(text, ensure_ascii=False)[1:-1], ".xml": html.escape}


@cache
def pieces_of(name: str) -> tuple[str, ...]:
    """What stands around the values of a sample that give way."""
    raw = (SAMPLES / name).read_text("utf-8")
    written = WRITTEN.get(_suffix(name), str)
    values = {written(value) for record in records(SAMPLES / name) for value in _strings(content(record)) if len(value) >= SHORTEST}
    found = sorted((raw.index(value), len(value)) for value in values if raw.count(value) == 1 and not value[0].isdigit())
    apart = [pair for at, pair in enumerate(found) if not at or pair[0] >= sum(found[at - 1])]
    chosen = [apart[at * (len(apart) - 1) // (VALUES - 1)] for at in range(VALUES)]
    ends = [0, *(at + length for at, length in chosen)]
    return tuple(raw[end:at] for end, at in zip(ends, [*(at for at, _ in chosen), len(raw)], strict=True))


def _suffix(name: str) -> str:
    return "." + name.rpartition(".")[2]


def _strings(node: object) -> Iterator[str]:
    if isinstance(node, str):
        yield node
    for part in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        yield from _strings(part)


def _read(name: str, options: Options, text: str) -> list[extractor.Record]:
    written = WRITTEN.get(_suffix(name), str)(text)
    source = name.partition("/")[0]
    chosen = Options(source=source, contacts=options.contacts) if _suffix(name) in (".txt", ".md", ".html") else options
    return list(extractor.extract(written.join(pieces_of(name)).encode(), name, chosen))


def ways() -> Iterator[tuple[str, Callable[[str], object]]]:
    """(name, what reads a text) for criteria, constraints, and each source in each form."""
    yield "parse_criteria", parse_criteria
    yield "parse_constraints", parse_constraints
    for name in DOCUMENTS:
        yield name, partial(_read, name, Options())
    for name in ("ctgov/sleep_classic.txt", "chictr/colitis_saved.html", "nmpa/tablets_plain.txt", "ctgov/migraine_api.json"):
        yield f"{name} without contacts", partial(_read, name, Options(contacts=False))
