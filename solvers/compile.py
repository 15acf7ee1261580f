"""A Pyomo model becomes arrays through Pyomo's own standard form.

Every active ``Objective`` becomes a named linear expression over the same columns, exactly as it
is written (its sense is the caller's business); no cost is chosen. Every ``Var`` of the model has
a column, also where no row mentions it; a fixed ``Var`` has a column with both bounds at its
value, its terms being folded into right-hand sides and offsets.

A ``pyo.Expression`` of the name ``measure`` holds what shall be read of an answer: it becomes
sparse rows beside the form, and no objective.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from pyomo.common.errors import InfeasibleConstraintException
from pyomo.core import Constraint, Objective, Var
from pyomo.repn import generate_standard_repn
from pyomo.repn.plugins.standard_form import LinearStandardFormCompiler
from scipy import sparse

from symbiosis.solvers.keys import Key
from symbiosis.solvers.matrix import (
    Flags,
    Floats,
    Integers,
    LinearExpression,
    LinearRows,
    MatrixForm,
)

MEASURE = "measure"
"""The indexed ``Expression`` of what is read of an answer."""


@dataclass(frozen=True, eq=False)
class Compiled:
    """A form without cost, the model's objectives by name, and the model's own variables.

    ``variables`` are Pyomo's objects in the order of the columns, for loading values back.
    """

    form: MatrixForm
    expressions: Mapping[str, LinearExpression]
    variables: tuple[Any, ...]
    constraints: tuple[Any, ...]
    measures: LinearRows | None = None


@dataclass(frozen=True, eq=False)
class _Rows:
    matrix: sparse.csc_array
    lower: Floats
    upper: Floats
    constraints: tuple[Any, ...]


def compile_model(model: Any) -> Compiled:
    """The arrays of a linear Pyomo model or block.

    A row without any variable is left out where it holds and kept, empty, where it does not: the
    form is then infeasible and its key says where. Raises what Pyomo raises for a model that is
    not linear.
    """
    variables = list(model.component_data_objects(Var, active=True, descend_into=True))
    info, broken = _standard_form(model)
    known = {id(v) for v in variables}
    variables += [v for v in info.columns if id(v) not in known]
    place = {id(v): i for i, v in enumerate(variables)}
    where = np.fromiter((place[id(v)] for v in info.columns), np.int64, len(info.columns))
    rows = _with_broken(_rows(info, where, len(variables)), broken)
    return Compiled(
        _form(rows, variables), _expressions(info, where, len(variables)),
        tuple(variables), rows.constraints, _measures(model, place),
    )  # fmt: skip


def _standard_form(model: Any) -> tuple[Any, list[tuple[Any, float, float]]]:
    """Pyomo's standard form, and the constant constraints that do not hold: (it, lower, upper)."""
    compiler = LinearStandardFormCompiler()
    try:
        return compiler.write(model, mixed_form=True, set_sense=None), []
    except InfeasibleConstraintException:
        broken = list(_constant_and_broken(model))
    for constraint, *_ in broken:
        constraint.deactivate()
    try:
        return compiler.write(model, mixed_form=True, set_sense=None), broken
    finally:
        for constraint, *_ in broken:
            constraint.activate()


def _constant_and_broken(model: Any) -> Iterator[tuple[Any, float, float]]:
    for constraint in model.component_data_objects(Constraint, active=True, descend_into=True):
        body = generate_standard_repn(constraint.body)
        if not body.is_constant():
            continue
        lower, upper = _bounds(constraint.lb, constraint.ub)
        if not lower <= body.constant <= upper:
            yield constraint, lower - body.constant, upper - body.constant


