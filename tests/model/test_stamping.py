"""The formulation compiled once and stamped is, entry by entry, the plain multi-period model."""

from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np
import pyomo.environ as pyo
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from symbiosis.blending import Back, Blend, Content, Duty
from symbiosis.deals import Partners, Room, Terms
from symbiosis.exchange import (
    Arc,
    ExchangeData,
    Need,
    Outlet,
    Recipe,
    Runner,
    ShareLimit,
    Supply,
)
from symbiosis.figures import NOUNS, Path, figures, with_figures
from symbiosis.scenario import load_question, load_scenario
from symbiosis.seasons import Store, Year, cut
from symbiosis.slicing import slice_of
from symbiosis.solvers.compile import compile_model
from symbiosis.solvers.exchange import build_model
from symbiosis.solvers.keys import Key
from symbiosis.solvers.matrix import LinearExpression, MatrixForm
from symbiosis.solvers.plain import build_year
from symbiosis.solvers.template import NotStampableError, stamp, symbols_of, template_of
from symbiosis.solvers.year import YearForm, year_form
from tests.model.parks import Tree, checked
from tests.model.random_parks import trees
from tests.validation.manifest import FOLDER, park_files

BUNDLED = ("jinchang", "baiyin", "taiyuan-stainless")
FEW = settings(max_examples=15, derandomize=True, deadline=None)
CLASSES = {
    "supplies": Supply,
    "outlets": Outlet,
    "needs": Need,
    "arcs": Arc,
    "runners": Runner,
    "share_limits": ShareLimit,
    "recipes": Recipe,
    "quality.blends": Blend,
    "quality.duties": Duty,
    "quality.returns": Back,
    "quality.contents": Content,
    "deals.terms": Terms,
    "deals.partners": Partners,
    "deals.rooms": Room,
}
CLOSE = 1e-12
"""Relative: a product is rounded differently when it is worked out in another order."""


@dataclass(frozen=True)
class Written:
    """A model by name: what is zero, or a row about nothing that holds, is left out."""

    entries: dict[tuple[Key, Key], float]
    rows: dict[Key, tuple[float, float]]
    columns: dict[Key, tuple[float, float, bool]]
    expressions: dict[str, tuple[dict[Key, float], float]]


def written(form: MatrixForm, expressions: dict[str, LinearExpression]) -> Written:
    rows, columns = list(form.row_keys), list(form.column_keys)
    matrix = form.matrix.tocoo()
    triples = zip(matrix.row.tolist(), matrix.col.tolist(), matrix.data.tolist(), strict=True)
    entries = {(rows[i], columns[j]): value for i, j, value in triples if value}
    about = {row for row, _ in entries}
    limits = zip(rows, form.row_lower.tolist(), form.row_upper.tolist(), strict=True)
    bounds = zip(form.column_lower.tolist(), form.column_upper.tolist(), strict=True)
    kinds = zip(columns, bounds, form.integer.tolist(), strict=True)
    return Written(
        entries,
        {key: (low, high) for key, low, high in limits if key in about or not low <= 0 <= high},
        {key: (*limit, whole) for key, limit, whole in kinds if limit != (0.0, 0.0)},
        {
            name: (
                {k: v for k, v in zip(columns, e.vector.tolist(), strict=True) if v},
                e.offset,
            )
            for name, e in expressions.items()
        },
    )


def assert_same(stamped: Written, plain: Written) -> None:
    assert_near(stamped.entries, plain.entries)
    assert_near(stamped.rows, plain.rows)
    assert_near(stamped.columns, plain.columns)
    for name, (vector, offset) in plain.expressions.items():
        found, constant = stamped.expressions[name]
        assert_near(found, vector)
        assert constant == pytest.approx(offset, rel=CLOSE, abs=CLOSE)


def assert_near(found: dict[Any, Any], wanted: dict[Any, Any]) -> None:
    assert found.keys() == wanted.keys()
    for key, value in wanted.items():
        assert found[key] == pytest.approx(value, rel=CLOSE), key


def plain_form(year: Year) -> Written:
    compiled = compile_model(build_year(year))
    return written(compiled.form, dict(compiled.expressions))


def stamped_form(year: Year) -> Written:
    made = year_form(year)
    assert made.pattern is not None, made.why_plain
    return written(made.form, dict(made.expressions))


