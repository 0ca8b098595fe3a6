"""The published JSON Schemas, made from the declared record. `python -m extractor.write.schemas [FOLDER]` writes them."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from extractor.model import Label, Record, Trial, schema
from extractor.write import to_json

SCHEMAS: dict[str, Any] = {"record": Record, "trial": Trial, "label": Label}


def schema_json(name: str = "record") -> bytes:
    """The schema of one declared type as indented JSON: "record", "trial" or "label"."""
    return to_json(schema(SCHEMAS[name]), indent=2) + b"\n"


def write_schemas(folder: Path) -> None:
    """Writes <name>.schema.json for every published type."""
    for name in SCHEMAS:
        (folder / f"{name}.schema.json").write_bytes(schema_json(name))


def find_fault(line: bytes) -> str:
    """The first place where a record's JSON breaks the schema, as a sentence; "" where it keeps to it."""
    import msgspec  # noqa: PLC0415 (both are only needed here)
    from jsonschema import Draft202012Validator  # noqa: PLC0415

    faults = Draft202012Validator(schema(Record)).iter_errors(msgspec.json.decode(line))
    return next((f"the record breaks the schema at {fault.json_path}: {fault.message[:200]}" for fault in faults), "")


if __name__ == "__main__":
    write_schemas(Path(sys.argv[1] if len(sys.argv) > 1 else "schemas"))
