"""The targets that a scenario sets for its plan."""

from symbiosis.planning.aim import Target, rate_targets
from symbiosis.retrofit.block import retrofit_of
from symbiosis.scenario import Scenario


def targets_of(scenario: Scenario) -> tuple[Target, ...]:
    """The rates to be kept, of the targets in its block ``retrofit``; none without the block.

    Raises :class:`InputError` with everything that is wrong with the block.
    """
    if scenario.retrofit is None:
        return ()
    return rate_targets(retrofit_of(scenario).goals.values())
