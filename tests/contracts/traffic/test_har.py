"""Reading HTTP Archives: what each tool writes, and what is no archive at all."""

from __future__ import annotations

import base64
import gzip
import json
import zlib
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.contracts.traffic.conftest import Hold
from tests.recordings import archive, entry, headers

from leadline_contracts.traffic import bodies
from leadline_contracts.traffic.har import BadRecording, Entry, read

PLAIN = b'{"doc": 1}'


def read_text(folder: Path, text: str | bytes) -> tuple[Entry, ...]:
    """The entries of the archive *text*."""
    path = folder / "x.har"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read(path).entries


def with_entry(**changes: Any) -> str:
    """An archive whose one entry has *changes*; those that are None are left out."""
    found = {name: value for name, value in (entry(1) | changes).items() if value is not None}
    return archive(found)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (b"<html>", "x.har:1:1: is not JSON: Expecting value"),
        (b'{"log":\n  {"entries": [}}', "x.har:2:16: is not JSON: Expecting value"),
        (b"\xff\xfe{}", "x.har: is not JSON: byte 0 is not UTF-8"),
        (b"[" * 100_000, "x.har: is not JSON that can be read: "),
        (b"[]", "x.har (at /): is no HTTP Archive: must be an object, not an array"),
        (b"{}", "x.har (at /): is no HTTP Archive: `log` is missing"),
        (b'{"log": {}}', "x.har (at /log): is no HTTP Archive: `entries` is missing"),
        (
            b'{"log": {"entries": 1}}',
            "x.har (at /log/entries): is no HTTP Archive: must be an array",
        ),
        (
            b'{"log": {"entries": [null]}}',
            "(at /log/entries/0): is no HTTP Archive: must be an object",
        ),
        (with_entry(request=None), "(at /log/entries/0): is no HTTP Archive: `request` is missing"),
        (
            with_entry(request={"method": "GET"}),
            "(at /log/entries/0/request): is no HTTP Archive: `url` is missing",
        ),
        (
            with_entry(response={"status": "200"}),
            "(at /log/entries/0/response/status): is no HTTP Archive: must be a status code, not a string",
        ),
        (
            with_entry(startedDateTime="yesterday"),
            "(at /log/entries/0/startedDateTime): is no HTTP Archive: 'yesterday' is no ISO 8601 time",
        ),
        (
            with_entry(request={"method": "GET", "url": "", "headers": [{"value": "x"}]}),
            "(at /log/entries/0/request/headers/0): is no HTTP Archive: `name` is missing",
        ),
    ],
)
def test_what_is_no_archive_is_told_where(tmp_path: Path, text: str | bytes, told: str) -> None:
    """The error names line and column of what is no JSON, and the JSON pointer of what is no archive."""
    with pytest.raises(BadRecording) as caught:
        read_text(tmp_path, text)

    assert told in str(caught.value)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [
                    "log",
                    "entries",
                    "request",
                    "response",
                    "method",
                    "url",
                    "status",
                    "headers",
                    "content",
                    "postData",
                    "text",
                    "params",
                    "name",
                    "value",
                    "startedDateTime",
                    "time",
                    "creator",
                ]
            ),
            inner,
            max_size=5,
        )
    ),
    max_leaves=30,
)


@given(value=json_values)
def test_whatever_json_it_is_there_are_entries_or_one_error(
    tmp_path_factory: pytest.TempPathFactory, value: Any
) -> None:
    """No JSON, however far from an archive, fails in another way than by `BadRecording`."""
    good = entry(1)
    for text in (
        value,
        {"log": value},
        {"log": {"entries": [good | {"request": value}]}},
        {
            "log": {
                "creator": value,
                "entries": [good | {"response": {"status": 200, "content": value}}],
            }
        },
    ):
        path = tmp_path_factory.getbasetemp() / "any.har"
        path.write_text(json.dumps(text), "utf-8")
        with suppress(BadRecording):
            assert len(read(path).entries) <= 3


def test_what_tools_leave_out_is_no_error(tmp_path: Path) -> None:
    """A byte order mark, and entries with no more than a request, a status and a time, are read."""
    bare = {
        "startedDateTime": "2026-11-25T12:00:00.5+02:00",
        "time": None,
        "request": {"method": "GET", "url": "https://a.example/"},
        "response": {"status": 204},
    }
    (found,) = read_text(tmp_path, b"\xef\xbb\xbf" + archive(bare).encode())

    assert found.started == found.finished == datetime(2026, 11, 25, 10, 0, 0, 500_000, UTC)
    assert (found.headers, found.body.content, found.body.unread) == ((), b"", "")


def test_pseudo_headers_are_none(tmp_path: Path) -> None:
    """Chrome lists what HTTP/2 has in the place of a request line among the headers."""
    lines = [{"name": ":path", "value": "/notes"}, *headers(content_type="application/json")]
    (found,) = read_text(tmp_path, archive(entry(1, request={"headers": lines})))

    assert found.headers == (("content-type", "application/json"),)


