"""Registry numbers: which register a number belongs to, and the numbers that stand in free text."""

from __future__ import annotations

import re
from collections.abc import Iterator

from extractor.patterns import lazy_pattern

_GAP = r"[\s:#‐‑–-]{0,2}"  # between a registry's letters and digits: "NCT#…", "ISRCTN: …"
# Forms of the WHO primary registries and their partners, with the blanks and signs that people put behind the letters.
# Origin: the registries' own numbering as printed in ICTRP exports and on registry pages.
SCHEMES: tuple[tuple[str, str], ...] = (
    ("NCT", rf"NCT{_GAP}\d{{8}}"),
    ("CHICTR", rf"ChiCTR{_GAP}(?:[A-Z]{{2,6}}[-‐‑–])?\d{{8,10}}"),
    ("ITMCTR", rf"(?:ITMCTR|ChiMCTR){_GAP}\d{{8,12}}"),
    ("CTIS", r"(?:CTIS[\s-]?)?20\d{2}-5\d{5}-\d{2}(?:-\d{2})?"),
    ("EUCTR", r"(?:EUCTR[\s-]?)?20\d{2}-0\d{5}-\d{2}(?:-(?:[A-Z]{2}|3rd))?"),
    ("ISRCTN", rf"ISRCTN{_GAP}\d{{8}}"),
    ("DRKS", rf"DRKS(?:[\s-]?ID)?{_GAP}\d{{8}}"),
    ("UTN", r"U1111[\s-]\d{4}[\s-]\d{4}"),
    ("CDE", r"CTR20\d{6}"),
    ("JPRN", rf"JPRN{_GAP}\w+|jRCT\w?\d{{9,10}}|UMIN{_GAP}\d{{9}}|JapicCTI-\d{{6}}|JMA-IIA\d{{5}}"),
    ("ACTRN", rf"ACTRN{_GAP}\d{{14}}p?"),
    ("CTRI", r"CTRI/\d{4}/\d{2,3}/\d{6}"),
    ("CRIS", rf"KCT{_GAP}\d{{7}}"),
    ("IRCT", rf"IRCT{_GAP}(?:\d{{8,17}}N\d{{1,2}}|\d{{12,20}})"),
    ("PACTR", rf"PACTR{_GAP}\d{{15,16}}"),
    ("REBEC", r"RBR-\w{5,8}"),
    ("RPCEC", rf"RPCEC{_GAP}\d{{8}}"),
    ("SLCTR", r"SLCTR/\d{4}/\d{3}"),
    ("TCTR", rf"TCTR{_GAP}\d{{8,11}}"),
    ("LBCTR", rf"LBCTR{_GAP}\d{{10}}"),
    ("NTR", r"NTR\d{1,5}|NL-OMON\d+|NL\d{4,5}"),
    ("ICTRP_OTHER", r"PER-\d{3}-\d{2}|PHRR\d{6}-\d{6}"),
)
# A number goes on where a sign joins more of it: NL26560.042.09 is a committee's number and none of a registry.
_END = r"(?![A-Za-z0-9]|[./-]\d)"
_each = tuple((scheme, lazy_pattern(rf"(?:{pattern})", re.IGNORECASE)) for scheme, pattern in SCHEMES)
_any = lazy_pattern(
    r"(?<![A-Za-z0-9])(?:" + "|".join(f"(?P<{scheme}>{pattern})" for scheme, pattern in SCHEMES) + rf"){_END}", re.IGNORECASE
)
# Words beside registry numbers in one cell that say no more than whose they are.
LABELS = (
    *("clinical ?trials ?. ?gov", "clinical ?trials?", "www.", "https?:", "eudra ?ct", "eu ?ctr", "registr(?:y|ation|er|ered|ies)?"),
    *"isrctn nct utn drks who ictrp chictr trials? numbers? nos? nr identifiers? ids? code universal european german chinese".split(),
    *"at in of on the and with under".split(),
)
_label = lazy_pattern(
    rf"(?<![A-Z])(?:{'|'.join(LABELS)})(?![A-Z])|临床试验|注册|登记|编?号|机构|平台|美国".replace(" ?", r"\s*"), re.IGNORECASE
)
_piece = lazy_pattern(r"[^,;|，；、\n]+")
_sign = lazy_pattern(r"[\W_]+")
_own = lazy_pattern(r"[A-Za-z]{0,20}[\w./-]*\d[\w./-]*")

