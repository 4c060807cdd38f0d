"""`locale`: a value that the contract does not list, and what of the answer stays away then."""

from __future__ import annotations

from typing import Any

import pytest
from tests.mock.leniency.lenient import posting
from tests.mock.specs import TEXT, answers, content, parameter

from leadline_mock import World

LOCALES = {"enum": ["en", "es"]}
NOTE = {
    "type": "object",
    "properties": {
        "text": {"type": ["string", "null"], "x-localized": True},
        "size": {"type": "integer"},
        "parts": {
            "type": "array",
            "items": {"properties": {"text": {**TEXT, "x-localized": True}}},
        },
    },
}
SENT = {"text": "x", "size": 1, "parts": [{"text": "y", "at": 1}, {"at": 2}]}
KEPT = {"size": 1, "parts": [{"at": 1}, {"at": 2}]}


def noting(leniency: Any = None, note: Any = None, fallback: Any = None) -> Any:
    """`POST /a?locale=…`, which answers with the note that it takes."""
    says = {"x-leniency": leniency} if leniency else {}
    parameters = [
        {**parameter("locale", "query", LOCALES, **says), "required": False},
        {**parameter("fallback-locale", "query", fallback or LOCALES), "required": False},
    ]
    doc = {"type": "object", "properties": {"doc": {**(note or NOTE), "x-echo": "$request.body"}}}
    return posting(content({"type": "object"}), answers(doc), parameters=parameters)


@pytest.mark.parametrize(
    ("query", "doc"),
    [
        ("", SENT),
        ("locale=en", SENT),
        ("locale=", SENT),
        ("locale=fr", KEPT),
        ("locale=fr&fallback-locale=en", KEPT),
        ("fallback-locale=en", SENT),
        ("locale=EN", KEPT),
    ],
)
def test_in_a_locale_that_nobody_knows_localized_members_stay_away(
    serve: Any, query: str, doc: Any
) -> None:
    """They have no value in it; all else is answered as it was sent, also inside lists."""
    response = serve(noting({"enum": "stored"})).post(f"/a?{query}", json=SENT)

    assert (response.status_code, response.json["doc"]) == (200, doc)


@pytest.mark.parametrize(("said", "status"), [(None, 400), ("dropped", 200), ("error", 500)])
def test_only_a_locale_that_is_stored_counts(serve: Any, said: Any, status: int) -> None:
    """One that is dropped is none, and then every text is there."""
    response = serve(noting({"enum": said} if said else None)).post("/a?locale=fr", json=SENT)

    assert response.status_code == status
    assert status != 200 or response.json["doc"] == SENT


def test_in_warn_mode_a_locale_is_as_good_as_any(serve: Any) -> None:
    """Where the contract does not say that it is taken, a wrong one is answered as if it were right."""
    client = serve(noting(), surroundings=World(mode="warn"))

    assert client.post("/a?locale=fr", json=SENT).json["doc"] == SENT


def test_what_has_to_be_there_is_there_without_a_value(serve: Any) -> None:
    """A localized member that the answer requires comes as null."""
    client = serve(noting({"enum": "stored"}, {**NOTE, "required": ["text"]}))

    assert client.post("/a?locale=fr", json=SENT).json["doc"] == {**KEPT, "text": None}


def test_made_up_texts_stay_away_as_well(serve: Any) -> None:
    """A mock that makes up what was not sent does not make up what cannot be there."""
    client = serve(noting({"enum": "stored"}), surroundings=World(dynamic=True))
    found = [client.post(f"/a?locale={one}", json={"size": 1}).json["doc"] for one in ("en", "fr")]

    assert ["text" in doc for doc in found] == [True, False]
