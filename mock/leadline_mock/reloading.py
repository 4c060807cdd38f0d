"""Follow the files of a mock: when they change it is made anew, unless they are broken."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from pathlib import Path

from leadline_mock.messages import Reply, Response
from leadline_mock.mocking import Mock
from leadline_mock.server.application import RawRequest, Wsgi
from leadline_mock.world import World
from leadline_openapi import Contract, LeadlineError

_PERIOD = 0.3
"""Seconds between two looks at the files."""

Contracts = Sequence[Contract]


class Reloading:
    """
    An `Application` that is the mock of what *load* gives, now and after each change of its files.

    *named* are files to watch besides those that the contracts were read from; *tell* is called with
    one sentence for each change. World and journal stay the same. Raises what *load* raises.
    """

    def __init__(
        self,
        load: Callable[[], Contracts],
        world: World,
        named: Iterable[Path],
        tell: Callable[[str], None],
    ) -> None:
        self._load, self._world, self._tell = load, world, tell
        self._named = tuple(named)
        self._mock = Mock(load(), world)
        self._seen = self._state()
        self._stop = threading.Event()

    @property
    def contracts(self) -> Contracts:
        """What is served at the moment."""
        return self._mock.contracts

    @property
    def wsgi(self) -> Wsgi:
        """See `Application`."""
        return self._mock.wsgi

    def quick(self, request: RawRequest) -> Reply | None:
        """See `Application`."""
        return self._mock.quick(request)

    def refusal(self, request: RawRequest, status: int, problem: str) -> Response:
        """See `Application`."""
        return self._mock.refusal(request, status, problem)

    def watch(self) -> None:
        """Begin to look for changes, in a thread of its own that ends with the process or `close`."""
        threading.Thread(target=self._watch, name="leadline-reload", daemon=True).start()

    def close(self) -> None:
        """Look no more."""
        self._stop.set()

    def look(self) -> bool:
        """Make the mock anew if a file has changed; whether that was done."""
        state = self._state()
        if state == self._seen:
            return False
        self._seen = state
        try:
            contracts = self._load()
        except (LeadlineError, OSError) as error:
            self._tell(f"the change is not taken, the mock goes on as it was: {error}")
            return False
        self._mock = Mock(contracts, self._world)
        self._seen = self._state()  # other files may belong to it now
        names = ", ".join(f"{one.title} {one.version}" for one in contracts)
        self._tell(f"reloaded: {names}")
        return True

    def _watch(self) -> None:
        while not self._stop.wait(_PERIOD):
            self.look()

    def _state(self) -> dict[Path, tuple[int, int]]:
        """Every file with its time of change and size; one that is missing for the moment has neither."""
        found: dict[Path, tuple[int, int]] = dict.fromkeys(self._files(), (0, 0))
        for path in found:
            with suppress(OSError):
                status = path.stat()
                found[path] = (status.st_mtime_ns, status.st_size)
        return found

    def _files(self) -> list[Path]:
        read = {place.file for one in self._mock.contracts for place in one.places.values()}
        return sorted({*self._named, *map(Path, read)})
