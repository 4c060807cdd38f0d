"""Reports: one record, told to a person, to a program and to a CI server."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from leadline_contracts.case import Credential, Due
from leadline_contracts.cases import certificate
from leadline_contracts.draft import base
from leadline_contracts.reports import WRITERS, console, github
from leadline_contracts.reproduction import curl
from leadline_contracts.target.access import Access, request_headers, target_with_credential
from leadline_openapi import Contract

KEY = "s3cret/kéy \"quoted\" 'x' $HOME `id`"


@pytest.fixture(scope="module")
def broken(served: Any, check: Any) -> Any:
    """The report of a server with two defects, one of which answers with odd characters."""

    def wrapper(request: Any, ask: Any) -> Any:
        answer = ask()
        if answer.accepted and request.fields.get("notes"):
            answer.value = {**answer.value, "odd\ud800": 1}
            answer.doc = {**answer.doc, "notes": "\x00\ud800]]>\x1b[31m<&\u202e"}
        if answer.accepted and set(request.fields) == {"salesRep"}:
            answer.status = 201
        return answer

    return check(served(wrapper))


def test_json(broken: Any) -> None:
    """The JSON report has the members that design.md fixes, and holds any character."""
    told = json.loads(WRITERS["json"](broken).encode("utf-8"))

    assert {"verdict", "cases", "seconds", "findings", "coverage"} <= told.keys()
    assert (told["verdict"], told["cases"]) == ("broken", broken.cases)
    wanted = {"rule", "operation", "pointer", "message", "expected", "actual", "curl", "count"}
    assert all(wanted <= finding.keys() for finding in told["findings"])
    assert [(one["rule"], one["operation"]) for one in told["findings"]] == [
        ("echo", "POST /leads"),
        ("status", "POST /leads"),
    ]
    covered = told["coverage"]["operations"]["POST /leads"]
    assert (covered["cases"], sum(covered["statuses"].values())) == (broken.cases,) * 2


def test_junit(broken: Any) -> None:
    """The JUnit report is XML whose counts add up, with at most one failure for each test case."""
    root = ET.fromstring(WRITERS["junit"](broken))  # noqa: S314 - our own
    suite = root[0]
    tests, failures = suite.findall("testcase"), suite.findall("testcase/failure")

    assert (suite.get("tests"), suite.get("failures")) == (str(len(tests)), str(len(failures)))
    assert len(failures) == len(broken.findings) == 2
    assert all(len(test.findall("failure")) <= 1 for test in tests)
    assert "]]>" in "".join(failure.text or "" for failure in failures)


def test_sarif(broken: Any) -> None:
    """Code scanning gets each finding with its rule, the line of the spec, and a stable identity."""
    log = json.loads(WRITERS["sarif"](broken))
    (sarif,) = log["runs"]
    rules = sarif["tool"]["driver"]["rules"]

    assert log["version"] == "2.1.0"
    assert [one["message"]["text"].split("\n")[0] for one in sarif["results"]] == [
        f"{one.operation.label}: {one.breach.message}" for one in broken.findings
    ]
    for one, finding in zip(sarif["results"], broken.findings, strict=True):
        place = broken.contract.place(finding.breach.pointer)
        physical = one["locations"][0]["physicalLocation"]
        assert rules[one["ruleIndex"]]["id"] == one["ruleId"] == finding.breach.rule
        assert physical["region"]["startLine"] == place.line
        assert physical["artifactLocation"]["uri"].endswith(place.file.replace(os.sep, "/"))
        assert one["occurrenceCount"] == finding.count
    identities = [one["partialFingerprints"]["leadline/v1"] for one in sarif["results"]]
    assert len(set(identities)) == len(identities)


def test_annotations(broken: Any) -> None:
    """A workflow command is one line, whatever a finding holds, and names file and line."""
    finding = broken.findings[0]
    odd = replace(finding.breach, message="50% of it: a,b\r\nand\x1b[31m more")
    report = replace(broken, findings=(replace(finding, breach=odd),))
    place = broken.contract.place(odd.pointer)
    line = github.render(report)

    assert "\n" not in line
    assert line.startswith(f"::error file={place.file},line={place.line},title=POST /leads ")
    assert "::50%25 of it: a,b%0D%0Aand\\x1b[31m more%0Aexpected " in line


def test_console(broken: Any) -> None:
    """The text says the verdict first, names rule and line, and holds no control character."""
    lines = console.render(broken).splitlines()

    assert re.fullmatch(
        r"The contract is broken: Leads 1.0.0, 2 findings, [\d,]+ requests in [\d.]+ s\.", lines[0]
    )
    assert lines[2:9] == [
        "1. POST /leads does not echo  [echo, 8 times]",
        "   `notes` comes back changed",
        '   expected  "text"',
        lines[5],
        "   rule      /components/schemas/Lead/properties/notes",
        lines[7],
        '   case      POST /leads, body notes: "text" is fine',
    ]
    assert "openapi/leads.yaml:" in lines[7]
    assert all(line.isprintable() for line in lines)
    assert "\n".join(lines).encode("utf-8")


STUB = """#!{python}
import json, os, sys
body = sys.stdin.buffer.read() if "@-" in sys.argv else b""
with open(os.environ["RECORD"], "w") as file:
    json.dump({{"argv": [os.fsencode(a).hex() for a in sys.argv[1:]], "stdin": body.hex()}}, file)
