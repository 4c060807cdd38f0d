"""Which paths are those of the control API, and which operations need no router."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import unquote

from leadline_openapi import Contract, Operation

CONTROL = "/__leadline"
"""The path below which the control API lives."""


def is_control(path: str) -> bool:
    """Whether *path* belongs to the control API."""
    return path == CONTROL or path.startswith(f"{CONTROL}/")


def plain_operations(contracts: Sequence[Contract]) -> dict[tuple[str, str], Operation]:
    """The operations that one look at method and path finds, by these two."""
    found: dict[tuple[str, str], Operation] = {}
    for contract in contracts:
        for one in contract.operations:
            path = unquote(contract.base_path + one.path)
            if "{" not in path and path.isascii() and "%" not in path:
                found.setdefault((one.method, path), one)
    return found
