"""A plan by season and the life of its projects: without luck and without stocks they are one.

The three parks: a plan of least cost over three years, and the same lived through with the same
aim. Where a stock ties months together, life does not look ahead, and pays for it.

The tiny park in two halves of a year: 30,000 t of slag in each. Cement takes 12,000 t of blend in
the first half and 108,000 t in the second, at most half of it ash (6,000 and 50,000 t, for that is
all there is). Slag goes first, for a tonne of it saves 65 CNY (limestone 50 + heap 30 - way 15), of
ash 60 (50 + 20 - 10); beside slag ash gets what is left of the need.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from symbiosis.planning.aim import Aim
from symbiosis.planning.plan import Plan, plan
from symbiosis.retrofit.block import retrofit_of
from symbiosis.retrofit.following import Begun, Myopia, following, myopia
from symbiosis.retrofit.simulate import without_luck
from symbiosis.retrofit.simulation import Simulation
from symbiosis.scenario import Scenario, load_scenario

TINY = Path(__file__).parents[1] / "data" / "tiny.yaml"
HEAD = """\
schema_version: 1
id: asked
park: {park}
name_zh: 试
name_en: Try
horizon: {years} a
by_season: true
retrofit: {{objective: cost}}
"""
MONEY_CNY = {"jinchang": 3e8, "baiyin": 5e7, "taiyuan-stainless": 1e8}
UNTIED = {
    "jinchang": "remove: [stockpiles.pg_stack, stockpiles.fly_ash_yard,"
    " stockpiles.fly_ash_yard_jc, stockpiles.carbide_pile]\n",
    "baiyin": "set: {stockpiles.old_slag_yard.reclaim: 0 t/a}\n",
    "taiyuan-stainless": "remove: [stockpiles.granulated_slag_yard, stockpiles.tailing_yard,"
    " stockpiles.converter_slag_yard, stockpiles.fly_ash_yard, stockpiles.gypsum_yard]\n",
}
"""Nothing waits for a later month, and nothing comes from an old heap."""


@dataclass(frozen=True)
class Both:
    """A plan and its life."""

    plan: Plan
    life: Simulation

    @property
    def years(self) -> list[Myopia]:
        """The one beside the other."""
        rates = [year.optimum.rate.value for year in self.plan.years]
        costs_cny = [year.optimum.cost_cny for year in self.plan.years]
        return myopia(self.life, rates, costs_cny)


def both(scenario: Scenario, money_cny: float) -> Both:
    """The plan of least cost, and what came of it without luck."""
    made = plan(scenario, money_cny, aim=Aim.COST, reasons=False, solver="highs")
    stated = {name for name, project in scenario.park.projects.items() if project.sizes}
    begun = {
        start.candidate.name: Begun(
            start.year, start.size.name if start.candidate.name in stated else None
        )
        for start in made.starts
    }
    assert begun
    return Both(made, without_luck(retrofit_of(following(scenario, begun)), solver="highs"))


def written(file: Path, park: str, years: int, more: str) -> Scenario:
    """A scenario by season whose simulation is of least cost."""
    file.write_text(HEAD.format(park=park, years=years) + more, encoding="utf-8")
    return load_scenario(file)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the scenarios of this module stand."""
    made = tmp_path_factory.mktemp("lives")
    (made / "tiny.yaml").write_text(TINY.read_text(encoding="utf-8"), encoding="utf-8")
    return made


def assert_one(found: Both, rate: float = 1e-6) -> None:
    """Cost of every year to 1e-6 of itself, and its rate to ``rate``."""
    assert not found.life.failures
    assert len(found.years) == len(found.plan.years)
    for year in found.years:
        assert year.lived_cost_cny == pytest.approx(year.planned_cost_cny, rel=1e-6)
        assert year.lived_rate == pytest.approx(year.planned_rate, abs=rate)


# --- the three parks


@pytest.mark.parametrize("name", MONEY_CNY)
def test_without_stocks_plan_and_life_of_a_real_park_are_one(name: str, folder: Path) -> None:
    """Several projects, leads of parts of a year, capacity that comes as 70 % and then whole.

    Baiyin buys for 190 亿元 a year, and of answers of one cost the one is taken that uses most
    waste, at 1e-9 of the cost: 20 CNY in each year of its life, 60 in all of the plan, which may
    spend them in one year. Some of its waste is used for a few yuan a tonne more than the least, so
    that its cost agrees to 3e-9, but its rate only to 1e-5.
    """
    scenario = written(folder / f"{name}-untied.yaml", name, 3, UNTIED[name])
    found = both(scenario, MONEY_CNY[name])
    assert len(found.plan.starts) > 2
    assert any(start.candidate.ramp for start in found.plan.starts)
    assert_one(found, rate=2e-5 if name == "baiyin" else 1e-6)
    for year in found.years:
        assert year.lived_cost_cny == pytest.approx(year.planned_cost_cny, rel=1e-8)


@pytest.mark.parametrize("name", MONEY_CNY)
def test_with_stocks_life_costs_what_it_does_not_foresee(name: str, folder: Path) -> None:
    """The price of myopia is not below zero over the horizon, as far as solvers tell.

    Jinchang and Taiyuan keep waste for later months, and life pays for not doing so.
    """
    found = both(written(folder / f"{name}.yaml", name, 3, ""), MONEY_CNY[name])
    assert not found.life.failures
    whole = sum(year.planned_cost_cny for year in found.years)
    price = sum(year.price_cny for year in found.years)
    assert price >= -1e-6 * abs(whole)
    if name != "baiyin":
        assert price > 1e-5 * abs(whole)


# --- the tiny park in two halves of a year

