"""What the README shows is what happens."""

from __future__ import annotations

import doctest
import os
import re
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from documents import ROOT

from extractor.sources import FORMATS
from extractor.write.exports import TARGETS
from extractor.write.outputs import outputs

README = (ROOT / "README.md").read_text("utf-8")
COMPARE = (ROOT / "docs" / "compare.md").read_text("utf-8")
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def blocks(language: str, page: str = README) -> list[str]:
    return [body for name, body in BLOCK.findall(page) if name == language]


def steps(page: str) -> list[tuple[str, str]]:
    """(command, output) of every console block."""
    found = []
    for body in blocks("console", page):
        for step in re.split(r"^\$ ", body, flags=re.MULTILINE)[1:]:
            command, _, output = step.partition("\n")
            found.append((command, output))
    return found


@pytest.fixture
def shell(tmp_path: Path):
    """Runs a command line as the README's reader would, with `extract` on the path."""
    program = tmp_path / "extract"
    program.write_text(f'#!/bin/sh\nPYTHONPATH="{ROOT}" exec "{sys.executable}" -m extractor "$@"\n')
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    environment = os.environ | {"PATH": f"{tmp_path}{os.pathsep}{os.environ['PATH']}"}

    def run(line: str) -> str:
        done = subprocess.run(
            ["bash", "-c", line.replace("/tmp/", f"{tmp_path}/")],  # noqa: S108 (the README's place for scratch files)
            cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False,
        )  # fmt: skip
        return done.stdout

    return run


@pytest.mark.parametrize(("page", "least"), [(README, 4), (COMPARE, 2)], ids=["README.md", "docs/compare.md"])
def test_commands_give_the_output_shown(shell, page: str, least: int) -> None:
    shown = steps(page)
    assert len(shown) >= least
    before = "true"
    for command, output in shown:
        line = f"({before}) > /dev/null 2>&1; {command}" if command == "echo $?" else command
        have = shell(line)
        if output.endswith("…\n"):
            assert have.startswith(output.removesuffix("…\n")), command
        else:
            assert have == output, command
        before = command


@pytest.mark.parametrize("page", [README, COMPARE], ids=["README.md", "docs/compare.md"])
def test_python_examples_run(monkeypatch: pytest.MonkeyPatch, page: str) -> None:
    monkeypatch.chdir(ROOT)
    runner = doctest.DocTestRunner(verbose=False)
    for body in blocks("python", page):
        runner.run(doctest.DocTestParser().get_doctest(body, {}, "page", "page", 0))
    assert runner.summarize(verbose=False).failed == 0
    assert runner.tries > 5


def test_sources_are_those_of_the_program() -> None:
    rows = dict(re.findall(r"^\| (\w+) \| .* \| ([\w, ]+) \|$", README.partition("## Sources\n")[2].partition("|---|")[2], re.MULTILINE))
    assert {name: {word.strip().lower() for word in cell.split(",")} for name, cell in rows.items()} == {
        name: {kind.value for kind in kinds} for name, kinds in FORMATS.items()
    }


def test_outputs_are_those_of_the_program() -> None:
    _, _, table = README.partition("## Outputs\n")
    table = table.partition("\n## ")[0]
    named = re.findall(
        r"`([^`]+)`", "\n".join(line.split("|")[1] for line in table.partition("|---|")[2].splitlines() if line.startswith("| "))
    )
    endings = {kind.ending for kind in outputs()}
    assert {name for name in named if name not in TARGETS} == (endings - {"/"}) | {"trials/"}
    assert {name for name in named if name in TARGETS} == set(TARGETS)


def test_it_is_short_and_its_links_lead_somewhere() -> None:
    assert len(README.splitlines()) <= 120
    for target in re.findall(r"\]\((?!http)([^)#]+)", README):
        assert (ROOT / target).exists(), target


def test_the_checks_run_the_command_for_tests() -> None:
    (command,) = [body.strip().split(" && ")[1] for body in blocks("sh") if "pytest" in body]
    assert command in (ROOT / ".ci" / "run").read_text().splitlines()
    assert "pip install --quiet '.[dev" in (ROOT / ".ci" / "run").read_text()
