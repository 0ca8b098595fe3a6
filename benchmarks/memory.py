"""The most memory that a process needs for a document of 1 and 10 MB in every form, and for streams of records.

usage: python benchmarks/memory.py [--megabytes 1 10] [--only WORD]

Every row is a process of its own, which reads a fictional document and tells the peak of its resident memory, less what it has once a small
document of the form is read. `--megabytes 1 10 100` takes minutes and some GB. Exit code 1 where a document takes more than `MOST`
times its size, or a stream more than `STREAM` MB.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SAMPLES = ROOT / "samples"
MEGABYTE = 1 << 20
MOST = 12.0  # times the document
STREAM = 60.0  # MB for records that come one after another

# What a process runs: it reads the small document, then the large one, and tells both peaks in MB and what came of the second. Peaks are
# Linux's own, as getrusage would count what the process that starts this one had.
DOCUMENT = """
import sys
import extractor
from extractor.errors import ExtractError
def read(place):
    try:
        return f"{sum(1 for _ in extractor.extract(open(place, 'rb').read(), place))} records"
    except ExtractError as error:
        return str(error)
peak = lambda: int(open("/proc/self/status").read().split("VmHWM:")[1].split()[0]) / 1024
read(sys.argv[1]); before = peak(); told = read(sys.argv[2])
print(before, peak(), told, sep="\\t")
"""
RECORDS = """
import sys
from extractor.inputs import each_unit, read_unit
from extractor.pipeline import Options
import extractor
def read(place):
    count = 0
    for unit in each_unit([place]):
        for piece in read_unit(unit):
            count += sum(1 for _ in extractor.extract(piece.data, piece.name))
    return f"{count} records"
peak = lambda: int(open("/proc/self/status").read().split("VmHWM:")[1].split()[0]) / 1024
read(sys.argv[1]); before = peak(); told = read(sys.argv[2])
print(before, peak(), told, sep="\\t")
"""
LINE = "* Participants aged 18 to 75 years with haemoglobin above 9 g/dL who read the leaflet number %d\n"
PARAGRAPH = "At visit %d" + " participants take one tablet a day, with water and without anything to eat beside it." * 5 + "\n"


def _lines(size: int) -> str:
    return "".join(LINE % number for number in range(size // len(LINE)))


def text(size: int) -> bytes:
    """A copied page whose criteria go on."""
    page = (SAMPLES / "ctgov" / "knee_present.txt").read_text("utf-8")
    return page.replace("Inclusion Criteria:", "Inclusion Criteria:\n\n" + _lines(size), 1).encode()


def page(size: int) -> bytes:
    """A saved page whose criteria go on."""
    source = (SAMPLES / "ctgov" / "rinse_archive.html").read_text("utf-8")
    return source.replace("Inclusion Criteria:", "Inclusion Criteria:" + _lines(size).replace("\n", "<br>\n"), 1).encode()


def api(size: int) -> bytes:
    """An answer of the API whose criteria go on."""
    study = json.loads((SAMPLES / "ctgov" / "migraine_api.json").read_text("utf-8"))
    study["protocolSection"]["eligibilityModule"]["eligibilityCriteria"] = "Inclusion Criteria:\n\n" + _lines(size)
    return json.dumps(study).encode()


def xml(size: int) -> bytes:
    """The register's XML whose criteria go on."""
    source = (SAMPLES / "ctgov" / "sepsis_public.xml").read_text("utf-8")
    return source.replace("Inclusion Criteria:", "Inclusion Criteria:\n\n" + _lines(size), 1).encode()


def _paragraphs(size: int) -> str:
    return "".join(PARAGRAPH % number for number in range(size // len(PARAGRAPH)))


def prose(size: int) -> bytes:
    """A copied page whose description goes on, in long paragraphs."""
    source = (SAMPLES / "ctgov" / "knee_present.txt").read_text("utf-8")
    return source.replace("Detailed Description\n", "Detailed Description\n" + _paragraphs(size), 1).encode()


def page_prose(size: int) -> bytes:
    """A saved page whose description goes on."""
    source = (SAMPLES / "ctgov" / "rinse_archive.html").read_text("utf-8")
    return source.replace("<p></p>", "<p>" + _paragraphs(size).replace("\n", "<br>\n") + "</p>", 1).encode()


def api_prose(size: int) -> bytes:
    """An answer of the API whose description goes on."""
    study = json.loads((SAMPLES / "ctgov" / "migraine_api.json").read_text("utf-8"))
    study["protocolSection"]["descriptionModule"]["detailedDescription"] = _paragraphs(size)
    return json.dumps(study).encode()


def xml_prose(size: int) -> bytes:
    """The register's XML whose description goes on."""
    source = (SAMPLES / "ctgov" / "sepsis_public.xml").read_text("utf-8")
    start = source.index("<textblock>") + len("<textblock>")
    return (source[:start] + _paragraphs(size) + source[start:]).encode()


def json_lines(size: int) -> bytes:
    """Studies of the API, one a line."""
    line = json.dumps(json.loads((SAMPLES / "ctgov" / "migraine_api.json").read_text("utf-8"))).encode() + b"\n"
    return line * max(2, size // len(line))


def xml_records(size: int) -> bytes:
    """A search export of the WHO with many trials."""
    source = (SAMPLES / "ictrp" / "search_2020.xml").read_bytes()
    start, end = source.index(b"<Trial>"), source.rindex(b"</Trial>") + len(b"</Trial>")
    return source[:start] + source[start:end] * max(1, size // (end - start)) + source[end:]


# (name, suffix, what makes it, the program, whether it is a stream).
FORMS: tuple[tuple[str, str, Callable[[int], bytes], bool], ...] = (
    ("text", ".txt", text, False),
    ("text, prose", ".txt", prose, False),
    ("HTML, prose", ".html", page_prose, False),
    ("JSON, prose", ".json", api_prose, False),
    ("XML, prose", ".xml", xml_prose, False),
    ("HTML", ".html", page, False),
    ("JSON", ".json", api, False),
    ("XML", ".xml", xml, False),
    ("JSON Lines, many records", ".jsonl", json_lines, True),
    ("XML, many records", ".xml", xml_records, True),
)


def measure(small: Path, large: Path, *, stream: bool) -> tuple[float, str]:
    """MB above what the process had before the large document, and what came of it."""
    call = [sys.executable, "-c", RECORDS if stream else DOCUMENT, str(small), str(large)]
    done = subprocess.run(call, cwd=ROOT, capture_output=True, text=True, check=True)
    before, after, told = done.stdout.strip().split("\t")
    return float(after) - float(before), told


def main() -> int:
    """Runs the command; the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--megabytes", type=int, nargs="+", default=[1, 10])
    parser.add_argument("--only", default="")
    args = parser.parse_args()
    beyond = 0
    with tempfile.TemporaryDirectory() as folder:
        for name, suffix, make, stream in FORMS:
            for size in args.megabytes if args.only in name else ():
                small, large = Path(folder, f"small{suffix}"), Path(folder, f"large{suffix}")
                small.write_bytes(make(1000))
                large.write_bytes(make(size * MEGABYTE))
                more, told = measure(small, large, stream=stream)
                times = more * MEGABYTE / large.stat().st_size
                beyond += more > STREAM if stream else times > MOST
                print(f"{name:26} {size:4} MB  {more:8.1f} MB more  {times:6.1f} times  {told[:90]}", flush=True)
    return int(beyond > 0)


if __name__ == "__main__":
    raise SystemExit(main())
