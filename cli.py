"""The command ``symbiosis``: parse, call, show, exit. Nothing is computed here.

Each verb is a function below; what it needs is loaded when it runs, so that help answers at once.
Help texts stand in ``lang/help.toml``. Exit codes are those of :mod:`symbiosis.terminal.outcome`.
"""

import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from symbiosis.errors import InputError
from symbiosis.terminal.outcome import DONE, Outcome
from symbiosis.terminal.problems import chosen, misuse
from symbiosis.terminal.spoken import Asked, OneVerb, Verb, Verbs, bound, put_in_words
from symbiosis.terminal.talk import Talk, guess
from symbiosis.words import LANGUAGES, default_language

UsageError: type[Exception] = typer.BadParameter.__mro__[1]
"""What typer raises for a command line that it cannot read, whichever version it is."""

Park = Annotated[str, typer.Argument(metavar="PARK")]
Scenario = Annotated[str, typer.Option("--scenario", "-s", metavar="SCENARIO", show_default=False)]
Solver = Annotated[str, typer.Option("--solver", metavar="auto|glpk|highs|...")]
Links = Annotated[
    str, typer.Option("--links", metavar="existing|planned|potential", show_default=False)
]
Boundary = Annotated[str, typer.Option("--boundary", metavar="ID", show_default=False)]
Document = Annotated[str, typer.Option("--document", metavar="ID", show_default=False)]
Objective = Annotated[str, typer.Option("--objective", metavar="utilisation|cost|carbon")]
BySeason = Annotated[bool, typer.Option("--by-season", show_default=False)]
PlanFor = Annotated[str, typer.Option("--objective", metavar="utilisation|npv|cost")]
Rate = Annotated[str, typer.Option("--target", metavar="RATE", show_default=False)]
Output = Annotated[Path | None, typer.Option("--output", "-o", metavar="DIR", show_default=False)]
Cluster = Annotated[str, typer.Option("--cluster", metavar="ADDRESS", show_default=False)]
Limit = Annotated[float | None, typer.Option("--time-limit", metavar="SECONDS", min=0.001)]
Workers = Annotated[
    int | None, typer.Option("--workers", metavar="W", min=1, max=1024, show_default=False)
]
Kind = Annotated[str, typer.Argument(metavar="park|scenario")]
Name = Annotated[str, typer.Argument(metavar="NAME")]


app = typer.Typer(
    name="symbiosis",
    cls=Verbs,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)


@app.callback(invoke_without_command=True)
def symbiosis(
    ctx: typer.Context,
    version: Annotated[bool, typer.Option("--version")] = False,
    lang: Annotated[str, typer.Option("--lang", metavar="zh|en", show_default=False)] = "",
) -> None:
    """The program itself; a language before the verb holds where the verb names none."""
    if lang:
        chosen(lang, LANGUAGES, "--lang")
    if version:
        from symbiosis.doctor import own_version

        sys.stdout.write(f"symbiosis {own_version()}\n")
    elif ctx.invoked_subcommand is None:
        sys.stdout.write(ctx.get_help() + "\n")


def verb(name: str, *aliases: str) -> Callable[[Verb], Verb]:
    """Register a function ``(talk, ...)`` as a verb; every verb gets the common options."""

    def register(function: Verb) -> Verb:
        bind = bound(function)
        app.command(name, cls=OneVerb)(bind)
        for alias in aliases:
            app.command(alias, cls=OneVerb, hidden=True)(bind)
        return function

    return register


@verb("parks")
def parks(talk: Talk) -> None:
    """List the bundled parks."""
    from symbiosis.terminal.listing import list_parks

    list_parks(talk)


@verb("scenarios")
def scenarios(talk: Talk) -> None:
    """List the bundled scenarios."""
    from symbiosis.terminal.listing import list_scenarios

    list_scenarios(talk)


@verb("show")
def show(
    talk: Talk,
    park: Park,
    section: Annotated[str, typer.Option("--section", metavar="NAME", show_default=False)] = "",
) -> None:
    """Show a park as tables."""
    from symbiosis.park.load import load_park
    from symbiosis.terminal.rows import SECTIONS
    from symbiosis.terminal.show import show_park

    sections = (chosen(section, SECTIONS, "--section"),) if section else SECTIONS
    show_park(load_park(park), sections, talk)


@verb("check")
def check(talk: Talk, files: Annotated[list[str], typer.Argument(metavar="FILE...")]) -> int:
    """Name every error and doubt of parks and scenarios."""
    from symbiosis.terminal.checked import check_files

    return check_files(files, talk)


