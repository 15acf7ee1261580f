"""Published numbers and observed flows beside what the model says, with every gap named."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from symbiosis.amounts import in_material
from symbiosis.exchange import ExchangeData
from symbiosis.optimum import Optimum
from symbiosis.park.indicator import Calibration, Modelled
from symbiosis.park.park import Park
from symbiosis.point import Point
from symbiosis.rate import generated, rate_of, used_share
from symbiosis.units import same_dimension

AGREES = 0.05
"""A modelled value within 5 % of the published one agrees with it."""


@dataclass(frozen=True)
class CalibrationRow:
    """One comparison. ``gap`` is modelled - published, ``verdict`` its name.

    ``kind`` is ``published`` (a number of the section ``calibration``) or ``observed`` (the flow
    that someone reported for a link). Shares are fractions with the unit "1".
    """

    id: str
    kind: str
    name_zh: str
    name_en: str
    scope: str
    year: str
    published: float | None
    modelled: float | None
    unit: str
    gap: float | None
    verdict: str
    grade: str
    note: str


def calibrate(optimum: Optimum) -> list[CalibrationRow]:
    """Every row of the park's calibration section, and every observed flow of its links."""
    return [*_published(optimum), *_observed(optimum)]


def _published(optimum: Optimum) -> Iterator[CalibrationRow]:
    for name, row in optimum.park.calibration.items():
        modelled, unit = None, ""
        if row.modelled is not None:
            modelled = _modelled(row.modelled, optimum.park, optimum.data, optimum.point)
            unit = _unit(row.modelled, optimum.park, optimum.data)
        published, unit = _published_value(row, unit)
        yield CalibrationRow(
            id=name,
            kind="published",
            name_zh=row.name_zh,
            name_en=row.name_en,
            scope=row.scope,
            year=str((row.published and row.published.year) or row.year or ""),
            published=published,
            modelled=modelled,
            unit=unit,
            gap=None if published is None or modelled is None else modelled - published,
            verdict=verdict(published, modelled),
            grade=str((row.published and row.published.effective_grade) or row.grade or ""),
            note="; ".join(text for text in (row.text, row.note) if text),
        )


def _published_value(row: Calibration, unit: str) -> tuple[float | None, str]:
    """A published number in the unit of the model (base units where it has none), and that unit.

    Yearly amounts lose their ``/a``.
    """
    if row.published is None:
        return None, unit
    measure = row.published.measure
    for wanted in (f"{unit}/a", unit):
        if unit and same_dimension(measure, wanted):
            return measure.to(wanted), unit
    return measure.value, measure.unit.removesuffix("/a")


def _unit(asked: Modelled, park: Park, data: ExchangeData) -> str:
    """The unit of the model's counterpart: 1 for shares, else that of the first thing named."""
    if asked.rate or asked.used_share:
        return "1"
    for name in (*asked.used, *asked.generated):
        return park.material_of(name).unit.value
    for name in asked.intake:
        return park.material_of(park.links[name].byproduct).unit.value
    for name in asked.stock:
        return park.material_of(park.stockpiles[name].byproduct).unit.value
    for name in (*asked.filled, *asked.need):
        return data.needs[name].counted_in if name in data.needs else ""
    return ""


def _observed(optimum: Optimum) -> Iterator[CalibrationRow]:
    sent = optimum.point.sent
    for name, link in optimum.park.links.items():
        if link.observed is None:
            continue
        unit = optimum.park.material_of(link.byproduct).unit
        open_here = any(key[0] == name for key in sent)
        flow = sum(amount for key, amount in sent.items() if key[0] == name)
        material = optimum.park.material_of(link.byproduct)
        published = in_material(link.observed, material, f"{unit}/a")
        modelled = flow if open_here else None
        yield CalibrationRow(
            id=name,
            kind="observed",
            name_zh=link.name_zh,
            name_en=link.name_en,
            scope=link.status.value,
            year=str(link.observed.year or ""),
            published=published,
            modelled=modelled,
            unit=unit.value,
            gap=None if modelled is None else modelled - published,
            verdict=verdict(published, modelled),
            grade=str(link.observed.effective_grade or ""),
            note=link.observed.formula or "",
        )


def verdict(published: float | None, modelled: float | None) -> str:
    """How the two stand: agrees (within 5 %), model_higher, model_lower, not_compared."""
    if published is None or modelled is None:
        return "not_compared"
    if abs(modelled - published) <= AGREES * max(abs(published), abs(modelled)):
        return "agrees"
    return "model_higher" if modelled > published else "model_lower"


def _modelled(asked: Modelled, park: Park, data: ExchangeData, point: Point) -> float | None:
    """The model's counterpart; None where nothing of it exists in this slice."""
    if asked.rate:
        return rate_of(data, point).value
    if asked.used_share:
        return used_share(data, point, asked.used_share).value
    if asked.stock:
        stocks = [park.stockpiles[name].stock for name in asked.stock]
        return sum(stock.measure.value for stock in stocks if stock is not None)
    ways: tuple[tuple[tuple[str, ...], Callable[[str], float], object], ...] = (
        (asked.used, lambda b: _sent_from(data, point, b), data.supplies),
        (asked.generated, lambda b: generated(data, point, b), data.supplies),
        (asked.filled, lambda u: _delivered(data, point, u), data.needs),
        (asked.need, lambda u: data.needs[u].fixed + data.needs[u].per_load, data.needs),
        (asked.intake, lambda k: _sent_over(point, k), {key[0] for key in point.sent}),
    )
    for names, amount, present in ways:
        if names:
            there = [name for name in names if name in present]  # type: ignore[operator]
            return sum(map(amount, there)) if there else None
    return None


def _sent_from(data: ExchangeData, point: Point, byproduct: str) -> float:
    return sum(point.sent[arc.key] for arc in data.arcs_from(byproduct))


def _sent_over(point: Point, link: str) -> float:
    return sum(amount for key, amount in point.sent.items() if key[0] == link)


def _delivered(data: ExchangeData, point: Point, use: str) -> float:
    return sum(arc.delivered * point.sent[arc.key] for arc in data.arcs_into(use))
