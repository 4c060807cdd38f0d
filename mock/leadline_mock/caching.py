"""What is worked out once for a part of a contract, and forgotten when the contract is another one."""

from __future__ import annotations

from typing import Protocol, TypeVar


class _Remembering(Protocol):
    def cache_clear(self) -> None: ...


_Function = TypeVar("_Function", bound=_Remembering)
_remembering: list[_Remembering] = []


def forgettable(function: _Function) -> _Function:
    """*function*, whose results `functools` remembers; `forget` will forget them."""
    _remembering.append(function)
    return function


def forget() -> None:
    """Let go of the contracts that were asked for: they are large. What is needed is worked out anew."""
    for function in _remembering:
        function.cache_clear()
