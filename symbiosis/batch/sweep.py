"""The ``sweep`` block of a scenario file: which keys vary, in which combinations.

    sweep:
      verb: optimise
      options: {objective: cost}
      method: grid                      # grid, list, latin_hypercube or sobol
      keys:
        policy.environmental_tax.tailings: {values: [10 CNY/t, 20 CNY/t]}

Everything that is wrong with it is named, with its line, before any case is begun.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from math import prod
from typing import TYPE_CHECKING, Any

from pydantic import Field, ValidationError

from symbiosis.batch.axis import Axis, Varied, axis_of, kind_of, repeated
from symbiosis.batch.case import Verb
from symbiosis.errors import InputError, Problem, listed, nearest
from symbiosis.park.declaration import Declaration
from symbiosis.park.park import Park
from symbiosis.park.quantity import Noun
from symbiosis.park.validate import in_file_order, keys_of, model_at, structure_problems

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

Changes = dict[str, Any]
DRAWN = 4096
"""Samples that are drawn at a time."""


class Method(StrEnum):
    """How the combinations come about."""

    GRID = "grid"
    LIST = "list"
    LATIN_HYPERCUBE = "latin_hypercube"
    SOBOL = "sobol"

    @property
    def samples(self) -> bool:
        """Whether combinations are drawn."""
        return self in (Method.LATIN_HYPERCUBE, Method.SOBOL)


class SweepFile(Noun):
    """What a ``sweep`` block declares."""

    verb: Verb = Verb.OPTIMISE
    options: dict[str, Any] = Field(default_factory=dict)
    method: Method = Method.GRID
    samples: int | None = Field(None, ge=1)
    seed: int = Field(0, ge=0)
    keys: dict[str, Varied] = Field(default_factory=dict)
    rows: tuple[dict[str, Any], ...] = ()


@dataclass(frozen=True)
class Sweep:
    """The combinations of one block, in order."""

    said: SweepFile
    axes: tuple[Axis, ...]

    @cached_property
    def count(self) -> int:
        """How many combinations."""
        if self.said.method is Method.GRID:
            return prod(axis.count for axis in self.axes)
        if self.said.method is Method.LIST:
            return len(self.said.rows) or len(self.axes[0].values)
        return self.said.samples or 0

    @property
    def repeats(self) -> bool:
        """Whether one combination may be drawn several times: where every key has ``values``."""
        return self.said.method.samples and all(axis.values for axis in self.axes)

    def __iter__(self) -> Iterator[Changes]:
        if self.said.method is Method.GRID:
            return (self._at(i) for i in range(self.count))
        if self.said.method is Method.LIST:
            return iter(self._listed())
        return self._drawn()

    def _at(self, number: int) -> Changes:
        """A point of the grid; the last key varies fastest."""
        found: Changes = {}
        for axis in reversed(self.axes):
            number, place = divmod(number, axis.count)
            found[axis.key] = axis.at(place)
        return {axis.key: found[axis.key] for axis in self.axes}

    def _listed(self) -> Iterator[Changes]:
        if self.said.rows:
            yield from map(dict, self.said.rows)
            return
        for values in zip(*(axis.values for axis in self.axes), strict=True):
            yield dict(zip((axis.key for axis in self.axes), values, strict=True))

    def _drawn(self) -> Iterator[Changes]:
        for point in points(self.said.method, len(self.axes), self.count, self.said.seed):
            yield {
                axis.key: axis.drawn(float(part))
                for axis, part in zip(self.axes, point, strict=True)
            }


def points(
    method: Method, width: int, samples: int, seed: int
) -> "Iterator[npt.NDArray[np.float64]]":
    """Points in the unit cube: a Latin hypercube, or the first of a scrambled Sobol sequence."""
    import numpy as np
    from scipy.stats import qmc

    luck = np.random.default_rng(seed)
    if method is Method.LATIN_HYPERCUBE:
        yield from qmc.LatinHypercube(width, seed=luck).random(samples)
        return
    sequence = qmc.Sobol(width, scramble=True, seed=luck)
    for begun in range(0, samples, DRAWN):
        yield from sequence.random(DRAWN)[: samples - begun]


def sweep_of(scenario: Declaration, park: Declaration) -> Sweep:
    """The sweep that a scenario file declares over its park as it changes it.

    Raises :class:`InputError` with everything that is wrong.
    """
    said = _said(scenario)
    problems = [*_whole(said, scenario)]
    axes: list[Axis] = []
    for key, varied in said.keys.items():
        path = ("sweep", "keys", key)
        if unknown := unknown_key(key, park):
            problems.append(_placed(unknown, scenario, path))
            continue
        axis, wrong = axis_of(key, varied, stated(key, park), said.method is Method.GRID)
        problems += [_placed(problem, scenario, path) for problem in wrong]
        axes += [] if axis is None else [axis]
    for i, key in ((i, key) for i, row in enumerate(said.rows) for key in row):
        if unknown := unknown_key(key, park):
            problems.append(_placed(unknown, scenario, ("sweep", "rows", i, key)))
    if problems:
        raise InputError(in_file_order(problems))
    return Sweep(said, tuple(axes) or _axes_of_rows(said))


def _said(scenario: Declaration) -> SweepFile:
    block = scenario.below("sweep")
    try:
        return SweepFile.model_validate(block.tree)
    except ValidationError as error:
        problems = structure_problems(error, SweepFile, block)
        raise InputError(in_file_order(problems)) from error


def _whole(said: SweepFile, scenario: Declaration) -> Iterator[Problem]:
    """What does not fit together in a block."""
    method, path = said.method, ("sweep",)
    rows_belong = method is Method.LIST and not said.keys
    if not said.keys and not said.rows:
        yield _placed(Problem("sweep_nothing"), scenario, path)
    if said.rows and not rows_belong:
        yield _placed(Problem("sweep_rows"), scenario, (*path, "rows"))
    if method.samples != (said.samples is not None):
        code = "sweep_samples" if method.samples else "sweep_no_samples"
        yield _placed(Problem(code, details={"found": method.value}), scenario, path)
    lengths = {len(varied.values or ()) for varied in said.keys.values()}
    if method is Method.LIST and said.keys and (0 in lengths or len(lengths) > 1):
        told = ", ".join(map(str, sorted(lengths)))
        problem = Problem("sweep_uneven", details={"found": told})
        yield _placed(problem, scenario, (*path, "keys"))
    for i, row in repeated(said.rows):
        problem = Problem("sweep_twice", details={"found": row, "whole": "rows"})
        yield _placed(problem, scenario, (*path, "rows", i))


def _axes_of_rows(said: SweepFile) -> tuple[Axis, ...]:
    keys = dict.fromkeys(key for row in said.rows for key in row)
    kinds = {key: kind_of([row[key] for row in said.rows if key in row]) for key in keys}
    return tuple(Axis(key, kind=kind, unit=unit) for key, (kind, unit) in kinds.items())


def _placed(problem: Problem, scenario: Declaration, path: tuple[str | int, ...]) -> Problem:
    place = scenario.place(path)
    key = ".".join(map(str, path))
    return Problem(problem.code, place.file, place.line, key, problem.details)


def stated(key: str, park: Declaration) -> Any:
    """What the park says at a dotted key; nothing where it says nothing."""
    try:
        return park.at(tuple(key.split(".")))
    except KeyError:
        return None


def unknown_key(key: str, park: Declaration) -> Problem | None:
    """The part of a dotted key that the park does not have, with the nearest that it has."""
    parts, node = key.split("."), park.tree
    for i, part in enumerate(parts):
        names = _names(node, parts[:i])
        if part not in names:
            details = {"found": part, "whole": key}
            near = {"nearest": nearest(part, names), "allowed": listed(names, 12)}
            return Problem("unknown_path", details=details | near)
        node = node.get(part) if isinstance(node, Mapping) else None
    return None


def _names(node: Any, before: list[str]) -> list[str]:
    """What may be varied below a key: what is there, and what could be said there besides."""
    there = list(node) if isinstance(node, Mapping) else []
    return [*there, *keys_of(model_at(Park, tuple(before)))]
