"""What a process needs to know to serve its part of a mock."""

from __future__ import annotations

import ssl
from dataclasses import dataclass
from typing import Protocol

from leadline_mock.faults import Armory
from leadline_mock.journal import Journal
from leadline_mock.server import Application
from leadline_mock.world import Ids


@dataclass(frozen=True, slots=True)
class Shares:
    """What an application takes instead of its own, so that several processes are one mock."""

    ids: Ids
    journal: Journal
    armory: Armory


class Setup(Protocol):
    """How to make the application; it travels to other processes, so it has to be picklable."""

    @property
    def seed(self) -> int:
        """The seed of what is made up."""
        ...

    def application(self, shares: Shares | None, *, talks: bool) -> Application:
        """The application, with *shares*; of several, only one *talks* to people."""
        ...

    def context(self) -> ssl.SSLContext | None:
        """What makes the server speak TLS."""
        ...
