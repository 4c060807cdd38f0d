"""Reproductions: whoever has no Leadline sees the defect, and sees it gone on a correct server."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any
from urllib.parse import unquote_to_bytes

import pytest

from leadline_contracts.case import Credential, Due
from leadline_contracts.cases import certificate
from leadline_contracts.draft import base
from leadline_contracts.reports import WRITERS, console
from leadline_contracts.reproduction import curl, standalone
from leadline_contracts.target import Access
from leadline_contracts.target.access import request_headers, target_with_credential
from leadline_openapi import Contract, jsontext

KEY = "s3cret/kéy \"quoted\" 'x' $HOME `id`"
HEADER = f"users API-Key {KEY}"

# --- curl --------------------------------------------------------------------------------------------------

STUB = """#!{python}
import json, os, sys
body = sys.stdin.buffer.read() if "@-" in sys.argv else b""
with open(os.environ["RECORD"], "w") as file:
    json.dump({{"argv": [os.fsencode(a).hex() for a in sys.argv[1:]], "stdin": body.hex()}}, file)
"""


def _recorded(command: str, tmp_path: Path) -> tuple[list[bytes], bytes]:
    """The arguments and the input that `curl` gets when a shell runs *command*."""
    (tmp_path / "curl").write_text(STUB.format(python=sys.executable))
    (tmp_path / "curl").chmod(0o755)
    record = tmp_path / "record"
    environ = {
        **os.environ,
        "PATH": f"{tmp_path}:{os.environ['PATH']}",
        "LEADLINE_KEY": KEY,
        "LEADLINE_HEADER_AUTHORIZATION": HEADER,
        "LEADLINE_HEADER_X_TENANT": "tenant's",
        "RECORD": str(record),
    }
    subprocess.run(["sh", "-c", command], env=environ, check=True)
    told = json.loads(record.read_text())
    return [bytes.fromhex(text) for text in told["argv"]], bytes.fromhex(told["stdin"])


def _curls(contract: Contract) -> list[Any]:
    """Cases of every kind that differ in how a shell has to write them."""
    draft = base(contract.operations[0])
    odd = ['it\'s $HOME `id` \\ "x" %s', "\x00\x01", "@file", "-n", "\n", "\u202e", ""]
    bodies = [
        draft.with_body(text.encode(), "application/json").case("odd", "body", Due.ACCEPT, "")
        for text in odd
    ]
    bodies.append(draft.with_body(b"x", None).case("no type", "body", Due.ACCEPT, ""))
    keys = [case for case in certificate(contract) if case.area == "credentials"]
    prefixed = Credential("prefixed", "users API-Key {key}")
    return [*bodies, *keys, draft.case("prefixed", "credentials", Due.DENY, "", prefixed)]


def _with_prefix(contract: Contract) -> Contract:
    """*contract* with a key that is written behind a prefix."""

    def prefixed(operation: Any) -> Any:
        (schemes,) = operation.security
        scheme = replace(schemes[0], template="users API-Key {key}")
        return replace(operation, security=((scheme,),))

    return replace(contract, operations=tuple(map(prefixed, contract.operations)))


@pytest.mark.parametrize("prefix", [False, True])
@pytest.mark.parametrize("how", ["a key", "by hand", "open"])
def test_curl_is_the_request(contract: Contract, prefix: bool, how: str, tmp_path: Path) -> None:
    """In a real shell the command has the URL, the headers and the bytes of the case, and no secret."""
    by_hand = (("Authorization", HEADER), ("X-Tenant", "tenant's"))
    access = {"a key": Access(key=KEY), "by hand": Access(headers=by_hand), "open": Access()}[how]
    for case in _curls(_with_prefix(contract) if prefix else contract):
        command = curl(case, "http://x/api", access.disclosed)
        arguments, stdin = _recorded(command, tmp_path)
        own = {"Accept", "Accept-Encoding", "User-Agent"}
        wanted = {
            (f"{name}: {value}" if value else f"{name};").encode()
            for name, value in request_headers(case, access)
            if name not in own
        }
        if not any(name == "Content-Type" for name, _ in case.headers):
            wanted.add(b"Content-Type:")
        given = {arguments[at + 1] for at, one in enumerate(arguments) if one == b"-H"}
        data = arguments[arguments.index(b"--data-binary") + 1]

        assert given == wanted, case.id
        assert (stdin if data == b"@-" else data) == case.body, case.id
        assert f"http://x/api{target_with_credential(case, access)}".encode() in arguments
        assert not any(secret in command for secret in (KEY, "tenant's", "s3cret"))


def test_what_was_sent_before_is_told(served: Any, check: Any) -> None:
    """Where one request shows nothing, every reproduction has those that come first, in order."""

    def wrapper(_: Any, ask: Any) -> Any:
        answer = ask()
        if answer.accepted:
            answer.doc = {**answer.doc, "id": 7}
        return answer

    report = check(served(wrapper), max_findings=1)
    finding = next(one for one in report.findings if one.breach.rule == "server-value")
    (first,) = finding.before
    urls = [json.loads(WRITERS[name](report)) for name in ("json", "har")]
    bodies = [first.case.body, finding.exchange.case.body]

    assert urls[0]["findings"][0]["curl"].count("curl -i") == 2
    assert [
        one["request"]["postData"]["text"].encode() for one in urls[1]["log"]["entries"]
    ] == bodies
    assert console.render(report).count("curl -i") == 2
    assert all(WRITERS["pytest"](report).count(repr(body)) for body in bodies)


# --- pytest ------------------------------------------------------------------------------------------------


def _doc(**changes: Callable[[Any], Any]) -> Any:
    """A defect: members of the answered document, changed where they are there."""

    def wrapper(_: Any, ask: Any) -> Any:
        answer = ask()
        if answer.accepted:
            kept = {name: change(answer.doc.get(name)) for name, change in changes.items()}
            doc = {**answer.doc, **{name: value for name, value in kept.items() if value != ""}}
            answer.doc = {name: value for name, value in doc.items() if kept.get(name, 0) != ""}
        return answer

    return wrapper


def _answer(change: Callable[[Any], None], fits: Callable[[Any], bool] = lambda _: True) -> Any:
    """A defect: *change* works on the answers to accepted requests that *fits* says yes to."""

    def wrapper(request: Any, ask: Any) -> Any:
        answer = ask()
        if answer.accepted and fits(request):
            change(answer)
        return answer

    return wrapper


def _opens(fits: Callable[[str], bool]) -> Any:
    def wrapper(request: Any, ask: Any) -> Any:
        if fits(request.key or ""):
            request.key = "test-api-key"
        return ask()

    return wrapper


def _later(seconds: int) -> Any:
    return lambda time: (datetime.fromisoformat(time) + timedelta(seconds=seconds)).isoformat()


def _raises(request: Any, ask: Any) -> Any:
    if request.fields.get("subscribe") is True:
        raise ZeroDivisionError
    return ask()


def _leaks() -> Any:
    """Every second answer holds a note that nobody sent."""
    count = iter(range(10**6))
    return _answer(
        lambda answer: setattr(answer, "doc", {**answer.doc, "notes": "x"}),
        lambda request: next(count) % 2 == 1 and not request.fields,
    )


def _other_errors(_: Any, ask: Any) -> Any:
    answer = ask()
    if answer.status == 400:
        answer.value = {"error": "bad request"}
    return answer


DEFECTS: dict[str, Any] = {
    "status": _answer(lambda answer: setattr(answer, "status", 201)),
    "media_type": _answer(
        lambda answer: setattr(answer, "headers", [("Content-Type", "text/html")])
    ),
    "malformed": _answer(lambda answer: setattr(answer, "body", answer.body[:-1] + b",}")),
    "required": _answer(lambda answer: setattr(answer, "value", {"doc": answer.doc})),
    "required_in_errors": _other_errors,
    "type": _doc(monthlyPayment=lambda value: "" if value is None else str(value)),
    "any_of": _doc(salesRep=lambda value: "" if value is None else [value]),
    "enum": _doc(reason=lambda value: value.upper() if value else ""),
    "dropped": _doc(firstName=lambda _: ""),
    "reversed": _doc(exterior=lambda value: value[::-1] if value else ""),
    "invented": _doc(notes=lambda value: value or "n/a"),
    "flag_as_number": _doc(agree=lambda value: "" if value is None else not value),
    "id_twice": _doc(id=lambda _: 7),
    "late": _doc(updatedAt=_later(3600)),
    "invariant": _doc(createdAt=_later(2)),
    "not_every_time": _leaks(),
    "accepts": lambda request, ask: ask(lenient="reason" in request.fields),
    "accepts_text": lambda request, ask: ask(
        lenient=request.environ.get("CONTENT_TYPE") == "text/plain"
    ),
    "no_key": _opens(lambda key: key == ""),
    "any_case": _opens(lambda key: key.lower() == "test-api-key"),
    "half_a_key": _opens("test-api-key".startswith),
    "refuses": _answer(lambda answer: answer.refuse(400), lambda one: "zipcode" in one.fields),
    "fails": _answer(lambda answer: answer.refuse(500), lambda one: "" in one.fields.values()),
    "raises": _raises,
}


def _speak(app: Any) -> Callable[[BaseHTTPRequestHandler, bytes], None]:
    """Serves the WSGI application *app*; what it raises closes the connection."""

    def speak(handler: BaseHTTPRequestHandler, body: bytes) -> None:
        path, _, query = handler.path.partition("?")
        environ = {
            "REQUEST_METHOD": handler.command,
            "SCRIPT_NAME": "",
            "PATH_INFO": unquote_to_bytes(path).decode("latin-1"),
            "QUERY_STRING": query,
            "SERVER_NAME": "localhost",
            "SERVER_PORT": "80",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "CONTENT_LENGTH": str(len(body)),
            "wsgi.url_scheme": "http",
            "wsgi.input": io.BytesIO(body),
        }
        for name, value in handler.headers.items():
            variable = name.upper().replace("-", "_")
            environ[variable if variable == "CONTENT_TYPE" else f"HTTP_{variable}"] = value
        told: list[Any] = []
        try:
            content = b"".join(app(environ, lambda *given: told.extend(given)))
        except ZeroDivisionError:
            handler.close_connection = True
            return
        handler.send_response_only(int(told[0].split()[0]))
        headers = [pair for pair in told[1] if pair[0].lower() != "content-length"]
        for name, value in (*headers, ("Content-Length", str(len(content)))):
            handler.send_header(name, value)
        handler.end_headers()
        handler.wfile.write(content)

    return speak


def _pytest(folder: Path, **environ: str) -> dict[str, str]:
    """What becomes of each test in *folder*, run with nothing of ours."""
    command = [sys.executable, "-I", "-m", "pytest", "-rA", "--tb=no", "-p", "no:leadline"]
    inherited = {name: value for name, value in os.environ.items() if "LEADLINE" not in name}
    told = subprocess.run(
        [*command, "-p", "no:cacheprovider", "--rootdir", str(folder), str(folder)],
        env={**inherited, **environ},
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    ).stdout
    lines = [line.split() for line in told.splitlines() if "::" in line]
    return {words[1].partition("::")[0]: words[0] for words in lines if words[0].isupper()}


def test_the_tests_fail_on_the_defect_and_pass_without(
    served: Any, check: Any, listening: Any, tmp_path: Path
) -> None:
    """For every kind of rule: the written test is red on the broken server and green on a correct one."""
    for name, wrapper in DEFECTS.items():
        report = check(served(wrapper), max_findings=1)
        assert report.findings, name
        report = replace(report, url=listening(_speak(served(wrapper))))
        text = WRITERS["pytest"](report)
        assert "import leadline" not in text
        assert "from leadline" not in text
        (tmp_path / f"test_{name}.py").write_text(text)
    files = {f"test_{name}.py" for name in DEFECTS}
    correct = listening(_speak(served(lambda _, ask: ask())))

    assert _pytest(tmp_path, LEADLINE_KEY="test-api-key") == dict.fromkeys(files, "FAILED")
    assert _pytest(tmp_path, LEADLINE_KEY="test-api-key", LEADLINE_URL=correct) == dict.fromkeys(
        files, "PASSED"
    )


@pytest.mark.parametrize("key", ["Key-1", "12345"])
@pytest.mark.parametrize("change", ["swapped", "cut"])
def test_a_near_miss_is_no_hit(key: str, change: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is made from the key is another one, also where the key has no letters."""
    monkeypatch.setenv("LEADLINE_KEY", f"Bearer {key}")
    written = Credential("", {"swapped": "{swapped}", "cut": "{cut}"}[change]).write(key, key)

    assert standalone.secret("LEADLINE_KEY", "", "Bearer ") == key
    assert standalone.secret("LEADLINE_KEY", change, "Bearer ") == written != key


