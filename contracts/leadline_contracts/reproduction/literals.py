"""Values as Python source text."""

from __future__ import annotations

from typing import Any

from leadline_contracts.reproduction.secrets import Secret, Text


def literal(value: Any) -> str:
    """*value*, parsed JSON, as a Python expression in ASCII."""
    return ascii(value)


def expression(text: Text, *, in_query: bool = False) -> str:
    """*text* as a Python expression that reads its secrets from the environment."""
    parts = [literal(part) if isinstance(part, str) else _read(part, in_query) for part in text]
    return " + ".join(parts) or literal("")


def _read(secret: Secret, in_query: bool) -> str:  # noqa: FBT001 - handed on by the one caller
    arguments = [secret.variable, secret.change, secret.prefix, secret.suffix]
    while not arguments[-1]:
        arguments.pop()
    read = f"secret({', '.join(map(literal, arguments))})"
    return f"in_query({read})" if in_query else read
