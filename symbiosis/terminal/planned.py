"""``plan`` on the terminal: what to begin when, what it does, what it leaves out and why."""

from dataclasses import dataclass
from functools import partial
from math import isfinite
from pathlib import Path
from typing import Any

from symbiosis import units
from symbiosis.park.financing import Instrument, InstrumentKind
from symbiosis.plan_targets import targets_of as scenario_targets
from symbiosis.planning.aim import Aim, Target
from symbiosis.planning.keep import save_plan
from symbiosis.planning.model import Model
from symbiosis.planning.plan import plan
from symbiosis.planning.result import PlanResult
from symbiosis.scenario import Scenario
from symbiosis.solvers.backend import SolveOptions
from symbiosis.terminal.numbers import amount, figures, money, percent, signed_money
from symbiosis.terminal.outcome import DONE, NO_ANSWER
from symbiosis.terminal.picture import paint_gantt
from symbiosis.terminal.problems import chosen, refusal
from symbiosis.terminal.table import Column, show_table, show_text
from symbiosis.terminal.talk import Talk
from symbiosis.terminal.viable import fraction
from symbiosis.terminal.writing import writing

PICTURE = "gantt.svg"
MONEY = ("CNY", "CNY/a")
"""Units in which a budget may be given."""


@dataclass(frozen=True)
class Wish:
    """What was asked on the command line."""

    budget: str
    target: str
    by: str
    objective: str
    solver: str
    time_limit_s: float | None


def show_plan(asked: Scenario, wish: Wish, folder: Path | None, talk: Talk) -> int:
    """Make, keep and show a plan; 1 where a target is out of reach."""
    aim = Aim(chosen(wish.objective, tuple(Aim), "--objective"))
    budget, targets = budget_of(wish.budget), targets_of(asked, wish)
    if talk.verbose:
        talk.note("planning", objective=talk.say(f"plan_for_{aim}"))
    options = SolveOptions(time_limit_s=wish.time_limit_s)
    result = PlanResult(plan(asked, budget, aim, targets, wish.solver, options))
    kept = keep(result, folder, talk) if folder else None
    if talk.json:
        talk.document(result.document())
    else:
        show_summary(result, kept, talk)
    return NO_ANSWER if result.plan.missed else DONE


def budget_of(text: str) -> float | None:
    """A budget in CNY a year: ``2e8``, ``2亿元``. Raises :class:`InputError`."""
    if not text:
        return None
    try:
        value = float(text.replace(",", ""))
    except ValueError:
        value = _with_unit(text)
    if not (isfinite(value) and value >= 0):
        raise refusal("not_a_budget", "--budget", found=text)
    return value


def _with_unit(text: str) -> float:
    try:
        measure = units.parse(text)
    except units.UnitError:
        raise refusal("not_a_budget", "--budget", found=text) from None
    if measure.unit not in MONEY:
        raise refusal("not_a_budget", "--budget", found=text)
    return measure.value


def targets_of(asked: Scenario, wish: Wish) -> tuple[Target, ...]:
    """Those of the scenario, and that of the command line, by the last year unless it says so."""
    own = scenario_targets(asked)
    rate, years = fraction(wish.target), Model.years_of(asked)
    if wish.by and rate is None:
        raise refusal("by_without_target", "--by", found=wish.by)
    if rate is None:
        return own
    if wish.by and not wish.by.strip().isdecimal():
        raise refusal("not_a_year", "--by", found=wish.by, allowed=f"{years[0]}..{years[-1]}")
    return (*own, Target(rate, int(wish.by) if wish.by else years[-1]))


def keep(result: PlanResult, folder: Path, talk: Talk) -> Path:
    """Keep a plan with its picture in ``folder``. Raises :class:`InputError`."""
    with writing(folder):
        return save_plan(result, folder, partial(_add_picture, result, talk))


def _add_picture(result: PlanResult, talk: Talk, folder: Path) -> None:
    talk.note("drawing", path=PICTURE)
    paint_gantt(result.document(), folder / PICTURE, talk)


# --- the summary


def show_summary(result: PlanResult, folder: Path | None, talk: Talk) -> None:
    """The whole summary; ``folder`` is where the plan is kept."""
    show_question(result, talk)
    show_targets(result, talk)
    show_projects(result, talk)
    show_years(result, talk)
    show_worth(result, talk)
    show_left_out(result, talk)
    show_ground(result, talk)
    if folder is None:
        show_text(talk.say("plan_not_kept"))
    else:
        show_text(talk.say("plan_kept", folder=folder))


