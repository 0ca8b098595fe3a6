"""How fast documents become records, against libraries that merely parse them.

usage: python benchmarks/pages.py [FOLDER …] [--rounds 5]

For every format: milliseconds a document for decode + extraction + JSON, beside BeautifulSoup and lexbor (HTML), the standard
library's json (JSON), pdfplumber and pypdfium2 (PDF) merely reading the same bytes. Default folder: samples/.
"""

from __future__ import annotations

import argparse
import io
import json
import statistics
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import extractor

ROOT = Path(__file__).resolve().parent.parent
Call = Callable[[bytes], Any]


def whole(data: bytes) -> None:
    """Everything the command line does between reading and writing."""
    for record in extractor.extract(data):
        extractor.to_json(record)


def rivals(suffix: str) -> dict[str, Call]:
    """What others do with the same bytes."""
    if suffix == ".html":
        from bs4 import BeautifulSoup  # noqa: PLC0415
        from selectolax.lexbor import LexborHTMLParser  # noqa: PLC0415

        return {"BeautifulSoup parse": lambda data: BeautifulSoup(data, "lxml"), "lexbor parse": LexborHTMLParser}
    if suffix == ".pdf":
        import pdfplumber  # noqa: PLC0415

        return {"pdfplumber text": lambda data: [page.extract_text() for page in pdfplumber.open(io.BytesIO(data)).pages]}
    return {"json.loads": json.loads} if suffix == ".json" else {}


def milliseconds(call: Call, documents: list[bytes], rounds: int) -> float:
    """The median over rounds of the mean time a document takes."""
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        for data in documents:
            call(data)
        times.append((time.perf_counter() - start) / len(documents) * 1e3)
    return statistics.median(times)


def readable(data: bytes) -> bool:
    """Whether the document gives records at all: others are left out of the measure."""
    try:
        whole(data)
    except extractor.ExtractError:
        return False
    return True


def main() -> None:
    """Prints one line a format."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", type=Path, nargs="*", default=[ROOT / "samples"])
    parser.add_argument("--rounds", type=int, default=5)
    args = parser.parse_args()
    files = sorted(path for folder in args.folders for path in folder.rglob("*") if path.is_file() and "broken" not in path.parts)
    for suffix in (".html", ".txt", ".json", ".xml", ".pdf"):
        chosen = [path for path in files if path.suffix == suffix and not (suffix == ".json" and path.with_suffix("").is_file())]
        documents = [data for data in (path.read_bytes() for path in chosen) if readable(data)]
        if documents:
            ours = milliseconds(whole, documents, args.rounds)
            others = ", ".join(f"{name} {milliseconds(call, documents, args.rounds):.2f} ms" for name, call in rivals(suffix).items())
            print(f"{suffix[1:]:5} {len(documents):3} documents  whole extraction {ours:.2f} ms" + (f"  ({others})" if others else ""))


if __name__ == "__main__":
    main()
