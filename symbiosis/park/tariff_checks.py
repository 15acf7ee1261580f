"""Whether tiered electricity prices fit the units that they fall on.

A unit names a scheme that is there, states its power per unit of its product and has a capacity;
steps go upwards, in the dimension of the unit's intensity; each version has a year of its own. The
checks read the plain tree.
"""

from collections.abc import Iterator
from typing import Any

from symbiosis import units
from symbiosis.errors import Problem
from symbiosis.park.declaration import Declaration
from symbiosis.park.dimensions import measure_of, product
from symbiosis.park.references import Findings, Path, section, units_of

POWER = "kWh/a"


def check_tariffs(declaration: Declaration) -> list[Problem]:
    """Everything about tiered electricity prices that cannot be so."""
    found = Findings(declaration)
    policy = declaration.tree.get("policy") if isinstance(declaration.tree, dict) else None
    schemes = section(policy, "tiered_power")
    for name, scheme in schemes.items():
        _versions(("policy", "tiered_power", name), scheme, found)
    for path, _, unit in units_of(declaration.tree):
        power = unit.get("power")
        if isinstance(power, dict):
            _unit((*path, "power"), unit, power, schemes, found)
    return found.problems


def _listed(entry: dict[str, Any], key: str) -> Iterator[tuple[int, dict[str, Any]]]:
    items = entry.get(key)
    for i, item in enumerate(items if isinstance(items, list) else []):
        if isinstance(item, dict):
            yield i, item


def _versions(path: Path, scheme: dict[str, Any], found: Findings) -> None:
    seen: set[Any] = set()
    for i, version in _listed(scheme, "versions"):
        here, effective = (*path, "versions", i), version.get("effective")
        if effective in seen:
            found.add((*here, "effective"), "version_twice", found=effective)
        seen.add(effective)
        if bool(version.get("steps")) == (version.get("rise") is not None):
            found.add(here, "steps_or_rise")
            continue
        last = None
        for at, step in _steps(here, version):
            _expect(found, (*at, "surcharge"), step.get("surcharge"), "CNY/kWh")
            above = measure_of(step.get("above"))
            if above is not None and last is not None and above.value <= last:
                found.add((*at, "above"), "steps_go_up", found=above.text)
            last = above.value if above is not None else last


def _steps(path: Path, version: dict[str, Any]) -> Iterator[tuple[Path, dict[str, Any]]]:
    """The steps of a version, or its rise."""
    for i, step in _listed(version, "steps"):
        yield (*path, "steps", i), step
    rise = version.get("rise")
    if isinstance(rise, dict):
        yield (*path, "rise"), rise


def _expect(found: Findings, path: Path, value: Any, unit: str) -> None:
    measure = measure_of(value)
    if measure is not None and not units.same_dimension(measure, unit):
        found.add(path, "wrong_dimension", found=measure.text, expected=unit)


def _unit(
    path: Path,
    unit: dict[str, Any],
    power: dict[str, Any],
    schemes: dict[str, dict[str, Any]],
    found: Findings,
) -> None:
    name = str(power.get("tariff"))
    found.name((*path, "tariff"), power.get("tariff"), schemes, "tiered electricity price")
    intensity, capacity = measure_of(power.get("intensity")), measure_of(unit.get("capacity"))
    if intensity is None:
        return
    if capacity is None:
        found.add((*path, "intensity"), "coefficient_needs_capacity", found=intensity.text)
        return
    yearly = units.dimension_of(product(intensity.unit, capacity.unit))
    if yearly != units.dimension_of(POWER):
        expected = f"kWh per unit of {capacity.text}"
        found.add((*path, "intensity"), "wrong_dimension", found=intensity.text, expected=expected)
        return
    for i, version in _listed(schemes.get(name, {}), "versions"):
        for at, step in _steps(("policy", "tiered_power", name, "versions", i), version):
            for key in ("above", "every"):
                _expect(found, (*at, key), step.get(key), intensity.unit)
            width = measure_of(step.get("every"))
            if width is not None and width.value <= 0:
                found.add((*at, "every"), "step_without_width", found=width.text)
