"""What OpenAPI asks of a document beyond what its JSON Schema can say."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import urlsplit

from leadline_openapi import pointer as pointers
from leadline_openapi.structure import Node
from leadline_openapi.tree import Reporter

_TEMPLATE = re.compile(r"\{([^{}]*)\}")

Path = tuple[str | int, ...]


def check(document: dict[str, Any], nodes: list[Node], reporter: Reporter) -> None:
    """Check the *nodes* of *document*, whose structure is valid. Raises `SpecError`."""
    schemes = document.get("components", {}).get("securitySchemes", {})
    _check_security((), document, schemes, reporter)
    for node in nodes:
        match node.kind:
            case "operation":
                _check_security(node.path, node.value, schemes, reporter)
                _check_parameters(document, node, reporter)
            case "pathItem":
                _check_parameters(document, node, reporter)
            case "server":
                _check_server(node, reporter)
    operations = [node for node in nodes if node.kind == "operation"]
    _check_identifiers(operations, reporter)
    _check_templates(document.get("paths", {}), reporter)
    for node in operations:
        if node.path[0] == "paths" and len(node.path) in (3, 4):
            _check_path_parameters(document, node, reporter)


def _check_identifiers(operations: list[Node], reporter: Reporter) -> None:
    seen: dict[str, Path] = {}
    for node in operations:
        identifier = node.value.get("operationId")
        if identifier is None or node.path[0] == "components":
            continue
        if identifier in seen:
            taken = pointers.pointer(seen[identifier])
            reporter.fail(
                (*node.path, "operationId"), f"the operationId `{identifier}` is taken by {taken}"
            )
        seen[identifier] = node.path


def _check_security(
    path: Path, holder: dict[str, Any], schemes: dict[str, Any], reporter: Reporter
) -> None:
    for index, requirement in enumerate(holder.get("security", ())):
        for name in requirement:
            if name not in schemes:
                reporter.fail(
                    (*path, "security", index, name),
                    f"the security scheme `{name}` is not defined",
                    "define it under components.securitySchemes",
                )


def _check_server(node: Node, reporter: Reporter) -> None:
    for name in _TEMPLATE.findall(node.value["url"]):
        if name not in node.value.get("variables", {}):
            reporter.fail((*node.path, "url"), f"the server variable `{name}` is not described")
    for name, variable in node.value.get("variables", {}).items():
        values = variable.get("enum")
        if values is not None and variable["default"] not in values:
            path = (*node.path, "variables", name, "default")
            reporter.fail(path, f"the default of `{name}` is not in its `enum`")
    try:
        urlsplit(node.value["url"])
    except ValueError as error:
        reporter.fail((*node.path, "url"), f"not a URL: {error}")


def _check_templates(paths: Iterable[str], reporter: Reporter) -> None:
    """Paths that differ only in the names of their parameters are the same (OAS 3.1.1 4.8.8)."""
    seen: dict[str, str] = {}
    for template in paths:
        if not template.startswith("/"):
            continue  # an extension
        names = _TEMPLATE.findall(template)
        if re.search(r"[{}]", _TEMPLATE.sub("", template)) or "" in names:
            reporter.fail(("paths", template), f"the braces of `{template}` do not match")
        for name in names:
            if names.count(name) > 1:
                problem = f"the path parameter `{name}` occurs twice in `{template}`"
                reporter.fail(("paths", template), problem)
        shape = _TEMPLATE.sub("{}", template)
        if shape in seen:
            reporter.fail(("paths", template), f"`{template}` is the same path as `{seen[shape]}`")
        seen[shape] = template


def _check_parameters(document: dict[str, Any], node: Node, reporter: Reporter) -> None:
    seen = set()
    for index, parameter in enumerate(_parameters(document, node.value)):
        location, name = parameter["in"], parameter["name"]
        key = location, name.lower() if location == "header" else name
        if key in seen:
            reporter.fail(
                (*node.path, "parameters", index),
                f"the {location} parameter `{name}` is described twice",
            )
        seen.add(key)


def _check_path_parameters(document: dict[str, Any], node: Node, reporter: Reporter) -> None:
    template = str(node.path[1])
    item = document["paths"][template]
    wanted = set(_TEMPLATE.findall(template))
    given = {
        parameter["name"]
        for holder in (item, node.value)
        for parameter in _parameters(document, holder)
        if parameter["in"] == "path"
    }
    for name in sorted(wanted - given):
        reporter.fail(node.path, f"the path parameter `{name}` of `{template}` is not described")
    for name in sorted(given - wanted):
        reporter.fail(node.path, f"the path parameter `{name}` does not occur in `{template}`")


def _parameters(document: dict[str, Any], holder: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for listed in holder.get("parameters", ()):
        parameter = listed
        while isinstance(reference := parameter.get("$ref"), str):
            parameter = pointers.find(document, reference[1:])
        yield parameter
