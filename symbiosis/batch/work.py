"""What a worker does with a case: its rows, or why there are none. Nothing a case does stops it."""

import time
import traceback
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial

from symbiosis.batch.answers import Rows, Shared, optimised, planned, simulated
from symbiosis.batch.case import Case, Verb
from symbiosis.errors import InputError, NoAnswer, Problem
from symbiosis.park.declaration import Declaration
from symbiosis.park.validate import validate
from symbiosis.scenario import Scenario, applied, scenario_of

ANSWERS = {Verb.OPTIMISE: optimised, Verb.PLAN: planned, Verb.SIMULATE: simulated}
BASES = 4
"""Bases of variations that a worker keeps prepared."""
DONE, FAILED = "done", "failed"


@dataclass(frozen=True)
class Outcome:
    """What became of a case: rows by table, each without its key; ``cases`` has one row."""

    rows: Rows


def prepare(parks: Mapping[str, Declaration]) -> "Work":
    """The work of a process."""
    return Work(parks)


@dataclass
class Work:
    """A case -> what became of it; parks by their digest."""

    parks: Mapping[str, Declaration]
    _shared: OrderedDict[str, Shared | None] = field(default_factory=OrderedDict)

    def __call__(self, case: Case) -> Outcome:
        """The rows of a case."""
        started = time.perf_counter()
        problem: Problem | None = None
        rows: Rows = {}
        try:
            rows = self._answer(case)
        except (InputError, NoAnswer) as error:
            problem = error.problems[0]
        except Exception as error:  # noqa: BLE001 - kept in the row of the case
            where = traceback.extract_tb(error.__traceback__)[-1]
            said = f"{type(error).__name__}: {error} ({where.name}:{where.lineno})"
            problem = Problem("batch_fault", details={"said": said[:2000]})
        seconds = time.perf_counter() - started
        about = {"park": self._park_id(case), "seconds": seconds}
        return Outcome({**rows, "cases": [row_of(case, problem) | about]})

    def _park_id(self, case: Case) -> str | None:
        """The id that the park file of a case says."""
        park = self.parks.get(case.park)
        return None if park is None else str(park.tree.get("id"))

    def _answer(self, case: Case) -> Rows:
        if case.problems:
            raise InputError(case.problems)
        asked = self.scenario(case)
        shared = self._base(case) if case.alike and case.verb is Verb.OPTIMISE else None
        return ANSWERS[case.verb](asked, case.options, shared)

    def scenario(self, case: Case) -> Scenario:
        """The scenario that a case asks about. Raises :class:`InputError`."""
        declared, park = case.declaration, self.parks[case.park]
        if declared is None:
            return scenario_of(validate(park))
        return applied(declared, park, ())

    def _prepared(self, base: Case) -> Shared | None:
        """Nothing where the base has no answer of its own: its variations may have one."""
        try:
            shared = Shared(self.scenario(base), base.options["solver"])
            shared.prepared  # noqa: B018 - its slice may be refused
        except InputError:
            return None
        return shared

    def _base(self, case: Case) -> Shared | None:
        """What variations of the base of a case share."""
        if case.base not in self._shared:
            while len(self._shared) >= BASES:
                self._shared.popitem(last=False)
            self._shared[case.base] = self._prepared(case.base_case)
        self._shared.move_to_end(case.base)
        return self._shared[case.base]


def work_for(parks: Mapping[str, Declaration]) -> partial[Work]:
    """How a worker process prepares."""
    return partial(prepare, parks)


def row_of(case: Case, problem: Problem | None) -> dict[str, object]:
    """What the table of cases says of a case, but for its park and its seconds."""
    return {
        "name": case.name,
        "scenario": None if case.scenario is None else str(case.scenario.tree.get("id")),
        "status": DONE if problem is None else FAILED,
        "error": None if problem is None else problem.code,
        "message_zh": None if problem is None else _told(problem, "zh"),
        "message_en": None if problem is None else _told(problem, "en"),
        "seed": case.options.get("seed"),
        **case.axes,
    }


def _told(problem: Problem, lang: str) -> str:
    return ": ".join(text for text in (problem.place(), problem.message(lang)) if text)
