"""The formulation with something of one's own added to the model of each slice.

    def at_most_half(model, data):
        slag = data.supplies["jc_ni_smelter.ni_slag"]
        sent = sum(model.sent[arc.key] for arc in data.arcs_from(slag.name))
        model.half = pyo.Constraint(expr=sent <= 0.5 * slag.fixed)

    symbiosis.optimise("jinchang", extend=at_most_half)

What is added may name every variable of :mod:`symbiosis.solvers.exchange` and every figure of the
slice. Where it is affine in the figures, or in products of them, a year is still compiled once;
where it asks whether one figure is above another, each slice is built by itself, and the result
says so. It has to be linear in the variables.
"""

from collections.abc import Callable
from typing import Any

import pyomo.environ as pyo
from pyomo.common.errors import InvalidConstraintError

from symbiosis.errors import InputError, Problem
from symbiosis.exchange import ExchangeData
from symbiosis.seasons import Year
from symbiosis.solvers.exchange import build_model
from symbiosis.solvers.template import Build
from symbiosis.solvers.year import YearForm, year_form

Extend = Callable[[Any, ExchangeData], None]
"""Adds to the model of a slice; what it returns is not looked at."""


def with_added(extend: Extend) -> Build:
    """The formulation with what ``extend`` adds to each slice."""

    def build(data: ExchangeData) -> pyo.ConcreteModel:
        model = build_model(data)
        extend(model, data)
        return model

    return build


def extended_form(year: Year, extend: Extend) -> YearForm:
    """The arrays of a year. Raises :class:`InputError` where what was added is not linear."""
    try:
        return year_form(year, with_added(extend))
    except InvalidConstraintError as error:
        details = {"found": str(error)}
        raise InputError([Problem("model_not_linear", key="extend", details=details)]) from error
