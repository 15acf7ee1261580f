"""``simulate`` on the terminal: when the park is retrofitted, and how likely each target is met."""

import os
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from symbiosis.keep import Kept
from symbiosis.optimum import Goal
from symbiosis.planning.keep import KIND as PLAN
from symbiosis.retrofit.block import Retrofit, retrofit_of
from symbiosis.retrofit.document import document, save_simulation
from symbiosis.retrofit.following import Begun, Myopia, following, myopia
from symbiosis.retrofit.runs import AUTO
from symbiosis.retrofit.simulate import simulate, without_luck
from symbiosis.retrofit.simulation import Simulation
from symbiosis.retrofit.tables import PARK, Tables
from symbiosis.scenario import Scenario
from symbiosis.terminal.helpers import helpers, only_there
from symbiosis.terminal.numbers import figures, money, percent, signed_money
from symbiosis.terminal.outcome import DONE, INTERRUPTED, NO_ANSWER, WRONG_INPUT
from symbiosis.terminal.picture import add_gantt
from symbiosis.terminal.problems import refusal, show_problems
from symbiosis.terminal.run_bar import progress_bar
from symbiosis.terminal.table import Column, show_table, show_text
from symbiosis.terminal.talk import Talk
from symbiosis.terminal.writing import writing

RUNS = 200
"""Runs where neither a number nor targets say how many."""
MOST = 5
"""Lines of what a target hangs on."""
MOST_MONEY = 10
"""Enterprises whose money is shown, those with most of it first."""


@dataclass(frozen=True)
class Wish:
    """What was asked on the command line."""

    runs: str
    seed: int
    workers: int | None
    solver: str
    strict: bool
    luck: bool
    plan: Path | None
    cluster: str = ""


def show_simulation(asked: Scenario, wish: Wish, folder: Path | None, talk: Talk) -> int:
    """Live through the retrofit, keep and show what came out; the exit code."""
    if wish.cluster:
        only_there(wish.workers, wish.luck)
    planned = kept_plan(wish.plan, asked) if wish.plan else None
    retrofit = retrofit_of(following(asked, begun_in(planned)) if planned else asked)
    made = _lived(retrofit, wish, talk)
    tables = Tables(made, _beside(made, planned) if planned else ())
    kept = keep(made, tables, folder, talk) if folder else None
    if talk.json:
        talk.document(document(made, tables))
    else:
        show_summary(made, tables, kept, talk)
    if made.interrupted:
        talk.note("runs_interrupted", runs=made.runs)
        if made.deserted is not None:
            show_problems(made.deserted.problems, "input_is_wrong", talk)
        return INTERRUPTED if made.deserted is None else WRONG_INPUT
    return NO_ANSWER if made.failed and wish.strict else DONE


def kept_plan(folder: Path, asked: Scenario) -> dict[str, Any]:
    """The document of a kept plan of the same park. Raises :class:`InputError`."""
    kept = Kept(folder)
    if kept.kind != PLAN:
        raise refusal("not_a_plan", "--plan", found=str(folder), kind=kept.kind)
    document: dict[str, Any] = kept.document
    if document["park"] != asked.park.id:
        details = {"park": document["park"], "asked": asked.park.id}
        raise refusal("plan_of_other_park", "--plan", found=str(folder), **details)
    missing = [row["id"] for row in document["projects"] if row["id"] not in asked.park.projects]
    if missing:
        raise refusal("plan_of_other_park", "--plan", found=", ".join(missing), **{
            "park": document["park"], "asked": asked.park.id,
        })  # fmt: skip
    return document


def begun_in(document: dict[str, Any]) -> dict[str, Begun]:
    """What a plan begins, and when."""
    return {row["id"]: Begun(row["year"], row["size"]) for row in document["projects"]}


