"""YAML events -> nodes with lines, gathering what is wrong on the way.

No Python object is ever built from a tag, and aliases are counted as what they expand to before
anything is expanded.
"""

import math
import re
from dataclasses import dataclass, field
from typing import Any, Literal

import yaml

from symbiosis.errors import Problem, nearest

DEEPEST = 40
MOST_NODES = 200_000
LONGEST_PLACE = 12

CORE = "tag:yaml.org,2002:"
TAGS = {
    "scalar": ("!!str", "!!int", "!!float", "!!bool", "!!null"),
    "map": ("!!map",),
    "seq": ("!!seq",),
}
TYPES = {"!!int": int, "!!float": float, "!!bool": bool, "!!null": type(None)}

NULLS = frozenset({"", "~", "null", "Null", "NULL"})
TRUTHS = {word: word[0] in "tT" for word in ("true", "True", "TRUE", "false", "False", "FALSE")}
INTEGER = re.compile(r"[-+]?(?:0|[1-9][0-9]{0,299})|0o[0-7]{1,99}|0x[0-9a-fA-F]{1,99}")
DECIMAL = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+\.[0-9]*|[0-9]+(?=[eE]))(?:[eE][-+]?[0-9]+)?")
ENDLESS = re.compile(r"[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)")

Kind = Literal["scalar", "map", "seq"]


class TooMuch(Exception):
    """The file asks for more than will be read; the problem is noted already."""


@dataclass(slots=True)
class Node:
    """One value: a scalar's ``value``, or ``items`` as (key, line of the key, node).

    ``size`` counts the nodes that it expands to and ``depth`` how deep they are nested.
    """

    kind: Kind
    line: int
    value: Any = None
    items: list[tuple[str | int, int, "Node"]] = field(default_factory=list)
    size: int = 1
    depth: int = 0


@dataclass(slots=True)
class Open:
    """A list or mapping that is still being read, and the key that waits for its value."""

    node: Node
    is_key: bool
    key: str | None = None
    key_line: int = 0
    seen: dict[str, int] = field(default_factory=dict)

    @property
    def wants_key(self) -> bool:
        """Whether the next event is a key of this mapping."""
        return self.node.kind == "map" and self.key is None

    @property
    def place(self) -> str:
        """The key or the index that is being read."""
        return str(len(self.node.items)) if self.node.kind == "seq" else self.key or ""


