"""
Reading HTTP Archives (HAR 1.2, http://www.softwareishard.com/blog/har-12-spec/) into plain records.

What is asked of a file is what the check needs; what tools leave out, or add, is no error: browsers leave
out bodies and write headers of HTTP/2 that are none (`:path`).
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from leadline_contracts.traffic import bodies
from leadline_contracts.traffic.bodies import Headers, Recorded
from leadline_openapi import LeadlineError, Place
from leadline_openapi import pointer as pointers

UNKNOWN = datetime.min.replace(tzinfo=UTC)
"""When a request was sent of which Safari does not know it."""
_HINT = "hint: export it as HAR 1.2"


class BadRecording(LeadlineError):
    """A file is no HTTP Archive; the message says where in it, and what is missing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """
    One recorded request and what came back; *number* counts from 1 in its *file*.

    *status* is 0 where no answer came, *failure* says why where that was recorded. *kind* is what the
    browser calls the request (`websocket`, `preflight`); *cached* says which store answered in the place
    of the server; *pointer* leads to it in the file. HTTP/2 pseudo headers are left out.
    """

    file: str
    number: int
    started: datetime
    seconds: float
    method: str
    url: str
    headers: Headers = field(repr=False)
    body: Recorded
    status: int
    response_headers: Headers = field(repr=False)
    response_body: Recorded
    failure: str = ""
    kind: str = ""
    cached: str = ""
    pointer: str = ""

    @property
    def finished(self) -> datetime:
        """When the answer was complete."""
        return self.started + timedelta(seconds=self.seconds)


@dataclass(frozen=True, slots=True)
class Recording:
    """The *entries* of one *file*, in the order in which they were sent, and the tool that wrote it."""

    file: str
    creator: str
    entries: tuple[Entry, ...]


def read(path: Path) -> Recording:
    """
    The recording in the file at *path*.

    Raises `BadRecording` for what is no JSON or no HTTP Archive, `OSError` for what cannot be read.
    """
    return archive(str(path), parsed(str(path), path.read_bytes()))


def archive(file: str, value: Any) -> Recording:
    """The recording that the JSON *value* of *file* is. Raises `BadRecording`."""
    log = _Node(value, "", file).node("log")
    entries = [_entry(node, number) for number, node in enumerate(log.items("entries"), 1)]
    return Recording(file, _creator(log), tuple(sorted(entries, key=lambda one: one.started)))


