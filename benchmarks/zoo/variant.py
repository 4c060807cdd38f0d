"""What a variant is: a correct server with one thing changed, and requests that show the difference."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from benchmarks.zoo.app import App, Document, Request, Response
from benchmarks.zoo.contract import KEY, PATH

Headers = tuple[tuple[str, str], ...]
JSON = "application/json"


@dataclass(frozen=True)
class Step:
    """A request, and what is due: `accept`, `refuse` or `other` (a method that is not documented)."""

    due: str
    body: bytes = b"{}"
    query: str = ""
    method: str = "POST"
    key: str | None = KEY
    media: str | None = JSON

    @property
    def target(self) -> str:
        """The target of the request."""
        return PATH + (f"?{self.query}" if self.query else "")


@dataclass(frozen=True)
class Variant:
    """One server. *witness* is sent in order, or *at_once* over as many connections as it has steps."""

    name: str
    family: str
    defect: str
    install: Callable[[App], None]
    witness: tuple[Step, ...]
    at_once: bool = False


def ok(_query: str = "", **members: Any) -> Step:
    """A valid request."""
    return Step("accept", json.dumps(members).encode(), _query)


def no(_query: str = "", **members: Any) -> Step:
    """An invalid request."""
    return Step("refuse", json.dumps(members).encode(), _query)


def raw(body: bytes | str, due: str = "refuse", **other: Any) -> Step:
    """A request with exactly this body."""
    return Step(due, body if isinstance(body, bytes) else body.encode(), **other)


class Family:
    """Makes variants of one family, by the stage that they change."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __call__(
        self, name: str, defect: str, stage: str, around: Callable[..., Any], *witness: Step
    ) -> Variant:
        """*around* in place of *stage*."""
        return Variant(name, self.name, defect, lambda app: app.wrap(stage, around), witness)

    def with_app(
        self,
        name: str,
        defect: str,
        install: Callable[[App], None],
        *witness: Step,
        at_once: bool = False,
    ) -> Variant:
        """Whatever *install* does."""
        return Variant(name, self.name, defect, install, witness, at_once)

    def takes(
        self, name: str, defect: str, fits: Callable[[str, Any], bool], *witness: Step
    ) -> Variant:
        """A member for which *fits* is true is accepted."""
        return self(
            name,
            defect,
            "field_error",
            lambda inner, n, v: None if fits(n, v) else inner(n, v),
            *witness,
        )

    def refuses(
        self, name: str, defect: str, wrong: Callable[[str, Any], bool], *witness: Step
    ) -> Variant:
        """A member for which *wrong* is true is refused."""
        return self(
            name,
            defect,
            "field_error",
            lambda inner, n, v: f"{n} is wrong" if wrong(n, v) else inner(n, v),
            *witness,
        )

    def fails(
        self,
        name: str,
        defect: str,
        when: Callable[[Document, dict[str, str]], Any],
        *witness: Step,
    ) -> Variant:
        """The server fails on a valid request for which *when* is true: 500."""

        def create(
            inner: Callable[..., Response], document: Document, request: Request
        ) -> Response:
            if when(document, dict(request.query)):
                raise RuntimeError(name)
            return inner(document, request)

        return self(name, defect, "create", create, *witness)

    def keeps(
        self, name: str, defect: str, change: Callable[[Document], Document], *witness: Step
    ) -> Variant:
        """What is stored is *change* of what was sent."""
        return self(
            name,
            defect,
            "kept",
            lambda inner, document, request: change(inner(document, request)),
            *witness,
        )

    def value(
        self, name: str, defect: str, change: Callable[[str, Any], Any], *witness: Step
    ) -> Variant:
        """Each member is stored as *change* of its name and value."""
        return self.keeps(
            name, defect, lambda document: {n: change(n, v) for n, v in document.items()}, *witness
        )

    def without(
        self, name: str, defect: str, lost: Callable[[str, Any], bool], *witness: Step
    ) -> Variant:
        """Members for which *lost* is true are not stored."""
        return self.keeps(
            name,
            defect,
            lambda document: {n: v for n, v in document.items() if not lost(n, v)},
            *witness,
        )

    def answers(
        self, name: str, defect: str, change: Callable[[Document], Any], *witness: Step
    ) -> Variant:
        """The confirmation is *change* of the right one."""
        return self(
            name, defect, "confirmation", lambda inner, document: change(inner(document)), *witness
        )

    def document(
        self, name: str, defect: str, change: Callable[[Document], Document], *witness: Step
    ) -> Variant:
        """The document that is answered is *change* of the right one."""
        return self(
            name,
            defect,
            "stored",
            lambda inner, document, request: change(inner(document, request)),
            *witness,
        )
