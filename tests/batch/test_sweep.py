"""Which cases a sweep makes, what they are called, and what is refused before any is begun."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from symbiosis.batch.case import Case, key_of, seed_of
from symbiosis.batch.gather import Batch, gather
from symbiosis.batch.options import Order
from symbiosis.batch.sweep import Method, points
from symbiosis.errors import InputError

Written = Callable[..., Path]
KM = "links.ash_cement.distance"
LOAD = "enterprises.power.units.boiler.activity"


def batch_of(path: Path, **order: Any) -> Batch:
    return gather([str(path)], Order(**order))


def cases_of(path: Path) -> list[Case]:
    return list(batch_of(path).cases())


def sweep(text: str) -> str:
    return "sweep:\n" + "".join(f"  {line}\n" for line in text.strip().splitlines())


def test_a_grid_is_every_combination_the_last_key_fastest(scenario: Written) -> None:
    """Three loads x two distances; 10 km is 10 km, 80 % is 0.8."""
    cases = cases_of(scenario())
    assert [tuple(case.axes.values()) for case in cases] == [
        (1.0, 10.0), (1.0, 20.0), (0.8, 10.0), (0.8, 20.0), (0.6, 10.0), (0.6, 20.0),
    ]  # fmt: skip
    assert cases[0].name == "six/000001"
    assert cases[5].name == "six/000006"
    assert len({case.key for case in cases}) == 6
    assert batch_of(scenario()).axes == {LOAD: ("float", "1"), KM: ("float", "km")}


def test_steps_stand_at_equal_distances_ends_among_them(scenario: Written) -> None:
    """0, 5 and 10 km; half and one and a half of the 10 km that the park says."""
    ends = sweep(f"keys:\n  {KM}: {{low: 0 km, high: 10 km, steps: 3}}")
    assert [case.axes[KM] for case in cases_of(scenario("a", ends))] == [0.0, 5.0, 10.0]
    times = sweep(f"keys:\n  {KM}: {{factor_low: 50 %, factor_high: 150 %, steps: 2}}")
    assert [case.axes[KM] for case in cases_of(scenario("b", times))] == [5.0, 15.0]


def test_a_list_takes_rows_or_keys_side_by_side(scenario: Written) -> None:
    rows = sweep(f"method: list\nrows:\n  - {{{KM}: 3 km}}\n  - {{{KM}: 4 km, {LOAD}: 50 %}}")
    assert [case.axes for case in cases_of(scenario("a", rows))] == [
        {KM: 3.0}, {KM: 4.0, LOAD: 0.5},
    ]  # fmt: skip
    side = sweep(f"method: list\nkeys:\n  {KM}: {{values: [1 km, 2 km]}}\n"
                 f"  {LOAD}: {{values: [90 %, 70 %]}}")  # fmt: skip
    found = [tuple(case.axes.values()) for case in cases_of(scenario("b", side))]
    assert found == [(1.0, 0.9), (2.0, 0.7)]


@pytest.mark.parametrize("method", ["latin_hypercube", "sobol"])
def test_samples_are_within_their_ends_and_the_same_for_one_seed(
    scenario: Written, method: str
) -> None:
    def drawn(name: str, seed: int) -> list[Any]:
        text = f"method: {method}\nsamples: 16\nseed: {seed}\nkeys:\n"
        text += f"  {KM}: {{low: 10 km, high: 20 km}}\n  {LOAD}: {{values: [50 %, 100 %]}}"
        return [tuple(case.axes.values()) for case in cases_of(scenario(name, sweep(text)))]

    first = drawn("a", 7)
    assert drawn("b", 7) == first
    assert drawn("c", 8) != first
    assert all(10 <= km <= 20 and load in (0.5, 1.0) for km, load in first)
    # one in each sixteenth (Latin), or one in each of sixteen boxes of the first key (Sobol)
    assert sorted(int((km - 10) * 1.6) for km, _ in first) == list(range(16))
    assert [load for _, load in first].count(0.5) == 8


@given(st.integers(1, 5000), st.integers(0, 5))
def test_fewer_sobol_points_are_the_first_of_more(count: int, seed: int) -> None:
    few = [tuple(p) for p in points(Method.SOBOL, 2, count, seed)]
    more = [tuple(p) for p in points(Method.SOBOL, 2, count + 100, seed)]
    assert len(few) == count
    assert more[:count] == few


@given(st.dictionaries(st.text(), st.integers()), st.integers(0, 2**63))
def test_a_key_and_its_seed_do_not_depend_on_the_order_of_changes(
    changes: dict[str, int], seed: int
) -> None:
    key = key_of("base", changes)
    assert key == key_of("base", dict(reversed(changes.items())))
    assert seed_of(seed, key) == seed_of(seed, key)
    assert 0 <= seed_of(seed, key) < 2**63


@pytest.mark.parametrize("method", ["latin_hypercube", "sobol"])
def test_what_is_drawn_several_times_is_as_many_cases(scenario: Written, method: str) -> None:
    """Eight draws from two values: eight cases and eight keys, and with simulate eight streams."""
    text = f"verb: simulate\noptions: {{runs: 1}}\nmethod: {method}\nsamples: 8\nkeys:\n"
    path = scenario("few", sweep(text + f"  {KM}: {{values: [1 km, 2 km]}}"))
    cases = cases_of(path)
    assert {case.axes[KM] for case in cases} == {1.0, 2.0}
    assert len({case.key for case in cases}) == 8
    assert len({case.options["seed"] for case in cases}) == 8
    assert [case.key for case in cases_of(path)] == [case.key for case in cases]


def test_a_factor_of_what_is_below_zero_leads_from_low_to_high(scenario: Written) -> None:
    """The discount rate is 8 %; half and twice of it are 4 % and 16 %; of -8 %, -16 % and -4 %."""
    key = "finance.discount_rate"
    ends = sweep(f"keys:\n  {key}: {{factor_low: 50 %, factor_high: 200 %, steps: 2}}")
    assert [case.axes[key] for case in cases_of(scenario("a", ends))] == [0.04, 0.16]
    below = f"set: {{{key}: -8 %}}\n{ends}"
    assert [case.axes[key] for case in cases_of(scenario("b", below))] == pytest.approx(
        [-0.16, -0.04]
    )


def test_a_column_of_unlike_kinds_is_text_whatever_the_order(scenario: Written) -> None:
    rows = "method: list\nrows: [{{start: {}}}, {{start: {}}}, {{start: {}}}]"
    for values in (("true", "1", "2"), ("2", "true", "1"), ("1.5", "true", "2"), (10**30, 1, 2)):
        batch = batch_of(scenario("kinds", sweep(rows.format(*values))))
        assert batch.axes == {"start": ("text", "")}
        assert all(isinstance(case.axes["start"], str) for case in batch.cases())


def test_a_number_changes_the_key_and_a_name_does_not(scenario: Written, folder: Path) -> None:
    near = "set: {links.ash_cement.distance: 11 km}\n"
    path = scenario("one", near)
    (before,) = cases_of(path)
    moved = folder / "two.yaml"
    moved.write_text("# moved\n" + path.read_text("utf-8").replace("name_en: a", "name_en: the"),
                     encoding="utf-8")  # fmt: skip
    assert cases_of(moved)[0].key == before.key
    assert cases_of(scenario("one", near.replace("11", "12")))[0].key != before.key
    park = folder / "tiny.yaml"
    park.write_text(park.read_text("utf-8").replace("100,000 t/a", "100,001 t/a"), encoding="utf-8")
    assert cases_of(path)[0].key != before.key


def test_seeds_hang_on_the_seed_of_the_batch_and_the_case_alone(scenario: Written) -> None:
    path = scenario("a", "set: {links.ash_cement.distance: 11 km}\n")
    other = scenario("b", "set: {links.ash_cement.distance: 12 km}\n")
    order = Order(options={"runs": 1}, seed=3)

    def seeds(*paths: Path, order: Order = order) -> dict[str, Any]:
        from dataclasses import replace

        from symbiosis.batch.case import Verb

        found = gather([str(p) for p in paths], replace(order, verb=Verb.SIMULATE))
        return {case.name: case.options["seed"] for case in found.cases()}

    both = seeds(path, other)
    assert both["a"] != both["b"]
    assert seeds(path)["a"] == both["a"]
    assert seeds(other, path) == both
    assert seeds(path, order=Order(options={"runs": 1}, seed=4))["a"] != both["a"]
    fixed = Order(options={"runs": 1, "seed": 11})
    assert set(seeds(path, other, order=fixed).values()) == {11}


WRONG = {
    "unknown_path": "keys:\n  links.ash_cemnt.distance: {values: [1 km]}",
    "sweep_axis": f"keys:\n  {KM}: {{values: [1 km], low: 1 km, high: 2 km}}",
    "sweep_steps": f"keys:\n  {KM}: {{low: 1 km, high: 2 km}}",
    "sweep_other_unit": f"keys:\n  {KM}: {{values: [1 t]}}",
    "sweep_twice": f"keys:\n  {KM}: {{values: [1 km, 1 km]}}",
    "sweep_no_number": f"method: sobol\nsamples: 4\nkeys:\n  {KM}: {{low: near, high: far}}",
    "sweep_order": f"method: sobol\nsamples: 4\nkeys:\n  {KM}: {{low: 3 km, high: 3 km}}",
    "sweep_nothing_stated": "method: sobol\nsamples: 4\nkeys:\n"
    "  links.ash_cement.capacity: {factor_low: 0.5, factor_high: 1.5}",
    "sweep_no_factor": "method: sobol\nsamples: 4\nkeys:\n"
    f"  {KM}: {{factor_low: 1 km, factor_high: 2 km}}",
    "sweep_no_span": "keys:\n  treatments.grinding.cost: "
    "{factor_low: 0.5, factor_high: 1.5, steps: 2}",
    "sweep_nothing": "method: grid",
    "sweep_rows": f"keys:\n  {KM}: {{values: [1 km]}}\nrows: [{{{KM}: 2 km}}]",
    "sweep_samples": f"method: sobol\nkeys:\n  {KM}: {{low: 1 km, high: 2 km}}",
    "sweep_no_samples": f"samples: 3\nkeys:\n  {KM}: {{values: [1 km]}}",
    "sweep_uneven": f"method: list\nkeys:\n  {KM}: {{values: [1 km]}}\n"
    f"  {LOAD}: {{values: [50 %, 60 %]}}",
    "not_allowed": f"options: {{objectve: cost}}\nkeys:\n  {KM}: {{values: [1 km]}}",
    "unknown_key": f"kyes:\n  {KM}: {{values: [1 km]}}",
    "batch_option": f"verb: plan\noptions: {{budget: much}}\nkeys:\n  {KM}: {{values: [1 km]}}",
    "batch_by": f"verb: plan\noptions: {{by: 2030}}\nkeys:\n  {KM}: {{values: [1 km]}}",
}


@pytest.mark.parametrize("code", WRONG)
def test_what_is_wrong_with_a_sweep_is_named_before_work_begins(
    scenario: Written, code: str
) -> None:
    with pytest.raises(InputError) as caught:
        batch_of(scenario("wrong", sweep(WRONG[code])))
    found = [problem for problem in caught.value.problems if problem.code == code]
    assert found
    for problem in found:
        assert problem.message("zh") != problem.message("en")
        if code.startswith("sweep") or code == "unknown_path":
            assert problem.file.endswith("wrong.yaml")
            assert problem.line is not None
            assert problem.line >= 6


def test_an_unknown_key_has_the_nearest_one_beside_it(scenario: Written) -> None:
    with pytest.raises(InputError, match="ash_cement"):
        batch_of(scenario("wrong", sweep(WRONG["unknown_path"])))
