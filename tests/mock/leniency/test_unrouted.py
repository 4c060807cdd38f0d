"""`x-unrouted`: what is answered where no operation is."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from tests.mock.specs import OK, TEXT, content

from leadline_mock import World, create_app
from leadline_openapi import load

WHY = {
    "type": "object",
    "required": ["why"],
    "properties": {"why": {**TEXT, "x-violation": "{message}"}},
}
HTML = {"description": "nothing here", **content(TEXT, "text/html", example="<p>No.</p>")}
SAID = {"description": "nothing here", **content(WHY)}
A = {
    "/a": {"post": {"responses": {**OK, "400": {"description": "bad", **content({"const": 400})}}}}
}


@pytest.mark.parametrize("method", ["GET", "POST", "DELETE", "OPTIONS"])
def test_an_unknown_path(serve: Any, method: str) -> None:
    """Whatever the method is, it is answered as the contract says."""
    response = serve({**A, "x-unrouted": {"404": SAID}}).open("/b", method=method)

    assert (response.status_code, response.content_type) == (404, "application/json")
    assert response.json["why"].startswith("there is no operation at /b")


def test_an_unknown_path_where_nothing_is_said(serve: Any) -> None:
    """It is in the shape of another refusal, as ever."""
    response = serve(A).get("/b")

    assert (response.status_code, response.json) == (404, 400)


def test_an_unknown_method_is_another_unknown_path(serve: Any) -> None:
    """Where the contract has no 405, no method is offered."""
    response = serve({**A, "x-unrouted": {"404": HTML}}).get("/a")

    assert (response.status_code, response.text) == (404, "<p>No.</p>")
    assert "Allow" not in response.headers
    assert json.loads(response.headers["Leadline-Violations"])[0]["keyword"] == "paths"


def test_an_unknown_method_with_an_answer_of_its_own(serve: Any) -> None:
    """Where the contract has a 405, it is given, with the methods that there are."""
    unrouted = {"404": HTML, "405": SAID}
    client = serve({**A, "x-unrouted": unrouted})
    response = client.get("/a")

    assert (response.status_code, response.json) == (405, {"why": "GET is not an operation of /a"})
    assert response.headers["Allow"] == "OPTIONS, POST"
    assert client.get("/b").text == "<p>No.</p>"


def test_head_and_options(serve: Any) -> None:
    """HEAD is answered as GET without a body; OPTIONS still tells what there is."""
    client = serve({**A, "x-unrouted": {"404": SAID}})
    found = [(response.status_code, response.data) for response in map(client.head, ("/a", "/b"))]
    options = client.options("/a")

    assert found == [(404, b""), (404, b"")]
    assert (options.status_code, options.headers["Allow"]) == (204, "OPTIONS, POST")


def test_what_is_no_matter_of_paths_is_not_said_so(serve: Any) -> None:
    """A body that is larger than the mock takes is refused in the shape of the operations."""
    client = serve({**A, "x-unrouted": {"404": SAID}})
    client.application.config["MAX_CONTENT_LENGTH"] = 10
    response = client.post("/a", data=b"x" * 20)

    assert (response.status_code, response.json) == (413, 400)


def test_an_answer_that_is_shared(serve: Any) -> None:
    """It may stand among the components."""
    unrouted = {"404": {"$ref": "#/components/responses/No"}}
    client = serve({**A, "x-unrouted": unrouted}, {"responses": {"No": HTML}})

    assert client.get("/b").text == "<p>No.</p>"


def test_each_api_answers_for_what_is_below_it(tmp_path: Path) -> None:
    """Of several specs, the one whose base the path is below of; one that says nothing keeps its own way."""
    contracts = []
    for number, unrouted in enumerate(({"404": SAID}, {"404": HTML}, None)):
        file = tmp_path / f"{number}.json"
        document = {
            "openapi": "3.1.0",
            "info": {"title": "T", "version": "1"},
            "servers": [{"url": f"/{number}"}],
            "paths": {**A, **({"x-unrouted": unrouted} if unrouted else {})},
        }
        file.write_text(json.dumps(document), "utf-8")
        contracts.append(load(file))
    client = create_app(contracts, World()).test_client()

    assert "why" in client.get("/0/b").get_json()
    assert client.get("/1/b").text == client.get("/1/a").text == "<p>No.</p>"
    assert (client.get("/2/b").json, client.get("/2/a").status_code) == (400, 405)


def test_markup_in_a_path_stays_a_text(serve: Any) -> None:
    """A page that tells the path does not run what is written there."""
    paths = {"x-unrouted": {"404": {"description": "no", **content(TEXT, media="text/html")}}}
    response = serve({**A, **paths}).get("/<script>alert(1)</script>")

    assert "<script>" not in response.text
    assert "&lt;script&gt;" in response.text