class NodeBuilder:
    """Takes events in order; ``root`` and ``problems`` are what it found."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.root: Node | None = None
        self.problems: list[Problem] = []
        self.open: list[Open] = []
        self.anchors: dict[str, Node] = {}
        self.aliases = 0

    def take(self, event: yaml.Event) -> None:
        """Use one event. Raises :class:`TooMuch` where reading on makes no sense."""
        match event:
            case yaml.ScalarEvent():
                self.take_scalar(event)
            case yaml.MappingStartEvent():
                self.start("map", event)
            case yaml.SequenceStartEvent():
                self.start("seq", event)
            case yaml.CollectionEndEvent():
                self.end()
            case yaml.AliasEvent():
                self.take_alias(event)
            case yaml.DocumentStartEvent() if self.root is not None:
                self.note("several_documents", line_of(event))
                raise TooMuch

    def take_scalar(self, event: yaml.ScalarEvent) -> None:
        """A key where one is due, else a value."""
        line = line_of(event)
        if self.open and self.open[-1].wants_key:
            self.take_key(event, line)
            return
        node = Node("scalar", line, self.scalar_value(event, line))
        if event.anchor:
            self.anchors[event.anchor] = node
        self.add(node)

    def take_key(self, event: yaml.ScalarEvent, line: int) -> None:
        """Note a key; one that stands twice, merges, or is nothing is a problem."""
        top, key, plain = self.open[-1], str(event.value), event.implicit[0]
        self.check_tag("scalar", event.tag, line)
        top.key, top.key_line = key, line
        if event.anchor:
            self.anchors[event.anchor] = Node("scalar", line, key)
        if plain and key == "<<":
            self.note("merge_key", line)
        if plain and key == "":
            self.note("odd_key", line)
        if key in top.seen:
            self.note("duplicate_key", line, found=key, first=top.seen[key], second=line)
        top.seen.setdefault(key, line)

    def start(self, kind: Kind, event: yaml.CollectionStartEvent) -> None:
        """Open a list or a mapping."""
        line = line_of(event)
        is_key = bool(self.open) and self.open[-1].wants_key
        if is_key:
            self.note("odd_key", line)
        self.check_tag(kind, event.tag, line)
        node = Node(kind, line)
        if event.anchor:
            self.anchors[event.anchor] = node
        self.open.append(Open(node, is_key))
        self.limit_depth(0, line)

    def end(self) -> None:
        """Close the innermost list or mapping and hand it to the one around it."""
        closed = self.open.pop()
        if closed.is_key:
            self.open[-1].key, self.open[-1].key_line = "", closed.node.line
        else:
            self.add(closed.node)

    def take_alias(self, event: yaml.AliasEvent) -> None:
        """Put the anchored node in the alias's place."""
        line, name = line_of(event), str(event.anchor)
        self.aliases += 1
        if self.open and self.open[-1].wants_key:
            self.note("odd_key", line)
            self.open[-1].key, self.open[-1].key_line = "", line
            return
        node = self.anchors.get(name)
        if node is None:
            self.note("alias_unknown", line, found=name, nearest=nearest(name, self.anchors))
        elif any(frame.node is node for frame in self.open):
            self.note("alias_recursive", line, found=name)
        else:
            self.limit_depth(node.depth, line)
            self.add(node)
            return
        self.add(Node("scalar", line))

    def add(self, node: Node) -> None:
        """Put a finished node where it belongs and count it."""
        if not self.open:
            self.root = node
            return
        top = self.open[-1]
        if top.node.kind == "seq":
            top.node.items.append((len(top.node.items), node.line, node))
        else:
            top.node.items.append((top.key or "", top.key_line, node))
            top.key = None
        top.node.depth = max(top.node.depth, node.depth + 1)
        top.node.size += node.size
        if top.node.size > MOST_NODES:
            code = "anchors_expand" if self.aliases else "too_many_nodes"
            self.note(code, node.line, most=MOST_NODES)
            raise TooMuch

    def limit_depth(self, below: int, line: int) -> None:
        """Refuse what is nested deeper than a person would write it."""
        if len(self.open) + below > DEEPEST:
            self.note("too_deep", line, most=DEEPEST)
            raise TooMuch

    def check_tag(self, kind: Kind, tag: str | None, line: int) -> str | None:
        """The short form of a tag that is allowed here; any other is a problem."""
        if tag is None:
            return None
        short = tag.replace(CORE, "!!", 1)
        if short in TAGS[kind]:
            return short
        self.note("tag_refused", line, found=short, allowed=", ".join(TAGS[kind]))
        return None

    def scalar_value(self, event: yaml.ScalarEvent, line: int) -> Any:
        """What a scalar says: text if quoted, else what YAML's core schema makes of it."""
        text = str(event.value)
        tag = self.check_tag("scalar", event.tag, line)
        if tag == "!!str" or (tag is None and not event.implicit[0]):
            return text
        value = plain_value(text)
        if isinstance(value, float) and not math.isfinite(value):
            self.note("not_finite", line, found=text)
        elif tag == "!!float" and type(value) is int:
            return float(value)
        elif tag is not None and type(value) is not TYPES[tag]:
            self.note("tag_mismatch", line, found=text, tag=tag)
        return value

    def note(self, code: str, line: int, **details: str | int) -> None:
        """Keep a problem with its line and the keys that lead to it."""
        places = [frame.place for frame in self.open if frame.place]
        place = ".".join(places[:LONGEST_PLACE] + ["…"] * (len(places) > LONGEST_PLACE))
        self.problems.append(Problem(code, self.file, line, place, details))


def plain_value(text: str) -> str | int | float | bool | None:
    """An unquoted scalar in YAML 1.2's core schema; a number with leading zeros stays text."""
    if text in NULLS:
        return None
    if text in TRUTHS:
        return TRUTHS[text]
    if text[0] not in "+-.0123456789":
        return text
    if INTEGER.fullmatch(text):
        return int(text, 0)
    if DECIMAL.fullmatch(text):
        return float(text)
    if ENDLESS.fullmatch(text):
        return float(text.replace(".", ""))
    return text


def line_of(event: yaml.Event) -> int:
    """The 1-based line on which an event begins."""
    mark = event.start_mark
    return 1 if mark is None else int(mark.line) + 1
