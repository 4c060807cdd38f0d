"""What is proposed: who is wrong and why, and what makes the contract say what the server does."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from leadline_contracts.case import Exchange
from leadline_contracts.overlays import Action
from leadline_contracts.redaction import Redact, cleaned

CONTRACT, SERVER, DECIDE, NOBODY = "contract", "server", "decide", "nobody"
"""Who is wrong: the contract, the server B, one of the two as a person decides, or neither."""
WRONGS = (CONTRACT, SERVER, DECIDE, NOBODY)

_NAMED = 4

Matter = tuple[str, ...]
"""What a difference is about: the name of who answers for it, the operation, and what else tells it apart."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """
    What is proposed about all differences of *matters*, before evidence is put to it.

    *what* is said in a line, *why* in a sentence; *expected* is what the contract asks for, *actual* what
    B does. *pointer* leads into the contract.
    """

    wrong: str
    pointer: str
    what: str
    why: str
    matters: tuple[Matter, ...]
    expected: str = ""
    actual: str = ""
    actions: tuple[Action, ...] = ()

    def about(self, matters: Iterable[Matter]) -> Draft:
        """The same about *matters*."""
        return replace(self, matters=tuple(dict.fromkeys(matters)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """
    What to do about the differences of *count* cases to *operation*, of which *left* and *right* show one.

    A server that is *wrong* is to be told; with *actions* the contract says what it does until it is mended.
    """

    wrong: str
    operation: str
    pointer: str
    what: str
    why: str
    expected: str
    actual: str
    left: Exchange = field(repr=False)
    right: Exchange = field(repr=False)
    count: int
    actions: tuple[Action, ...] = ()

    @property
    def is_bug(self) -> bool:
        """Whether there is something to report to those who make the server."""
        return self.wrong == SERVER

    @property
    def title(self) -> str:
        """The operation and what is the matter: a heading of a bug report."""
        return f"{self.operation}: {self.what}"

    def without_actions(self) -> Proposal:
        """The same for a person to decide: the contract cannot be made to say it."""
        wrong = DECIDE if self.wrong == CONTRACT else self.wrong
        return replace(self, actions=(), wrong=wrong)

    def redacted(self, redact: Redact) -> Proposal:
        """The same with nothing secret in it."""
        return replace(
            self,
            pointer=redact(self.pointer),
            what=redact(self.what),
            why=redact(self.why),
            expected=redact(self.expected),
            actual=redact(self.actual),
            left=cleaned(self.left, redact),
            right=cleaned(self.right, redact),
            actions=tuple(_redacted(action, redact) for action in self.actions),
        )


def listed(names: Sequence[str]) -> str:
    """*names* in a line, the first of them by name."""
    more = len(names) - _NAMED
    return ", ".join(f"`{name}`" for name in names[:_NAMED]) + (
        f" and {more} more" if more > 0 else ""
    )


def _redacted(action: Action, redact: Redact) -> Action:
    return Action(
        target=redact(action.target),
        description=redact(action.description),
        update=None if action.update is None else _tree(action.update, redact),
        comment=redact(action.comment),
    )


def _tree(value: Any, redact: Redact) -> Any:
    if isinstance(value, dict):
        return {redact(key): _tree(one, redact) for key, one in value.items()}
    if isinstance(value, list):
        return [_tree(one, redact) for one in value]
    return redact(value) if isinstance(value, str) else value
