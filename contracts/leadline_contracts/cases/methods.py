"""Cases about methods: what the contract does not document at a path is no operation there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from leadline_contracts.case import Case, Due
from leadline_contracts.draft import base
from leadline_openapi import Contract, Operation
from leadline_openapi.sample import NoSample

_METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS")
_BARE = frozenset(("GET", "DELETE", "HEAD", "OPTIONS"))
"""Methods that come without a body."""
AREA = "methods"


def cases(contract: Contract) -> Iterator[Case]:
    """Every other method at every path of *contract*, with what one of its operations takes."""
    paths: dict[str, list[Operation]] = {}
    for operation in contract.operations:
        paths.setdefault(operation.path, []).append(operation)
    for operations in paths.values():
        model = next((one for one in operations if one.body), operations[0])
        documented = _documented(contract, model)
        yield from _around(model, documented)


def _documented(contract: Contract, operation: Operation) -> set[str]:
    item = contract.document.get("paths", {}).get(operation.path, {})
    methods = {name.upper() for name in item}
    return methods | {one.method for one in contract.operations if one.path == operation.path}


def _around(operation: Operation, documented: set[str]) -> Iterator[Case]:
    if operation.unsupported:
        return
    try:
        simple = base(operation)
    except NoSample:
        return
    item = operation.pointer.rpartition("/")[0]
    for method in _METHODS:
        if method in documented:
            continue
        draft = simple.with_body(None, None) if method in _BARE else simple
        case = draft.case(f"{method} {operation.path}", AREA, Due.NOWHERE, item)
        yield replace(case, method=method)
