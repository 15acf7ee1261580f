"""``optimise`` on the terminal: what a manager wants to know of one optimum."""

from pathlib import Path
from typing import Any

from symbiosis.carbon import unfactored
from symbiosis.hints import hints_of
from symbiosis.optimum import Goal
from symbiosis.park.link import Status
from symbiosis.park.park import Park
from symbiosis.reasons import Held
from symbiosis.result import Result, Step
from symbiosis.terminal.numbers import amount, figures, money, percent, signed_money
from symbiosis.terminal.table import Column, show_table, show_text
from symbiosis.terminal.talk import Talk

MOST_FLOWS = 10
MOST_LEFT = 12
ZERO_CNY = 0.5
"""A cost item below this is left out."""


def show_summary(result: Result, folder: Path | None, talk: Talk) -> None:
    """The whole summary; ``folder`` is where the result is kept."""
    show_question(result, talk)
    show_rate(result, talk)
    show_ladder(result, talk)
    show_costs(result, talk)
    show_inventory(result, talk)
    show_flows(result, talk)
    show_left(result, talk)
    show_ground(result, talk)
    show_how(result, talk)
    if folder is None:
        show_text(talk.say("not_kept"))
    else:
        show_text(talk.say("kept", folder=folder))


def show_question(result: Result, talk: Talk) -> None:
    """Which park, year, boundary, document and links the answer is for."""
    scenario, data = result.scenario, result.optimum.data
    park = scenario.park
    show_text(f"{talk.name(park)} · {data.year}", bold=True)
    if question := getattr(scenario, f"question_{talk.lang}"):
        show_text(question)
    asked = {
        "scenario": scenario.id,
        "objective": talk.say(f"objective_{result.optimum.goal}"),
        "boundary": talk.name(park.boundaries[data.boundary]),
        "document": talk.name(park.rate_documents[data.document]),
        "links": opened_text([status.value for status in data.opened], talk),
    }
    show_text(talk.say("asked", **asked))
    show_text()


def opened_text(opened: list[str] | tuple[str, ...], talk: Talk) -> str:
    """Statuses of links in the order in which they come: existing + planned."""
    return " + ".join(talk.say(status.value) for status in Status if status.value in opened)


def show_rate(result: Result, talk: Talk) -> None:
    """R with its two amounts, and its other readings where they move it by over a point."""
    optimum = result.optimum
    show_text(talk.say("rate", **rate_words(optimum.rate, talk)), bold=True)
    for reading in optimum.readings:
        if reading.kind == "without_backfill":
            subject, other = "", ""
        else:
            byproduct = optimum.park.byproducts[reading.subject]
            subject, other = talk.name(byproduct), talk.say(str(byproduct.also_counted_as))
        words = rate_words(reading.rate, talk) | {"subject": subject, "other": other}
        show_text("  " + talk.say(f"rate_{reading.kind}", **words))
    show_text()


def rate_words(rate: Any, talk: Talk) -> dict[str, str]:
    """A rate with numerator and denominator as words."""
    return {
        "rate": percent(rate.value),
        "used": amount(rate.numerator, "t", talk.lang),
        "made": amount(rate.denominator, "t", talk.lang),
    }


def show_ladder(result: Result, talk: Talk) -> None:
    """How rate and cost stand with today's links, with the planned ones, with all possible."""
    today = result.ladder[0] if result.ladder else None
    columns = [Column(talk.say("column_links_open")), Column(talk.say("column_rate"), number=True)]
    columns += [
        Column(talk.say(f"column_{key}"), number=True) for key in ("used", "cost", "change")
    ]
    show_table(columns, [step_row(step, today, talk) for step in result.ladder])


def step_row(step: Step, today: Step | None, talk: Talk) -> list[str]:
    """One step; the change of cost is against the first one."""
    opened = opened_text(step.opened, talk)
    if step.cost_cny is None or step.numerator_t is None:
        return [opened, talk.say(step.status), "–", "–", "–"]
    change = "–"
    if today is not None and today is not step and today.cost_cny is not None:
        change = signed_money(step.cost_cny - today.cost_cny, talk.lang)
    used = amount(step.numerator_t, "t", talk.lang)
    rate, cost = percent(step.utilisation_rate), money(step.cost_cny, talk.lang)
    return [opened, rate, used, cost, change]


def show_costs(result: Result, talk: Talk) -> None:
    """The items of the cost; what is income is negative."""
    optimum = result.optimum
    items = {key: cny for key, cny in optimum.cost_items.items() if abs(cny) >= ZERO_CNY}
    title = talk.say("title_costs", year=optimum.park.money_year)
    rows = [[talk.say(f"cost_{key}"), money(cny, talk.lang)] for key, cny in items.items()]
    rows.append([talk.say("cost_sum"), money(optimum.cost_cny, talk.lang)])
    columns = [Column(talk.say("column_item"), folds=False)]
    show_table([*columns, Column(talk.say("column_cost"), number=True)], rows, title=title)