def _beside(made: Simulation, document: dict[str, Any]) -> tuple[Myopia, ...]:
    """The simulation beside the plan, in the years that both have."""
    years = {row["year"]: row for row in document["years"]}
    rows = [years[year] for year in made.places.years if year in years]
    if not rows or rows[0]["year"] != made.places.years[0] or not made.answered.any():
        return ()
    rates = [row["utilisation_rate"] for row in rows]
    return tuple(myopia(made, rates, [row["exchanges_cny"] for row in rows]))


def _lived(retrofit: Retrofit, wish: Wish, talk: Talk) -> Simulation:
    if not wish.luck:
        return without_luck(retrofit, wish.solver)
    runs = runs_of(wish.runs, retrofit)
    workers = wish.workers or len(os.sched_getaffinity(0))
    total = None if runs == AUTO else int(runs)
    workers = workers if total is None else min(workers, total)
    with helpers(wish.cluster, talk) as hire, progress_bar(talk, total) as progress:
        return simulate(
            retrofit, runs, wish.seed, workers, solver=wish.solver, progress=progress, hire=hire
        )


def runs_of(text: str, retrofit: Retrofit) -> int | str:
    """How many runs are wanted. Raises :class:`InputError` for what is no number of runs."""
    if not text:
        promised = retrofit.goals or retrofit.schedule.targets
        return AUTO if promised else RUNS
    if text == AUTO:
        return AUTO
    if not text.isdecimal() or int(text) < 1:
        raise refusal("not_runs", "--runs", found=text)
    return int(text)


def keep(made: Simulation, tables: Tables, folder: Path, talk: Talk) -> Path:
    """Keep a simulation in ``folder``. Raises :class:`InputError`."""
    with writing(folder):
        talk.note("keeping", folder=folder)
        return save_simulation(
            made, tables, folder, partial(add_gantt, document(made, tables), talk)
        )


# --- the summary


def show_summary(made: Simulation, tables: Tables, folder: Path | None, talk: Talk) -> None:
    """The whole summary; ``folder`` is where the simulation is kept."""
    show_question(made, talk)
    show_targets(tables, talk)
    show_years(tables, talk)
    show_plan_beside(tables, talk)
    show_projects(tables, talk)
    show_resources(tables, talk)
    show_influences(tables, talk)
    show_money(made, tables, talk)
    show_ground(made, tables, talk)
    told = "simulation_not_kept" if folder is None else "simulation_kept"
    show_text(talk.say(told, folder=folder))


def show_question(made: Simulation, talk: Talk) -> None:
    """Which park and years, what was asked, how many runs."""
    retrofit, park = made.retrofit, made.retrofit.scenario.park
    schedule = retrofit.schedule
    last = schedule.calendar.date(schedule.horizon_d - 1)
    show_text(f"{talk.name(park)} · {schedule.start} – {last}", bold=True)
    asked = {
        "scenario": retrofit.scenario.id,
        "objective": talk.say(f"month_for_{retrofit.conduct.objective}"),
        "boundary": talk.name(park.boundaries[retrofit.scenario.boundary]),
        "document": talk.name(park.rate_documents[retrofit.scenario.document]),
    }
    show_text(talk.say("simulation_asked", **asked))
    words = {"runs": made.runs, "seed": made.seed, "dispatches": f"{made.stretches:,}"}
    show_text(talk.say("simulation_runs" if made.seed is not None else "simulation_once", **words))
    if not made.narrow and not made.interrupted:
        show_text(talk.say("not_narrow"))
    if made.failed:
        show_text(talk.say("runs_failed", failed=made.failed, runs=made.runs), bold=True)
        index, failure = made.failures[0]
        cause = " ".join(problem.message(talk.lang) for problem in failure.problems)
        show_text(talk.say("first_failure", run=index, date=failure.date, cause=cause))
    show_text()


