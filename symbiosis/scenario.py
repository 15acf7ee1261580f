"""A scenario: a park, a start, and changes to any value. It is a patch, never a copy.

    park: jinchang
    start: 2015
    open: [existing, planned]
    set:
      enterprises.jinni_cement.units.kiln.activity: 80 %
      policy.environmental_tax.tailings: 20 CNY/t
    add:
      links: {...}
    remove: [links.fly_brick]

The changed park is checked like any other; what is wrong is named with its line in the scenario.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_origin

from pydantic import Field, ValidationError

from symbiosis.errors import InputError, Problem, listed, nearest
from symbiosis.exchange import ExchangeData
from symbiosis.park.declaration import Declaration
from symbiosis.park.link import Status
from symbiosis.park.load import bundled, declare, find
from symbiosis.park.park import Park
from symbiosis.park.quantity import Noun, Text
from symbiosis.park.validate import in_file_order, structure_problems, validate
from symbiosis.seasons import Year, cut, whole_year
from symbiosis.slicing import slice_of
from symbiosis.yamlfile import read

SECTIONS = tuple(
    name for name, field in Park.model_fields.items() if get_origin(field.annotation) is dict
)
"""Sections of a park that hold entries by id."""


class ScenarioFile(Noun):
    """What a scenario file declares."""

    schema_version: int = Field(ge=1, le=1, description="version of this file format")
    id: Text = Field(pattern=r"^[a-z0-9][a-z0-9-]*$", description="short name, as in file names")
    park: Text = Field(description="bundled name, or path of a park file beside this file")
    name_zh: Text
    name_en: Text
    question_zh: str | None = Field(None, description="the question that this scenario answers")
    question_en: str | None = None
    start: int | None = Field(None, description="first year; decides what exists")
    horizon: str | None = Field(None, description="planned is what comes within it, such as '5 a'")
    open: tuple[Status, ...] = Field(
        (Status.EXISTING, Status.PLANNED, Status.POTENTIAL),
        min_length=1,
        description="statuses of the links that may be used",
    )
    by_season: bool = Field(False, description="cut the year into the park's seasons")
    boundary: str | None = Field(None, description="id of a boundary of the park")
    document: str | None = Field(None, description="id of a rate document of the park")
    set: dict[str, Any] = Field(default_factory=dict, description="dotted key: new value")
    add: dict[str, dict[str, Any]] = Field(default_factory=dict, description="section: new entries")
    remove: tuple[Text, ...] = Field((), description="dotted keys of entries to take out")
    retrofit: dict[str, Any] | None = Field(
        None, description="the course of the retrofit, see docs/retrofit.md"
    )
    sweep: dict[str, Any] | None = Field(
        None, description="variations that 'batch' works through, see docs/batch.md"
    )


@dataclass(frozen=True)
class Scenario:
    """A park as the scenario changes it, and how its slice is cut.

    ``retrofit`` is what it declares about the course of the retrofit;
    :mod:`symbiosis.retrofit.block` reads it.
    """

    id: str
    name_zh: str
    name_en: str
    question_zh: str
    question_en: str
    park: Park
    opened: frozenset[Status]
    boundary: str
    document: str
    files: tuple[Path, ...]
    by_season: bool = False
    retrofit: Declaration | None = None

    def year(self, data: ExchangeData) -> Year:
        """A slice of the scenario as its year: cut into seasons where the scenario asks for it."""
        return cut(self.park, data) if self.by_season else whole_year(data)

    def slice(
        self, opened: frozenset[Status] | None = None, also: frozenset[str] = frozenset()
    ) -> ExchangeData:
        """The slice of the start year, with ``opened`` in place of the scenario's own choice.

        Links in ``also`` are open whatever their status.
        """
        statuses = self.opened if opened is None else opened
        return slice_of(self.park, self.park.start, statuses, self.boundary, self.document, also)


def load_scenario(name: str | Path, park_file: Path | None = None) -> Scenario:
    """The scenario behind a bundled name or a path, applied to its park (or to ``park_file``).

    Raises :class:`InputError` with everything that is wrong with either file.
    """
    path = find(name, "scenarios")
    declaration = Declaration.of(read(path))
    park_path = park_file or park_named(declaration)
    return applied(declaration, declare(park_path), (park_path, path))


def applied(declaration: Declaration, park: Declaration, files: tuple[Path, ...]) -> Scenario:
    """What a scenario file and a park file declare, as a scenario. Raises :class:`InputError`."""
    scenario = _declared(declaration)
    return _made(scenario, declaration, validate(_Patch(scenario, declaration).on(park)), files)


def park_named(declaration: Declaration) -> Path:
    """The park file that a scenario file names. Raises :class:`InputError`."""
    return _park_of(declaration.document.path, _declared(declaration), declaration)


def _made(
    scenario: ScenarioFile, declaration: Declaration, park: Park, files: tuple[Path, ...]
) -> Scenario:
    _check_names(scenario, park, declaration)
    return Scenario(
        id=scenario.id,
        name_zh=scenario.name_zh,
        name_en=scenario.name_en,
        question_zh=scenario.question_zh or "",
        question_en=scenario.question_en or "",
        park=park,
        opened=frozenset(scenario.open),
        boundary=scenario.boundary or next(iter(park.boundaries)),
        document=scenario.document or next(iter(park.rate_documents)),
        files=files,
        by_season=scenario.by_season,
        retrofit=None if scenario.retrofit is None else declaration.below("retrofit"),
    )


def declarations(path: Path) -> tuple[Declaration, Declaration]:
    """What the park of a scenario declares, as it is and as the scenario changes it."""
    declaration = Declaration.of(read(path))
    park = declare(park_named(declaration))
    return park, patched(declaration, park)


def patched(declaration: Declaration, park: Declaration) -> Declaration:
    """A park with the changes of a scenario laid over it. Raises :class:`InputError`."""
    return _Patch(_declared(declaration), declaration).on(park)


def load_question(name: str | Path) -> Scenario:
    """The park behind a bundled name or a path, as it is. Raises :class:`InputError`."""
    path = find(name, "parks")
    return scenario_of(validate(declare(path)), (path,))


def scenario_of(park: Park, files: tuple[Path, ...] = ()) -> Scenario:
    """A park as it is: the scenario that changes nothing and opens every link."""
    return Scenario(
        id=f"{park.id}-{park.start}",
        name_zh=park.name_zh,
        name_en=park.name_en,
        question_zh="",
        question_en="",
        park=park,
        opened=frozenset(Status),
        boundary=next(iter(park.boundaries)),
        document=next(iter(park.rate_documents)),
        files=files,
    )


def _declared(declaration: Declaration) -> ScenarioFile:
    try:
        return ScenarioFile.model_validate(declaration.tree)
    except ValidationError as error:
        problems = structure_problems(error, ScenarioFile, declaration)
        raise InputError(in_file_order(problems)) from error


def _park_of(path: Path, scenario: ScenarioFile, declaration: Declaration) -> Path:
    """The park that a scenario names: a file seen from the scenario's folder, or a bundled one."""
    local = path.parent / scenario.park
    if local.is_file():
        return local
    known = bundled("parks")
    if scenario.park in known:
        return known[scenario.park]
    details = {"found": scenario.park, "what": "park", "names": known}
    raise InputError([_problem(declaration, ("park",), "unknown_name", **details)])


