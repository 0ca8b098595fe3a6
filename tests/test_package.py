"""What is installed is what stands in the checkout: tables and models go with the code."""

from __future__ import annotations

import re
import subprocess
import tomllib
from fnmatch import fnmatch
from pathlib import Path

import pytest
from documents import ROOT

from extractor.version import VERSION

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))


def data_files() -> list[str]:
    done = subprocess.run(["git", "ls-files", "extractor"], cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip("not a git checkout")
    return [name.removeprefix("extractor/") for name in done.stdout.splitlines() if not name.endswith(".py")]


def test_every_data_file_is_installed() -> None:
    patterns = PROJECT["tool"]["setuptools"]["package-data"]["extractor"]
    assert "py.typed" in data_files()
    assert [name for name in data_files() if not any(fnmatch(name, pattern) for pattern in patterns)] == []


def test_every_folder_of_code_is_a_package() -> None:
    folders = {path.parent for path in (ROOT / "extractor").rglob("*.py")}
    assert [folder for folder in folders if not (folder / "__init__.py").is_file()] == []


def test_extras_that_the_readme_names_exist() -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    named = set(re.findall(r"`\[(\w+)\]`", readme)) | set(re.findall(r"pip install '\.\[(\w+)\]'", readme))
    assert named == set(PROJECT["project"]["optional-dependencies"])


def test_version_and_licence() -> None:
    assert VERSION.count(".") == 2
    assert Path(ROOT / PROJECT["project"]["license-files"][0]).read_text("utf-8").startswith("MIT License")
