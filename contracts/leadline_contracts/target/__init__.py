"""Servers under test: over HTTP, or a WSGI application in this process."""

from __future__ import annotations

from leadline_contracts.target.access import Access, BadTarget, Target, Unreachable, keyless
from leadline_contracts.target.manners import Polite
from leadline_contracts.target.over_http import HttpTarget, address, is_loopback
from leadline_contracts.target.over_wsgi import WsgiTarget

__all__ = [
    "Access",
    "BadTarget",
    "HttpTarget",
    "Polite",
    "Target",
    "Unreachable",
    "WsgiTarget",
    "address",
    "is_loopback",
    "keyless",
]