"""


def _recorded(command: str, tmp_path: Path, key: str) -> tuple[list[bytes], bytes]:
    """The arguments and the input that `curl` gets when a shell runs *command*."""
    (tmp_path / "curl").write_text(STUB.format(python=sys.executable))
    (tmp_path / "curl").chmod(0o755)
    record = tmp_path / "record"
    environ = {
        **os.environ,
        "PATH": f"{tmp_path}:{os.environ['PATH']}",
        "LEADLINE_KEY": key,
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


def test_curl_is_the_request(contract: Contract, tmp_path: Path) -> None:
    """In a real shell the command has the URL, the headers and the bytes of the case."""
    for case in _curls(contract):
        arguments, stdin = _recorded(curl(case, "http://x/api"), tmp_path, KEY)
        access = Access(key=KEY)
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
        assert KEY not in curl(case, "http://x/api")


def _parrot(request: Any, ask: Any) -> Any:
    """Writes the key wherever it can."""
    answer = ask()
    if answer.accepted:
        told = f"welcome {request.key}"
        answer.value = {**answer.value, "message": [told], f"k-{request.key}": told}
        answer.doc = {**answer.doc, "notes": f"{'x' * 45}{request.key}"}
    else:
        answer.value = {"errors": [{"message": {"key": request.key}}]}
    answer.headers.append(("Location", str(request.key)))
    return answer


def test_no_report_holds_the_key(served: Any, check: Any) -> None:
    """A server that writes the key into its answers does not get it into a report."""
    report = check(served(_parrot), strict=True)
    written = [write(report) for write in WRITERS.values()] + [console.render(report)]

    assert report.verdict == "broken"
    assert not any("test-api" in text for text in written)


@pytest.mark.parametrize("key", ["abc", "a key of 17 chars", 'quo"ted/key', "x"])
def test_redact(key: str) -> None:
    """The key is hidden as it is, as JSON, in a URL, and where its end is cut off."""
    access = Access(key=key, headers=(("Authorization", f"Bearer {key}-longer"),))
    text = " ".join((key, json.dumps(key), f"{key[:-1]}…" if len(key) > 4 else ""))

    assert key not in access.redact(text).replace("$LEADLINE_KEY", "")
    assert f"{key[:-1]}…" not in access.redact(text) or len(key) <= 4


def test_long_values_are_cut_where_they_differ(served: Any, check: Any) -> None:
    """Of two long values the part is shown in which they differ, and how long they are."""

    def wrapper(request: Any, ask: Any) -> Any:
        answer = ask()
        notes = request.fields.get("notes")
        if answer.accepted and isinstance(notes, str):
            answer.doc = {**answer.doc, "notes": "x" * 500 + notes}
        return answer

    report = check(served(wrapper))
    finding = report.findings[0]
    breach = replace(finding.breach, expected="x" * 500 + "yes", actual="x" * 500 + "no")
    text = console.render(replace(report, findings=(replace(finding, breach=breach),)))

    same = "x" * 40
    assert f"   expected  … 460 characters …{same}yes\n" in text
    assert f"   actual    … 460 characters …{same}no\n" in text
