"""What goes wrong with a mock without a socket: as over one, in the words of the client."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable

import anyio
import httpx
import pytest
import requests

from leadline_mock import in_process
from leadline_mock.testing import InProcessMock


@pytest.fixture
def mock() -> InProcessMock:
    """A mock of the leads API."""
    return in_process()


Post = Callable[[InProcessMock, float | None], bytes]


def post_httpx(mock: InProcessMock, timeout: float | None) -> bytes:
    """The answer to a lead that is posted with httpx."""
    with httpx.Client(transport=mock.httpx_transport(), timeout=timeout) as client:
        return client.post(f"{mock.url}/leads", json={}, headers=mock.headers).content


def post_async(mock: InProcessMock, timeout: float | None) -> bytes:
    """As `post_httpx`, with the client that does not wait."""

    async def post() -> bytes:
        transport = mock.httpx_transport()
        async with httpx.AsyncClient(transport=transport, timeout=timeout) as client:
            answer = await client.post(f"{mock.url}/leads", json={}, headers=mock.headers)
            return answer.content

    return asyncio.run(post())


def post_requests(mock: InProcessMock, timeout: float | None) -> bytes:
    """The answer to a lead that is posted with requests."""
    with mock.requests_session() as session:
        answer = session.post(f"{mock.url}/leads", json={}, headers=mock.headers, timeout=timeout)
        return answer.content


POSTS = [post_httpx, post_async, post_requests]
FAULTS: dict[str, tuple[type[Exception], type[Exception]]] = {
    "reset": (httpx.ReadError, requests.ConnectionError),
    "truncate": (httpx.RemoteProtocolError, requests.exceptions.ChunkedEncodingError),
    "hang": (httpx.ReadTimeout, requests.ReadTimeout),
    "delay=3000": (httpx.ReadTimeout, requests.ReadTimeout),
    "drip=30": (httpx.ReadTimeout, requests.ConnectionError),
}


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Seconds that somebody waited for an answer; nobody does."""
    waited: list[float] = []

    def sleep(seconds: float) -> None:
        if seconds:
            waited.append(seconds)

    async def sleep_async(seconds: float) -> None:
        waited.append(seconds)

    monkeypatch.setattr("time.sleep", sleep)
    monkeypatch.setattr(anyio, "sleep", sleep_async)
    return waited


@pytest.mark.parametrize("post", POSTS)
@pytest.mark.parametrize("fault", FAULTS)
def test_faults_in_the_words_of_the_client(
    mock: InProcessMock, waits: list[float], post: Post, fault: str
) -> None:
    """A fault raises what the client raises for it over a socket; a timeout does after it was waited for."""
    mock.fail_next(fault)
    with pytest.raises(FAULTS[fault][post is post_requests]):
        post(mock, 2)

    assert waits == ([2] if issubclass(FAULTS[fault][0], httpx.ReadTimeout) else [])
    assert post(mock, 2)


@pytest.mark.parametrize("post", POSTS)
def test_a_hang_without_a_timeout(mock: InProcessMock, waits: list[float], post: Post) -> None:
    """A client that would wait for ever is told at once that it would."""
    mock.fail_next(hang=True)
    with pytest.raises((httpx.ReadTimeout, requests.ReadTimeout)):
        post(mock, None)

    assert waits == []


def test_a_request_that_does_not_end(mock: InProcessMock, waits: list[float]) -> None:
    """Whoever sends less than was promised waits for an answer in vain, as at any server."""
    url, headers = f"{mock.url}/leads", {**mock.headers, "Content-Length": "9"}
    with mock.requests_session() as session:
        request = session.prepare_request(requests.Request("POST", url, data=b"{}"))
        request.headers.update(headers)
        with pytest.raises(requests.ReadTimeout):
            session.send(request, timeout=2)
    with (
        httpx.Client(transport=mock.httpx_transport()) as client,
        pytest.raises(httpx.LocalProtocolError, match="Too little data"),
    ):
        client.post(url, content=b"{}", headers=headers)

    assert (waits, mock.requests) == ([2], [])


@pytest.mark.parametrize("post", POSTS)
def test_answers_that_are_late_or_slow(mock: InProcessMock, waits: list[float], post: Post) -> None:
    """A delay is waited for once, a drip between all pieces; what comes is whole."""
    mock.fail_next(delay=1500)
    mock.fail_next(drip=5)
    answers = [post(mock, 2) for _ in range(2)]

    assert waits == [1.5, *[0.5] * 10]
    assert all(json.loads(answer)["doc"] for answer in answers)
