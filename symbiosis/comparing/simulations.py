"""Two simulations: odds of targets, indicators by year, dates of projects.

With the same seed run k had the same luck in both, so that differences are taken run by run over
the runs that both have. What can be said of a run differs: an indicator needs an answer in every
month, a date does not. Each column of the runs is read by itself, so that memory stays flat.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from symbiosis.comparing.intervals import (
    Gap,
    independent_means,
    independent_shares,
    paired_means,
    paired_shares,
)
from symbiosis.comparing.row import SHARE, LeftOut, Pair, Row, is_clear
from symbiosis.errors import InputError, Problem, listed, nearest
from symbiosis.keep import Kept
from symbiosis.retrofit.document import AT, DAY, MARGIN, RUNS
from symbiosis.retrofit.schedule import COMMISSIONED
from symbiosis.retrofit.tables import PROMISED
from symbiosis.seasons import Floats

USUAL = ("utilisation_rate", "cost", "co2e")
"""Indicators that are compared without being asked for, beside those of the targets."""
MONEY = "CNY"
"""The unit of what stands in the runs alone: items of the cost, and cost by enterprise."""


@dataclass(frozen=True)
class Sample:
    """The runs of one kept simulation."""

    kept: Kept

    @property
    def path(self) -> Path:
        """The file of the runs."""
        return self.kept.folder / RUNS

    @cached_property
    def columns(self) -> tuple[str, ...]:
        """Every column. Raises :class:`InputError` for a file that cannot be read."""
        from pyarrow import ArrowException
        from pyarrow.parquet import read_schema

        try:
            return tuple(read_schema(self.path).names)
        except (OSError, ArrowException) as error:
            raise self._broken() from error

    def read(self, column: str) -> Floats:
        """One column. Raises :class:`InputError` for one that is missing."""
        from pyarrow.parquet import read_table

        if column not in self.columns:
            raise self._broken()
        table = read_table(self.path, columns=[column])
        return np.asarray(table.column(0).to_numpy(), dtype=float)

    def _broken(self) -> InputError:
        details = {"found": str(self.kept.folder), "file": RUNS}
        return InputError([Problem("broken_result", str(self.path), details=details)])


@dataclass(frozen=True)
class Simulations:
    """Two kept simulations beside each other; ``wanted`` are further indicators."""

    pair: Pair
    wanted: Sequence[str] = ()

    @cached_property
    def samples(self) -> tuple[Sample, Sample]:
        """The runs of both."""
        return Sample(self.pair.base), Sample(self.pair.other)

    @cached_property
    def paired(self) -> bool:
        """Whether run k had the same luck in both."""
        seeds = [kept.manifest["seed"] for kept in (self.pair.base, self.pair.other)]
        return bool(seeds[0] == seeds[1])

    @cached_property
    def without_luck(self) -> bool:
        """Whether both were lived through once, without luck: numbers are exact."""
        return all(k.manifest["seed"] is None for k in (self.pair.base, self.pair.other))

    def rows(self) -> Iterator[Row]:
        """Targets, indicators by year, projects."""
        yield from self._targets()
        for indicator in self._indicators():
            yield from self._years(indicator)
        yield from self._projects()

    def left_out(self) -> Iterator[LeftOut]:
        """Targets and projects that one of them alone has, or that mean something else."""
        for subject, table in (("target", "targets"), ("project", "projects")):
            yield from self.pair.left_out(subject, *self.pair.by_id(table))
        base, other = self.pair.by_id("targets")
        for name in base:
            if name in other and not _same_promise(base[name], other[name]):
                yield LeftOut("target", name, self.pair.result, "other_meaning")

    # --- rows

    def _targets(self) -> Iterator[Row]:
        base, other = self.pair.by_id("targets")
        for name, row in base.items():
            if name not in other or not _same_promise(row, other[name]):
                continue
            values = self._values(f"{name}{MARGIN}")
            hits = values[0] >= 0.0, values[1] >= 0.0
            gap = (paired_shares if self.paired else independent_shares)(*hits)
            shown = [float(h.mean()) if len(h) else None for h in hits]
            counts = len(hits[0]), len(hits[1])
            yield self._row("target", name, str(row["by"]), SHARE, shown, gap, counts, row)

    def _indicators(self) -> list[str]:
        """The indicators to be compared. Raises :class:`InputError` for an unknown one."""
        one, other = (
            list(dict.fromkeys(
                name for name, _, at in (c.rpartition(AT) for c in sample.columns) if at.isdecimal()
            ))
            for sample in self.samples
        )  # fmt: skip
        known = [name for name in one if name in other]
        problems = [unknown_indicator(name, known) for name in self.wanted if name not in known]
        if problems:
            raise InputError(problems)
        base = self.pair.by_id("targets")[0].values()
        aims = [row["indicator"] for row in base if row["indicator"]]
        every = dict.fromkeys((*USUAL, *aims, *self.wanted))
        return [name for name in every if name in known]

    def _years(self, indicator: str) -> Iterator[Row]:
        names = {f"name_{lang}": name for lang, name in self.pair.names(indicator).items()}
        unit = self._unit(indicator)
        for year in self.pair.base.manifest["years"]:
            values = self._values(f"{indicator}{AT}{year}")
            gap = (paired_means if self.paired else independent_means)(*values)
            shown = [float(v.mean()) if len(v) else None for v in values]
            counts = len(values[0]), len(values[1])
            yield self._row("indicator", indicator, str(year), unit, shown, gap, counts, names)

    def _unit(self, indicator: str) -> str:
        stated = {row["indicator"]: row["unit"] for row in self.pair.base.document["years"]}
        return str(stated.get(indicator, MONEY))

    def _projects(self) -> Iterator[Row]:
        base, other = self.pair.by_id("projects")
        for name, row in base.items():
            if name not in other:
                continue
            column, key = f"{name}.{COMMISSIONED}{DAY}", f"{COMMISSIONED}_p50"
            reached = [int(np.isfinite(s.read(column)).sum()) for s in self.samples]
            values = self._values(column)
            gap = (paired_means if self.paired else independent_means)(*values)
            shown = [row[key], other[name][key]]
            yield self._row(
                "project", name, None, "d", shown, gap, (reached[0], reached[1]), row,
                len(values[0]) if self.paired else sum(reached),
            )  # fmt: skip

    def _row(
        self,
        subject: str,
        name: str,
        by: str | None,
        unit: str,
        shown: Sequence[Any],
        gap: Gap,
        counts: tuple[int, int],
        names: Any,
        n: int | None = None,
    ) -> Row:
        numbers = [value if isinstance(value, float) else None for value in shown]
        exact = self.without_luck and gap.difference is not None
        gap = Gap(gap.difference, gap.difference, gap.difference) if exact else gap
        labels = {key: names[key] for key in ("name_zh", "name_en")}
        return Row(
            subject, name, by, unit, shown[0], shown[1], self.pair.result,
            gap.difference, gap.low, gap.high,
            paired=self.paired,
            n=n if n is not None else counts[0] if self.paired else sum(counts),
            n_base=counts[0], n_other=counts[1],
            clear=is_clear(gap, *numbers),
            **labels,
        )  # fmt: skip

    def _values(self, column: str) -> tuple[Floats, Floats]:
        """A column of both: pairs in which both have a number, or all that each has.

        A date that was never reached is none; a margin below every number is one.
        """
        base, other = (sample.read(column) for sample in self.samples)
        if not self.paired:
            return base[~np.isnan(base)], other[~np.isnan(other)]
        both = min(len(base), len(other))
        known = ~(np.isnan(base[:both]) | np.isnan(other[:both]))
        return base[:both][known], other[:both][known]


def _same_promise(base: Any, other: Any) -> bool:
    """Whether two targets of one id ask for the same by the same time."""
    return all(base[key] == other[key] for key in ("by", *PROMISED))


def unknown_indicator(name: str, known: Sequence[str]) -> Problem:
    """That there is no such indicator, with the nearest."""
    details = {"found": name, "nearest": nearest(name, known), "allowed": listed(known, 20)}
    return Problem("not_allowed", key="--indicator", details=details)
