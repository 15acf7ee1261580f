"""A year with the structure of one compiled before is stamped, and is the same as if built anew."""

from dataclasses import replace

import numpy as np
import pytest

from symbiosis.figures import figures, structure, with_figures
from symbiosis.scenario import load_question, load_scenario
from symbiosis.seasons import Year, whole_year
from symbiosis.solvers.patterns import Patterns
from symbiosis.solvers.year import YearForm, year_form
from tests.model.test_stamping import assert_same, written


def numbers(made: YearForm) -> object:
    return written(made.form, dict(made.expressions))


def dearer(year: Year, factor: float) -> Year:
    """Every way costs more, in every slice."""
    cost = {p: v * factor for p, v in figures(year.data).items() if p[2] == "transport_cny"}
    return replace(year, data=with_figures(year.data, cost))


def test_a_structure_seen_before_is_stamped_and_equal_to_one_built_anew() -> None:
    asked = load_scenario("jinchang-months")
    year, patterns = asked.year(asked.slice()), Patterns()
    patterns.form(year)
    for factor in (2.0, 3.0, 0.5):
        changed = dearer(year, factor)
        found = patterns.form(changed)
        assert found.pattern is not None
        assert_same(numbers(found), numbers(year_form(changed)))


def test_one_slice_seen_before_is_stamped_under_its_own_keys() -> None:
    year, patterns = whole_year(load_question("baiyin").slice()), Patterns()
    first = patterns.form(year)
    again = patterns.form(dearer(year, 2.0))
    third = patterns.form(dearer(year, 3.0))
    assert first.pattern is None
    assert again.pattern is third.pattern is not None
    assert set(again.form.column_keys) == set(first.form.column_keys)
    assert_same(numbers(third), numbers(year_form(dearer(year, 3.0))))


def test_an_outage_is_a_figure_and_stays_in_the_pattern() -> None:
    """A by-product that is not generated any more: its figure is zero, its row stays."""
    asked = load_scenario("jinchang-months")
    year, patterns = asked.year(asked.slice()), Patterns()
    patterns.form(year)
    name = next(n for n, s in year.data.supplies.items() if s.fixed > 0)
    path = ("supplies", name, "fixed")
    still = with_figures(year.data, {path: 0.0})
    idle = replace(year, data=still, courses={**year.courses, path: np.zeros(len(year.names))})
    found = patterns.form(idle)
    assert found.pattern is not None
    assert_same(numbers(found), numbers(year_form(idle)))
    back = patterns.form(year)
    assert_same(numbers(back), numbers(year_form(year)))


def test_a_route_with_a_yearly_limit_of_nothing_is_not_one_without_a_limit() -> None:
    """The row over the year is there for 0 t/a, and is not where no capacity is stated."""
    asked = load_scenario("jinchang-months")
    year, patterns = asked.year(asked.slice()), Patterns()
    name, store = next((n, s) for n, s in year.stores.items() if s.left is not None)
    assert store.left is not None

    def limited(capacity: float | None) -> Year:
        left = replace(store.left, capacity=capacity)
        return replace(year, stores={**year.stores, name: replace(store, left=left)})

    for capacity in (None, None, 0.0, 0.0, 5.0):
        found = patterns.form(limited(capacity))
        assert_same(numbers(found), numbers(year_form(limited(capacity))))


def test_what_was_zero_and_another_link_are_other_structures() -> None:
    asked = load_question("jinchang")
    data, patterns = asked.slice(), Patterns()
    known = figures(data)
    zero = next(p for p, v in known.items() if v == 0.0 and p[2] == "transport_cny")
    patterns.form(whole_year(data))
    risen = whole_year(with_figures(data, {zero: 5.0}))
    assert patterns.form(risen).pattern is None
    fewer = asked.slice(frozenset(list(asked.opened)[:1]))
    assert structure(fewer) != structure(data)
    assert patterns.form(whole_year(fewer)).pattern is None


@pytest.mark.parametrize("part", ["arcs", "needs", "supplies"])
def test_the_structure_of_a_slice_is_all_but_its_figures(part: str) -> None:
    data = load_question("jinchang").slice()
    halved = with_figures(data, {p: v / 2 for p, v in figures(data).items() if p[0] == part})
    assert structure(halved) == structure(data)
    renamed = replace(data, period="winter")
    assert structure(renamed) != structure(data)
