"""``draw``, and the picture that stands in every kept result."""

from functools import partial
from pathlib import Path
from typing import Any

from symbiosis.errors import listed, nearest
from symbiosis.keep import OPTIMISE, Kept, save
from symbiosis.optimum import Goal
from symbiosis.planning.keep import KIND as PLAN
from symbiosis.point import Point
from symbiosis.result import Result
from symbiosis.retrofit.document import KIND as SIMULATE
from symbiosis.scenario import Scenario
from symbiosis.solvers.backends import AUTO
from symbiosis.terminal.numbers import amount, percent
from symbiosis.terminal.problems import refusal
from symbiosis.terminal.question import answered, question
from symbiosis.terminal.talk import Talk
from symbiosis.terminal.writing import writing

PICTURE, GANTT_FILE = "network.svg", "gantt.svg"
ENDINGS = (".svg", ".png", ".pdf")
NETWORK, GANTT, YEARS = PICTURES = ("network", "gantt", "years")
OF_KIND = {OPTIMISE: (NETWORK,), PLAN: (GANTT,), SIMULATE: (GANTT, YEARS)}
"""By the verb that made a result: the pictures of it."""


def keep(result: Result, folder: Path, talk: Talk) -> Path:
    """Keep a result with its picture in ``folder``. Raises :class:`InputError`."""
    with writing(folder):
        return save(result, folder, talk.lang, partial(_add_picture, result, talk))


def _add_picture(result: Result, talk: Talk, folder: Path) -> None:
    talk.note("drawing", path=PICTURE)
    today = None if result.today is None else result.today.point
    points = result.optimum.point, today
    paint(result.scenario, points, headline(result, talk), folder / PICTURE, talk)


def headline(result: Result, talk: Talk) -> str:
    """The rate in one line, for under the title."""
    rate = result.optimum.rate
    used, made = (amount(t, "t", talk.lang) for t in (rate.numerator, rate.denominator))
    return talk.say("rate", rate=percent(rate.value), used=used, made=made)


def paint(
    scenario: Scenario, points: tuple[Point, Point | None], line: str, path: Path, talk: Talk
) -> None:
    """Draw the flows of a point into ``path``, beside those of today where there are any."""
    from symbiosis.report.network_picture import draw_network

    point, today = points
    data, existing = scenario.slice(), None if today is None else today.sent
    draw_network(
        scenario.park, data, path, point.sent, talk.lang, existing_sent=existing, headline=line
    )


def draw(subject: str, picture: str, scenario: str, file: Path, talk: Talk) -> Path:
    """Draw a kept result, or a park that is solved and kept first; the absolute path."""
    if file.suffix.lower() not in ENDINGS:
        near = {"nearest": nearest(file.suffix, ENDINGS), "allowed": listed(ENDINGS)}
        raise refusal("no_such_ending", "--output", found=str(file), **near)
    folder = Path(subject)
    if not folder.is_dir():
        folder = solved(subject, picture, scenario, file, talk)
    kept = Kept(folder)
    own = OF_KIND.get(kept.kind, ())
    if picture not in own:
        raise refusal(
            "not_of_this_kind", "--as", found=picture, kind=kept.kind, allowed=listed(own)
        )
    talk.note("drawing", path=file)
    with writing(file):
        file.parent.mkdir(parents=True, exist_ok=True)
        paint_kept(kept, picture, file, talk)
    return file.resolve()


def solved(subject: str, picture: str, scenario: str, file: Path, talk: Talk) -> Path:
    """The folder of a park that is optimised and kept for its picture."""
    if picture != NETWORK:
        first = "plan_first" if picture == GANTT else "simulation_first"
        raise refusal(first, "PARK|RESULT", found=subject)
    result = answered(question(subject, scenario), Goal.UTILISATION, AUTO, None, talk)
    folder = keep(result, file.with_name(f"{file.stem}-result"), talk)
    talk.note("result_kept", folder=folder)
    return folder


def paint_kept(kept: Kept, picture: str, file: Path, talk: Talk) -> None:
    """Draw a kept result into ``file``."""
    if picture == YEARS:
        from symbiosis.report.years import years_picture

        years_picture(kept.document, file, talk.lang)
    elif kept.kind == SIMULATE:
        paint_simulation(kept.document, file, talk)
    elif kept.kind == PLAN:
        paint_gantt(kept.document, file, talk)
    else:
        paint_network(kept, file, talk)


def paint_network(kept: Kept, file: Path, talk: Talk) -> None:
    """Draw a kept optimum into ``file``."""
    rate = kept.document["rate"]
    used, made = (amount(rate[key], "t", talk.lang) for key in ("numerator_t", "denominator_t"))
    value = percent(kept.document["utilisation_rate"])
    line = talk.say("rate", rate=value, used=used, made=made)
    paint(kept.scenario(), (kept.point(), kept.today()), line, file, talk)


def paint_gantt(document: dict[str, Any], path: Path, talk: Talk) -> None:
    """Draw a plan from its document into ``path``."""
    from symbiosis.report.plan_gantt import plan_gantt

    plan_gantt(document, path, talk.lang)


def paint_simulation(document: dict[str, Any], path: Path, talk: Talk) -> None:
    """Draw when the projects of a simulation run into ``path``."""
    from symbiosis.report.gantt import simulation_gantt

    simulation_gantt(document, path, talk.lang)


def add_gantt(document: dict[str, Any], talk: Talk, folder: Path) -> None:
    """Put the Gantt of a simulation into the folder that keeps it."""
    talk.note("drawing", path=GANTT_FILE)
    paint_simulation(document, folder / GANTT_FILE, talk)
