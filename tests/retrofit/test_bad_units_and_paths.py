"""Bad units and paths: the culprit is named with its line."""

from pathlib import Path

import pytest

from tests.retrofit.wrong_files import names_the_culprit, problems

GOOD = (Path(__file__).parent / "units.yaml").read_text(encoding="utf-8")
LASTS = "lasts: {shape: triangular, low: 15 d, value: 20 d, high: 30 d}"
BETWEEN = "between: {shape: exponential, value: 120 d}"
WALK = "    drift: 1 %\n    volatility: 6 %\n"
MONTHS = "[190 %, 180 %, 140 %, 80 %, 50 %, 40 %, 40 %, 40 %, 50 %, 80 %, 130 %, 180 %]"

BROKEN = {
    "a unit without a point": (
        "  smelter.furnace:",
        "  furnace:",
        ("units.furnace", "'furnace' does not name a unit: write enterprise.name"),
    ),
    "an unknown window": (
        "window: summer_stop",
        "window: sumer_stop",
        ("cement.kiln.overhauls.window", "no window 'sumer_stop'", "mean 'summer_stop'?"),
    ),
    "an unknown resource of a repair": (
        "repair_needs: {mechanics: 1}\n    overhauls",
        "repair_needs: {mechanic: 1}\n    overhauls",
        ("cement.kiln.breakdowns.repair_needs.mechanic", "no crew or desk 'mechanic'"),
    ),
    "an unknown resource of an overhaul": (
        "needs: {mechanics: 2}",
        "needs: {fitters: 2}",
        ("cement.kiln.overhauls.needs.fitters", "no crew or desk 'fitters'"),
    ),
    "more crews than there are": (
        "needs: {mechanics: 2}",
        "needs: {mechanics: 3}",
        ("cement.kiln.overhauls.needs.mechanics", "needs 3 of mechanics, there are 2"),
    ),
    "a repair that needs nothing": (
        "repair_needs: {mechanics: 1}\n    overhauls",
        "repair_needs: {mechanics: 0}\n    overhauls",
        ("cement.kiln.breakdowns.repair_needs.mechanics", "a whole number from 1 on; found 0"),
    ),
    "a negative mean": (
        BETWEEN,
        BETWEEN.replace("120", "-120"),
        ("cement.kiln.breakdowns.between.value", "'-120 d' is below 0"),
    ),
    "no running time between breakdowns": (
        BETWEEN,
        BETWEEN.replace("120", "0"),
        ("cement.kiln.breakdowns.between", "is above zero; found a mean of 0 d"),
    ),
    "an unordered length": (
        "value: 3 d, high: 10 d",
        "value: 13 d, high: 10 d",
        ("cement.kiln.breakdowns.repair", "'13 d' should not be above '10 d'"),
    ),
    "an exponential length with a greatest one": (
        BETWEEN,
        BETWEEN.replace("}", ", high: 200 d}"),
        (
            "breakdowns.between",
            "a duration of shape exponential is given by value; found value, high",
        ),
    ),
    "an unknown shape of a length": (
        BETWEEN,
        BETWEEN.replace("exponential", "exponentail"),
        ("breakdowns.between.shape", "Did you mean 'exponential'?"),
    ),
    "an overhaul longer than its window": (
        LASTS,
        LASTS.replace("30 d", "32 d"),
        ("overhauls.lasts", "can take 32 d, the longest opening of summer_stop is 31 d"),
    ),
    "an overhaul without an upper end": (
        LASTS,
        "lasts: {shape: lognormal, value: 15 d, high: 20 d}",
        ("overhauls.lasts", "a length of shape lognormal has no upper end"),
    ),
    "an interval that is none": (
        "every: 2 a",
        "every: 0 a",
        ("overhauls.every", "'0 a' is below"),
    ),
    "an outage that goes backward": (
        "from: 2027-03-01, until: 2027-08-31",
        "from: 2027-03-01, until: 2027-02-28",
        ("cement.kiln.outages.0", "'2027-02-28' lies before '2027-03-01'"),
    ),
    "two outages at once": (
        "from: 2029-01-01, until: 2029-12-31",
        "from: 2027-08-31, until: 2029-12-31",
        ("cement.kiln.outages.1", "lasts until 2027-08-31, this one begins on 2027-08-31"),
    ),
    "more than all remains": (
        "share: 60 %",
        "share: 160 %",
        ("outages.1.share", "'160 %' is above 1"),
    ),
    "an outage without a date": (
        "until: 2027-08-31",
        "until: 2027-02-29",
        ("outages.0.until", "'2027-02-29' is not a date"),
    ),
    "a path without keys": (
        "keys: [products.acid.price]",
        "keys: []",
        ("paths.acid_price.keys", "at least one entry is needed"),
    ),
    "a path without any keys": (
        "    keys: [products.acid.price]\n",
        "",
        ("paths.acid_price.keys", "missing"),
    ),
    "a figure twice in one path": (
        "keys: [products.acid.price]",
        "keys: [products.acid.price, products.acid.price]",
        ("paths.acid_price.keys.1", "'products.acid.price' stands twice"),
    ),
    "an unknown shape of a path": (
        "shape: random_walk",
        "shape: random_wlak",
        ("paths.cement_demand.shape", "Did you mean 'random_walk'?"),
    ),
    "a negative volatility": (
        WALK,
        WALK.replace("6 %", "-6 %"),
        ("paths.cement_demand.volatility", "'-6 %' is below 0"),
    ),
    "a walk without its volatility": (
        WALK,
        "    drift: 1 %\n",
        (
            "paths.cement_demand",
            "a path of shape random_walk is given by volatility and can have drift",
        ),
    ),
    "a key of another shape": (
        WALK,
        WALK + "    half_life: 1 a\n",
        ("paths.cement_demand", "found drift, volatility, half_life, floor, ceiling"),
    ),
    "a fall by everything": (
        WALK,
        WALK.replace("1 %", "-100 %"),
        ("paths.cement_demand.drift", "'-100 %' is below -0.99"),
    ),
    "a floor above the ceiling": (
        "    floor: 70 %\n    ceiling: 130 %\n",
        "    floor: 100 %\n    ceiling: 90 %\n",
        ("paths.cement_demand", "the floor '100 %' is above the ceiling '90 %'"),
    ),
    "a floor above the start": (
        "    floor: 70 %\n",
        "    floor: 101 %\n",
        ("paths.cement_demand", "begins at 100 %, and its floor of '101 %' excludes that"),
    ),
    "a ceiling below the start": (
        "    ceiling: 130 %\n",
        "    ceiling: 99 %\n",
        ("paths.cement_demand", "begins at 100 %, and its ceiling of '99 %' excludes that"),
    ),
    "a year without a month": (
        MONTHS,
        MONTHS.replace(", 180 %]", "]"),
        ("paths.heat_demand", "for each of the 12 months; found 11"),
    ),
    "a path without years": (
        "by_year: {2026: 100 %, 2030: 120 %}",
        "by_year: {}",
        ("paths.power_price", "a factor for at least one year"),
    ),
    "a path that begins late": (
        "by_year: {2026: 100 %, 2030: 120 %}",
        "by_year: {2027: 100 %, 2030: 120 %}",
        ("power_price.by_year", "first year of the path is 2027", "begins in 2026"),
    ),
    "a year that is none": (
        "by_year: {2026: 100 %, 2030: 120 %}",
        "by_year: {2026: 100 %, later: 120 %}",
        ("power_price.by_year.later", "'later' is out of range"),
    ),
    "a factor without a unit": (
        "by_year: {2026: 100 %, 2030: 120 %}",
        "by_year: {2026: 100 %, 2030: 1.2}",
        ("power_price.by_year.2030", "'1.2' has no unit"),
    ),
    "a negative factor": (
        "by_year: {2026: 100 %, 2030: 120 %}",
        "by_year: {2026: 100 %, 2030: -120 %}",
        ("power_price.by_year.2030", "'-120 %' is below 0"),
    ),
    "an unknown key": (
        "half_life: 1.5 a",
        "half_live: 1.5 a",
        ("acid_price.half_live", "Did you mean 'half_life'?"),
    ),
}


def test_nothing_is_wrong_with_the_file_itself(tmp_path: Path) -> None:
    assert problems(GOOD, tmp_path) == ()


@pytest.mark.parametrize("case", BROKEN)
def test_the_culprit_is_named(case: str, tmp_path: Path) -> None:
    names_the_culprit(GOOD, BROKEN[case], tmp_path)


def test_the_line_is_that_of_the_culprit(tmp_path: Path) -> None:
    """A window that is not there, an outage that goes backward, a floor: each at its own line."""
    text = GOOD
    marks = {}
    for case, mark in (
        ("an unknown window", "window: sumer_stop"),
        ("an outage that goes backward", "2027-02-28"),
        ("a negative volatility", "volatility: -6 %"),
    ):
        text = text.replace(BROKEN[case][0], BROKEN[case][1])
        marks[case] = mark
    lines = [
        i for i, line in enumerate(text.splitlines(), 1) if any(m in line for m in marks.values())
    ]
    found = problems(text, tmp_path)
    assert [problem.line for problem in found] == lines
