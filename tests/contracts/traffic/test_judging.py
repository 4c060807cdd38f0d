"""Who is wrong in recorded traffic: the caller, the server, or nobody."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from tests.contracts.traffic.conftest import Hold, told
from tests.recordings import SPEC, URL, archive, entry, headers, moment

from leadline_contracts.traffic import har
from leadline_contracts.traffic.holding import hold
from leadline_openapi import Contract, load

NOTE = "/components/schemas/Note"
STORED = "/components/schemas/Stored/properties/doc"
KEY = "/components/securitySchemes/key"
POST = "/paths/~1notes/post"
BAD = {"text": "x" * 21}
LONG = ("request", f"{NOTE}/properties/text/maxLength")


def refused(number: int = 1, status: int = 400, **more: Any) -> dict[str, Any]:
    """An entry that the server refuses."""
    return entry(number, status=status, answered={}, **more)


def test_good_traffic_holds(held: Hold) -> None:
    """Requests and answers that keep the contract give no finding, whatever the day."""
    report = held([entry(1), entry(2), entry(3, method="GET", url=f"{URL}/3", status=200)])

    assert report.findings == ()
    assert (report.verdict, report.cases, report.url) == ("holds", 3, "https://notes.example/api")


@pytest.mark.parametrize(
    ("wrong", "findings"),
    [
        (refused(sent=BAD), [LONG]),
        (entry(sent=BAD), [LONG, ("accepts-invalid", LONG[1])]),
        (refused(), [("rejects-valid", POST)]),
        (refused(status=401), []),
        (refused(status=429), []),
        (refused(status=500), [("server-error", f"{POST}/responses")]),
        (entry(status=202), [("status", f"{POST}/responses")]),
        (
            entry(url=f"{URL}?depth=deep"),
            [
                ("request", f"{POST}/parameters/0/schema/type"),
                ("accepts-invalid", f"{POST}/parameters/0/schema/type"),
            ],
        ),
        (
            entry(answered={"doc": {"text": "note 1", "id": "1", "createdAt": moment(1)}}),
            [("schema", f"{STORED}/properties/id/type")],
        ),
        (
            entry(answered={"doc": {"text": "another", "id": 1, "createdAt": moment(1)}}),
            [("echo", f"{NOTE}/properties/text")],
        ),
        (
            entry(answered={"doc": {"text": "note 1", "id": 1, "createdAt": moment(2)}}),
            [("server-value", f"{STORED}/properties/createdAt/x-server-value")],
        ),
        (
            entry(response={"headers": headers(content_type="text/html")}),
            [("media-type", f"{POST}/responses/201/content")],
        ),
        (
            entry(
                request={
                    "headers": headers(content_type="text/xml", Authorization="users API-Key k")
                }
            ),
            [
                ("request", f"{POST}/requestBody/content"),
                ("accepts-invalid", f"{POST}/requestBody/content"),
            ],
        ),
    ],
)
def test_who_is_wrong(held: Hold, wrong: dict[str, Any], findings: list[tuple[str, str]]) -> None:
    """What is wrong is told of the caller, of the server, or of both, by the rule that is broken."""
    assert told(held([wrong])) == findings


def test_ids_are_given_once(held: Hold) -> None:
    """An id that is given twice is a defect, which names the earlier answer; reading a note gives none."""
    again = {"doc": {"text": "note 2", "id": 1, "createdAt": moment(2)}}
    reading = entry(3, method="GET", url=f"{URL}/1", status=200)
    (finding,) = held(
        [entry(1), entry(2, answered=again), reading, reading | {"time": 13}]
    ).findings

    assert finding.breach.pointer == f"{STORED}/properties/id/x-server-value"
    assert finding.before[0].case.name.startswith("entry 1 ")


def test_ids_of_two_recordings_may_be_the_same(held: Hold) -> None:
    """What was recorded another day, or on another host, may be of a server that began anew."""
    elsewhere = entry(1, url=URL.replace("notes.example", "staging.example"))
    later = entry(
        1,
        startedDateTime=moment(5),
        answered={"doc": {"text": "note 1", "id": 1, "createdAt": moment(5)}},
    )

    assert held([entry(1), elsewhere], [later]).findings == ()


def test_entries_are_taken_in_the_order_in_which_they_were_sent(held: Hold) -> None:
    """In a recording that holds the later request first, it is the later one that repeats an id."""
    again = {"doc": {"text": "note 2", "id": 1, "createdAt": moment(2)}}
    (finding,) = held([entry(2, answered=again), entry(1)]).findings

    assert finding.before[0].sent_at < finding.exchange.sent_at


@pytest.mark.parametrize(
    ("key", "status", "rules"),
    [
        ("", 401, ["request"]),
        ("", 201, ["request", "credentials"]),
        ("s3cret-of-nobody", 401, ["request"]),
        ("users API-Key ", 201, ["request", "credentials"]),
        ("users API-Key another-key", 201, []),
    ],
)
def test_a_credential_is_there_in_the_form_of_the_contract(
    held: Hold, key: str, status: int, rules: list[str]
) -> None:
    """A request without one, or with another form of one, is the caller's; to let it in is the server's."""
    wrong = entry(2, key=key, status=status, answered={} if status == 401 else None)
    found = told(held([entry(1), wrong]))

    assert found == [(rule, KEY) for rule in rules]


def test_a_recording_without_any_credential_says_nothing_of_them(held: Hold) -> None:
    """Browsers leave credentials out of what they export: then none is missing, and that is said."""
    report = held([entry(1, key=""), entry(2, key="")])

    assert report.findings == ()
    assert report.traffic is not None
    assert [count for told, count in report.traffic.unchecked.items() if "credentials" in told] == [
        2
    ]


def test_a_key_that_is_not_taken_is_a_question(held: Hold) -> None:
    """Whether a key is the right one is not told by the request, so it is counted and no finding."""
    report = held([refused(1, status=401), entry(2)])

    assert report.findings == ()
    assert report.traffic is not None
    assert report.traffic.denied == {"POST /notes: 401": 1}


def test_what_callers_do_is_told_apart_by_a_header(held: Hold) -> None:
    """With a header that names the caller, each one's fault is a finding, and says whose; without, one is."""
    wrong = [refused(number, sent=BAD) for number in (1, 2, 3)]
    for one, name in zip(wrong, ("web", "app", "web"), strict=True):
        one["request"]["headers"] += headers(X_Client=name)

    together, apart = held(wrong), held(wrong, caller_header="x-client")

    assert [finding.count for finding in together.findings] == [3]
    assert [(one.breach.about, one.count) for one in apart.findings] == [("web", 2), ("app", 1)]
    assert apart.findings[0].exchange.case.name.endswith(" by web")
    assert apart.traffic is not None
    assert {name: one.wrong for name, one in apart.traffic.callers.items()} == {"web": 2, "app": 1}


