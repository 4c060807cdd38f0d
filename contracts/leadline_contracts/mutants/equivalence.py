"""Do two schemas admit the same values? Told by a witness, or by proof; otherwise not told."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any

import jsonschema_rs

from leadline_contracts.mutants import candidates
from leadline_contracts.mutants.mutant import Ruling, Standing
from leadline_contracts.mutants.positions import Position, around
from leadline_openapi.sample import NoSample, sample
from leadline_openapi.schema import URI, Library, Schema, encoded, reference
from leadline_openapi.violation import show

_VALUES = 60
_SURROUNDINGS = 4
_ANYTHING = Schema("/schema", Library({"schema": {}}))


def compare(position: Position, changed: Any, differs: Callable[[Any], bool]) -> Ruling:
    """
    Whether *changed* at *position* makes a difference, and for which value.

    *differs* tells whether a value of the whole is judged differently then.
    """
    document = {
        **position.root.library.document,
        "leadline": {"original": position.source, "changed": changed},
    }
    library = Library(document)
    original, mutated = (Schema(f"/leadline/{name}", library) for name in ("original", "changed"))
    for value in _tries(original, mutated):
        if original.is_valid(value) is not mutated.is_valid(value):
            for whole in islice(around(position, value), _SURROUNDINGS):
                if differs(whole):
                    return Ruling(Standing.DEFECT, f"it matters for {show(whole, 160)}")
    if _proven_same(original, mutated):
        return Ruling(Standing.EQUIVALENT, "both admit the same values")
    return Ruling(Standing.UNDECIDED, "no value was found on which they differ, and no proof")


def _tries(original: Schema, mutated: Schema) -> Iterator[Any]:
    yield from _listed(original, mutated)
    for schema in (mutated, original, _ANYTHING):
        yield from islice(candidates.valid(schema.library, (schema.pointer,)), _VALUES)
    yield from _subtracted(original, mutated)
    for value in candidates.valid(original.library, (original.pointer,)):
        if isinstance(value, dict):
            yield {**value, "leadlineUnknown": 1}
            yield from ({key: value[key] for key in value if key != name} for name in value)
    yield {"leadlineUnknown": 1}
    yield [None, "text", 1, {}]


def _listed(*schemas: Schema) -> Iterator[Any]:
    for schema in schemas:
        yield from schema.source.get("enum", ()) if isinstance(schema.source, dict) else ()


def _subtracted(original: Schema, mutated: Schema) -> Iterator[Any]:
    """Samples of what one schema admits and the other does not."""
    for first, second in ((original, mutated), (mutated, original)):
        try:
            rest = _canonical(first).subtract(_canonical(second)).to_json_schema()
            yield sample(Schema("/schema", Library({"schema": rest})))
        except (ValueError, NoSample, LookupError):
            continue


def _proven_same(original: Schema, mutated: Schema) -> bool:
    try:
        left, right = _canonical(original), _canonical(mutated)
        yes = jsonschema_rs.canonical.Containment.YES
        return bool(left.covers(right) == yes and right.covers(left) == yes)
    except ValueError:
        return False


def _canonical(schema: Schema) -> Any:
    registry = jsonschema_rs.Registry(
        [(URI, encoded(schema.library.document))], draft=jsonschema_rs.Draft202012
    )
    return jsonschema_rs.canonicalize(
        reference(schema.pointer),
        draft=20,
        registry=registry,
        validate_formats=False,
        offline=True,
    )
