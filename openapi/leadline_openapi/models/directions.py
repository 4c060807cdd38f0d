"""Who uses a schema, requests or answers, and what that means for its members."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from leadline_openapi import pointer as pointers
from leadline_openapi.contract import Body, Contract
from leadline_openapi.normalise import for_direction, marked
from leadline_openapi.structure import children
from leadline_openapi.tree import plain

Side = Literal["sent", "read"]

_REQUEST, _RESPONSE = "readOnly", "writeOnly"
"""What marks the members that one direction leaves to the other."""


@dataclass(frozen=True, slots=True, eq=False)
class View:
    """
    The document as a class sees it that is shaped for one direction.

    Members marked *unasked* are not for it; empty where one class stands for both directions.
    """

    document: Mapping[str, Any]
    unasked: str = ""

    def has(self, member: Any) -> bool:
        """Whether the schema *member* of an object is one that this direction deals with."""
        return not (self.unasked and marked(self.document, member, self.unasked))


class Directions:
    """
    How the schemas of a contract are seen by requests and by answers.

    With *variants*, a schema that the two see differently has a view for each; else there is one view of
    everything, in which a schema asks for no more than either direction does.
    """

    def __init__(self, contract: Contract, *, variants: bool) -> None:
        document: dict[str, Any] = dict(contract.document)
        sent = (one.body for one in contract.operations if one.body)
        answered = (answer.body for one in contract.operations for answer in one.answers)
        used = {
            word: reachable(document, _pointers(bodies), word if variants else "")
            for word, bodies in ((_REQUEST, sent), (_RESPONSE, answered))
        }
        self._required = {word: _required(document, word, used[word]) for word in used}
        self._used = used
        self._views: dict[str, View] = {}
        self.apart: frozenset[str] = frozenset()
        self.whole = View(document) if variants else View(_asking(document, self._required))
        if variants:
            self._views = {
                word: View(_asking(document, {word: found}), word)
                for word, found in self._required.items()
            }
            self.apart = _apart(document, used[_REQUEST] & used[_RESPONSE], self._required)

    @property
    def request(self) -> View:
        """What requests see."""
        return self._views.get(_REQUEST, self.whole)

    def view(self, pointer: str, current: View) -> View:
        """How the schema at *pointer* is seen from within a class that is shaped for *current*."""
        used = [word for word in self._views if pointer in self._used[word]]
        if not used:
            return current  # nobody's, or a part that shaping has made of a schema
        if pointer in self.apart and current is self._views[_REQUEST]:
            return current
        return self._views[used[-1]]

    def sides(self, pointer: str) -> frozenset[Side]:
        """Whether the schema at *pointer* is sent, read, or both; none where no operation uses it."""
        sides: dict[str, Side] = {_REQUEST: "sent", _RESPONSE: "read"}
        return frozenset(side for word, side in sides.items() if pointer in self._used[word])

    def differ(self, pointer: str) -> bool:
        """Whether the schema at *pointer* has one class, and requires different members by direction."""
        if pointer in self.apart:
            return False
        return _differ(pointer, self._required)


Required = Mapping[str, Mapping[str, list[str]]]
"""By direction and pointer, the members that a schema requires there."""


def reachable(
    document: Mapping[str, Any], starts: Iterable[str], unasked: str = ""
) -> frozenset[str]:
    """
    The pointers of all schemas in and behind the schemas at the pointers *starts*.

    What only members lead to that are marked *unasked* is not among them.
    """
    seen: set[str] = set()
    waiting = [(start, "schema", pointers.find(document, start)) for start in starts]
    while waiting:
        pointer, kind, value = waiting.pop()
        if pointer in seen or not isinstance(value, dict):
            continue
        if unasked and kind == "property" and marked(document, value, unasked):
            continue
        seen.add(pointer)
        for key, inner in children(kind, value):
            waiting.append((pointer + pointers.pointer(key), inner, _at(value, key)))
        if isinstance(reference := value.get("$ref"), str):
            waiting.append((reference[1:], "schema", pointers.find(document, reference[1:])))
    return frozenset(seen)


def _at(value: Any, path: tuple[str | int, ...]) -> Any:
    for key in path:
        value = value[key]
    return value


def _pointers(bodies: Iterable[Body]) -> Iterator[str]:
    for media in (media for body in bodies for media in body.content):
        yield from (schema.pointer for schema in (media.schema, media.items) if schema)


def _required(document: dict[str, Any], unasked: str, used: frozenset[str]) -> dict[str, list[str]]:
    """What the schemas at the pointers *used* require in the direction that does not ask for *unasked*."""
    side = for_direction(document, unasked)
    found = ((pointer, pointers.find(side, pointer).get("required")) for pointer in used)
    return {pointer: names for pointer, names in found if isinstance(names, list)}


def _asking(document: dict[str, Any], required: Required) -> dict[str, Any]:
    """*document*, where each schema requires only what all directions in *required* do that use it."""
    copy: dict[str, Any] = plain(document)
    for found in required.values():
        for pointer, names in found.items():
            schema = pointers.find(copy, pointer)
            schema["required"] = [name for name in schema["required"] if name in names]
    return copy


def _differ(pointer: str, required: Required) -> bool:
    first, second = (found.get(pointer) for found in required.values())
    return first is not None and second is not None and first != second


def _apart(
    document: Mapping[str, Any], shared: frozenset[str], required: Required
) -> frozenset[str]:
    """Those schemas at the pointers *shared* that differ by direction, or have to do with one that does."""
    users: dict[str, list[str]] = defaultdict(list)
    waiting: list[str] = []
    for pointer in sorted(shared):
        schema = pointers.find(document, pointer)
        for key, _ in children("schema", schema):
            users[pointer + pointers.pointer(key)].append(pointer)
        if isinstance(reference := schema.get("$ref"), str):
            users[reference[1:]].append(pointer)
        members = schema.get("properties", {}).values()
        if _differ(pointer, required) or any(_is_marked(document, one) for one in members):
            waiting.append(pointer)
    found: set[str] = set()
    while waiting:
        pointer = waiting.pop()
        if pointer not in found:
            found.add(pointer)
            waiting.extend(users[pointer])
    return frozenset(found)


def _is_marked(document: Mapping[str, Any], member: Any) -> bool:
    return any(marked(document, member, word) for word in (_REQUEST, _RESPONSE))
