"""Read YAML into data that remembers where each value stood.

YAML is read by the YAML 1.2 core schema, as OpenAPI asks (OAS 3.1.1 section 4.3): `yes`, `on` and
`2020-01-01` are strings, `0777` is the number 777. Documents are data: aliases are resolved but bounded,
tags other than the core ones are refused, and so are duplicate keys.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from typing import Any, ClassVar, NoReturn

import yaml

from leadline_openapi import pointer as pointers
from leadline_openapi.errors import Place, SpecError
from leadline_openapi.tree import MAX_DEPTH, Located, LocatedList

MAX_REPEATED = 50_000
"""Values that aliases may repeat in one file: far above any real document, far below a bomb."""

_TAG = "tag:yaml.org,2002:"
_SCALARS = {
    "null": (r"^(?:null|Null|NULL|~|)$", ["n", "N", "~", ""]),
    "bool": (r"^(?:true|True|TRUE|false|False|FALSE)$", list("tTfF")),
    "int": (r"^(?:[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+)$", list("-+0123456789")),
    "float": (
        r"^(?:[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$",
        list("-+.0123456789"),
    ),
}
"""The scalars of the core schema (YAML 1.2.2 section 10.3.2), and the characters they start with."""

_PATTERNS = {kind: re.compile(pattern) for kind, (pattern, _) in _SCALARS.items()}

Path = tuple[str | int, ...]


def parse(text: str, file: str) -> Any:
    """The value of the YAML *text* of *file*. Raises `SpecError` where it is not well-formed."""
    try:
        _refuse_depth(text, file)
        root = yaml.compose(text, Loader=_CoreLoader)
    except yaml.MarkedYAMLError as error:
        raise SpecError(_mark(file, error.problem_mark), _explain(error)) from None
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        raise SpecError(
            Place(file, line), f"not well-formed YAML: {error.reason}", "remove the character"
        ) from None
    if root is None:
        raise SpecError(Place(file, 1), "the file is empty")
    return _Builder(file).build(root, ())


class _CoreLoader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    yaml_implicit_resolvers: ClassVar[dict[str, list[tuple[str, re.Pattern[str]]]]] = {}


for _kind, (_, _first) in _SCALARS.items():
    _CoreLoader.add_implicit_resolver(f"{_TAG}{_kind}", _PATTERNS[_kind], _first)


def _refuse_depth(text: str, file: str) -> None:
    """Refuse absurd nesting before the parser recurses into it."""
    depth = 0
    for event in yaml.parse(text, Loader=_CoreLoader):
        depth += isinstance(event, yaml.CollectionStartEvent)
        depth -= isinstance(event, yaml.CollectionEndEvent)
        if depth > MAX_DEPTH:
            place = _mark(file, event.start_mark)
            raise SpecError(place, f"nested more than {MAX_DEPTH} levels deep")


def _explain(error: yaml.MarkedYAMLError) -> str:
    problem = error.problem or "syntax error"
    context = f" ({error.context})" if error.context else ""
    return f"not well-formed YAML: {problem}{context}"


def _mark(file: str, mark: Any, path: Path = ()) -> Place:
    at = pointers.pointer(path)
    if mark is None:
        return Place(file, pointer=at)
    return Place(file, mark.line + 1, mark.column + 1, at)


class _Builder:
    """Turns composed nodes into located data, counting what aliases repeat."""

    def __init__(self, file: str) -> None:
        self._file = file
        self._seen: set[int] = set()
        self._repeated = 0

    def build(self, node: yaml.Node, path: Path) -> Any:
        self._count(node, path)
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, path)
        if isinstance(node, yaml.SequenceNode):
            return self._sequence(node, path)
        return self._scalar(node, path)

    def _count(self, node: yaml.Node, path: Path) -> None:
        if id(node) in self._seen:
            self._repeated += 1
        self._seen.add(id(node))
        if self._repeated > MAX_REPEATED or len(path) > MAX_DEPTH:
            self._fail(node, path[:3], "the document is too large once its aliases are resolved")

    def _mapping(self, node: yaml.MappingNode, path: Path) -> Located:
        self._check_tag(node, "map", path)
        mapping = Located()
        for key_node, value_node in node.value:
            if not isinstance(key_node, yaml.ScalarNode):
                self._fail(key_node, path, "a key must be a string")
            key = key_node.value
            inner = (*path, key)
            if key in mapping:
                self._fail(key_node, inner, f"the key `{key}` is given twice in one object")
            if key == "<<" and key_node.style not in {"'", '"'}:
                self._fail(key_node, inner, "YAML 1.2 has no merge keys (`<<`)")
            place = _mark(self._file, key_node.start_mark, inner)
            mapping.put(key, self.build(value_node, inner), place)
        return mapping

    def _sequence(self, node: yaml.SequenceNode, path: Path) -> LocatedList:
        self._check_tag(node, "seq", path)
        sequence = LocatedList()
        for index, item in enumerate(node.value):
            inner = (*path, index)
            place = _mark(self._file, item.start_mark, inner)
            sequence.put(self.build(item, inner), place)
        return sequence

    def _check_tag(self, node: yaml.Node, kind: str, path: Path) -> None:
        if node.tag != _TAG + kind:
            self._fail(node, path, f"the YAML tag `{node.tag}` is not allowed", "remove the tag")

    def _scalar(self, node: yaml.Node, path: Path) -> Any:
        kind, text = str(node.tag).removeprefix(_TAG), str(node.value)
        if kind == "str":
            return text
        if kind not in _PATTERNS:
            self._fail(node, path, f"the YAML tag `{node.tag}` is not allowed", "remove the tag")
        if not _PATTERNS[kind].match(text):
            self._fail(node, path, f"`{text[:40]}` does not fit the YAML tag `!!{kind}`")
        match kind:
            case "null":
                return None
            case "bool":
                return text.lower() == "true"
        return self._number(_integer if kind == "int" else _finite, text, node, path)

    def _number(
        self, parse: Callable[[str], float], text: str, node: yaml.Node, path: Path
    ) -> float:
        try:
            return parse(text)
        except ValueError:
            self._fail(node, path, f"`{text[:40]}` is not a JSON number")

    def _fail(self, node: yaml.Node, path: Path, problem: str, hint: str = "") -> NoReturn:
        raise SpecError(_mark(self._file, node.start_mark, path), problem, hint)


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
