"""The tables of a result, as rows of plain values with the unit in each column's name.

Amounts of different materials cannot share a column: a flow of ash stands in ``amount_t``, one of
heat in ``amount_gj``, and so on; the other amount columns of the row are empty.
"""

from collections.abc import Iterator
from typing import Any

from symbiosis.calibration import calibrate
from symbiosis.explaining import explain
from symbiosis.indicators import indicators_of
from symbiosis.optimum import Optimum
from symbiosis.rate import counted, generated
from symbiosis.terms_table import terms_table
from symbiosis.views import views
from symbiosis.wording import Wording, code_of

AMOUNT_COLUMNS = {
    "t": "amount_t",
    "GJ": "amount_gj",
    "Nm3": "amount_nm3",
    "m3": "amount_m3",
    "kWh": "amount_kwh",
}
Row = dict[str, Any]
LIMIT_ROWS = frozenset(
    {"need", "share", "recipe", "intake", "link_capacity", "outlet_capacity", "counted_taken"}
    | {"blend", "carried", "content"}
    | {"treatment", "contract", "least_flow"}
)
HEAT_ROWS = frozenset({"heat_source", "heat_hot", "heat_cold"})
SMALL = {"rate": 1e-12, "cost": 1e-6, "carbon": 1e-9}
STAGE_UNIT = {"rate": "rate", "cost": "CNY", "carbon": "t CO2e"}


def tables_of(optimum: Optimum) -> dict[str, list[Row]]:
    """Every table by name."""
    return {
        "flows": list(flows(optimum)),
        "disposal": list(disposal(optimum)),
        "purchases": list(purchases(optimum)),
        "byproducts": list(byproducts(optimum)),
        "units": list(units(optimum)),
        "stocks": list(stocks(optimum)),
        "terms": list(terms_table(optimum)),
        "costs": list(costs(optimum)),
        "indicators": list(indicators(optimum)),
        "marginals": list(marginals(optimum)),
        "reasons": list(reasons(optimum)),
        "calibration": [vars(row) for row in calibrate(optimum)],
    }


def amounts(value: float, unit: str) -> Row:
    """The amount columns of one row."""
    return {column: value if u == unit else None for u, column in AMOUNT_COLUMNS.items()}


def flows(optimum: Optimum) -> Iterator[Row]:
    """What is sent over each link into each use, per slice; zero flows are left out."""
    park, data, point = optimum.park, optimum.data, optimum.point
    counts = counted(data, point)
    for arc in data.arcs:
        sent = point.sent[arc.key]
        if sent <= 0:
            continue
        unit = data.supplies[arc.byproduct].counted_in
        link = park.links[arc.link]
        yield {
            "link": arc.link,
            "name_zh": link.name_zh,
            "name_en": link.name_en,
            "from": data.supplies[arc.byproduct].enterprise,
            "to": data.needs[arc.use].enterprise,
            "byproduct": arc.byproduct,
            "use": arc.use,
            "material": arc.material,
            "status": arc.status.value,
            "period": str(data.year),
            **amounts(sent, unit),
            "delivered_share": arc.delivered,
            "counted_as_utilised_t": counts.get(arc.key),
            "transport_cny": arc.transport_cny * sent,
            "treatment_cny": arc.treatment_cny * sent,
            "capital_cny": arc.capital_cny * sent,
            "subsidy_cny": arc.subsidy_cny * sent,
            "link_grade": str(link.effective_grade or ""),
        }


def disposal(optimum: Optimum) -> Iterator[Row]:
    """What leaves by a route: stored, landfilled, emitted, discharged, sold outside."""
    data, point = optimum.data, optimum.point
    for outlet in data.outlets:
        amount = point.dumped[outlet.byproduct, outlet.route]
        if amount > 0:
            supply = data.supplies[outlet.byproduct]
            yield {
                "producer": supply.enterprise,
                "byproduct": outlet.byproduct,
                "material": supply.material,
                "period": str(data.year),
                "route": outlet.route,
                "route_kind": outlet.kind.value,
                **amounts(amount, supply.counted_in),
                "fee_cny": outlet.fee_cny * amount,
                "tax_cny": outlet.tax_cny * amount,
            }


def purchases(optimum: Optimum) -> Iterator[Row]:
    """Virgin material bought for each use."""
    data, point = optimum.data, optimum.point
    for name, amount in point.bought.items():
        if amount > 0:
            need = data.needs[name]
            virgin = optimum.park.uses[name].virgin
            yield {
                "enterprise": need.enterprise,
                "use": name,
                "virgin_zh": virgin.name_zh if virgin else "",
                "virgin_en": virgin.name_en if virgin else "",
                "period": str(data.year),
                **amounts(amount, need.counted_in),
                "cost_cny": (need.virgin_cny or 0.0) * amount,
            }


