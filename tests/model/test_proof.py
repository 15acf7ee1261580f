"""What is said of the proof of an answer with integers, and of its marginals."""

from dataclasses import replace

import pytest

from symbiosis.errors import NoAnswer, Problem
from symbiosis.hints import hints_of
from symbiosis.optimum import Goal, Optimum
from symbiosis.park.park import Park
from symbiosis.result import answer
from symbiosis.scenario import scenario_of
from symbiosis.slicing import slice_of
from symbiosis.solvers.backend import SolveOptions
from symbiosis.solvers.status import Status
from symbiosis.solving import optimise_slice
from symbiosis.terminal.summary import show_summary
from symbiosis.terminal.talk import Talk
from tests.model.parks import Tree, link, makes, near, needs, park, use

ITEMS = 40


def knapsack(items: int = ITEMS) -> Park:
    """Slag for a part of the takers, each of which wants all it needs or none.

    Needs are even and the slag is odd, so that no choice uses all of it and the bound of the
    relaxation (which always does) cannot be reached: R is best at one tonne less.
    """
    sizes = [2 * (1000 + 37 * i * i % 911) for i in range(items)]
    takers: Tree = {
        f"taker{i}": needs(blend=use(f"{size} t/a", "slag")) for i, size in enumerate(sizes)
    }
    links = {
        f"haul{i}": link(
            "works.slag", f"taker{i}.blend", cost=f"{i % 7} CNY/t", min_flow=f"{size} t/a"
        )
        for i, size in enumerate(sizes)
    }
    amount = sum(sizes) // 2 | 1
    return park({"works": makes(slag=f"{amount} t/a"), **takers}, links)


def within(
    seconds: float, solver: str, goal: Goal = Goal.UTILISATION
) -> tuple[Optimum | None, list[str]]:
    """The optimum, or the codes of what is said instead."""
    found = knapsack()
    options = SolveOptions(time_limit_s=seconds)
    try:
        return optimise_slice(found, slice_of(found), goal, solver, options), []
    except NoAnswer as error:
        return None, [problem.code for problem in error.problems]


def test_a_small_choice_is_proven_and_says_so(solver: str) -> None:
    """Ten takers: closed at once, bound and value agree, marginals hold at fixed integers."""
    found = answer(scenario_of(knapsack(10)), Goal.UTILISATION, solver)
    document = found.document()
    assert document["status"] == "optimal"
    assert document["gap"] == pytest.approx(0, abs=1e-8)
    assert near(document["bound"], document["value"], 1e-6)
    assert document["marginals_at_fixed_integers"] is True
    assert document["unique"] == {"rate": None, "cost": None}
    assert len(document["hints"]) == 1
    assert "fixed integers" in document["hints"][0]
    assert "整数固定" in found.document("zh")["hints"][0]


def test_a_linear_answer_has_no_hints_and_plain_marginals(solver: str) -> None:
    whole = park(
        {"works": makes(slag="100 t/a"), "cement": needs(blend=use("80 t/a", "slag"))},
        {"haul": link("works.slag", "cement.blend")},
    )
    document = answer(scenario_of(whole), Goal.COST, solver).document()
    assert document["hints"] == []
    assert document["marginals_at_fixed_integers"] is False


def test_an_answer_cut_short_says_how_far_it_may_be_from_the_best(solver: str) -> None:
    """Parity cannot be branched away quickly: the answer stands, its gap and bound are told."""
    found, codes = within(0.5, solver)
    if found is None:
        offered = ["try_highs"] if solver == "glpk" else []
        assert codes == ["status_no_answer", *offered]
        return
    solved = found.solved
    assert solved.options["time_limit_s"] == 0.5
    rate = found.rate.value
    assert rate is not None
    assert solved.bound is not None
    assert rate <= solved.bound + 1e-9
    assert rate <= 1 - 1 / found.rate.denominator + 1e-9
    if solved.status is Status.FEASIBLE:
        assert solved.gap is not None
        told = hints_of(found, "en")
        assert told[0].startswith(f"{solver} stopped at its limit")
        assert any("--solver highs" in hint for hint in told) is (solver == "glpk")


def test_where_glpk_finds_nothing_in_its_limit_highs_is_offered() -> None:
    """No time at all is too short for anything."""
    found, codes = within(0.0, "glpk")
    assert found is None
    assert codes == ["status_no_answer", "try_highs"]
    assert "--solver highs" in Problem("try_highs").message("zh")


def test_the_least_cost_cut_short_is_never_called_proven() -> None:
    """HiGHS with a limit of a tenth of a second: proven only with a closed gap."""
    found, codes = within(0.1, "highs", Goal.COST)
    if found is None:
        assert codes == ["status_no_answer"]
        return
    solved = found.solved
    assert solved.bound is not None
    assert solved.bound <= found.cost_cny + 1e-6 * abs(found.cost_cny)
    if solved.status is Status.OPTIMAL:
        assert solved.gap == pytest.approx(0, abs=1e-6)


def test_marginals_at_fixed_integers_are_slopes_while_the_links_stay(solver: str) -> None:
    """A link that runs from 50 t: a tonne more of need is a tonne more sent, 45 CNY saved."""
    whole = park(
        {"works": makes(slag="100 t/a"), "cement": needs(blend=use("80 t/a", "slag"))},
        {"haul": link("works.slag", "cement.blend", cost="5 CNY/t", min_flow="50 t/a")},
    )
    found = optimise_slice(whole, slice_of(whole), Goal.COST, solver)
    cost = found.stage("cost")
    assert cost is not None
    assert near(cost.marginals["need", "cement.blend"], 5)


def test_the_summary_names_what_is_paid_whole_and_how_far_marginals_hold(
    capsys: pytest.CaptureFixture[str],
) -> None:
    whole = park(
        {"works": makes(slag="100 t/a"), "cement": needs(blend=use("80 t/a", "slag"))},
        {"haul": link("works.slag", "cement.blend", fixed_cost="700 CNY/a")},
    )
    found = answer(scenario_of(whole), Goal.COST, "highs")
    for lang, charge, hint in (
        ("en", "Paid whole by links that run", "fixed integers"),
        ("zh", "链接启用固定费用", "整数固定"),
    ):
        show_summary(found, None, Talk(lang))
        told = "".join(capsys.readouterr().out.split("\n"))
        assert charge in told
        assert hint in told


@pytest.mark.parametrize(
    ("gap", "told"),
    [
        (0.034, "possible by up to 3.4 %"),
        (1.7e-5, "possible by up to 0.0017 %"),
        (0.0, "what was made least after it is not"),
        (None, "is not known"),
        (float("inf"), "is not known"),
    ],
)
def test_a_gap_is_told_as_what_it_means(gap: float | None, told: str) -> None:
    whole = knapsack(4)
    found = optimise_slice(whole, slice_of(whole), Goal.COST, "glpk")
    cut_short = replace(found, solved=replace(found.solved, status=Status.FEASIBLE, gap=gap))
    first, second, _ = hints_of(cut_short, "en")
    assert told in first
    assert "--solver highs" in second
    assert hints_of(cut_short, "zh")[0].startswith("glpk 已到时限")
