"""The rules of the house: who may import whom, how long functions and modules are, how things are called."""

from __future__ import annotations

import ast
import re
import statistics
import subprocess
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from case_rows import read_cases
from documents import ROOT

PACKAGE = ROOT / "extractor"
MODULES = sorted(PACKAGE.rglob("*.py"))
Function = ast.FunctionDef | ast.AsyncFunctionDef

# Rooms from the top of the house to its ground; a room imports rooms of lower floors only, or the neighbours named below.
FLOORS = (
    {"__main__"},
    {"cli"},
    {"command"},
    {"distributed", "reviews"},
    {"bulk", "library"},
    {"handover", "inputs", "screen", "compare"},
    {"split"},
    {"containers"},
    {"pipeline"},
    {"detect", "decode", "sources", "normalise", "criteria", "label", "check", "write", "concepts", "privacy"},
    {"tree", "layout", "languages", "limits"},
    {"document", "model", "text", "tables", "findings", "version"},
    {"caches", "display", "errors", "patterns"},
)
NEIGHBOURS = {
    "criteria": {"normalise"},
    "label": {"criteria", "normalise"},
    "concepts": {"criteria"},
    "write": {"normalise"},  # the registered form of numbers
    "detect": {"decode"},  # the character set of the head
    "compare": {"handover", "inputs"},  # records of ours, and where documents come from
}
HOLDERS_OF_HTML_AND_PDF = {"selectolax", "bs4", "lxml", "pypdfium2", "pdfplumber", "pdfminer"}
FORBIDDEN_NAMES = {"utils", "util", "helpers", "helper", "common", "base", "manager", "misc"}
DECLARATIONS = {"extractor.model"}  # one table of fields, declared in one place: no code
MAX_MODULES_A_FOLDER, MAX_ALTERNATIVES, MAX_OPERANDS = 16, 20, 6
LONG_CONDITIONS = 166  # functions with more operands than that, from before the rule or written beside it: the number may only fall
CONVERSIONS = {"int", "float", "Decimal", "Fraction"}
FORGIVING = {"replace", "surrogateescape", "backslashreplace"}  # ways to decode that cannot fail
NUMERIC = {"len", "round", "min", "max", "sum", "abs", "bool"}  # calls that give numbers
PATTERN_MAKERS = {"re.compile", "lazy_pattern"}
MEDIAN_LINES, P95_LINES, MAX_LINES = 9, 25, 40
P95_BRANCHES, MAX_BRANCHES, MAX_PARAMETERS, MAX_MODULE = 8, 12, 6, 450

# Rooms that do not keep a newer rule yet. A module that has come to keep it must leave the list (strict xfail).
NOT_YET: dict[str, set[str]] = {}


@cache
def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"))


