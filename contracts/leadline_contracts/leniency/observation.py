"""What was seen of a server's leniency, counted."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """
    What *operation* makes of one *fault* of what *pointer* names, seen *count* times.

    *declared* is what `x-leniency` says, empty where it says nothing; *observed* one of its outcomes;
    *sent* and *answered* are the first evidence, as text.
    """

    operation: str
    pointer: str
    fault: str
    declared: tuple[str, ...]
    observed: str
    sent: str
    answered: str
    count: int = 1

    @property
    def lenient(self) -> bool:
        """Whether it is something else than the refusal that the contract asks for."""
        return self.observed != "rejected"


class Register:
    """Takes observations one by one."""

    def __init__(self) -> None:
        self._seen: dict[tuple[str, str, str, str], Observation] = {}

    def add(self, observations: Iterable[Observation]) -> None:
        """Count *observations*."""
        for one in observations:
            key = (one.operation, one.pointer, one.fault, one.observed)
            known = self._seen.get(key)
            self._seen[key] = replace(known, count=known.count + 1) if known else one

    def told(self, redact: Callable[[str], str]) -> tuple[Observation, ...]:
        """
        All that is not a plain refusal, and the refusals of what is declared to be taken.

        Where some values of a kind are refused and others are not, only the latter are told.
        """
        taken = {_kind(one) for one in self._seen.values() if one.lenient}
        return tuple(
            replace(one, sent=redact(one.sent), answered=redact(one.answered))
            for one in self._seen.values()
            if one.lenient or (set(one.declared) - {"rejected"} and _kind(one) not in taken)
        )


def _kind(one: Observation) -> tuple[str, str, str]:
    """Whose refusals are told together; text that is not UTF-8 is one kind of text that is not JSON."""
    return (one.operation, one.pointer, one.fault.removesuffix(":encoding"))
