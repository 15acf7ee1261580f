"""GLPK in process, through the library that the wheel ``swiglpk`` carries.

GLPK and swiglpk are under the GPL-3: nothing of them is loaded before a solve has chosen them.
GLPK keeps the interpreter's lock while it works and ends the process on invalid arrays, which is
why ``Backend.solve`` checks them first; it must not be called from several threads.
"""

import ctypes
import time
from collections import deque
from collections.abc import Callable
from dataclasses import replace
from itertools import repeat
from types import ModuleType
from typing import Any

import numpy as np
import numpy.typing as npt

from symbiosis.solvers.backend import Backend, Loaded, Raw, SolveOptions
from symbiosis.solvers.basis import BASIC, FREE, LOWER, UPPER, Basis
from symbiosis.solvers.matrix import Floats, MatrixForm
from symbiosis.solvers.status import Status

EXACT_ENTRIES = 20_000
"""Most matrix entries for which rational arithmetic is tried as the last way."""
INTEGER_PROOF = 1e-9
"""Relative amount by which a branch must be better to be followed (GLPK's ``tol_obj``)."""


class Glpk(Backend):
    """The simplex and branch-and-cut of GLPK.

    Ways: dual simplex (falling back to the primal by itself), primal simplex, and the simplex in
    rational arithmetic where the others leave a doubt.
    """

    name = "glpk"
    title = "GLPK"
    licence = "GPL-3.0-or-later"
    package = "swiglpk"
    ways = ("dual", "primal", "exact")

    def attempt(self, form: MatrixForm, options: SolveOptions, way: str) -> Raw:
        """One GLPK problem, solved and freed."""
        import swiglpk

        swiglpk.glp_term_out(swiglpk.GLP_OFF)
        problem = swiglpk.glp_create_prob()
        try:
            _load(swiglpk, problem, form)
            raw = _linear(swiglpk, problem, form, options, way)
            if form.has_integers and raw.status is Status.OPTIMAL:
                return _whole(swiglpk, problem, form, options, raw.bound)
            return raw
        finally:
            swiglpk.glp_delete_prob(problem)

    def loaded(  # noqa: D102
        self,
        form: MatrixForm,
        options: SolveOptions,
        scaled: bool,  # noqa: ARG002
    ) -> Loaded:
        return LoadedGlpk(form, options)


class LoadedGlpk(Loaded):
    """One GLPK problem: what differs from what it holds is changed, nothing else is touched."""

    def __init__(self, form: MatrixForm, options: SolveOptions) -> None:
        import swiglpk

        self._library = swiglpk
        self._options = options
        swiglpk.glp_term_out(swiglpk.GLP_OFF)
        self._problem = swiglpk.glp_create_prob()
        _load(swiglpk, self._problem, form)
        self._form = form

    def __del__(self) -> None:
        self._library.glp_delete_prob(self._problem)

    def solve(self, form: MatrixForm, start: Basis | None) -> Raw:  # noqa: D102
        started = time.perf_counter()
        self._change(form)
        options = replace(self._options, start=start)
        raw = _linear(self._library, self._problem, form, options, "dual")
        return replace(raw, seconds=time.perf_counter() - started)

    def _change(self, form: MatrixForm) -> None:
        glp, problem, old = self._library, self._problem, self._form
        if form.matrix is not old.matrix:
            _load_matrix(glp, problem, form)
        rows = old.row_lower, old.row_upper, form.row_lower, form.row_upper
        self._move(glp._swiglpk.glp_set_row_bnds, *rows)
        columns = old.column_lower, old.column_upper, form.column_lower, form.column_upper
        self._move(glp._swiglpk.glp_set_col_bnds, *columns)
        costs = np.flatnonzero(form.cost != old.cost)
        for place, cost in zip(costs.tolist(), form.cost[costs].tolist(), strict=True):
            glp.glp_set_obj_coef(problem, place + 1, cost)
        glp.glp_set_obj_coef(problem, 0, form.offset)
        self._form = form

    def _move(
        self, set_bounds: Any, old_lower: Floats, old_upper: Floats, lower: Floats, upper: Floats
    ) -> None:
        moved = np.flatnonzero((old_lower != lower) | (old_upper != upper))
        limits = _bounds(self._library, lower[moved], upper[moved])
        kinds, low, high = zip(*limits, strict=True) if limits else ((), (), ())
        places = (moved + 1).tolist()
        deque(map(set_bounds, repeat(self._problem), places, kinds, low, high), 0)


