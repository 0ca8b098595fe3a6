"""One module a source: marks and tables. `identify` asks each whether the document is its own."""

from __future__ import annotations

import re
from functools import partial
from importlib import import_module
from types import ModuleType

from extractor.document import Document, Format
from extractor.errors import AmbiguousSource, NotARecord, UnknownSource
from extractor.patterns import lazy_pattern
from extractor.tree import find_keys

_PAGES = frozenset({Format.HTML, Format.TEXT, Format.PDF})
# name → the formats in which the source is read; a module is loaded only for those.
FORMATS: dict[str, frozenset[Format]] = {
    "chictr": _PAGES | {Format.XML},
    "ctgov": _PAGES | {Format.JSON, Format.XML, Format.CSV, Format.XLSX},
    "veeva": _PAGES,
    "nmpa": _PAGES,
    "listing": _PAGES | {Format.JSON},
    "ictrp": frozenset({Format.XML, Format.CSV, Format.XLSX}),
    "cde": _PAGES,
    "ctis": frozenset({Format.JSON}),
    "drks": frozenset({Format.JSON}),
    "euctr": _PAGES | {Format.JSON},
    "isrctn": frozenset({Format.JSON, Format.XML}),
}
# Words without which a page cannot be the source's: its module, and the tables it brings, are loaded only where they stand.
HINTS: dict[str, re.Pattern[str]] = {
    "ctgov": lazy_pattern("ClinicalTrials|Ages Eligible for Study|Study Overview|Recruitment Status"),
    # The first letters stand apart, in every case they have: a pattern that begins so is searched three times as fast.
    "veeva": lazy_pattern(r"[VvPpSs\u017f](?i:(?<=v)eeva|(?<=p)atient\s+eligibility|(?<=s)ourced\s+from)"),
    "listing": lazy_pattern("ligibility"),
    "cde": lazy_pattern(r"CTR20\d{6}"),
    "euctr": lazy_pattern("EudraCT"),
}
# Keys of which the objects of a JSON file must have one group, or the file cannot be the source's: its module is not loaded without them.
KEYS: dict[str, tuple[frozenset[str], ...]] = {
    "ctis": (frozenset({"ctNumber"}),),
    "drks": (frozenset({"drksId", "trialDescriptions"}),),
    "euctr": (frozenset({"a2_eudract_number"}),),
    "isrctn": (frozenset({"fullTrial"}), frozenset({"isrctn", "trialDescription"})),
    "listing": (frozenset({"nci_id", "brief_title"}), frozenset({"nctId", "criteria"})),
}
# Pages of known sites that hold no record: (mark in the text or the bytes, sentence).
NOT_RECORDS: tuple[tuple[re.Pattern[str], str], ...] = (
    (
        lazy_pattern(r"acw_sc__v2|arg1='[0-9A-F]{40}'"),
        "this is the web firewall's challenge page, not the record: open the page in a browser and save it again",
    ),
    (
        lazy_pattern(r"\b(?:Just a moment|Checking your browser|Attention Required! \| Cloudflare)"),
        "this is a challenge page, not the record: open the page in a browser and save it again",
    ),
    (
        lazy_pattern(r"JavaScript (?:is )?(?:required|disabled)|enable JavaScript", re.IGNORECASE),
        "the page was saved before its script had filled it: save it from a browser",
    ),
    (
        lazy_pattern(r"EU Clinical Trials Register[^\0]{0,20000}EudraCT Number", re.IGNORECASE),
        "this page of the EU Clinical Trials Register holds no protocol: open the protocol of one country and save that page",
    ),
    (
        lazy_pattern(r'"\w{1,40}"\s*:\s*"(?:ChiCTR|ITMCTR|ChiMCTR)-?\w{0,8}\d{6}'),
        "this JSON of ChiCTR or ITMCTR is the site's list of search results, not a record: save the trial's own page, or its XML",
    ),
    (
        lazy_pattern(r"(?:共\s*\d+\s*条|Search Results?|检索结果|results? found|Studies found)", re.IGNORECASE),
        "this is a list of search results, not a record: save the trial's own page",
    ),
    (lazy_pattern(r"404 Not Found|页面不存在|Page not found", re.IGNORECASE), "this is an error page, not a record"),
)


def load(name: str) -> ModuleType:
    """The module of a source.

    Raises UnknownSource for a name that is none.
    """
    if name not in FORMATS:
        raise UnknownSource(f"there is no source {name!r}: choose one of {', '.join(FORMATS)}")
    return import_module(f"extractor.sources.{name}")


def identify(document: Document, chosen: str = "") -> ModuleType:
    """The source module whose record the document is; `chosen` forces one.

    Raises UnknownSource (NotARecord for a known site's page without a record), AmbiguousSource on a double claim.
    """
    if chosen:
        return load(chosen)
    names = find_keys(document.tree.root) if document.format is Format.JSON else frozenset()
    claims = [module for module in map(load, filter(partial(_may_be, document, names), FORMATS)) if module.recognises(document)]
    if len(claims) > 1:
        both = ", ".join(module.NAME for module in claims)
        raise AmbiguousSource(f"the document looks like {both}: choose one with --from")
    if not claims and document.format is Format.TEXT and (listing := load("listing")).recognises_last(document):
        return listing
    if not claims:
        raise _refusal(document)
    return claims[0]


def _may_be(document: Document, names: frozenset[str], name: str) -> bool:
    """Whether a source must be asked; `names` are the keys of a JSON file."""
    if document.format not in FORMATS[name]:
        return False
    if document.format is Format.JSON:
        return name not in KEYS or any(group <= names for group in KEYS[name])
    hint = HINTS.get(name) if document.format in _PAGES else None
    return hint is None or hint.search(document.text) is not None


def _refusal(document: Document) -> UnknownSource:
    head = document.text[:20000] + document.data[:20000].decode("utf-8", "replace")
    sentence = next((sentence for mark, sentence in NOT_RECORDS if mark.search(head)), "")
    if sentence:
        return NotARecord(sentence)
    return UnknownSource(f"no source has this layout ({document.format}): choose one with --from, or see --list-sources")
