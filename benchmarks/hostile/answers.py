"""Answers as they come over the wire, and what is wrong with them."""

from __future__ import annotations

import asyncio
import gzip
import json
from dataclasses import dataclass

from benchmarks.hostile.attacks import Attack

_ASKED_FOR = ("leadline-fault", "preference-applied")
"""Headers that tell that a failure was asked for."""


@dataclass(frozen=True)
class Answer:
    """What a server said."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def closes(self) -> bool:
        """Whether it is the last one on its connection."""
        return self.headers.get("connection", "").lower() == "close"

    def wrong(self, attack: Attack) -> str:
        """What is wrong with it as an answer to *attack*, or nothing."""
        asked_for = any(name in self.headers for name in _ASKED_FOR)
        if self.status >= 500 and not asked_for:
            return f"failed with {self.status}: {self.body[:300]!r}"
        if 400 <= self.status < 500 and not (attack.is_head or asked_for) and not self._says_why():
            return f"{self.status} without a clear message: {self.body[:300]!r}"
        return ""

    def _says_why(self) -> bool:
        try:
            text = gzip.decompress(self.body) if "content-encoding" in self.headers else self.body
            value = json.loads(text)
        except ValueError:
            return False
        return any(len(one) > 10 for one in _texts(value))


def _texts(value: object) -> list[str]:
    if isinstance(value, str):
        return [value]
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [text for one in inner for text in _texts(one)]


async def read(reader: asyncio.StreamReader, *, head: bool = False) -> Answer | None:
    """The next answer, or `None` at the end. Raises `ValueError` for what is no HTTP, and on a cut answer."""
    while True:
        first = await reader.readline()
        if not first:
            return None
        version, _, rest = first.partition(b" ")
        if version != b"HTTP/1.1" or not rest[:3].isdigit() or not first.endswith(b"\r\n"):
            raise ValueError(f"this is no answer: {first[:200]!r}")
        status = int(rest[:3])
        headers = await _headers(reader)
        if status >= 200:
            break
    bodiless = head or status in (204, 304)
    size = 0 if bodiless else int(headers["content-length"])
    return Answer(status, headers, await reader.readexactly(size))


async def _headers(reader: asyncio.StreamReader) -> dict[str, str]:
    found: dict[str, str] = {}
    while (line := await reader.readline()) != b"\r\n":
        name, colon, value = line.decode("latin-1").partition(":")
        if not colon or not line.endswith(b"\r\n"):
            raise ValueError(f"this is no header: {line[:200]!r}")
        low = name.lower()
        if low in ("content-length", "date") and low in found:
            raise ValueError(f"the header {name} is there twice")
        found[low] = value.strip()
    return found