def test_a_guessed_media_type_is_none(tmp_path: Path) -> None:
    """What the browser took an answer for counts only where no header of the answer was recorded."""
    content = {"size": 2, "mimeType": "application/json", "text": "{}"}
    named, bare = (
        read_text(tmp_path, archive(entry(1, response={"headers": lines, "content": content})))[0]
        for lines in (headers(etag="1"), [])
    )

    assert bodies.header(named.response_headers, "content-type") == ""
    assert bodies.header(bare.response_headers, "content-type") == "application/json"


@pytest.mark.parametrize(
    ("content", "coding", "unread"),
    [
        ({"size": 10, "text": PLAIN.decode()}, "", ""),
        ({"size": 10, "text": PLAIN.decode()}, "br", ""),
        ({"size": 10, "text": base64.b64encode(PLAIN).decode(), "encoding": "base64"}, "", ""),
        (
            {
                "size": 1,
                "text": base64.b64encode(gzip.compress(PLAIN)).decode(),
                "encoding": "base64",
            },
            "gzip",
            "",
        ),
        (
            {
                "size": 1,
                "text": base64.b64encode(zlib.compress(PLAIN)).decode(),
                "encoding": "base64",
            },
            "deflate",
            "",
        ),
        (
            {"text": base64.b64encode(gzip.compress(PLAIN)[:-9]).decode(), "encoding": "base64"},
            "gzip",
            "is recorded compressed, and not whole",
        ),
        (
            {"text": base64.b64encode(b"\x0b\x85\xff\x80").decode(), "encoding": "base64"},
            "br",
            "is recorded compressed (br)",
        ),
        ({"text": "e3*0=", "encoding": "base64"}, "", "is recorded as broken Base64"),
        ({"text": "e30", "encoding": "rot13"}, "", "is recorded as rot13"),
        ({"size": 99, "text": PLAIN.decode()}, "", "is recorded cut off (10 of 99 bytes)"),
        ({"text": "\ud800"}, "", "is recorded with half a surrogate pair"),
        ({"size": 10, "mimeType": "application/json"}, "", "is not in the recording"),
        ({"size": -1, "text": ""}, "", "is not in the recording"),
        ({"size": -1, "_file": "x.json"}, "", "is in another file (`_file`)"),
        ({}, "", "is not in the recording"),
    ],
)
def test_answers_as_they_are_recorded(content: dict[str, Any], coding: str, unread: str) -> None:
    """A body is read in every form that tools record it in, and what cannot be read is said."""
    found = bodies.answered((("Content-Encoding", coding),) if coding else (), content, -1)

    assert found.unread == unread
    assert unread or found.content == PLAIN


def test_no_body_is_no_body_that_is_missing() -> None:
    """Chrome writes a size of 0 and no text for an answer without a body; what was announced is missed."""
    empty = {"size": 0, "mimeType": "x-unknown"}

    assert bodies.answered((), empty, 0).unread == ""
    assert bodies.answered((("content-length", "7"),), empty, -1).unread != ""


def test_a_body_that_the_browser_did_not_keep_is_not_empty() -> None:
    """Nothing tells its length; an empty body says somewhere that it is empty."""
    lost, kind = {"size": 0, "mimeType": "application/json"}, ("content-type", "application/json")

    assert bodies.answered((kind,), lost, -1).unread == "is not in the recording"
    assert bodies.answered((kind, ("content-length", "0")), lost, -1).unread == ""
    assert bodies.answered((kind,), {**lost, "text": ""}, -1).unread == ""
    assert bodies.answered((kind,), lost, 0).unread == ""


def test_a_bomb_is_not_unpacked_to_its_end() -> None:
    """A compressed body of gigabytes is read as far as an answer of a server is, and said to be more."""
    bomb = base64.b64encode(gzip.compress(bytes(20_000_000), 9)).decode()
    found = bodies.answered(
        (("content-encoding", "gzip"),), {"text": bomb, "encoding": "base64"}, -1
    )

    assert found.unread == "is recorded compressed, and not whole"
    assert len(found.content) == 10_000_000


@pytest.mark.parametrize(
    ("post", "size", "content", "unread"),
    [
        (None, 0, b"", ""),
        (None, 7, b"", "is not in the recording"),
        ({"mimeType": "application/json", "text": "{}"}, 2, b"{}", ""),
        ({"mimeType": "text/x", "text": "e30=", "encoding": "base64"}, 2, b"{}", ""),
        ({"mimeType": "text/x", "text": "e30=", "comment": "base64"}, 2, b"{}", ""),
        (
            {
                "mimeType": "application/x-www-form-urlencoded",
                "params": [{"name": "a b", "value": "ü"}],
            },
            12,
            b"a+b=%C3%BC",
            "",
        ),
        (
            {"mimeType": "multipart/form-data; boundary=x", "params": [{"name": "a"}]},
            50,
            b"",
            "is not in the recording",
        ),
        ({"mimeType": "application/json", "text": ""}, 4, b"", "is not in the recording"),
        ({"mimeType": "", "text": "", "params": []}, 0, b"", ""),
    ],
)
def test_requests_as_they_are_recorded(post: Any, size: int, content: bytes, unread: str) -> None:
    """The body of a request is text, parameters, Base64 in two ways, or missing, and that is said."""
    found = bodies.sent((), post, size)

    assert (found.content, found.unread) == (content, unread)


