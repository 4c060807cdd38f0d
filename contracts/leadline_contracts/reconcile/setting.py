"""The contract that proposals are about, and how an overlay changes it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from leadline_contracts import overlays
from leadline_contracts.case import Case
from leadline_contracts.overlays import Action
from leadline_openapi import Contract, Operation, words
from leadline_openapi import pointer as pointers
from leadline_openapi.structure import is_schema, walk


@dataclass(frozen=True)
class Setting:
    """
    A *contract*, and the *document* that an overlay is applied to: as it is written, references in it.

    *moved* maps pointers of responses to where they stand once their status is another one.
    """

    contract: Contract
    document: Mapping[str, Any] = field(repr=False)
    moved: dict[str, str] = field(default_factory=dict)

    @property
    def old_dialect(self) -> bool:
        """Whether schemas are those of OpenAPI 3.0."""
        return str(self.document.get("openapi", "")).startswith("3.0.")

    @cached_property
    def requested(self) -> frozenset[str]:
        """The pointers of all schemas to which requests lead."""
        document, reached = self.contract.document, set[str]()
        for operation in self.contract.operations:
            for media in operation.body.content if operation.body else ():
                words.reach(document, f"{media.pointer}/schema", reached)
        return frozenset(reached)

    def made_up(self, case: Case) -> set[str]:
        """The names of members that *case* sends, and that no schema of the contract has."""
        return _names(case.value) - self._named if case.body and not case.malformed else set()

    @cached_property
    def _named(self) -> frozenset[str]:
        """What any schema of the contract calls a property."""
        schemas = (one.value for one in walk(self.contract.document) if is_schema(one.kind))
        return frozenset(name for one in schemas for name in one.get("properties", ()))

    def operation(self, label: str) -> Operation:
        """The operation that is called *label*."""
        return next(one for one in self.contract.operations if one.label == label)

    def reaches(self, pointer: str) -> bool:
        """Whether an overlay can name what stands at *pointer*."""
        return overlays.reachable(self.contract, pointer)

    def real(self, pointer: str) -> str:
        """Where what stands at *pointer* really stands, references followed."""
        return words.follow(self.contract.document, pointer)[0]

    def find(self, pointer: str) -> Any:
        """What is written at *pointer*, or `None`."""
        try:
            return pointers.find(self.document, pointer)
        except LookupError:
            return None

    def update(self, pointer: str, description: str, update: Mapping[str, Any]) -> Action:
        """The action that merges *update* into what stands at *pointer*."""
        return Action(target=self.target(pointer), description=description, update=update)

    def update_members(
        self,
        parent: str,
        names: Sequence[str],
        description: str,
        update: Mapping[str, Any],
        inner: str = "",
    ) -> Action:
        """The action that merges *update* into what *inner* leads to in the members *names* of *parent*."""
        target = overlays.siblings(self.document, self._now(parent), names) + inner
        return Action(target=target, description=description, update=update)

    def remove(self, pointer: str, description: str) -> Action:
        """The action that removes what stands at *pointer*."""
        return Action(target=self.target(pointer), description=description)

    def remove_item(self, pointer: str, item: str, description: str) -> Action:
        """The action that removes the text *item* from the array at *pointer*."""
        target = f"{self.target(pointer)}[?@ == {overlays.quoted(item)}]"
        return Action(target=target, description=description)

    def target(self, pointer: str) -> str:
        """The JSONPath of what stands at *pointer*, once responses have moved."""
        return overlays.target(self.document, self._now(pointer))

    def _now(self, pointer: str) -> str:
        for old, new in self.moved.items():
            if pointer == old or pointer.startswith(f"{old}/"):
                return new + pointer.removeprefix(old)
        return pointer

    def spelt(self, schema: Any) -> Any:
        """The JSON Schema *schema* in the dialect of the document."""
        return _older(schema) if self.old_dialect else schema


def _names(value: Any) -> set[str]:
    """The names of all members in *value*, which may be nested deep."""
    found: set[str] = set()
    waiting = [value]
    while waiting:
        one = waiting.pop()
        if isinstance(one, dict):
            found |= one.keys()
            waiting += one.values()
        elif isinstance(one, list):
            waiting += one
    return found


def _older(schema: Any) -> Any:
    """*schema* as OpenAPI 3.0 has it: without `const`, `examples` and lists of types."""
    if isinstance(schema, list):
        return [_older(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    told = _typed(dict(schema))
    if "const" in told:
        told["enum"] = [told.pop("const")]
    if isinstance(told.get("examples"), list):
        told["example"] = told.pop("examples")[0]
    for word in ("items", "additionalProperties", "anyOf"):
        if word in told:
            told[word] = _older(told[word])
    if "properties" in told:
        told["properties"] = {name: _older(one) for name, one in told["properties"].items()}
    return told


def _typed(schema: dict[str, Any]) -> dict[str, Any]:
    """*schema* with one type at most, and `nullable` for null."""
    told = schema.get("type")
    if told == "null":
        del schema["type"]
        schema["enum"] = [None]
    elif isinstance(told, list):
        named = [name for name in told if name != "null"]
        del schema["type"]
        if len(named) == 1:
            schema |= {"type": named[0], "nullable": True} if "null" in told else {"type": named[0]}
    return schema
