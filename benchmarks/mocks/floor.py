"""The floor: what is sent comes back in the envelope, and nothing else is done.

`python -m benchmarks.mocks.floor PORT` serves the WSGI callable `echo` on the server of our mock. With
`--bare` the server answers by itself, without the WSGI environment of a request.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from leadline_mock.messages import Reply, Response
    from leadline_mock.server import RawRequest

JSON = "application/json"
STATUS = "200 OK"


def envelope(body: bytes) -> bytes:
    """The answer to *body*."""
    return b'{"message":"created","doc":' + body + b"}"


def echo(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    """The WSGI application."""
    answer = envelope(environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0)))
    start_response(STATUS, [("Content-Type", JSON), ("Content-Length", str(len(answer)))])
    return [answer]


class Echo:
    """`echo` as an application of our server, called in its event loop as the mock is."""

    wsgi = staticmethod(echo)

    def quick(self, request: RawRequest) -> Reply | None:
        """The answer, by WSGI."""
        from leadline_mock.server.wsgi import run

        return run(echo, request, ("127.0.0.1", 80), "http")

    def refusal(self, request: RawRequest, status: int, problem: str) -> Response:  # noqa: ARG002
        """What is no proper HTTP."""
        from leadline_mock.messages import Response

        return Response(status, (), problem.encode())


class Bare(Echo):
    """The same without WSGI: what the server can do at best."""

    def quick(self, request: RawRequest) -> Reply | None:
        """The answer."""
        from leadline_mock.messages import Reply, Response

        return Reply(Response(200, (("Content-Type", JSON),), envelope(request.body)))


def main(port: int, *, bare: bool) -> int:
    """Serve until told to stop."""
    from leadline_mock.server import Server, listen

    return Server(Bare() if bare else Echo(), listen("127.0.0.1", port)).run()


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), bare="--bare" in sys.argv))
