"""From names, files and globs to a batch: which cases there are, before any of them is begun.

Files are read twice: once to know names, keys and sweeps, and again when their case is due, so
that memory does not grow with them. Parks are held once.
"""

import glob
import hashlib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from symbiosis.batch.case import Case, Verb, base_of, digest, key_of, said, seed_of
from symbiosis.batch.options import Order, options_of
from symbiosis.batch.sweep import Changes, Sweep, sweep_of
from symbiosis.errors import InputError, Problem, listed, nearest
from symbiosis.park.declaration import Declaration
from symbiosis.park.load import bundled, declare
from symbiosis.scenario import park_named, patched
from symbiosis.textfile import missing, no_file
from symbiosis.yamlfile import read

PATTERN = "*?["
YAML = (".yaml", ".yml")
DIGITS = 6


@dataclass(frozen=True)
class Source:
    """One file: a scenario, a sweep, a park, or something that cannot be read.

    ``sha256`` is empty where not even its bytes can be read.
    """

    path: Path
    name: str
    sha256: str
    park: str = ""
    base: str = ""
    sweep: Sweep | None = None
    options: dict[str, Any] = field(default_factory=dict)

    @property
    def count(self) -> int:
        """How many cases it makes."""
        return 1 if self.sweep is None else self.sweep.count


@dataclass(frozen=True)
class Batch:
    """What is to be done: ``cases()`` one by one, always the same and in the same order."""

    verb: Verb
    order: Order
    sources: tuple[Source, ...]
    parks: dict[str, Declaration]
    park_files: dict[str, Path]

    @property
    def count(self) -> int:
        """How many cases."""
        return sum(source.count for source in self.sources)

    @property
    def axes(self) -> dict[str, tuple[str, str]]:
        """Kind and unit of every key that is varied; text where sweeps disagree."""
        found: dict[str, tuple[str, str]] = {}
        for axis in (axis for s in self.sources if s.sweep for axis in s.sweep.axes):
            own = axis.kind, axis.unit
            found[axis.key] = own if found.get(axis.key, own) == own else ("text", "")
        return found

    def cases(self) -> Iterator[Case]:
        """Every case. Raises :class:`InputError` where a file is no more what it was."""
        for source in self.sources:
            yield from self._of(source)

    def _of(self, source: Source) -> Iterator[Case]:
        if _sha256(source.path) != source.sha256:
            raise InputError([Problem("batch_changed", details={"found": str(source.path)})])
        scenario, problems = _scenario(source.path)
        if problems or not source.base:
            yield self._broken(source, problems)
            return
        case = Case(
            key="", name=source.name, park=source.park, scenario=scenario, verb=self.verb,
            options=source.options, base=source.base, alike=source.sweep is not None,
        )  # fmt: skip
        if source.sweep is None:
            yield self._keyed(case, _own_changes(scenario))
            return
        width, kinds, drawn = max(DIGITS, len(str(source.count))), self.axes, Counter[str]()
        for number, changes in enumerate(source.sweep, start=1):
            name = f"{source.name}/{number:0{width}d}"
            axes = _columns(source.sweep, changes, kinds)
            case_here = replace(case, name=name, changes=changes, axes=axes)
            before = 0
            if source.sweep.repeats:
                told = digest(changes)
                before = drawn[told]
                drawn[told] += 1
            yield self._keyed(case_here, changes, before)

    def _keyed(self, case: Case, changes: Changes, before: int = 0) -> Case:
        key = key_of(case.base, changes, before)
        if self.verb is not Verb.SIMULATE or case.options["seed"] is not None:
            return replace(case, key=key)
        return replace(
            case, key=key, options={**case.options, "seed": seed_of(self.order.seed, key)}
        )

    def _broken(self, source: Source, problems: tuple[Problem, ...]) -> Case:
        found = problems or _park_problems(source.path)
        key = digest([source.sha256, source.name, self.verb.value])
        return Case(key, source.name, "", None, self.verb, source.options, problems=found)


def _columns(sweep: Sweep, changes: Changes, kinds: dict[str, tuple[str, str]]) -> dict[str, Any]:
    """What a case has in the columns of the axes."""
    axes = {axis.key: axis for axis in sweep.axes}
    return {
        key: replace(axes[key], kind=kinds[key][0]).column(value) for key, value in changes.items()
    }


def gather(names: Sequence[str], order: Order) -> Batch:
    """The batch that names, files and globs make up. Raises :class:`InputError`."""
    paths = [path for name in names for path in _paths(name)]
    parks: dict[str, Declaration] = {}
    park_files: dict[str, Path] = {}
    known: dict[Path, tuple[str, Declaration]] = {}
    verb = _verb(paths, order)
    sources = [_source(path, verb, order, known) for path in paths]
    for path, (name, park) in known.items():
        parks[name], park_files[name] = park, path
    _refuse_twins(sources)
    ordered = tuple(sorted(sources, key=lambda source: source.base))
    return Batch(verb, order, ordered, parks, park_files)


