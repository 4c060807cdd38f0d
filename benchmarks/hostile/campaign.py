"""Send attacks over many connections at once, and look at what comes back."""

from __future__ import annotations

import asyncio
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field

from benchmarks.hostile.answers import Answer, read
from benchmarks.hostile.attacks import Attack, attack

PATIENCE = 40.0
"""Seconds until an answer that is due counts as a hang: a request that stops is refused after 20 s."""
LINES = 1_000_000


@dataclass(frozen=True)
class Problem:
    """What went wrong with the attack *number*."""

    number: int
    attack: Attack
    what: str


@dataclass
class Tally:
    """What came back so far."""

    statuses: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    slowest: dict[str, tuple[float, int]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def took(self, kind: str, number: int, seconds: float) -> None:
        """Note how long an answer took."""
        if seconds > self.slowest.get(kind, (0.0, 0))[0]:
            self.slowest[kind] = (seconds, number)


class Campaign:
    """The attacks of *seed* against the server at *address*; what came back is in *tally*."""

    def __init__(self, address: tuple[str, int], seed: int) -> None:
        self._address, self._seed = address, seed
        self.tally = Tally()

    async def run(self, numbers: Iterator[int], connections: int) -> None:
        """Send the attacks with *numbers* over so many *connections* at once."""
        await asyncio.gather(*(self._worker(numbers) for _ in range(connections)))

    async def one(self, number: int) -> None:
        """Send one attack."""
        await self._worker(iter([number]))

    async def slow(self, number: int, seconds: float) -> None:
        """Send an attack over *seconds*, in pieces."""
        made = attack(self._seed, number)
        line = await Line.open(self._address)
        size = max(1, len(made.data) // 100)
        pieces = [made.data[at : at + size] for at in range(0, len(made.data), size)]
        with suppress(ConnectionError):
            for piece in pieces:
                line.writer.write(piece)
                await asyncio.sleep(seconds / len(pieces))
        await self._finish(
            number, Attack("slow senders", made.data, framed=False, fault=made.fault), line
        )

    async def stuck(self, number: int) -> None:
        """Send half of a request and wait."""
        data = b"POST /api/leads HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n{}"[
            : 5 + number % 60
        ]
        line = await Line.open(self._address)
        line.writer.write(data)
        await self._answers(number, Attack("senders that stop", data, framed=False), line)
        line.close()

    async def mute(self, seconds: float) -> None:
        """Ask a lot, and read nothing."""
        line = await Line.open(self._address)
        line.writer.write(b"GET /api/leads HTTP/1.1\r\nHost: x\r\n\r\n" * 20_000)
        await asyncio.sleep(seconds)
        line.close()

    async def _worker(self, numbers: Iterator[int]) -> None:
        line: Line | None = None
        for number in numbers:
            made = attack(self._seed, number)
            if not made.framed:
                other = await Line.open(self._address)
                other.writer.write(made.data)
                await self._finish(number, made, other)
                continue
            line = line or await Line.open(self._address)
            if not await self._framed(number, made, line):
                line.close()
                line = None
        if line is not None:
            line.close()

    async def _framed(self, number: int, made: Attack, line: Line) -> bool:
        """Send a request and look at the answer; whether the connection goes on."""
        start = time.monotonic()
        line.writer.write(made.data)
        answer = await self._next(number, made, line)
        self.tally.took(made.kind, number, time.monotonic() - start)
        if answer is None:
            return False
        self._note(number, made, answer)
        return not answer.closes

    async def _finish(self, number: int, made: Attack, line: Line) -> None:
        """Half-close, and look at all that comes."""
        start = time.monotonic()
        with suppress(ConnectionError, OSError):
            line.writer.write_eof()
        await self._answers(number, made, line)
        self.tally.took(made.kind, number, time.monotonic() - start)
        line.close()

    async def _answers(self, number: int, made: Attack, line: Line) -> None:
        count, due = 0, made.data.strip(b"\r\n") != b""
        while answer := await self._next(number, made, line, due=due and not count):
            count += 1
            self._note(number, made, answer)
        if not count and not due:
            self.tally.statuses[made.kind]["none due"] += 1

    async def _next(
        self, number: int, made: Attack, line: Line, *, due: bool = True
    ) -> Answer | None:
        what = "there is no answer, only the end of the connection" if due else ""
        answer = None
        try:
            answer = await asyncio.wait_for(read(line.reader, head=made.is_head), PATIENCE)
        except TimeoutError:
            what = f"there is no answer within {PATIENCE} s"
        except (ConnectionError, asyncio.IncompleteReadError, ValueError, KeyError) as error:
            what = f"the answer is broken: {type(error).__name__}: {error}"
        if answer is None and what:
            self.tally.problems.append(Problem(number, made, what))
            self.tally.statuses[made.kind]["none"] += 1
        return answer

    def _note(self, number: int, made: Attack, answer: Answer) -> None:
        self.tally.statuses[made.kind][str(answer.status)] += 1
        if wrong := answer.wrong(made):
            self.tally.problems.append(Problem(number, made, wrong))


@dataclass(frozen=True)
class Line:
    """A connection."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    @classmethod
    async def open(cls, address: tuple[str, int]) -> Line:
        """A new one."""
        return cls(*await asyncio.open_connection(*address, limit=LINES))

    def close(self) -> None:
        """End it, whatever is under way."""
        self.writer.transport.abort()
