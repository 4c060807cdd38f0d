"""Where the contract speaks of a member of an answer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from leadline_contracts.reconcile.setting import Setting
from leadline_openapi import pointer as pointers
from leadline_openapi.contract import MediaType
from leadline_openapi.flatten import Places
from leadline_openapi.leniency.faults import inside

Path = tuple[str, ...]


class Place:
    """Where the contract speaks of the value at *path* of a body of *media*."""

    def __init__(self, setting: Setting, media: MediaType, path: Path) -> None:
        self._setting, self.media, self.path = setting, media, path
        self.holder = ""
        self.known: Places = ()
        self.told: Mapping[str, Any] = {}
        """All that is said of the member."""
        self.members: tuple[str, ...] = ()
        """What it has in it, where it is an object."""
        if media.schema is None:
            return
        library = media.schema.library
        places: Places = (media.schema.pointer,)
        for key in path[:-1]:
            places = inside(library, places, key)[1]
        if not places:
            return
        real = [setting.real(place) for place in places]
        self.holder = next((one for one in real if self._named(one)), real[0])
        self.known = library.flat(places).properties.get(path[-1], ())
        if self.known:
            flat = library.flat(self.known)
            self.told, self.members = flat.keywords, tuple(flat.properties)

    def admits(self, value: Any) -> bool:
        """Whether the contract admits *value* for the member."""
        schema = self.media.schema
        return schema is not None and all(
            schema.library.at(place).is_valid(value) for place in self.known
        )

    def _named(self, holder: str) -> bool:
        schema = self._setting.find(holder)
        return isinstance(schema, dict) and self.path[-1] in schema.get("properties", {})

    @property
    def pointer(self) -> str:
        """The property, as far as there is one."""
        return (
            self.known[0]
            if self.known
            else self.holder + pointers.pointer(("properties", self.path[-1]))
        )

    def examples(self) -> Iterator[str]:
        """Pointers of the values at the path in the examples of the body."""
        for holder in self.holders():
            at = holder + pointers.pointer(self.path[-1:])
            if self._setting.find(at) is not None:
                yield at

    def holders(self) -> Iterator[str]:
        """Pointers of the objects in the examples of the body that may hold the member."""
        examples = f"{self.media.pointer}/examples"
        found = [f"{self.media.pointer}/example"]
        named = (
            examples + pointers.pointer((name,)) for name in self._setting.find(examples) or ()
        )
        found += [f"{self._setting.real(at)}/value" for at in named]
        for at in found:
            inner = at + pointers.pointer(self.path[:-1])
            if isinstance(self._setting.find(inner), dict):
                yield inner