def _load(glp: ModuleType, problem: Any, form: MatrixForm) -> None:
    """Fill a new problem with the arrays; GLPK counts from one and ignores element zero."""
    glp.glp_set_obj_dir(problem, glp.GLP_MIN)
    glp.glp_set_obj_coef(problem, 0, form.offset)
    if form.rows:
        glp.glp_add_rows(problem, form.rows)
    if form.columns:
        glp.glp_add_cols(problem, form.columns)
    for i, (kind, lower, upper) in enumerate(_bounds(glp, form.row_lower, form.row_upper), 1):
        glp.glp_set_row_bnds(problem, i, kind, lower, upper)
    limits = _bounds(glp, form.column_lower, form.column_upper)
    costs, whole = form.cost.tolist(), form.integer.tolist()
    for j, (kind, lower, upper) in enumerate(limits, 1):
        glp.glp_set_col_bnds(problem, j, kind, lower, upper)
        if costs[j - 1]:
            glp.glp_set_obj_coef(problem, j, costs[j - 1])
        if whole[j - 1]:
            glp.glp_set_col_kind(problem, j, glp.GLP_IV)
    _load_matrix(glp, problem, form)


def _load_matrix(glp: ModuleType, problem: Any, form: MatrixForm) -> None:
    entries = form.matrix.tocoo()
    kept = entries.data != 0.0
    count = int(np.count_nonzero(kept))
    rows = _filled(glp.intArray(count + 1), entries.row[kept] + 1, np.intc)
    columns = _filled(glp.intArray(count + 1), entries.col[kept] + 1, np.intc)
    values = _filled(glp.doubleArray(count + 1), entries.data[kept], np.double)
    glp.glp_load_matrix(problem, count, rows, columns, values)


def _filled(array: Any, numbers: npt.NDArray[Any], kind: type[np.number[Any]]) -> Any:
    """A C array of the library, filled from element one on.

    Copied in one piece: element by element, filling takes longer than solving.
    """
    block = np.concatenate([[0], numbers]).astype(kind)
    ctypes.memmove(int(array.this), block.ctypes.data, block.nbytes)
    return array


def _bounds(glp: ModuleType, lower: Floats, upper: Floats) -> list[tuple[int, float, float]]:
    """GLPK's kind of bound with both numbers, absent ones as zero."""
    below, above = np.isfinite(lower), np.isfinite(upper)
    kinds = np.full(len(lower), glp.GLP_DB)
    kinds[lower == upper] = glp.GLP_FX
    kinds[below & ~above] = glp.GLP_LO
    kinds[~below & above] = glp.GLP_UP
    kinds[~below & ~above] = glp.GLP_FR
    numbers = np.where(below, lower, 0.0).tolist(), np.where(above, upper, 0.0).tolist()
    return list(zip(kinds.tolist(), *numbers, strict=True))


def _linear(
    glp: ModuleType, problem: Any, form: MatrixForm, options: SolveOptions, way: str
) -> Raw:
    """Solve the problem without its integers."""
    control = glp.glp_smcp()
    glp.glp_init_smcp(control)
    control.msg_lev = glp.GLP_MSG_OFF
    control.meth = glp.GLP_DUALP if way == "dual" else glp.GLP_PRIMAL
    control.tol_bnd = options.feasibility_tolerance
    control.tol_dj = options.optimality_tolerance
    if options.time_limit_s is not None:
        control.tm_lim = _milliseconds(options.time_limit_s)
    if (start := options.start.fitted(form) if options.start else None) is None:
        glp.glp_adv_basis(problem, 0)
    else:
        _place(glp, problem, start)
    code = glp.glp_simplex(problem, control)
    if code in (glp.GLP_EBADB, glp.GLP_ESING, glp.GLP_ECOND):
        glp.glp_adv_basis(problem, 0)
        code = glp.glp_simplex(problem, control)
    if way == "exact" and form.matrix.nnz <= EXACT_ENTRIES:
        code = glp.glp_exact(problem, control)
    status = _linear_status(glp, problem, code)
    used = {"method": way, "tol_bnd": control.tol_bnd, "tol_dj": control.tol_dj}
    if not status.answered:
        return Raw(status, used=used)
    optimal = status is Status.OPTIMAL
    ask = glp._swiglpk
    return Raw(
        status,
        x=_read(ask.glp_get_col_prim, problem, form.columns),
        bound=glp.glp_get_obj_val(problem) if optimal else -np.inf,
        row_marginals=_read(ask.glp_get_row_dual, problem, form.rows) if optimal else None,
        reduced_costs=_read(ask.glp_get_col_dual, problem, form.columns) if optimal else None,
        iterations=glp.glp_get_it_cnt(problem),
        used=used,
        basis=_basis(glp, problem, form) if optimal and _wants_basis(form, options) else None,
    )


def _wants_basis(form: MatrixForm, options: SolveOptions) -> bool:
    return not form.has_integers and (options.keep_basis or options.check_unique)


