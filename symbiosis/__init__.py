"""Industrial park symbiosis: exchanges of by-products, optimised on sourced data.

    import symbiosis

    park = symbiosis.load_park("jinchang")
    result = symbiosis.optimise(park, objective="utilisation")
    result.flows          # a pandas frame; columns say their unit

Everything is loaded when it is first asked for.
"""

import os
from typing import TYPE_CHECKING, Any

from symbiosis.checkout import require_whole

if TYPE_CHECKING:
    from symbiosis.errors import InputError, NoAnswer
    from symbiosis.interface import build_model, explain, optimise, plan, simulate
    from symbiosis.park.load import load_park
    from symbiosis.park.park import Park
    from symbiosis.result import Result
    from symbiosis.scenario import Scenario, load_scenario

__all__ = [
    "InputError",
    "NoAnswer",
    "Park",
    "Result",
    "Scenario",
    "build_model",
    "explain",
    "load_park",
    "load_scenario",
    "optimise",
    "plan",
    "simulate",
]

_HOMES = {
    "InputError": "symbiosis.errors",
    "NoAnswer": "symbiosis.errors",
    "Park": "symbiosis.park.park",
    "Result": "symbiosis.result",
    "Scenario": "symbiosis.scenario",
    "build_model": "symbiosis.interface",
    "explain": "symbiosis.interface",
    "load_park": "symbiosis.park.load",
    "load_scenario": "symbiosis.scenario",
    "optimise": "symbiosis.interface",
    "plan": "symbiosis.interface",
    "simulate": "symbiosis.interface",
}

require_whole(os.path.dirname(__file__))


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'symbiosis' has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return sorted(__all__)
