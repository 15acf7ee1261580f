"""A park with one thing changed: the same nouns, one of them with another value.

What may be changed is what could be built, granted or agreed: a capacity, a share, a contract, a
permit, a link, a treatment, a subsidy. The changed park is cut, solved and checked like any other.

    quantity     keeps its class and where it comes from; its range is left out
    unit         larger: all that is stated per year grows with it; what is stated per unit of
                 product follows the capacity
    treatment    a capacity is that of a kind of treatment at every taker; to enlarge it at one
                 taker, that taker gets a treatment of its own
"""

from collections.abc import Iterator, Mapping
from typing import Any, TypeVar

from symbiosis.park.enterprise import Byproduct, Unit, Use
from symbiosis.park.link import Link, Subsidy
from symbiosis.park.material import Basis, WasteClass
from symbiosis.park.park import Park
from symbiosis.park.quantity import Amount, Noun, Quantity, Share

Q = TypeVar("Q", bound=Quantity)
N = TypeVar("N", bound=Noun)
BASIS_TEXT = {None: "", Basis.DRY.value: "dry ", Basis.AS_RECEIVED.value: "wet "}


def rebuilt(park: Park, **sections: Any) -> Park:
    """The park with other sections; what was looked up in the old one is looked up anew."""
    return Park.model_construct(
        **{name: getattr(park, name) for name in Park.model_fields} | sections
    )


def scaled(quantity: Q, factor: float) -> Q:
    """A quantity ``factor`` times as large, on the same basis."""
    measure = quantity.measure
    value, unit = measure.value * factor, f"{BASIS_TEXT[measure.basis]}{measure.unit}"
    text = f"{value * 100!r} %" if unit == "1" else f"{value!r} {unit}"
    kept = quantity.model_dump(exclude={"value", "low", "high"})
    return type(quantity).model_validate(kept | {"value": text})


def share(value: float) -> Share:
    """A share, at most all."""
    return Share(value=f"{min(value, 1.0) * 100!r} %")


# --- one noun in its place


def with_link(park: Park, name: str, **changed: Any) -> Park:
    """The park with a link that says something else."""
    link = park.links[name].model_copy(update=changed)
    return rebuilt(park, links=dict(park.links) | {name: link})


def with_unit(park: Park, enterprise: str, name: str, unit: Unit) -> Park:
    """The park with another unit in the place of one."""
    owner = park.enterprises[enterprise]
    changed = owner.model_copy(update={"units": dict(owner.units) | {name: unit}})
    return rebuilt(park, enterprises=dict(park.enterprises) | {enterprise: changed})


def with_use(park: Park, name: str, **changed: Any) -> Park:
    """The park with a use that says something else."""
    return _inside(park, name, "uses", park.uses[name].model_copy(update=changed))


def with_byproduct(park: Park, name: str, **changed: Any) -> Park:
    """The park with a by-product that says something else."""
    return _inside(park, name, "byproducts", park.byproducts[name].model_copy(update=changed))


def _inside(park: Park, name: str, part: str, noun: Use | Byproduct) -> Park:
    enterprise, unit_id = park.owner_unit[name]
    unit = park.enterprises[enterprise].units[unit_id]
    nouns = getattr(unit, part) | {name.partition(".")[2]: noun}
    return with_unit(park, enterprise, unit_id, unit.model_copy(update={part: nouns}))


def with_accept(park: Park, use: str, material: str, **changed: Any) -> Park:
    """The park in which a use takes a material on other terms."""
    accepts = park.uses[use].accepts
    return with_use(
        park, use, accepts=accepts | {material: accepts[material].model_copy(update=changed)}
    )


# --- any quantity


def quantity_at(park: Park, key: str) -> Quantity:
    """The quantity at a dotted key. Raises ``KeyError`` where there is none."""
    node: Any = park
    for part in key.split("."):
        node = _inner(node).get(part)
    # what stands inside a quantity (its value, its source) is text
    if not isinstance(node, Quantity):
        raise KeyError(key)
    return node


def quantity_keys(park: Park) -> list[str]:
    """The dotted keys of all quantities of a park."""
    return [".".join(key) for name in Park.model_fields for key in _keys(getattr(park, name), name)]


def _keys(node: Any, *before: str) -> Iterator[tuple[str, ...]]:
    if isinstance(node, Quantity):
        yield before
        return
    for name, inner in _inner(node).items():
        yield from _keys(inner, *before, str(name))


def scaled_at(park: Park, key: str, factor: float) -> Park:
    """The park with the quantity at a dotted key times ``factor``. Raises ``KeyError``."""
    new = scaled(quantity_at(park, key), factor)
    section, *rest = key.split(".")
    return rebuilt(park, **{section: _with(getattr(park, section), rest, new)})


def _inner(node: Any) -> Mapping[str, Any]:
    """What stands in a noun or a mapping, by the keys of a file."""
    if isinstance(node, Mapping):
        return node
    fields = type(node).model_fields if isinstance(node, Noun) else {}
    return {field.alias or name: getattr(node, name) for name, field in fields.items()}


def _with(node: Any, keys: list[str], value: Any) -> Any:
    if not keys:
        return value
    new = _with(_inner(node)[keys[0]], keys[1:], value)
    if isinstance(node, Mapping):
        return {**node, keys[0]: new}
    names = {field.alias or name: name for name, field in type(node).model_fields.items()}
    return node.model_copy(update={names[keys[0]]: new})


