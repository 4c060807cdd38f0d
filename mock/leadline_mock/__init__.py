"""A mock server that behaves as a contract says."""

from leadline_mock.app import create_app
from leadline_mock.world import Ids, World

__all__ = ["Ids", "World", "create_app"]
