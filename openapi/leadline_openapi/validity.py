"""Is the document a valid OpenAPI document, and one that Leadline can read without guessing?

The structure is held against the OpenAPI Initiative's own JSON Schemas, as `openapi-spec-validator`
ships them; they are read as data, because importing that library costs more than everything else that
a start needs. What JSON Schema cannot say is checked here.
"""

from __future__ import annotations

import json
import re
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import jsonschema_rs

from leadline_openapi import pointer as pointers
from leadline_openapi.errors import Place, SpecError
from leadline_openapi.structure import Node, is_schema, walk
from leadline_openapi.tree import Located, place_map, plain

VERSIONS = ("3.0", "3.1", "3.2")
_DIALECTS = re.compile(
    r"^https://(json-schema\.org/draft/2020-12/schema|spec\.openapis\.org/oas/3\.\d/dialect/[^/]+)#?$"
)
_MOVING_KEYWORDS = ("$id", "$anchor", "$dynamicRef", "$dynamicAnchor")


def version(root: Located, file: str) -> str:
    """The feature version (`3.0`, `3.1` or `3.2`). Raises `SpecError` for any other document."""
    text = root.get("openapi")
    if "swagger" in root:
        raise SpecError(
            root.places["swagger"],
            "Swagger 2.0 is not supported",
            "convert it to OpenAPI 3.0 first",
        )
    if not isinstance(text, str):
        place = root.places.get("openapi", Place(file, 1))
        raise SpecError(place, "not an OpenAPI document: `openapi` is missing or not a string")
    feature = ".".join(text.split(".")[:2])
    if feature not in VERSIONS:
        raise SpecError(
            root.places["openapi"],
            f"OpenAPI version `{text}` is not supported",
            f"Leadline reads {', '.join(VERSIONS)}",
        )
    return feature


def check(root: Located, feature: str, file: str) -> None:
    """Hold *root*, of the version *feature*, to the OpenAPI Specification. Raises `SpecError`."""
    document = plain(root)
    reporter = _Reporter(root, file)
    _check_structure(document, feature, reporter)
    nodes = list(walk(document))
    for node in nodes:
        if is_schema(node.kind):
            _check_schema(node, feature, reporter)
        elif node.kind == "parameter":
            _check_parameter(node, reporter)
    if "jsonSchemaDialect" in document:
        _check_dialect(document["jsonSchemaDialect"], ("jsonSchemaDialect",), reporter)
    _check_operations(document, nodes, reporter)


class _Reporter:
    def __init__(self, root: Located, file: str) -> None:
        self._root, self._file = root, file

    def fail(self, path: tuple[str | int, ...], problem: str, hint: str = "") -> None:
        at = pointers.pointer(path)
        known = place_map(self._root)
        place = known.get(at)
        while place is None and path:
            path = path[:-1]
            place = known.get(pointers.pointer(path))
        where = Place(place.file, place.line, place.column, at) if place else Place(self._file, 1)
        raise SpecError(where, problem, hint)


@cache
def _structure_validator(feature: str) -> jsonschema_rs.Validator:
    spec = find_spec("openapi_spec_validator")
    if spec is None or spec.origin is None:
        raise RuntimeError("openapi-spec-validator is not installed")
    folder = Path(spec.origin).parent / "resources" / "schemas" / f"v{feature}"
    return jsonschema_rs.validator_for(json.loads((folder / "schema.json").read_text("utf-8")))


@cache
def _meta_validator() -> jsonschema_rs.Validator:
    return jsonschema_rs.Draft202012Validator(
        {"$ref": "https://json-schema.org/draft/2020-12/schema"}
    )


def _check_structure(document: dict[str, Any], feature: str, reporter: _Reporter) -> None:
    errors = list(_structure_validator(feature).iter_errors(document))
    if errors:
        error = max(map(_telling, errors), key=lambda error: len(error.instance_path))
        reporter.fail(tuple(error.instance_path), _shorten(error.message))


