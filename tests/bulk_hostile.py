"""Readers for the tests of workers: documents say what is to go wrong. Worker processes import this module by its name."""

from __future__ import annotations

import ctypes
import os
import time
from collections.abc import Iterator
from pathlib import Path

from extractor.model import Coverage, Record, Source
from extractor.pipeline import Options

# A page whose form prints itself twice: pdfium never comes to its end.
ENDLESS = b"""%PDF-1.7
1 0 obj <</Type/Catalog/Pages 2 0 R>> endobj
2 0 obj <</Type/Pages/Kids[3 0 R]/Count 1>> endobj
3 0 obj <</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Resources<</XObject<</F 4 0 R>>>>/Contents 5 0 R>> endobj
4 0 obj <</Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</F 4 0 R>>>>/Length 11>> stream
/F Do /F Do
endstream endobj
5 0 obj <</Length 5>> stream
/F Do
endstream endobj
trailer <</Size 6/Root 1 0 R>>
"""


def read(data: bytes, name: str, options: Options) -> Iterator[Record]:
    """A record for every line; "crash", "hang", "fault" and "once PATH" do what they say; "here PATH" tells its process and hangs."""
    word, _, rest = data.decode().partition(" ")
    if word == "crash":
        ctypes.string_at(0)
    elif word == "hang":
        time.sleep(60)
    elif word == "fault":
        raise KeyError(name)
    elif word == "once" and not Path(rest).exists():
        Path(rest).touch()
        os._exit(3)
    elif word == "here":
        Path(rest).write_text(str(os.getpid()))
        time.sleep(60)
    elif word == "parent" and not Path(rest).exists():
        Path(rest).write_text(str(os.getppid()))
        time.sleep(5)
    source = Source(name="ctgov", format="text", sha256="0" * 64, bytes=len(data), languages=["en"])
    for line in data.decode().splitlines():
        coverage = Coverage(characters=1.0, labels_seen=0, labels_mapped=0)
        yield Record(kind="trial", id=f"{line} {options.source}".strip(), source=source, coverage=coverage)
