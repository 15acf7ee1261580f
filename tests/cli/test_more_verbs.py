"""``pareto``, ``viability``, ``explain`` with remedies, seasons and carbon on the command line.

The park: 100 t of slag; the brickworks take 50 t of clay, at most 80 % of it slag, at 60 CNY/t (40
t), the road 40 t at 90 CNY/t; virgin material costs 50 CNY/t and 0.5 t CO2e per t. The heap is free
and pays a tax of 15 CNY/t. The greatest R is 80 %. All bought: 4,500 CNY and 1,500 of tax; bricks
take 10 - 15 = -5 CNY/t of it, the road 40 - 15 = 25: 5,800 CNY at 40 %, 6,800 at 80 %.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.model.parks import (
    accept,
    byproduct,
    link,
    makes,
    named,
    needs,
    route,
    tree,
    use,
    write,
)

Run = Callable[..., Any]
LANGUAGES = ["zh", "en"]
BOTH = ("--objectives", "utilisation,cost")


def taker(need: str, share: str = "100 %") -> dict[str, Any]:
    wanted = use(need, accepts={"slag": accept(max_share=share)})
    wanted["virgin"] |= {"co2e": "0.5 t/t"}
    return wanted


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """The park of this module as a file."""
    heap = {"heap": route("0 CNY/t", compliant=False)}
    whole = tree(
        {
            "works": makes(slag=byproduct("100 t/a", routes=heap, tax="slag")),
            "brick": needs(clay=taker("50 t/a", "80 %")),
            "road": needs(base=taker("40 t/a")),
        },
        {
            "to_brick": link("works.slag", "brick.clay", cost="60 CNY/t"),
            "to_road": link("works.slag", "road.base", cost="90 CNY/t"),
        },
        policy={"environmental_tax": {"slag": "15 CNY/t"}},
        seasons={name: named(f"half_{name}", hours="4380 h") for name in "ab"},
    )
    return write(whole, tmp_path / "small.yaml")


# --- seasons, carbon


@pytest.mark.parametrize("solver", ["glpk", "highs"])
def test_a_year_by_season_without_profiles_has_the_numbers_of_one_slice(
    solver: str, run: Run, small: Path
) -> None:
    whole = run("optimise", small, "--solver", solver, "--json").json
    cut = run("optimise", small, "--solver", solver, "--by-season", "--json").json
    assert whole["periods"] == ["2025"]
    assert cut["periods"] == ["a", "b"]
    for key in ("utilisation_rate", "cost_cny", "co2e_t"):
        assert cut[key] == pytest.approx(whole[key])
    assert cut["utilisation_rate"] == pytest.approx(0.8)
    assert cut["cost_cny"] == pytest.approx(6_800)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_summary_by_season_says_the_rate(lang: str, run: Run, small: Path) -> None:
    ran = run("optimise", small, "--by-season", "--lang", lang)
    assert ran.code == 0, ran.err
    assert "80.0 %" in ran.out


def test_a_result_by_season_is_kept_and_drawn(run: Run, small: Path) -> None:
    assert run("optimise", small, "--by-season", "-o", "kept", "-q").code == 0
    small.write_text("broken", encoding="utf-8")
    assert run("draw", "kept", "-o", "again.svg", "-q").code == 0


def test_seasons_that_are_no_year_are_wrong_input(run: Run, small: Path) -> None:
    text = small.read_text(encoding="utf-8").replace("4380 h", "4392 h")
    small.write_text(text, encoding="utf-8")
    for lang, said in (("en", "add up to 8,784 h"), ("zh", "共 8,784 h")):
        ran = run("optimise", small, "--by-season", "--lang", lang)
        assert ran.code == 2
        assert said in ran.err


@pytest.mark.parametrize("solver", ["glpk", "highs"])
def test_least_carbon_is_an_objective(solver: str, run: Run, small: Path) -> None:
    """80 t of slag in place of virgin material: 10 t are bought, 5 t CO2e."""
    found = run("optimise", small, "--objective", "carbon", "--solver", solver, "--json").json
    assert found["objective"] == "carbon"
    assert found["value"] == pytest.approx(5)
    assert found["co2e_t"] == pytest.approx(5)
    assert sum(found["co2e_items_t"].values()) == pytest.approx(5)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_summary_of_least_carbon_says_so(lang: str, run: Run, small: Path) -> None:
    ran = run("optimise", small, "--objective", "carbon", "--lang", lang)
    assert ran.code == 0, ran.err
    assert ("碳" if lang == "zh" else "carbon") in ran.out


@pytest.mark.parametrize(
    "arguments",
    [
        ("optimise", "--objective", "carbon"),
        ("pareto", "--objectives", "utilisation,carbon"),
    ],
)
def test_without_factors_carbon_is_refused(
    arguments: tuple[str, ...], run: Run, tiny: Path
) -> None:
    verb, *options = arguments
    ran = run(verb, tiny, *options)
    assert ran.code == 2
    assert "'tiny' states no carbon factor" in ran.err
    assert options[0] in ran.err


# --- pareto


@pytest.mark.parametrize("solver", ["glpk", "highs"])
def test_the_front_as_json(solver: str, run: Run, small: Path) -> None:
    """80, 70, 60, 50, 40 % at 6,800, 6,550, 6,300, 6,050, 5,800 CNY."""
    found = run("pareto", small, *BOTH, "--points", 5, "--solver", solver, "--json").json
    assert found["objectives"] == ["utilisation", "cost"]
    points = found["points"]
    rates = [point["utilisation_rate"] for point in points]
    assert rates == pytest.approx([0.8, 0.7, 0.6, 0.5, 0.4], abs=1e-6)
    costs = [point["cost_cny"] for point in points]
    assert costs == pytest.approx([6_800, 6_550, 6_300, 6_050, 5_800], rel=1e-6)
    assert {"co2e_t", "bounds"} <= set(points[0])


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_front_is_shown_as_a_table(lang: str, run: Run, small: Path) -> None:
    ran = run("pareto", small, *BOTH, "--points", 3, "--lang", lang, "-q")
    assert ran.code == 0, ran.err
    assert all(rate in ran.out for rate in ("80.00 %", "60.00 %", "40.00 %"))
    assert ran.err == ""


def test_a_front_of_three_objectives_by_season(run: Run, small: Path) -> None:
    names = "utilisation, cost,carbon"
    found = run("pareto", small, "--objectives", names, "--points", 4, "--by-season", "--json").json
    assert found["objectives"] == ["utilisation", "cost", "carbon"]
    assert all(point["co2e_t"] is not None for point in found["points"])


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "--objectives is missing"),
        (("--objectives", "utilisation"), "name two or three different objectives"),
        (("--objectives", "cost,cost"), "name two or three different objectives"),
        (("--objectives", "cost,utilisation,carbon,cost"), "two or three different objectives"),
        (("--objectives", "utilisation,cots"), "Did you mean 'cost'?"),
        (("--objectives", ""), "--objectives"),
        ((*BOTH, "--points", "1"), "--points"),
        ((*BOTH, "--points", "many"), "--points"),
        ((*BOTH, "--solver", "gplk"), "glpk"),
    ],
)
def test_a_front_that_cannot_be_meant_is_refused(
    arguments: tuple[str, ...], said: str, run: Run, small: Path
) -> None:
    for lang in LANGUAGES:
        ran = run("pareto", small, *arguments, "--lang", lang)
        assert ran.code == 2
        assert ran.out == ""
        assert "Traceback" not in ran.err
        if lang == "en":
            assert said in ran.err


# --- viability


@pytest.mark.parametrize("solver", ["glpk", "highs"])
def test_viability_as_json(solver: str, run: Run, small: Path) -> None:
    """60 %: 20 t more to the road, 25 CNY each after the tax: 500 CNY."""
    found = run("viability", small, "--target", "60 %", "--solver", solver, "--json").json
    rates = [found[key] for key in ("technical", "economic", "policy")]
    assert rates == pytest.approx([0.8, 0.0, 0.4], abs=1e-8)
    assert found["target"] == pytest.approx(0.6)
    assert found["subsidy_cny"] == pytest.approx(500)
    assert sum(row["loss_cny"] for row in found["payers"]) == pytest.approx(500)
    assert found["uniform_cny_per_t"] == pytest.approx(25)
    assert [row["link"] for row in found["links"]] == ["to_brick", "to_road"]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_viability_in_words(lang: str, run: Run, small: Path) -> None:
    ran = run("viability", small, "--target", "0.6", "--lang", lang)
    assert ran.code == 0, ran.err
    assert all(rate in ran.out for rate in ("80.00 %", "40.00 %", "0.00 %", "60.00 %"))
    assert "works.slag to road.base" in ran.out


@pytest.mark.parametrize("lang", LANGUAGES)
def test_where_every_exchange_pays_viability_says_so(lang: str, run: Run, tiny: Path) -> None:
    ran = run("viability", tiny, "--lang", lang)
    assert ran.code == 0
    assert "75.00 %" in ran.out


@pytest.mark.parametrize("target", ["60 %", "60%", "0.6", " 0.60 "])
def test_a_target_is_a_rate(target: str, run: Run, small: Path) -> None:
    found = run("viability", small, "--target", target, "--json").json
    assert found["target"] == pytest.approx(0.6)


@pytest.mark.parametrize("target", ["60", "101 %", "-1 %", "nan", "inf", "60 t", "most", "% 60"])
def test_what_is_no_rate_is_refused(target: str, run: Run, small: Path) -> None:
    for lang in LANGUAGES:
        ran = run("viability", small, f"--target={target}", "--lang", lang)
        assert ran.code == 2
        assert "60 %" in ran.err
        assert target.strip() in ran.err


@pytest.mark.parametrize(("lang", "said"), [("en", "brings the rate to 90"), ("zh", "达不到 90")])
def test_a_target_out_of_reach_ends_with_1(lang: str, said: str, run: Run, small: Path) -> None:
    ran = run("viability", small, "--target", "90 %", "--lang", lang, "--json")
    assert ran.code == 1
    assert ran.json["ok"] is False
    assert said in ran.err


# --- remedies


def test_explain_has_the_remedies_of_each_by_product(run: Run, small: Path) -> None:
    """88 % of 50 t are 44 t: 4 t more, 10 CNY each less 15 of tax."""
    (slag,) = run("explain", small, "--json").json["byproducts"]
    (share,) = slag["remedies"]
    keys = {"kind", "id", "gained", "unit", "cost_cny", "cny_per_unit", "rate_gained", "verified"}
    assert keys <= set(share)
    assert (share["kind"], share["unit"], share["verified"]) == ("share", "t", True)
    assert share["gained"] == pytest.approx(4)
    assert share["cny_per_unit"] == pytest.approx(-5)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_explain_says_the_remedies(lang: str, run: Run, small: Path) -> None:
    ran = run("explain", small, "--lang", lang)
    assert ran.code == 0, ran.err
    assert "  + " in ran.out
    assert ("十分之一" if lang == "zh" else "a tenth more") in ran.out


@pytest.mark.parametrize("verb", ["pareto", "viability"])
def test_help_is_there_in_both_languages(verb: str, run: Run) -> None:
    for lang in LANGUAGES:
        ran = run(verb, "--help", "--lang", lang)
        assert ran.code == 0
        assert "--by-season" in ran.out


def test_viability_says_that_exchanges_compete(run: Run) -> None:
    """Jinchang: 55.22 and 55.14 %, and no exchange loses."""
    assert "compete" in run("viability", "jinchang", "--lang", "en").out
    assert "相互竞争" in run("viability", "jinchang", "--lang", "zh").out