def name_of(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def modules_for(rule: str) -> list[Any]:
    """All modules as parameters; those that do not keep the rule yet are known failures."""
    late = NOT_YET.get(rule, set())
    known = [pytest.mark.xfail(strict=True, reason="from before the rule")]
    return [pytest.param(path, id=name_of(path), marks=known if name_of(path) in late else []) for path in MODULES]


def room_of(module: str) -> str:
    """The room of a module: "extractor.decode.html" is in "decode"; the package itself in none."""
    return [*module.split("."), ""][1]


def floor_of(room: str) -> int:
    return next(at for at, rooms in enumerate(FLOORS) if room in rooms)


def imports(path: Path) -> Iterator[str]:
    """Modules that a file imports, also inside functions; those for type checkers only are left out."""
    only_types = {
        id(child)
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"
        for child in ast.walk(node)
    }
    for node in ast.walk(parsed(path)):
        if id(node) in only_types:
            continue
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            modules = [name for alias in node.names if is_module(name := f"{node.module}.{alias.name}")]
            yield from modules if len(modules) == len(node.names) else (node.module, *modules)


def is_module(name: str) -> bool:
    path = ROOT / Path(*name.split("."))
    return path.with_suffix(".py").is_file() or (path / "__init__.py").is_file()


def functions(path: Path) -> Iterator[Function]:
    return (node for node in ast.walk(parsed(path)) if isinstance(node, Function))


def code_lines(function: Function) -> int:
    """Lines of a body that hold code: no docstring, comment or blank line counts, and no nested function's lines twice."""
    body = function.body[1:] if ast.get_docstring(function) else function.body
    lines = {line for node in body for child in ast.walk(node) for line in spread(child)}
    inner = {line for node in body for child in ast.walk(node) if isinstance(child, Function) for line in spread(child)}
    return len(lines - inner)


def spread(node: ast.AST) -> range:
    start = getattr(node, "lineno", None)
    return range(start, (node.end_lineno or start) + 1) if start else range(0)


def branches(function: Function) -> int:
    """Places where the way divides: a comprehension counts its conditions."""
    kinds = (ast.If, ast.For, ast.While, ast.IfExp, ast.ExceptHandler, ast.match_case, ast.BoolOp)
    inner = {id(child) for node in ast.walk(function) if node is not function and isinstance(node, Function) for child in ast.walk(node)}
    own = [node for node in ast.walk(function) if id(node) not in inner]
    return sum(isinstance(node, kinds) for node in own) + sum(len(node.ifs) for node in own if isinstance(node, ast.comprehension))


def parameters(function: Function) -> int:
    given = function.args
    names = [argument.arg for argument in (*given.posonlyargs, *given.args, *given.kwonlyargs)]
    return len([name for name in names if name not in ("self", "cls")])


def each_function() -> list[tuple[str, Function]]:
    return [(f"{name_of(path)}.{function.name}", function) for path in MODULES for function in functions(path)]


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_imports_point_down(path: Path) -> None:
    room = room_of(name_of(path))
    if not room:
        return
    for imported in imports(path):
        other = room_of(imported) if imported.startswith("extractor") else ""
        if other and other != room and other not in NEIGHBOURS.get(room, set()):
            assert floor_of(other) > floor_of(room), f"{name_of(path)} imports {imported}, which does not lie below"


def test_no_import_cycle() -> None:
    graph = {name_of(path): {found for found in imports(path) if found.startswith("extractor.")} for path in MODULES}
    done: set[str] = set()

    def visit(module: str, trail: tuple[str, ...]) -> None:
        assert module not in trail, f"import cycle: {' → '.join((*trail, module))}"
        if module not in done:
            for following in sorted(graph.get(module, ())):
                if following != module:
                    visit(following, (*trail, module))
            done.add(module)

    for module in graph:
        visit(module, ())


@pytest.mark.parametrize("path", [path for path in MODULES if "sources" in path.parts], ids=name_of)
def test_a_source_sees_no_library_of_html_or_pdf_and_cleans_nothing(path: Path) -> None:
    found = set(imports(path))
    assert not {name.split(".")[0] for name in found} & HOLDERS_OF_HTML_AND_PDF
    assert not [name for name in found if name.startswith(("extractor.normalise", "extractor.criteria", "extractor.model"))]


@pytest.mark.parametrize("path", [path for path in MODULES if "normalise" in path.parts], ids=name_of)
def test_normalise_knows_no_source(path: Path) -> None:
    assert not [name for name in imports(path) if name.startswith(("extractor.sources", "extractor.decode"))]


@pytest.mark.parametrize(
    "path", [path for path in MODULES if room_of(name_of(path)) not in ("inputs", "cli", "write", "bulk")], ids=name_of
)
def test_only_the_entrance_opens_files(path: Path) -> None:
    opening = [node for node in ast.walk(parsed(path)) if isinstance(node, ast.Call) and ast.unparse(node.func) == "open"]
    assert not opening, f"{name_of(path)} opens a file"


def test_functions_are_short() -> None:
    lines = {name: code_lines(function) for name, function in each_function()}
    assert not {name: count for name, count in lines.items() if count > MAX_LINES}
    assert statistics.median(lines.values()) <= MEDIAN_LINES
    assert percentile(lines.values()) <= P95_LINES


def test_functions_branch_little() -> None:
    counts = {name: branches(function) for name, function in each_function()}
    assert not {name: count for name, count in counts.items() if count > MAX_BRANCHES}
    assert percentile(counts.values()) <= P95_BRANCHES


def percentile(values: object, share: float = 0.95) -> int:
    ordered = sorted(values)  # type: ignore[call-overload]
    return ordered[int(share * (len(ordered) - 1))]


def test_functions_take_few_parameters() -> None:
    counts = {name: parameters(function) for name, function in each_function()}
    assert not {name: count for name, count in counts.items() if count > MAX_PARAMETERS}


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_a_module_fits_the_desk(path: Path) -> None:
    assert name_of(path) in DECLARATIONS or len(path.read_text("utf-8").splitlines()) <= MAX_MODULE


def test_a_folder_can_be_held_in_the_head() -> None:
    counts = Counter(path.parent for path in MODULES if path.name != "__init__.py")
    assert not {name_of(folder): count for folder, count in counts.items() if count > MAX_MODULES_A_FOLDER and folder != PACKAGE}


def test_outline_and_constraints_know_nothing_of_each_other() -> None:
    for room, other in (("outline", "constraints"), ("constraints", "outline")):
        for path in (PACKAGE / "criteria" / room).rglob("*.py"):
            assert not [name for name in imports(path) if name.startswith(f"extractor.criteria.{other}")], name_of(path)


def test_a_public_class_name_stands_once() -> None:
    places: dict[str, list[str]] = {}
    for path in MODULES:
        for node in parsed(path).body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                places.setdefault(node.name, []).append(name_of(path))
    assert not {name: found for name, found in places.items() if len(found) > 1}


@pytest.mark.parametrize("path", modules_for("test_a_number_has_a_reason"))
def test_a_number_has_a_reason(path: Path) -> None:
    lines = path.read_text("utf-8").splitlines()
    bare = [node.lineno for node in parsed(path).body if holds_only_numbers(node) and not has_reason(lines, node)]
    assert not bare, f"{name_of(path)}: lines {bare} give a number without a comment that says why"


def holds_only_numbers(node: ast.stmt) -> bool:
    """Whether a statement of a module gives names to numbers and to nothing else."""
    value = node.value if isinstance(node, ast.Assign | ast.AnnAssign) else None
    leaves = value.elts if isinstance(value, ast.Tuple) else [value]
    return value is not None and all(is_number(leaf) for leaf in leaves)


def is_number(node: ast.expr | None) -> bool:
    inner = node.operand if isinstance(node, ast.UnaryOp) else node
    return isinstance(inner, ast.Constant) and type(inner.value) in (int, float)


def has_reason(lines: list[str], node: ast.stmt) -> bool:
    """Whether a comment stands beside or above a statement, or a docstring below it."""
    end = node.end_lineno or node.lineno
    beside = any("#" in line for line in lines[node.lineno - 1 : end])
    return beside or lines[node.lineno - 2].startswith("#") or "".join(lines[end : end + 1]).startswith('"""')


@pytest.mark.parametrize("path", modules_for("test_a_long_alternation_is_a_table"))
def test_a_long_alternation_is_a_table(path: Path) -> None:
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.Call) and ast.unparse(node.func) in PATTERN_MAKERS and node.args:
            words = node.args[0].value if isinstance(node.args[0], ast.Constant) else ""
            assert words.count("|" if isinstance(words, str) else b"|") < MAX_ALTERNATIVES, f"{name_of(path)}:{node.lineno}"


