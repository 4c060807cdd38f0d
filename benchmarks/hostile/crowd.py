"""Many clients at once: is every id given once, and does everybody get back what they sent?"""

from __future__ import annotations

import asyncio
import json
import time
from collections import Counter
from dataclasses import dataclass, field

from benchmarks.hostile.answers import read
from benchmarks.hostile.attacks import LEADS, request
from benchmarks.hostile.bodies import KEY
from benchmarks.hostile.campaign import Line

HEADERS = [(b"Authorization", KEY), (b"Content-Type", b"application/json")]


@dataclass
class Crowd:
    """What *clients* saw together."""

    clients: int
    seconds: float
    answers: int = 0
    ids: Counter[str] = field(default_factory=Counter)
    problems: list[str] = field(default_factory=list)

    async def run(self, address: tuple[str, int]) -> None:
        """Have every client post one body after the other."""
        end = time.monotonic() + self.seconds
        await asyncio.gather(
            *(self._client(address, number, end) for number in range(self.clients))
        )
        twice = [key for key, count in self.ids.items() if count > 1]
        self.problems += [f"the id {key} was given {self.ids[key]} times" for key in twice[:10]]

    async def _client(self, address: tuple[str, int], number: int, end: float) -> None:
        line = await Line.open(address)
        at = 0
        while time.monotonic() < end and len(self.problems) < 10:
            at += 1
            await self._post(
                line, {"firstName": f"client {number}", "notes": f"{at} " + "x" * (at % 97)}
            )
        line.close()

    async def _post(self, line: Line, sent: dict[str, str]) -> None:
        line.writer.write(request(b"POST", LEADS, HEADERS, json.dumps(sent).encode()))
        answer = await asyncio.wait_for(read(line.reader), 30)
        if answer is None or answer.status != 200:
            self.problems.append(f"{sent} is answered with {answer}")
            return
        doc = json.loads(answer.body)["doc"]
        self.answers += 1
        self.ids[str(doc.get("id"))] += 1
        if any(doc.get(name) != value for name, value in sent.items()):
            self.problems.append(f"{sent} comes back as {doc}")
