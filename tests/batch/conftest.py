"""A small park, and scenarios of it."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

TINY = Path(__file__).parents[1] / "data" / "tiny.yaml"
HEAD = """schema_version: 1
id: {id}
park: tiny.yaml
name_zh: 情景
name_en: a scenario
"""
SWEEP = """sweep:
  options: {objective: cost, solver: glpk}
  keys:
    enterprises.power.units.boiler.activity: {values: [100 %, 80 %, 60 %]}
    links.ash_cement.distance: {values: [10 km, 20 km]}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with the park."""
    shutil.copyfile(TINY, tmp_path / "tiny.yaml")
    return tmp_path


@pytest.fixture
def scenario(folder: Path) -> Callable[..., Path]:
    """Write a scenario of the park."""

    def written(name: str = "six", rest: str = SWEEP, own: str = "") -> Path:
        path = folder / f"{name}.yaml"
        path.write_text(HEAD.format(id=own or name) + rest, encoding="utf-8")
        return path

    return written
