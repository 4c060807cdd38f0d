"""The Flask application: routing, methods, sizes, and errors that no operation answers."""

import ast
import json
import re
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.mock.conftest import Serve
from tests.mock.specs import answers, parameter, problems

import leadline_mock
from leadline_mock import Ids, World, create_app
from leadline_openapi import Contract, load

KEY = "a-key-of-Some-length"
PROPER = {"Authorization": KEY, "Content-Type": "application/json"}


def messages(response: Any) -> list[str]:
    """What the errors of *response*, in the API's own shape, say."""
    assert response.content_type == "application/json"
    return [error["message"] for error in response.json["errors"]]


@pytest.mark.parametrize(
    ("path", "hint"),
    [
        ("/", ""),
        ("/leads", "; did you mean /api/leads?"),
        ("/api", ""),
        ("/api/", ""),
        ("/api/leads/", "; did you mean /api/leads?"),
        ("/api/leads/1", "; did you mean /api/leads?"),
        ("/api//leads", "; did you mean /api/leads?"),
        ("/API/leads", "; did you mean /api/leads?"),
        ("/api/%6Ceads/x/y/z", ""),
        ("/static/x", ""),
    ],
)
def test_not_found(client: FlaskClient, path: str, hint: str) -> None:
    """A path of no operation gets 404 in the API's error shape, with a hint to a close one."""
    response = client.post(path, headers=PROPER, data="{}")

    assert response.status_code == 404
    (message,) = messages(response)
    assert message.endswith(f"this API lives below /api{hint}")


@pytest.mark.parametrize("path", ["/api/leads", "/api/%6Ceads", "/api/leads?", "/api/leads?x=%"])
def test_found(client: FlaskClient, path: str) -> None:
    """Spellings of one path are one path."""
    assert client.post(path, headers=PROPER, data="{}").status_code == 200


@pytest.mark.parametrize("path", ["//things", "///things", "//x/things", "//"])
def test_an_empty_first_segment(serve: Serve, path: str) -> None:
    """A path that begins with two slashes is another one than with one, also below no path at all."""
    one = {"get": {"responses": answers({"const": 1})}}
    of_a = {**one, "parameters": [parameter("a", "path")]}
    client = serve({"/": one, "/things": one, "/{a}": of_a, "/{a}/things": of_a})
    response = client.get("/", environ_overrides={"PATH_INFO": path})

    assert response.status_code == 404
    assert f"there is no operation at {path}; " in response.text


@pytest.mark.parametrize("method", ["GET", "PUT", "PATCH", "DELETE", "TRACE", "BREW"])
def test_method_not_allowed(client: FlaskClient, method: str) -> None:
    """Another method gets 405 in the API's error shape, and `Allow` says which there is."""
    response = client.open("/api/leads", method=method, headers=PROPER)

    assert (response.status_code, response.headers["Allow"]) == (405, "OPTIONS, POST")
    assert messages(response) == [f"{method} is not an operation of /api/leads"]


def test_options(client: FlaskClient) -> None:
    """OPTIONS asks what there is, and needs neither key nor body."""
    response = client.options("/api/leads")

    assert (response.status_code, response.headers["Allow"]) == (204, "OPTIONS, POST")


def test_head_of_a_post(client: FlaskClient) -> None:
    """HEAD is refused like any other method, without a body."""
    response = client.head("/api/leads")

    assert (response.status_code, response.headers["Allow"], response.data) == (
        405,
        "OPTIONS, POST",
        b"",
    )


def test_health(client: FlaskClient, contract: Contract) -> None:
    """The health of the mock says which contract it speaks for, and needs no key."""
    response = client.get("/__leadline/health")

    assert response.json == {"status": "ok", "title": contract.title, "digest": contract.digest}


def test_body_too_large(contract: Contract) -> None:
    """A body above the limit gets 413 in the API's error shape; one at the limit is read."""
    app = create_app(contract, World(keys=(KEY,)))
    assert app.config["MAX_CONTENT_LENGTH"] == 10_000_000
    app.config["MAX_CONTENT_LENGTH"] = 20
    small = app.test_client()
    response = small.post("/api/leads", headers=PROPER, data=b"{}".ljust(21))

    assert (response.status_code, messages(response)) == (413, ["the body is larger than 20 bytes"])
    assert small.post("/api/leads", headers=PROPER, data=b"{}".ljust(20)).status_code == 200


def test_large_body_is_answered(client: FlaskClient) -> None:
    """Megabytes of valid document come back whole."""
    sent = {"notes": "x" * 5_000_000, "searches": list(range(100_000))}
    response = client.post("/api/leads", headers=PROPER, data=json.dumps(sent))
    back = json.loads(response.data)["doc"]

    assert {name: back[name] for name in sent} == sent


def test_bug_in_the_mock_is_still_json(contract: Contract) -> None:
    """Should the mock itself fail, the answer is 500 in the API's error shape, not a page of HTML."""

    class Broken(Ids):
        def sequence(self, name: str) -> int:  # noqa: ARG002 - as it is
            raise ZeroDivisionError

    app = create_app(contract, World(keys=(KEY,), ids=Broken()))
    app.logger.disabled = True
    response = app.test_client().post("/api/leads", headers=PROPER, data="{}")

    (message,) = messages(response)
    assert response.status_code == 500
    assert "the mock failed (ZeroDivisionError)" in message


