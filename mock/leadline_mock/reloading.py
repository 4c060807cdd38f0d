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
from leadline_openapi import Contract, LeadlineError
from leadline_openapi.watching import PERIOD, Watch

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
        self._files = Watch(named)
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
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
        if not self._files.changed():
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
        with self._files.attempt():
            contracts = self._load()
        self._mock = Mock(contracts, self._world)
        forget()

    def _watch(self) -> None:
        while not self._stop.wait(PERIOD):
            self.look()

    def _say(self, sentence: str) -> None:
        with suppress(OSError):  # nobody may listen any more
            self._tell(sentence)
