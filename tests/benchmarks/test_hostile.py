"""The hostile requests themselves, and whether what is wrong with an answer would be seen."""

from __future__ import annotations

import asyncio
import json

import pytest
from benchmarks.hostile.answers import Answer, read
from benchmarks.hostile.attacks import Attack, attack
from benchmarks.hostile.campaign import Campaign, Tally
from benchmarks.hostile.crowd import Crowd

POST = Attack("test", b"POST / HTTP/1.1\r\n\r\n")
CLEAR = json.dumps({"errors": [{"message": "the body is not JSON"}]}).encode()


def campaign(server: str) -> Tally:
    """What comes of two hundred attacks on a server that always says *server*."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(1_000_000)
        writer.write(server.encode())
        writer.close()

    async def run() -> Tally:
        listening = await asyncio.start_server(answer, "127.0.0.1", 0)
        attacks = Campaign(listening.sockets[0].getsockname()[:2], seed=1)
        await attacks.run(iter(range(200)), 8)
        listening.close()
        return attacks.tally

    return asyncio.run(run())


def test_repeatable() -> None:
    """A number stands for the same bytes every time, and numbers for different ones."""
    first = [attack(1, number).data for number in range(300)]

    assert [attack(1, number).data for number in range(300)] == first
    assert len(set(first)) > 250
    assert attack(2, 0).data != first[0]


@pytest.mark.parametrize(
    ("status", "headers", "body", "wrong"),
    [
        (200, {}, b"", ""),
        (400, {}, CLEAR, ""),
        (400, {}, b"", "400 without a clear message"),
        (404, {}, b"Not Found", "404 without a clear message"),
        (400, {}, b'{"code": 1}', "400 without a clear message"),
        (500, {}, CLEAR, "failed with 500"),
        (503, {"leadline-fault": "status=503"}, b"", ""),
    ],
)
def test_wrong_answers(status: int, headers: dict[str, str], body: bytes, wrong: str) -> None:
    """A failure that nobody asked for is wrong, and so is a refusal that does not say why."""
    assert Answer(status, headers, body).wrong(POST).startswith(wrong)
    assert bool(Answer(status, headers, body).wrong(POST)) is bool(wrong)


@pytest.mark.parametrize(
    ("said", "what"),
    [
        ("", "there is no answer"),
        ("HTTP/1.1 400 Bad Request\r\nContent-Length: 99\r\n\r\n{}", "IncompleteReadError"),
        ("HTTP/1.1 400 Bad Request\r\n\r\n", "KeyError"),
        ("<html>", "this is no answer"),
        ("HTTP/1.1 500 No\r\nContent-Length: 0\r\nConnection: close\r\n\r\n", "failed with 500"),
    ],
)
def test_broken_servers(said: str, what: str) -> None:
    """A server that breaks off, or does not speak HTTP, or fails, is found out."""
    found = campaign(said).problems

    assert len(found) > 150
    assert sum(what in problem.what for problem in found) > 100


def test_interim_answers_are_skipped() -> None:
    """`100 Continue` is no answer yet."""

    async def run() -> Answer | None:
        reader = asyncio.StreamReader()
        reader.feed_data(b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 204 No Content\r\nX: y\r\n\r\n")
        return await read(reader)

    assert asyncio.run(run()) == Answer(204, {"x": "y"}, b"")


def test_crowd_finds_what_is_mixed_up() -> None:
    """An id that is given twice, and somebody else's body, are seen."""
    body = json.dumps({"doc": {"id": "1", "firstName": "somebody"}})
    said = f"HTTP/1.1 200 OK\r\nContent-Length: {len(body)}\r\n\r\n{body}".encode()

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while await reader.read(100_000):
            writer.write(said)
        writer.close()

    async def run() -> Crowd:
        listening = await asyncio.start_server(answer, "127.0.0.1", 0)
        crowd = Crowd(clients=3, seconds=0.2)
        await crowd.run(listening.sockets[0].getsockname()[:2])
        listening.close()
        return crowd

    problems = asyncio.run(run()).problems

    assert any("comes back as" in problem for problem in problems)
    assert any("the id 1 was given" in problem for problem in problems)
