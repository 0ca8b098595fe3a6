from __future__ import annotations

import os

import pytest
from hypothesis import HealthCheck, settings

settings.register_profile("steady", deadline=None, derandomize=True, max_examples=60, suppress_health_check=list(HealthCheck))
settings.load_profile("steady")


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("samples")
    group.addoption(
        "--update-golden", action="store_true", help="rewrite the expected records of the chosen samples; read them before you commit"
    )
    group.addoption("--may-lose-text", action="store_true", help="let --update-golden write records that hold less text than before")
    group.addoption("--raise-floors", action="store_true", help="write the figures of test_floors.py where they are higher than before")


def pytest_configure(config: pytest.Config) -> None:
    if config.getoption("--update-golden") and os.environ.get("CI"):
        raise pytest.UsageError("expected records are rewritten by a person who reads them, never by CI")