def _check_names(scenario: ScenarioFile, park: Park, declaration: Declaration) -> None:
    chosen = (
        ("boundary", scenario.boundary, park.boundaries),
        ("document", scenario.document, park.rate_documents),
    )
    problems = [
        _problem(declaration, (key,), "unknown_name", found=name, what=key, names=list(allowed))
        for key, name, allowed in chosen
        if name is not None and name not in allowed
    ]
    if problems:
        raise InputError(problems)


def _problem(
    declaration: Declaration, path: tuple[str | int, ...], code: str, **details: Any
) -> Problem:
    place = declaration.place(path)
    names = details.pop("names", [])
    details["nearest"] = nearest(str(details.get("found", "")), names)
    details["allowed"] = listed(names, 12)
    return Problem(code, place.file, place.line, ".".join(map(str, path)), details)


@dataclass(frozen=True)
class _Patch:
    """The changes of one scenario file."""

    scenario: ScenarioFile
    declaration: Declaration

    def on(self, park: Declaration) -> Declaration:
        """The park with the changes laid over. Raises :class:`InputError` for keys not there."""
        if not isinstance(park.tree, dict):
            return park
        if problems := [*self._problems(park)]:
            raise InputError(problems)
        for key in ("start", "horizon"):
            if (value := getattr(self.scenario, key)) is not None:
                park = park.changed((key,), value, self.declaration.place((key,)))
        for i, dotted in enumerate(self.scenario.remove):
            park = park.removed(tuple(dotted.split(".")), self.declaration.place(("remove", i)))
        for section, entries in self.scenario.add.items():
            for name, entry in entries.items():
                place = self.declaration.place(("add", section, name))
                park = park.changed((section, name), entry, place)
        for dotted, value in self.scenario.set.items():
            place = self.declaration.place(("set", dotted))
            park = park.changed(tuple(dotted.split(".")), value, place)
        return park

    def _problems(self, park: Declaration) -> Iterator[Problem]:
        for dotted in self.scenario.set:
            yield from self._missing(park, ("set", dotted), dotted.split(".")[:-1], dotted)
        for i, dotted in enumerate(self.scenario.remove):
            yield from self._missing(park, ("remove", i), dotted.split("."), dotted)
            for other in self.scenario.remove:
                if dotted.startswith(f"{other}."):
                    details = {"found": dotted, "whole": other}
                    yield _problem(self.declaration, ("remove", i), "removed_twice", **details)
        for section, entries in self.scenario.add.items():
            if section not in SECTIONS:
                told: dict[str, Any] = {"found": section, "what": "section", "names": SECTIONS}
                yield _problem(self.declaration, ("add", section), "unknown_name", **told)
            present = park.tree.get(section)
            for name in set(entries) & set(present if isinstance(present, dict) else ()):
                path = ("add", section, name)
                yield _problem(self.declaration, path, "already_there", found=name)

    def _missing(
        self, park: Declaration, path: tuple[str | int, ...], keys: list[str], dotted: str
    ) -> Iterator[Problem]:
        """Whether every key on the way is there in the park, and something can stand below."""
        node: Any = park.tree
        for key in keys:
            if not isinstance(node, dict) or key not in node:
                names = list(node) if isinstance(node, dict) else []
                details = {"found": key, "whole": dotted, "names": names}
                yield _problem(self.declaration, path, "unknown_path", **details)
                return
            node = node[key]
        if path[0] == "set" and not isinstance(node, dict):
            details = {"found": ".".join(keys), "whole": dotted}
            yield _problem(self.declaration, path, "not_a_mapping", **details)
