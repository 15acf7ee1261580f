"""``draw``, and the picture that stands in every kept result."""

from functools import partial
from pathlib import Path
from typing import Any

from symbiosis.errors import listed, nearest
from symbiosis.keep import Kept, save
from symbiosis.optimum import Goal
from symbiosis.planning.keep import KIND as PLAN
from symbiosis.point import Point
from symbiosis.result import Result
from symbiosis.scenario import Scenario
from symbiosis.solvers.backends import AUTO
from symbiosis.terminal.numbers import amount, percent
from symbiosis.terminal.problems import refusal
from symbiosis.terminal.question import answered, question
from symbiosis.terminal.talk import Talk
from symbiosis.terminal.writing import writing

PICTURE = "network.svg"
ENDINGS = (".svg", ".png", ".pdf")
NETWORK, GANTT = PICTURES = ("network", "gantt")


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
    if picture == GANTT:
        return draw_gantt(subject, file, talk)
    folder = Path(subject)
    if not folder.is_dir():
        result = answered(question(subject, scenario), Goal.UTILISATION, AUTO, None, talk)
        folder = keep(result, file.with_name(f"{file.stem}-result"), talk)
        talk.note("result_kept", folder=folder)
    kept = Kept(folder)
    if kept.kind != "optimise":
        allowed = listed((GANTT,))
        raise refusal("not_of_this_kind", "--as", found=picture, kind=kept.kind, allowed=allowed)
    rate = kept.document["rate"]
    used, made = (amount(rate[key], "t", talk.lang) for key in ("numerator_t", "denominator_t"))
    value = percent(kept.document["utilisation_rate"])
    line = talk.say("rate", rate=value, used=used, made=made)
    talk.note("drawing", path=file)
    with writing(file):
        file.parent.mkdir(parents=True, exist_ok=True)
        paint(kept.scenario(), (kept.point(), kept.today()), line, file, talk)
    return file.resolve()


def draw_gantt(subject: str, file: Path, talk: Talk) -> Path:
    """Draw a kept plan; the absolute path. Raises :class:`InputError` for anything else."""
    folder = Path(subject)
    if not folder.is_dir():
        raise refusal("plan_first", "PARK|RESULT", found=subject)
    kept = Kept(folder)
    if kept.kind != PLAN:
        allowed = listed((NETWORK,))
        raise refusal("not_of_this_kind", "--as", found=GANTT, kind=kept.kind, allowed=allowed)
    talk.note("drawing", path=file)
    with writing(file):
        file.parent.mkdir(parents=True, exist_ok=True)
        paint_gantt(kept.document, file, talk)
    return file.resolve()


def paint_gantt(document: dict[str, Any], path: Path, talk: Talk) -> None:
    """Draw a plan from its document into ``path``."""
    from symbiosis.report.plan_gantt import plan_gantt

    plan_gantt(document, path, talk.lang)
