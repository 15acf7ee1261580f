"""The help of the command line in the words of the user; a wrong verb gets the nearest one."""

import inspect
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any

import typer
from typer.core import TyperCommand, TyperGroup

from symbiosis.errors import InputError
from symbiosis.terminal.problems import Misuse
from symbiosis.words import say, texts

Verb = Callable[..., int | None]
HEADINGS = ("usage", "arguments", "options", "commands", "help_itself", "required", "default")
TYPE_OF_ARGUMENT = re.compile(r" <(?:list\[)?str\]?>")
"""What some versions of typer put behind every argument in a help text."""
BRACED = re.compile(r"\{([^{}\n]*)\}")


COMMON = (
    ("json", bool, False, typer.Option("--json")),
    ("lang", str, "", typer.Option("--lang", metavar="zh|en", show_default=False)),
    ("quiet", bool, False, typer.Option("--quiet", "-q")),
    ("verbose", bool, False, typer.Option("--verbose", "-v")),
)


class InWords:
    """Help whose headings are in the language that ``ctx.obj`` names."""

    def get_help(self, ctx: Any) -> str:
        """The help text of one command."""
        text: str = super().get_help(ctx)  # type: ignore[misc]
        text = TYPE_OF_ARGUMENT.sub("", BRACED.sub(r"\1", text))
        if ctx.obj == "zh":
            for english in HEADINGS:
                text = text.replace(say(f"help.{english}", "en"), say(f"help.{english}", "zh"))
        return text


class OneVerb(InWords, TyperCommand):
    """One verb."""


class Verbs(InWords, TyperGroup):
    """All verbs, in the order of this file; a wrong name is answered with the nearest."""

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """The verb and the rest of the command line."""
        if args[0] not in self.commands and args[0][:1] != "-":
            shown = [name for name, verb in self.commands.items() if not verb.hidden]
            raise InputError([Misuse.unknown("no_such_verb", args[0], shown)])
        return super().resolve_command(ctx, args)


def put_in_words(command: Any, lang: str) -> None:
    """Fill the help texts of all verbs and options in ``lang``."""
    for name, one in [("symbiosis", command), *command.commands.items()]:
        one.help = say(f"help.verb_{name}", lang)
        for param in one.params:
            own = f"param_{param.name}_{name}"
            key = own if own in texts("help") else f"param_{param.name}"
            param.help = say(f"help.{key}", lang)


@dataclass(frozen=True)
class Asked:
    """A verb with what it was given."""

    function: Verb
    given: dict[str, Any]
    lang: str
    flags: dict[str, bool]


def bound(function: Verb) -> Callable[..., Asked]:
    """A verb ``(talk, ...)`` as typer calls it, with the common options after its own.

    Typer only binds what it parsed; the program runs the verb.
    """
    own = list(inspect.signature(function).parameters.values())[1:]
    common = [
        inspect.Parameter(
            key, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=Annotated[of, option]
        )
        for key, of, default, option in COMMON
    ]

    def bind(**given: Any) -> Asked:
        flags = {key: given.pop(key) for key in ("json", "quiet", "verbose")}
        return Asked(function, given, given.pop("lang"), flags)

    parameters = [p.replace(kind=inspect.Parameter.KEYWORD_ONLY) for p in own] + common
    bind.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    bind.__annotations__ = {p.name: p.annotation for p in parameters}
    return bind
