"""Servers under test: over HTTP, or a WSGI application in this process."""

from __future__ import annotations

from leadline_contracts.target.access import Access, Target, Unreachable, keyless
from leadline_contracts.target.manners import Polite
from leadline_contracts.target.over_http import HttpTarget, is_loopback
from leadline_contracts.target.over_wsgi import WsgiTarget

__all__ = [
    "Access",
    "HttpTarget",
    "Polite",
    "Target",
    "Unreachable",
    "WsgiTarget",
    "is_loopback",
    "keyless",
]
