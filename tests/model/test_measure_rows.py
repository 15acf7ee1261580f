"""Measures by hand, and stamped beside built: outputs, shares, money that links pay once."""

import numpy as np
import pytest

from symbiosis.errors import InputError
from symbiosis.measurable import measurable, without_energy
from symbiosis.optimum import Goal
from symbiosis.outputs import units_with_output, with_outputs
from symbiosis.question import ORDER
from symbiosis.scenario import load_question, load_scenario
from symbiosis.seasons import cut, whole_year
from symbiosis.slicing import slice_of
from symbiosis.solvers.compile import compile_model
from symbiosis.solvers.exchange import build_model
from symbiosis.solvers.measures import Measures
from symbiosis.solvers.year import year_form
from symbiosis.solving import ask
from tests.model.parks import (
    Tree,
    byproduct,
    enterprise,
    link,
    makes,
    named,
    needs,
    park,
    unit,
    use,
)  # fmt: skip
from tests.model.test_stamping import shaken

BUNDLED = ("jinchang", "baiyin", "taiyuan-stainless")


@pytest.mark.parametrize("name", [*BUNDLED, "jinchang-policy"])
def test_measures_stamped_are_those_of_each_slice_built_by_itself(name: str) -> None:
    """Every figure differs by season; outputs are among them."""
    asked = load_question(name) if name in BUNDLED else load_scenario(name)
    data = with_outputs(asked.park, asked.slice(), units_with_output(asked.park))
    measures = Measures(measurable(asked.park, data))
    year = shaken(data, seed=5)
    form = year_form(year, measures.build())
    assert form.pattern is not None, form.why_plain
    for stamped, part in zip(measures.by_slice(form), year.slices, strict=True):
        built = compile_model(measures.build()(part)).measures
        assert built is not None
        assert built.keys == stamped.keys == measures.keys
        np.testing.assert_allclose(stamped.matrix.toarray(), built.matrix.toarray(), rtol=1e-9)
        np.testing.assert_allclose(stamped.offset, built.offset, rtol=1e-9)


def test_a_model_without_measures_has_none_and_says_so() -> None:
    asked = load_question("baiyin")
    data = asked.slice()
    compiled = compile_model(build_model(data))
    assert compiled.measures is None
    year = cut(asked.park, data)
    assert year_form(year).measures == ()
    with pytest.raises(ValueError, match="not built with these measures"):
        Measures(measurable(asked.park, data)).by_slice(year_form(year))


# --- per output


SEASONS: Tree = {
    "seasons": {"cold": named("cold", hours="2190 h"), "warm": named("warm", hours="6570 h")},
    "profiles": {
        "stop": named("stop", spread="load", values={"cold": "0 %", "warm": "80 %"}),
    },
}


def kiln_and_mill() -> Tree:
    """A kiln of 1000 t/a at 50 % with a fuel of 8,000 GJ/a, a mill of 400 t/a that runs freely."""
    kiln = unit(
        {"dust": "10 t/a"},
        {"fuel": use("8000 GJ/a", virgin="30 CNY/GJ")},
        capacity="1000 t/a",
        activity="50 %",
        profile="stop",
    )
    mill = unit({"powder": byproduct("300 t/a", "-5 CNY/t")},
                {"feed": use("400 t/a", "slag", virgin=None)}, drive="supply",
                capacity="400 t/a", running_cost="2 CNY/t")  # fmt: skip
    return {
        "works": makes(slag=byproduct("200 t/a", "10 CNY/t")),
        "cement": enterprise(units={"kiln": kiln, "mill": mill}),
    }


def test_output_is_the_activity_of_the_unit_given_or_as_it_runs() -> None:
    """Kiln: 1000 t x 50 % x 80 % of the warm 6570 h of 8760 h = 300 t, all in the warm season.

    Mill: 200 t of slag of the 400 t that it could take: half load, 200 t. Fuel 8000 x 50 % x 60 %
    = 2400 GJ bought: 8 GJ per t of clinker.
    """
    made = park(kiln_and_mill(), {"way": link("works.slag", "cement.feed")}, **SEASONS)
    data = with_outputs(made, slice_of(made), ["cement.kiln", "cement.mill"])
    assert data.outputs == pytest.approx({"cement.kiln": 300.0, "cement.mill": 400.0})
    measures = Measures(measurable(made, data))
    for year in (cut(made, data), whole_year(data)):
        answer = ask(made, data, year, "highs").in_order(ORDER[Goal.UTILISATION])
        sums = measures.sums(year_form(year, measures.build()), answer.x, measures.tied(year))
        assert measures.value("output.cement.kiln", sums) == pytest.approx(300.0)
        assert measures.value("output.cement.mill", sums) == pytest.approx(200.0)
        assert measures.value("energy", sums) == pytest.approx(2400.0)
        assert measures.value("energy_per_output.cement.kiln", sums) == pytest.approx(8.0)
    assert measures.measure("energy_per_output.cement.kiln").unit == "GJ/t"
    cold, warm = cut(made, data).slices
    assert cold.outputs["cement.kiln"] == 0.0
    assert warm.outputs["cement.mill"] == pytest.approx(300.0)


def test_a_unit_without_capacity_or_that_is_not_there_has_no_output() -> None:
    made = park(kiln_and_mill(), {"way": link("works.slag", "cement.feed")}, **SEASONS)
    assert units_with_output(made) == {"cement.kiln": "t", "cement.mill": "t"}
    with pytest.raises(InputError) as caught:
        with_outputs(made, slice_of(made), ["works.plant", "cement.kilm"])
    first, second = caught.value.problems
    assert (first.code, second.code) == ("no_output", "no_output")
    assert "works.plant" in first.message("en")
    assert "works.plant" in first.message("zh")
    assert "cement.kiln" in second.hint("en")


def test_fuel_counted_by_mass_is_listed_as_without_energy() -> None:
    burns = use("5 t/a", "tar", releases="combustion")
    made = park({"works": makes(tar="1 t/a"), "kiln": needs(fuel=burns)}, {})
    assert without_energy(slice_of(made)) == ["kiln.fuel"]
    assert Measures(measurable(made, slice_of(made))).measure("energy").members == ()


# --- what links pay once a year


def test_what_a_link_pays_once_a_year_is_read_once_by_item_and_taker() -> None:
    """80 of 100 t of slag over a link with 300 CNY a year: the taker pays once, not each season.

    The works pays 10 CNY/t for the 20 t that it keeps.
    """
    made = park(
        {"works": makes(slag=byproduct("100 t/a", "10 CNY/t")),
         "cement": needs(clinker=use("80 t/a", "slag"))},
        {"haul": link("works.slag", "cement.clinker", fixed_cost="300 CNY/a")}, **SEASONS,
    )  # fmt: skip
    data = slice_of(made)
    year = cut(made, data)
    measures = Measures(measurable(made, data))
    answer = ask(made, data, year, "highs").in_order(ORDER[Goal.UTILISATION])
    sums = measures.sums(year_form(year, measures.build()), answer.x, measures.tied(year))
    assert measures.value("cost_item.fixed", sums) == pytest.approx(300.0)
    assert measures.value("cost_of.cement", sums) == pytest.approx(300.0)
    assert measures.value("cost_of.works", sums) == pytest.approx(200.0)
    assert measures.value("cost", sums) == pytest.approx(500.0)
