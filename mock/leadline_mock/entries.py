"""What the journal tells of one exchange: readable, and without keys."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any
from urllib.parse import unquote

from leadline_mock.caching import forgettable
from leadline_mock.messages import Request, Response
from leadline_mock.redaction import Redaction
from leadline_openapi import jsontext
from leadline_openapi.contract import Operation
from leadline_openapi.violation import Violation

RUN_HEADER = "Leadline-Run"
"""The request header that names a run, so that tests side by side share one mock."""
_RUN = RUN_HEADER.lower()


@dataclass(frozen=True, slots=True)
class Cut:
    """What an exchange was before a part of it was left out: bytes of both bodies, and violations."""

    sent: int
    answered: int
    violations: int


@dataclass(frozen=True, slots=True)
class Met:
    """The operation that a request met: what the journal tells of it, as the contract itself may be gone."""

    id: str
    label: str
    credentials: Redaction


@forgettable
@lru_cache(maxsize=1024)
def met(operation: Operation) -> Met:
    """What the journal remembers of *operation*."""
    schemes = (one for alternative in operation.security for one in alternative)
    return Met(operation.id, operation.label, Redaction.of(schemes))


Kept = tuple[int, int, datetime, Met | None, Request, Response, str, Cut | None]
"""An exchange in the journal: number, size, time, and what `entry` reads when it is asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """The answer that an entry got."""

    headers: Mapping[str, str]
    body: Any
    truncated: bool

    def as_json(self) -> dict[str, Any]:
        """The answer as JSON values."""
        told = {"headers": dict(self.headers), "body": self.body}
        return {**told, "truncated": True} if self.truncated else told


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """
    One request in the journal, and how it was answered.

    *operation* is the `operationId`, or `None` where the request met no operation; *label* is `POST /pets`.
    *body* is a JSON value where JSON was sent, else text; *size* is what was sent, in bytes, and 0 where
    there was no body. Where *truncated*, *body* is the beginning of it, as text. Entries of several
    processes are in order by time and id.
    """

    id: int
    time: datetime
    run: str
    operation: str | None
    label: str
    method: str
    path: str
    query: Mapping[str, tuple[str, ...]]
    headers: Mapping[str, str]
    body: Any
    size: int
    truncated: bool
    status: int
    violations: tuple[Violation, ...]
    more_violations: int
    fault: str
    answer: Answered | None = None

    @property
    def local_path(self) -> tuple[str, ...]:
        """The segments of the path below the API's base path, where there is an operation."""
        segments = split_path(self.path)
        depth = self.label.count("/")
        return ("", *segments[-depth:]) if depth else segments

    def as_json(self) -> dict[str, Any]:
        """The entry as JSON values; with the answer where that was asked for."""
        told: dict[str, Any] = {
            **self.summary(),
            "query": {name: list(values) for name, values in self.query.items()},
            "headers": dict(self.headers),
            "body": self.body,
            "violations": [_violation_as_json(one) for one in self.violations],
            "fault": self.fault or None,
        }
        if self.truncated:
            told["truncated"] = True
        if self.more_violations:
            told["more_violations"] = self.more_violations
        if self.answer is not None:
            told["answer"] = self.answer.as_json()
        return told

    def summary(self) -> dict[str, Any]:
        """What names the request in one line."""
        return {
            "id": self.id,
            "time": self.time.astimezone(UTC).isoformat(timespec="microseconds")[:-6] + "Z",
            "run": self.run,
            "operation": self.operation,
            "method": self.method,
            "path": self.path,
            "status": self.status,
        }


def entry(kept: Kept, concealed: Redaction, *, answer: bool = False) -> Entry:
    """What is told of *kept*, but for what is *concealed*; with *answer*, the answer too."""
    number, _, time, operation, request, response, fault, cut = kept
    redaction = concealed | operation.credentials if operation else concealed
    truncated = cut is not None and cut.sent > len(request.body)
    return Entry(
        id=number,
        time=time,
        run=redaction.text(run_of(kept)),
        operation=operation.id if operation else None,
        label=operation.label if operation else "",
        method=redaction.text(request.method),
        path=redaction.text(request.target),
        query=redaction.query(request.sent("query")),
        headers=redaction.fields(request.headers),
        body=_body(request.body, redaction, truncated=truncated),
        size=cut.sent if cut else len(request.body),
        truncated=truncated,
        status=response.status,
        violations=redaction.violations(response.violations),
        more_violations=cut.violations - len(response.violations) if cut else 0,
        fault=redaction.text(fault),
        answer=_answered(response, cut, redaction) if answer else None,
    )


def run_of(kept: Kept) -> str:
    """The run that *kept* belongs to, as it was sent."""
    return kept[4].header(_RUN) or ""


def split_path(path: str) -> tuple[str, ...]:
    """The segments of *path*, decoded: spellings of one path are the same."""
    return tuple(map(unquote, path.split("/")))


def _answered(response: Response, cut: Cut | None, redaction: Redaction) -> Answered:
    truncated = cut is not None and cut.answered > len(response.body)
    return Answered(
        headers=redaction.fields(response.headers),
        body=_body(response.body, redaction, truncated=truncated),
        truncated=truncated,
    )


def _body(body: bytes, redaction: Redaction, *, truncated: bool) -> Any:
    if not body:
        return None
    text = body.decode("utf-8", "replace")
    if truncated:
        return redaction.beginning(text)
    try:
        value = jsontext.parse(body)
    except jsontext.NotJson:
        return redaction.text(text)
    return redaction.value(value) if redaction.may_hold(text) else value


def _violation_as_json(violation: Violation) -> dict[str, str]:
    return {
        "location": violation.location,
        "field": violation.field,
        "pointer": violation.pointer,
        "keyword": violation.keyword,
        "message": violation.message,
        "expected": violation.expected,
        **({"outcome": violation.outcome} if violation.outcome else {}),
    }
