"""symbiosis on the synthetic park: its own exchange model, compiled once and stamped.

The problem becomes a slice (what there is) and the courses of its figures over the year. From
there on all is the library's own path: the formulation of one slice in Pyomo, the template, the
stamps, a rolling start for a long horizon, a session for variations. Nothing is written for the
bench but the way into the library's data.
"""

import os
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from multiprocessing import get_context
from time import perf_counter

import numpy as np

from peers.interface import INTEGER_GAP, Batch, Change, Outcome, Stopwatch
from peers.synthetic import Floats, Synthetic
from symbiosis.deals import Deals, Terms
from symbiosis.exchange import Arc, ExchangeData, Need, Outlet, ShareLimit, Supply
from symbiosis.figures import Path, figures
from symbiosis.park.enterprise import RouteKind, ShareBasis
from symbiosis.park.link import Status
from symbiosis.park.material import WasteClass
from symbiosis.seasons import Store, Year
from symbiosis.solvers.backend import SolveOptions
from symbiosis.solvers.backends import find
from symbiosis.solvers.matrix import MatrixForm
from symbiosis.solvers.rolling import solve_rolling
from symbiosis.solvers.session import Session
from symbiosis.solvers.year import Pattern, YearForm, pattern_of, year_form

OPTIONS = SolveOptions(check_unique=False, gap=INTEGER_GAP)
ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
BACKEND, SMALL = "highs", "glpk"
"""The backend of whole years, and of single slices."""


def solve(problem: Synthetic) -> Outcome:
    """Once, as a user's question of a year is answered: a long horizon is rolled over first."""
    return _solve(problem, rolling=True)


def solve_cold(problem: Synthetic) -> Outcome:
    """Once, without the rolling start."""
    return _solve(problem, rolling=False)


def _solve(problem: Synthetic, rolling: bool) -> Outcome:
    watch, backend = Stopwatch(), find(BACKEND)
    with watch("build"):
        made = year_form(year_of(problem))
        form = costed(made)
    with watch("solve"):
        found = (
            solve_rolling(form, made.layout, backend, OPTIONS)
            if rolling
            else backend.solve(form, OPTIONS)
        )
    with watch("read"):
        objective = form.objective(found.point)
    return Outcome(objective, watch.seconds, form.columns, form.rows)


def batch(problem: Synthetic, variations: Iterable[Synthetic], _: Change) -> Batch:
    """Compiled once; each variation stamped, and solved from the basis of the problem."""
    started = perf_counter()
    year = year_of(problem)
    pattern = opened(year)
    first = costed(pattern.form(year))
    backend = find(SMALL if year.single else BACKEND)
    session = Session(backend, first, OPTIONS)
    filler, stamper, heaps = Filler(pattern), pattern.stamper(year), heaps_of(problem)
    first_s = perf_counter() - started
    objectives = []
    for variation in variations:
        if heaps_of(variation) != heaps:
            heaps = heaps_of(variation)
            stamper = pattern.stamper(replace(year, stores=stores_of(variation, year.data)))
        form = costed(stamper.form(filler.symbols(variation)))
        objectives.append(form.objective(session.solve(form).point))
    return Batch(tuple(objectives), perf_counter() - started - first_s, first_s)


def batch_of_two(problem: Synthetic, variations: Iterable[Synthetic], change: Change) -> Batch:
    """The same with two processes, each with every other variation.

    Each starts with one BLAS thread: the spinning threads of one take the core of the other.
    """
    every = list(variations)
    os.environ.update(ONE_THREAD)
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        list(pool.map(batch, [problem] * 2, [every[:1]] * 2, [change] * 2))
        started = perf_counter()
        halves = list(pool.map(batch, [problem] * 2, (every[::2], every[1::2]), [change] * 2))
        seconds = perf_counter() - started - max(half.first_s for half in halves)
    objectives = [0.0] * len(every)
    objectives[::2], objectives[1::2] = halves[0].objectives, halves[1].objectives
    return Batch(tuple(objectives), seconds, max(half.first_s for half in halves))


def opened(year: Year) -> Pattern:
    """The year compiled with every figure open, so that any variation can be stamped."""
    return pattern_of(year, list(figures(year.data)))


def costed(made: YearForm) -> MatrixForm:
    """The arrays of a year, to be made cheapest."""
    return made.form.with_objective(made.expressions["cost"])


class Filler:
    """Where each figure of a pattern stands in the arrays of a problem."""

    def __init__(self, pattern: Pattern) -> None:
        self.figures = len(pattern.template.paths)
        self.places: dict[str, tuple[list[int], list[int]]] = {}
        seen: dict[tuple[str, str], int] = {}
        for place, (part, _, name) in enumerate(pattern.template.paths):
            index = seen[part, name] = seen.get((part, name), -1) + 1
            columns, indices = self.places.setdefault(f"{part}.{name}", ([], []))
            columns.append(place)
            indices.append(index)

    def symbols(self, problem: Synthetic) -> Floats:
        """Slices x figures: every figure that a variation can change, and those that stay."""
        share = problem.hours_share[:, None]
        sources = {
            "supplies.fixed": problem.generated,
            "needs.fixed": problem.need,
            "needs.virgin_cny": problem.virgin_price,
            "outlets.fee_cny": problem.dump_cost,
            "arcs.delivered": np.ones(problem.links),
            "arcs.replaced": problem.ratio,
            "arcs.transport_cny": problem.link_cost,
            "share_limits.share": problem.share,
            "link_capacity.": problem.capacity * share,
            "deals.terms.least": problem.least * share,
            "deals.terms.most": problem.most,
        }
        symbols = np.empty((problem.slices, self.figures))
        for name, (columns, indices) in self.places.items():
            symbols[:, columns] = sources[name][..., indices]
        return symbols