def at_load(park: Park, name: str, part: float) -> Park:
    """The park in which a unit (``enterprise.unit``) runs at, or reaches, a part of its load."""
    enterprise, _, unit_id = name.partition(".")
    unit = park.enterprises[enterprise].units[unit_id]
    if not unit.runs_freely:
        given = unit.activity and scaled(unit.activity, part)
        return with_unit(park, enterprise, unit_id, unit.model_copy(update={"activity": given}))
    reached = 1.0 if unit.availability is None else unit.availability.amount
    least = unit.min_load and share(unit.min_load.amount * part)
    changed = {"availability": share(reached * part), "min_load": least}
    return with_unit(park, enterprise, unit_id, unit.model_copy(update=changed))


# --- larger


def larger_link(park: Park, name: str, factor: float) -> Park:
    """A link with more capacity; an investment that is still to be made grows with it."""
    link = park.links[name]
    if link.capacity is None:
        return park
    built = link.investment and scaled(link.investment, factor)
    return with_link(park, name, capacity=scaled(link.capacity, factor), investment=built)


def larger_unit(park: Park, name: str, more: float) -> Park:
    """A unit that reaches ``more`` of its full load in addition: available longer, or larger."""
    enterprise, _, unit_id = name.partition(".")
    unit = park.enterprises[enterprise].units[unit_id]
    reached = 1.0 if unit.availability is None else unit.availability.amount
    if reached + more <= 1.0:
        unit = unit.model_copy(update={"availability": share(reached + more)})
    else:
        unit = _larger(unit, 1.0 + more)
    return with_unit(park, enterprise, unit_id, unit)


def _larger(unit: Unit, factor: float) -> Unit:
    uses = {name: _grown(use, factor) for name, use in unit.uses.items()}
    made = {name: _grown(byproduct, factor) for name, byproduct in unit.byproducts.items()}
    capacity = unit.capacity and scaled(unit.capacity, factor)
    return unit.model_copy(update={"capacity": capacity, "uses": uses, "byproducts": made})


def _grown(noun: N, factor: float) -> N:
    """A by-product or use with all that it states per year times ``factor``."""
    changed: dict[str, Any] = {}
    for key in ("full_load", "load"):
        stated = getattr(noun, key, None)
        if isinstance(stated, Quantity):
            changed[key] = scaled(stated, factor)
        elif isinstance(stated, Mapping):
            changed[key] = {index: scaled(load, factor) for index, load in stated.items()}
    heat = getattr(noun, "heat", None)
    if heat is not None and heat.heat_capacity_flow is not None:
        flow = scaled(heat.heat_capacity_flow, factor)
        changed["heat"] = heat.model_copy(update={"heat_capacity_flow": flow})
    return noun.model_copy(update=changed)


def larger_share(park: Park, use: str, name: str, factor: float) -> Park:
    """A greater share of a material, or of a group, in a use."""
    noun = park.uses[use]
    if name in noun.groups and name not in noun.accepts:
        groups = noun.groups | {name: share(noun.groups[name].amount * factor)}
        return with_use(park, use, groups=groups)
    return with_accept(
        park, use, name, max_share=share(noun.accepts[name].max_share.amount * factor)
    )


def larger_recipe(park: Park, use: str, material: str, factor: float) -> Park:
    """More of a material per unit of its companions."""
    companion = park.uses[use].accepts[material].companion
    if companion is None:
        return park
    ratio = scaled(companion.ratio, factor)
    return with_accept(park, use, material, companion=companion.model_copy(update={"ratio": ratio}))


def larger_intake(park: Park, use: str, factor: float) -> Park:
    """A use that takes more by-products in all."""
    most = park.uses[use].max_intake
    return park if most is None else with_use(park, use, max_intake=scaled(most, factor))


def larger_treatment(park: Park, enterprise: str, name: str, factor: float) -> Park:
    """More room in one treatment at one taker: a treatment of its own for all its uses."""
    treatment = park.treatments[name]
    if treatment.capacity is None:
        return park
    own = f"{name} at {enterprise}"
    roomy = treatment.model_copy(update={"capacity": scaled(treatment.capacity, factor)})
    changed = rebuilt(park, treatments=dict(park.treatments) | {own: roomy})
    for use, noun in park.uses.items():
        for material, accept in noun.accepts.items():
            if use.partition(".")[0] == enterprise and accept.treatment == name:
                changed = with_accept(changed, use, material, treatment=own)
    return changed


def more_partners(park: Park, kind: str, name: str) -> Park:
    """One link more that may run into a use, or leave with a by-product."""
    most = (park.uses if kind == "use" else park.byproducts)[name].max_partners
    with_noun = with_use if kind == "use" else with_byproduct
    return park if most is None else with_noun(park, name, max_partners=most + 1)


def with_buffer(park: Park, heap: str, amount: float) -> Park:
    """A heap in which ``amount`` (in the unit of its material) can wait for a later season."""
    unit = park.material_of(park.stockpiles[heap].byproduct).unit
    changed = park.stockpiles[heap].model_copy(
        update={"buffer": Amount(value=f"{amount!r} {unit}")}
    )
    return rebuilt(park, stockpiles=dict(park.stockpiles) | {heap: changed})


# --- agreed, granted, paid


def smaller_contract(park: Park, name: str, factor: float) -> Park:
    """A link whose contract asks for less."""
    contract = park.links[name].contract
    return park if contract is None else with_link(park, name, contract=scaled(contract, factor))


def permitted(park: Park, use: str, waste: WasteClass) -> Park:
    """A use with a permit for one more class of waste."""
    return with_use(park, use, permits=(*park.uses[use].permits, waste))


def linked(park: Park, name: str, link: Link) -> Park:
    """The park with one link more."""
    return rebuilt(park, links=dict(park.links) | {name: link})


def subsidised(park: Park, name: str, cny: float) -> Park:
    """A link for which the state pays ``cny`` per unit sent, in every year."""
    unit = park.material_of(park.links[name].byproduct).unit
    return with_link(park, name, subsidy=Subsidy(value=f"{cny!r} CNY/{unit}"))
