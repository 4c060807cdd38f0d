"""
A mock server that behaves as a contract says.

    from leadline_mock import World, create_app
    from leadline_openapi import load

    client = create_app(load("openapi.yaml"), World(keys=("secret",))).test_client()

In tests, `serving` runs one on a free port, and `in_process` has one without a socket.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from leadline_mock.app import create_app
    from leadline_mock.testing import in_process, serving
    from leadline_mock.world import BadWorld, Ids, World

__all__ = ["BadWorld", "Ids", "World", "create_app", "in_process", "serving"]

_HOMES = {
    "BadWorld": "world",
    "Ids": "world",
    "World": "world",
    "create_app": "app",
    "in_process": "testing",
    "serving": "testing",
}


def __getattr__(name: str) -> Any:
    """Every pytest run imports this package, and a mock starts faster than Flask: only what is asked for."""
    if name in _HOMES:
        return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
