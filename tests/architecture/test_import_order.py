"""The package's ``ls`` is its architecture, and data flows one way through it.

The order itself stands in ``layers.toml`` beside this file, and nowhere else.
"""

import ast
import os
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from graphlib import TopologicalSorter
from importlib.util import find_spec
from pathlib import Path

import pytest

import symbiosis

PACKAGE = Path(__file__).parents[2] / "symbiosis"
LAYERS = tomllib.loads((Path(__file__).parent / "layers.toml").read_text(encoding="utf-8"))
ORDER: list[str] = LAYERS["order"]
MOST_LINES_OF_A_FILE = 400
MOST_LINES_OF_A_FUNCTION = 50
LATE = ("pyomo", "highspy", "swiglpk", "matplotlib", "pandas", "pyarrow", "networkx", "pint",
        "dask", "distributed", "duckdb")  # fmt: skip


@dataclass(frozen=True)
class Import:
    """One import: who (``line`` of ``file``) imports what, as a dotted absolute name."""

    file: str
    line: int
    target: str


def module_name(path: Path) -> str:
    """``park.load`` for ``symbiosis/park/load.py``; a package has the name of its folder."""
    parts = path.relative_to(PACKAGE).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@cache
def files() -> dict[str, Path]:
    """Every module of the package, through the links too: ``{name: path}``."""
    found = {}
    for folder, _, names in os.walk(PACKAGE, followlinks=True):
        for path in (Path(folder) / name for name in names):
            if path.suffix == ".py" and path.is_file():
                found[module_name(path)] = path
    return dict(sorted(found.items()))


@cache
def tree(name: str) -> ast.Module:
    return ast.parse(files()[name].read_text(encoding="utf-8"))


def imports(name: str) -> Iterator[Import]:
    """Every import of a module, those inside functions too."""
    shown = str(files()[name].relative_to(PACKAGE.parent))
    for node in ast.walk(tree(name)):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield Import(shown, node.lineno, alias.name)
        elif isinstance(node, ast.ImportFrom):
            for alias in node.names:
                yield Import(shown, node.lineno, f"{node.module}.{alias.name}")


def own(target: str, known: dict[str, Path]) -> str | None:
    """The module of ours behind an imported name; None for a library.

    ``symbiosis.park.load.read`` is a function in the module ``park.load``.
    """
    top, *rest = target.split(".")
    if top != "symbiosis":
        return None
    while rest and ".".join(rest) not in known:
        rest.pop()
    return ".".join(rest)


def place(name: str) -> tuple[int, int] | None:
    """First and last position that a module may claim; None where it has no place.

    A module that is not in the order shares the whole span of the nearest package that is.
    """
    if name in ORDER:
        return ORDER.index(name), ORDER.index(name)
    package = name.rpartition(".")[0]
    while package:
        inside = [i for i, other in enumerate(ORDER) if f"{other}.".startswith(f"{package}.")]
        if inside:
            return inside[0], inside[-1]
        package = package.rpartition(".")[0]
    return None


def belongs(name: str, owners: list[str]) -> bool:
    return any(f"{name}.".startswith(f"{owner}.") for owner in owners)


def test_every_module_has_a_place_in_the_order() -> None:
    homeless = []
    for name in files():
        if place(name) is None:
            known = [own(i.target, files()) for i in imports(name)]
            before = [other for other in known if other is not None and other in ORDER]
            last = max(before, key=ORDER.index, default="words")
            homeless.append(
                f'{name} has no place: add "{name}" to tests/architecture/layers.toml, '
                f'somewhere after "{last}", the last module that it imports.'
            )
    assert not homeless, "\n".join(homeless)


def test_the_order_names_every_module_once() -> None:
    twice = {name for name in ORDER if ORDER.count(name) > 1}
    assert not twice


def test_a_file_imports_only_from_what_stands_before_it() -> None:
    wrong = []
    for name in files():
        mine = place(name)
        for found in imports(name):
            other = own(found.target, files())
            theirs = None if other is None or other == name else place(other)
            if mine and theirs and theirs[0] > mine[1]:
                wrong.append(
                    f"{found.file}:{found.line} imports {found.target}, which stands after it: "
                    "turn the import round, or move one of them in layers.toml."
                )
    assert not wrong, "\n".join(wrong)