def test_no_parameter_is_a_bare_tuple() -> None:
    bare = [
        f"{name}({argument.arg})"
        for name, function in each_function()
        for argument in (*function.args.args, *function.args.kwonlyargs)
        if argument.annotation and re.match(r"tuple\[(?!.*\.\.\.)", ast.unparse(argument.annotation))
    ]
    assert not bare


def test_few_functions_ask_many_questions_at_once() -> None:
    long = [name for name, function in each_function() if operands(function) > MAX_OPERANDS]
    assert len(long) <= LONG_CONDITIONS, "write the questions as methods, or their answers as a table"


def operands(function: Function) -> int:
    """How many operands `and` and `or` join in a function."""
    return sum(len(node.values) for node in ast.walk(function) if isinstance(node, ast.BoolOp))


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_what_is_public_says_what_it_does(path: Path) -> None:
    tree = parsed(path)
    assert ast.get_docstring(tree), "the module has no docstring"
    defined = [node for node in tree.body if isinstance(node, Function | ast.ClassDef)]
    defined += [node for owner in defined if isinstance(owner, ast.ClassDef) for node in owner.body if isinstance(node, Function)]
    assert not [node.name for node in defined if not node.name.startswith("_") and not ast.get_docstring(node)]


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_names_are_nouns_of_the_subject(path: Path) -> None:
    assert not FORBIDDEN_NAMES & set(re.split(r"[._]", name_of(path)))


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_readers_show_an_example(path: Path) -> None:
    for function in [node for node in parsed(path).body if isinstance(node, Function)]:
        if function.name.startswith(("parse_", "clean_", "split_")) and takes_text(function):
            assert ">>>" in (ast.get_docstring(function) or ""), f"{function.name} has no example"


