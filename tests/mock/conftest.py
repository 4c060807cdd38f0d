"""What the tests of the mock share: requests to the leads contract, and mocks of other specs."""

import json
import shlex
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from flask.testing import FlaskClient

from leadline_mock import World, create_app
from leadline_mock.answer import answer
from leadline_mock.messages import Request, Response
from leadline_openapi import Contract, load

KEY = "a-key-of-Some-length"
NOON = datetime(2026, 1, 2, 12, tzinfo=UTC)

Ask = Callable[..., Response]
Serve = Callable[..., FlaskClient]


@pytest.fixture(scope="session")
def world() -> World:
    """A world whose clock stands."""
    return World(keys=(KEY,), clock=lambda: NOON)


@pytest.fixture(scope="session")
def client(contract: Contract, world: World) -> FlaskClient:
    """The Flask application of the leads contract."""
    return create_app(contract, world).test_client(use_cookies=False)


@pytest.fixture(scope="session")
def ask(contract: Contract, world: World) -> Ask:
    """Calls the pure core with a proper request, of which the arguments change parts."""

    def ask(
        body: Any = None,
        *,
        raw: bytes | None = None,
        query: str | Mapping[str, str] = "",
        key: str | None = KEY,
        media: str | None = "application/json",
        at: World = world,
    ) -> Response:
        headers = {"Authorization": key, "Content-Type": media}
        request = Request(
            method="POST",
            path={},
            query=query if isinstance(query, str) else urlencode(query),
            headers=[(name, value) for name, value in headers.items() if value is not None],
            body=json.dumps({} if body is None else body).encode() if raw is None else raw,
        )
        return answer(contract.operations[0], request, at)

    return ask


@pytest.fixture
def serve(tmp_path: Path) -> Serve:
    """Makes a mock of a document that is given as its `paths`, `components` and further members."""

    def serve(
        paths: dict[str, Any],
        components: dict[str, Any] | None = None,
        *,
        openapi: str = "3.1.0",
        surroundings: World | None = None,
        **members: Any,
    ) -> FlaskClient:
        document = {
            "openapi": openapi,
            "info": {"title": "Other", "version": "1"},
            "paths": paths,
            **({"components": components} if components else {}),
            **members,
        }
        file = tmp_path / "openapi.json"
        file.write_text(json.dumps(document), encoding="utf-8")
        at = surroundings or World(keys=(KEY,), clock=lambda: NOON)
        return create_app(load(file), at).test_client(use_cookies=False)

    return serve


@pytest.fixture(scope="session")
def curl() -> dict[str, Any]:
    """The curl command of the vendor's page, in parts, as a shell would take it apart."""
    page = Path(__file__).parents[1] / "data" / "vendor" / "page.txt"
    text = page.read_text(encoding="utf-8")
    command = text[text.index("curl --request") : text.index("\n}'") + 3]
    words = shlex.split(command.replace("\\\n", ""))
    pairs = list(zip(words[1::2], words[2::2], strict=True))
    headers = dict(value.split(": ", 1) for option, value in pairs if option == "--header")
    options = {option.removeprefix("--"): value for option, value in pairs}
    return {"method": options["request"], "headers": headers, "body": options["data"].encode()}
