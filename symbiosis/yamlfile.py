"""YAML file -> plain tree, and the line of every key. Nothing in the file is ever run.

Scalars are read as YAML 1.2's core schema does: ``true``/``false``, ``null``, integers and
decimals; yes, no, dates, ``12:30`` and numbers with a leading zero stay text. Keys are always
text. Aliases are followed within limits, merge keys are refused. Everything that is wrong is
gathered into one :class:`~symbiosis.errors.InputError`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from symbiosis.errors import InputError, Problem
from symbiosis.textfile import read_text
from symbiosis.yamlhints import syntax_problem
from symbiosis.yamlnodes import Node, NodeBuilder, TooMuch

Keys = tuple[str | int, ...]

LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True)
class Document:
    """What a YAML file says: dicts, lists and scalars, and the 1-based line of every key path.

    What an alias repeats has the lines where it is written.
    """

    path: Path
    tree: Any
    lines: Mapping[Keys, int]

    def line(self, keys: Keys) -> int | None:
        """The line of a key path, or of the nearest thing around it that the file has."""
        while keys and keys not in self.lines:
            keys = keys[:-1]
        return self.lines.get(keys)


def read(path: str | Path) -> Document:
    """Read a YAML file. Raises :class:`InputError` with everything that is wrong in it."""
    where = Path(path)
    return parse(read_text(where), where)


def parse(text: str, path: Path) -> Document:
    """Read YAML text that stands in ``path``. Raises :class:`InputError`."""
    builder = NodeBuilder(str(path))
    try:
        for event in yaml.parse(text, Loader=LOADER):
            builder.take(event)
    except yaml.YAMLError as error:
        builder.problems.append(syntax_problem(error, text, str(path)))
    except TooMuch:
        pass
    root = builder.root
    if not builder.problems and (root is None or (root.kind == "scalar" and root.value is None)):
        builder.problems.append(Problem("file_empty", str(path), details={"found": str(path)}))
    if builder.problems or root is None:
        raise InputError(sorted(builder.problems, key=lambda problem: problem.line or 0))
    lines: dict[Keys, int] = {(): root.line}
    return Document(path, unfold(root, (), lines), lines)


def unfold(node: Node, keys: Keys, lines: dict[Keys, int]) -> Any:
    """A node as a plain value; fills ``lines`` on the way."""
    if node.kind == "scalar":
        return node.value
    values = []
    for key, line, item in node.items:
        here = (*keys, key)
        lines[here] = line
        values.append((key, unfold(item, here, lines)))
    return dict(values) if node.kind == "map" else [value for _, value in values]
