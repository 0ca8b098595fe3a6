"""Registry numbers: which register a number belongs to, and the numbers that stand in free text."""

from __future__ import annotations

import re
from collections.abc import Iterator

# Forms of the WHO primary registries and their partners; origin: sources' own numbering as printed in ICTRP exports.
SCHEMES: tuple[tuple[str, str], ...] = (
    ("NCT", r"NCT[\s-]?\d{8}"),
    ("CHICTR", r"ChiCTR[-‐‑–](?:[A-Z]{2,6}[-‐‑–])?\d{8,10}|ChiCTR\d{8,10}|ChiMCTR\d{8,10}|ITMCTR\d{8,12}"),
    ("CTIS", r"20\d{2}-5\d{5}-\d{2}(?:-\d{2})?"),
    ("EUCTR", r"(?:EUCTR)?20\d{2}-0\d{5}-\d{2}(?:-(?:[A-Z]{2}|3rd))?"),
    ("ISRCTN", r"ISRCTN\s?\d{8}"),
    ("UTN", r"U1111-\d{4}-\d{4}"),
    ("CDE", r"CTR20\d{6}"),
    (
        "ICTRP_OTHER",
        (
            r"JPRN-\w+|jRCT\w?\d{9,10}|UMIN\d{9}|JapicCTI-\d{6}|KCT\d{7}|ACTRN\d{14}p?|CTRI/\d{4}/\d{2,3}/\d{6}|DRKS\d{8}|NTR\d{1,5}|NL-OMON\d+|NL\d{4,5}"
            r"|IRCT\d{8,17}N\d{1,2}|IRCT\d{12,20}|PACTR\d{15,16}|TCTR\d{8,11}|SLCTR/\d{4}/\d{3}|RBR-\w{5,8}|LBCTR\d{10}|RPCEC\d{8}|PER-\d{3}-\d{2}"
        ),
    ),
)
_each = tuple((scheme, re.compile(rf"(?:{pattern})", re.IGNORECASE)) for scheme, pattern in SCHEMES)
_any = re.compile(
    r"(?<![A-Za-z0-9])(?:" + "|".join(f"(?P<{scheme}>{pattern})" for scheme, pattern in SCHEMES) + r")(?![A-Za-z0-9])", re.IGNORECASE
)

_code_forms = re.compile(r"(?P<icd10>[A-TV-Z]\d[0-9A-Z](?:\.[0-9A-Z]{1,4})?)|(?P<icd11>[0-9A-Z]{2}\d[0-9A-Z](?:\.[0-9A-Z]{1,3})?)")
_icd = re.compile(r"ICD[\s-]*(?P<version>10|11)(?:\s*[:：]\s*|\s+)(?P<code>\S+)", re.IGNORECASE)


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
