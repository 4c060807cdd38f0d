"""A mock in this process, without a socket."""

from __future__ import annotations

from typing import TYPE_CHECKING, Unpack, cast

from leadline_mock.testing.making import BadMock, Options, make
from leadline_mock.testing.memory import HOST
from leadline_mock.testing.view import View
from leadline_openapi import Contract

if TYPE_CHECKING:
    import flask
    import requests

    from leadline_mock.testing.httpx_transport import InProcessTransport


class InProcessMock(View):
    """
    A mock that clients reach by what it gives them; there is no port.

    Faults happen as they do on a socket, in the words of the client: a delay is waited for, a reset is a
    `ReadError` or `ConnectionError`. A hang is a timeout after the client's own; at once where it has
    none, as nothing would ever come.
    """

    def httpx_transport(self) -> InProcessTransport:
        """
        For `httpx.Client(transport=…)`, `httpx.AsyncClient(transport=…)` and their `mounts`.

        Raises `BadMock` where httpx is not installed.
        """
        try:
            from leadline_mock.testing.httpx_transport import InProcessTransport
        except ModuleNotFoundError as error:
            raise BadMock(f"httpx is not installed ({error}): pip install httpx") from None
        return InProcessTransport(self._mock)

    def requests_session(self) -> requests.Session:
        """A session of `requests` that reaches the mock at `url`."""
        import requests

        session = requests.Session()
        self.mount(session)
        return session

    def mount(self, session: requests.Session, prefix: str | None = None) -> None:
        """
        Have *session* reach the mock at URLs that begin with *prefix*, those of the mock by default.

        The retries of the adapter that is mounted there so far stay.
        """
        from leadline_mock.testing.requests_adapter import mount

        mount(session, self.origin if prefix is None else prefix, self._mock)

    @property
    def wsgi(self) -> flask.Flask:
        """The WSGI application; it is Flask's, so `wsgi.test_client()` gives a client too."""
        return cast("flask.Flask", self._mock.wsgi)


def in_process(contract: Contract | None = None, **options: Unpack[Options]) -> InProcessMock:
    """
    A mock of *contract*, or of the one that *options* name, in this process.

        mock = in_process(spec="openapi.yaml")
        client = httpx.Client(transport=mock.httpx_transport(), base_url=mock.url, headers=mock.headers)

    `Options` says what there is. Raises `BadMock`, `BadWorld`, `BadFault`, `SpecError` or
    `UnknownProfile`.
    """
    return InProcessMock(make(contract, **options), f"http://{HOST}")
