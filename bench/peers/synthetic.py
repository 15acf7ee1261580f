"""One seeded synthetic park, as plain arrays, that every peer reads.

The problem, for slices s of a year, by-products b, links l from a by-product to a use n:

    min   sum_s [ sum_l link_cost[l] sent[s,l] + sum_b dump_cost[b] dumped[s,b]
                  + sum_n virgin_price[n] bought[s,n]
                  + sum_k holding[k] hours_share[s] level[s,k] ]
          + sum_k dump_cost[stored[k]] level[last,k]
    supply[s,b]    sum_{l from b} sent + dumped + put - taken = generated
    tie[s,k]       level[s] = level[s-1] + put - taken, level before the first slice = 0,
                   0 <= level <= store_capacity
    need[s,n]      sum_{l into n} ratio sent + bought = need
    share[s,j]     sum_{l into shared[j]} ratio sent <= share[j] need[shared[j]]
    capacity[s,i]  sent[limited[i]] <= capacity[i] hours_share[s]
    least[s,m]     sent[switched[m]] >= least[m] hours_share[s] runs[s,m]      (with integers)
    most[s,m]      sent[switched[m]] <= most[s,m] runs[s,m]

Everything but ``runs`` (0 or 1) is continuous and not negative; every by-product can be dumped
and every need bought, so that each problem has an optimum.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

SIZES = {"small": (20, 30, 80), "medium": (100, 150, 400), "large": (500, 800, 5000)}
"""Enterprises, by-products, links; each enterprise has one use."""

STORED, SHARED, LIMITED, SWITCHED = 0.23, 0.5, 0.3, 0.1
"""Parts of the by-products with a store, uses with a share, links with a capacity, a switch."""


@dataclass(frozen=True, eq=False)
class Synthetic:
    """A problem. Amounts are tonnes: of a slice where slices stand first in the shape, else a year.

    Shapes: slices S, by-products B, uses N, links L, stores K, shares J, limits I, switches M.
    """

    hours_share: Floats  # (S,), part of the year, sums to 1
    link_from: Integers  # (L,), by-product
    link_to: Integers  # (L,), use
    stored: Integers  # (K,), by-product
    shared: Integers  # (J,), use
    limited: Integers  # (I,), link
    switched: Integers  # (M,), link; empty without integers
    generated: Floats  # (S, B)
    need: Floats  # (S, N)
    ratio: Floats  # (L,), tonnes of need that a tonne fills
    link_cost: Floats  # (L,)
    dump_cost: Floats  # (B,)
    virgin_price: Floats  # (N,)
    holding: Floats  # (K,), for a tonne kept for a year
    store_capacity: Floats  # (K,)
    share: Floats  # (J,)
    capacity: Floats  # (I,)
    least: Floats  # (M,)
    most: Floats  # (S, M)

    @property
    def slices(self) -> int:
        """How many slices the year is cut into."""
        return len(self.hours_share)

    @property
    def byproducts(self) -> int:
        """How many by-products there are."""
        return len(self.dump_cost)

    @property
    def uses(self) -> int:
        """How many uses there are."""
        return len(self.virgin_price)

    @property
    def links(self) -> int:
        """How many links there are."""
        return len(self.link_cost)

    @property
    def has_integers(self) -> bool:
        """Whether links have switches."""
        return len(self.switched) > 0


def synthetic(
    enterprises: int, byproducts: int, links: int, slices: int, integers: bool, seed: int
) -> Synthetic:
    """The park of a size; the same arguments give the same numbers on any machine."""
    draw = np.random.default_rng([seed, enterprises, slices])
    hours = draw.uniform(0.8, 1.2, slices)
    hours_share = hours / hours.sum()
    link_from, link_to = _pairs(draw, byproducts, enterprises, links)
    a_year = _yearly(draw, byproducts)
    generated = a_year * hours_share[:, None] * _seasons(draw, slices, byproducts)
    need = _yearly(draw, enterprises) * hours_share[:, None] * _seasons(draw, slices, enterprises)
    stored = _some(draw, byproducts, STORED)
    supplied = np.unique(link_to)
    shared = supplied[_some(draw, len(supplied), SHARED)]
    limited = _some(draw, links, LIMITED)
    switched = _some(draw, links, SWITCHED if integers else 0.0)
    capacity = a_year[link_from[limited]] * draw.uniform(0.2, 0.8, len(limited))
    of_switched = link_from[switched]
    return Synthetic(
        hours_share=hours_share,
        link_from=link_from,
        link_to=link_to,
        stored=stored,
        shared=shared,
        limited=limited,
        switched=switched,
        generated=generated,
        need=need,
        ratio=draw.uniform(0.6, 1.2, links),
        link_cost=draw.uniform(5.0, 80.0, links),
        dump_cost=draw.uniform(5.0, 80.0, byproducts),
        virgin_price=draw.uniform(5.0, 80.0, enterprises),
        holding=draw.uniform(5.0, 80.0, len(stored)),
        store_capacity=a_year[stored] * draw.uniform(0.05, 0.25, len(stored)),
        share=draw.uniform(0.3, 0.9, len(shared)),
        capacity=capacity,
        least=a_year[of_switched] * draw.uniform(0.1, 0.3, len(switched)),
        most=most_sent(generated, hours_share, limited, capacity, switched, link_from),
    )


def of_size(size: str, slices: int, integers: bool = False, seed: int = 1) -> Synthetic:
    """The park of a named size."""
    return synthetic(*SIZES[size], slices, integers, seed)


def most_sent(
    generated: Floats,
    hours_share: Floats,
    limited: Integers,
    capacity: Floats,
    switched: Integers,
    link_from: Integers,
) -> Floats:
    """What a link with a switch can send at most: its capacity, else all that a year generates."""
    of_link = np.full(len(link_from), np.inf)
    of_link[limited] = capacity
    most: Floats = of_link[switched] * hours_share[:, None]
    return np.minimum(most, generated.sum(axis=0)[link_from[switched]])


def _pairs(
    draw: np.random.Generator, byproducts: int, uses: int, links: int
) -> tuple[Integers, Integers]:
    """Links between different pairs; every by-product has at least one."""
    pairs = dict.fromkeys(enumerate(draw.integers(uses, size=byproducts).tolist()))
    while len(pairs) < links:
        pairs[int(draw.integers(byproducts)), int(draw.integers(uses))] = None
    link_from, link_to = np.array(list(pairs), dtype=np.int64).T
    return link_from.copy(), link_to.copy()


def _yearly(draw: np.random.Generator, count: int) -> Floats:
    """Tonnes a year from 1e3 to 1e6, evenly spread in their logarithm."""
    return np.exp(draw.uniform(np.log(1e3), np.log(1e6), count))


def _seasons(draw: np.random.Generator, slices: int, count: int) -> Floats:
    """Profiles around 1, each with a season of its own and a little noise."""
    when = (np.arange(slices)[:, None] + 0.5) / slices + draw.uniform(0.0, 1.0, count)
    swing = draw.uniform(0.1, 0.6, count)
    noise: Floats = draw.uniform(0.9, 1.1, (slices, count))
    return (1.0 + swing * np.cos(2.0 * np.pi * when)) * noise


def _some(draw: np.random.Generator, count: int, part: float) -> Integers:
    """A sorted part of the first ``count`` numbers."""
    return np.sort(draw.choice(count, int(part * count), replace=False)).astype(np.int64)
