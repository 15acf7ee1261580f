"""Answers that were not seen in print, computed a second time without our model."""

from itertools import combinations, product

import numpy as np
import pytest
from scipy.optimize import linprog, milp

from tests.validation.manifest import problems

PUBLISHED = {
    (problem.id, answer.quantity): answer.published
    for problem in problems()
    for answer in problem.answer
}


def transport(cost: list[list[float]], supply: list[float], demand: list[float]) -> tuple:
    """Least cost and the duals of the demands, the supplies being limits."""
    rows, columns = len(supply), len(demand)
    out = np.kron(np.eye(rows), np.ones(columns))
    into = np.kron(np.ones(rows), np.eye(columns))
    found = linprog(np.ravel(cost), A_ub=out, b_ub=supply, A_eq=into, b_eq=demand)
    return found.fun, found.eqlin.marginals


def test_two_canneries_and_three_markets() -> None:
    """Freight 0.09 thousand dollars per case and thousand miles."""
    cost = [[0.09 * d for d in row] for row in ((2.5, 1.7, 1.8), (2.5, 1.8, 1.4))]
    least, duals = transport(cost, [350, 600], [325, 300, 275])
    assert least == pytest.approx(PUBLISHED["trnsport", "cost"])
    for market, dual in zip(("new_york", "chicago", "topeka"), duals, strict=True):
        quantity = f"marginal cost need:{market}.cases"
        assert dual == pytest.approx(PUBLISHED["trnsport", quantity])


def test_three_canneries_and_four_warehouses() -> None:
    cost = [[464, 513, 654, 867], [352, 416, 690, 791], [995, 682, 388, 685]]
    least, _ = transport(cost, [75, 125, 100], [80, 65, 70, 85])
    assert least == pytest.approx(PUBLISHED["canned-peas", "cost"])


def test_clothing_on_rented_machines() -> None:
    """Pieces x and machines y: profit 6, 4, 7 less rent 200, 150, 100."""
    profit = np.array([6, 4, 7, -200, -150, -100])
    limits = np.array([[3, 2, 6, 0, 0, 0], [4, 3, 4, 0, 0, 0]])
    rented = np.hstack([np.eye(3), -np.diag([40, 53, 25])])
    found = milp(
        -profit,
        integrality=np.array([0, 0, 0, 1, 1, 1]),
        bounds=([0] * 6, [np.inf] * 3 + [1] * 3),
        constraints=(np.vstack([limits, rented]), -np.inf, [150, 160, 0, 0, 0]),
    )
    assert -found.fun == pytest.approx(PUBLISHED["gandhi-cloth", "cost"])
    assert found.x[2] == pytest.approx(PUBLISHED["gandhi-cloth", "load pants.line"])


def test_four_investments_and_fourteen_thousand_dollars() -> None:
    outlay, value = np.array([5, 7, 4, 3]), np.array([16, 22, 12, 8])
    choices = [np.array(choice) for choice in product((0, 1), repeat=4)]
    best = max((c for c in choices if outlay @ c <= 14), key=lambda c: value @ c)
    assert value @ best == PUBLISHED["stockco", "cost"]
    assert best[0] == PUBLISHED["stockco", "load investment_1.project"]


def test_the_ratio_at_every_vertex() -> None:
    """Vertices of x1 + x2 + 2 x3 <= 3, 2 x1 + x2 + 4 x3 <= 4, 5 x1 + 3 x2 + x3 <= 15, x >= 0."""
    rows = np.vstack([[[1, 1, 2], [2, 1, 4], [5, 3, 1]], -np.eye(3)])
    bounds = np.array([3, 4, 15, 0, 0, 0])
    best = (-np.inf, np.zeros(3))
    for chosen in map(list, combinations(range(6), 3)):
        if abs(np.linalg.det(rows[chosen])) < 1e-9:
            continue
        x = np.linalg.solve(rows[chosen], bounds[chosen])
        if np.all(rows @ x <= bounds + 1e-9):
            ratio = (np.array([8, 9, 4]) @ x + 4) / (np.array([2, 3, 2]) @ x + 7)
            best = max(best, (float(ratio), x), key=lambda one: one[0])
    assert best[0] == pytest.approx(PUBLISHED["fractional", "rate"])
    assert best[1][:2] == pytest.approx(
        [PUBLISHED["fractional", f"load x{i}.plant"] for i in (1, 2)]
    )


def test_boats_for_four_quarters() -> None:
    """Regular time r, overtime o and stock s by quarter: s = s before + r + o - demand."""
    cost = np.repeat([400, 450, 20], 4)
    flow = np.hstack([np.eye(4), np.eye(4), -np.eye(4) + np.eye(4, k=-1)])
    demand = np.array([40 - 10, 60, 75, 25])
    limits = [(0, 40)] * 4 + [(0, None)] * 8
    found = linprog(cost, A_eq=flow, b_eq=demand, bounds=limits)
    assert found.fun == pytest.approx(PUBLISHED["sailco", "cost"])
    assert sum(found.x[4:8]) == pytest.approx(PUBLISHED["sailco", "load overtime.yard"])
