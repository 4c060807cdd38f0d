"""How the tests ask a real server, and what it refuses them with."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx

Ask = Callable[..., httpx.Response]
"""Posts a lead; takes the body, another value of `Authorization`, and query parameters."""

JSON = {"Content-Type": "application/json"}

FORBIDDEN = {"errors": [{"message": "You are not allowed to perform this action."}]}
"""The answer to whoever has no key."""
FAILED = {"errors": [{"message": "Something went wrong."}]}
"""The answer to what the server did not foresee."""


def doc(answer: httpx.Response) -> dict[str, Any]:
    """The lead that *answer* says was created."""
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()["doc"]
    return found
