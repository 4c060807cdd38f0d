"""Whatever is done to a document, it loads or is refused with a place: never a traceback."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from leadline_openapi import SpecError, load

SPECS = Path(__file__).parent / "specs"
JUNK: list[Any] = [
    *(None, True, 0, -1, 1.5, "", "x", "#/", "/", "{a}", [], {}, [1], [[]], {"": ""}),
    *({"$ref": "#/x"}, {"$ref": 1}, {"$ref": "#"}, {"x-echo": 1}, {"allOf": {}}, {"mapping": 3}),
]
KEYS = [
    *("$ref", "x-echo", "type", "properties", "allOf", "discriminator", "required", "parameters"),
    *("servers", "security", "callbacks", "content", "examples", "pattern", "default", "schema"),
    *("in", "style", "x-invariants", "patternProperties", "additionalOperations", "mapping"),
]


def paths(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """The path of everything in *value*."""
    if path:
        yield path
    members: Any = ()
    if isinstance(value, dict | list):
        members = value.items() if isinstance(value, dict) else enumerate(value)
    for key, member in members:
        yield from paths(member, (*path, key))


def spoilt(document: Any, chance: random.Random) -> Any:
    """*document* with something replaced, removed or added."""
    path = chance.choice(list(paths(document)))
    holder = document
    for key in path[:-1]:
        holder = holder[key]
    target = holder[path[-1]]
    match chance.choice(["replace", "remove", "add"]):
        case "add" if isinstance(target, dict):
            target[chance.choice(KEYS)] = chance.choice(JUNK)
        case "remove":
            del holder[path[-1]]
        case _:
            holder[path[-1]] = chance.choice(JUNK)
    return document


@pytest.mark.parametrize("name", ["articles.yaml", "catalogue.yaml"])
@pytest.mark.parametrize("seed", range(30))
def test_junk(tmp_path: Path, name: str, seed: int) -> None:
    """A document with junk in it loads, or gives one error with file and line."""
    document = yaml.safe_load((SPECS / name).read_text("utf-8"))
    path = tmp_path / "api.json"
    path.write_text(json.dumps(spoilt(document, random.Random(seed)), indent=1), "utf-8")  # noqa: S311
    try:
        load(path)
    except SpecError as error:
        assert error.place.line  # noqa: PT017
        assert error.problem  # noqa: PT017