def parsed(file: str, content: bytes) -> Any:
    """The JSON value that is the *content* of *file*. Raises `BadRecording`."""
    try:
        return json.loads(content.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise BadRecording(f"{file}: is not JSON: byte {error.start} is not UTF-8") from None
    except json.JSONDecodeError as error:
        place = Place(file, error.lineno, error.colno)
        raise BadRecording(f"{place}: is not JSON: {error.msg}\n{_HINT}") from None
    except (RecursionError, ValueError) as error:
        raise BadRecording(f"{file}: is not JSON that can be read: {error}") from None


@dataclass(frozen=True, slots=True)
class _Node:
    """A value of a file, and where it stands."""

    value: Any
    pointer: str
    file: str

    def node(self, name: str) -> _Node:
        """The object *name*. Raises `BadRecording`."""
        return _Node(self._needed(name, dict, "an object"), self._at(name), self.file)

    def items(self, name: str) -> Iterator[_Node]:
        """The objects in the array *name*. Raises `BadRecording`."""
        for number, value in enumerate(self._needed(name, list, "an array")):
            item = _Node(value, f"{self._at(name)}/{number}", self.file)
            if not isinstance(value, dict):
                raise item.error(f"must be an object, not {_kind(value)}")
            yield item

    def text(self, name: str) -> str:
        """The text *name*. Raises `BadRecording`."""
        return str(self._needed(name, str, "a string"))

    def optional(self, name: str) -> dict[str, Any]:
        """The object *name*; an empty one where there is none."""
        value = self.value.get(name) if isinstance(self.value, dict) else None
        return value if isinstance(value, dict) else {}

    def _needed(self, name: str, kind: type, told: str) -> Any:
        if not isinstance(self.value, dict):
            raise self.error(f"must be an object, not {_kind(self.value)}")
        if name not in self.value:
            raise self.error(f"`{name}` is missing: an HTTP Archive has {told} there")
        value = self.value[name]
        if not isinstance(value, kind) or isinstance(value, bool):
            raise _Node(value, self._at(name), self.file).error(
                f"must be {told}, not {_kind(value)}"
            )
        return value

    def status(self) -> int:
        """The status code; 0 where no answer came (null, or -1 from Playwright). Raises `BadRecording`."""
        if isinstance(self.value, dict) and self.value.get("status", 0) is None:
            return 0
        return max(0, int(self._needed("status", int, "a status code")))

    def _at(self, name: str) -> str:
        return self.pointer + pointers.pointer((name,))

    def error(self, problem: str) -> BadRecording:
        """What is wrong here."""
        place = Place(self.file, pointer=self.pointer or "/")
        return BadRecording(f"{place}: is no HTTP Archive: {problem}\n{_HINT}")


def _kind(value: Any) -> str:
    kinds = {dict: "an object", list: "an array", str: "a string", bool: "a boolean"}
    return "null" if value is None else kinds.get(type(value), "a number")


def _creator(log: _Node) -> str:
    told = log.optional("creator")
    return " ".join(str(told[name]) for name in ("name", "version") if told.get(name))


def _entry(node: _Node, number: int) -> Entry:
    request, response = node.node("request"), node.node("response")
    headers, response_headers = _headers(request), _headers(response)
    content = response.optional("content")
    body, response_body = (
        bodies.sent(headers, request.value.get("postData"), request.value.get("bodySize")),
        bodies.answered(response_headers, content, response.value.get("bodySize")),
    )
    return Entry(
        file=node.file,
        number=number,
        started=_time(node),
        seconds=_seconds(node.value.get("time")),
        method=request.text("method"),
        url=request.text("url"),
        headers=_typed(headers, request.optional("postData"), alone=False),
        body=body,
        status=response.status(),
        response_headers=_typed(response_headers, content, alone=True),
        response_body=response_body,
        failure=_failure(node),
        kind=_resource(node),
        cached=_cached(node),
        pointer=node.pointer,
    )


def _time(node: _Node) -> datetime:
    text = node.text("startedDateTime")
    if not text:
        return UNKNOWN
    try:
        time = datetime.fromisoformat(text)
        return (time if time.tzinfo else time.replace(tzinfo=UTC)).astimezone(UTC)
    except (OverflowError, ValueError):
        at = _Node(text, f"{node.pointer}/startedDateTime", node.file)
        raise at.error(f"{text!r} is no ISO 8601 time") from None


def _seconds(milliseconds: Any) -> float:
    """Tools write -1 or null for what they do not know."""
    known = isinstance(milliseconds, int | float) and not isinstance(milliseconds, bool)
    return min(milliseconds / 1000, 86_400.0) if known and milliseconds > 0 else 0.0


def _headers(node: _Node) -> Headers:
    if node.value.get("headers") is None:
        return ()
    return tuple(
        (one.text("name"), str(one.value.get("value") or ""))
        for one in node.items("headers")
        if not one.text("name").startswith(":")
    )


def _typed(headers: Headers, content: dict[str, Any], *, alone: bool) -> Headers:
    """
    *headers* with the media type that is recorded beside them, where they do not name one.

    Of an answer that counts only where no header was recorded: a browser also writes what it has guessed.
    """
    name = content.get("mimeType")
    if not isinstance(name, str) or "/" not in name or (alone and headers):
        return headers
    known = any(one.lower() == "content-type" for one, _ in headers)
    return headers if known else (*headers, ("Content-Type", name))


def _failure(node: _Node) -> str:
    """Why no answer came: Chrome, Playwright and Leadline write it each in its own place."""
    response = node.value["response"]
    told = (response.get("_error"), response.get("_failureText"), response.get("comment"))
    return next((one for one in told if isinstance(one, str) and one), "no answer was recorded")


def _resource(node: _Node) -> str:
    found = str(node.value.get("_resourceType") or "").lower()
    return "websocket" if "_webSocketMessages" in node.value else found


def _cached(node: _Node) -> str:
    """What answered in the place of the server: Chrome's and Safari's words for it."""
    value, response = node.value, node.value["response"]
    fetched = str(value.get("_fetchType"))
    if value.get("_fromCache") or fetched.endswith(" Cache"):
        return "the browser's cache"
    if response.get("_fetchedViaServiceWorker") or fetched == "Service Worker":
        return "a service worker"
    return ""
