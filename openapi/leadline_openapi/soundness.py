"""Does the contract contradict itself? A mock of such a contract would have to break it.

Held against their own schemas are the examples of media types and the `default`s; refused are patterns
that are none, and schemas that are proven to admit no value.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import jsonschema_rs
from jsonschema_rs import canonical

from leadline_openapi import pointer as pointers
from leadline_openapi.contract import Contract, MediaType
from leadline_openapi.errors import SpecError
from leadline_openapi.schema import Library, Schema, encoded
from leadline_openapi.structure import Node, is_schema, walk

_NAMED = re.compile(r"#/components/schemas/[^/]+")
_TOGETHER = 300
"""So many schemas are looked at in one go: each costs more than the last, and each go has its own cost."""
_ANNOTATIONS = frozenset(("description", "title", "deprecated", "$comment", "not"))


def check(contract: Contract) -> None:
    """Raise `SpecError` at the first contradiction in *contract*."""
    document = dict(contract.document)
    nodes = [node for node in walk(document) if is_schema(node.kind)]
    for node in nodes:
        _check_patterns(contract, node)
    _check_satisfiable(contract, document, nodes)
    _check_defaults(contract, document, [node for node in nodes if "default" in node.value])
    for operation in (one for one in contract.operations if not one.unsupported):
        bodies = [*(answer.body for answer in operation.answers), operation.body]
        for media in [media for body in bodies if body is not None for media in body.content]:
            _check_examples(contract, media)


def _check_patterns(contract: Contract, node: Node) -> None:
    patterns: list[tuple[tuple[str, ...], str]] = [
        (("patternProperties", text), text) for text in node.value.get("patternProperties", ())
    ]
    if "pattern" in node.value:
        patterns.append((("pattern",), node.value["pattern"]))
    for path, text in patterns:
        try:
            jsonschema_rs.Draft202012Validator({"pattern": text})
        except (jsonschema_rs.ValidationError, ValueError):
            at = pointers.pointer((*node.path, *path))
            raise SpecError(
                contract.place(at), f"the pattern `{text}` cannot be read as a regular expression"
            ) from None


def _check_satisfiable(contract: Contract, document: dict[str, Any], nodes: list[Node]) -> None:
    roots = [
        {"$ref": f"#{pointers.to_fragment(pointers.pointer(node.path))}"}
        for node in nodes
        if not is_schema(node.parent) and not _is_of_another(node.value)
    ]
    sent, found = encoded(document), set[str]()
    for start in range(0, len(roots), _TOGETHER):
        some = {str(number): root for number, root in enumerate(roots[start:][:_TOGETHER])}
        with suppress(jsonschema_rs.ValidationError, ValueError):  # beyond what can be proven
            found.update(canonical.find_unsatisfiable({**sent, "properties": some}))
    for at in sorted(found, key=lambda at: (-at.count("/"), at)):
        if at.startswith("/properties/") or not _is_meant(pointers.find(document, at)):
            continue
        raise SpecError(
            contract.place(at),
            "no value can satisfy this schema",
            "two of its keywords contradict each other",
        )


def _is_of_another(schema: dict[str, Any]) -> bool:
    """Whether *schema* is just a named one, which is looked at itself: that is enough."""
    return schema.keys() == {"$ref"} and _NAMED.fullmatch(schema["$ref"]) is not None


def _is_meant(schema: Any) -> bool:
    """Whether *schema* is meant to admit something: `false` and `{"not": {}}` forbid on purpose."""
    return isinstance(schema, dict) and "$ref" not in schema and not schema.keys() <= _ANNOTATIONS


def _check_defaults(contract: Contract, document: dict[str, Any], nodes: list[Node]) -> None:
    library = Library(document) if nodes else None
    for node in nodes:
        at = pointers.pointer(node.path)
        for wrong in Schema(at, library).violations(node.value["default"]) if library else ():
            raise SpecError(
                contract.place(f"{at}/default"),
                f"the default does not fit its schema: {wrong.problem}",
            )


def _check_examples(contract: Contract, media: MediaType) -> None:
    if media.schema is None or not media.is_json:
        return
    for at, example in _examples(contract, media):
        for wrong in media.schema.violations(example):
            raise SpecError(
                contract.place(at + wrong.pointer),
                f"the example does not fit its schema: {wrong.message}",
                "correct the example or the schema, in an overlay if the document is not yours",
            )


def _examples(contract: Contract, media: MediaType) -> Iterator[tuple[str, Any]]:
    source = pointers.find(contract.document, media.pointer)
    if "example" in source:
        yield f"{media.pointer}/example", source["example"]
        return
    for name, value in media.examples.items():
        at = media.pointer + pointers.pointer(("examples", name))
        example = pointers.find(contract.document, at)
        while isinstance(reference := example.get("$ref"), str):
            at = reference[1:]
            example = pointers.find(contract.document, at)
        yield f"{at}/{'dataValue' if 'dataValue' in example else 'value'}", value
