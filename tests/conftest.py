from __future__ import annotations

import os

import pytest
from hypothesis import HealthCheck, settings

settings.register_profile("steady", deadline=None, derandomize=True, max_examples=60, suppress_health_check=list(HealthCheck))
settings.load_profile("steady")

# Files that start processes or browsers, recognise pages, read whole sets, or try thousands of inputs: left out by -m "not slow".
SLOW = frozenset(
    """
    test_aact test_bulk test_bulk_finish test_bulk_inputs test_compare_archive test_compare_command test_concepts_model
    test_constraints_hostile test_criteria_places test_distributed test_export_limits test_exports test_floors test_growth test_html_oracle
    test_limits test_links_mixed test_pdf_ocr test_privacy test_readme test_registries test_review_page test_robustness test_sheets test_tables
    test_screening test_traceability
    """.split()
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.stem in SLOW:
            item.add_marker(pytest.mark.slow)


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
