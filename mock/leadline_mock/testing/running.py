"""A mock on a free port, in a thread of this process."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Unpack

from leadline_mock.mocking import Mock
from leadline_mock.server import Limits, Server, listen
from leadline_mock.testing.making import Options, make
from leadline_mock.testing.view import View
from leadline_openapi import Contract

_LIMITS = Limits(grace=0.5)
"""A test that is over does not wait for answers; they may be withheld on purpose."""


class RunningMock(View):
    """A mock that listens on 127.0.0.1, until the context ends that gave it."""


def serving(
    contract: Contract | None = None, **options: Unpack[Options]
) -> AbstractContextManager[RunningMock]:
    """
    A mock of *contract*, or of the one that *options* name, on a free port while the context lasts.

        with serving(spec="openapi.yaml", mode="warn") as mock:
            requests.post(f"{mock.url}/leads", json={}, headers=mock.headers)

    `Options` says what there is. Raises at once, before the context is entered, `BadMock`, `BadWorld`,
    `BadFault`, `SpecError` or `UnknownProfile`.
    """
    return _serving(make(contract, **options))


@contextmanager
def _serving(mock: Mock) -> Iterator[RunningMock]:
    server = Server(mock, listen("127.0.0.1", 0), limits=_LIMITS)
    server.start()
    try:
        yield RunningMock(mock, server.origin)
    finally:
        server.stop()
