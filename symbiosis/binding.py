"""What binds on one way of a by-product, as those who know the limit say it to ``explain``."""

from dataclasses import dataclass
from typing import Any

from symbiosis.wording import Key


@dataclass(frozen=True)
class Binding:
    """A limit that binds: code, what its words need, and the constraint that has its marginal.

    ``size`` is what the marginal of the constraint is divided by to be that of the limit.
    """

    code: str
    details: dict[str, Any]
    key: Key | None = None
    size: float = 1.0