# --- the problem in the library's words


def year_of(problem: Synthetic) -> Year:
    """One slice with the figures of the year, their courses, and the heaps."""
    data = slice_of(problem)
    return Year(
        names=tuple(f"s{i}" for i in range(problem.slices)),
        data=data,
        hours=tuple((problem.hours_share * 8760.0).tolist()),
        courses=dict(courses_of(problem)),
        stores=stores_of(problem, data),
        legacy={},
    )


def heaps_of(problem: Synthetic) -> tuple[bytes, ...]:
    """What the heaps of a problem are made of, to see whether they are the same."""
    heaps = problem.store_capacity, problem.holding, problem.dump_cost[problem.stored]
    return tuple(numbers.tobytes() for numbers in heaps)


def stores_of(problem: Synthetic, data: ExchangeData) -> dict[str, Store]:
    """The heaps of a problem, each with the route that takes what is left."""
    stores = {}
    for i, b in enumerate(problem.stored.tolist()):
        route = replace(data.outlets[b], fee_cny=float(problem.dump_cost[b]))
        most, cny = float(problem.store_capacity[i]), float(problem.holding[i])
        stores[f"b{b}"] = Store(f"b{b}", most, cny, route)
    return stores


def courses_of(problem: Synthetic) -> Iterator[tuple[Path, Floats]]:
    """The figures that differ by slice."""
    for b, generated in enumerate(problem.generated.T):
        yield ("supplies", f"b{b}", "fixed"), generated
    for n, need in enumerate(problem.need.T):
        yield ("needs", f"n{n}", "fixed"), need
    for link, most in zip(problem.limited.tolist(), problem.capacity, strict=True):
        yield ("link_capacity", f"l{link}", ""), most * problem.hours_share
    for i, link in enumerate(problem.switched.tolist()):
        yield ("deals.terms", f"l{link}", "least"), problem.least[i] * problem.hours_share
        yield ("deals.terms", f"l{link}", "most"), problem.most[:, i]


def slice_of(problem: Synthetic) -> ExchangeData:
    """What there is, with the figures of the year."""
    capacities = zip(problem.limited.tolist(), problem.capacity.tolist(), strict=True)
    return ExchangeData(
        park="synthetic",
        year=2025,
        hours=8760.0,
        boundary="park",
        document="now",
        opened=frozenset(Status),
        supplies={s.name: s for s in _supplies(problem)},
        outlets=tuple(_outlets(problem)),
        needs={n.name: n for n in _needs(problem)},
        arcs=tuple(_arcs(problem)),
        runners={},
        share_limits=tuple(_shares(problem)),
        recipes=(),
        link_capacity={f"l{link}": most for link, most in capacities},
        stored=frozenset(f"b{b}" for b in problem.stored.tolist()),
        deals=Deals({t.link: t for t in _terms(problem)}),
        units=(),
    )


def _supplies(problem: Synthetic) -> Iterator[Supply]:
    for b, made in enumerate(problem.generated.sum(axis=0).tolist()):
        yield Supply(
            name=f"b{b}", enterprise=f"e{b}", unit=f"e{b}.works", material=f"m{b}",
            counted_in="t", waste_class=WasteClass.GENERAL_INDUSTRIAL, fixed=made, per_load=0.0,
            inside=True, enters_rate=True, reclaim=0.0, reclaim_cost_cny=0.0,
        )  # fmt: skip


def _outlets(problem: Synthetic) -> Iterator[Outlet]:
    for b, fee in enumerate(problem.dump_cost.tolist()):
        yield Outlet(f"b{b}", "dump", RouteKind.STORED, fee, 0.0, None)


def _needs(problem: Synthetic) -> Iterator[Need]:
    wanted = problem.need.sum(axis=0).tolist()
    for n, (need, price) in enumerate(zip(wanted, problem.virgin_price.tolist(), strict=True)):
        yield Need(
            name=f"n{n}", enterprise=f"e{n}", unit=f"e{n}.plant", counted_in="t", fixed=need,
            per_load=0.0, virgin_cny=price, utilises=True, backfill=False, max_intake=None,
        )  # fmt: skip


def _arcs(problem: Synthetic) -> Iterator[Arc]:
    ends = zip(problem.link_from.tolist(), problem.link_to.tolist(), strict=True)
    figures = zip(problem.ratio.tolist(), problem.link_cost.tolist(), strict=True)
    for link, ((b, n), (ratio, cost)) in enumerate(zip(ends, figures, strict=True)):
        yield Arc(
            link=f"l{link}", use=f"n{n}", byproduct=f"b{b}", material=f"m{b}",
            status=Status.EXISTING, delivered=1.0, replaced=ratio, residue=0.0, residue_to=None,
            treatment=None, transport_cny=cost, treatment_cny=0.0, capital_cny=0.0, inside=False,
        )  # fmt: skip


def _shares(problem: Synthetic) -> Iterator[ShareLimit]:
    materials: dict[int, list[str]] = {}
    for b, n in zip(problem.link_from.tolist(), problem.link_to.tolist(), strict=True):
        materials.setdefault(n, []).append(f"m{b}")
    for n, share in zip(problem.shared.tolist(), problem.share.tolist(), strict=True):
        yield ShareLimit(f"n{n}", "all", tuple(materials[n]), share, ShareBasis.NEED)


def _terms(problem: Synthetic) -> Iterator[Terms]:
    most = problem.most.max(axis=0).tolist() if problem.has_integers else []
    for i, link in enumerate(problem.switched.tolist()):
        least = float(problem.least[i])
        yield Terms(f"l{link}", least, 0.0, 0.0, 0.0, switched=True, most=most[i])
