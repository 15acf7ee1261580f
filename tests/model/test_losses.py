"""The parts of the least subsidy by exchange, and the uniform subsidy beside every other rate.

Slag on a heap at 15 CNY/t, virgin material at 50: haulage above 65 CNY/t loses.
"""

from dataclasses import replace
from typing import Any

import pytest

from symbiosis.park.park import Park
from symbiosis.question import Aim
from symbiosis.scenario import load_question, scenario_of
from symbiosis.solving import ask
from symbiosis.viability import Subsidy, as_json, viability_of
from tests.model.parks import byproduct, link, makes, material, needs, park, runs, treatment, use

SLAG = byproduct("100 t/a", "15 CNY/t")


def subsidy_of(found: Park, target: float, solver: str) -> Subsidy:
    subsidy = viability_of(scenario_of(found), target, solver).subsidy
    assert subsidy is not None
    return subsidy


def three(**terms: Any) -> Park:
    """40 t at 75 CNY/t, 30 t at 85, 20 t at 105: losses of 10, 20 and 40 CNY/t."""
    takers = {"brick": ("40 t/a", "75"), "road": ("30 t/a", "85"), "fill": ("20 t/a", "105")}
    return park(
        {"works": makes(slag=SLAG)}
        | {name: needs(blend=use(amount, "slag")) for name, (amount, _) in takers.items()},
        {
            name: link("works.slag", f"{name}.blend", cost=f"{cny} CNY/t", **terms)
            for name, (_, cny) in takers.items()
        },
    )


def test_each_exchange_needs_what_its_tonnes_lose(solver: str) -> None:
    """60 %: bricks 40 x 10 and 20 t of the road at 20: 800 CNY, the fill nothing."""
    subsidy = subsidy_of(three(), 0.6, solver)
    assert subsidy.least_cny == pytest.approx(800)
    parts = {link: cny for (link, _), cny in subsidy.exchanges.items()}
    assert parts == pytest.approx({"brick": 400, "road": 400, "fill": 0}, abs=1e-4)
    assert subsidy.rest_cny == pytest.approx(0, abs=1e-4)


@pytest.mark.parametrize(
    ("target", "per_t", "reached"), [(0.2, 10, 0.4), (0.4, 10, 0.4), (0.6, 20, 0.7), (0.8, 40, 0.9)]
)
def test_the_uniform_subsidy_is_the_loss_of_the_last_tonne(
    target: float, per_t: float, reached: float, solver: str
) -> None:
    """At a kink (40 %) the lower of the two prices that hold there."""
    subsidy = subsidy_of(three(), target, solver)
    assert subsidy.uniform is not None
    assert subsidy.uniform.cny_per_t == pytest.approx(per_t)
    assert subsidy.uniform.cny == pytest.approx(per_t * 100 * target)
    assert subsidy.uniform.rate == pytest.approx(reached)


@pytest.mark.parametrize("target", [0.3, 0.5, 0.85])
def test_with_integers_a_hair_less_misses_the_target(target: float, solver: str) -> None:
    """Each taker costs 90 CNY/a for running at all, and sends at least 10 t."""
    found = three(fixed_cost="90 CNY/a", min_flow="10 t/a")
    asked = scenario_of(found)
    subsidy = subsidy_of(found, target, solver)
    assert subsidy.uniform is not None
    assert sum(subsidy.exchanges.values()) == pytest.approx(subsidy.least_cny)
    for part, reaches in ((0.999, False), (1.001, True)):
        paid = part * subsidy.uniform.cny_per_t
        data = asked.slice()
        arcs = tuple(replace(arc, subsidy_cny=paid) for arc in data.arcs)
        helped = replace(data, arcs=arcs)
        question = ask(found, helped, asked.year(helped), solver)
        rate = question.value(Aim.RATE, question.in_order((Aim.COST,)).x)
        assert rate is not None
        assert (rate >= target - 1e-9) is reaches


def test_what_a_unit_costs_belongs_to_its_feed(solver: str) -> None:
    """A mill: haul 10, running 4 x 40 / 80 = 2, powder on a heap at 1 CNY per t of feed, 15 saved.

    Powder that is not used counts for nothing, so concrete must take it: 40 t of 80, at 60 CNY/t
    against 50: 10 more and 1 saved.
    """
    found = park(
        {
            "works": makes(slag=SLAG),
            "mill": runs(
                {"powder": byproduct("80 t/a", "1 CNY/t")},
                {"feed": use("80 t/a", "slag", virgin=None)},
                capacity="40 t/a",
                running_cost="24 CNY/t",
            ),
            "concrete": needs(binder=use("80 t/a", "powder")),
        },
        {
            "slag": link("works.slag", "mill.feed", cost="10 CNY/t"),
            "powder": link("mill.powder", "concrete.binder", cost="60 CNY/t"),
        },
        {"powder": material(waste_class="intermediate")},
    )
    subsidy = subsidy_of(found, 0.4, solver)
    assert subsidy.least_cny == pytest.approx(40 * (10 + 12 - 15) + 40 * 10)
    assert subsidy.exchanges["slag", "mill.feed"] == pytest.approx(40 * 7, rel=1e-6)
    assert subsidy.exchanges["powder", "concrete.binder"] == pytest.approx(40 * 10, rel=1e-6)


def test_what_a_residue_costs_belongs_to_its_treatment(solver: str) -> None:
    """80 CNY/t on 50 t, 10 t of tails at 30 CNY/t, 40 t of virgin and 15 CNY/t of heap saved."""
    blend = {"slag": {"ratio": "1 t/t", "max_share": "100 %", "treatment": "crusher"}}
    found = park(
        {
            "works": makes(slag=SLAG, tails=byproduct("", "30 CNY/t", residue=True)),
            "cement": needs(blend=use("80 t/a", accepts=blend)),
        },
        {"haul": link("works.slag", "cement.blend", cost="80 CNY/t", residue="works.tails")},
        treatments={"crusher": treatment("80 %")},
    )
    subsidy = subsidy_of(found, 0.4, solver)
    assert subsidy.least_cny > 0
    assert sum(subsidy.exchanges.values()) == pytest.approx(subsidy.least_cny)


@pytest.mark.parametrize("name", ["jinchang", "baiyin"])
def test_bundled_parks(name: str, solver: str) -> None:
    """Half way from what pays to what is possible: the parts sum to the least subsidy."""
    asked = load_question(name)
    without = viability_of(asked, None, solver)
    pays, possible = without.policy.rate.value, without.technical.rate.value
    assert pays is not None
    assert possible is not None
    target = (pays + possible) / 2
    viability = viability_of(asked, target, solver)
    subsidy = viability.subsidy
    assert subsidy is not None
    assert subsidy.least_cny > 0
    assert subsidy.rest_cny == pytest.approx(0, abs=1e-6 * subsidy.least_cny)
    assert subsidy.uniform is not None
    assert subsidy.uniform.rate >= target - 1e-9
    assert subsidy.uniform.cny >= subsidy.least_cny * (1 - 1e-6)
    parts = [row["target_cny"] for row in as_json(viability)["links"]]
    assert sum(parts) == pytest.approx(subsidy.least_cny)
