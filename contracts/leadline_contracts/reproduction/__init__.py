"""Findings that anybody can repeat: as curl commands, as a pytest file, as an HTTP Archive."""

from __future__ import annotations

from leadline_contracts.reproduction.shell import commands, curl

__all__ = ["commands", "curl"]