def show_question(result: PlanResult, talk: Talk) -> None:
    """Which park, years, boundary and document the plan is for, and with what money."""
    made, park = result.plan, result.plan.scenario.park
    years = made.horizon.years
    show_text(f"{talk.name(park)} · {years[0]}–{years[-1]}", bold=True)
    asked = {
        "scenario": made.scenario.id,
        "objective": talk.say(f"plan_for_{made.aim}"),
        "boundary": talk.name(park.boundaries[made.scenario.boundary]),
        "document": talk.name(park.rate_documents[made.scenario.document]),
    }
    show_text(talk.say("plan_asked", **asked))
    own = money(made.horizon.own_cny[years[0]], talk.lang)
    show_text(talk.say("plan_carried" if made.horizon.carried_over else "plan_own", own=own))
    for noun in ({} if made.financing is None else made.financing.instruments).values():
        show_text("  " + _terms(noun, talk))
    show_text()


def _terms(noun: Instrument, talk: Talk) -> str:
    """One source of money with its terms."""
    rate = noun.interest if noun.kind is InstrumentKind.LOAN else noun.return_
    words = {
        "name": talk.name(noun),
        "share": percent(noun.share.amount, 0),
        "most": money(noun.each_year.amount, talk.lang) if noun.each_year else "–",
        "rate": "" if rate is None else percent(rate.amount, 2),
        "term": "" if noun.term is None else f"{noun.term.amount:g}",
        "paid": percent(noun.interest_subsidy.amount, 0) if noun.interest_subsidy else "0 %",
    }
    return talk.say(f"terms_{noun.kind}", **words)


def show_targets(result: PlanResult, talk: Talk) -> None:
    """Each target, met or missed; of a missed one how near the plan comes."""
    missed = {(one.target.rate, one.target.by): one for one in result.plan.missed}
    for row in result.rows["targets"]:
        one = missed.get((row["rate"], row["by"]))
        words = {"rate": percent(row["rate"], 2), "by": row["by"]}
        if one is None:
            show_text(talk.say("target_met" if row["met"] else "target_short", **words))
            continue
        words["closest"] = percent(one.closest, 2)
        words["short"] = amount(one.short_t, "t", talk.lang)
        later = "never" if one.kept_from is None else "later"
        told = talk.say("target_missed", **words) + talk.say(f"kept_{later}", year=one.kept_from)
        show_text(told + (talk.say("met_alone") if one.alone else ""), bold=True)
    if result.rows["targets"]:
        show_text()


def show_projects(result: PlanResult, talk: Talk) -> None:
    """What is begun when, what it costs, who pays."""
    rows = result.rows["projects"]
    if not rows:
        show_text(talk.say("nothing_begun"))
        show_text()
        return
    headings = ("project", "begun", "runs_from", "investment", "paid_by", "grade")
    numbers = ("begun", "runs_from", "investment")
    columns = [Column(talk.say(f"column_{key}"), number=key in numbers) for key in headings]
    show_table(columns, [_project(row, result, talk) for row in rows], title=talk.say("title_plan"))


def _project(row: dict[str, Any], result: PlanResult, talk: Talk) -> list[str]:
    name = str(row[f"name_{talk.lang}"])
    size = "" if row["size"] is None else f" · {row['size']}"
    cost = money(row["cost_cny"], talk.lang) if row["priced"] else talk.say("no_price")
    if row["again_cny"]:
        again = ", ".join(map(str, row["again_from"]))
        size += " · " + talk.say("built_again", years=again)
    paid = {who: cny for who, cny in row["paid_cny"].items() if cny >= 1}
    payers = [f"{_payer(who, result, talk)} {money(cny, talk.lang)}" for who, cny in paid.items()]
    years = [str(row["year"]), str(row["runs_from"])]
    return [name + size, *years, cost, ", ".join(payers), row["grade"]]


def _payer(who: str, result: PlanResult, talk: Talk) -> str:
    financing = result.plan.financing
    nouns = {} if financing is None else financing.instruments
    return talk.name(nouns[who]) if who in nouns else talk.say("payer_own")


