"""How a function becomes a verb of the command: what it is given, and the options of every verb."""

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any

import typer

from symbiosis.terminal.spoken import OneVerb, Verbs

Verb = Callable[..., int | None]

COMMON = (
    ("json", bool, False, typer.Option("--json")),
    ("lang", str, "", typer.Option("--lang", metavar="zh|en", show_default=False)),
    ("quiet", bool, False, typer.Option("--quiet", "-q")),
    ("verbose", bool, False, typer.Option("--verbose", "-v")),
)

app = typer.Typer(
    name="symbiosis",
    cls=Verbs,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)


@dataclass(frozen=True)
class Asked:
    """A verb with what it was given."""

    function: Verb
    given: dict[str, Any]
    lang: str
    flags: dict[str, bool]


def verb(name: str, *aliases: str) -> Callable[[Verb], Verb]:
    """Register a function ``(talk, ...)`` as a verb; every verb gets the common options.

    Typer calls the verb only to bind what it parsed; :func:`symbiosis.cli.main` runs it.
    """

    def register(function: Verb) -> Verb:
        own = list(inspect.signature(function).parameters.values())[1:]
        common = [
            inspect.Parameter(
                key,
                inspect.Parameter.KEYWORD_ONLY,
                default=default,
                annotation=Annotated[of, option],
            )
            for key, of, default, option in COMMON
        ]

        def bind(**given: Any) -> Asked:
            flags = {key: given.pop(key) for key in ("json", "quiet", "verbose")}
            return Asked(function, given, given.pop("lang"), flags)

        parameters = [p.replace(kind=inspect.Parameter.KEYWORD_ONLY) for p in own] + common
        bind.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
        bind.__annotations__ = {p.name: p.annotation for p in parameters}
        app.command(name, cls=OneVerb)(bind)
        for alias in aliases:
            app.command(alias, cls=OneVerb, hidden=True)(bind)
        return function

    return register
