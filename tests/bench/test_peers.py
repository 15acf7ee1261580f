"""The peers of the bench solve one and the same problem."""

from dataclasses import fields, replace
from importlib import import_module

import numpy as np
import pytest

from peers.interface import Change
from peers.synthetic import Synthetic, of_size, synthetic
from peers.table import PEERS, Peer
from peers.variation import one_slice, variations

PLAIN = ("ours", "ours-cold", "bare", "standard-form", "appsi")
WITH_PACKAGES = ("linopy", "pypsa", "solph")
KEEPING = (
    "ours",
    "ours-pair",
    "bare-warm",
    "appsi-persistent",
    "contrib-persistent",
    "linopy-persistent",
)


def named(name: str) -> Peer:
    return {peer.name: peer for peer in PEERS}[name]


def minimum(name: str, problem: Synthetic) -> float:
    peer = named(name)
    for package in peer.needs:
        pytest.importorskip(package)
    solve = getattr(import_module(f"peers.{peer.module}"), peer.solve or "")
    return float(solve(problem).objective)


def two_slices() -> Synthetic:
    """One by-product that can be stored, one use, one link, a cheap first and a dear second half.

    Slice 1 makes 100 t and needs 10 t, slice 2 makes nothing and needs 100 t. A tonne sent (5)
    fills 0.5 t. Bought costs 50, dumped 20, a tonne kept for a year 4, for half a year 2.
    """
    park = synthetic(1, 1, 1, 2, integers=False, seed=1)
    return replace(
        park,
        hours_share=np.array([0.5, 0.5]),
        stored=np.array([0]),
        shared=np.array([0]),
        limited=np.array([0]),
        generated=np.array([[100.0], [0.0]]),
        need=np.array([[10.0], [100.0]]),
        ratio=np.array([0.5]),
        link_cost=np.array([5.0]),
        dump_cost=np.array([20.0]),
        virgin_price=np.array([50.0]),
        holding=np.array([4.0]),
        store_capacity=np.array([60.0]),
        share=np.array([0.8]),
        capacity=np.array([100.0]),
    )


@pytest.mark.parametrize("name", PLAIN)
def test_two_slices_have_the_minimum_worked_by_hand(name: str) -> None:
    """A tonne sent saves 0.5 x 50 = 25 and its dumping, for 5: as much as can be is sent.

    Slice 1 sends 16 t (share: 0.5 x 16 = 0.8 x 10), buys 2 t, keeps 50 t, as the link carries at
    most 100 x 0.5 = 50 t in slice 2, and dumps 34 t. Slice 2 sends 50 t (25 of at most 80) and
    buys 75 t. 66 x 5 + 77 x 50 + 34 x 20 + 50 x 4 x 0.5 = 330 + 3,850 + 680 + 100 = 4,960.
    """
    assert minimum(name, two_slices()) == pytest.approx(4960.0)


@pytest.mark.parametrize("integers", [False, True])
def test_bare_solver_and_plain_pyomo_agree(integers: bool) -> None:
    problem = of_size("small", 12, integers)
    found = [minimum(name, problem) for name in PLAIN]
    assert found == pytest.approx([found[0]] * len(PLAIN), rel=1e-6)


@pytest.mark.long
@pytest.mark.parametrize("integers", [False, True])
@pytest.mark.parametrize("name", WITH_PACKAGES)
def test_other_packages_agree(name: str, integers: bool) -> None:
    problem = of_size("small", 12, integers)
    assert minimum(name, problem) == pytest.approx(minimum("bare", problem), rel=1e-6)


@pytest.mark.parametrize("change", Change)
@pytest.mark.parametrize("name", KEEPING)
@pytest.mark.parametrize("integers", [False, True])
def test_a_model_that_is_kept_follows_its_variations(
    name: str, change: Change, integers: bool
) -> None:
    peer = named(name)
    for package in peer.needs:
        pytest.importorskip(package)
    problem = synthetic(6, 8, 20, 3, integers, seed=5)
    varied = list(variations(problem, change, 3, seed=2))
    batch = getattr(import_module(f"peers.{peer.module}"), peer.batch or "")
    expected = [minimum("bare", one) for one in varied]
    assert batch(problem, varied, change).objectives == pytest.approx(expected, rel=1e-6)


def test_the_same_seed_gives_the_same_park() -> None:
    one, other = (of_size("small", 12, integers=True) for _ in range(2))
    for field in fields(Synthetic):
        assert np.array_equal(getattr(one, field.name), getattr(other, field.name))


def test_first_variations_do_not_depend_on_how_many_there_are() -> None:
    problem = of_size("small", 12)
    few = list(variations(problem, Change.ALL, 2, seed=1))
    many = list(variations(problem, Change.ALL, 5, seed=1))
    assert all(np.array_equal(a.generated, b.generated) for a, b in zip(few, many, strict=False))


def test_one_slice_is_a_park_of_one_slice() -> None:
    problem = one_slice(of_size("small", 12), 6)
    assert minimum("bare", problem) == pytest.approx(minimum("standard-form", problem), rel=1e-6)
