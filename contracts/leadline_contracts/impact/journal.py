"""
Reading what a mock remembers (`GET /__leadline/requests`) into the records of recorded traffic.

A list of requests tells no answers but for their statuses; one request, as `GET /__leadline/requests/3`
gives it, has its answer too. Credentials are not in a journal.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from leadline_contracts.traffic.bodies import Headers, Recorded
from leadline_contracts.traffic.har import BadRecording, Entry, Recording
from leadline_openapi import Place

_CREATOR = "a Leadline mock"
_HOST = "http://mock.invalid"
"""A journal tells no host; the base of an API is found by its path."""
_HINT = "hint: save it from GET /__leadline/requests of a mock"
_UNSEEN = Recorded(unread="is not in the list of a journal")


def is_journal(value: Any) -> bool:
    """Whether the JSON *value* is what a mock writes: its journal, the list of its requests, or one."""
    return any(_is_entry(one) for one in _requests(value)[1]) or _is_listing(value)


def is_of_a_mock(entry: Entry) -> bool:
    """Whether *entry* was read from a journal."""
    return entry.url.startswith(f"{_HOST}/")


def journal(file: str, value: Any) -> Recording:
    """The journal that the JSON *value* of *file* is. Raises `BadRecording`."""
    above, requests = _requests(value)
    entries = [
        _Asked(file, f"{above}/{number - 1}" if above is not None else "", number, one).entry()
        for number, one in enumerate(requests, 1)
    ]
    return Recording(file, _CREATOR, tuple(sorted(entries, key=lambda one: one.started)))


def _is_listing(value: Any) -> bool:
    return isinstance(value, dict) and {"requests", "dropped"} <= value.keys()


def _is_entry(value: Any) -> bool:
    return isinstance(value, dict) and {"id", "method", "path", "status"} <= value.keys()


def _requests(value: Any) -> tuple[str | None, list[Any]]:
    """Where the requests of a journal stand, `None` for the whole file, and what they are."""
    if isinstance(value, dict) and isinstance(value.get("requests"), list):
        return "/requests", value["requests"]
    if isinstance(value, list):
        return "", value
    return None, [value] if _is_entry(value) else []


@dataclass(frozen=True, slots=True)
class _Asked:
    """One request of a journal, the *number*th in *file*, where it stands at *pointer*."""

    file: str
    pointer: str
    number: int
    value: Any

    def entry(self) -> Entry:
        """The request as a recorded one. Raises `BadRecording`."""
        if not isinstance(self.value, dict):
            raise self._error("", "must be an object")
        headers = self._headers(self.value.get("headers"), "/headers")
        answer = self.value.get("answer")
        answered = answer if isinstance(answer, dict) else {}
        return Entry(
            file=self.file,
            number=self.number,
            started=self._time(),
            seconds=0.0,
            method=self._text("method"),
            url=self._url(),
            headers=headers,
            body=_body(self.value, bool(self.value.get("size", 1))),
            status=self._status(),
            response_headers=self._headers(answered.get("headers"), "/answer/headers"),
            response_body=_body(answered, answered.get("body") is not None)
            if answered
            else _UNSEEN,
            pointer=self.pointer,
        )

    def _url(self) -> str:
        path, query = self._text("path"), self.value.get("query")
        if not path.startswith("/"):
            raise self._error("/path", "must start with `/`")
        told = urlencode(query, doseq=True) if isinstance(query, dict) else ""
        return _HOST + (f"{path}?{told}" if told and "?" not in path else path)

    def _time(self) -> datetime:
        text = self._text("time")
        try:
            time = datetime.fromisoformat(text)
            return (time if time.tzinfo else time.replace(tzinfo=UTC)).astimezone(UTC)
        except (OverflowError, ValueError):
            raise self._error("/time", f"{text!r} is no ISO 8601 time") from None

    def _status(self) -> int:
        status = self.value.get("status")
        if not isinstance(status, int) or isinstance(status, bool):
            raise self._error("/status", "must be a status code")
        return max(0, status)

    def _text(self, name: str) -> str:
        value = self.value.get(name)
        if not isinstance(value, str):
            raise self._error(f"/{name}", "must be a string")
        return value

    def _headers(self, value: Any, at: str) -> Headers:
        if value is None:
            return ()
        if not isinstance(value, Mapping):
            raise self._error(at, "must be an object")
        return tuple(_pairs(value))

    def _error(self, at: str, problem: str) -> BadRecording:
        place = Place(self.file, pointer=self.pointer + at or "/")
        return BadRecording(f"{place}: is no journal of a mock: {problem}\n{_HINT}")


def _pairs(value: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    yield from ((name, one) for name, one in value.items() if isinstance(one, str))


def _body(told: Mapping[str, Any], is_there: bool) -> Recorded:  # noqa: FBT001
    """The body in *told*: JSON as a value, all else as text, cut off where it was too long."""
    body = told.get("body")
    if not is_there:
        return Recorded()
    if told.get("truncated"):
        return Recorded(str(body).encode(), "is in the journal cut off")
    if isinstance(body, str) and not _is_json(told.get("headers")):
        return Recorded(body.encode("utf-8", "replace"))
    return Recorded(json.dumps(body).encode())


def _is_json(headers: Any) -> bool:
    """Whether *headers* say that a body is JSON: a text is then one of JSON, with its quotes."""
    pairs = _pairs(headers) if isinstance(headers, Mapping) else ()
    return any(name.lower() == "content-type" and "json" in value.lower() for name, value in pairs)
