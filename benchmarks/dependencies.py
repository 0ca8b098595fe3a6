"""What the package needs to run: every library with its version and licence, and on request its known vulnerabilities.

usage: python benchmarks/dependencies.py [--extras bulk ocr] [--audit]

Reads what is installed beside it, so nothing is fetched. Exit code 1 where a licence is not among `PERMISSIVE` and the library not among
`LOOKED_AT`. `--audit` hands the names and versions to pip-audit (`pip install pip-audit`), which asks PyPI and needs a network.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
import tempfile
import tomllib
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent / "pyproject.toml"
PACKAGE = "trial-extractor"
EXTRAS = ("bulk", "concepts", "excel", "ocr", "ray")  # those of users; dev is ours alone
# Words of licences under which a library may be used and passed on in any work, by their names in SPDX and in the classifiers of PyPI.
PERMISSIVE = (
    "MIT", "BSD", "Apache", "ISC", "PSF", "Python Software Foundation", "MPL-2.0", "Mozilla Public License 2.0", "Unlicense", "0BSD", "Zlib",
    "HPND", "CC0", "Public Domain", "CNRI-Python",
)  # fmt: skip
# Libraries whose metadata say too little or too much, with what their files say. Looked at by hand.
LOOKED_AT: dict[str, str] = {}
_name = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
_extra = re.compile(r"extra\s*==\s*['\"]([^'\"]+)['\"]")
_extras = re.compile(r"[\w.-]+\s*\[([^\]]*)\]")
_permissive = re.compile(rf"\b(?:{'|'.join(map(re.escape, PERMISSIVE))})\b", re.IGNORECASE)
_copyleft = re.compile(r"\b(?:A|L)?GPL|General Public License", re.IGNORECASE)


def needed(extras: tuple[str, ...]) -> tuple[dict[str, Distribution], set[str]]:
    """The libraries that the package and its extras need, by name, needs of needs included; and the names of those that are not installed."""
    project = tomllib.loads(PROJECT.read_text("utf-8"))["project"]
    found: dict[str, Distribution] = {}
    absent: set[str] = set()
    own = [*project["dependencies"], *(line for extra in extras for line in project["optional-dependencies"][extra])]
    pending: list[tuple[str, tuple[str, ...]]] = [(line, ()) for line in own]
    while pending:
        line, extras = pending.pop()
        name = _named(line)
        asked = _extra.search(line)
        if name in found or name in absent or name == PACKAGE or (asked and asked[1] not in extras):
            continue
        try:
            found[name] = distribution(name)
        except PackageNotFoundError:
            absent.add(name)  # of another system or an older Python, or the extra is not installed
            continue
        pending += [(below, _extras_of(line)) for below in found[name].requires or ()]
    return found, absent


def _named(line: str) -> str:
    """The name at the head of a requirement, as PyPI writes it."""
    match = _name.match(line)
    return re.sub(r"[-_.]+", "-", match.group()).lower() if match else line


def _extras_of(line: str) -> tuple[str, ...]:
    """The extras that a requirement asks for: "ray[data]>=2.30" asks for data."""
    match = _extras.match(line)
    return tuple(re.split(r"[\s,]+", match[1])) if match else ()


def licence_of(library: Distribution) -> str:
    """The licence that a library states: as SPDX, in its classifiers, or in the first line of its licence field; "" where it states none."""
    about = library.metadata
    classified = [row.rpartition(" :: ")[2] for row in about.get_all("Classifier") or () if row.startswith("License ::")]
    stated = about.get("License-Expression") or ", ".join(row for row in classified if row != "OSI Approved") or about.get("License") or ""
    return stated.strip().split("\n")[0][:80]


def is_permissive(licence: str) -> bool:
    """Whether a licence is one of those that ask for no more than to be named."""
    return _permissive.search(licence) is not None and not _copyleft.search(licence)


def audit(libraries: dict[str, Distribution]) -> int:
    """What pip-audit says of the versions that are installed; its exit code."""
    with tempfile.TemporaryDirectory() as folder:
        pinned = Path(folder, "requirements.txt")
        pinned.write_text("".join(f"{name}=={library.version}\n" for name, library in sorted(libraries.items())), "utf-8")
        call = [sys.executable, "-m", "pip_audit", "--strict", "--no-deps", "--disable-pip", "-r", str(pinned)]
        return subprocess.run(call, check=False).returncode


def main() -> int:
    """Runs the command; the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--extras", nargs="*", default=EXTRAS, choices=EXTRAS)
    parser.add_argument("--audit", action="store_true")
    args = parser.parse_args()
    libraries, absent = needed(tuple(args.extras))
    doubtful = 0
    for name, library in sorted(libraries.items()):
        licence = LOOKED_AT.get(name) or licence_of(library)
        good = name in LOOKED_AT or is_permissive(licence)
        doubtful += not good
        print(f"{'  ' if good else '? '}{name:28} {library.version:14} {licence or 'none stated'}")
    print(f"{len(libraries)} libraries, {doubtful} to look at" + (f"; not installed: {', '.join(sorted(absent))}" if absent else ""))
    return int(doubtful > 0) or (audit(libraries) if args.audit else 0)


if __name__ == "__main__":
    raise SystemExit(main())
