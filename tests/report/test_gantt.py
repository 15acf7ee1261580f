"""The Gantt picture of many runs: every format, both languages, every glyph, the same bytes."""

import math
import warnings
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from symbiosis.report.chart import Spread
from symbiosis.report.gantt import PROJECT_ROW, Subject, gantt, height
from symbiosis.report.runs_chart import chart_of_runs
from symbiosis.retrofit.load import load_schedule
from symbiosis.retrofit.runs import Runs, runs

BEGINS = {"svg": b"<?xml", "png": b"\x89PNG", "pdf": b"%PDF"}
SCHEDULE = Path(__file__).parents[1] / "retrofit" / "park.yaml"


@pytest.fixture(autouse=True)
def warnings_are_errors() -> Iterator[None]:
    """A missing glyph is a warning of matplotlib."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        yield


@pytest.fixture(scope="module")
def lived() -> Runs:
    return runs(load_schedule(SCHEDULE), 40, seed=1)


@pytest.mark.parametrize("suffix", ["svg", "png", "pdf"])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_picture_is_made_in_every_format_and_language(
    lived: Runs, suffix: str, lang: str, tmp_path: Path
) -> None:
    path = gantt(lived, tmp_path / f"gantt.{suffix}", lang, stages=suffix == "svg")
    assert path.read_bytes().startswith(BEGINS[suffix])


@pytest.mark.parametrize("suffix", ["svg", "pdf"])
def test_the_same_runs_give_the_same_bytes(lived: Runs, suffix: str, tmp_path: Path) -> None:
    one, other = (gantt(lived, tmp_path / f"{i}.{suffix}", "zh") for i in range(2))
    assert one.read_bytes() == other.read_bytes()


def test_projects_stand_by_their_median_start_and_the_park_last(lived: Runs) -> None:
    rows = chart_of_runs(lived, "en").rows
    assert [r.name for r in rows] == [
        "Slag mill",
        "Acid plant",
        "Waste-heat main",
        "The whole park",
    ]
    assert [len(row.promises) for row in rows] == [0, 1, 0, 1]
    assert height(rows[0]) == PROJECT_ROW


def test_every_stage_has_a_row_when_asked_for(lived: Runs) -> None:
    rows = chart_of_runs(lived, "zh", stages=True).rows
    assert len(rows) == 3 * (1 + 17) + 1
    assert all(row.begin_d <= row.marks[-1].p50 for row in rows)


def test_a_spread_of_what_half_the_runs_never_reach() -> None:
    spread = Spread.of(np.array([3.0, math.inf, 1.0, math.inf]))
    assert spread == Spread(1.0, 1.0, 3.0, math.inf, math.inf)


def test_what_never_comes_is_drawn_at_the_end(lived: Runs, tmp_path: Path) -> None:
    """One year of horizon: nothing is commissioned, and there is still a picture."""
    park = lived.schedule
    times_d = np.where(lived.times_d > 365, np.inf, lived.times_d)
    cut = Runs(**{**vars(lived), "schedule": park, "times_d": times_d})
    assert gantt(cut, tmp_path / "cut.svg", "en", stages=True).stat().st_size > 1000
    subject = Subject(chart_of_runs(cut, "en"), 800.0)
    assert subject.x(math.inf) == subject.x(subject.chart.last_d)