HALVES = """\
set:
  seasons:
    first: {name_zh: 上半年, name_en: First half, hours: 4380 h}
    second: {name_zh: 下半年, name_en: Second half, hours: 4380 h}
  profiles:
    busy: {name_zh: 忙季, name_en: Busy, spread: weight, values: {first: 10 %, second: 90 %}}
  enterprises.cement.units.mill.uses.blend.profile: busy
"""
LINE = """\
add:
  projects:
    line: {name_zh: 矿渣线, name_en: Slag line, types: [chain_filling], status: planned,
           RAMP, links: [slag_cement]}
"""


def halves(folder: Path, line: str, more: str = "") -> Both:
    """The tiny park with a slag line, which is begun at once and runs from the second year on."""
    text = HALVES + more + LINE.replace("RAMP", line)
    return both(written(folder / "halves.yaml", "tiny.yaml", 3, text), 1e9)


def sent_t(found: Both) -> list[float]:
    """What the line sends in each year of the plan, in tonnes."""
    return [
        sum(t for key, t in year.optimum.point.sent.items() if "slag_cement" in key)
        for year in found.plan.years
    ]


def cost_cny(slag_t: Sequence[float]) -> float:
    """By hand: what the need leaves after slag goes to ash, but half of the need at most."""
    cny = 0.0
    for need_t, slag in zip((12_000, 108_000), slag_t, strict=True):
        ash = min(need_t / 2, need_t - slag, 50_000)
        cny += 10 * ash + 20 * (50_000 - ash) + 15 * slag + 30 * (30_000 - slag)
        cny += 50 * (need_t - ash - slag)
    return cny


@pytest.mark.parametrize(
    ("line", "more", "slag_t"),
    [
        # As much as it could send: 12,000 and 30,000; half of that in its first year.
        ("investment: 1 万元, ramp: [50 %, 100 %]", "", [(6_000, 15_000), (12_000, 30_000)]),
        # Built for 60,000 t/a, 30,000 in each half: half of that is 15,000, of which 12,000 go.
        (
            "investment: 1 万元, ramp: [50 %, 100 %]",
            "  links.slag_cement.capacity: 60,000 t/a\n",
            [(12_000, 15_000), (12_000, 30_000)],
        ),
        # The half size of the first, and half of it in its first year.
        (
            "sizes: [{id: half, share: 50 %, investment: 1 万元}], ramp: [50 %, 100 %]",
            "",
            [(3_000, 7_500), (6_000, 15_000)],
        ),
        # The same where the capacity is stated: 7,500 in each half, then 15,000.
        (
            "sizes: [{id: half, share: 50 %, investment: 1 万元}], ramp: [50 %, 100 %]",
            "  links.slag_cement.capacity: 60,000 t/a\n",
            [(7_500, 7_500), (12_000, 15_000)],
        ),
        # Half a year of building counts as a whole one.
        ("investment: 1 万元, lead: 6 month", "", [(12_000, 30_000), (12_000, 30_000)]),
    ],
)
def test_what_a_line_can_send_is_limited_in_every_slice(
    line: str, more: str, slag_t: list[tuple[float, float]], folder: Path
) -> None:
    """By the half years of 2026 and 2027, in plan and life alike."""
    found = halves(folder, line, more)
    assert found.plan.begun == {"line": 2025}
    assert sent_t(found) == pytest.approx([0, *map(sum, slag_t)])
    costs = [year.planned_cost_cny for year in found.years]
    assert costs == pytest.approx([cost_cny((0, 0)), *map(cost_cny, slag_t)])
    assert_one(found)


def test_a_plan_by_year_limits_a_line_over_the_year(folder: Path) -> None:
    """Without seasons 60,000 t are within reach: half of it is 30,000, whenever they go."""
    text = LINE.replace("RAMP", "investment: 1 万元, ramp: [50 %, 100 %]")
    found = both(written(folder / "year.yaml", "tiny.yaml", 3, text), 1e9)
    assert sent_t(found) == pytest.approx([0, 30_000, 60_000])
    assert_one(found)


HEAP = """\
  stockpiles:
    pile: {name_zh: 渣堆, name_en: Pile, byproduct: smelter.slag, reclaim: 0 t/a,
           buffer: "18,000 t", holding_cost: HOLDING}
"""


@pytest.mark.parametrize(
    ("holding_cny", "price_cny"), [(10, (90_000, 0, 0)), (100, (0, 270_000, 270_000))]
)
def test_the_price_of_myopia_is_that_worked_out_by_hand(
    holding_cny: int, price_cny: tuple[int, int, int], folder: Path
) -> None:
    """18,000 t are not wanted in the first half, would be in the second, and fit on the pile.

    To keep a tonne for half a year costs half of what a year costs, and once the line runs saves 65
    CNY in the end, 30 of them at once. At 5 CNY life keeps it as planned; but it does so in 2025
    too, when nobody will want it: 18,000 x 5 CNY for nothing. At 50 CNY it never does, for it sees
    the 30 alone: 18,000 x (65 - 50) CNY in each year in which the line runs.
    """
    heap = HEAP.replace("HOLDING", f"{holding_cny} CNY/t")
    text = HALVES + LINE.replace("RAMP", "investment: 1 万元") + heap
    found = both(written(folder / "heap.yaml", "tiny.yaml", 3, text), 1e9)
    kept_cny = cost_cny((12_000, 48_000)) + 18_000 * holding_cny / 2
    costs = [year.planned_cost_cny for year in found.years]
    assert costs == pytest.approx([cost_cny((0, 0)), kept_cny, kept_cny])
    assert [year.price_cny for year in found.years] == pytest.approx(price_cny, abs=0.1)
