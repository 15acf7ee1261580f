"""Amounts on the basis of their material: dry, or with the moisture as received."""

from symbiosis.park.material import Basis, Material
from symbiosis.park.quantity import Quantity


def in_material(quantity: Quantity, material: Material, unit: str) -> float:
    """A quantity in ``unit`` on the basis of the material: dry = as received x (1 - moisture)."""
    amount, basis = quantity.to(unit), quantity.measure.basis
    if basis is None or material.basis is None or basis == material.basis.value:
        return amount
    dry_share = 1.0 - (material.moisture.amount if material.moisture else 0.0)
    return amount * dry_share if material.basis is Basis.DRY else amount / dry_share
