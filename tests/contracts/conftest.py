"""Servers to hold to the contract: the mock, and the mock behind a WSGI wrapper that changes something."""

from __future__ import annotations

import io
import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from leadline_contracts import mocked, run
from leadline_contracts.case import Case
from leadline_contracts.cases import cases_of
from leadline_contracts.report import Report
from leadline_contracts.target import Access, HttpTarget
from leadline_mock import World, create_app
from leadline_openapi import Contract, Operation, jsontext, load

KEY = "test-api-key"


@dataclass
class Request:
    """What a wrapper sees of a request, and may change before the mock sees it."""

    environ: dict[str, Any]
    body: bytes

    @property
    def value(self) -> Any:
        """The body as JSON."""
        try:
            return json.loads(self.body)
        except (RecursionError, ValueError):
            return None

    @property
    def key(self) -> str | None:
        """The credential."""
        return self.environ.get("HTTP_AUTHORIZATION")

    @key.setter
    def key(self, value: str) -> None:
        self.environ["HTTP_AUTHORIZATION"] = value

    @property
    def query(self) -> str:
        """The query string."""
        return str(self.environ["QUERY_STRING"])

    @property
    def fields(self) -> dict[str, Any]:
        """The members of the body, if it has any."""
        return self.value if isinstance(self.value, dict) else {}


@dataclass
class Answer:
    """What the mock answers, and a wrapper may change."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes
    chunks: list[bytes] | None = None

    @property
    def value(self) -> Any:
        """The body as JSON."""
        return json.loads(self.body)

    @value.setter
    def value(self, value: Any) -> None:
        self.body = jsontext.dump(value)

    @property
    def accepted(self) -> bool:
        """Whether it says yes to a lead; OPTIONS is answered without a body."""
        return 200 <= self.status < 300 and bool(self.body)

    @property
    def doc(self) -> dict[str, Any]:
        """The document of a yes."""
        found: dict[str, Any] = self.value.get("doc", {}) if self.accepted else {}
        return found

    @doc.setter
    def doc(self, doc: Any) -> None:
        self.value = {**self.value, "doc": doc}

    def refuse(self, status: int) -> None:
        """Say no, in the shape of the contract's errors."""
        self.status = status
        self.value = {"errors": [{"message": "no"}]}


Wrapper = Callable[[Request, Callable[[], Answer]], Answer]
"""Takes the request and what asks the mock; gives the answer."""


def doc_changed(change: Callable[[dict[str, Any], dict[str, Any]], Any]) -> Any:
    """A wrapper that lets *change* work on what was sent and the document that is answered."""

    def wrapper(request: Any, ask: Any) -> Any:
        answer = ask()
        if answer.accepted:
            doc = answer.doc
            change(request.fields, doc)
            answer.doc = doc
        return answer

    return wrapper


def member_changed(name: str, change: Callable[[Any], Any]) -> Any:
    """A wrapper that answers another value for the member *name*."""

    def edit(_: Any, doc: dict[str, Any]) -> None:
        if doc.get(name) is not None:
            doc[name] = change(doc[name])

    return doc_changed(edit)


_EVERY = [1]
"""The last number says which share of the cases a run sends."""


@pytest.fixture
def some_cases() -> Iterator[None]:
    """Only every tenth case, for what is about the wire and not about the contract."""
    _EVERY.append(10)
    yield
    _EVERY.pop()


_refusals: dict[Any, Answer] = {}
"""What the mock refuses does not depend on its state: asked once in a session."""


class Server:
    """A WSGI application: the mock of *contract* behind *wrapper*."""

    def __init__(self, contract: Contract, wrapper: Wrapper) -> None:
        world = World()
        self._strict: Any = create_app(contract, world)
        self._lenient: Any = create_app(contract, World(mode="warn", ids=world.ids))
        self._wrapper = wrapper
        self._digest = contract.digest

    def __call__(self, environ: dict[str, Any], start_response: Any) -> list[bytes]:
        """Answer, as WSGI has it."""
        length = int(environ.get("CONTENT_LENGTH") or 0)
        request = Request(environ, environ["wsgi.input"].read(length))
        app = self._strict

        def ask(*, lenient: bool = False) -> Answer:
            chosen = self._lenient if lenient else app
            parts = (
                "REQUEST_METHOD",
                "PATH_INFO",
                "QUERY_STRING",
                "CONTENT_TYPE",
                "HTTP_AUTHORIZATION",
            )
            same = (self._digest, lenient, request.body, *map(environ.get, parts))
            if same in _refusals:
                return replace(_refusals[same])
            environ["wsgi.input"] = io.BytesIO(request.body)
            environ["CONTENT_LENGTH"] = str(len(request.body))
            told: list[Any] = []
            body = b"".join(chosen(environ, lambda *args: told.extend(args[:2])))
            answer = Answer(int(told[0].split()[0]), list(told[1]), body)
            if not answer.accepted:
                _refusals[same] = replace(answer)
            return answer

        answer = self._wrapper(request, ask)
        headers = [pair for pair in answer.headers if pair[0].lower() != "content-length"]
        if answer.chunks is None:
            headers.append(("Content-Length", str(len(answer.body))))
        start_response(f"{answer.status} Status", headers)
        return [answer.body] if answer.chunks is None else answer.chunks


