"""Pictures of a kept simulation: its Gantt, and its years, from the document alone."""

import math
import warnings
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from symbiosis.report.chart import Spread
from symbiosis.report.gantt import simulation_gantt
from symbiosis.report.kept_chart import chart_of_document
from symbiosis.report.years import Panel, Subject, figure_place, unbroken, years_picture

BEGINS = {"svg": b"<?xml", "png": b"\x89PNG", "pdf": b"%PDF"}
LABELS = ("p05", "p25", "p50", "p75", "p95")


@pytest.fixture(autouse=True)
def warnings_are_errors() -> Iterator[None]:
    """A missing glyph is a warning of matplotlib."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        yield


def dates(part: str, *found: str | None) -> dict[str, str | None]:
    """Five dates of a milestone."""
    return {f"{part}_{label}": date for label, date in zip(LABELS, found, strict=True)}


def year(indicator: str, unit: str, of: int, *found: float | None) -> dict[str, Any]:
    """An indicator in a year."""
    return {"year": of, "indicator": indicator, "unit": unit} | dict(
        zip(("p05", "p50", "p95"), found, strict=True)
    )


def target(name: str, by: str, **about: Any) -> dict[str, Any]:
    """A target that is kept in nine of ten runs."""
    nothing = dict.fromkeys(("milestone", "indicator", "comparator", "value", "change"))
    odds = {"probability": 0.9, "low": 0.6, "high": 0.98}
    return {"id": name, "name_zh": "目标", "name_en": name, "by": by} | odds | nothing | about


def documented() -> dict[str, Any]:
    """Two projects: one is begun in February, the other on the first day and never ends in some."""
    early = dates("commissioned", *["2025-06-01"] * 3, "2025-07-01", "2025-08-01")
    return {
        "park": "tiny", "park_zh": "小园区", "park_en": "Tiny park", "scenario": "try",
        "runs": 10, "failed": 2, "seed": 1, "start": "2025-01-01", "end": "2027-12-31",
        "money_year": 2025,
        "windows": [{"id": "shut", "from": "2025-07-01", "until": "2025-07-31"}],
        "whole": dates("commissioned", *["2026-01-01"] * 5)
        | dates("finished", *["2026-03-01"] * 3, None, None)
        | {"finished_share": 0.6},
        "projects": [
            {"id": "late", "name_zh": "晚", "name_en": "Late"}
            | dates("started", *["2025-02-01"] * 5) | early
            | dates("finished", *["2026-03-01"] * 3, None, None),
            {"id": "soon", "name_zh": "早", "name_en": "Soon"}
            | dates("started", *["2025-01-01"] * 5) | early
            | dates("finished", *["2025-09-01"] * 5),
        ],
        "targets": [
            target("built", "2025-12-31", milestone="late.commissioned"),
            target("all", "2026-12-31", milestone="all.finished"),
            target("rate", "2026", indicator="utilisation_rate", comparator=">=", value=0.6),
            target("less", "2027", indicator="co2e", comparator="<=", value=-0.17,
                   change="from_base"),
        ],
        "years": [
            year("utilisation_rate", "1", 2025, 0.3, 0.35, 0.4),
            year("utilisation_rate", "1", 2026, None, None, None),
            year("utilisation_rate", "1", 2027, 0.5, 0.6, 0.7),
            *(year("cost", "CNY", y, -2e6, -1e6, 3e6) for y in (2025, 2026, 2027)),
            *(year("co2e", "t", y, 1e5, 1.1e5, 1.2e5) for y in (2025, 2026, 2027)),
        ],
    }  # fmt: skip


@pytest.mark.parametrize("draw", [simulation_gantt, years_picture])
@pytest.mark.parametrize("suffix", ["svg", "png", "pdf"])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_pictures_are_made_in_every_format_and_language(
    draw: Any, suffix: str, lang: str, tmp_path: Path
) -> None:
    path = draw(documented(), tmp_path / f"picture.{suffix}", lang)
    assert path.read_bytes().startswith(BEGINS[suffix])


@pytest.mark.parametrize("draw", [simulation_gantt, years_picture])
def test_the_same_document_gives_the_same_bytes(draw: Any, tmp_path: Path) -> None:
    one, other = (draw(documented(), tmp_path / f"{i}.svg", "zh") for i in range(2))
    assert one.read_bytes() == other.read_bytes()


def test_a_document_becomes_rows_with_spreads_promises_and_windows() -> None:
    """1 June is day 151, 1 July 181, 1 August 212; 1 March 2026 is day 424; July is 181 to 212."""
    chart = chart_of_document(documented(), "en")
    assert [row.name for row in chart.rows] == ["Soon", "Late", "The whole park"]
    late = chart.rows[1]
    assert late.begin_d == 31
    assert late.marks[0] == Spread(151, 151, 151, 181, 212)
    assert late.marks[1] == Spread(424, 424, 424, math.inf, math.inf)
    assert [p.end_d for p in late.promises] == [365]
    assert late.promises[0].odds == "built by 2025-12-31: 90 % (60 to 98 %)"
    assert [p.end_d for p in chart.rows[2].promises] == [730]
    assert chart.windows == ((181, 212),)
    assert chart.never == pytest.approx(0.4)
    assert chart.last_d == 3 * 365 + 365  # what never comes stands behind the horizon


def test_a_simulation_without_luck_says_so() -> None:
    document = documented() | {"seed": None}
    assert "without luck" in chart_of_document(document, "en").subtitle
    assert "不含随机性" in chart_of_document(document, "zh").subtitle


def test_a_year_without_a_value_breaks_the_line() -> None:
    rows = [row for row in documented()["years"] if row["indicator"] == "utilisation_rate"]
    assert [[row["year"] for row in run] for run in unbroken(rows)] == [[2025], [2027]]


def panels(document: dict[str, Any]) -> dict[str, Panel]:
    return {panel.indicator: panel for panel in Subject(document, "en", 842.0).panels}


def test_a_panel_holds_its_band_and_its_targets() -> None:
    """0.3 to 0.7 in steps of 0.1, and room above; a change against the first year has no mark."""
    found = panels(documented())
    low, high, step = found["utilisation_rate"].scale
    assert (low, step) == pytest.approx((0.3, 0.1))
    assert high > 0.7 - 1e-9
    assert [t["id"] for t in found["utilisation_rate"].marked] == ["rate"]
    assert (found["co2e"].marked, len(found["co2e"].targets)) == ([], 1)
    assert "≤ -17 %" in found["co2e"].promise(found["co2e"].targets[0])


def test_what_no_run_could_judge_has_no_odds() -> None:
    document = documented()
    document["targets"][2]["probability"] = None
    found = panels(document)["utilisation_rate"]
    assert "– %" in found.promise(found.targets[0])


def test_a_park_without_carbon_has_two_panels(tmp_path: Path) -> None:
    document = documented()
    document["years"] = [row for row in document["years"] if row["indicator"] != "co2e"]
    assert list(panels(document)) == ["utilisation_rate", "cost"]
    assert years_picture(document, tmp_path / "two.svg", "en").is_file()


def test_many_targets_make_room() -> None:
    document = documented()
    one = document["targets"][2]
    more = deepcopy(document) | {"targets": [one] * 12}
    usual, tall = (panels(d)["utilisation_rate"].height for d in (document, more))
    assert tall > usual


def test_a_figure_stands_above_the_band_and_below_it_in_a_valley() -> None:
    """Y grows downwards: 100 points for a rate of 1, over a panel from 0 to 1."""

    def y(rate: float) -> float:
        return 1000 * (1 - rate)

    rows = [year("utilisation_rate", "1", 2025 + i, p - 0.05, p, p + 0.05)
            for i, p in enumerate((0.5, 0.3, 0.6))]  # fmt: skip
    panel = Panel("utilisation_rate", "1", rows, [], "en")
    assert figure_place(panel, 2, y) == pytest.approx(y(0.65) - 8)
    assert figure_place(panel, 1, y) == pytest.approx(y(0.25) + 9)