def _telling(error: Any) -> Any:
    """Of an error that says "none of these", the branch that came closest."""
    context = getattr(error.kind, "context", None)
    branches = [branch for branch in context or [] if branch and not _about_reference(branch)]
    if not branches:
        return error
    deepest = max(branches, key=lambda branch: max(len(inner.instance_path) for inner in branch))
    return _telling(max(deepest, key=lambda inner: len(inner.instance_path)))


def _about_reference(branch: list[Any]) -> bool:
    return any(getattr(error.kind, "property", None) == "$ref" for error in branch)


def _shorten(message: str) -> str:
    first = message.split("\n", 1)[0]
    return first if len(first) <= 200 else f"{first[:200]}…"


def _check_schema(node: Node, feature: str, reporter: _Reporter) -> None:
    for keyword in _MOVING_KEYWORDS:
        if keyword in node.value:
            reporter.fail(
                (*node.path, keyword),
                f"`{keyword}` is not supported",
                "use `$ref` with a JSON pointer",
            )
    if "$schema" in node.value:
        _check_dialect(node.value["$schema"], (*node.path, "$schema"), reporter)
    if feature == "3.0" or is_schema(node.parent):
        return
    errors = list(_meta_validator().iter_errors(node.value))
    if errors:
        error = max(map(_telling, errors), key=lambda error: len(error.instance_path))
        reporter.fail((*node.path, *error.instance_path), _shorten(error.message))


def _check_parameter(node: Node, reporter: _Reporter) -> None:
    if node.value.get("in") == "querystring":
        reporter.fail(
            (*node.path, "in"),
            "`in: querystring` is not supported",
            "describe each query parameter",
        )


def _check_dialect(dialect: Any, path: tuple[str | int, ...], reporter: _Reporter) -> None:
    if not _DIALECTS.match(str(dialect)):
        reporter.fail(path, f"the dialect `{dialect}` is not supported", "use JSON Schema 2020-12")


def _check_operations(document: dict[str, Any], nodes: list[Node], reporter: _Reporter) -> None:
    schemes = document.get("components", {}).get("securitySchemes", {})
    seen: dict[str, tuple[str | int, ...]] = {}
    _check_security(("security",), document.get("security", []), schemes, reporter)
    for node in nodes:
        if node.kind != "operation":
            continue
        _check_security((*node.path, "security"), node.value.get("security", []), schemes, reporter)
        identifier = node.value.get("operationId")
        if identifier in seen:
            reporter.fail(
                (*node.path, "operationId"),
                f"the operationId `{identifier}` is taken by {pointers.pointer(seen[identifier])}",
            )
        if isinstance(identifier, str):
            seen[identifier] = node.path
        if node.path[0] == "paths" and len(node.path) in (3, 4):
            _check_path(document, node, reporter)


def _check_security(
    path: tuple[str | int, ...], requirements: Any, schemes: Any, reporter: _Reporter
) -> None:
    for index, requirement in enumerate(requirements):
        for name in requirement:
            if name not in schemes:
                reporter.fail(
                    (*path, index, name),
                    f"the security scheme `{name}` is not defined",
                    "define it under components.securitySchemes",
                )


def _check_path(document: dict[str, Any], node: Node, reporter: _Reporter) -> None:
    template = str(node.path[1])
    wanted = set(re.findall(r"\{([^{}]+)\}", template))
    item = document["paths"][template]
    listed = [*item.get("parameters", []), *node.value.get("parameters", [])]
    parameters = [_follow(document, parameter) for parameter in listed]
    given = {parameter["name"] for parameter in parameters if parameter["in"] == "path"}
    for name in sorted(wanted - given):
        reporter.fail(node.path, f"the path parameter `{name}` of `{template}` is not described")
    for name in sorted(given - wanted):
        reporter.fail(node.path, f"the path parameter `{name}` does not occur in `{template}`")


def _follow(document: dict[str, Any], value: dict[str, Any]) -> dict[str, Any]:
    while isinstance(reference := value.get("$ref"), str):
        value = pointers.find(document, reference[1:])
    return value