def show_years(result: PlanResult, talk: Talk) -> None:
    """Rate and money of each year."""
    rows = result.rows["years"]
    helped = bool(result.plan.horizon.instruments)
    keys = ["rate", "running", "invested", *(("given", "repaid") if helped else ()), "left_own"]
    keys += ["saved"]
    columns = [Column(talk.say("column_year"))]
    columns += [Column(talk.say(f"column_{key}"), number=True) for key in keys]
    shown = [_year(row, helped, talk) for row in rows]
    show_table(columns, shown, title=talk.say("title_plan_years"))


def _year(row: dict[str, Any], helped: bool, talk: Talk) -> list[str]:
    others = [sum(row[key].values()) for key in ("given_cny", "repaid_cny")] if helped else []
    amounts = [row["invested_cny"], *others, row["left_cny"]]
    counts = [percent(row["utilisation_rate"], 2), str(len(row["running"]))]
    told = [money(round(cny), talk.lang) for cny in amounts]
    return [str(row["year"]), *counts, *told, signed_money(round(row["saved_cny"]), talk.lang)]


def show_worth(result: PlanResult, talk: Talk) -> None:
    """The net present value, with its discount base and what stands at the end."""
    made = result.plan
    accounts = made.accounts
    words = {
        "npv": signed_money(made.npv_cny, talk.lang),
        "rate": percent(made.horizon.discount_rate),
        "base": made.horizon.years[0],
        "last": made.horizon.last,
        "rest": money(accounts.rest_cny, talk.lang),
        "owed": money(accounts.owed_cny, talk.lang),
        "money_year": made.scenario.park.money_year,
    }
    show_text(talk.say("plan_npv", npv=words["npv"]), bold=True)
    show_text(talk.say("plan_discount", **words))
    if made.keeping_cny is not None:
        show_text(talk.say("plan_keeping", cny=money(made.keeping_cny, talk.lang)))
    if made.penalty_cny:
        show_text(talk.say("plan_penalty", cny=money(made.penalty_cny, talk.lang)))
    show_text()


def show_left_out(result: PlanResult, talk: Talk) -> None:
    """What is not begun and why."""
    rows = result.rows["left_out"]
    if rows:
        columns = [Column(talk.say("column_project"))]
        columns += [Column(talk.say("column_investment"), number=True)]
        columns += [Column(talk.say("column_why"))]
        told = [[*_named(row, talk), why(row, result, talk)] for row in rows]
        show_table(columns, told, title=talk.say("title_left_out", count=len(rows)))
    others = result.not_candidates
    if others:
        projects = result.plan.scenario.park.projects
        names = ", ".join(talk.name(projects[name]) for name in others)
        show_text(talk.say("not_candidates", count=len(others), names=names))


def _named(row: dict[str, Any], talk: Talk) -> list[str]:
    cost = money(row["cost_cny"], talk.lang) if row["priced"] else talk.say("no_price")
    return [str(row[f"name_{talk.lang}"]), cost]


def why(row: dict[str, Any], result: PlanResult, talk: Talk) -> str:
    """Why one project is not begun."""
    projects = result.plan.scenario.park.projects
    words: dict[str, Any] = {"by": ", ".join(talk.name(projects[n]) for n in row["excluded_by"])}
    if row["rate_change"] is not None:
        words["points"] = figures(100 * row["rate_change"], 2)
        words["npv"] = signed_money(row["npv_change_cny"], talk.lang)
    return talk.say(f"why_{row['why']}", **words)


def show_ground(result: PlanResult, talk: Talk) -> None:
    """How much rests on weak numbers, what has no price, how it was found."""
    made, projects = result.plan, result.plan.scenario.park.projects
    if result.weak_share is not None:
        show_text(talk.say("plan_weak", share=percent(result.weak_share, 0)))
    if made.unpriced:
        names = ", ".join(talk.name(projects[name]) for name in made.unpriced)
        show_text(talk.say("plan_unpriced", count=len(made.unpriced), names=names))
    words = {
        "solver": f"{made.found.solver} {made.found.solver_version}",
        "status": talk.say(f"status_{made.found.status}"),
        "gap": "–" if made.found.gap is None else f"{made.found.gap:.1g}",
        "seconds": figures(made.found.seconds, 2),
    }
    show_text(talk.say("how", **words))
