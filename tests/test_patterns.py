"""Patterns that are compiled late: all of them compile, and behave as compiled ones."""

from __future__ import annotations

import ast
import copy
import pickle
import re
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages

import pytest

import extractor
from extractor.patterns import _Pattern, lazy_pattern

LEFT_OUT = ("extractor.__main__", "extractor.concepts", "extractor.distributed")  # need extras, or start the program
NAMES = [module.name for module in walk_packages(extractor.__path__, "extractor.") if not module.name.startswith(LEFT_OUT)]


def held(value: object, depth: int = 0) -> list[_Pattern]:
    """The late patterns in a module's value, inside its tables too."""
    if isinstance(value, _Pattern):
        return [value]
    if depth > 3:
        return []
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list | tuple | set | frozenset) else ()
    return [found for each in inner for found in held(each, depth + 1)]


@pytest.mark.parametrize("name", NAMES)
def test_all_patterns_compile(name: str) -> None:
    for value in vars(import_module(name)).values():
        for pattern in held(value):
            assert isinstance(pattern.search.__self__, re.Pattern), pattern.pattern


def test_a_wrong_pattern_is_told_at_its_first_use() -> None:
    late = lazy_pattern("(")
    with pytest.raises(re.error):
        late.search("")


def test_a_late_pattern_is_like_a_compiled_one() -> None:
    late, now = lazy_pattern(r"(?P<word>[a-z]+)", re.IGNORECASE), re.compile(r"(?P<word>[a-z]+)", re.IGNORECASE)
    assert (late.pattern, late.flags, late.groups, late.groupindex) == (now.pattern, now.flags, now.groups, now.groupindex)
    for method in ("search", "match", "fullmatch"):
        assert getattr(late, method)("Kite")["word"] == getattr(now, method)("Kite")["word"]
    assert (late.split("1 kite 2"), late.findall("a b"), late.sub("x", "a b"), late.subn("x", "a b")) == (
        now.split("1 kite 2"), now.findall("a b"), now.sub("x", "a b"), now.subn("x", "a b"),
    )  # fmt: skip
    for other in (pickle.loads(pickle.dumps(late)), copy.deepcopy(late)):  # noqa: S301 (our own bytes)
        assert other.fullmatch("Kite")["word"] == "Kite"
    with pytest.raises(AttributeError):
        _ = late.nothing  # type: ignore[attr-defined]


def test_modules_do_not_compile_on_import() -> None:
    """Text patterns of modules are late ones; those of bytes, and those inside functions, are compiled where they stand."""
    for name in NAMES:
        path = import_module(name).__file__
        assert path is not None
        for node in ast.parse(Path(path).read_text("utf-8")).body:
            if isinstance(node, ast.Assign) and isinstance(node.value, ast.Call) and ast.unparse(node.value.func) == "re.compile":
                parts = [part.value for part in ast.walk(node.value.args[0]) if isinstance(part, ast.Constant)]
                assert any(isinstance(part, bytes) for part in parts), f"{name}: line {node.lineno} takes re.compile: use lazy_pattern"
