"""A park small enough to live through by hand, month by month.

The tiny park: 100,000 t/a of ash and 60,000 t/a of slag, 120,000 t/a of cement blend of which at
most half may be ash; 365 days, everything in proportion to days. With the ash link alone 60,000 t/a
are used; with the slag link another 60,000 t/a. A month is a twelfth of 365 days in a ramp.
"""

from pathlib import Path

import numpy as np
import pytest

from symbiosis.retrofit.block import retrofit_of
from symbiosis.retrofit.living import Living
from symbiosis.retrofit.simulate import simulate
from symbiosis.retrofit.simulation import Simulation
from symbiosis.scenario import load_scenario
from tests.retrofit.tiny_retrofit import PROJECT, lived, retrofit

MONTH_D = 365 / 12


def used_t(made: Simulation) -> list[float]:
    """U by year, from R and G = 160,000 t/a where nothing changes what is generated."""
    return [float(value) for value in made.by_year("utilisation_rate")[0] * 160_000]


def test_the_rate_follows_the_project_day_by_day(tmp_path: Path) -> None:
    """Built in 181 days, so it runs half from 1 July, and whole a month (30.42 days) later.

    2025: 60,000 of ash, and of slag 30,000 x 30.42 / 365 + 60,000 x (184 - 30.42) / 365
    = 2,500 + 25,246.6; from 2026 on all 60,000.
    Cost: ash 10 CNY/t on the way and 40,000 t x 20 in the yard: 1,400,000; slag 15 on the way
    in place of limestone at 50, the rest 30 on the heap; so the year costs
    1,400,000 + 60,000 x (30 + 50) = 6,200,000 less 27,746.6 x 65.
    """
    stage = "{name_zh: 建, name_en: Build, duration: 181 d}"
    made = lived(
        tmp_path,
        f"  projects:\n    line: {{ramp_up: [50 %, 100 %], stages: {{build: {stage}}}}}\n",
    )
    slag = 30_000 * MONTH_D / 365 + 60_000 * (184 - MONTH_D) / 365
    assert used_t(made) == pytest.approx([60_000 + slag, 120_000])
    cost = [6_200_000 - slag * 65, 6_200_000 - 60_000 * 65]
    assert made.by_year("cost")[0] == pytest.approx(cost)
    rate = made.by_month("utilisation_rate")[0]
    assert rate[:6] == pytest.approx([0.375] * 6)
    assert rate[6] == pytest.approx((60_000 + (30_000 * MONTH_D + 60_000 * (31 - MONTH_D)) / 31)
                                    / 160_000)  # fmt: skip
    assert rate[7:] == pytest.approx([0.75] * 17)


def test_what_is_invested_stands_in_the_cash_flow_of_its_years(tmp_path: Path) -> None:
    """Two years of building in two instalments: 365 万元 in January 2025 and in January 2026."""
    stage = "{name_zh: 建, name_en: Build, duration: 2 a}"
    made = lived(
        tmp_path,
        f"  projects:\n    line: {{instalments: 2, stages: {{building: {stage}}}}}\n",
        horizon=3,
    )
    assert made.spent_cny[0, :, 0] == pytest.approx([3.65e6, 3.65e6, 0.0])


def test_a_unit_that_stands_still_takes_and_makes_nothing(tmp_path: Path) -> None:
    """The mill is out in March 2025: 31 days without a need, the ash of which goes to the yard.

    U is 60,000 x 334 / 365; nothing is generated less. At half load in April half the need, of
    which at most half is ash: 30,000 t/a. The furnace out for the year 2026: no slag, G = 100,000.
    """
    made = lived(
        tmp_path,
        "  projects: {}\n"
        "  units:\n"
        "    cement.mill:\n"
        "      outages:\n"
        "        - {from: 2025-03-01, until: 2025-03-31}\n"
        "        - {from: 2025-04-01, until: 2025-04-30, share: 50 %}\n"
        "    smelter.furnace:\n"
        "      outages: [{from: 2026-01-01, until: 2026-12-31}]\n",
    )
    rate = made.by_year("utilisation_rate")[0]
    assert rate[0] * 160_000 == pytest.approx(60_000 * (334 - 15) / 365)
    assert rate[1] == pytest.approx(0.6)
    months = made.by_month("utilisation_rate")[0]
    assert months[2:4] == pytest.approx([0.0, 30_000 / 160_000])


