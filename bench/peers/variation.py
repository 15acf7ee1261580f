"""Variations of a synthetic park: other data on the same structure."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np

from peers.interface import Change
from peers.synthetic import Floats, Synthetic, most_sent

SPREAD = 0.1
"""Standard deviation of the logarithm of a factor."""


def variations(problem: Synthetic, change: Change, count: int, seed: int) -> Iterator[Synthetic]:
    """``count`` variations, each from a generator of its own."""
    vary = {Change.ALL: _all_data, Change.BALANCE: _balance, Change.OUTAGE: _outage}[change]
    for source in np.random.SeedSequence([seed, problem.links]).spawn(count):
        yield vary(problem, np.random.default_rng(source))


def one_slice(problem: Synthetic, place: int) -> Synthetic:
    """One slice alone, as a simulation dispatches it: stores start empty."""
    only = slice(place, place + 1)
    return replace(
        problem,
        hours_share=problem.hours_share[only],
        generated=problem.generated[only],
        need=problem.need[only],
        most=problem.most[only],
    )


def _all_data(problem: Synthetic, draw: np.random.Generator) -> Synthetic:
    """Amounts, costs, ratios and capacities all move; hours, shares and the structure stay."""
    moved = (
        "ratio", "link_cost", "dump_cost", "virgin_price", "holding", "store_capacity",
        "capacity", "least",
    )  # fmt: skip
    values: dict[str, Any] = {name: _moved(getattr(problem, name), draw) for name in moved}
    varied = replace(_balance(problem, draw), **values)
    return _with_most(varied)


def _balance(problem: Synthetic, draw: np.random.Generator) -> Synthetic:
    """Only supply and demand move."""
    return replace(
        problem, generated=_moved(problem.generated, draw), need=_moved(problem.need, draw)
    )


def _outage(problem: Synthetic, draw: np.random.Generator) -> Synthetic:
    """One by-product is not generated at all."""
    generated = problem.generated.copy()
    generated[:, draw.integers(problem.byproducts)] = 0.0
    return replace(problem, generated=generated)


def _moved(values: Floats, draw: np.random.Generator) -> Floats:
    return values * draw.lognormal(0.0, SPREAD, values.shape)


def _with_most(problem: Synthetic) -> Synthetic:
    most = most_sent(
        problem.generated, problem.hours_share, problem.limited, problem.capacity,
        problem.switched, problem.link_from,
    )  # fmt: skip
    return replace(problem, most=most)