@pytest.mark.parametrize("left", [1, 1.0, True, 0, False, "1", None, [1], [True], {"a": 1}, {}])
def test_values_are_compared_as_json(left: Any) -> None:
    """The written file and the suite agree on what is the same."""
    for right in (1, True, False, "1", None, [1.0], [True], {"a": True}, {"a": 1}):
        assert standalone.same(left, right) is jsontext.same(left, right)


def test_a_key_that_is_not_set_is_said(served: Any, check: Any, tmp_path: Path) -> None:
    """Without the key no test passes: a refusal for the key would look like a correct one."""
    report = check(served(DEFECTS["accepts"]), max_findings=1)
    (tmp_path / "test_it.py").write_text(WRITERS["pytest"](report))

    assert _pytest(tmp_path) == {"test_it.py": "FAILED"}


# --- HAR ---------------------------------------------------------------------------------------------------

REQUEST = {
    "method": str,
    "url": str,
    "httpVersion": str,
    "cookies": list,
    "headers": list,
    "queryString": list,
    "headersSize": int,
    "bodySize": int,
}
RESPONSE = {
    "status": int,
    "statusText": str,
    "httpVersion": str,
    "cookies": list,
    "headers": list,
    "content": dict,
    "redirectURL": str,
    "headersSize": int,
    "bodySize": int,
}
ENTRY = {
    "startedDateTime": str,
    "time": float,
    "request": dict,
    "response": dict,
    "cache": dict,
    "timings": dict,
}


