"""What holds back on the way itself: nobody may take it, out of season, too far, not worth it."""

from symbiosis.binding import Binding
from symbiosis.exchange import Arc, ExchangeData
from symbiosis.optimum import Optimum
from symbiosis.park.material import WasteClass
from symbiosis.wording import Wording, number

NOTHING = 1e-6
"""An excess below this, CNY per unit, is none."""


def without_way(optimum: Optimum, wording: Wording, name: str) -> Binding:
    """Why no link leads from a by-product: whoever could take it has no permit, or nobody could."""
    park = optimum.park
    byproduct = park.byproducts[name]
    if park.materials[byproduct.material].waste_class is not WasteClass.HAZARDOUS:
        return Binding("no_taker", {})
    able = [n for n, use in park.uses.items() if byproduct.material in use.accepts]
    if not able or any(WasteClass.HAZARDOUS in park.uses[n].permits for n in able):
        return Binding("no_taker", {})
    shown = sorted({n.partition(".")[0] for n in able})[:3]
    names = [wording.enterprise(enterprise) for enterprise in shown]
    enterprises = {
        "zh": "、".join(n["zh"] for n in names),
        "en": ", ".join(n["en"] for n in names),
    }
    return Binding("permit", {"enterprises": enterprises})


def out_of_season(optimum: Optimum, arc: Arc) -> bool:
    """Whether the use takes nothing in this season though it does in another."""
    if wanted(optimum.data, arc) > 0 or optimum.data.needs[arc.use].free:
        return False
    return any(wanted(data, arc) > 0 for data in optimum.year.slices)


def wanted(data: ExchangeData, arc: Arc) -> float:
    """The most that a use can need in a season."""
    need = data.needs[arc.use]
    runner = data.runners.get(need.unit)
    return need.fixed + need.per_load * (0.0 if runner is None else runner.max_load)


def not_worth(optimum: Optimum, wording: Wording, arc: Arc, excess: float) -> Binding:
    """A way that costs ``excess`` CNY per unit more than leaving: by its freight, or by more."""
    counted = optimum.data.supplies[arc.byproduct].counted_in
    link, key = optimum.park.links[arc.link], ("sent", arc.key)
    details = {"link": wording.link(arc.link), "excess": number(excess), "counted": counted}
    if link.cost is not None or not NOTHING < excess <= arc.transport_cny:
        return Binding("not_worth_it", details, key)
    details |= {"km": number(link.distance.to("km")), "freight": number(arc.transport_cny)}
    return Binding("too_far", details, key)