def skipped(report: Any) -> dict[str, int]:
    """What was left out of a recording."""
    return dict(report.traffic.skipped)


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"_resourceType": "websocket", "url": "wss://notes.example/api/notes"}, "WebSocket"),
        ({"_webSocketMessages": []}, "WebSocket"),
        ({"status": 101}, "WebSocket"),
        ({"method": "CONNECT", "url": "notes.example:443"}, "CONNECT"),
        ({"method": "OPTIONS", "_resourceType": "preflight"}, "CORS preflight"),
        ({"url": "data:application/json,{}"}, "not HTTP"),
        ({"url": "https://[notes/api/notes"}, "not HTTP"),
        ({"startedDateTime": ""}, "without the time of the request"),
    ],
)
def test_what_is_no_request_to_an_api_is_left_out(
    held: Hold, changes: dict[str, Any], told: str
) -> None:
    """What browsers and proxies also record is counted, and not held to the contract."""
    report = held([entry(1), entry(2, **changes)])

    assert (report.cases, skipped(report)) == (1, {told: 1})


def test_an_entry_in_two_recordings_is_one(held: Hold) -> None:
    """Exports of the same session overlap: the same request is checked once."""
    report = held([entry(1), entry(2)], [entry(2), entry(3)])

    assert (report.cases, skipped(report)) == (3, {"recorded twice": 1})


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        (
            {"status": 0, "response": {"headers": [], "content": {}, "_error": "net::ERR_ABORTED"}},
            "a request got no answer (net::ERR_ABORTED)",
        ),
        (
            {
                "status": -1,
                "response": {"headers": [], "_failureText": "net::ERR_CONNECTION_RESET"},
            },
            "a request got no answer (net::ERR_CONNECTION_RESET)",
        ),
        (
            {"status": None, "response": {"headers": []}},
            "a request got no answer (no answer was recorded)",
        ),
        ({"_fromCache": "disk"}, "an answer came from the browser's cache"),
        ({"_fetchType": "Memory Cache"}, "an answer came from the browser's cache"),
        ({"response": {"_fetchedViaServiceWorker": True}}, "an answer came from a service worker"),
        ({"status": 304}, "an answer is 304: the body is the one in the cache"),
        ({"status": 307}, "an answer is a redirect (307)"),
        (
            {"response": {"content": {"size": 70, "mimeType": "application/json"}}},
            "an answer's body is not in the recording",
        ),
        (
            {"request": {"postData": None}, "answered": None},
            "a request's body is not in the recording",
        ),
    ],
)
def test_what_cannot_be_checked_is_said(held: Hold, changes: dict[str, Any], told: str) -> None:
    """An answer that is not the server's, and a body that was not recorded, are neither right nor wrong."""
    report = held([entry(1, **({"answered": {}} | changes))])

    assert report.findings == ()
    assert report.traffic is not None
    assert (report.cases, dict(report.traffic.unchecked)) == (1, {told: 1})


def test_the_rest_of_it_is_checked(held: Hold) -> None:
    """Where a body is missing, status, media type, headers and parameters are held to the contract still."""
    unread = {"content": {"size": 70}, "headers": headers(Content_Type="text/html")}
    wrong_type = entry(1, response=unread)
    wrong_status = entry(2, status=202, response={"content": {"size": 70}})
    wrong_query = entry(
        3, url="https://notes.example/api/notes?depth=x", request={"postData": None}
    )
    aborted = entry(4, sent={}, status=0)
    typed = headers(Content_Type="text/xml", Authorization="users API-Key k")
    wrong_xml = entry(5, status=400, answered={}, request={"postData": None, "headers": typed})
    counted = headers(Content_Type="application/json", X_Total="many")
    wrong_header = entry(6, response={"content": {"size": 70}, "headers": counted})
    rules = [
        finding.breach.rule
        for finding in held(
            [wrong_type, wrong_status, wrong_query, aborted, wrong_xml, wrong_header]
        ).findings
    ]

    assert rules == [
        "media-type",
        "status",
        "request",
        "accepts-invalid",
        "request",
        "request",
        "header",
    ]
    assert "required" not in held([wrong_query]).findings[1].breach.message


def test_a_request_and_an_answer_that_are_not_there_are_nothing(held: Hold) -> None:
    """An entry that tells of neither is not counted as checked, so that such a recording is red."""
    report = held([entry(1, status=0, request={"postData": None})])

    assert report.verdict == "nothing-checked"
    assert skipped(report) == {"neither request nor answer is recorded": 1}
