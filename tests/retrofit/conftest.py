"""Schedules made in tests, through the same door as files."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from symbiosis.park.declaration import Declaration
from symbiosis.retrofit.load import load_schedule, schedule_of
from symbiosis.retrofit.schedule import Schedule
from symbiosis.yamlfile import parse

Tree = dict[str, Any]


def named(**rest: Any) -> Tree:
    return {"name_zh": "名", "name_en": "name", **rest}


def stage_tree(duration: Any, **rest: Any) -> Tree:
    return named(duration=duration, **rest)


def make(projects: Tree, **rest: Any) -> Schedule:
    """The schedule of ``{project: {stage: {...}}}`` or ``{project: {stages: ..., after: ...}}``."""
    whole = {
        name: named(**(entry if "stages" in entry else {"stages": entry}))
        for name, entry in projects.items()
    }
    tree = {"schema_version": 1, "id": "made", "start": "2026-01-01", "horizon": "40 a"}
    return written(tree | named(projects=whole) | rest)


def written(tree: Tree) -> Schedule:
    text = yaml.safe_dump(tree, allow_unicode=True, sort_keys=False)
    return schedule_of(Declaration.of(parse(text, Path("made.yaml"))))


def crew(capacity: int) -> Tree:
    return named(kind="crew", capacity=capacity)


@pytest.fixture(scope="session")
def park() -> Schedule:
    return load_schedule(Path(__file__).parent / "park.yaml")


@pytest.fixture(scope="session")
def schedule() -> Callable[..., Schedule]:
    return make


@pytest.fixture(scope="session")
def stage() -> Callable[..., Tree]:
    return stage_tree


@pytest.fixture(scope="session")
def crews() -> Callable[[int], Tree]:
    return crew
