"""Typed Pydantic models of a contract, generated."""

from leadline_openapi.models.generator import HEADER, generate

__all__ = ["HEADER", "generate"]
