"""What may be told of how requests are let in: never a key, never a header's value."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Disclosed:
    """Whether requests were *keyed*, and the names of the *headers* that the caller added to each."""

    keyed: bool = True
    headers: tuple[str, ...] = ()
