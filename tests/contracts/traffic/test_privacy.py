"""Nothing that lets somebody in gets out of a recording."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from tests.contracts.traffic.conftest import Hold
from tests.recordings import SPEC, archive, entry, headers, moment

from leadline_contracts.report import Report
from leadline_contracts.reports import WRITERS, console
from leadline_contracts.traffic import har
from leadline_contracts.traffic.holding import hold
from leadline_contracts.traffic.matching import base
from leadline_contracts.traffic.privacy import HIDDEN, Redactor
from leadline_openapi import Contract, load
from leadline_openapi.violation import show

SECRET = "s3cret/of nobody"


def everything(report: Report) -> str:
    """All that any report tells."""
    return console.render(report) + "".join(write(report) for write in WRITERS.values())


def leaking(**changes: Any) -> dict[str, Any]:
    """A wrong request, and an answer of the wrong form that says the secret back."""
    told = {"text": SECRET, SECRET: SECRET, "doc": {"text": SECRET * 9}}
    found = entry(1, sent={"text": 1, "more": SECRET}, answered=told, **changes)
    content = found["response"]["content"]
    content["text"] = content["text"].replace(SECRET, SECRET.replace("/", r"\/"), 1)
    return {**found, "response": {**found["response"], "content": {**content, "size": 0}}}


@pytest.mark.parametrize(
    "changes",
    [
        {"key": f"users API-Key {SECRET}"},
        {
            "request": {
                "headers": headers(cookie=f'session="{SECRET}"', content_type="application/json")
            }
        },
        {"request": {"headers": headers(X_API_Key=SECRET, content_type="application/json")}},
        {"request": {"headers": headers(X_Auth_Token=SECRET, content_type="application/json")}},
        {
            "response": {
                "headers": headers(
                    Set_Cookie=f'a="{SECRET}"; Path=/', Content_Type="application/json"
                )
            }
        },
        {"url": "https://notes.example/api/notes?access_token=s3cret%2Fof%20nobody"},
        {"url": "https://notes.example/api/notes?access_token=s3cret%2Fof+nobody"},
    ],
)
def test_a_secret_is_in_no_report(held: Hold, changes: dict[str, Any]) -> None:
    """Credentials and cookies are hidden, also where they come back, in every report."""
    report = held([leaking(**changes)])

    told = everything(report)
    assert report.findings
    for form in (SECRET, "s3cret%2Fof%20nobody", "s3cret%2Fof+nobody", r"s3cret\/of nobody"):
        assert form not in told
    assert "s3cret" not in told


def test_a_known_key_is_hidden_wherever_it_stands(held: Hold) -> None:
    """A key that is given is hidden though no header of the recording carries it."""
    assert "s3cret" not in everything(held([leaking(key="")], keys=(SECRET,)))
    assert "s3cret" in everything(held([leaking(key="")]))


def test_what_is_no_secret_is_told(held: Hold) -> None:
    """Bodies, and headers that are the caller's own, are the evidence."""
    lines = headers(
        Content_Type="application/json", X_Client="web", Authorization="users API-Key k-1-2-3"
    )
    report = held(
        [entry(1, sent={"text": "x" * 21}, request={"headers": lines})], base=base("/api")
    )
    told = WRITERS["json"](report)

    assert "x" * 21 in told
    assert "-H 'X-Client: web'" in told
    assert "${LEADLINE_KEY}" in told
    assert "[redacted]" not in told


def test_a_secret_that_is_too_short_to_look_for_is_hidden_in_its_header(held: Hold) -> None:
    """A short cookie or key is hidden where it stands, in the request and in the answer."""
    lines = headers(Content_Type="application/json", Cookie="a=k-1", X_API_Key="k-2")
    answered = {"headers": headers(Content_Type="application/json", Set_Cookie="a=k-3")}
    told = everything(
        held([entry(1, sent={"text": 1}, request={"headers": lines}, response=answered)])
    )

    assert [short for short in ("k-1", "k-2", "k-3") if short in told] == []


def test_a_member_that_is_named_by_a_secret_is_hidden(held: Hold) -> None:
    """What is not documented is listed without secrets too."""
    doc = {"text": "note 1", "id": 1, "createdAt": moment(1), "s3cret-of-nobody": 1}

    assert held([entry(1, answered={"doc": doc})]).undocumented == {"doc.[redacted]": 1}


def test_a_key_in_the_query_is_hidden(tmp_path: Path) -> None:
    """Where the contract has the key in the query, however short, no target tells it."""
    spec, traffic = tmp_path / "q.yaml", tmp_path / "r.har"
    spec.write_text(SPEC.replace("in: header, name: Authorization", "in: query, name: k"), "utf-8")
    url = "https://notes.example/api/notes?depth=1&k=users+API-Key+k-1"
    traffic.write_text(archive(entry(1, sent={"text": 1}, url=url)), "utf-8")
    report = hold(load(spec), [har.read(traffic)])
    told = everything(report)

    assert [finding.breach.rule for finding in report.findings] == ["request", "accepts-invalid"]
    assert "k-1" not in told
    assert "[redacted]" not in told
    assert "notes?depth=1" in told


def test_the_evidence_of_an_earlier_answer_is_hidden_too(held: Hold, tmp_path: Path) -> None:
    """Where a finding names the request before it, that one tells no secret either."""
    first, second = (entry(number, key=f"users API-Key {SECRET}") for number in (1, 2))
    second["response"]["content"] = first["response"]["content"]
    report = held([first, second])

    assert any(finding.before for finding in report.findings)
    assert "s3cret" not in everything(report)


@pytest.fixture(scope="module")
def redactor(
    notes_contract: Contract, tmp_path_factory: pytest.TempPathFactory
) -> Callable[[str], Redactor]:
    """Makes what redacts a recording with one key."""
    path = tmp_path_factory.mktemp("cut") / "r.har"

    def make(key: str) -> Redactor:
        path.write_text(archive(entry(1, key=f"users API-Key {key}")), "utf-8")
        return Redactor(notes_contract, har.read(path).entries, ())

    return make


@given(
    secret=st.text(st.characters(categories=["L", "N", "P"]), min_size=6, max_size=80),
    before=st.text(max_size=60),
    limit=st.integers(20, 80),
)
def test_a_secret_that_was_cut_is_hidden(
    redactor: Callable[[str], Redactor], secret: str, before: str, limit: int
) -> None:
    """However a secret stands in a text that is cut, no four characters of its beginning are left."""
    begun = show(secret[:4])[1:-1]
    assume(begun not in show(before, 1000) + HIDDEN and secret[:4] not in before)
    redact = redactor(secret)

    assert begun not in redact(show(f"{before}{secret}", limit))
    assert secret[:4] not in redact(f"{before}{secret} {secret}")
