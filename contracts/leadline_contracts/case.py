"""What the suite sends, what came back, and what is wrong with it: the three records of every run."""

from __future__ import annotations

import re
import string
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from functools import cached_property
from typing import Any

from leadline_openapi import Operation, Violation, jsontext, mediatype
from leadline_openapi.contract import Answer, MediaType

_BODILESS = frozenset((204, 205, 304))
"""Statuses whose answers have no body (RFC 9110 sections 15.3.5, 15.3.6, 15.4.5)."""


DESTRUCTIVE = frozenset(("DELETE", "PATCH", "PUT"))
"""Methods that overwrite or delete what is there."""


class Due(Enum):
    """
    What the contract says must become of a request.

    `EITHER`, `ANY` and `UNPREDICTABLE` are for what correct servers differ on: whatever takes it `EITHER`
    way must take all of it; of `ANY` no more is asked than that the server answers and does not fail;
    what is `UNPREDICTABLE` by the standards themselves is sent to see that the server lives on.
    """

    ACCEPT = "accepted"
    REFUSE = "refused"
    DENY = "denied for its credentials"
    NOWHERE = "no operation of the contract"
    EITHER = "refused, or accepted as it is"
    ANY = "answered"
    UNPREDICTABLE = "survived"


_OPEN = frozenset((Due.NOWHERE, Due.ANY, Due.UNPREDICTABLE))
"""What no documented answer is about."""

_INPUTS = frozenset(("body", "query", "path", "header", "cookie"))
"""Areas that are followed by the name of an input."""

_SWAPPED = str.maketrans(
    string.ascii_lowercase + string.ascii_uppercase, string.ascii_uppercase + string.ascii_lowercase
)


def swapped(key: str) -> str:
    """*key* with its ASCII letters in the other case."""
    return key.translate(_SWAPPED)


def cut(key: str) -> str:
    """*key* without its last character."""
    return key[:-1]


@dataclass(frozen=True, slots=True)
class Credential:
    """
    How a case identifies itself; the key itself is never part of a case.

    *template* is written with `{credential}` for the proper value, `{key}` for the run's key, `{swapped}`
    for the key with its ASCII letters in the other case, `{cut}` for the key without its last character.
    `None` sends no credential at all.
    """

    name: str
    template: str | None = "{credential}"

    def write(self, proper: str, key: str) -> str | None:
        """The value to send, where *proper* is how the contract writes *key*."""
        if self.template is None:
            return None
        parts = {
            "credential": proper,
            "key": key,
            "swapped": swapped(key),
            "cut": cut(key),
        }
        written = re.sub(r"\{(\w+)\}", lambda match: parts.get(match[1], match[0]), self.template)
        if written == proper and self != PROPER:
            return f"{proper}x"  # a key without letters has no other case; it must still be wrong
        return written


PROPER = Credential("the proper key")


