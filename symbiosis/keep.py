"""A result as a folder: tables, manifest and the inputs it came from; kept whole or not at all.

    result.json        the JSON of the command
    manifest.json      version, hashes of the inputs, solver and its options, gap, times
    point.json         every decision, so that the result can be read back without solving
    today.json         the same with the existing links alone
    tables/            each table as CSV and Parquet
    inputs/            the park and scenario files as they were, in folders of their own

It is written to a temporary folder beside its place, synced, and moved there in one step; a killed
run leaves no half result.
"""

import hashlib
import json
import os
import platform
import shutil
import sys
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import asdict, replace
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from symbiosis.errors import InputError, Problem
from symbiosis.optimum import Goal
from symbiosis.park.link import Status
from symbiosis.point import Point
from symbiosis.result import SCHEMA_VERSION, Result
from symbiosis.scenario import Scenario, load_question, load_scenario

if TYPE_CHECKING:
    import pandas

OPTIMISE = "optimise"
"""The verb that makes the results kept by :func:`save`."""
INPUTS = ("park", "scenario")
"""Where the files of a scenario are kept below ``inputs``."""
PACKAGES = ("pyomo", "highspy", "swiglpk", "numpy", "scipy", "pandas", "pint", "pydantic")


def save(
    result: Result,
    folder: str | Path,
    lang: str = "en",
    more: Callable[[Path], None] | None = None,
) -> Path:
    """Keep a result in ``folder``; ``more`` may add files (a picture) before it is moved there.

    An earlier result there is replaced; anything else is refused with :class:`InputError`.
    """

    def fill(temporary: Path) -> None:
        _write(result, temporary, lang)
        if more is not None:
            more(temporary)

    return keep_whole(folder, fill)


def keep_whole(folder: str | Path, fill: Callable[[Path], None]) -> Path:
    """Give ``folder`` what ``fill`` writes into a folder, all of it or nothing.

    An earlier result there is replaced; anything else is refused with :class:`InputError`.
    """
    target = Path(folder).absolute()
    _may_write(target)
    target.parent.mkdir(parents=True, exist_ok=True)
    temporary = Path(tempfile.mkdtemp(prefix=f".{target.name}.", dir=target.parent))
    try:
        fill(temporary)
        temporary.chmod(0o755)
        _sync(temporary)
        _move(temporary, target)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)
    return target


def _may_write(target: Path) -> None:
    if not target.exists():
        return
    kept = target.is_dir() and ((target / "manifest.json").is_file() or not any(target.iterdir()))
    if not kept:
        raise InputError([Problem("not_a_result", str(target), details={"found": str(target)})])


def _write(result: Result, folder: Path, lang: str) -> None:
    optimum = result.optimum
    write_json(folder / "result.json", result.document(lang))
    write_json(folder / "manifest.json", manifest(result))
    write_json(folder / "point.json", pairs_of(optimum.point))
    if result.today is not None:
        write_json(folder / "today.json", pairs_of(result.today.point))
    copy_inputs(result.scenario, folder)
    write_tables({name: result.table(name) for name in result.rows}, folder)


def copy_inputs(scenario: Scenario, folder: Path) -> None:
    """The files of a scenario as they are now."""
    (folder / "inputs").mkdir()
    for source, place in zip(scenario.files, INPUTS, strict=False):
        (folder / "inputs" / place).mkdir()
        shutil.copyfile(source, folder / "inputs" / place / source.name)


def write_tables(tables: "Mapping[str, pandas.DataFrame]", folder: Path) -> None:
    """Each table as CSV and Parquet."""
    (folder / "tables").mkdir()
    for name, frame in tables.items():
        frame.to_csv(folder / "tables" / f"{name}.csv", index=False, encoding="utf-8-sig")
        frame.to_parquet(folder / "tables" / f"{name}.parquet", index=False)


def pairs_of(point: Point) -> dict[str, list[list[Any]]]:
    """A point as JSON: variable by variable, pairs of index and value."""
    return {
        name: [[key, value] for key, value in values.items()]
        for name, values in asdict(point).items()
    }