def _rows(info: Any, where: Integers, columns: int) -> _Rows:
    """One row per constraint; Pyomo gives a ranged one twice in succession (upper, then lower)."""
    kind = np.fromiter((bound for _, bound in info.rows), np.int8, len(info.rows))
    constraints = [constraint for constraint, _ in info.rows]
    again = np.zeros(len(kind), dtype=np.bool_)
    again[1:] = [a is b for a, b in pairwise(constraints)]
    number = np.cumsum(~again) - 1
    count = int(number[-1]) + 1 if len(number) else 0
    lower, upper = np.full(count, -np.inf), np.full(count, np.inf)
    rhs = np.asarray(info.rhs, dtype=float)
    upper[number[kind >= 0]] = rhs[kind >= 0]
    lower[number[kind <= 0]] = rhs[kind <= 0]
    once = info.A.tocsr()[np.flatnonzero(~again)].tocoo()
    matrix = sparse.csc_array((once.data, (once.row, where[once.col])), shape=(count, columns))
    kept = tuple(c for c, repeated in zip(constraints, again, strict=True) if not repeated)
    return _Rows(matrix, lower, upper, kept)


def _with_broken(rows: _Rows, broken: list[tuple[Any, float, float]]) -> _Rows:
    if not broken:
        return rows
    empty = sparse.csc_array((len(broken), rows.matrix.shape[1]))
    return _Rows(
        sparse.csc_array(sparse.vstack([rows.matrix, empty], format="csc")),
        np.append(rows.lower, [lower for _, lower, _ in broken]),
        np.append(rows.upper, [upper for _, _, upper in broken]),
        rows.constraints + tuple(constraint for constraint, *_ in broken),
    )


def _form(rows: _Rows, variables: list[Any]) -> MatrixForm:
    bounds = [(v.value, v.value) if v.fixed else _bounds(*v.bounds) for v in variables]
    lower, upper = np.array(bounds, dtype=float).reshape(-1, 2).T.copy()
    integer: Flags = np.fromiter((not v.is_continuous() for v in variables), np.bool_, len(lower))
    return MatrixForm(
        matrix=rows.matrix,
        row_lower=rows.lower,
        row_upper=rows.upper,
        column_lower=lower,
        column_upper=upper,
        integer=integer,
        cost=np.zeros(len(variables)),
        offset=0.0,
        row_keys=tuple(key_of(c) for c in rows.constraints),
        column_keys=tuple(key_of(v) for v in variables),
    )


def _bounds(lower: float | None, upper: float | None) -> tuple[float, float]:
    return (
        -np.inf if lower is None else float(lower),
        np.inf if upper is None else float(upper),
    )


def _expressions(info: Any, where: Integers, columns: int) -> dict[str, LinearExpression]:
    costs = info.c.tocsr()
    found = {}
    for i, objective in enumerate(info.objectives):
        vector = np.zeros(columns)
        entries = slice(costs.indptr[i], costs.indptr[i + 1])
        vector[where[costs.indices[entries]]] = costs.data[entries]
        found[objective.name] = LinearExpression(vector, float(info.c_offset[i]))
    return found


def _measures(model: Any, place: Mapping[int, int]) -> LinearRows | None:
    """The measures of a model; None where it has none. Raises ValueError for one not linear."""
    named = model.component(MEASURE)
    if named is None:
        return None
    found = {key: generate_standard_repn(each.expr) for key, each in named.items()}
    for key, each in found.items():
        if each.nonlinear_expr is not None or each.quadratic_vars:
            raise ValueError(f"{MEASURE}{key} is not linear")
    columns = [[place[id(v)] for v in each.linear_vars] for each in found.values()]
    values = [float(value) for each in found.values() for value in each.linear_coefs]
    starts = np.concatenate([[0], np.cumsum([len(own) for own in columns])]).astype(np.int32)
    inner = np.array([column for own in columns for column in own], dtype=np.int32)
    return LinearRows(
        tuple(found),
        sparse.csr_array((np.array(values), inner, starts), shape=(len(found), len(place))),
        np.array([float(each.constant) for each in found.values()]),
    )


def objectives(model: Any) -> tuple[Any, ...]:
    """The active objectives of a model, in the order in which they were written."""
    return tuple(model.component_data_objects(Objective, active=True, descend_into=True))


def key_of(component: Any) -> Key:
    """Its name and index; what lies in an indexed block has the block's index in front."""
    index, block = component.index(), component.parent_block().index()
    own = () if index is None else index
    return component.parent_component().local_name, own if block is None else (block, own)
