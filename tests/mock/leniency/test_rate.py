"""`x-rate-limit`: so many requests within so many seconds, and no more."""

from __future__ import annotations

import json
import subprocess
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection
from multiprocessing import get_context
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from tests.conftest import LEADLINE
from tests.mock.specs import OK, TEXT, answers

from leadline_mock import Ids, World
from leadline_mock.workers.counters import Counters, SharedIds

START = datetime(2026, 1, 2, 12, tzinfo=UTC)
FAR = 10**9
"""Seconds of a window that is not over while anybody tests."""


class Clock:
    """Stands still until it is moved."""

    def __init__(self) -> None:
        self.time = START

    def __call__(self) -> datetime:
        """The time."""
        return self.time

    def move(self, seconds: float) -> None:
        """Later."""
        self.time += timedelta(seconds=seconds)


def limiting(requests: int, seconds: int, **responses: Any) -> dict[str, Any]:
    """An operation with a limit."""
    limit = {"requests": requests, "seconds": seconds}
    return {"x-rate-limit": limit, "responses": {**OK, **responses}}


def statuses(client: Any, number: int, path: str = "/a") -> list[int]:
    """Those of so many requests, one after the other."""
    return [client.get(path).status_code for _ in range(number)]


def test_one_more_than_the_limit_is_refused_until_the_window_is_over(serve: Any) -> None:
    """`Retry-After` tells when that is: who waits so long is served."""
    clock = Clock()
    client = serve({"/a": {"get": limiting(3, 60)}}, surroundings=World(clock=clock))
    clock.move(0.6)

    assert statuses(client, 4) == [200, 200, 200, 429]
    refused = client.get("/a")
    (wrong,) = json.loads(refused.headers["Leadline-Violations"])
    assert wrong["keyword"] == "x-rate-limit"
    assert refused.headers["Retry-After"] == "60"
    clock.move(59.3)
    waiting = int(client.get("/a").headers["Retry-After"])
    assert waiting == 1
    clock.move(waiting)
    assert statuses(client, 4) == [200, 200, 200, 429]


def test_each_operation_has_its_own_limit(serve: Any) -> None:
    """What is asked of one is not counted for another, and what has no limit has none."""
    operations = {"get": limiting(1, 60), "post": limiting(2, 60), "put": {"responses": OK}}
    client = serve(
        {"/a": operations, "/b": {"get": limiting(1, 7)}}, surroundings=World(clock=Clock())
    )

    assert statuses(client, 2) == [200, 429]
    assert [client.post("/a").status_code for _ in range(3)] == [200, 200, 429]
    assert [client.put("/a").status_code for _ in range(5)] == [200] * 5
    assert statuses(client, 2, "/b") == [200, 429]


def test_every_request_counts_and_is_refused_whatever_it_is(serve: Any) -> None:
    """Also one without a key, or one that is wrong: it is the number that matters."""
    get = {
        **limiting(2, 60),
        "security": [{"key": []}],
        "parameters": [{"name": "p", "in": "query", "schema": {"type": "integer"}}],
    }
    keys = {"securitySchemes": {"key": {"type": "apiKey", "in": "header", "name": "X-Key"}}}
    client = serve({"/a": {"get": get}}, keys, surroundings=World(clock=Clock(), keys=("k",)))
    asked = [("/a", {}), ("/a?p=x", {"X-Key": "k"}), ("/a", {"X-Key": "k"}), ("/a", {})]

    found = [client.get(path, headers=headers).status_code for path, headers in asked]
    assert found == [401, 400, 429, 429]


@pytest.mark.parametrize("mode", ["strict", "warn"])
def test_the_documented_refusal_is_given(serve: Any, mode: str) -> None:
    """In its own shape, with one `Retry-After`, which is right; in any mode."""
    header = {"Retry-After": {"required": True, "schema": {"type": "integer"}}}
    too_many = answers(TEXT, "429", media="text/html", example="Slow down.")
    too_many["429"]["headers"] = header
    client = serve(
        {"/a": {"get": limiting(1, 900, **too_many)}},
        surroundings=World(clock=Clock(), mode=mode),
    )
    client.get("/a")
    refused = client.get("/a")

    assert (refused.status_code, refused.text) == (429, "Slow down.")
    assert refused.headers.getlist("Retry-After") == ["900"]


def test_the_journal_holds_what_was_refused(serve: Any) -> None:
    """Also a request that was one too many was a request."""
    client = serve({"/a": {"get": limiting(1, 60)}}, surroundings=World(clock=Clock()))
    statuses(client, 2)

    entries = client.get("/__leadline/requests").json["requests"]
    assert [one["status"] for one in entries] == [200, 429]


def test_many_at_once_are_counted_rightly(serve: Any) -> None:
    """Threads share the count."""
    client = serve({"/a": {"get": limiting(20, 60)}}, surroundings=World(clock=Clock()))
    app = client.application
    with ThreadPoolExecutor(8) as pool:
        found = pool.map(lambda _: app.test_client().get("/a").status_code, range(60))

    assert Counter(found) == {200: 20, 429: 40}


@pytest.fixture(params=["one", "several"])
def ids(request: Any) -> Ids:
    """What counts, in one process and in several."""
    return Ids() if request.param == "one" else SharedIds(0, Counters(get_context("spawn")))


def test_windows_begin_at_nothing_however_many_there_were(ids: Ids) -> None:
    """Neither other counts nor thousands of windows before spoil a new one."""
    for _ in range(5):
        ids.uuid()
    for window in range(1, 6000):
        counted = [ids.within(name, window) for name in ("GET /a", "GET /b", "GET /a")]

        assert counted == [1, 1, 2]


def test_who_comes_late_does_not_begin_an_earlier_window_again(ids: Ids) -> None:
    """Two processes need not see the end of a window in the same moment."""
    assert [ids.within("GET /a", window) for window in (7, 7, 8, 7, 8)] == [1, 2, 1, 2, 3]


def test_hundreds_of_operations_are_kept_apart(ids: Ids) -> None:
    """No two of them share a count."""
    for count in (1, 2):
        assert {ids.within(f"GET /{number}", 1) for number in range(900)} == {count}


def test_several_processes_share_the_count(tmp_path: Path) -> None:
    """Whichever of them is asked."""
    file = tmp_path / "spec.json"
    document = {
        "openapi": "3.1.0",
        "info": {"title": "T", "version": "1"},
        "paths": {"/a": {"get": limiting(7, FAR)}},
    }
    file.write_text(json.dumps(document), "utf-8")
    command = [*LEADLINE, "mock", "--spec", str(file), "--port", "0", "--workers", "2", "--quiet"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        url = urlsplit(json.loads(process.stdout.readline())["url"])
        with ThreadPoolExecutor(4) as pool:
            found = Counter(pool.map(_status(str(url.hostname), int(url.port or 0)), range(20)))
    finally:
        process.terminate()
        process.communicate(timeout=30)

    assert found == {200: 7, 429: 13}


def _status(host: str, port: int) -> Callable[[int], int]:
    """Asks over a connection of its own, which any of the processes may get."""

    def ask(_: int) -> int:
        connection = HTTPConnection(host, port, timeout=20)
        try:
            connection.request("GET", "/a")
            with connection.getresponse() as response:
                return response.status
        finally:
            connection.close()

    return ask