def manifest(result: Result) -> dict[str, Any]:
    """What the result came from and how it was found."""
    optimum, scenario = result.optimum, result.scenario
    return {
        **origin(OPTIMISE, scenario),
        "open": sorted(status.value for status in optimum.data.opened),
        "year": optimum.data.year,
        "by_season": scenario.by_season,
        "boundary": optimum.data.boundary,
        "document": optimum.data.document,
        "objective": optimum.goal.value,
        "solver": optimum.solved.solver,
        "solver_version": optimum.solved.solver_version,
        "solver_options": dict(optimum.solved.options),
        "status": optimum.solved.status.value,
        "gap": optimum.solved.gap,
        "seconds": dict(optimum.solved.seconds),
        **surroundings(),
    }


def origin(kind: str, scenario: Scenario) -> dict[str, Any]:
    """What was asked for, with which version, from which files."""
    return {
        "schema_version": SCHEMA_VERSION,
        "kind": kind,
        "version": version("symbiosis"),
        "made": datetime.now(UTC).isoformat(timespec="seconds"),
        "inputs": [
            {
                "file": f"{place}/{path.name}",
                "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
            }
            for path, place in zip(scenario.files, INPUTS, strict=False)
        ],
        "scenario": scenario.id,
    }


def surroundings() -> dict[str, Any]:
    """Where it was made: Python, platform, packages."""
    return {
        "python": sys.version.split()[0],
        "platform": platform.platform(),
        "packages": {name: version(name) for name in PACKAGES if _present(name)},
    }


def _present(package: str) -> bool:
    from importlib.metadata import PackageNotFoundError

    try:
        version(package)
    except PackageNotFoundError:
        return False
    return True


def write_json(path: Path, document: Any) -> None:
    """A document as a file."""
    text = json.dumps(document, ensure_ascii=False, indent=2, allow_nan=False)
    path.write_text(text + "\n", encoding="utf-8")


def _sync(folder: Path) -> None:
    """Everything below ``folder`` is on the disk before the folder gets its name."""
    for path in [*folder.rglob("*"), folder]:
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _move(temporary: Path, target: Path) -> None:
    """Give the finished folder its name; an earlier result is set aside first, then deleted."""
    if not target.exists():
        temporary.rename(target)
        return
    aside = Path(tempfile.mkdtemp(prefix=f".{target.name}.", dir=target.parent))
    target.rename(aside / "old")
    temporary.rename(target)
    shutil.rmtree(aside)


class Document(dict[str, Any]):
    """The JSON of a kept result; a key that it does not have says that it was made otherwise.

    Raises :class:`InputError` for such a key: another version wrote it, or somebody has changed it.
    """

    def __init__(self, found: Any, path: Path) -> None:
        super().__init__(found if isinstance(found, dict) else {})
        self.path = path

    def __missing__(self, key: str) -> Any:
        details = {"found": str(self.path.parent), "file": self.path.name, "lacks": key}
        raise InputError([Problem("result_lacks", str(self.path), details=details)])


class Kept:
    """A result that was kept: read from its own files, never from the live ones."""

    def __init__(self, folder: str | Path) -> None:
        self.folder = Path(folder)
        self.manifest = self._read("manifest.json")
        self.document = Document(self._read("result.json"), self.folder / "result.json")

    def _read(self, name: str) -> Any:
        path = self.folder / name
        try:
            return json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            details = {"found": str(self.folder), "file": name}
            raise InputError([Problem("broken_result", str(path), details=details)]) from error

    @property
    def kind(self) -> str:
        """The verb that made it."""
        return str(self.manifest["kind"])

    @property
    def goal(self) -> Goal:
        """What was optimised."""
        return Goal(self.manifest["objective"])

    def inputs(self) -> Scenario:
        """The scenario from the frozen inputs."""
        *park, last = [self.folder / "inputs" / row["file"] for row in self.manifest["inputs"]]
        return load_scenario(last, park[0]) if park else load_question(last)

    def scenario(self) -> Scenario:
        """The same, cut as it was when the result was made."""
        return replace(
            self.inputs(),
            opened=frozenset(Status(status) for status in self.manifest["open"]),
            boundary=self.manifest["boundary"],
            document=self.manifest["document"],
            by_season=self.manifest["by_season"],
        )

    def point(self) -> Point:
        """Every decision as it was made."""
        return self._point("point.json")

    def today(self) -> Point | None:
        """The decisions with the existing links alone, where they had an answer."""
        return self._point("today.json") if (self.folder / "today.json").is_file() else None

    def _point(self, name: str) -> Point:
        pairs = [
            ((name, tuple(key) if isinstance(key, list) else key), value)
            for name, entries in self._read(name).items()
            for key, value in entries
        ]
        return Point.read([key for key, _ in pairs], [value for _, value in pairs])
