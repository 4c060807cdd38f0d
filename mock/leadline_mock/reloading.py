"""Follow the files of a mock: when they change it is made anew, unless they are broken."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from pathlib import Path

from leadline_mock.caching import forget
from leadline_mock.messages import Reply, Response
from leadline_mock.mocking import Mock
from leadline_mock.server.application import RawRequest, Wsgi
from leadline_mock.world import World
from leadline_openapi import Contract, LeadlineError, reading

_PERIOD = 0.3
"""Seconds between two looks at the files."""

Contracts = Sequence[Contract]
_Status = tuple[int, int]


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
        self._named = frozenset(named)
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        self._seen: dict[Path, _Status] = {}
        self._take()

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
        self._thread = threading.Thread(target=self._watch, name="leadline-reload", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Look no more."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join()

    def look(self) -> bool:
        """Make the mock anew if a file has changed; whether that was done."""
        if all(_status(path) == status for path, status in self._seen.items()):
            return False
        try:
            self._take()
        except (LeadlineError, OSError) as error:
            self._say(f"the change is not taken, the mock goes on as it was: {error}")
        except Exception as error:  # whatever a file may do to its reader
            reason = f"{type(error).__name__}: {error}"
            self._say(f"the change is not taken, the mock goes on as it was: {reason}")
        else:
            names = ", ".join(f"{one.title} {one.version}" for one in self.contracts)
            self._say(f"reloaded: {names}")
            return True
        return False

    def _take(self) -> None:
        """
        Load, and remember how the files were that decided what came of it, be it an error.

        Each is looked at before it is read, so that what changes meanwhile is seen next time.
        """
        seen = {path: _status(path) for path in self._named}
        try:
            with reading.watched(lambda path: seen.setdefault(path, _status(path))):
                contracts = self._load()
        finally:
            self._seen = seen
        self._mock = Mock(contracts, self._world)
        forget()

    def _watch(self) -> None:
        while not self._stop.wait(_PERIOD):
            self.look()

    def _say(self, sentence: str) -> None:
        with suppress(OSError):  # nobody may listen any more
            self._tell(sentence)


def _status(path: Path) -> _Status:
    """The time of change and the size of a file; one that is missing for the moment has neither."""
    try:
        status = path.stat()
    except (OSError, ValueError):
        return 0, 0
    return status.st_mtime_ns, status.st_size