@dataclass(frozen=True, kw_only=True)
class Case:
    """
    One request that is due to be accepted, refused or denied, or that is no operation at all.

    *method* is the operation's own but for a case of `Due.NOWHERE`; *target* is path and query below
    the server's base, as it stands in the request line; *headers* come without credentials; *area* is
    the part of the contract that the case is about; *rule* points to the rule under test, and for a
    *compound* case, which tries many at once, to what holds them.
    """

    name: str
    area: str
    operation: Operation
    method: str
    target: str
    headers: tuple[tuple[str, str], ...]
    body: bytes | None = field(repr=False)
    due: Due
    rule: str
    credential: Credential = PROPER
    compound: bool = False

    @property
    def id(self) -> str:
        """A stable, readable name: `POST /leads, body reason: …`."""
        return f"{self.operation.label}, {self.area}: {self.name}"

    @property
    def kind(self) -> str:
        """The class of the case: its area without the name of the input."""
        first = self.area.partition(" ")[0]
        return first if first in _INPUTS else self.area

    @property
    def destructive(self) -> bool:
        """Whether the request might overwrite or delete something."""
        return self.method in DESTRUCTIVE

    @cached_property
    def media_type(self) -> str:
        """The media type of the body, in lower case and without parameters."""
        return mediatype.parse(self.content_type)[0]

    @property
    def content_type(self) -> str:
        """The header `Content-Type` as it is sent; empty where there is none."""
        return _content_type(self.headers)

    @property
    def value(self) -> Any:
        """The request's body as parsed JSON, or `None` where it is none."""
        return self._read[0]

    @property
    def malformed(self) -> str:
        """Why the body is not the JSON that its media type promises; empty where it is."""
        return self._read[1]

    @cached_property
    def _read(self) -> tuple[Any, str]:
        return _read(self.body, self.media_type)


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

    @cached_property
    def answer(self) -> Answer | None:
        """The response that the contract documents for this status, where it speaks of the request."""
        if self.failure or self.case.due in _OPEN:
            return None
        return self.case.operation.answer_for(self.status)

    @property
    def accepted(self) -> bool:
        """Whether the answer says yes, by the statuses with which the contract says it."""
        if 200 <= self.status < 300:
            return True
        return self.answer is not None and self.answer.status in successes(self.case.operation)

    @cached_property
    def media_type(self) -> str:
        """The media type of the answer, in lower case and without parameters."""
        return mediatype.parse(_content_type(self.headers))[0]

    @property
    def is_json(self) -> bool:
        """Whether the answer says that it is JSON."""
        return mediatype.is_json(self.media_type)

    @property
    def has_body(self) -> bool:
        """Whether such an answer has a body at all."""
        return self.case.method != "HEAD" and self.status not in _BODILESS

    @cached_property
    def media(self) -> MediaType | None:
        """What the contract documents for a body of this status and media type."""
        if self.answer is None or not self.has_body:
            return None
        return self.answer.body.for_type(self.media_type)

    @property
    def value(self) -> Any:
        """The answer's body as parsed JSON, or `None` where it is none."""
        return self._read[0]

    @property
    def malformed(self) -> str:
        """Why the body is not the JSON that its media type promises; empty where it is."""
        return self._read[1]

    @cached_property
    def violations(self) -> tuple[Violation, ...]:
        """What the body breaks of its schema, in the opinion of both validators."""
        schema = self.media.schema if self.media else None
        if schema is None or not self.is_json or self.malformed:
            return ()
        if schema.is_valid(self.value) or schema.second_opinion(self.value):
            return ()
        return schema.violations(self.value)

    @cached_property
    def _read(self) -> tuple[Any, str]:
        return _read(self.body, self.media_type)


def successes(operation: Operation) -> list[str]:
    """
    The documented statuses of *operation* that say yes.

    Those are 2xx; where none is documented, redirects: there the answer is to be found elsewhere (RFC 9110
    section 15.4).
    """
    documented = [answer.status for answer in operation.answers]
    return _of_class("2", documented) or _of_class("3", documented)


def _of_class(first: str, statuses: list[str]) -> list[str]:
    return [status for status in statuses if status.startswith(first)]


SOMETIMES = "not every time"
AT_ONCE = "only when several requests are under way"
"""When a breach happens that a request does not show by itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Breach:
    """
    One rule of the contract that one exchange breaks; *pointer* leads to the rule.

    *about* tells apart what one rule says of several members. *kind* says in what way the rule is broken:
    where many rules are broken in one way, that is one defect. *when* is empty for what one request
    shows by itself, and says otherwise when it happens; *before* is what has to be sent first then.
    """

    rule: str
    pointer: str
    message: str
    expected: str
    actual: str
    about: str = ""
    kind: str = ""
    when: str = ""
    before: tuple[Exchange, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """
    One defect: a *breach*, the smallest exchange that shows it, and how often it was seen.

    *marks* are the pointer, and what it is about, of each rule that is broken in this way; without any,
    they are those of the breach.
    """

    breach: Breach
    exchange: Exchange
    count: int = 1
    marks: tuple[tuple[str, str], ...] = ()

    @property
    def operation(self) -> Operation:
        """The operation that the finding is about."""
        return self.exchange.case.operation

    @property
    def before(self) -> tuple[Exchange, ...]:
        """What was sent before, in order, where the exchange alone does not show the defect."""
        return self.breach.before


def _content_type(headers: tuple[tuple[str, str], ...]) -> str:
    return next((value for name, value in headers if name.lower() == "content-type"), "")


def _read(body: bytes | None, media_type: str) -> tuple[Any, str]:
    """The value of a JSON body, and why there is none."""
    if body is None or not mediatype.is_json(media_type):
        return None, ""
    try:
        return jsontext.parse(body), ""
    except jsontext.NotJson as error:
        return None, str(error)
