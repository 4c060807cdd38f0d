"""Is the document a valid OpenAPI document, and one that Leadline can read without guessing?

The structure is held against the OpenAPI Initiative's own JSON Schemas, as `openapi-spec-validator`
ships them; they are read as data, because importing that library costs more than everything else that
a start needs. What JSON Schema cannot say is checked in `rules` and `soundness`.
"""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Iterator
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import jsonschema_rs

from leadline_openapi import rules
from leadline_openapi.errors import Place, SpecError
from leadline_openapi.structure import Node, is_schema, walk
from leadline_openapi.tree import Located, Reporter, plain
from leadline_openapi.violation import show

VERSIONS = ("3.0", "3.1", "3.2")
_DIALECTS = re.compile(
    r"https://(json-schema\.org/draft/2020-12/schema|spec\.openapis\.org/oas/3\.\d/dialect/[^/]+)#?"
)
_MOVING_KEYWORDS = ("$id", "$anchor", "$dynamicRef", "$dynamicAnchor", "$recursiveRef")


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
        hint = "this is an overlay: pass it as one" if "overlay" in root else ""
        raise SpecError(
            place, "not an OpenAPI document: `openapi` is missing or not a string", hint
        )
    match = re.fullmatch(r"(3\.[012])\.[0-9]+(-[0-9A-Za-z.-]+)?", text)
    if match is None:
        raise SpecError(
            root.places["openapi"],
            f"OpenAPI version `{text}` is not supported",
            f"Leadline reads {', '.join(f'{one}.x' for one in VERSIONS)}",
        )
    return match[1]


def check(root: Located, feature: str, file: str) -> None:
    """Hold *root*, of the version *feature*, to the OpenAPI Specification. Raises `SpecError`."""
    document = plain(root)
    reporter = Reporter(root, file)
    _check_structure(document, feature, reporter)
    nodes = list(walk(document))
    for node in nodes:
        if is_schema(node.kind):
            _check_schema(node, feature, reporter)
    if "jsonSchemaDialect" in document:
        _check_dialect(document["jsonSchemaDialect"], ("jsonSchemaDialect",), reporter)
    rules.check(document, nodes, reporter)


@cache
def _structure_validator(feature: str) -> jsonschema_rs.Validator:
    return jsonschema_rs.validator_for(_structure(feature))


def _structure(feature: str) -> Any:
    spec = find_spec("openapi_spec_validator")
    if spec is None or spec.origin is None:
        raise RuntimeError("openapi-spec-validator is not installed")
    folder = Path(spec.origin).parent / "resources" / "schemas" / f"v{feature}"
    return json.loads((folder / "schema.json").read_text("utf-8"))


@cache
def _meta_validator() -> jsonschema_rs.Validator:
    return jsonschema_rs.Draft202012Validator(
        {"$ref": "https://json-schema.org/draft/2020-12/schema"}
    )


def _check_structure(document: dict[str, Any], feature: str, reporter: Reporter) -> None:
    validator = _structure_validator(feature)
    if not validator.is_valid(document):
        _report(validator.iter_errors(document), (), feature, reporter)


def _check_schema(node: Node, feature: str, reporter: Reporter) -> None:
    for keyword in _MOVING_KEYWORDS:
        if keyword in node.value:
            reporter.fail(
                (*node.path, keyword),
                f"`{keyword}` is not supported",
                "use `$ref` with a JSON pointer",
            )
    if "$schema" in node.value:
        _check_dialect(node.value["$schema"], (*node.path, "$schema"), reporter)
    if feature != "3.0" and not is_schema(node.parent):
        validator = _meta_validator()
        if not validator.is_valid(node.value):
            _report(validator.iter_errors(node.value), node.path, feature, reporter)


def _check_dialect(dialect: Any, path: tuple[str | int, ...], reporter: Reporter) -> None:
    if not _DIALECTS.fullmatch(str(dialect)):
        reporter.fail(path, f"the dialect `{dialect}` is not supported", "use JSON Schema 2020-12")


def _report(errors: Any, base: tuple[str | int, ...], feature: str, reporter: Reporter) -> None:
    """Fail with the most telling of *errors*: the one that lies deepest."""
    error = max(map(_telling, errors), key=_weight)
    path, problem, hint = _tell(error, feature)
    reporter.fail((*base, *path), problem, hint)


def _weight(error: Any) -> tuple[int, bool]:
    unknown = error.kind.name in {"additionalProperties", "unevaluatedProperties"}
    return len(error.instance_path), unknown


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


_NO_WHOLE = "only the entries of this object can be references, not the object as a whole"


def _tell(error: Any, feature: str) -> tuple[tuple[str | int, ...], str, str]:
    """Where *error* is, what is wrong there, and what may have been meant."""
    path, kind, parts = tuple(error.instance_path), error.kind.name, error.kind.as_dict()
    match kind:
        case "additionalProperties" | "unevaluatedProperties" if parts.get("unexpected"):
            name = parts["unexpected"][0]
            return (
                (*path, name),
                f"`{name}` is not allowed here",
                _meant(name, error.instance, feature),
            )
        case "required":
            return path, f"`{parts['property']}` is missing", ""
        case "type":
            hint = _NO_WHOLE if path[-1:] == ("$ref",) else ""
            return path, f"must be of type {' or '.join(parts['types'])}", hint
        case "enum":
            return path, f"must be one of {', '.join(map(show, parts['options']))}", ""
        case "format":
            return path, f"{show(error.instance)} is not a valid {parts['format']}", ""
    first = str(error.message).split("\n", 1)[0]
    return path, first if len(first) <= 200 else f"{first[:200]}…", ""


def _meant(name: str, instance: Any, feature: str) -> str:
    if name == "$ref":
        return _NO_WHOLE
    fields = set(_fields(_structure(feature))) - set(instance)
    close = difflib.get_close_matches(name, sorted(fields), n=1, cutoff=0.75)
    return f"did you mean `{close[0]}`?" if close else ""


def _fields(schema: Any) -> Iterator[str]:
    """The names of all fields that *schema*, the JSON Schema of OpenAPI, knows."""
    if isinstance(schema, dict):
        yield from schema.get("properties", ())
        for value in schema.values():
            yield from _fields(value)
    elif isinstance(schema, list):
        for value in schema:
            yield from _fields(value)