def test_an_outage_within_a_month_counts_by_its_days(tmp_path: Path) -> None:
    """Ten of thirty days of June: a third of the month's ash is not taken."""
    made = lived(
        tmp_path,
        "  projects: {}\n"
        "  units:\n"
        "    cement.mill: {outages: [{from: 2025-06-06, until: 2025-06-15}]}\n",
    )
    assert made.by_month("utilisation_rate")[0][5] == pytest.approx(0.375 * 20 / 30)
    assert made.stretches == 24 + 2


def test_a_path_moves_what_it_names(tmp_path: Path) -> None:
    """Cement at half activity in 2026: 30,000 t of ash; limestone twice as dear from 2026 on.

    Cost of 2026: ash 30,000 x 10, yard 70,000 x 20, heap 60,000 x 30, limestone 30,000 x 100.
    """
    made = lived(
        tmp_path,
        "  projects: {}\n"
        "  paths:\n"
        "    demand: {name_zh: 需求, name_en: Demand, shape: given,\n"
        "             by_year: {2025: 100 %, 2026: 50 %},\n"
        "             keys: [enterprises.cement.units.mill.activity]}\n"
        "    price: {name_zh: 价格, name_en: Price, shape: given,\n"
        "            by_year: {2025: 100 %, 2026: 200 %},\n"
        "            keys: [enterprises.cement.units.mill.uses.blend.virgin.price]}\n",
    )
    assert used_t(made) == pytest.approx([60_000, 30_000])
    cost = 300_000 + 1_400_000 + 1_800_000 + 3_000_000
    assert made.by_year("cost")[0][1] == pytest.approx(cost)


HEAP = """\
set:
  enterprises.power.units.boiler.byproducts.ash.full_load: "36,500 t/a"
add:
  stockpiles:
    pond: {name_zh: 灰池, name_en: Pond, byproduct: power.ash, reclaim: 0 t/a,
           buffer: "10,000 t", holding_cost: 0 CNY/t}
"""


def test_a_heap_grows_while_the_taker_stands_and_shrinks_afterwards(tmp_path: Path) -> None:
    """Ash at 100 t a day, all of it taken at 164 t a day at most (half of 120,000 t/a).

    The mill stands for the 31 days of March: 3,100 t wait in the pond. From April on 100 t a day
    are fresh and 64.4 t come from the pond, 1,931.5 t in April, the rest in May; in all nothing
    is lost, and R of the year is 36,500 / 96,500. The pond is empty at the end of the year.
    """
    made = lived(
        tmp_path,
        "  projects: {}\n"
        "  units:\n"
        "    cement.mill: {outages: [{from: 2025-03-01, until: 2025-03-31}]}\n",
        HEAP,
        horizon=1,
    )
    taken = 30 * (60_000 / 365 - 100)
    assert made.heap_by_month("power.ash")[0] == pytest.approx(
        [0, 0, 3_100, 3_100 - taken, *[0] * 8], abs=1e-6
    )
    assert made.by_year("utilisation_rate")[0] == pytest.approx([36_500 / 96_500])


FULL = """\
set:
  enterprises.power.units.boiler.byproducts.ash.routes.yard.capacity: "50,000 t/a"
"""


def test_a_month_without_an_answer_is_reported_with_its_cause(tmp_path: Path) -> None:
    """The yard takes 50,000 t/a of the 100,000; while the mill stands, 50,000 have no place."""
    made = lived(
        tmp_path,
        "  projects: {}\n"
        "  units:\n"
        "    cement.mill: {outages: [{from: 2026-03-11, until: 2026-03-20}]}\n",
        FULL,
    )
    assert (made.runs, made.failed) == (1, 1)
    ((index, failure),) = made.failures
    assert (index, failure.year, failure.date) == (0, 2026, "2026-03-11")
    said = " ".join(problem.message("en") for problem in failure.problems)
    assert "ash" in said
    assert " ".join(problem.message("zh") for problem in failure.problems)


TERMS = """\
set:
  links.ash_cement.fixed_cost: "365,000 CNY/a"
  links.ash_cement.min_flow: "50,000 t/a"
"""


