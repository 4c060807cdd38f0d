"""One of several processes that serve a mock."""

from __future__ import annotations

import signal
import threading
from multiprocessing.connection import Connection
from socket import socket
from typing import Any

from leadline_mock.server import Server
from leadline_mock.workers.channel import Caller, answer_calls
from leadline_mock.workers.counters import Counters, SharedIds
from leadline_mock.workers.setup import Setup, Shares
from leadline_mock.workers.views import SharedArmory, SharedJournal


def main(
    setup: Setup,
    listener: socket,
    limit: int,
    counters: Counters,
    asked: Connection[Any, Any],
    asking: Connection[Any, Any],
    index: int,
) -> None:
    """Serve until the process that started this one says stop, or ends."""
    signal.signal(
        signal.SIGINT, signal.SIG_IGN
    )  # a terminal sends Ctrl-C to all; the keeper tells us
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    caller = Caller(asking)
    journal = SharedJournal(limit, caller, counters)
    shares = Shares(SharedIds(setup.seed, counters), journal, SharedArmory(caller, counters))
    server = Server(setup.application(shares, talks=index == 0), listener, context=setup.context())
    server.start()
    done = threading.Event()
    answers = {**journal.local(), "stop": done.set}
    listening = threading.Thread(target=_listen, args=(asked, answers, done), daemon=True)
    listening.start()
    caller.ask("ready")
    done.wait()
    server.stop()


def _listen(asked: Connection[Any, Any], answers: Any, done: threading.Event) -> None:
    answer_calls(asked, answers)
    done.set()
