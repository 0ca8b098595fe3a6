"""Where findings and unmapped values stand in the document, as far as their words can be found there again.

Values of the record have their places from the decoder. A finding's quote and an unmapped value have none in the record: on the page
they are looked up, so that a reviewer need not search by hand.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from typing import Any

Json = dict[str, Any]
Span = tuple[int, int]
MOST_FOUND = 50  # places looked at for one text
SHORTEST = 2  # characters; a single one stands everywhere


class Squeezed:
    """A text without white space, in which words are found whatever breaks their lines."""

    def __init__(self, text: str) -> None:
        self._offsets = [at for at, character in enumerate(text) if not character.isspace()]
        self._text = "".join(text[at] for at in self._offsets)

    def find(self, words: str) -> Iterator[Span]:
        """Where the words stand, first place first."""
        wanted = "".join(words.split())
        at = self._text.find(wanted) if len(wanted) >= SHORTEST else -1
        for _ in range(MOST_FOUND):
            if at < 0:
                return
            yield self._offsets[at], self._offsets[at + len(wanted) - 1] + 1
            at = self._text.find(wanted, at + 1)


def found_places(record: Json, text: str) -> dict[str, list[Json]]:
    """Pointer → spans of the record's findings and unmapped values, those that were found."""
    if not record.get("findings") and not record.get("unmapped"):
        return {}
    squeezed = Squeezed(text)
    taken = _taken(record)
    found = {f"/unmapped/{at}/text": _first(squeezed, item["text"], taken) for at, item in enumerate(record.get("unmapped", ()))}
    for at, finding in enumerate(record.get("findings", ())):
        if "quote" in finding and finding["path"] not in record.get("provenance", {}) and unmapped_of(record, finding) is None:
            found[f"/findings/{at}"] = next(squeezed.find(finding["quote"].split(" | ")[0]), None)
    return {pointer: [{"start": span[0], "end": span[1]}] for pointer, span in found.items() if span}


def _taken(record: Json) -> list[Span]:
    """The runs of the document that values stand in, joined and in order."""
    joined: list[Span] = []
    for start, end in sorted((span["start"], span["end"]) for spans in record.get("provenance", {}).values() for span in spans):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


def _first(squeezed: Squeezed, words: str, taken: list[Span]) -> Span | None:
    """The first place of the words that no value takes, else the first place."""
    places = list(squeezed.find(words))
    return next((place for place in places if not _is_taken(place, taken)), places[0] if places else None)


def _is_taken(place: Span, taken: list[Span]) -> bool:
    at = bisect_right(taken, (place[0], 1 << 60)) - 1
    return at >= 0 and taken[at][1] >= place[1]


def unmapped_of(record: Json, finding: Json) -> int | None:
    """The number of the unmapped value that a finding is about."""
    label = finding["path"].removeprefix("/source/")
    if finding["code"] != "field.unmapped":
        return None
    quote = finding.get("quote", "")
    return next(
        (at for at, item in enumerate(record.get("unmapped", ())) if item["label"] == label and item["text"].startswith(quote)), None
    )