def test_what_a_link_pays_in_a_year_falls_on_the_days_in_which_it_runs(tmp_path: Path) -> None:
    """1,000 CNY a day; idle in March: at 40 % the mill takes less than the least flow.

    At most 24,000 t/a of ash fit then, and the least flow is 50,000 t/a.
    Cost of a day with the link: 60,000 t/a x 10 on the way, 40,000 x 20 in the yard, slag heap
    60,000 x 30, limestone 60,000 x 50, which is 6,200,000 / 365, and 1,000. Without it the yard
    takes 100,000 x 20, slag 1,800,000 and limestone 48,000 x 50: 6,200,000 / 365 too.
    """
    made = lived(
        tmp_path,
        "  projects: {}\n"
        "  units:\n"
        "    cement.mill: {outages: [{from: 2025-03-01, until: 2025-03-31, share: 40 %}]}\n",
        TERMS,
        horizon=1,
    )
    rate, cost = made.by_month("utilisation_rate")[0], made.by_month("cost")[0]
    assert rate[:3] == pytest.approx([0.375, 0.375, 0.0])
    assert cost[0] == pytest.approx(31 * (6_200_000 / 365 + 1_000))
    assert cost[2] == pytest.approx(31 * 6_200_000 / 365)


AGREED = (
    PROJECT
    + """\
set:
  links.slag_cement.contract: "36,500 t/a"
"""
)


def test_a_contract_of_a_new_link_is_its_least_flow(tmp_path: Path) -> None:
    """100 t a day where it runs at all; on ten days of February 2026 it is idle.

    The mill then runs at 10 %, 32.9 t of blend a day: 16.4 t a day of ash are used, and 328.8 of
    both on the other 18 days.
    """
    made = lived(
        tmp_path,
        "  projects: {line: {}}\n  units:\n    cement.mill:\n      outages:\n"
        "        - {from: 2026-02-01, until: 2026-02-10, share: 10 %}\n",
        AGREED,
    )
    assert used_t(made)[0] == pytest.approx(60_000)
    used = (10 * 6_000 + 18 * 120_000) / 28
    assert made.by_month("utilisation_rate")[0][13] == pytest.approx(used / 160_000)


def test_other_runs_go_on_and_the_summary_counts_those_without_an_answer(tmp_path: Path) -> None:
    """A mill that breaks down on some day of some runs: those fail, the others have a rate."""
    made = simulate(
        retrofit(
            tmp_path,
            "  projects: {}\n"
            "  units:\n"
            "    cement.mill:\n"
            "      breakdowns:\n"
            "        between: {shape: exponential, value: 1000 d}\n"
            "        repair: 5 d\n",
            FULL,
        ),
        40,
        seed=1,
    )
    assert 0 < made.failed < 40
    assert made.by_year("utilisation_rate").shape == (40 - made.failed, 2)
    assert made.by_year("utilisation_rate") == pytest.approx(0.375)
    assert made.answered.sum() == 40 - made.failed


def test_the_same_seed_gives_the_same_answer_on_any_number_of_workers(tmp_path: Path) -> None:
    """One process and three: every number of every run, bit by bit."""
    asked = retrofit(
        tmp_path,
        "  projects:\n    line: {course: filed_table}\n"
        "  units:\n"
        "    cement.mill:\n"
        "      breakdowns:\n"
        "        between: {shape: exponential, value: 100 d}\n"
        "        repair: {shape: lognormal, value: 3 d, high: 9 d}\n",
        horizon=4,
    )
    one, three = (simulate(asked, 7, seed=3, workers=workers) for workers in (1, 3))
    for indicator in ("utilisation_rate", "cost"):
        assert np.array_equal(one.by_month(indicator), three.by_month(indicator))
    assert np.array_equal(one.times("line.finished"), three.times("line.finished"))


def test_a_project_more_leaves_the_luck_of_the_mill_as_it_was(tmp_path: Path) -> None:
    """The mill's availability in each run is the same with the project and without."""
    units = (
        "  units:\n"
        "    cement.mill:\n"
        "      breakdowns:\n"
        "        between: {shape: exponential, value: 100 d}\n"
        "        repair: 5 d\n"
    )
    moved = [
        simulate(retrofit(tmp_path, f"  projects: {projects}\n{units}", horizon=4), 5, seed=2).moved
        for projects in ("{}", "{line: {course: filed_table}}")
    ]
    assert np.array_equal(moved[0]["cement.mill"], moved[1]["cement.mill"])


def test_links_of_projects_stand_in_the_order_of_the_file() -> None:
    """An order by hashes would be another one in every process, and so would the last bits."""
    states = Living(retrofit_of(load_scenario("jinchang-replay"))).states[2025]
    given = [link for link in states.year.data.link_capacity if link in states.limits]
    added = [link for link in states.limits if link not in states.stated]
    assert len(added) > 5
    assert [link for link in given if link in added] == added
