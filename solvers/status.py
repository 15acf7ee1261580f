"""What a solver may truthfully say about a model."""

from enum import StrEnum


class Status(StrEnum):
    """The outcome of one solve.

    ``feasible`` is an answer that a limit or a gap cut short of proof; ``undefined`` belongs to
    ratios whose denominator is zero wherever the rows hold; ``unknown`` means that the solver
    failed or that its answer did not stand up to checking.
    """

    OPTIMAL = "optimal"
    FEASIBLE = "feasible"
    INFEASIBLE = "infeasible"
    UNBOUNDED = "unbounded"
    UNDEFINED = "undefined"
    NO_ANSWER = "no_answer"
    UNKNOWN = "unknown"

    @property
    def answered(self) -> bool:
        """Whether there is a solution to read."""
        return self in (Status.OPTIMAL, Status.FEASIBLE)