_code_forms = lazy_pattern(r"(?P<icd10>[A-Z]\d[0-9A-Z](?:\.[0-9A-Z]{1,4}|\d{1,2})?)|(?P<icd11>[0-9A-Z][A-Z]\d[0-9A-Z](?:\.[0-9A-Z]{1,3})?)")
_icd = lazy_pattern(r"ICD[\s-]*(?P<version>10|11)(?:\s*[:：]\s*|\s+)(?P<code>\S+)", re.IGNORECASE)


def find_scheme(value: str) -> str:
    """The scheme of one registry number, "OTHER" where no form fits.

    >>> find_scheme("NCT01234567"), find_scheme("2019-001234-56"), find_scheme("ABC-7")
    ('NCT', 'EUCTR', 'OTHER')
    """
    return next((scheme for scheme, pattern in _each if pattern.fullmatch(value.strip())), "OTHER")


def find_identifiers(text: str) -> Iterator[tuple[str, int, int]]:
    """(scheme, start, end) of every registry number in free text.

    >>> list(find_identifiers("clinicaltrials.gov: NCT01234567"))
    [('NCT', 20, 31)]
    """
    for match in _any.finditer(text):
        yield match.lastgroup or "OTHER", match.start(), match.end()


def is_placeholder(value: str) -> bool:
    """Whether a number only fills its field: nothing but zeros behind the registry's letters.

    >>> [is_placeholder(text) for text in ("NCT00000000", "U1111-0000-0000", "2020-000000-00", "NCT09900000", "ABC")]
    [True, True, True, False, False]
    """
    digits = re.sub(r"\D", "", re.sub(r"U1111|^(?:EUCTR)?20\d\d", "", value.strip()))
    return bool(digits) and not digits.strip("0")


def split_rest(text: str, taken: list[tuple[int, int]]) -> Iterator[tuple[str, int, int]]:
    """("OTHER", start, end) of what stands beside registry numbers and is a number too; ("", start, end) of other words that say something.

    >>> text = "NCT09912345 (ClinicalTrials.gov), TOE-22/7, see protocol 3"
    >>> [(scheme, text[start:end]) for scheme, start, end in split_rest(text, [(0, 11)])]
    [('OTHER', 'TOE-22/7'), ('', 'see protocol 3')]
    """
    cuts = [0, *(at for bounds in taken for at in bounds), len(text)]
    for start, end in zip(cuts[::2], cuts[1::2], strict=True):
        for piece in _piece.finditer(text, start, end):
            words = piece.group().strip(" \t\n()[]")
            at = piece.start() + piece.group().find(words)
            if _own.fullmatch(words):
                yield "OTHER", at, at + len(words)
            elif _sign.sub("", _label.sub("", words)):
                yield "", at, at + len(words)


def split_disease_code(text: str) -> tuple[str, str]:
    """(system, code) of a condition's code: ICD-10 and ICD-11 are told by their form or by name, the rest is "OTHER".

    >>> split_disease_code("F05.8"), split_disease_code("ICD-11: 2C6Z"), split_disease_code("C50; C51")
    (('ICD-10', 'F05.8'), ('ICD-11', '2C6Z'), ('OTHER', 'C50; C51'))
    """
    named = _icd.fullmatch(text)
    form = _code_forms.fullmatch(named["code"] if named else text)
    if named and form:
        return f"ICD-{named['version']}", named["code"]
    return ({"icd10": "ICD-10", "icd11": "ICD-11"}[form.lastgroup or ""] if form else "OTHER"), text