def _holds(value: dict[str, Any], members: dict[str, type]) -> bool:
    return all(type(value.get(name)) is kind for name, kind in members.items())


def test_har(served: Any, check: Any) -> None:
    """The archive has what HAR 1.2 requires, and the exchange as it was."""
    report = check(served(DEFECTS["refuses"]))
    binary = replace(report.findings[0].exchange, body=b"\xff\xfe", headers=())
    odd = replace(report.findings[0], exchange=binary)
    log = json.loads(WRITERS["har"](replace(report, findings=(*report.findings, odd))))["log"]
    first, last = log["entries"][0], log["entries"][-1]
    exchange = report.findings[0].exchange

    assert (log["version"], log["creator"]["name"]) == ("1.2", "Leadline")
    for entry in log["entries"]:
        assert _holds(entry, ENTRY)
        assert _holds(entry["request"], REQUEST)
        assert _holds(entry["response"], RESPONSE)
        assert _holds(entry["response"]["content"], {"size": int, "mimeType": str})
        assert _holds(entry["timings"], {"send": int, "wait": float, "receive": int})
        assert datetime.fromisoformat(entry["startedDateTime"]).tzinfo
    assert first["request"]["url"] == f"{report.url}/leads"
    assert first["request"]["postData"] == {
        "mimeType": "application/json",
        "text": (exchange.case.body or b"").decode(),
    }
    assert first["response"]["status"] == 400
    assert first["response"]["content"]["text"] == exchange.body.decode()
    assert "rejects-valid" in first["comment"]
    assert (last["response"]["content"]["encoding"], last["response"]["content"]["text"]) == (
        "base64",
        "//4=",
    )
