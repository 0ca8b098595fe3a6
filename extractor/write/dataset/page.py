"""The tables and views as a page of docs: `python -m extractor.write.dataset.page docs/tables.md` rewrites what stands below its mark."""

from __future__ import annotations

import sys
from pathlib import Path

from extractor.write.dataset.columns import declared
from extractor.write.dataset.views import OWN, SCHEMA, views

MARK = "## Tables\n"
TYPES = {"list": "list of strings", "text": "text (en, zh)", "texts": "texts (en, zh)"}


def tables_page() -> str:
    """Every table with its columns, then every view with its own."""
    lines = [MARK]
    for line in declared():
        if line.type == "table":
            lines.append(f"\n### {line.table}\n\n{_sentence(line.meaning)}\n\n| column | type | meaning |\n|---|---|---|\n")
        else:
            lines.append(f"| `{line.column}` | {TYPES.get(line.type, line.type)} | {line.meaning} |\n")
    return "".join([*lines, "\n## Views\n", *(_view(view.name) for view in views())])


def _view(name: str) -> str:
    view = next(found for found in views() if found.name == name)
    shown = name if name == OWN else f"{SCHEMA}.{name}"
    rows = "".join(f"| {'every other column' if column == '*' else f'`{column}`'} | {meaning} |\n" for column, _, meaning in view.columns)
    return f"\n### {shown}\n\n{_sentence(view.meaning)}\n\n| column | meaning |\n|---|---|\n{rows}"


def _sentence(words: str) -> str:
    return f"{words[0].upper()}{words[1:]}."


if __name__ == "__main__":
    page = Path(sys.argv[1])
    page.write_text(page.read_text("utf-8").partition(MARK)[0] + tables_page(), "utf-8")
