"""Why needs and limits cannot be met together, in the words of the park.

The elastic version of the same arrays says by how much each gives way at the least; a deletion
filter then names a set of which none can be spared.
"""

from symbiosis.errors import Problem
from symbiosis.solvers.backend import Backend, SolveOptions
from symbiosis.solvers.elastic import Conflict, conflicts, irreducible
from symbiosis.solvers.exchange import LIMITS
from symbiosis.solvers.keys import Key
from symbiosis.solvers.matrix import MatrixForm
from symbiosis.wording import Wording, code_of, number


def conflict_problems(
    wording: Wording, form: MatrixForm, backend: Backend, options: SolveOptions | None = None
) -> list[Problem]:
    """One problem per need or limit that gives way, and one for the set that cannot be met.

    A time limit in ``options`` is that of each solve.
    """
    found = conflicts(form, _may_give_way, backend, options)
    problems = [_problem(wording, conflict) for conflict in found.conflicts]
    together = irreducible(form, _may_give_way, backend, options).rows
    if len(together) > 1:
        named = [wording.constraint(key) for key in together]
        members = {lang: "; ".join(name[lang] for name in named) for lang in ("zh", "en")}
        problems.append(Problem("conflict_together", details={"members": members}))
    return problems or [Problem("conflict_unnamed")]


def _may_give_way(key: Key) -> bool:
    return key[0] in LIMITS


def _problem(wording: Wording, conflict: Conflict) -> Problem:
    details = wording.details(conflict.key) | {"amount": number(conflict.amount)}
    code = _code(wording, conflict)
    if code == "conflict_limit":
        details |= {"constraint": wording.constraint(conflict.key)}
    if wording.plain(conflict.key)[1] is not None:
        details["counted"] = str(details.get("counted", "")).removesuffix("/a")
    return Problem(code, key=code_of(conflict.key), details=details)


def _code(wording: Wording, conflict: Conflict) -> str:
    """What lacks or has no place in a year has a sentence of its own; in a season it is a limit."""
    if wording.plain(conflict.key)[1] is not None:
        return "conflict_limit"
    if conflict.key[0] == "supply":
        return "conflict_supply"
    if conflict.key[0] == "need":
        return "conflict_need" if conflict.side == "lower" else "conflict_need_over"
    return "conflict_limit"