def test_what_is_not_documented_is_a_note(held: Hold) -> None:
    """A member that the server adds is counted, and is a finding with strict; so it is in a live check."""
    more = entry(
        1, answered={"doc": {"text": "note 1", "id": 1, "createdAt": moment(1), "colour": 1}}
    )

    assert held([more]).undocumented == {"doc.colour": 1}
    assert [rule for rule, _ in told(held([more], strict=True))] == ["undocumented"]


def test_a_finding_names_its_entry(held: Hold) -> None:
    """The evidence is told by number, time and sender, in the file that holds it."""
    (finding,) = held([entry(1), refused(2, sent=BAD)]).findings
    case = finding.exchange.case

    assert case.name == "entry 2 at 2026-11-25T10:02:00.000+00:00 by crm/2.0"
    assert case.area.endswith("1.har")


def test_coverage_is_what_the_recording_exercises(held: Hold) -> None:
    """What a request held is exercised; an operation that was not asked for is named."""
    report = held([entry(1)])
    fields = {item.label: item.exercised for item in report.coverage.items if item.kind == "fields"}

    assert sorted(fields.values()) == [False, True]
    assert sorted(report.unchecked) == [
        "GET /notes/mine",
        "GET /notes/{id}",
        "GET /{page}",
        "POST /uploads",
    ]


