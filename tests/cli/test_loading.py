"""A command loads only what it needs."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
HEAVY = ("pyomo", "highspy", "swiglpk", "matplotlib", "pandas", "networkx")


def loaded_by(*arguments: str) -> set[str]:
    code = (
        "import sys; from symbiosis.cli import main; main(sys.argv[1:]);"
        f"print(*(set(sys.modules) & {set(HEAVY) | {'pydantic', 'rich'}!r}), file=sys.stderr)"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code, *arguments], cwd=ROOT, capture_output=True, text=True
    )
    return set(ran.stderr.split("\n")[-2].split())


def test_help_loads_neither_rich_nor_pydantic() -> None:
    assert loaded_by("--help") == set()


@pytest.mark.parametrize("verb", [["parks"], ["check", "tests/data/tiny.yaml"], ["schema", "park"]])
def test_reading_a_park_loads_no_solver(verb: list[str]) -> None:
    assert loaded_by(*verb) & set(HEAVY) == set()


def test_doctor_loads_no_solver() -> None:
    assert loaded_by("doctor") & {"pyomo", "highspy", "swiglpk"} == set()