def show_targets(tables: Tables, talk: Talk) -> None:
    """Every target with its probability, and by when it is sure."""
    rows = tables.rows["targets"]
    if not rows:
        show_text(talk.say("no_targets"))
        show_text()
        return
    keys = ("target", "by", "probability", "interval", "sure_80", "sure_95")
    numbers = ("probability", "interval")
    columns = [Column(talk.say(f"column_{key}"), number=key in numbers) for key in keys]
    never = talk.say("never_so")
    shown = [
        [
            str(row[f"name_{talk.lang}"]),
            str(row["by"]),
            percent(row["probability"]),
            f"{percent(row['low'])} – {percent(row['high'])}",
            str(row["kept_with_80"] or never),
            str(row["kept_with_95"] or never),
        ]
        for row in rows
    ]
    show_table(columns, shown, title=talk.say("title_targets"))


def show_years(tables: Tables, talk: Talk) -> None:
    """Rate, cost and carbon by year with their spread."""
    chosen = {
        name: {row["year"]: row for row in tables.rows["years"] if row["indicator"] == name}
        for name in ("utilisation_rate", "cost", "co2e")
    }
    columns = [Column(talk.say("column_year"))]
    columns += [Column(talk.say(f"column_{key}"), number=True) for key in YEARLY]
    rates, costs, carbon = chosen.values()
    shown = []
    for year, rate in rates.items():
        row = [str(year), *(percent(rate[key]) for key in ("p05", "p50", "p95"))]
        row.append(_cny(costs[year]["p50"], talk))
        emitted = carbon.get(year)
        row.append("–" if emitted is None else f"{figures(emitted['p50'] / 1e6)} Mt")
        shown.append(row)
    show_table(columns, shown, title=talk.say("title_simulated_years"))


YEARLY = ("rate_p05", "rate_p50", "rate_p95", "cost_p50", "co2e_p50")


def _cny(value: float | None, talk: Talk) -> str:
    return "–" if value is None else money(value, talk.lang)


def show_projects(tables: Tables, talk: Talk) -> None:
    """When each project is commissioned, and how often it is critical."""
    rows = tables.rows["projects"]
    if not rows:
        return
    keys = ("project", "runs_p05", "runs_p50", "runs_p95", "reached", "criticality")
    numbers = ("reached", "criticality")
    columns = [Column(talk.say(f"column_{key}"), number=key in numbers) for key in keys]
    never = talk.say("never_so")
    shown = [
        [
            str(row[f"name_{talk.lang}"]),
            *(str(row[f"commissioned_{key}"] or never) for key in ("p05", "p50", "p95")),
            percent(row["commissioned_share"], 0),
            percent(row["criticality"], 0),
        ]
        for row in rows
    ]
    show_table(columns, shown, title=talk.say("title_commissioning"))


def show_plan_beside(tables: Tables, talk: Talk) -> None:
    """Where a plan was lived through: what it promised, and what not looking ahead costs."""
    if not tables.rows["beside_plan"]:
        return
    keys = ("year", "rate_planned", "rate_lived", "cost_planned", "cost_lived", "myopia")
    columns = [Column(talk.say(f"column_{key}"), number=key != "year") for key in keys]
    shown = [
        [
            str(row["year"]),
            percent(row["planned_rate"], 2),
            percent(row["lived_rate"], 2),
            money(row["planned_cost_cny"], talk.lang),
            money(row["lived_cost_cny"], talk.lang),
            signed_money(row["price_cny"], talk.lang),
        ]
        for row in tables.rows["beside_plan"]
    ]
    show_table(columns, shown, title=talk.say("title_beside_plan"))
    show_text(talk.say("what_myopia_is"))
    if tables.made.retrofit.conduct.objective is Goal.UTILISATION:
        show_text(talk.say("plan_seeks_last_year"))
    show_text()


def show_resources(tables: Tables, talk: Talk) -> None:
    """What projects share and wait for."""
    rows = tables.rows["resources"]
    if not rows:
        return
    schedule = tables.made.retrofit.schedule
    shared: dict[str, Any] = {**schedule.resources, **schedule.budgets, **schedule.windows}
    keys = ("shared", "use", "waited", "waited_p95")
    columns = [Column(talk.say(f"column_{key}"), number=key != "shared") for key in keys]
    shown = [
        [
            talk.name(shared[row["id"]]),
            percent(row["use"], 0),
            f"{row['waited_d']:.0f} d",
            f"{row['waited_p95_d']:.0f} d",
        ]
        for row in rows
    ]
    show_table(columns, shown, title=talk.say("title_shared"))


