"""Read YAML and JSON files into data that remembers where each value stood.

YAML is read by the YAML 1.2 core schema, as OpenAPI asks (OAS 3.1 section 4.3): `yes`, `on`,
`2020-01-01` and `0777` stay strings. Documents are data: aliases are resolved but bounded, tags
other than the core ones are refused, and so are duplicate keys.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, ClassVar, NoReturn

import yaml

from leadline_openapi import pointer as pointers
from leadline_openapi.errors import Place, SpecError
from leadline_openapi.tree import Located, LocatedList, located, plain

MAX_BYTES = 20_000_000
MAX_NODES = 2_000_000
"""Values in one file once aliases are resolved: far above any real document, far below a bomb."""
MAX_DEPTH = 200


def read(path: Path) -> Located:
    """
    Read the YAML or JSON file *path* as an object.

    Raises `SpecError` when the file is missing, too large, not UTF-8, not well-formed, has a
    duplicate key, or holds no object.
    """
    file = display(path)
    text = _text(path, file)
    tree = _read_json(text, file) if path.suffix.lower() == ".json" else _read_yaml(text, file)
    if not isinstance(tree, Located):
        raise SpecError(Place(file, 1), "the document is not an object", "is this the right file?")
    return tree


def display(path: Path) -> str:
    """*path* as a person would write it: relative to the working directory where it lies below."""
    try:
        return path.resolve().relative_to(Path.cwd()).as_posix()
    except ValueError:
        return str(path)


def _text(path: Path, file: str) -> str:
    try:
        if path.stat().st_size > MAX_BYTES:
            raise SpecError(Place(file), f"the file is larger than {MAX_BYTES:,} bytes")
        return path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise SpecError(
            Place(file), f"the file is not UTF-8 (byte {error.start})", "save it as UTF-8"
        ) from None
    except FileNotFoundError:
        raise SpecError(Place(file), "there is no such file", "check the path") from None
    except OSError as error:
        raise SpecError(Place(file), f"the file cannot be read: {error.strerror}") from None


def _read_json(text: str, file: str) -> Any:
    try:
        value = json.loads(text, object_pairs_hook=_refuse_duplicates)
    except json.JSONDecodeError as error:
        place = Place(file, error.lineno, error.colno)
        raise SpecError(place, f"not well-formed JSON: {error.msg}") from None
    except _DuplicateKey as error:
        raise SpecError(Place(file), f"the key `{error}` is given twice in one object") from None
    except RecursionError:
        raise SpecError(Place(file), "nested too deeply") from None
    try:
        # YAML's reader knows lines, JSON's does not; it is trusted only where both agree.
        tree = _read_yaml(text, file)
    except SpecError:
        return located(value, Place(file))
    return tree if plain(tree) == value else located(value, Place(file))


class _DuplicateKey(Exception):
    pass


def _refuse_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    mapping: dict[str, Any] = {}
    for key, value in pairs:
        if key in mapping:
            raise _DuplicateKey(key)
        mapping[key] = value
    return mapping


def _read_yaml(text: str, file: str) -> Any:
    _refuse_depth(text, file)
    try:
        root = yaml.compose(text, Loader=_CoreLoader)
    except yaml.MarkedYAMLError as error:
        raise SpecError(_mark(file, error.problem_mark), _explain(error)) from None
    except yaml.YAMLError as error:
        raise SpecError(Place(file), f"not well-formed YAML: {error}") from None
    if root is None:
        raise SpecError(Place(file, 1), "the file is empty")
    return _Builder(file).build(root, ())


def _refuse_depth(text: str, file: str) -> None:
    """Refuse absurd nesting before the parser recurses into it."""
    depth = 0
    try:
        for event in yaml.parse(text, Loader=_CoreLoader):
            depth += isinstance(event, yaml.CollectionStartEvent)
            depth -= isinstance(event, yaml.CollectionEndEvent)
            if depth > MAX_DEPTH:
                place = _mark(file, event.start_mark)
                raise SpecError(place, f"nested more than {MAX_DEPTH} levels deep")
    except yaml.YAMLError:
        return  # the parse proper reports it


def _explain(error: yaml.MarkedYAMLError) -> str:
    problem = error.problem or "syntax error"
    context = f" ({error.context})" if error.context else ""
    return f"not well-formed YAML: {problem}{context}"


def _mark(file: str, mark: Any, at: str = "") -> Place:
    if mark is None:
        return Place(file, pointer=at)
    return Place(file, mark.line + 1, mark.column + 1, at)


class _CoreLoader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """A loader that resolves plain scalars by the YAML 1.2 core schema (section 10.3.2)."""

    yaml_implicit_resolvers: ClassVar[dict[str, list[tuple[str, re.Pattern[str]]]]] = {}


for _tag, _pattern, _first in (
    ("null", r"^(?:null|Null|NULL|~|)$", ["n", "N", "~", ""]),
    ("bool", r"^(?:true|True|TRUE|false|False|FALSE)$", list("tTfF")),
    ("int", r"^(?:[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+)$", list("-+0123456789")),
    (
        "float",
        r"^(?:[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$",
        list("-+.0123456789"),
    ),
):
    _CoreLoader.add_implicit_resolver(f"tag:yaml.org,2002:{_tag}", re.compile(_pattern), _first)


class _Builder:
    """Turns composed nodes into located data, counting what aliases multiply."""

    def __init__(self, file: str) -> None:
        self._file = file
        self._count = 0

    def build(self, node: yaml.Node, path: tuple[str | int, ...]) -> Any:
        self._count += 1
        if self._count > MAX_NODES or len(path) > MAX_DEPTH:
            self._fail(node, path, "the document is too large once its aliases are resolved")
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, path)
        if isinstance(node, yaml.SequenceNode):
            return self._sequence(node, path)
        return self._scalar(node, path)

    def _mapping(self, node: yaml.MappingNode, path: tuple[str | int, ...]) -> Located:
        mapping = Located()
        for key_node, value_node in node.value:
            if not isinstance(key_node, yaml.ScalarNode):
                self._fail(key_node, path, "a key must be a string")
            key = key_node.value
            inner = (*path, key)
            if key in mapping:
                self._fail(key_node, inner, f"the key `{key}` is given twice in one object")
            if key == "<<" and key_node.style is None:
                self._fail(key_node, inner, "YAML 1.2 has no merge keys (`<<`)")
            place = _mark(self._file, key_node.start_mark, pointers.pointer(inner))
            mapping.put(key, self.build(value_node, inner), place)
        return mapping

    def _sequence(self, node: yaml.SequenceNode, path: tuple[str | int, ...]) -> LocatedList:
        sequence = LocatedList()
        for index, item in enumerate(node.value):
            inner = (*path, index)
            place = _mark(self._file, item.start_mark, pointers.pointer(inner))
            sequence.put(self.build(item, inner), place)
        return sequence

    def _scalar(self, node: yaml.Node, path: tuple[str | int, ...]) -> Any:
        kind, text = str(node.tag).removeprefix("tag:yaml.org,2002:"), str(node.value)
        match kind:
            case "str":
                return text
            case "null":
                return None
            case "bool":
                return text.lower() == "true"
            case "int":
                return self._number(_integer, node, path)
            case "float":
                return self._number(_finite, node, path)
            case _:
                self._fail(node, path, f"the YAML tag `{node.tag}` is not allowed")

    def _number(
        self, parse: Callable[[str], float], node: yaml.Node, path: tuple[str | int, ...]
    ) -> float:
        try:
            return parse(str(node.value))
        except ValueError:
            self._fail(node, path, f"`{str(node.value)[:40]}` is not a JSON number")

    def _fail(self, node: yaml.Node, path: tuple[str | int, ...], problem: str) -> NoReturn:
        raise SpecError(_mark(self._file, node.start_mark, pointers.pointer(path)), problem)


def _finite(text: str) -> float:
    value = float(text)  # `.nan` and `.inf` are YAML's spelling and fail here, as they should
    if math.isinf(value):
        raise ValueError(text)
    return value


def _integer(text: str) -> int:
    for prefix, base in (("0o", 8), ("0x", 16)):
        if text.startswith(prefix):
            return int(text[2:], base)
    return int(text)
