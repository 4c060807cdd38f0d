"""Typed Pydantic models of a contract, generated."""

from leadline_openapi.models.generator import generate
from leadline_openapi.models.header import HEADER, Origin, generator, origin, restamped

__all__ = ["HEADER", "Origin", "generate", "generator", "origin", "restamped"]
