"""Which solvers there are, which one is chosen, and what choosing loads."""

import subprocess
import sys

import numpy as np
import pytest

from symbiosis.solvers import backends
from symbiosis.solvers.backends import UnknownSolverError, choose, find, installed

INF = np.inf


def test_continuous_models_go_to_glpk_and_integers_to_highs(form):
    plain = form([[1]], [0], [1], [1])
    assert choose(plain).name == "glpk"
    whole = form([[1]], [0], [1], [1], integer=[True])
    assert choose(whole).name == "highs"
    assert choose(whole, "glpk").name == "glpk"


def test_large_models_go_to_highs(form, monkeypatch):
    monkeypatch.setattr(backends, "LARGE_ENTRIES", 1)
    assert choose(form([[1, 1]], [0], [1], [1, 1])).name == "highs"


def test_without_glpk_highs_answers(form, monkeypatch):
    monkeypatch.setattr(type(backends.BACKENDS["glpk"]), "package", "a-package-that-is-not-there")
    plain = form([[1]], [0], [1], [1])
    assert choose(plain).name == "highs"
    assert [row.available for row in installed()] == [False, True]
    with pytest.raises(UnknownSolverError) as caught:
        choose(plain, "glpk")
    assert (caught.value.name, caught.value.installed, caught.value.known) == (
        "glpk",
        ("highs",),
        True,
    )


@pytest.mark.parametrize(("name", "known"), [("hihgs", False), ("glpsol", True)])
def test_a_solver_that_is_not_there_is_refused_by_name(name, known):
    with pytest.raises(UnknownSolverError, match=name) as caught:
        find(name)
    assert caught.value.known is known
    assert caught.value.installed == ("glpk", "highs")


def test_a_solver_of_pyomo_can_be_named(form):
    driven = choose(form([[1]], [0], [1], [1]), "appsi_highs")
    assert driven.name == "appsi_highs"
    assert driven.version()


def test_installed_backends_have_versions_and_licences():
    rows = {row.name: row for row in installed()}
    assert rows["glpk"].licence.startswith("GPL-3")
    assert all(row.available and row.version for row in rows.values())


LOADED = """
import pkgutil, importlib, sys
import symbiosis.solvers
for module in pkgutil.iter_modules(symbiosis.solvers.__path__):
    importlib.import_module(f"symbiosis.solvers.{module.name}")
from symbiosis.solvers.backends import find, installed
from symbiosis.solvers.pyomo_glpk import register
import pyomo.environ as pyo
register(), installed(), find("glpk"), pyo.SolverFactory("glpk").available()
sys.exit("swiglpk" in sys.modules)
"""


def test_nothing_of_glpk_is_loaded_before_it_solves():
    assert subprocess.run([sys.executable, "-c", LOADED], check=False).returncode == 0


def test_the_package_itself_loads_nothing_heavy():
    program = (
        "import sys, symbiosis.solvers;"
        "sys.exit(any(m in sys.modules for m in ('numpy', 'pyomo', 'highspy', 'scipy')))"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