def byproducts(optimum: Optimum) -> Iterator[Row]:
    """Generation, use and what is left of every by-product."""
    park, data, point = optimum.park, optimum.data, optimum.point
    for name, supply in data.supplies.items():
        made = generated(data, point, name)
        used = sum(point.sent[arc.key] for arc in data.arcs_from(name))
        drawn = point.drawn.get(name, 0.0)
        yield {
            "producer": supply.enterprise,
            "byproduct": name,
            "name_zh": park.byproducts[name].name_zh,
            "name_en": park.byproducts[name].name_en,
            "material": supply.material,
            "waste_class": supply.waste_class.value,
            "enters_rate": supply.enters_rate,
            "unit": supply.counted_in,
            "generated": made,
            "drawn_from_stock": drawn,
            "used": used,
            "left": made + drawn - used,
            "used_share": used / (made + drawn) if made + drawn > 0 else None,
        }


def units(optimum: Optimum) -> Iterator[Row]:
    """Loads of the supply-driven units, as shares of full load."""
    for name, runner in optimum.data.runners.items():
        yield {
            "unit": name,
            "load": optimum.point.running[name],
            "max_load": runner.max_load,
            "passed_on": optimum.point.passed.get(name),
            "running_less_income_cny": runner.cost_cny * optimum.point.running[name],
        }


def stocks(optimum: Optimum) -> Iterator[Row]:
    """The stockpiles: what lies there, what is drawn, what this year leaves behind."""
    last = optimum.year.names[-1]
    for name, heap in optimum.park.stockpiles.items():
        unit = optimum.park.material_of(heap.byproduct).unit.value
        stock = heap.stock.measure.value if heap.stock else None
        drawn = optimum.point.drawn.get(heap.byproduct, 0.0)
        yield {
            "stockpile": name,
            "byproduct": heap.byproduct,
            "unit": unit,
            "stock": stock,
            "stock_year": str((heap.stock and heap.stock.year) or ""),
            "drawn": drawn,
            "left": optimum.levels.get((last, heap.byproduct), 0.0) if heap.buffer else 0.0,
        }


def costs(optimum: Optimum) -> Iterator[Row]:
    """The cost by item."""
    for item, amount in optimum.cost_items.items():
        yield {"item": item, "cost_cny": amount}


def indicators(optimum: Optimum) -> Iterator[Row]:
    """Indicators with numerator and denominator."""
    for found in indicators_of(optimum):
        yield vars(found)


def marginals(optimum: Optimum) -> Iterator[Row]:
    """Constraints whose bound matters, by season and stage; largest first within a stage."""
    for season, view in views(optimum):
        yield from _marginals(view, season or str(optimum.data.year))


def _marginals(optimum: Optimum, period: str) -> Iterator[Row]:
    wording = Wording(optimum.park, optimum.data)
    for stage in optimum.stages:
        rows = [
            (key, value)
            for key, value in stage.marginals.items()
            if key[0] in LIMIT_ROWS | HEAT_ROWS | {"supply"} and abs(value) > SMALL[stage.name]
        ]
        rows += [
            (key, value)
            for key, value in stage.bound_marginals.items()
            if key[0] == "running" and abs(value) > SMALL[stage.name]
        ]
        for key, value in sorted(rows, key=lambda row: -abs(row[1])):
            counted = str(wording.details(key).get("counted", "")).removesuffix("/a")
            name = wording.constraint(key)
            yield {
                "stage": stage.name,
                "period": period,
                "constraint": code_of(key),
                "name_zh": name["zh"],
                "name_en": name["en"],
                "value": value,
                "unit": f"{STAGE_UNIT[stage.name]} per {_per(key, counted)}",
            }


def _per(key: tuple[str, Any], counted: str) -> str:
    return "full load" if key[0] == "running" else counted or "unit"


def reasons(optimum: Optimum) -> Iterator[Row]:
    """What holds each by-product back that is not fully used."""
    for held in explain(optimum):
        for rank, reason in enumerate(held.reasons, start=1):
            yield {
                "producer": held.producer,
                "byproduct": held.byproduct,
                "generated": held.generated,
                "used": held.used,
                "unit": held.unit,
                "rank": rank,
                "code": reason.code,
                "constraint": None if reason.constraint is None else code_of(reason.constraint),
                "text_zh": reason.text("zh"),
                "text_en": reason.text("en"),
                "marginal": reason.marginal,
                "marginal_unit": reason.unit,
            }
