"""
A mock server that behaves as a contract says.

    from leadline_mock import World, create_app
    from leadline_openapi import load

    client = create_app(load("openapi.yaml"), World(keys=("secret",))).test_client()
"""

from leadline_mock.app import create_app
from leadline_mock.world import BadWorld, Ids, World

__all__ = ["BadWorld", "Ids", "World", "create_app"]
