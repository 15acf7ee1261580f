"""What files declare: one plain tree, and the place of every key in the file that said it.

A park file alone is a declaration; a scenario lays its changes over it, and each changed key then
has its place in the scenario file. Checks and validation see only this.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from symbiosis.yamlfile import Document

Path = tuple[str | int, ...]


@dataclass(frozen=True)
class Place:
    """A line in a file."""

    file: str
    line: int | None


@dataclass(frozen=True)
class Declaration:
    """A tree with the place of every key; ``overlay`` holds the places of what was changed.

    ``root`` is where the tree stands in its document.
    """

    tree: Any
    document: Document
    overlay: Mapping[Path, Place] = field(default_factory=dict)
    root: Path = ()

    @classmethod
    def of(cls, document: Document) -> "Declaration":
        """What one file declares."""
        return cls(document.tree, document)

    def place(self, path: Path) -> Place:
        """Where ``path``, or the nearest thing around it, was said."""
        for length in range(len(path), 0, -1):
            if path[:length] in self.overlay:
                return self.overlay[path[:length]]
        return Place(str(self.document.path), self.document.line((*self.root, *path)))

    def changed(self, path: Path, value: Any, place: Place) -> "Declaration":
        """The declaration with ``value`` at ``path``, said at ``place``."""
        return replace(
            self, tree=_with(self.tree, path, value), overlay={**self.overlay, path: place}
        )

    def removed(self, path: Path, place: Place) -> "Declaration":
        """The declaration without what stands at ``path``."""
        parent = self.at(path[:-1])
        rest = {key: value for key, value in parent.items() if key != path[-1]}
        return replace(
            self, tree=_with(self.tree, path[:-1], rest), overlay={**self.overlay, path: place}
        )

    def below(self, key: str) -> "Declaration":
        """What stands under a key of a file without changes, as a declaration of its own."""
        return Declaration(self.tree[key], self.document, root=(*self.root, key))

    def at(self, path: Path) -> Any:
        """What stands at ``path``. Raises ``KeyError`` where nothing does."""
        node = self.tree
        for part in path:
            if isinstance(node, dict) and part in node:
                node = node[part]
            else:
                raise KeyError(path)
        return node


def _with(tree: Any, path: Path, value: Any) -> Any:
    """A copy of ``tree`` along ``path`` with ``value`` at its end; the rest is shared."""
    if not path:
        return value
    inner = tree.get(path[0]) or {}
    return {**tree, path[0]: _with(inner, path[1:], value)}
