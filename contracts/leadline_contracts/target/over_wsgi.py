"""A WSGI application (PEP 3333), called in this process."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable
from typing import Any
from urllib.parse import unquote_to_bytes

from leadline_contracts.case import Case, Exchange
from leadline_contracts.target.access import (
    MAX_ANSWER,
    Access,
    request_headers,
    target_with_credential,
)
from leadline_contracts.target.asking import Answered, NoAnswer, asked


class WsgiTarget:
    """
    The WSGI application *app*; *base_path* is where its API begins.

    *origin* is where a reader of the report may have it listen; nothing is sent there.
    """

    def __init__(
        self, app: Any, base_path: str, access: Access, origin: str = "http://127.0.0.1:4010"
    ) -> None:
        self.url = origin + base_path
        self._app = app
        self._base_path = base_path
        self._access = access
        self.redact = access.redact
        self.disclosed = access.disclosed

    def send(self, case: Case) -> Exchange:
        """Call the application with *case*; what it raises is no answer."""
        return asked(case, self._ask)

    def another(self) -> WsgiTarget:
        """The same: there is no connection to have a second of."""
        return self

    def hurry(self, timeout: float) -> None:
        """An application in this process cannot be left waiting."""

    def close(self) -> None:
        """Nothing to let go of."""

    def _ask(self, case: Case) -> Answered:
        try:
            return self._call(case)
        except Exception as error:
            raise NoAnswer(f"the application raised {type(error).__name__}: {error}") from error

    def _call(self, case: Case) -> Answered:
        told: list[tuple[int, tuple[tuple[str, str], ...]]] = []
        body = bytearray()

        def start_response(
            status: str, headers: list[tuple[str, str]], _info: Any = None
        ) -> Callable[[bytes], None]:
            told[:] = [(int(status.split(" ", 1)[0]), tuple(headers))]
            return body.extend

        chunks = self._app(self._environ(case), start_response)
        try:
            for chunk in chunks:
                body += chunk
                if len(body) > MAX_ANSWER:
                    raise ValueError(f"the answer is longer than {MAX_ANSWER:,} bytes")
        finally:
            if hasattr(chunks, "close"):
                chunks.close()
        if not told:
            raise ValueError("start_response was not called")
        return (*told[0], bytes(body))

    def _environ(self, case: Case) -> dict[str, Any]:
        path, _, query = target_with_credential(case, self._access).partition("?")
        environ: dict[str, Any] = {
            "REQUEST_METHOD": case.method,
            "SCRIPT_NAME": "",
            "PATH_INFO": unquote_to_bytes(self._base_path + path).decode("latin-1"),
            "QUERY_STRING": query,
            "SERVER_NAME": "localhost",
            "SERVER_PORT": "80",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "CONTENT_LENGTH": str(len(case.body or b"")),
            "wsgi.version": (1, 0),
            "wsgi.url_scheme": "http",
            "wsgi.input": io.BytesIO(case.body or b""),
            "wsgi.errors": sys.stderr,
            "wsgi.multithread": False,
            "wsgi.multiprocess": False,
            "wsgi.run_once": False,
        }
        for name, value in request_headers(case, self._access):
            variable = name.upper().replace("-", "_")
            key = variable if variable == "CONTENT_TYPE" else f"HTTP_{variable}"
            text = value.encode("utf-8").decode("latin-1")
            environ[key] = f"{environ[key]},{text}" if key in environ else text
        return environ
