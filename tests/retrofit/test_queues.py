"""Waiting for a resource follows the laws of queues.

Customers are projects that arrive after a stage of their own and then need one of ``c`` desks.
"""

import heapq
import math
from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from symbiosis.retrofit.run import run
from symbiosis.retrofit.schedule import Schedule

Make = Callable[..., Any]
Floats = npt.NDArray[np.float64]
NUMBER, MANY = 1500, 200_000


def customers(
    arrivals_d: Floats, services_d: Floats, desks: int, schedule: Make, stage: Make
) -> Schedule:
    projects = {
        f"c{i:04}": {
            "arrive": stage(f"{arrival} d"),
            "serve": stage(f"{service} d", after=["arrive"], needs={"desk": 1}),
        }
        for i, (arrival, service) in enumerate(zip(arrivals_d, services_d, strict=True))
    }
    desk = {"name_zh": "窗口", "name_en": "desk", "kind": "desk", "capacity": desks}
    made: Schedule = schedule(projects, resources={"desk": desk}, horizon="100 a")
    return made


def waits_d(schedule: Schedule) -> Floats:
    found = {e.project: e.waited_d for e in run(schedule, 1).log if e.stage == "serve"}
    return np.array([found[name] for name in sorted(found)])


def first_come(arrivals_d: Floats, services_d: Floats, desks: int) -> Floats:
    """Everyone goes to the desk that is free first. Source: Kiefer and Wolfowitz (1955)."""
    free_d = [0.0] * desks
    waits = []
    for arrival, service in zip(arrivals_d, services_d, strict=True):
        start = max(arrival, heapq.heappop(free_d))
        heapq.heappush(free_d, start + service)
        waits.append(start - arrival)
    return np.array(waits)


def erlang_c(load: float, desks: int) -> float:
    """The probability of waiting in M/M/c. Source: A. K. Erlang (1917)."""
    terms = [load**k / math.factorial(k) for k in range(desks)]
    full = load**desks / math.factorial(desks) * desks / (desks - load)
    return full / (sum(terms) + full)


def poisson(seed: int, number: int) -> tuple[Floats, Floats]:
    """Arrivals every 5 days on average, and exponential numbers of mean 1 for services."""
    luck = np.random.default_rng(seed)
    arrivals_d = np.round(np.cumsum(luck.exponential(5.0, number)), 6)
    return arrivals_d, np.round(luck.exponential(1.0, number), 6)


def test_one_desk_with_fixed_service_is_m_d_1(schedule: Make, stage: Make) -> None:
    """Rho = 0.6, S = 3: W = rho S / (2 (1 - rho)) = 2.25 days (Pollaczek and Khinchine).

    The run agrees with the recursion customer by customer, and the recursion with the law over
    200,000 customers; so many projects would be a long run.
    """
    arrivals_d, _ = poisson(1, NUMBER)
    services_d = np.full(NUMBER, 3.0)
    waited_d = waits_d(customers(arrivals_d, services_d, 1, schedule, stage))
    assert waited_d == pytest.approx(first_come(arrivals_d, services_d, 1), abs=1e-5)
    many_d, _ = poisson(2, MANY)
    law = first_come(many_d, np.full(MANY, 3.0), 1).mean()
    assert law == pytest.approx(2.25, rel=0.03)


def test_two_desks_with_exponential_service_are_m_m_2(schedule: Make, stage: Make) -> None:
    """Rho = 0.6, S = 6: W = C(2, 1.2) S / (2 (1 - rho)) = 0.45 x 7.5 = 3.375 days."""
    arrivals_d, services_d = poisson(3, NUMBER)
    waited_d = waits_d(customers(arrivals_d, 6 * services_d, 2, schedule, stage))
    assert waited_d == pytest.approx(first_come(arrivals_d, 6 * services_d, 2), abs=1e-5)
    many_d, services_d = poisson(4, MANY)
    many_waits_d = first_come(many_d, 6 * services_d, 2)
    assert erlang_c(1.2, 2) == pytest.approx(0.45)
    assert many_waits_d.mean() == pytest.approx(3.375, rel=0.04)
    assert (many_waits_d > 1e-6).mean() == pytest.approx(0.45, abs=0.01)