def show_inventory(result: Result, talk: Talk) -> None:
    """The carbon inventory by line, where carbon was asked for."""
    optimum = result.optimum
    if optimum.goal is not Goal.CARBON or optimum.co2e_t is None:
        return
    lines = {key: t for key, t in optimum.co2e_items.items() if t}
    rows = [[talk.say(f"carbon_{key}"), amount(t, "t", talk.lang)] for key, t in lines.items()]
    rows.append([talk.say("cost_sum"), amount(optimum.co2e_t, "t", talk.lang)])
    columns = [Column(talk.say("column_item"), folds=False)]
    title = talk.say("title_inventory")
    show_table([*columns, Column(talk.say("column_co2e"), number=True)], rows, title=title)


def show_flows(result: Result, talk: Talk) -> None:
    """The largest flows of mass; what is not there today is marked."""
    flows = [row for row in result.rows["flows"] if row["amount_t"] is not None]
    largest = sorted(flows, key=lambda row: -row["amount_t"])[:MOST_FLOWS]
    park = result.optimum.park
    rows = [
        [
            str(row[f"name_{talk.lang}"]),
            talk.name(park.enterprises[row["from"]]),
            talk.name(park.enterprises[row["to"]]),
            amount(row["amount_t"], "t", talk.lang),
            status_text(row["status"], talk),
        ]
        for row in largest
    ]
    columns = [Column(talk.say(f"column_{key}")) for key in ("link", "giver", "taker")]
    columns += [Column(talk.say("column_flow"), number=True)]
    columns += [Column(talk.say("column_status"), folds=False)]
    title = talk.say("title_flows", count=len(largest), all=len(result.rows["flows"]))
    show_table(columns, rows, title=title)


def status_text(status: str, talk: Talk) -> str:
    """The status of a link, with a mark where it is new."""
    return talk.say(status) if status == Status.EXISTING else f"★ {talk.say(status)}"


def show_left(result: Result, talk: Talk) -> None:
    """What is still dumped, by by-product, with the first reason."""
    held = result.held
    if not held:
        show_text(talk.say("nothing_left"))
        show_text()
        return
    rows = [left_row(one, result, talk) for one in waste_first(held, result)[:MOST_LEFT]]
    columns = [Column(talk.say("column_byproduct"))]
    columns += [Column(talk.say(f"column_{key}"), number=True) for key in ("made", "left")]
    columns += [Column(talk.say("column_reason"))]
    title = talk.say("title_left", count=len(rows), all=len(held))
    show_table(columns, rows, title=title)


def waste_first(held: list[Held], result: Result) -> list[Held]:
    """What enters the rate comes first, then what is counted in t; the largest rest first."""
    supplies = result.optimum.data.supplies

    def place(one: Held) -> tuple[bool, bool, float]:
        return not supplies[one.byproduct].enters_rate, one.unit != "t", one.used - one.generated

    return sorted(held, key=place)


def left_row(held: Held, result: Result, talk: Talk) -> list[str]:
    """One by-product: whose, how much is made, how much is left, why."""
    park = result.optimum.park
    name, owner = park.byproducts[held.byproduct], park.enterprises[held.producer]
    made = amount(held.generated, held.unit, talk.lang)
    left = amount(held.generated - held.used, held.unit, talk.lang)
    reason = held.reasons[0].text(talk.lang) if held.reasons else ""
    whose = talk.say("whose", thing=talk.name(name), owner=talk.name(owner))
    return [whose, made, left, reason]


def show_ground(result: Result, talk: Talk) -> None:
    """How much rests on weak numbers, and what has no price."""
    grades = result.grades()
    weak = {
        "made": percent(grades["weak_share_of_generated"], 0),
        "used": percent(grades["weak_share_of_utilised"], 0),
    }
    show_text(talk.say("weak", **weak))
    unpriced = result.optimum.data.unpriced
    if unpriced:
        names = ", ".join(thing_name(result.optimum.park, thing, talk) for thing in unpriced)
        show_text(talk.say("unpriced", count=len(unpriced), names=names))
    if result.optimum.goal is Goal.CARBON:
        show_unfactored(result, talk)
    if result.optimum.solved.why_plain:
        show_text(talk.say("plain_path", why=result.optimum.solved.why_plain))


def show_unfactored(result: Result, talk: Talk) -> None:
    """What has no part in the carbon inventory: virgin materials, power of treatments."""
    park = result.optimum.park
    things = unfactored(park, result.optimum.data)
    if things:
        named = [park.uses[n] if n in park.uses else park.treatments[n] for n in things]
        names = ", ".join(map(talk.name, named))
        show_text(talk.say("unfactored", count=len(things), names=names))


def thing_name(park: Park, thing: str, talk: Talk) -> str:
    """The name of a unit (``enterprise.unit``) or of a treatment."""
    enterprise, dot, unit = thing.partition(".")
    return talk.name(park.enterprises[enterprise].units[unit] if dot else park.treatments[thing])


def show_how(result: Result, talk: Talk) -> None:
    """Solver, status, gap, seconds, and whether another plan does as well."""
    solved = result.optimum.solved
    words = {
        "solver": f"{solved.solver} {solved.solver_version}",
        "status": talk.say(f"status_{solved.status}"),
        "gap": "–" if solved.gap is None else f"{solved.gap:.1g}",
        "seconds": figures(sum(solved.seconds.values()), 2),
    }
    show_text(talk.say("how", **words))
    for hint in hints_of(result.optimum, talk.lang):
        show_text(hint)
    if any(stage.unique is False for stage in result.optimum.stages[-1:]):
        show_text(talk.say("not_unique"))
