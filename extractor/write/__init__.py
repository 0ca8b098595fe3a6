"""Records out: JSON and what is made of it."""

from __future__ import annotations

from typing import Any

import msgspec

_encoder = msgspec.json.Encoder()


def to_json(value: Any, *, indent: int = 0) -> bytes:
    """A record, or any part of one, as UTF-8 JSON in model order; `indent` sets line breaks for people.

    >>> to_json({"a": [1]})
    b'{"a":[1]}'
    """
    line = _encoder.encode(value)
    return msgspec.json.format(line, indent=indent) if indent else line