def _paths(name: str) -> list[Path]:
    """The files behind a bundled name, a path or a glob; a scenario before a park."""
    for kind in ("scenarios", "parks"):
        if name in bundled(kind):
            return [bundled(kind)[name]]
    if Path(name).is_file():
        return [Path(name)]
    if any(sign in name for sign in PATTERN):
        found = sorted(Path(path) for path in glob.glob(name, recursive=True))
        if files := [path for path in found if path.is_file()]:
            return files
        raise InputError([Problem("batch_no_match", details={"found": name})])
    if Path(name).exists():
        raise InputError([no_file(Path(name))])
    if Path(name).suffix in YAML or Path(name).parent != Path("."):
        raise InputError([missing(Path(name))])
    names = [*bundled("scenarios"), *bundled("parks")]
    near = {"nearest": nearest(name, names), "allowed": listed(names, 30)}
    raise InputError([Problem("unknown_name", details={"found": name, "what": "scenario"} | near)])


def _scenario(path: Path) -> tuple[Declaration | None, tuple[Problem, ...]]:
    """What a scenario file declares, None for a park file; or why it cannot be read."""
    try:
        found = Declaration.of(read(path))
    except InputError as error:
        return None, error.problems
    if isinstance(found.tree, dict) and "enterprises" in found.tree:
        return None, ()
    return found, ()


def _park_of(path: Path) -> tuple[Path | None, Declaration | None, tuple[Problem, ...]]:
    """The park file of a scenario or park file, and the scenario."""
    scenario, problems = _scenario(path)
    if problems:
        return None, None, problems
    try:
        return (path if scenario is None else park_named(scenario)), scenario, ()
    except InputError as error:
        return None, scenario, error.problems


def _park_problems(path: Path) -> tuple[Problem, ...]:
    """Why the park of a scenario cannot be read."""
    park, _, problems = _park_of(path)
    if park is not None:
        try:
            declare(park)
        except InputError as error:
            return error.problems
    return problems


def _verb(paths: Sequence[Path], order: Order) -> Verb:
    """What all of them are for. Raises :class:`InputError` where sweeps disagree."""
    if order.verb is not None:
        return order.verb
    asked: dict[Verb, Path] = {}
    for path in paths:
        scenario, _ = _scenario(path)
        block = scenario.tree.get("sweep") if scenario and isinstance(scenario.tree, dict) else None
        name = block.get("verb", Verb.OPTIMISE) if isinstance(block, dict) else None
        if name in list(Verb):
            asked.setdefault(Verb(name), path)
    if len(asked) > 1:
        told = ", ".join(f"{path.name}: {verb}" for verb, path in asked.items())
        raise InputError([Problem("batch_two_verbs", details={"found": told})])
    return next(iter(asked), Verb.OPTIMISE)


def _source(
    path: Path, verb: Verb, order: Order, known: dict[Path, tuple[str, Declaration]]
) -> Source:
    sha256 = _sha256(path)
    park_path, scenario, _ = _park_of(path)
    whole = Source(path, path.stem, sha256, options=options_of(verb, order.options))
    if park_path is None:
        return whole
    try:
        name, park = _park(park_path, known)
    except InputError:
        return whole
    return _read(whole, scenario, name, park, verb, order)


def _sha256(path: Path) -> str:
    """The hash of a file; of one that cannot be read, the reason is told by its case."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return ""


def _park(path: Path, known: dict[Path, tuple[str, Declaration]]) -> tuple[str, Declaration]:
    where = path.resolve()
    if where not in known:
        park = declare(path)
        known[where] = digest(park.tree), park
    return known[where]


def _read(
    whole: Source, scenario: Declaration | None, name: str, park: Declaration, verb: Verb,
    order: Order,
) -> Source:  # fmt: skip
    """A source whose files can be read."""
    sweep, own = None, said(scenario)
    if scenario is not None and scenario.tree.get("sweep") is not None:
        sweep = sweep_of(scenario, patched(scenario, park))
    elif own is not None:
        own = {key: value for key, value in own.items() if key != "set"}
    options = options_of(verb, sweep.said.options if sweep else {}, order.options)
    seed = order.seed if verb is Verb.SIMULATE else None
    return replace(
        whole,
        name=whole.path.stem if scenario is None else str(scenario.tree.get("id")),
        park=name,
        base=base_of(name, own, verb, options, seed),
        sweep=sweep,
        options=options,
    )


def _own_changes(scenario: Declaration | None) -> Changes:
    return {} if scenario is None else dict(scenario.tree.get("set") or {})


def _refuse_twins(sources: Sequence[Source]) -> None:
    """Two scenarios with one name would be one in every table; so would a park and its copy."""
    first: dict[str, Source] = {}
    same: dict[str, Source] = {}
    problems = []
    for source in sources:
        for code, known, by in (
            ("batch_twins", first, source.name),
            ("batch_copies", same, source.base or source.name),
        ):
            other = known.setdefault(by, source)
            if other is not source:
                details = {"found": source.name, "other": str(other.path)}
                problems.append(Problem(code, str(source.path), details=details))
                break
    if problems:
        raise InputError(problems)
