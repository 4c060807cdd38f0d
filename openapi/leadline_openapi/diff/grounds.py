"""Does one schema ask for something that the other does not? Told by proof, by a witness, or not at all."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, partial
from itertools import chain, islice
from typing import Any, Literal

import jsonschema_rs

from leadline_openapi.diff import strings
from leadline_openapi.diff.facing import Facing, covers, referring
from leadline_openapi.diff.hints import hints
from leadline_openapi.diff.references import references, refers
from leadline_openapi.diff.values import Maker
from leadline_openapi.diff.view import ASPECTS, Places

_TRIES = 600
_FOREIGN = 100
_ASPECT_WORDS = frozenset(word for words in ASPECTS.values() for word in words)
_SCHEMAS_INSIDE = frozenset(
    (
        *(
            "contains",
            "propertyNames",
            "dependentSchemas",
            "not",
            "if",
            "then",
            "else",
            "oneOf",
            "anyOf",
        ),
        *("unevaluatedItems", "unevaluatedProperties"),
    )
)

Schemas = Sequence[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Held:
    """
    Whether what one contract admits is what the other asks for.

    *how* is `proof` if it always is, `rule` if only what nobody is taken to send is not, `witness` if *value*
    is admitted and not what is asked for, and `undecided` if neither was found.
    """

    how: Literal["proof", "rule", "witness", "undecided"]
    value: Any = None

    @property
    def holds(self) -> bool:
        """Whether it is proven."""
        return self.how == "proof"


PROVEN = Held("proof")
RULED = Held("rule")
UNDECIDED = Held("undecided")


class Judge:
    """Weighs schemas of the two documents of *facing* against each other."""

    def __init__(self, facing: Facing) -> None:
        self._facing = facing

    def asks(
        self,
        which: int,
        places: Places,
        wanted: Schemas,
        *,
        seeds: Places = (),
        is_deep: bool = False,
    ) -> Held:
        """
        Whether every value of the schemas at *places* of the document *which* is valid against *wanted*.

        *wanted* are schemas of the other document; with *seeds*, only values of those are looked at. Where
        it *is_deep*, what *places* say by themselves cannot prove it, and is not tried first.
        """
        if not wanted:
            return PROVEN
        target = cache(partial(self._facing.canonical, 1 - which, wanted))
        if not (seeds or is_deep) and covers(
            target(), self._facing.canonical(which, [self._shell(which, places)])
        ):
            return PROVEN
        texts = strings.refused(self._facing.view(which, places), wanted)
        if texts == []:
            return PROVEN
        refused = self._facing.validator(1 - which, wanted).is_valid
        hinted = [*wanted, {"enum": texts}] if texts else wanted
        found = self.search(
            which, places, hinted, lambda value: not _judged(refused, value), seeds=seeds
        )
        if found is not None:
            return found
        whole = self._facing.canonical(which, referring((*places, *seeds)) or [{}])
        return PROVEN if covers(target(), whole) else UNDECIDED

    def admits(self, which: int, places: Places, other: Places) -> Held:
        """Whether every value of *places* of the document *which* is one of *other* of the other document."""
        return self.asks(which, places, referring(other))

    def search(
        self,
        which: int,
        places: Places,
        about: Schemas,
        is_witness: Callable[[Any], bool],
        *,
        seeds: Places = (),
    ) -> Held | None:
        """A value of *places* for which *is_witness*, guessed from them and from the schemas *about*."""
        named = dict.fromkeys(references(about))
        targets = [target for target in named if self._facing.has(1 - which, target)]
        own = [self._facing.source(which, place) for place in (*places, *seeds)]
        others = [self._facing.source(1 - which, target) for target in targets]
        told = hints([*about, *others, *own])
        maker, other = (Maker(self._facing, one, told) for one in (which, 1 - which))
        foreign = (
            value for target in targets for value in islice(other.values((target,)), _FOREIGN)
        )
        for value in chain(islice(self._values(maker, places, seeds), _TRIES), foreign):
            if is_witness(value) and self._facing.is_valid(which, (*places, *seeds), value):
                return Held("witness", value)
        return None

    def _values(self, maker: Maker, places: Places, seeds: Places) -> Iterator[Any]:
        if not seeds:
            return maker.values(places)
        merged = (
            {**outer, **value}
            for value in maker.few(seeds, 1)
            if isinstance(value, dict)
            for outer in maker.objects(places)
        )
        return chain(islice(maker.values(seeds), _TRIES // 2), merged)

    def _shell(self, which: int, places: Places) -> dict[str, Any]:
        """What *places* say by themselves: a superset of their values, small enough for a proof."""
        seen = self._facing.view(which, places)
        shells = []
        for part in seen.parts:
            if part.nullable:
                continue
            shell = {
                word: value
                for word, value in part.schema.items()
                if word in _ASPECT_WORDS and (word not in _SCHEMAS_INSIDE or not refers(value))
            }
            shell["required"] = part.schema.get("required", [])
            if (
                part.schema.get("additionalProperties") is False
                and "patternProperties" not in part.schema
            ):
                shell["properties"] = dict.fromkeys(part.schema.get("properties", {}), True)
                shell["additionalProperties"] = False
            shells.append(shell)
        return {"allOf": shells} if not seen.impossible else {"not": {}}


def _judged(is_valid: Callable[[Any], bool], value: Any) -> bool:
    try:
        return is_valid(value)
    except (UnicodeEncodeError, jsonschema_rs.ValidationError, ValueError):
        return True  # what cannot be judged is no witness