@pytest.fixture(scope="session")
def contract() -> Contract:
    """The packaged leads contract."""
    return load()


@pytest.fixture(scope="session", autouse=True)
def _cases_once() -> Iterator[None]:
    """Make the cases of an operation once in a session: they are the same every time."""
    known: dict[int, tuple[Operation, list[Case]]] = {}

    def once(operation: Operation) -> list[Case]:
        _, cases = known.get(id(operation)) or (operation, cases_of(operation))
        known[id(operation)] = operation, cases
        return cases[:: _EVERY[-1]]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(run, "stream", once)
        yield


@pytest.fixture(scope="session")
def served(contract: Contract) -> Callable[[Wrapper], Server]:
    """Makes a server from a wrapper."""
    return lambda wrapper: Server(contract, wrapper)


@pytest.fixture(scope="session")
def check(contract: Contract) -> Callable[..., Report]:
    """Holds a WSGI application to the leads contract, without the fuzz phase unless asked for."""

    def check(app: Any, contract: Contract = contract, **options: Any) -> Report:
        options = {"examples": 0, **options}
        return run.check(contract, mocked.target(contract, app), run.Options(**options))

    return check


@pytest.fixture(scope="session")
def check_url(contract: Contract) -> Callable[..., Report]:
    """Holds the server at a URL to the leads contract."""

    def check(url: str, *, timeout: float = 5.0, key: str = KEY, **options: Any) -> Report:
        options = {"examples": 0, **options}
        return run.check(
            contract, HttpTarget(url, Access(key=key), timeout), run.Options(**options)
        )

    return check


def write(
    handler: BaseHTTPRequestHandler, status: int, kind: str, body: bytes, *extra: tuple[str, str]
) -> None:
    """Answer with *body* of the media type *kind*, and with *extra* headers."""
    handler.send_response(status)
    for name, value in (("Content-Type", kind), ("Content-Length", str(len(body))), *extra):
        handler.send_header(name, value)
    handler.end_headers()
    handler.wfile.write(body)


class _Handler(BaseHTTPRequestHandler):
    """Speaks HTTP/1.1 for a function from method, path, headers and body to what is to be written."""

    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        """Answer."""
        assert isinstance(self.server, _Server)
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.server.speak(self, body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Nothing to say."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, speak: Callable[[BaseHTTPRequestHandler, bytes], None]) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.speak = speak

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that goes away is nothing to talk about."""


@pytest.fixture
def listening() -> Iterator[Callable[[Any], str]]:
    """Listens on free ports of the loopback interface; each call gives the base URL of a server."""
    started: list[_Server] = []

    def listen(speak: Callable[[BaseHTTPRequestHandler, bytes], None]) -> str:
        server = _Server(speak)
        started.append(server)
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        return f"http://127.0.0.1:{server.server_port}/api"

    yield listen
    for server in started:
        server.shutdown()
        server.server_close()


@pytest.fixture(scope="session")
def ask(contract: Contract) -> Callable[[BaseHTTPRequestHandler, bytes], tuple[int, str, bytes]]:
    """What the mock answers to a request over a socket: status, media type, body."""
    client = create_app(contract).test_client()

    def ask(handler: BaseHTTPRequestHandler, body: bytes) -> tuple[int, str, bytes]:
        headers = [
            pair for pair in handler.headers.items() if pair[0] not in {"Host", "Content-Length"}
        ]
        answer = client.open(handler.path, method=handler.command, headers=headers, data=body)
        return answer.status_code, answer.headers["Content-Type"], answer.data

    return ask
