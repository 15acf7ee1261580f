"""``pareto`` on the terminal: the exact front of two or three objectives."""

from symbiosis.errors import InputError, Problem, listed
from symbiosis.front import FrontPoint, as_json, front_of
from symbiosis.optimum import Goal
from symbiosis.scenario import Scenario
from symbiosis.terminal.numbers import amount, money, percent
from symbiosis.terminal.problems import chosen, refusal
from symbiosis.terminal.table import Column, show_table
from symbiosis.terminal.talk import Talk

MOST = 3


def goals_of(text: str) -> list[Goal]:
    """Two or three different objectives. Raises :class:`InputError`."""
    names = [name.strip() for name in text.split(",")]
    goals = [Goal(chosen(name, tuple(Goal), "--objectives")) for name in names]
    if not 2 <= len(goals) <= MOST or len(set(goals)) < len(goals):
        raise refusal("two_or_three", "--objectives", found=text, allowed=listed(Goal))
    return goals


def show_front(asked: Scenario, objectives: str, points: int, solver: str, talk: Talk) -> None:
    """Solve and show the front, with a bar on stderr where that is a terminal."""
    goals = goals_of(objectives)
    if Goal.CARBON in goals:
        known_factors(asked)
    found = traced(asked, goals, points, solver, talk)
    if talk.json:
        talk.document({"objectives": [goal.value for goal in goals], "points": as_json(found)})
        return
    columns = [Column(talk.say(f"column_{key}"), number=True) for key in ("rate", "cost", "carbon")]
    show_table(columns, [_row(point, talk) for point in found])


def known_factors(asked: Scenario) -> None:
    """Raises :class:`InputError` where the park has no carbon factor."""
    from symbiosis.carbon import has_factors

    if not has_factors(asked.park):
        details = {"found": asked.park.id}
        raise InputError([Problem("no_carbon_factors", key="--objectives", details=details)])


def traced(
    asked: Scenario, goals: list[Goal], points: int, solver: str, talk: Talk
) -> list[FrontPoint]:
    """The front, with a progress bar unless the command is to be quiet."""
    if talk.quiet:
        return front_of(asked, goals, points, solver)
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(talk.say("tracing"), total=None)
        return front_of(
            asked,
            goals,
            points,
            solver,
            progress=lambda done, whole: bar.update(task, completed=done, total=whole),
        )


def _row(point: FrontPoint, talk: Talk) -> list[str]:
    optimum = point.optimum
    carbon = "–" if optimum.co2e_t is None else amount(optimum.co2e_t, "t", talk.lang)
    return [percent(optimum.rate.value, 2), money(optimum.cost_cny, talk.lang), carbon]