def takes_text(function: Function) -> bool:
    first = next(iter(function.args.args), None)
    return first is not None and first.annotation is not None and ast.unparse(first.annotation) == "str"


def conversions(node: ast.AST, within: str = "") -> Iterator[str]:
    """The function around each call that may fail on what a document holds: a number of thousands of digits, a byte that is no character."""
    for child in ast.iter_child_nodes(node):
        place = f"{within}.{child.name}".strip(".") if isinstance(child, Function | ast.ClassDef) else within
        if isinstance(child, ast.Call) and (reads_number(child) or decodes(child)):
            yield place
        yield from conversions(child, place)


def reads_number(call: ast.Call) -> bool:
    """Whether a call makes a number of something that is none yet: no sum, no comparison, no length."""
    given = call.args[0] if call.args else None
    made = isinstance(given, ast.BinOp | ast.Compare | ast.BoolOp | ast.Constant | ast.UnaryOp)
    made = made or (isinstance(given, ast.Call) and ast.unparse(given.func) in NUMERIC)
    return isinstance(call.func, ast.Name) and call.func.id in CONVERSIONS and not made


def decodes(call: ast.Call) -> bool:
    """Whether a call is of a method `decode` that may fail."""
    forgiving = any(isinstance(given, ast.Constant) and given.value in FORGIVING for given in call.args)
    return isinstance(call.func, ast.Attribute) and call.func.attr == "decode" and not forgiving


def test_no_conversion_stands_unchecked() -> None:
    """Every call that may fail on document text is looked at, and has its reason in cases/conversions.tsv; none is listed in vain."""
    reasons = dict(row.values for row in read_cases("conversions"))
    found = {f"{name_of(path).removeprefix('extractor.')}:{place}" for path in MODULES for place in conversions(parsed(path))}
    assert {*found} == {*reasons}
    assert {*reasons.values()} <= {"digits", "finite", "number", "own", "total", "caught", "caller"}


def test_a_conversion_is_seen() -> None:
    seen = [list(conversions(ast.parse(f"def f(x):\n    return {call}"))) for call in ("int(x)", "x.decode()", "Decimal(x[1:])")]
    passed = [
        list(conversions(ast.parse(f"def f(x):\n    return {call}")))
        for call in ("int(len(x))", "x.decode('utf-8', 'replace')", "int(x / 2)")
    ]
    assert (seen, passed) == ([["f"]] * 3, [[]] * 3)


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_every_except_names_its_error(path: Path) -> None:
    assert not [node.lineno for node in ast.walk(parsed(path)) if isinstance(node, ast.ExceptHandler) and node.type is None]


def test_top_level_is_the_agreed_one() -> None:
    agreed = set("extractor schemas samples tests docs benchmarks pyproject.toml README.md CHANGELOG.md SECURITY.md LICENSE".split())
    assert {name.split("/")[0] for name in committed() if not name.startswith(".")} == agreed


def test_no_path_of_a_machine_is_committed() -> None:
    place = re.compile(r"(?<![\w.<])/(?:home|Users|root|work|mnt)/\w")
    guilty = []
    for name in committed():
        try:
            text = (ROOT / name).read_text("utf-8")
        except (UnicodeDecodeError, FileNotFoundError):
            continue
        guilty += [f"{name}: {found.group()}" for found in place.finditer(text) if name != "tests/test_shape.py"]
    assert not guilty


def committed() -> list[str]:
    done = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip("not a git checkout")
    return done.stdout.splitlines()