def test_journal_has_no_body_that_is_too_large(contract: Contract) -> None:
    """A body that nobody reads is not in the journal, wherever it was sent to."""
    world = World(keys=(KEY,))
    app = create_app(contract, world)
    app.config["MAX_CONTENT_LENGTH"] = 20
    statuses = [
        app.test_client().post(path, headers=PROPER, data=b"{}".ljust(21)).status_code
        for path in ("/api/leads", "/api/lead")
    ]

    assert statuses == [413, 404]
    assert [entry.body for entry in world.journal.entries()] == [None, None]


def test_unknown_path_of_an_api_without_refusals(serve: Serve) -> None:
    """What an operation answers when all is well is no shape for a 404, whatever its status is called."""
    found = {"type": "object", "required": ["found"], "properties": {"found": {"type": "boolean"}}}
    response = serve({"/a": {"get": {"responses": answers(found, "default")}}}).get("/b")

    assert problems(response)[0][1].startswith("there is no operation at /b")


# --- Hostile requests -------------------------------------------------------------------------------

SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=10)
JSON = SCALARS | st.lists(SCALARS, max_size=3) | st.dictionaries(st.text(), SCALARS, max_size=3)
LATIN = st.text(st.characters(min_codepoint=32, max_codepoint=255, exclude_characters="\x7f"))


NAMES = [
    "agree",
    "createdAt",
    "latestEvent",
    "notes",
    "reason",
    "searches",
    "timeToPurchase",
    "year",
]


def requests() -> st.SearchStrategy[dict[str, Any]]:
    """Arguments for a test client: mostly proper, with some of the contract's members."""
    near = st.dictionaries(st.sampled_from(NAMES), JSON, max_size=4)
    paths = st.text(max_size=30).map(lambda text: f"/{quote(text, safe='')}")
    headers = {
        "Authorization": st.just(KEY) | LATIN,
        "Content-Type": st.just("application/json") | LATIN,
        "Cookie": st.just("") | LATIN,
    }
    return st.fixed_dictionaries(
        {
            "path": st.just("/api/leads") | paths,
            "method": st.just("POST") | st.sampled_from(["GET", "PUT", "HEAD", "X-Y"]),
            "query_string": st.just("")
            | LATIN
            | st.sampled_from(["depth=x", "depth=%FF", "a[b]=&&=;"]),
            "headers": st.fixed_dictionaries(headers),
            "data": st.binary() | (JSON | near).map(lambda value: json.dumps(value).encode()),
        }
    )


@settings(max_examples=500, deadline=None)
@given(sent=requests())
def test_hostile_requests(client: FlaskClient, contract: Contract, sent: dict[str, Any]) -> None:
    """Whatever is sent, the answer is JSON of the shape documented for its status, and never a 5xx."""
    operation = contract.operations[0]
    response = client.open(**sent)
    documented = operation.answer_for(response.status_code) or operation.answer_for(400)
    assert documented is not None
    (media,) = documented.body.content
    assert media.schema is not None

    assert response.status_code in {200, 400, 401, 404, 405, 415}
    assert response.content_type == media.name
    if sent["method"] != "HEAD":
        assert media.schema.is_valid(json.loads(response.data))


# --- Nothing about leads ----------------------------------------------------------------------------


def test_the_shape_of_the_api_that_a_path_belongs_to(tmp_path: Path) -> None:
    """Of several APIs, the one with the longest own path that a path begins with says what is wrong."""
    contracts = []
    for base in ("", "/b", "/b/c"):
        shape = {"type": "object", "properties": {"of": {"type": "string", "const": base}}}
        document = {
            "openapi": "3.1.0",
            "info": {"title": "T", "version": "1"},
            "servers": [{"url": base or "/"}],
            "paths": {"/x": {"get": {"responses": {**answers(), **answers(shape, "4XX")}}}},
        }
        file = tmp_path / f"{len(base)}.json"
        file.write_text(json.dumps(document), "utf-8")
        contracts.append(load(file))
    client = create_app(contracts).test_client(use_cookies=False)

    for path, base in (("/y", ""), ("/b/y", "/b"), ("/b/c/y", "/b/c"), ("/bc/y", "")):
        assert client.get(path).json == {"of": base}


def _without_docstrings(file: Path) -> str:
    tree = ast.parse(file.read_text(encoding="utf-8"))
    return ast.unparse(_Undocumented().visit(tree))


class _Undocumented(ast.NodeTransformer):
    def visit_Expr(self, node: ast.Expr) -> ast.Expr | None:
        return None if isinstance(node.value, ast.Constant) else node


def test_code_knows_nothing_of_leads(contract: Contract) -> None:
    """No path, member or schema name of the leads contract stands in the mock, but for docstrings."""
    document = contract.document
    schemas = document["components"]["schemas"]
    english = {
        "Reason",
        "call",
        "make",
        "model",
        "reason",
        "state",
        "Error",
        "Errors",
        "Message",
        "messages",
        "Search",
    }
    general = {"plausible.py", "scalars.py"}  # what people, places and things of any API are called
    words = {*schemas, *schemas["LeadRequest"]["properties"], "leads", "driv.ly"} - english
    words |= {path.strip("/") for path in document["paths"]}
    wanted = re.compile(rf"\b({'|'.join(map(re.escape, words))})\b|lead(?!line)", re.IGNORECASE)
    found = {
        (file.name, match[0])
        for file in Path(leadline_mock.__path__[0]).rglob("*.py")
        if file.name not in general
        for match in wanted.finditer(_without_docstrings(file))
    }

    assert found == set()
