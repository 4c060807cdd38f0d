"""Servers that are correct but different: no findings."""

from __future__ import annotations

import gzip
import json
import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest

DIFFERENT: dict[str, Any] = {}


def different(wrapper: Any) -> Any:
    """Enter a wrapper that changes nothing the contract speaks of."""
    DIFFERENT[wrapper.__name__] = wrapper
    return wrapper


def _doc(change: Callable[[Any, dict[str, Any]], None]) -> Any:
    def wrapper(request: Any, ask: Any) -> Any:
        answer = ask()
        if answer.accepted:
            doc = answer.doc
            change(request, doc)
            answer.doc = doc
        return answer

    return wrapper


def _time(sent: dict[str, Any], doc: dict[str, Any], write: Callable[[datetime], str]) -> None:
    for name in ("createdAt", "updatedAt"):
        if name not in sent:
            doc[name] = write(datetime.fromisoformat(doc[name]))


@different
def other_order_pretty_printed(_: Any, ask: Any) -> Any:
    answer = ask()
    if not answer.body:
        return answer
    turned = dict(reversed(answer.value.items()))
    answer.body = json.dumps(turned, indent=2, ensure_ascii=False).encode("utf-8", "replace")
    return answer


@different
def ascii_only(_: Any, ask: Any) -> Any:
    answer = ask()
    if answer.body:
        answer.body = json.dumps(answer.value, ensure_ascii=True).encode()
    return answer


@different
def more_headers_and_charset(_: Any, ask: Any) -> Any:
    answer = ask()
    answer.headers = [
        ("content-type", "Application/JSON; Charset=UTF-8"),
        ("X-Request-Id", "abc"),
        ("Set-Cookie", "a=b"),
    ]
    return answer


@different
def compressed_in_any_case(_: Any, ask: Any) -> Any:
    """Over WSGI nothing undoes this, so it is only announced as the identity."""
    answer = ask()
    answer.headers.append(("Content-Encoding", "identity"))
    return answer


@different
def another_refusal_for_media_types(_: Any, ask: Any) -> Any:
    answer = ask()
    answer.status = 400 if answer.status == 415 else answer.status
    return answer


@different
def in_two_chunks(_: Any, ask: Any) -> Any:
    answer = ask()
    answer.chunks = [answer.body[:7], answer.body[7:]]
    return answer


@different
def skewed_clock_that_its_date_tells(request: Any, ask: Any) -> Any:
    answer = _doc(
        lambda request, doc: _time(
            request.fields, doc, lambda time: (time - timedelta(minutes=2)).isoformat()
        )
    )(request, ask)
    date = datetime.now(UTC) - timedelta(minutes=2)
    answer.headers.append(("Date", format_datetime(date, usegmt=True)))
    return answer


def _populated(request: Any, doc: dict[str, Any]) -> None:
    """Ids of documents as texts, as integers for 1.0, and documents where `depth` says nothing of it."""
    for name in ("latestEvent", "salesRep", "customers"):
        if isinstance(doc.get(name), dict):
            doc[name] = {"id": str(doc[name]["id"])}
    for name in ("searches", "calls", "favorites"):
        if "depth" not in request.query and doc.get(name):
            doc[name] = [{"id": int(number)} for number in doc[name]]


def _unset(request: Any, doc: dict[str, Any]) -> None:
    doc.update({name: None for name in ("reason", "notes", "year") if name not in request.fields})
    doc.update({name: [] for name in ("searches", "exterior") if name not in request.fields})


DIFFERENT["uuid_ids"] = _doc(lambda _, doc: doc.update(id=str(uuid.uuid4())))
DIFFERENT["offset_times"] = _doc(
    lambda request, doc: _time(request.fields, doc, lambda time: time.isoformat())
)
DIFFERENT["whole_seconds"] = _doc(
    lambda request, doc: _time(
        request.fields, doc, lambda time: time.strftime("%Y-%m-%dt%H:%M:%Sz")
    )
)
DIFFERENT["populated_relations"] = _doc(_populated)
DIFFERENT["unset_as_null_or_empty"] = _doc(_unset)


@pytest.mark.parametrize("name", DIFFERENT)
def test_no_finding(name: str, served: Any, check: Any) -> None:
    """A server that differs in what the contract leaves open is not accused, not even strictly."""
    report = check(served(DIFFERENT[name]), strict=True)

    assert [one.breach for one in report.findings] == []
    assert (report.verdict, report.stopped, dict(report.undocumented)) == ("holds", "", {})


def _more(_: Any, ask: Any) -> Any:
    answer = ask()
    answer.value = {**answer.value, "traceId": "abc"}
    if answer.accepted:
        answer.doc = {**answer.doc, "score": 0.5}
    return answer


@pytest.mark.parametrize("strict", [False, True])
def test_undocumented_members(served: Any, check: Any, *, strict: bool) -> None:
    """A member that is not documented is a warning, and a finding under strict: one for each member."""
    report = check(served(_more), strict=strict)

    found = sorted(
        (one.breach.rule, one.breach.actual, one.breach.pointer) for one in report.findings
    )
    confirmation = "/components/schemas/LeadConfirmation"
    assert set(report.undocumented) == {"doc.score", "traceId"}
    assert [one[:2] for one in found] == (
        [("undocumented", "doc.score"), ("undocumented", "traceId"), ("undocumented", "traceId")]
        if strict
        else []
    ) or confirmation


def _write(handler: Any, status: int, kind: str, body: bytes, *extra: tuple[str, str]) -> None:
    handler.send_response(status)
    for name, value in (("Content-Type", kind), *extra):
        handler.send_header(name, value)
    handler.end_headers()
    handler.wfile.write(body)


def _chunked(handler: Any, status: int, kind: str, body: bytes) -> None:
    chunks = b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in (body[:5], body[5:]) if part)
    _write(handler, status, kind, chunks + b"0\r\n\r\n", ("Transfer-Encoding", "chunked"))


def _closing(handler: Any, status: int, kind: str, body: bytes) -> None:
    _write(handler, status, kind, body, ("Connection", "close"))
    handler.close_connection = True


def _closing_unannounced(handler: Any, status: int, kind: str, body: bytes) -> None:
    _write(handler, status, kind, body, ("Content-Length", str(len(body))))
    handler.close_connection = True


def _zipped(handler: Any, status: int, kind: str, body: bytes) -> None:
    packed = gzip.compress(body)
    length = ("Content-Length", str(len(packed)))
    _write(handler, status, kind, packed, length, ("Content-Encoding", "gzip"))


@pytest.mark.parametrize("write", [_chunked, _closing, _closing_unannounced, _zipped])
@pytest.mark.usefixtures("some_cases")
def test_no_finding_on_the_wire(write: Any, listening: Any, ask: Any, check_url: Any) -> None:
    """However an answer is framed and connections are kept, it is the same answer."""
    url = listening(lambda handler, body: write(handler, *ask(handler, body)))
    report = check_url(url)

    assert [one.breach for one in report.findings] == []
    assert report.verdict == "holds"
