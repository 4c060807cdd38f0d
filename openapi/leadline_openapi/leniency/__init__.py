"""Leniency: what a server takes beyond the contract, as `x-leniency` declares it, fault by fault."""

from leadline_openapi.leniency.declared import (
    OUTCOMES,
    VALUE,
    Declared,
    Outcome,
    check,
    declared,
    of_keyword,
)

__all__ = ["OUTCOMES", "VALUE", "Declared", "Outcome", "check", "declared", "of_keyword"]