@verb("new")
def new(
    talk: Talk,
    kind: Kind,
    name: Name,
    park: Annotated[str, typer.Option("--park", metavar="PARK")] = "jinchang",
    force: Annotated[bool, typer.Option("--force")] = False,
) -> None:
    """Write a commented starting file."""
    from symbiosis.terminal.started import write_starting_file

    write_starting_file(kind, name, park, force, talk)


@verb("schema")
def schema(talk: Talk, kind: Kind) -> None:
    """Print a JSON Schema."""
    from symbiosis.schema import schema_of

    talk.document(schema_of(chosen(kind, ("park", "scenario"), "park|scenario")))


@verb("doctor")
def doctor(talk: Talk) -> None:
    """Tell what is installed and what is missing."""
    from symbiosis.doctor import examine
    from symbiosis.terminal.health import show_health

    show_health(examine(), talk)


@verb("optimise", "optimize")
def optimise(
    talk: Talk,
    park: Park,
    scenario: Scenario = "",
    objective: Objective = "utilisation",
    solver: Solver = "auto",
    output: Output = None,
    links: Links = "",
    boundary: Boundary = "",
    document: Document = "",
    by_season: BySeason = False,
    time_limit: Limit = None,
) -> None:
    """Find one optimum."""
    from symbiosis.terminal.picture import keep
    from symbiosis.terminal.question import answered, question
    from symbiosis.terminal.summary import show_summary

    asked = question(park, scenario, links, boundary, document, by_season)
    result = answered(asked, objective, solver, time_limit, talk)
    folder = keep(result, output, talk) if output else None
    if talk.json:
        talk.document(result.document(talk.lang))
    else:
        show_summary(result, folder, talk)


@verb("explain")
def explain(
    talk: Talk,
    park: Park,
    material: Annotated[str, typer.Option("--material", metavar="ID", show_default=False)] = "",
    scenario: Scenario = "",
    objective: Objective = "utilisation",
    solver: Solver = "auto",
) -> None:
    """Tell what holds back each by-product not fully used."""
    from symbiosis.terminal.explained import known_material, show_explanation
    from symbiosis.terminal.question import answered, question

    result = answered(question(park, scenario), objective, solver, None, talk)
    known_material(result, material)
    show_explanation(result, material, solver, talk)


@verb("pareto")
def pareto(
    talk: Talk,
    park: Park,
    objectives: Annotated[str, typer.Option("--objectives", metavar="A,B[,C]")],
    points: Annotated[int, typer.Option("--points", metavar="N", min=2, max=10000)] = 20,
    scenario: Scenario = "",
    solver: Solver = "auto",
    by_season: BySeason = False,
) -> None:
    """Trace the exact front of two or three objectives."""
    from symbiosis.terminal.fronts import show_front
    from symbiosis.terminal.question import question

    show_front(question(park, scenario, by_season=by_season), objectives, points, solver, talk)


@verb("viability")
def viability(
    talk: Talk,
    park: Park,
    target: Rate = "",
    scenario: Scenario = "",
    solver: Solver = "auto",
    by_season: BySeason = False,
) -> None:
    """Tell which exchanges are circular but not economic."""
    from symbiosis.terminal.question import question
    from symbiosis.terminal.viable import show_viability

    show_viability(question(park, scenario, by_season=by_season), target, solver, talk)


@verb("plan")
def plan(
    talk: Talk,
    park: Park,
    budget: Annotated[str, typer.Option("--budget", metavar="CNY", show_default=False)] = "",
    target: Rate = "",
    by: Annotated[str, typer.Option("--by", metavar="YEAR", show_default=False)] = "",
    objective: PlanFor = "utilisation",
    scenario: Scenario = "",
    solver: Solver = "auto",
    output: Output = None,
    by_season: BySeason = False,
    time_limit: Limit = None,
) -> int:
    """Choose projects and the years in which they are begun."""
    from symbiosis.terminal.planned import Wish, show_plan
    from symbiosis.terminal.question import question

    wish = Wish(budget, target, by, objective, solver, time_limit)
    return show_plan(question(park, scenario, by_season=by_season), wish, output, talk)


@verb("simulate")
def simulate(
    talk: Talk,
    park: Park,
    scenario: Scenario = "",
    runs: Annotated[str, typer.Option("--runs", metavar="N|auto", show_default=False)] = "",
    seed: Annotated[int, typer.Option("--seed", metavar="S", min=0)] = 0,
    workers: Workers = None,
    cluster: Cluster = "",
    output: Output = None,
    strict: Annotated[bool, typer.Option("--strict")] = False,
    no_luck: Annotated[bool, typer.Option("--no-luck")] = False,
    lived_plan: Annotated[
        Path | None, typer.Option("--plan", metavar="DIR", show_default=False)
    ] = None,
    solver: Solver = "auto",
) -> int:
    """Live through a retrofit many times."""
    from symbiosis.terminal.question import question
    from symbiosis.terminal.simulated import Wish, show_simulation

    wish = Wish(runs, seed, workers, solver, strict, not no_luck, lived_plan, cluster)
    return show_simulation(question(park, scenario), wish, output, talk)


