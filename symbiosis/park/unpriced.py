"""A park without policy: no tax, carbon price, tiered price of power, refund or subsidy.

What a rule requires (a least content, a permit) stays: only what is paid is taken away.
"""

from symbiosis.park.change import rebuilt
from symbiosis.park.enterprise import Enterprise, Unit, Use
from symbiosis.park.park import Park


def without_policy(park: Park) -> Park:
    """The park without taxes, carbon price, tax refunds and subsidies."""
    return rebuilt(
        park,
        enterprises={n: _enterprise(noun) for n, noun in park.enterprises.items()},
        links={n: link.model_copy(update={"subsidy": None}) for n, link in park.links.items()},
        policy=park.policy.model_copy(update={"carbon_price": None}),
    )


def _enterprise(enterprise: Enterprise) -> Enterprise:
    units = {name: _unit(unit) for name, unit in enterprise.units.items()}
    return enterprise.model_copy(update={"units": units})


def _unit(unit: Unit) -> Unit:
    untaxed = {n: made.model_copy(update={"tax": None}) for n, made in unit.byproducts.items()}
    uses = {name: _use(use) for name, use in unit.uses.items()}
    return unit.model_copy(update={"byproducts": untaxed, "uses": uses, "power": None})


def _use(use: Use) -> Use:
    required = [rule.model_copy(update={"refund": None}) for rule in use.content if rule.required]
    return use.model_copy(update={"content": tuple(required)})
