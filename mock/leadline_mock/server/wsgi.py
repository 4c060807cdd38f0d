"""Run a WSGI application (PEP 3333) for one request."""

from __future__ import annotations

import io
import sys
from typing import Any
from urllib.parse import unquote_to_bytes, urlsplit

from leadline_mock.messages import Action, Reply, Response
from leadline_mock.server.application import Application, RawRequest, Wsgi

RAW = "leadline.request"
"""In the environment: the request as it came."""
ACTION = "leadline.action"
"""In the environment: a list, for the application to put the `Action` into that the wire shall take."""


def answered(
    application: Application, request: RawRequest, address: tuple[str, int], scheme: str
) -> Reply:
    """What *application* answers to *request* in the end; should it fail, the answer says so."""
    if request.target == b"*" and request.method == "OPTIONS":  # RFC 9110 section 9.3.7
        return Reply(Response(204, (), b""))
    if wrong := _wrong_target(request):
        return Reply(application.refusal(request, 400, wrong))
    try:
        return run(application.wsgi, request, address, scheme)
    except Exception as error:
        problem = f"the mock failed: {type(error).__name__}"
        return Reply(application.refusal(request, 500, problem))


def _wrong_target(request: RawRequest) -> str:
    """Why the target of *request* is none that an origin server takes (RFC 9112 section 3.2), or nothing."""
    target = request.target.decode("latin-1")
    if target.startswith("/"):
        return ""
    try:
        parts = urlsplit(target)
    except ValueError:
        return "the target of the request is no URL"
    if parts.scheme in ("http", "https") and parts.netloc:
        return ""
    return "the target of the request is neither a path nor an http URL"


def run(app: Wsgi, request: RawRequest, address: tuple[str, int], scheme: str) -> Reply:
    """What *app* answers to *request*."""
    environ = environment(request, address, scheme)
    started: list[Any] = []
    actions: list[Action] = environ[ACTION]

    def start_response(status: str, headers: list[tuple[str, str]], _error: Any = None) -> Any:
        started[:] = [status, headers]
        return written.append

    written: list[bytes] = []
    chunks = app(environ, start_response)
    try:
        written += chunks
    finally:
        close = getattr(chunks, "close", None)
        if close is not None:
            close()
    status, headers = started
    response = Response(int(status.split()[0]), tuple(headers), b"".join(written))
    return Reply(response, actions[0] if actions else None)


def environment(request: RawRequest, address: tuple[str, int], scheme: str) -> dict[str, Any]:
    """The WSGI environment of *request*, which came in at *address*."""
    target = request.target.decode("latin-1")
    path, _, query = target.partition("?")
    if not path.startswith("/"):  # absolute-form (RFC 9112 section 3.2.2)
        path = urlsplit(path).path or "/"
    environ: dict[str, Any] = {
        "REQUEST_METHOD": request.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote_to_bytes(path.encode("latin-1")).decode("latin-1"),
        "QUERY_STRING": query,
        "REQUEST_URI": target,
        "SERVER_NAME": address[0],
        "SERVER_PORT": str(address[1]),
        "SERVER_PROTOCOL": "HTTP/1.0" if request.http10 else "HTTP/1.1",
        "CONTENT_LENGTH": str(len(request.body)),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scheme,
        "wsgi.input": io.BytesIO(request.body),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
        RAW: request,
        ACTION: [],
    }
    for name, value in request.headers:
        key = name.upper().replace("-", "_")
        if key in ("CONTENT_LENGTH", "TRANSFER_ENCODING"):
            continue  # the body has been read
        if key != "CONTENT_TYPE":
            key = f"HTTP_{key}"
        joint = "; " if key == "HTTP_COOKIE" else ", "
        environ[key] = f"{environ[key]}{joint}{value}" if key in environ else value
    return environ