def shaken(data: ExchangeData, seed: int, slices: int = 3) -> Year:
    """A year in which every figure of a slice differs by season, at random and by up to 40 %.

    One by-product can wait and draws on an old heap; one link pays once a year if it has terms.
    """
    rng = np.random.default_rng(seed)
    stored = next(iter(data.supplies))
    whole = replace(data, stored=frozenset({stored}))
    first = next(outlet for outlet in data.outlets if outlet.byproduct == stored)
    left = replace(first, fee_cny=3.0, co2e_t=0.1, capacity=40.0)
    courses: dict[Path, Any] = {
        path: value * rng.uniform(0.6, 1.4, slices) for path, value in figures(whole).items()
    }
    for path in list(courses)[:: max(1, len(courses) // 4)]:
        courses[path] = courses[path] * (np.arange(slices) > 0)
    return Year(
        names=tuple(f"s{i}" for i in range(slices)),
        data=whole,
        hours=tuple(rng.uniform(100, 1000, slices)),
        courses=courses,
        stores={stored: Store(stored, 50.0, 2.0, left)},
        legacy={stored: 20.0},
        charges=dict.fromkeys(list(data.deals.switched)[:1], 100.0),
    )


@pytest.mark.parametrize("name", BUNDLED)
def test_a_bundled_park_stamped_is_the_plain_model(name: str) -> None:
    asked = load_question(name)
    year = shaken(asked.slice(), seed=1)
    assert_same(stamped_form(year), plain_form(year))


def test_the_months_of_jinchang_stamped_are_the_plain_model() -> None:
    asked = load_scenario("jinchang-months")
    year = asked.year(asked.slice())
    assert len(year.names) == 12
    assert_same(stamped_form(year), plain_form(year))


def test_the_policy_of_jinchang_by_season_stamped_is_the_plain_model() -> None:
    """It has a carbon price, which multiplies factors, and a refund with a switch and its big-M."""
    asked = load_scenario("jinchang-policy")
    year = cut(asked.park, asked.slice())
    assert year.data.quality.contents
    assert_same(stamped_form(year), plain_form(year))


@pytest.mark.parametrize("name", park_files())
def test_a_problem_of_the_literature_shaken_and_stamped_is_the_plain_model(name: str) -> None:
    """Heat cascades, water cascades, blends, fixed charges, stocks: every figure varies."""
    asked = load_question(FOLDER / name)
    year = shaken(asked.slice(), seed=2)
    assert_same(stamped_form(year), plain_form(year))


@pytest.mark.parametrize(("first", "last"), [(0, 1), (1, 2), (1, 3), (2, 3)])
def test_some_slices_of_a_year_stamped_are_the_plain_model(first: int, last: int) -> None:
    """What lies in the heaps before opens the first tie; only the last slice closes the year."""
    year = replace(shaken(load_question("jinchang").slice(), seed=3), charges={})
    (stored,) = year.stores
    part = year.part(first, last, {stored: 12.0}, {stored: 5.0})
    made = stamped_form(part)
    assert made.rows["tie", (part.names[0], stored)] == (12.0, 12.0)
    assert_same(made, plain_form(part))


@FEW
@given(trees(), st.integers(0, 1000))
def test_a_random_park_with_random_figures_stamped_is_the_plain_model(
    whole: Tree, seed: int
) -> None:
    year = shaken(slice_of(checked(whole)), seed)
    assert_same(stamped_form(year), plain_form(year))


def test_other_figures_leave_what_they_do_not_name_as_it_is() -> None:
    data = load_question("jinchang").slice()
    assert with_figures(data, figures(data)) == data


def numbers_of(noun: Any) -> set[str]:
    return {field.name for field in fields(noun) if "float" in str(field.type)}


@pytest.mark.parametrize("part", NOUNS)
def test_every_number_of_a_noun_is_a_figure(part: str) -> None:
    """A number that is none could not differ by season or scenario, and nobody would be told."""
    assert numbers_of(CLASSES[part]) <= set(NOUNS[part])


def test_what_is_not_affine_is_built_slice_by_slice_and_says_so() -> None:
    """Someone adds a limit that depends on whether a figure is above another one."""
    asked = load_scenario("jinchang-months")
    year = asked.year(asked.slice())

    def extended(data: ExchangeData) -> pyo.ConcreteModel:
        model = build_model(data)
        most = max(supply.fixed for supply in data.supplies.values())
        model.own = pyo.Constraint(expr=sum(model.dumped.values()) <= 100 * most)
        return model

    with pytest.raises(NotStampableError):
        template_of(year.data, year.courses, extended)
    made = year_form(year, extended)
    assert made.pattern is None
    assert made.why_plain
    compiled = [compile_model(extended(part)) for part in year.slices]
    assert made.form.rows == sum(c.form.rows for c in compiled) + len(ties(made))


def ties(made: YearForm) -> list[Key]:
    return [key for key in made.form.row_keys if key[0] in ("tie", "legacy", "runs_once")]


def test_an_affine_limit_of_ones_own_is_stamped() -> None:
    """At most half of what is generated may be dumped: a figure times a number."""
    asked = load_scenario("jinchang-months")
    year = asked.year(asked.slice())
    name = next(n for n, s in year.data.supplies.items() if s.fixed > 0)

    def extended(data: ExchangeData) -> pyo.ConcreteModel:
        model = build_model(data)
        dumped = sum(model.dumped[key] for key in model.dumped if key[0] == name)
        model.own = pyo.Constraint(expr=dumped <= 0.5 * data.supplies[name].fixed)
        return model

    made = year_form(year, extended)
    assert made.pattern is not None
    bounds = dict(zip(made.form.row_keys, made.form.row_upper, strict=True))
    for season, part in zip(year.names, year.slices, strict=True):
        assert bounds["own", (season, ())] == pytest.approx(0.5 * part.supplies[name].fixed)


def test_products_of_figures_are_stamped_as_products() -> None:
    """The carbon price times a factor: 2 symbols in one entry of the cost."""
    asked = load_scenario("jinchang-policy")
    data = asked.slice()
    template = template_of(data, list(figures(data)), build_model)
    assert template.numbers.products.shape[1] >= 2
    values = {path: np.array([value, 2 * value]) for path, value in figures(data).items()}
    numbers = stamp(template, symbols_of(template, values, 2))
    doubled = with_figures(data, {path: 2 * value for path, value in figures(data).items()})
    plain = compile_model(build_model(doubled))
    found = dict(zip(template.column_keys, numbers.expressions["cost"][1, :-1], strict=True))
    wanted = zip(plain.form.column_keys, plain.expressions["cost"].vector, strict=True)
    assert found == pytest.approx(dict(wanted), rel=CLOSE)
