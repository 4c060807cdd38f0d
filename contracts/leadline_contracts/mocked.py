"""The mock as a target in this process: the one door between the two rooms."""

from __future__ import annotations

from typing import Any

from leadline_contracts.target import Access, WsgiTarget
from leadline_mock import World, create_app
from leadline_openapi import Contract


def target(contract: Contract, app: Any = None) -> WsgiTarget:
    """The mock of *contract*, or the variant *app* of it, without a socket."""
    world = World()
    application = create_app(contract, world) if app is None else app
    return WsgiTarget(application, contract.base_path, Access(key=world.keys[0]))