@pytest.mark.parametrize(
    "changes",
    [
        {"sent": {"text": "a", "colour": 1}},
        {"sent": {"text": "a\ud800"}},
        {"sent": {"text": "a", "size": 12345678901234567}},
        {"request": {"postData": {"text": '{"text": "a", "text": "b"}'}}},
        {"url": f"{URL}?colour=red"},
        {"url": f"{URL}?depth=1&depth=2"},
        {"url": f"{URL}?depth=%zz"},
        {"sent": {"text": "a", "tags": ["x" * 120_000]}},
    ],
)
def test_what_the_standards_leave_open_may_be_refused(held: Hold, changes: dict[str, Any]) -> None:
    """A server owes no certain answer to what correct servers differ on; a failure is a failure still."""
    assert "rejects-valid" not in [rule for rule, _ in told(held([refused(**changes)]))]
    assert "server-error" in [rule for rule, _ in told(held([refused(status=500, **changes)]))]


def test_a_byte_order_mark_may_be_taken(held: Hold) -> None:
    """A caller must not send one, and a reader may take it (RFC 8259 section 8.1)."""
    marked = entry(1, request={"postData": {"text": '\ufeff{"text": "note 1"}'}})

    assert [rule for rule, _ in told(held([marked]))] == ["request"]


def test_declared_leniency_is_nobodys_fault(tmp_path: Path) -> None:
    """What the contract says is taken all the same is told neither of caller nor server; the rest is."""
    spec, traffic = tmp_path / "lenient.yaml", tmp_path / "r.har"
    rule = "maxLength: 20"
    spec.write_text(SPEC.replace(rule, f"{rule}, x-leniency: {{maxLength: stored}}"), "utf-8")
    traffic.write_text(archive(entry(1, sent=BAD), entry(2, sent={"text": 1})), "utf-8")
    report = hold(load(spec), [har.read(traffic)])

    assert [rule for rule, _ in told(report)] == ["request", "accepts-invalid"]
    assert {finding.exchange.case.name[:7] for finding in report.findings} == {"entry 2"}
    assert [one.observed for one in report.lenient if one.declared] == ["stored"]


def test_a_finding_on_another_host_says_so(held: Hold) -> None:
    """A report has one base; evidence from below another one names that."""
    other = refused(3, sent=BAD, url=URL.replace("notes.example", "staging.example"))
    (finding,) = held([entry(1), entry(2), other]).findings

    assert finding.exchange.case.name.endswith(" by crm/2.0 to https://staging.example/api")


def test_interrupted_is_reported(notes_contract: Contract, tmp_path: Path) -> None:
    """Ctrl-C ends the check with the report of what was checked until then."""
    path = tmp_path / "r.har"
    path.write_text(archive(entry(1), entry(2)), "utf-8")

    def interrupt(_: object) -> None:
        raise KeyboardInterrupt

    report = hold(notes_contract, [har.read(path)], on_progress=interrupt)

    assert (report.stopped, report.cases) == ("interrupted", 1)


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        (
            "Mozilla/5.0 (X11) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0 Safari/537.36",
            "Chrome/131.0",
        ),
        (
            "Mozilla/5.0 (W) AppleWebKit/537.36 (KHTML) Chrome/131.0 Safari/537.36 Edg/131.0",
            "Edg/131.0",
        ),
        ("Mozilla/5.0 (X11; rv:132.0) Gecko/20100101 Firefox/132.0", "Firefox/132.0"),
        ("Mozilla/5.0 (M) AppleWebKit/605 (KHTML) Version/18.1 Safari/605.1", "Safari/605.1"),
        (
            "Mozilla/5.0 (compatible; Bot/2.1; +http://a/b)",
            "Mozilla/5.0 (compatible; Bot/2.1; +http://a/b)",
        ),
        ("x" * 99, "x" * 70 + "…"),
    ],
)
def test_a_caller_is_told_in_short(held: Hold, agent: str, name: str) -> None:
    """Of a browser the name is told that is its own, of anything else what it says, to a length."""
    good = entry(1)
    good["request"]["headers"][1]["value"] = agent
    report = held([good])

    assert report.traffic is not None
    assert list(report.traffic.callers) == [name]
