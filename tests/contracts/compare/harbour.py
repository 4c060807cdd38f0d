"""A server of `boats.yaml` that keeps what it is given, and does some of it otherwise when asked to."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from itertools import count
from typing import Any
from urllib.parse import parse_qs, quote

from leadline_openapi import Contract, jsontext

KEY = "test-api-key"
_LIMIT = re.compile(r"[1-9][0-9]?|100", re.ASCII)
_PAGE = 20


class No(Exception):
    """A refusal."""

    def __init__(self, status: int, *fields: str) -> None:
        self.status, self.fields = status, fields


class Harbour:
    """
    Takes what *contract* takes; *first* is the first id, *moored* the number of boats that are there before.

    Whatever of the methods a subclass has in another way is a difference.
    """

    first = 1
    moored = 3
    age = timedelta()

    def __init__(self, contract: Contract) -> None:
        self.operations = {(one.method, one.path): one for one in contract.operations}
        self.boats: dict[int, dict[str, Any]] = {}
        self.numbers = count(self.first)
        for boat in [
            self.make({"name": f"old {number}", "kind": "sloop"}) for number in range(self.moored)
        ]:
            boat["changedAt"] = (datetime.now(UTC) - self.age).isoformat()

    def __call__(
        self, environ: dict[str, Any], start_response: Callable[..., Any]
    ) -> Iterable[bytes]:
        """The WSGI application."""
        method = environ["REQUEST_METHOD"]
        path = quote(environ["PATH_INFO"].encode("latin-1")).removeprefix("/v1")
        read = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        try:
            status, value = self.answer(method, path, environ, read)
        except No as no:
            status, value = no.status, {"error": "no", "fields": sorted(no.fields)}
        body = b"" if value is None else json.dumps(value).encode()
        headers = [("Content-Type", "application/json")] if body else []
        start_response(f"{status} {HTTPStatus(status).phrase}", headers)
        return [b"" if method == "HEAD" else body]

    def answer(
        self, method: str, path: str, environ: dict[str, Any], body: bytes
    ) -> tuple[int, Any]:
        """Status and value, where the request is taken."""
        one = re.fullmatch(r"/boats/([^/]+)", path)
        route = "/boats/{number}" if one else path
        if (method, route) not in self.operations:
            raise No(405)
        self.let_in(method, environ.get("HTTP_X_API_KEY"))
        if one is None:
            return self.on_all(method, parse_qs(environ["QUERY_STRING"], True), environ, body)
        if not re.fullmatch(r"[1-9][0-9]*", one[1], re.ASCII):
            raise No(400, "number")
        return self.on_one(method, int(one[1]), environ, body)

    def let_in(self, _method: str, key: str | None) -> None:
        """Refuse a wrong *key*."""
        if key != KEY:
            raise No(401)

    def on_all(
        self, method: str, query: dict[str, list[str]], environ: dict[str, Any], body: bytes
    ) -> tuple[int, Any]:
        """What is done with the boats together."""
        if method == "POST":
            return 201, {"boat": self.make(self.read("/boats", method, environ, body))}
        if any(len(values) > 1 for values in query.values()):
            raise No(400, *query)
        limit, kind = (query.get(name, [None])[0] for name in ("limit", "kind"))
        if limit is not None and not _LIMIT.fullmatch(limit):
            raise No(400, "limit")
        if kind not in (None, "sloop", "ketch"):
            raise No(400, "kind")
        found = self.ordered([one for one in self.boats.values() if kind in (None, one["kind"])])
        return 200, {"total": len(found), "boats": found[: int(limit or _PAGE)]}

    def ordered(self, found: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """The boats *found* in the order in which they are told."""
        return found

    def on_one(
        self, method: str, number: int, environ: dict[str, Any], body: bytes
    ) -> tuple[int, Any]:
        """What is done with one boat."""
        fields = self.read("/boats/{number}", method, environ, body) if method[0] == "P" else {}
        if number not in self.boats:
            raise No(404)
        if method == "DELETE":
            self.delete(number)
            return 204, None
        if method == "GET":
            return 200, self.boats[number]
        self.change(method, self.boats[number], fields)
        return 200, {"boat": self.boats[number]}

    def read(self, path: str, method: str, environ: dict[str, Any], body: bytes) -> dict[str, Any]:
        """The boat in *body*."""
        operation = self.operations[method, path]
        if environ.get("CONTENT_TYPE", "").partition(";")[0].strip().lower() != "application/json":
            raise No(400)
        try:
            value = jsontext.parse(body)
        except jsontext.NotJson:
            raise No(400) from None
        assert operation.body is not None
        schema = operation.body.content[0].schema
        assert schema is not None
        if found := schema.violations(value):
            raise No(400, *{one.pointer for one in found})
        return self.kept(value)

    def kept(self, fields: dict[str, Any]) -> dict[str, Any]:
        """What is kept of the *fields* that were sent."""
        return fields

    def make(self, fields: dict[str, Any]) -> dict[str, Any]:
        """A new boat."""
        number = next(self.numbers)
        self.boats[number] = {"id": number, "changedAt": "", "crew": None, "owner": None}
        self.change("POST", self.boats[number], fields)
        return self.boats[number]

    def change(self, _method: str, boat: dict[str, Any], fields: dict[str, Any]) -> None:
        """Write *fields* into *boat*."""
        boat.update(fields, changedAt=datetime.now(UTC).isoformat())

    def delete(self, number: int) -> None:
        """Let go of a boat."""
        del self.boats[number]
