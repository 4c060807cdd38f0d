"""Where made-up values come from: random numbers of a seed, and Faker where it is needed."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from functools import cache
from random import Random
from typing import Any

_START = datetime(2024, 1, 1, tzinfo=UTC)
_DAYS = 730
"""Times are made up from two years that are over: with the clock in it, no run could be repeated."""
_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"
_lock = threading.Lock()


class Source:
    """A source that gives the same values for the same *seed*."""

    def __init__(self, seed: str) -> None:
        # A locale or an id may hold half a surrogate pair, which UTF-8 has no form for.
        octets = seed.encode("utf-8", "surrogatepass")
        self.random = Random(octets)  # noqa: S311 - repeatable, not secret

    def fake(self, provider: str) -> str:
        """A text of the *provider* of Faker, by the random numbers of this source."""
        generator = _faker()
        with _lock:  # one is enough: another takes 15 ms to be made, and this one some µs to answer
            generator.random = self.random
            return str(generator.format(provider))

    def pick(self, *values: str) -> str:
        """One of *values*."""
        return self.random.choice(values)

    def shaped(self, shape: str) -> str:
        """*shape* with a digit in place of each `#`, and a letter in place of each `?`."""
        pools = {"#": "0123456789", "?": _LETTERS}
        return "".join(self.random.choice(pools.get(one, one)) for one in shape)

    def time(self) -> datetime:
        """A time, to the second."""
        return _START + timedelta(seconds=self.random.randrange(_DAYS * 86_400))


@cache
def _faker() -> Any:
    from faker.factory import Factory

    return Factory.create("en_US")
