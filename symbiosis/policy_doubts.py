"""Rules, prices and rates of a park file that begin after the year the park is seen from."""

from collections.abc import Iterator
from typing import Any

from symbiosis.park.declaration import Path
from symbiosis.park.park import Park
from symbiosis.park.years import in_effect

Found = tuple[Path, str, dict[str, Any]]


def policy_doubts(park: Park) -> Iterator[Found]:
    """What is not applied yet in the start year, and freight that is used before its own."""
    for path, name, effective in _rules(park):
        if not in_effect(effective, park.start):
            details = {"found": name, "begins": effective, "start": park.start}
            yield path, "not_in_effect", details
    for name, mode in park.transport.items():
        if not in_effect(mode.freight.effective, park.start):
            details = {"found": name, "begins": mode.freight.effective, "start": park.start}
            yield ("transport", name, "freight"), "freight_of_later", details


def _rules(park: Park) -> Iterator[tuple[Path, str, int | None]]:
    """What is applied from a year on: (path, name, first year)."""
    policy = park.policy
    for name, rate in policy.environmental_tax.items():
        yield ("policy", "environmental_tax", name), name, rate.effective
    for name, item in policy.vat_refund.items():
        yield ("policy", "vat_refund", name), name, item.effective
    for name, scheme in policy.tiered_power.items():
        first = min(version.effective for version in scheme.versions)
        yield ("policy", "tiered_power", name), name, first
    if policy.carbon_price is not None:
        yield ("policy", "carbon_price"), "carbon_price", policy.carbon_price.effective
