"""Reports: one record, told to a person, to a program and to a CI server."""

from __future__ import annotations

import json
import os
import re
from dataclasses import replace
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from leadline_contracts.reports import WRITERS, console, github
from leadline_contracts.target.access import Access

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
    assert 0 < covered["cases"] == sum(covered["statuses"].values()) <= broken.cases


def test_json_holds_what_a_page_needs(broken: Any) -> None:
    """Each finding comes with its exchange, a long body cut, and coverage with what is missing."""
    finding = broken.findings[0]
    long = replace(finding.exchange, body=b"x" * 100_000, headers=(("Content-Type", "text/html"),))
    report = replace(broken, findings=(*broken.findings, replace(finding, exchange=long)))
    told = json.loads(WRITERS["json"](report))
    exchange, cut = (told["findings"][at]["exchange"] for at in (0, -1))

    assert exchange["request"]["url"] == f"{report.url}/leads"
    assert ["Authorization", "$LEADLINE_KEY"] in exchange["request"]["headers"]
    assert exchange["request"]["body"]["text"] == finding.exchange.case.body.decode()
    assert exchange["response"]["status"] == 200
    assert json.loads(exchange["response"]["body"]["text"]) == finding.exchange.value
    assert cut["response"]["body"]["bytes"] == 100_000
    assert cut["response"]["body"]["cut"]
    assert len(cut["response"]["body"]["text"]) < 100_000
    fields = told["coverage"]["kinds"]["fields"]
    assert (fields["exercised"], fields["total"], fields["percent"]) == (84, 84, 100.0)
    assert told["coverage"]["kinds"]["enum-values"]["missing"] == []


def test_junit(broken: Any) -> None:
    """The JUnit report is XML whose counts add up, with at most one failure for each test case."""
    root = ET.fromstring(WRITERS["junit"](broken))  # noqa: S314 - our own
    suite = root[0]
    tests, failures = suite.findall("testcase"), suite.findall("testcase/failure")

    assert (suite.get("tests"), suite.get("failures")) == (str(len(tests)), str(len(failures)))
    assert len(failures) == len(broken.findings) == 2
    assert all(len(test.findall("failure")) <= 1 for test in tests)
    # What the schemas of Jenkins and Surefire ask for: attributes, and properties before test cases.
    assert {"name", "tests", "failures", "errors", "skipped", "time"} <= set(suite.keys())
    assert all({"classname", "name", "time"} <= set(test.keys()) for test in tests)
    assert [child.tag for child in suite] == ["properties", *(test.tag for test in tests)]
    properties = {one.get("name"): one.get("value") for one in suite[0]}
    assert (properties["coverage.fields"], properties["coverage"]) == ("100", "100")
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
        assert one["webRequest"]["body"]["text"] == finding.exchange.case.body.decode()
        assert one["webResponse"]["statusCode"] == finding.exchange.status
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
    assert re.fullmatch(r"1\. POST /leads does not echo  \[echo, \d+ times\]", lines[2])
    assert lines[3:9] == [
        "   `notes` comes back changed",
        lines[4],
        lines[5],
        "   rule      /components/schemas/Lead/properties/notes",
        lines[7],
        lines[8],
    ]
    assert re.fullmatch(r'   expected  ".+"', lines[4])
    assert re.fullmatch(r'   case      POST /leads, body notes: ".+" is fine', lines[8])
    assert "openapi/leads.yaml:" in lines[7]
    assert all(line.isprintable() for line in lines)
    assert "\n".join(lines).encode("utf-8")


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


def _added(served: Any, check: Any, name: str, **options: Any) -> Any:
    """The report of a server that adds *name* to every document, and all of the body to its answers."""

    def wrapper(request: Any, ask: Any) -> Any:
        answer = ask()
        if answer.accepted:
            answer.value = {**answer.value, "doc": {**answer.doc, name: 1}, **request.fields}
        return answer

    return check(served(wrapper), **options)


def test_what_the_request_holds_is_not_undocumented(served: Any, check: Any) -> None:
    """The server is told of members that it makes up, not of those that it only gives back."""
    report = _added(served, check, "colour")
    strict = _added(served, check, "colour", strict=True)

    assert set(report.undocumented) == {"doc.colour"}
    assert {one.breach.about for one in strict.findings if one.breach.rule == "undocumented"} == {
        "doc.colour"
    }


def test_the_console_is_not_flooded(broken: Any) -> None:
    """Of what is not documented the terminal shows what came most often, JSON all of it."""
    report = replace(broken, undocumented={f"doc.m{number}": number for number in range(1, 31)})
    lines = console.render(report).splitlines()
    told = json.loads(WRITERS["json"](report))

    assert lines[-11:] == [
        *(f"  doc.m{number}  (in {number} answers)" for number in range(30, 20, -1)),
        "  and 20 more; --report json=FILE has them all",
    ]
    assert len(told["warnings"]) == 30


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