def test_no_two_modules_import_each_other() -> None:
    graph = {
        name: {
            other
            for found in imports(name)
            if (other := own(found.target, files())) is not None and other != name
        }
        for name in files()
    }
    TopologicalSorter(graph).prepare()


def test_heavy_libraries_are_imported_only_where_they_belong() -> None:
    wrong = [
        f"{found.file}:{found.line} imports {library}, which belongs in {', '.join(owners)}."
        for library, owners in LAYERS["only_in"].items()
        for name in files()
        for found in imports(name)
        if belongs(found.target, [library]) and not belongs(name, owners)
    ]
    assert not wrong, "\n".join(wrong)


def test_solvers_and_cli_are_imported_by_their_one_name() -> None:
    """``import solvers`` would load a second copy of each module beside ``symbiosis.solvers``."""
    wrong = [
        f"{found.file}:{found.line} imports {found.target}: the name is symbiosis.{found.target}."
        for name in files()
        for found in imports(name)
        if belongs(found.target, ["solvers", "cli", "parks", "scenarios"])
    ]
    assert not wrong, "\n".join(wrong)


def test_glpk_is_imported_only_inside_functions() -> None:
    """GLPK is GPL-3: no module loads it by being imported."""
    early = [
        f"{files()[name]}:{node.lineno}"
        for name in files()
        for node in tree(name).body
        if isinstance(node, ast.Import | ast.ImportFrom) and "swiglpk" in ast.unparse(node)
    ]
    assert not early


def test_imports_are_absolute() -> None:
    relative = [
        f"{files()[name]}:{node.lineno}"
        for name in files()
        for node in ast.walk(tree(name))
        if isinstance(node, ast.ImportFrom) and node.level
    ]
    assert not relative


def test_no_file_is_longer_than_400_lines() -> None:
    lengths = {
        name: len(path.read_text(encoding="utf-8").splitlines()) for name, path in files().items()
    }
    too_long = {name: n for name, n in lengths.items() if n > MOST_LINES_OF_A_FILE}
    assert not too_long


def test_no_function_is_longer_than_50_lines() -> None:
    too_long = []
    for name in files():
        for node in ast.walk(tree(name)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.end_lineno:
                length = node.end_lineno - node.lineno + 1
                if length > MOST_LINES_OF_A_FUNCTION:
                    too_long.append(f"{files()[name]}:{node.lineno} {node.name}: {length} lines")
    assert not too_long, "\n".join(too_long)


@pytest.mark.parametrize("module", ["symbiosis", "symbiosis.cli"])
def test_importing_loads_no_heavy_library(module: str) -> None:
    """Help answers at once because the command loads what it needs when it needs it."""
    code = f"import sys, {module}; print(*(set(sys.modules) & set({LATE!r})))"
    ran = subprocess.run(
        [sys.executable, "-c", code],
        cwd=PACKAGE.parent,
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.split() == []


@pytest.mark.parametrize(
    ("name", "span"),
    [
        ("words", (0, 0)),
        ("park.load", (2, 2)),
        ("park.something_new", (1, 3)),
        ("park.deep.new", (1, 3)),
        ("parking", None),
    ],
)
def test_a_new_file_shares_the_place_of_its_package(
    name: str, span: tuple[int, int] | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(globals(), "ORDER", ["words", "park.link", "park.load", "park", "cli"])
    assert place(name) == span


def test_an_imported_name_is_traced_to_its_module() -> None:
    known = {"": PACKAGE, "park": PACKAGE, "park.load": PACKAGE}
    assert own("symbiosis.park.load.read", known) == "park.load"
    assert own("symbiosis.park.Park", known) == "park"
    assert own("symbiosis.load_park", known) == ""
    assert own("pyomo.environ", known) is None


def test_no_module_hides_a_name_of_the_package() -> None:
    """Once ``symbiosis.explain`` the module is loaded, the function of that name would be gone."""
    taken = [name for name in symbiosis.__all__ if find_spec(f"symbiosis.{name}") is not None]
    assert not taken
