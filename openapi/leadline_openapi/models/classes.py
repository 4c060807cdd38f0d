"""Which schemas get a class: its name, and how it sees the document."""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from leadline_openapi import pointer as pointers
from leadline_openapi.contract import Contract
from leadline_openapi.models.components import components
from leadline_openapi.models.directions import Directions, View
from leadline_openapi.models.members import MADE
from leadline_openapi.models.naming import Names, class_name

_STRUCTURE = frozenset(("schemas", "schema", "properties", "content", "application/json"))
"""What a pointer says about structure, not about meaning."""


class Classes:
    """
    The classes that are asked for, by one another or from outside, one after another.

    *view* is that of the class that is being shaped; *names* has all that were given. What another module
    has, *besides*, is not called the same.
    """

    def __init__(
        self,
        contract: Contract,
        directions: Directions,
        view: View,
        besides: Collection[str] = (),
    ) -> None:
        self.view = view
        self.names = Names(besides)
        self._contract = contract
        self._directions = directions
        self._instead: Mapping[str, str] = {}
        self._known: dict[tuple[View, str], str] = {}
        self._waiting: deque[tuple[Any, str, str, View]] = deque()

    def add_components(self) -> Mapping[str, str]:
        """Give every named schema a class; gives their names by pointer."""
        found = components(self._contract, self.names)
        self._instead = found.instead
        for pointer, name in found.names.items():
            view = self._view_at(pointer, self.view)
            self._wait(pointers.find(view.document, pointer), pointer, name, view)
        return found.names

    def add(self, pointer: str, wanted: str, current: View | None = None) -> str:
        """
        The class of the schema at *pointer*; *wanted* is its name unless it has one or that is taken.

        It is the one for the view *current*, by default that of the class that is being shaped.
        """
        pointer = self._instead.get(pointer, pointer)
        view = self._view_at(pointer, current or self.view)
        return self._class(pointers.find(view.document, pointer), pointer, wanted, view)

    def own(self, source: Any, pointer: str, wanted: str) -> str:
        """The class of the schema *source*, which was made of what stands at *pointer*, for this view."""
        return self._class(source, pointer, wanted, self._view_at(pointer, self.view))

    def knows(self, pointer: str) -> bool:
        """Whether the schema at *pointer* has a class for this view."""
        return (self.view, pointer) in self._known

    def named(self, pointer: str) -> str:
        """The class of the schema at *pointer*, which is called after that unless it has a name."""
        told = [token for token in pointers.tokens(pointer)[1:] if token not in _STRUCTURE]
        return self.add(pointer, class_name(" ".join(told)))

    def waiting(self) -> Iterator[tuple[Any, str, str]]:
        """Schema, pointer and name of each class, those included that are asked for meanwhile."""
        while self._waiting:
            source, pointer, name, self.view = self._waiting.popleft()
            yield source, pointer, name

    def _class(self, source: Any, pointer: str, wanted: str, view: View) -> str:
        if (view, pointer) not in self._known:
            name = self.names.give(wanted, pointer, exported=False)
            self._wait(source, pointer, name, view)
        return self._known[view, pointer]

    def _wait(self, source: Any, pointer: str, name: str, view: View) -> None:
        self._known[view, pointer] = name
        self._waiting.append((source, pointer, name, view))

    def _view_at(self, pointer: str, current: View) -> View:
        return self._directions.view(pointer.partition(MADE)[0], current)
