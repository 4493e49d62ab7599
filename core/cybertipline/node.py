"""An element as it was read: its name, its attributes, and either text or elements."""

from collections.abc import Iterator
from dataclasses import dataclass, field


@dataclass(slots=True)
class Node:
    """One element. `text` is all its character data, that between its elements too."""

    name: str
    attributes: dict[str, str] = field(default_factory=dict)
    text: str = ""
    children: list["Node"] = field(default_factory=list)

    def all(self, *path: str) -> Iterator["Node"]:
        """Every element on this path, in the order they stand."""
        if not path:
            yield self
            return
        for child in self.children:
            if child.name == path[0]:
                yield from child.all(*path[1:])

    def first(self, *path: str) -> "Node | None":
        return next(self.all(*path), None)

    def has(self, *path: str) -> bool:
        return self.first(*path) is not None

    def said(self, *path: str) -> str:
        """The text of the first element on this path, without space around it; nothing when it is not there."""
        found = self.first(*path)
        return found.text.strip() if found else ""

    def is_true(self, *path: str) -> bool:
        """Whether the first element on this path is there and means yes; an empty flag does."""
        found = self.first(*path)
        return found is not None and found.text.strip() in ("", "true", "1")

    def named(self, *names: str) -> Iterator["Node"]:
        """Every element below with one of these names, in document order."""
        for child in self.children:
            if child.name in names:
                yield child
            yield from child.named(*names)
