"""Both backends that work in process: every expected number holds on each of them."""

import pytest


@pytest.fixture(params=["glpk", "highs"])
def solver(request: pytest.FixtureRequest) -> str:
    return str(request.param)
