"""What the suite sends, what came back, and what is wrong with it: the three records of every run."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from functools import cached_property
from typing import Any

from leadline_openapi import Operation, jsontext, mediatype


class Due(Enum):
    """What the contract says must become of a request."""

    ACCEPT = "accepted"
    REFUSE = "refused"
    DENY = "denied for its credentials"


@dataclass(frozen=True, slots=True)
class Credential:
    """
    How a case identifies itself: *template* is written with the run's key for `{key}`.

    `None` sends no credential at all. The key itself is never part of a case.
    """

    name: str
    template: str | None = "{credential}"

    def write(self, proper: str, key: str) -> str | None:
        """The value to send, where *proper* is how the contract writes *key*."""
        if self.template is None:
            return None
        return self.template.replace("{credential}", proper).replace("{key}", key)


PROPER = Credential("the proper key")


@dataclass(frozen=True, kw_only=True)
class Case:
    """
    One request that is due to be accepted, refused or denied.

    *target* is path and query below the server's base, as it stands in the request line; *headers*
    come without credentials; *area* is the part of the contract that the case is about; *rule* points
    to the rule under test.
    """

    name: str
    area: str
    operation: Operation
    target: str
    headers: tuple[tuple[str, str], ...]
    body: bytes | None = field(repr=False)
    due: Due
    rule: str
    credential: Credential = PROPER

    @property
    def id(self) -> str:
        """A stable, readable name: `POST /leads, body reason: …`."""
        return f"{self.operation.label}, {self.area}: {self.name}"

    @cached_property
    def value(self) -> Any:
        """The request's body as parsed JSON, or `None` where it is none."""
        return _parsed(self.body, dict(self.headers).get("Content-Type", ""))


@dataclass(frozen=True, kw_only=True)
class Exchange:
    """
    One case as it went over the wire, byte exact.

    *failure* says why there is no answer, and is empty when there is one (*status* is 0 then);
    *sent_at* and *received_at* are aware UTC times, *elapsed* is in seconds.
    """

    case: Case
    status: int = 0
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = field(default=b"", repr=False)
    sent_at: datetime
    received_at: datetime
    elapsed: float
    failure: str = ""

    def header(self, name: str) -> str | None:
        """The value of the header *name*, compared without case."""
        return next((value for key, value in self.headers if key.lower() == name.lower()), None)

    @property
    def media_type(self) -> str:
        """The media type of the answer, in lower case and without parameters."""
        return mediatype.parse(self.header("content-type") or "")[0]

    @cached_property
    def value(self) -> Any:
        """The answer's body as parsed JSON, or `None` where it is none."""
        return _parsed(self.body, self.media_type)


@dataclass(frozen=True, slots=True, kw_only=True)
class Breach:
    """One rule of the contract that one exchange breaks; *pointer* leads to the rule."""

    rule: str
    pointer: str
    message: str
    expected: str
    actual: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One defect: a *breach*, the smallest exchange that shows it, and how often it was seen."""

    breach: Breach
    exchange: Exchange
    count: int = 1

    @property
    def operation(self) -> Operation:
        """The operation that the finding is about."""
        return self.exchange.case.operation


def _parsed(body: bytes | None, media_type: str) -> Any:
    if not body or not mediatype.is_json(media_type):
        return None
    try:
        return jsontext.parse(body)
    except jsontext.NotJson:
        return None
