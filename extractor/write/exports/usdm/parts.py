"""The small things that USDM is made of: objects with ids of their own, codes of CDISC's terminology, notes, amounts."""

from __future__ import annotations

from collections import Counter
from functools import cache
from typing import Any

from extractor.tables import read_table
from extractor.write.exports.wording import Json, code

SYSTEM, VERSION = "http://www.cdisc.org", "2026-03-27"  # of the terminology in tables/usdm_codes.tsv
COUNTRIES, COUNTRIES_VERSION = "ISO 3166-1", "2020"


@cache
def _terms() -> dict[tuple[str, str], tuple[str, str]]:
    """(attribute, code of ours) → (code, decode) of CDISC's terminology."""
    return {(attribute, ours): (number, decode) for attribute, ours, number, decode in read_table("extractor.write.exports", "usdm_codes")}


class Maker:
    """Makes objects with ids that count up by class, so that the same record gives the same bytes. `language` is that of the texts."""

    def __init__(self, language: str) -> None:
        self.language = language
        self._counts: Counter[str] = Counter()

    def make(self, kind: str, **fields: Any) -> Json:
        """An object of a class; fields that are None stay, since the model knows them."""
        self._counts[kind] += 1
        return {"id": f"{kind}_{self._counts[kind]}", **fields, "instanceType": kind}

    def code(self, attribute: str, ours: str = "") -> Json:
        """The term of a code of ours; what the terminology has no term for is Other, with our word for it behind, absence is Unknown."""
        if (attribute, ours) in _terms():
            number, decode = _terms()[attribute, ours]
        elif ours:
            number, decode = _terms()["other", ""]
            decode = f"{decode}: {ours.lower().replace('_', ' ')}"
        else:
            number, decode = _terms()["unknown", ""]
        return self.make("Code", code=number, codeSystem=SYSTEM, codeSystemVersion=VERSION, decode=decode)

    def coded(self, attribute: str, value: Any) -> Json:
        """The term of a coded value of the record."""
        return self.code(attribute, code(value))

    def alias(self, attribute: str, ours: str) -> Json:
        """The same where USDM lets a term have aliases."""
        return self.make("AliasCode", standardCode=self.code(attribute, ours), standardCodeAliases=[])

    def country(self, alpha: str, name: str) -> Json:
        """A country by its ISO code."""
        return self.make("Code", code=alpha, codeSystem=COUNTRIES, codeSystemVersion=COUNTRIES_VERSION, decode=name or alpha)

    def note(self, text: str) -> Json:
        """A remark."""
        return self.make("CommentAnnotation", text=text, codes=[])

    def quantity(self, value: float, unit: str = "") -> Json:
        """An amount, with a unit of time where one is named."""
        return self.make("Quantity", value=value, unit=self.alias("unit", unit) if unit else None)

    def masked_role(self, role: str) -> Json:
        """Somebody who does not know the arms."""
        masking = self.make("Masking", text=role.lower().replace("_", " "), isMasked=True)
        return self.make("StudyRole", name=role, code=self.code("masked_role", role), organizationIds=[], masking=masking)
