"""Where a target is, and what opens it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from tests.recordings import SPEC

from leadline_contracts import mocked, run
from leadline_contracts.case import Due
from leadline_contracts.draft import base
from leadline_contracts.target import Access, BadTarget, HttpTarget, Unreachable, keyless
from leadline_contracts.target import access as access_module
from leadline_openapi import Contract, load

pytestmark = pytest.mark.usefixtures("some_cases")


@pytest.mark.parametrize(
    "url", ["", "leads", "ftp://x/", "http://", "http://x:99999/", "http://[::1", "http://x:y/"]
)
def test_no_url(url: str) -> None:
    """What is no http or https URL is said so."""
    with pytest.raises(BadTarget, match="not an http or https URL"):
        HttpTarget(url, Access())


@pytest.mark.parametrize("host", ["127.0.0.1:1", "leadline.invalid", "a..b"])
def test_nobody_there(host: str) -> None:
    """Where nothing listens the message names the URL."""
    with pytest.raises(Unreachable, match=f"nothing answers at http://{host}/api"):
        HttpTarget(f"http://{host}/api", Access(), timeout=1).probe()


def test_a_connection_reset_while_it_is_made(
    contract: Contract, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A server that dies between taking a connection and the request leaves a request without answer."""

    def reset(*_: object, **__: object) -> None:
        raise ConnectionResetError

    monkeypatch.setattr("socket.create_connection", reset)
    case = base(contract.operations[0]).case("", "", Due.ACCEPT, "")
    exchange = HttpTarget("http://127.0.0.1:9/api", Access()).send(case)

    assert exchange.failure == "the connection was reset"


def test_a_url_does_not_tell_its_password() -> None:
    """Credentials, query and fragment of a URL are no part of what is reported."""
    target = HttpTarget("http://user:pass@127.0.0.1:9/a b/?q=1#f", Access())

    assert target.url == "http://127.0.0.1:9/a%20b"


@pytest.mark.parametrize("key", ["a\nb", "a\x00", "\x7f"])
def test_a_key_that_no_header_carries(key: str) -> None:
    """Such a key is refused without being told."""
    with pytest.raises(BadTarget) as caught:
        Access(key=key)

    assert key not in str(caught.value) + repr(Access(key="secret"))


def test_the_credential_may_come_as_a_header(contract: Contract) -> None:
    """A header that the caller gives replaces the credential, and near misses are made from it."""
    access = Access(headers=(("authorization", "test-api-key"), ("X-Tenant", "a")))
    target = mocked.target(contract)
    target._access = access
    report = run.check(contract, target, run.Options(examples=0))

    assert keyless(contract, access) is None
    assert (report.verdict, report.findings) == ("holds", ())


def test_nobody_needs_a_key_for_what_cannot_be_checked(tmp_path: Path) -> None:
    """Nothing is sent to such an operation."""
    spec = tmp_path / "spec.yaml"
    spec.write_text(SPEC, "utf-8")
    found = load(spec)
    (upload,) = (one for one in found.operations if one.unsupported)

    assert upload.needs_key
    assert keyless(found, Access()) is not None
    assert keyless(replace(found, operations=(upload,)), Access()) is None


def test_a_header_is_sent_once(contract: Contract) -> None:
    """A header that a case, the caller and Leadline itself all have is the caller's."""
    draft = base(contract.operations[0])
    case = draft.case("", "", Due.ACCEPT, "")
    headers = access_module.request_headers(case, Access("k", (("user-agent", "x"),)))
    names = [name.lower() for name, _ in headers]

    assert (sorted(names), dict(headers)["user-agent"]) == (sorted(set(names)), "x")


def test_near_misses_of_the_key_are_secret_too() -> None:
    """A server that says back what it was sent does not get the key into a report, nor all but its end."""
    access = Access(key="SecretKey1234", headers=(("X-Token", "Bearer abcdefgh"),))
    said = "SecretKey1234x, SecretKey123~, sECRETkEY1234, abcdefgh, ABCDEFGH, abcdefg!"

    assert access.redact(said) == said.replace("SecretKey1234", "$LEADLINE_KEY").replace(
        "SecretKey123", "$LEADLINE_KEY"
    ).replace("sECRETkEY1234", "$LEADLINE_KEY").replace("abcdefgh", "$LEADLINE_KEY").replace(
        "ABCDEFGH", "$LEADLINE_KEY"
    ).replace("abcdefg", "$LEADLINE_KEY")
