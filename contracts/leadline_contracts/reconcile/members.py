"""What is to be said of one member of answers: whether it is there, its type, its value."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from leadline_contracts.answered import is_near
from leadline_contracts.case import Exchange
from leadline_contracts.overlays import Action
from leadline_contracts.reconcile.places import Place
from leadline_contracts.reconcile.proposal import CONTRACT, DECIDE, SERVER, Draft, Matter
from leadline_contracts.reconcile.setting import Setting
from leadline_contracts.reconcile.shapes import Shape
from leadline_openapi import pointer as pointers
from leadline_openapi import words
from leadline_openapi.leniency.faults import json_type
from leadline_openapi.violation import show

_SURE = 3
"""So many answers make a rule."""
_UUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_NUMBER = re.compile(r"[0-9]+|[0-9a-f]{24}")
_SHOWN = 60
"""Characters of a value that are shown."""


class Member:
    """Proposes what is to be said of one place, of which the values *there* were seen in *answers*."""

    def __init__(
        self,
        setting: Setting,
        place: Place,
        kinds: set[str],
        matters: tuple[Matter, ...],
        there: list[tuple[Exchange, Any]],
        answers: int,
    ) -> None:
        self._setting, self._place, self._kinds = setting, place, kinds
        self._matters, self._there, self._answers = matters, there, answers
        self._name = place.path[-1]
        self._values = [value for _, value in there]

    def drafts(self) -> Iterator[Draft]:
        """What is proposed, if anything."""
        kinds = self._kinds
        if kinds == {"only in A"}:
            yield self._left_out()
        elif kinds == {"only in B"}:
            yield self._nothing() if self._place.known else self._added()
        elif kinds == {"another value"}:
            yield from self._another()
        elif all(" / " in kind for kind in kinds):
            yield self._of_type()

    def _drafted(
        self, what: str, why: str, actions: Iterable[Action], *, wrong: str = CONTRACT
    ) -> Draft:
        return Draft(
            wrong=wrong,
            pointer=self._place.pointer,
            what=what,
            why=why,
            expected="an answer as the contract describes it",
            actual=what,
            matters=self._matters,
            actions=tuple(actions),
        )

    # --- Members -------------------------------------------------------------------------------------------

    def _left_out(self) -> Draft:
        how = "never" if not self._there else "not always"
        why = f"It is in {len(self._there):,} of {self._answers:,} answers of B."
        return self._drafted(f"`{self._name}` is {how} answered", why, self._without())

    def _without(self) -> Iterator[Action]:
        setting, place = self._setting, self._place
        holder = setting.find(place.holder)
        required = holder.get("required", ()) if isinstance(holder, dict) else ()
        if self._name in required:
            yield setting.remove_item(
                f"{place.holder}/required", self._name, f"`{self._name}` may be missing."
            )
        if self._there:
            return
        for at in place.known:
            schema = setting.find(at)
            if isinstance(schema, dict) and "x-server-value" in schema:
                yield setting.remove(f"{at}/x-server-value", "It is never answered.")
        for example in place.examples():
            yield setting.remove(example, f"`{self._name}` is never answered.")

    def _added(self) -> Draft:
        always = len(self._there) == self._answers
        why = f"It is in {len(self._there):,} of {self._answers:,} answers of B, and in no schema."
        setting = self._setting
        shape = Shape()
        for value in self._values:
            shape.take(value, {})
        word = _server_value(self._there)
        drafted: dict[str, Any] = shape.schema(refusal=False)
        if word:
            drafted = {"type": json_type(self._values[0]), "readOnly": True, "x-server-value": word}
        else:
            drafted["readOnly"] = True
        update: dict[str, Any] = {"properties": {self._name: setting.spelt(drafted)}}
        if always:
            update["required"] = [self._name]
        actions = [setting.update(self._place.holder, "The server adds it.", update)]
        actions += self._completed() if always else ()
        return self._drafted(f"`{self._name}` is answered too", why, actions)

    def _nothing(self) -> Draft:
        """What was not sent comes back as something that the schema does not admit, `null` as a rule."""
        kinds = sorted({json_type(value) for value in self._values if value in (None, [])})
        what = f"`{self._name}` comes back as {' or '.join(kinds)} where it was not sent"
        if not kinds:
            return self._filled()
        if self._shared(self._place.pointer):
            why = "The schema is that of requests too, which would admit it then: it has to be split first."
            return self._drafted(what, why, (), wrong=DECIDE)
        why = "B says so of members that were not sent, and the schema does not admit it."
        return self._drafted(what, why, self._admitting(kinds))

    def _filled(self) -> Draft:
        """A known member is always answered, although it was not sent."""
        shape = Shape()
        for value in self._values:
            shape.take(value, {})
        always = len(self._there) == self._answers
        what = f"`{self._name}` is answered, sent or not"
        why = f"It is in {len(self._there):,} of {self._answers:,} answers of B."
        if not (always and shape.constant) or self._shared(self._place.pointer):
            return self._drafted(what, why, (), wrong=DECIDE)
        told = {"default": shape.values[0]}
        actions = [
            self._setting.update(self._place.pointer, "Where nothing was sent.", told),
            self._setting.update(
                self._place.holder, "It is never missing.", {"required": [self._name]}
            ),
            *self._completed(),
        ]
        return self._drafted(what, why, actions)

    def _admitting(self, kinds: list[str]) -> Iterator[Action]:
        setting, at = self._setting, self._place.pointer
        written = setting.find(at)
        told = f"It may be {' or '.join(kinds)} in an answer."
        if not isinstance(written, dict):
            return
        if setting.old_dialect and kinds == ["null"] and "type" in written:
            yield setting.update(at, told, {"nullable": True})
            return
        if "type" not in written or "$ref" in written:
            real = setting.real(at)
            yield setting.remove(at, "Said anew below.")
            branches = [{"$ref": f"#{real}"} if "$ref" in written else written]
            branched = {self._name: {"anyOf": [*branches, *({"type": kind} for kind in kinds)]}}
            yield setting.update(f"{self._place.holder}/properties", told, setting.spelt(branched))
            return
        listed = [written["type"]] if isinstance(written["type"], str) else []
        update: dict[str, Any] = {"type": [*listed, *kinds]}
        if "enum" in written and "null" in kinds:
            update["enum"] = [None]
        yield setting.update(at, told, update)

    def _shared(self, pointer: str) -> bool:
        """Whether the schema at *pointer* is one of requests too."""
        document, reached = self._setting.contract.document, set[str]()
        for operation in self._setting.contract.operations:
            for media in operation.body.content if operation.body else ():
                words.reach(document, f"{media.pointer}/schema", reached)
        return pointer in reached

    # --- Values --------------------------------------------------------------------------------------------

    def _of_type(self) -> Draft:
        kinds = sorted({json_type(value) for value in self._values})
        what = f"`{self._name}` is {' or '.join(kinds)}"
        why = f"It is so in all {len(self._there):,} answers of B."
        if len(kinds) > 1 or self._shared(self._place.pointer) or not self._place.known:
            return self._drafted(what, why, (), wrong=DECIDE)
        return self._drafted(what, why, self._retyped(kinds[0]))

    def _retyped(self, kind: str) -> Iterator[Action]:
        setting, at = self._setting, self._place.pointer
        written = setting.find(at)
        if not isinstance(written, dict):
            return
        for word in ("type", "const", "enum", "format", "examples", "example", "$ref"):
            if word in written:
                yield setting.remove(f"{at}/{word}", "Said anew below.")
        yield setting.update(at, f"It is {kind}.", setting.spelt({"type": kind}))
        yield from self._exemplified()

    def _completed(self) -> Iterator[Action]:
        """What puts the member into examples, which are not right without it any more."""
        for holder in self._place.holders():
            told = {self._name: self._values[0]}
            yield self._setting.update(holder, "As it was answered.", told)

    def _exemplified(self) -> Iterator[Action]:
        """What makes examples say what was seen."""
        for example in self._place.examples():
            at, _, name = example.rpartition("/")
            told = {pointers.tokens(f"/{name}")[0]: self._values[0]}
            yield self._setting.update(at, "As it was answered.", told)

    def _another(self) -> Iterator[Draft]:
        """Always the same value, another one than the mock's; or one that the server should assign."""
        assigned = next(
            (one for one in self._place.media.server_values if one.path == self._place.path), None
        )
        if assigned is not None:
            yield self._of_server(assigned.kind)
            return
        shape = Shape()
        for value in self._values:
            shape.take(value, {})
        if len(shape.values) != 1 or len(shape.types) != 1 or len(self._there) < _SURE:
            return
        what = f"`{self._name}` is {show(shape.values[0], _SHOWN)}"
        why = f"All {len(self._there):,} answers of B say so."
        actions = [*self._exemplified(), *self._constant(shape)]
        if actions:
            yield self._drafted(what, why, actions)

    def _constant(self, shape: Shape) -> Iterator[Action]:
        setting, at = self._setting, self._place.pointer
        written = setting.find(at)
        if not isinstance(written, dict) or "$ref" in written:
            return
        for word in ("example", "examples", "default", "const"):
            if word in written:
                yield setting.remove(f"{at}/{word}", "Said anew below.")
        value = shape.values[0]
        told = {"const": value} if shape.constant else {"examples": [value]}
        yield setting.update(at, "As it is always answered.", setting.spelt(told))

    def _of_server(self, kind: str) -> Draft:
        types = sorted({json_type(value) for value in self._values})
        distinct = len({str(value) for value in self._values}) == len(self._values)
        looks = _server_value(self._there)
        if len(types) == 1 and (distinct if kind != "now" else looks == "now"):
            what = f"`{self._name}` is {'an integer' if types[0] == 'integer' else f'a {types[0]}'}"
            why = "B gives such a value in each answer, and never one twice."
            actions = list(self._retyped(types[0]))
            if looks and looks != kind:
                told = {"x-server-value": looks}
                actions.append(self._setting.update(self._place.pointer, "As it looks.", told))
            return self._drafted(what, why, actions)
        what = (
            f"`{self._name}` is not the time of the answer"
            if kind == "now"
            else f"`{self._name}` is given twice"
        )
        return self._drafted(what, f"It is declared as `x-server-value: {kind}`.", (), wrong=SERVER)


def _server_value(there: list[tuple[Exchange, Any]]) -> str:
    """Which `x-server-value` these values look like; empty for none."""
    values = [value for _, value in there]
    if len(values) < _SURE or any(
        isinstance(one, bool | float | dict | list | None) for one in values
    ):
        return ""
    if all(is_near(value, one) for one, value in there):
        return "now"
    if len({str(one) for one in values}) != len(values):
        return ""
    if all(isinstance(one, str) and _UUID.fullmatch(one) for one in values):
        return "uuid"
    return "sequence" if all(_NUMBER.fullmatch(str(one)) for one in values) else ""