def _place(glp: ModuleType, problem: Any, start: Basis) -> None:
    """Put the simplex at a basis; a fixed row or column stands at both bounds, which is GLP_NS."""
    standing = np.array([glp.GLP_NL, glp.GLP_BS, glp.GLP_NU, glp.GLP_NF])
    for set_one, at in (
        (glp._swiglpk.glp_set_row_stat, start.rows),
        (glp._swiglpk.glp_set_col_stat, start.columns),
    ):
        deque(map(set_one, repeat(problem), range(1, len(at) + 1), standing[at].tolist()), 0)


def _basis(glp: ModuleType, problem: Any, form: MatrixForm) -> Basis:
    standing = np.zeros(max(glp.GLP_BS, glp.GLP_NL, glp.GLP_NU, glp.GLP_NF, glp.GLP_NS) + 1, int)
    standing[[glp.GLP_BS, glp.GLP_NL, glp.GLP_NU, glp.GLP_NF, glp.GLP_NS]] = [
        BASIC, LOWER, UPPER, FREE, LOWER,
    ]  # fmt: skip
    rows = _read(glp._swiglpk.glp_get_row_stat, problem, form.rows).astype(np.int64)
    columns = _read(glp._swiglpk.glp_get_col_stat, problem, form.columns).astype(np.int64)
    return Basis(standing[rows].astype(np.int8), standing[columns].astype(np.int8))


def _read(get: Callable[[Any, int], float], problem: Any, count: int) -> Floats:
    """One number for each row or column; GLPK gives them one by one."""
    return np.fromiter(map(get, repeat(problem), range(1, count + 1)), float, count)


def _linear_status(glp: ModuleType, problem: Any, code: int) -> Status:
    """What the simplex proved; a numerical failure proves nothing."""
    if code == glp.GLP_ETMLIM:
        feasible = glp.glp_get_prim_stat(problem) == glp.GLP_FEAS
        return Status.FEASIBLE if feasible else Status.NO_ANSWER
    if code != 0:
        return Status.UNKNOWN
    return {
        glp.GLP_OPT: Status.OPTIMAL,
        glp.GLP_NOFEAS: Status.INFEASIBLE,
        glp.GLP_UNBND: Status.UNBOUNDED,
    }.get(glp.glp_get_status(problem), Status.UNKNOWN)


def _whole(
    glp: ModuleType, problem: Any, form: MatrixForm, options: SolveOptions, relaxed: float
) -> Raw:
    """Branch and cut from the optimal basis of the relaxation, whose minimum is ``relaxed``.

    GLPK does not tell its bound after stopping early, so the bound is the better of the
    relaxation and of what the reason for stopping proves.
    """
    control = glp.glp_iocp()
    glp.glp_init_iocp(control)
    control.msg_lev = glp.GLP_MSG_OFF
    for cuts in ("gmi_cuts", "mir_cuts", "cov_cuts", "clq_cuts"):
        setattr(control, cuts, glp.GLP_ON)
    control.tol_int = options.integrality_tolerance
    control.tol_obj = INTEGER_PROOF
    control.mip_gap = options.gap
    if options.time_limit_s is not None:
        control.tm_lim = _milliseconds(options.time_limit_s)
    code = glp.glp_intopt(problem, control)
    status = _whole_status(glp, problem, code)
    used = {"cuts": "gmi mir cover clique", "tol_int": control.tol_int, "mip_gap": control.mip_gap}
    if not status.answered:
        return Raw(status, bound=relaxed, used=used)
    columns = range(1, form.columns + 1)
    found = glp.glp_mip_obj_val(problem)
    allowed = {0: INTEGER_PROOF * (1.0 + abs(found)), glp.GLP_EMIPGAP: options.gap * abs(found)}
    return Raw(
        status,
        x=np.array([glp.glp_mip_col_val(problem, j) for j in columns], dtype=float),
        bound=max(relaxed, found - allowed.get(code, np.inf)),
        used=used,
    )


def _whole_status(glp: ModuleType, problem: Any, code: int) -> Status:
    found = glp.glp_mip_status(problem)
    if code == 0 and found == glp.GLP_OPT:
        return Status.OPTIMAL
    if code == 0 and found == glp.GLP_NOFEAS:
        return Status.INFEASIBLE
    if code in (glp.GLP_ETMLIM, glp.GLP_EMIPGAP, glp.GLP_ESTOP):
        return Status.FEASIBLE if found == glp.GLP_FEAS else Status.NO_ANSWER
    return Status.UNKNOWN


def _milliseconds(seconds: float) -> int:
    return max(1, min(round(seconds * 1000), 2_000_000_000))