def show_influences(tables: Tables, talk: Talk) -> None:
    """What each target hangs on, the dearest first."""
    names = {row["id"]: str(row[f"name_{talk.lang}"]) for row in tables.rows["targets"]}
    rows = [row for row in tables.rows["influences"] if row["costs"] > 0 and row["clear"]]
    shown = []
    for target, name in names.items():
        own = [row for row in rows if row["target"] == target][:MOST]
        for i, row in enumerate(own):
            shown.append([
                "" if i else name, talk.say(f"influence_{row['kind']}"),
                _thing(row, tables, talk), _costs(row, talk), f"{row['correlation']:+.2f}",
            ])  # fmt: skip
    if shown:
        keys = ("target", "kind", "thing", "costs_target", "correlation")
        numbers = ("costs_target", "correlation")
        columns = [Column(talk.say(f"column_{key}"), number=key in numbers) for key in keys]
        show_table(columns, shown, title=talk.say("title_influences"))


def _thing(row: dict[str, Any], tables: Tables, talk: Talk) -> str:
    retrofit = tables.made.retrofit
    schedule, park, name = retrofit.schedule, retrofit.scenario.park, str(row["id"])
    if row["kind"] == "unit":
        company, _, unit = name.partition(".")
        owner = park.enterprises[company]
        return f"{talk.name(owner)} · {talk.name(owner.units[unit])}"
    if row["kind"] == "project":
        return talk.name(park.projects[name])
    nouns: dict[str, Any] = {**schedule.resources, **schedule.budgets, **schedule.windows}
    return talk.name({**nouns, **schedule.paths}[name])


def _costs(row: dict[str, Any], talk: Talk) -> str:
    """What the worse half of the runs is worse by."""
    if row["unit"] == "d":
        return f"{row['costs']:.0f} d"
    if row["unit"] in ("1", ""):
        return talk.say("points", points=figures(100 * row["costs"], 2))
    return f"{figures(row['costs'])} {row['unit']}"


def show_money(made: Simulation, tables: Tables, talk: Talk) -> None:
    """What the park and its enterprises pay and earn over all years, in the mean."""
    sums: dict[tuple[str, str], float] = {}
    for row in tables.rows["cash_flow"]:
        key = row["enterprise"], row["item"]
        sums[key] = sums.get(key, 0.0) + (row["mean_cny"] or 0.0)
    enterprises = list(dict.fromkeys(name for name, _ in sums))
    park = made.retrofit.scenario.park
    keys = ("enterprise", "operating", "investment_flow", "net")
    columns = [Column(talk.say(f"column_{key}"), number=key != "enterprise") for key in keys]
    known = [name for name in enterprises if (name, "net") in sums]
    ordered = sorted(known, key=lambda name: (name != PARK, -abs(sums[name, "net"])))
    shown = [
        [
            talk.name(park.enterprises[name]) if name else talk.say("whole_park"),
            *(signed_money(sums.get((name, i), 0.0), talk.lang)
              for i in ("operating", "investment", "net")),
        ]
        for name in ordered
    ]  # fmt: skip
    if not shown:
        return
    show_table(columns, shown[: MOST_MONEY + 1], title=talk.say("title_cash_flow"))
    if len(shown) > MOST_MONEY + 1:
        show_text(talk.say("more_enterprises", count=len(shown) - MOST_MONEY - 1))
        show_text()


def show_ground(made: Simulation, tables: Tables, talk: Talk) -> None:
    """How much rests on estimates."""
    share = document(made, tables)["weak_share_of_durations"]
    if share is not None:
        show_text(talk.say("weak_durations", share=percent(share, 0)))