@verb("batch")
def batch(
    talk: Talk,
    names: Annotated[list[str], typer.Argument(metavar="FILE_OR_NAME...")],
    output: Annotated[str, typer.Option("--output", "-o", metavar="DIR")],
    verb: Annotated[
        str, typer.Option("--verb", metavar="optimise|plan|simulate", show_default=False)
    ] = "",
    objective: Annotated[
        str, typer.Option("--objective", metavar="utilisation|cost|carbon|npv", show_default=False)
    ] = "",
    solver: Annotated[
        str, typer.Option("--solver", metavar="auto|glpk|highs|...", show_default=False)
    ] = "",
    budget: Annotated[str, typer.Option("--budget", metavar="CNY", show_default=False)] = "",
    target: Rate = "",
    by: Annotated[str, typer.Option("--by", metavar="YEAR", show_default=False)] = "",
    runs: Annotated[str, typer.Option("--runs", metavar="N|auto", show_default=False)] = "",
    time_limit: Limit = None,
    seed: Annotated[int, typer.Option("--seed", metavar="S", min=0)] = 0,
    workers: Workers = None,
    cluster: Cluster = "",
    resume: Annotated[bool, typer.Option("--resume")] = False,
    yes: Annotated[bool, typer.Option("--yes")] = False,
    strict: Annotated[bool, typer.Option("--strict")] = False,
) -> int:
    """Work through many scenarios, or the sweep of one."""
    from symbiosis.terminal.batched import Wish, show_batch

    options: dict[str, Any] = {"objective": objective, "solver": solver, "budget": budget}
    options |= {"target": target, "by": by, "runs": runs, "time_limit": time_limit}
    wish = Wish(output, verb, options, seed, workers, resume, yes, strict, cluster)
    return show_batch(names, wish, talk)


@verb("query")
def query(
    talk: Talk,
    folder: Annotated[str, typer.Argument(metavar="DIR")],
    sql: Annotated[str | None, typer.Argument(metavar="SQL", show_default=False)] = None,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="FILE", show_default=False)
    ] = None,
) -> None:
    """Ask a result set in SQL."""
    from symbiosis.terminal.queried import show_query

    show_query(folder, sql, output, talk)


@verb("compare")
def compare(
    talk: Talk,
    results: Annotated[list[str], typer.Argument(metavar="RESULT RESULT...")],
    indicator: Annotated[
        list[str] | None, typer.Option("--indicator", metavar="ID", show_default=False)
    ] = None,
    file: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="FILE", show_default=False)
    ] = None,
) -> None:
    """Set kept results beside the first of them."""
    from symbiosis.terminal.compared import show_comparison

    show_comparison(results, indicator or [], file, talk)


@verb("draw")
def draw(
    talk: Talk,
    subject: Annotated[str, typer.Argument(metavar="PARK|RESULT")],
    file: Annotated[Path, typer.Option("--output", "-o", metavar="FILE")],
    picture: Annotated[str, typer.Option("--as", metavar="network|gantt|years")] = "network",
    scenario: Scenario = "",
) -> None:
    """Draw a park or a kept result."""
    from symbiosis.terminal import picture as pictures

    chosen(picture, pictures.PICTURES, "--as")
    path = pictures.draw(subject, picture, scenario, file, talk)
    if talk.json:
        talk.document({"path": str(path)})
    else:
        sys.stdout.write(talk.say("picture_written", path=path) + "\n")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command and return its exit code."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    with Outcome(guess(given, default_language())) as outcome:
        asked = parse(given, outcome.talk.lang)
        if isinstance(asked, Asked):
            lang = chosen(asked.lang or outcome.talk.lang, LANGUAGES, "--lang")
            outcome.talk = Talk(lang, **asked.flags)
            outcome.code = asked.function(outcome.talk, **asked.given) or DONE
        sys.stdout.flush()
    return outcome.code


def parse(arguments: list[str], lang: str) -> Any:
    """The verb with what it was given, ready to be called; nothing where help was shown.

    Raises :class:`InputError` for a command line that cannot be read.
    """
    command = typer.main.get_command(app)
    put_in_words(command, lang)
    try:
        return command.main(arguments, prog_name="symbiosis", standalone_mode=False, obj=lang)
    except UsageError as error:
        raise InputError([misuse(error)]) from error
