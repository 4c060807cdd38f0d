"""The baseline: known findings are set apart until they expire, and are missed when they are gone."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from tests.contracts.conftest import KEY, Server
from tests.notes import notes

from leadline_contracts import baseline, mocked, run
from leadline_contracts.baseline import Baseline, Terms
from leadline_contracts.report import Report
from leadline_contracts.reports import as_json, console, junit, sarif
from leadline_openapi import Contract, SpecError, load

_TEXTS = ", ".join(f"{name}: {{type: string}}" for name in "abcdef")
SPEC = notes(f"{{type: object, properties: {{{_TEXTS}}}}}")
A = "/components/schemas/Note/properties/a"
B = "/components/schemas/Note/properties/b"
TODAY = date(2026, 6, 1)
TERMS = Terms(reason="#12: old texts", owner="crm", expires=date(2026, 6, 30))


@pytest.fixture(scope="module")
def contract(tmp_path_factory: pytest.TempPathFactory) -> Contract:
    """Six texts that come back as they were sent."""
    path = tmp_path_factory.mktemp("baseline") / "notes.yaml"
    path.write_text(SPEC, "utf-8")
    return load(path)


@pytest.fixture(scope="module")
def shouting(contract: Contract) -> Callable[[str], Report]:
    """The report of a server that adds something to some fields; each is checked once."""
    known: dict[str, Report] = {}

    def shouting(names: str) -> Report:
        def wrapper(_: Any, ask: Any) -> Any:
            answer = ask()
            if answer.accepted:
                answer.doc = {
                    name: f"{value}!" if name in names else value
                    for name, value in answer.doc.items()
                }
            return answer

        if names not in known:
            target = mocked.target(contract, Server(contract, wrapper))
            known[names] = run.check(contract, target, run.Options(examples=0))
        return known[names]

    return shouting


def _entry(pointer: str = A, **changed: Any) -> dict[str, Any]:
    entry = {
        "rule": "echo",
        "operation": "POST /notes",
        "pointer": pointer,
        "reason": "#12",
        "owner": "crm",
        "expires": "2026-06-30",
        **changed,
    }
    return {name: value for name, value in entry.items() if value is not None}


def _read(folder: Path, *entries: Any, name: str = "known.json") -> Baseline:
    path = folder / name
    path.write_text(json.dumps({"known": entries}), "utf-8")
    return baseline.read(path)


def _pointers(report: Report) -> list[str]:
    return [one.breach.pointer for one in report.findings]


def test_a_known_finding_is_no_failure_and_is_told(
    shouting: Callable[[str], Report], tmp_path: Path
) -> None:
    """Verdict and reports pass, and each report names what it passes over."""
    report = baseline.apply(shouting("a"), _read(tmp_path, _entry()), TODAY)

    assert shouting("a").verdict == "broken"
    assert (report.verdict, report.findings, report.fixed) == ("holds", (), ())
    assert "Known: 1 finding, next expires 2026-06-30" in console.render(report)
    (known,) = json.loads(as_json.render(report))["known"]
    terms = {"reason": "#12", "owner": "crm", "expires": "2026-06-30"}
    assert known.items() >= {"rule": "echo", "pointer": A, **terms}.items()
    (result,) = json.loads(sarif.render(report))["runs"][0]["results"]
    assert result["suppressions"] == [
        {
            "kind": "external",
            "justification": "#12",
            "properties": {"owner": "crm", "expires": "2026-06-30"},
        }
    ]
    suite = ET.fromstring(junit.render(report).encode())[0]  # noqa: S314 - our own text
    assert suite.get("failures") == "0"
    assert [one.text for one in suite.iter("system-out") if "crm: #12" in str(one.text)]


def test_another_finding_is_still_one(shouting: Callable[[str], Report], tmp_path: Path) -> None:
    """What the baseline does not list fails, also where it breaks as what it lists does."""
    report = baseline.apply(shouting("ab"), _read(tmp_path, _entry()), TODAY)

    assert (report.verdict, report.known) == ("broken", ())
    assert f"new since the baseline: {B}" in report.findings[0].breach.message


@pytest.mark.parametrize(
    "changed",
    [{"rule": "schema"}, {"operation": "PUT /notes"}, {"pointer": B}, {"about": "a"}],
)
def test_an_entry_is_for_one_finding(
    changed: dict[str, str], shouting: Callable[[str], Report], tmp_path: Path
) -> None:
    """Rule, operation, pointer and what it is about all have to be the same."""
    report = baseline.apply(shouting("a"), _read(tmp_path, _entry(**changed)), TODAY)

    assert _pointers(report) == [A]


@pytest.mark.parametrize(("today", "known"), [(date(2026, 6, 30), True), (date(2026, 7, 1), False)])
def test_an_expired_entry_counts_no_more(
    today: date, known: bool, shouting: Callable[[str], Report], tmp_path: Path
) -> None:
    """The last day is included; afterwards it is a finding that says who accepted it, and why."""
    report = baseline.apply(shouting("a"), _read(tmp_path, _entry()), today)

    assert (report.verdict == "holds") is known
    assert ("known until 2026-06-30 (crm: #12)" in console.render(report)) is not known
    assert len(report.expired) == (not known)
    if not known:
        (tested,) = [one for one in report.tested if one.findings]
        assert "known until 2026-06-30" in tested.findings[0].breach.message


def test_a_fixed_entry_is_told(shouting: Callable[[str], Report], tmp_path: Path) -> None:
    """An entry that no finding matches is to be removed; that fails nothing."""
    known = _read(tmp_path, _entry(A), _entry(B, expires="2026-01-01"))
    report = baseline.apply(shouting("a"), known, TODAY)

    assert report.verdict == "holds"
    assert [one.pointer for one in report.fixed] == [B]
    assert f"Fixed: echo at {B} of POST /notes; remove it from " in console.render(report)
    assert [one["pointer"] for one in json.loads(as_json.render(report))["fixed"]] == [B]


def test_what_was_not_tried_is_not_called_fixed(
    shouting: Callable[[str], Report], tmp_path: Path
) -> None:
    """A run that ended early, tried little, or did not generate says nothing of what it did not meet."""
    whole, known = shouting("a"), _read(tmp_path, _entry(B))

    stopped = replace(whole, stopped="the time was up")
    other = replace(whole, tested=())
    not_fuzzed = replace(whole, not_fuzzed={"POST /notes": "the time was up"})
    lax = replace(whole, undocumented={"doc.more": 3})
    strict_only = _read(tmp_path, _entry(B, rule="undocumented", about="doc.more"))

    assert [baseline.apply(one, known, TODAY).fixed for one in (stopped, other, not_fuzzed)] == [
        ()
    ] * 3
    assert baseline.apply(whole, known, TODAY, complete=False).fixed == ()
    assert baseline.apply(lax, strict_only, TODAY).fixed == ()
    assert len(baseline.apply(whole, known, TODAY).fixed) == 1


def test_a_new_place_of_a_known_kind_is_a_finding(
    shouting: Callable[[str], Report], tmp_path: Path
) -> None:
    """Five fields that break in one way are one finding; a sixth that joins them is not hidden by it."""
    five, six = shouting("abcde"), shouting("abcdef")
    written = baseline.updated(five, Baseline(), TERMS, TODAY)

    assert (len(five.findings), len(six.findings), len(written.entries)) == (1, 1, 5)
    assert baseline.apply(five, written, TODAY).verdict == "holds"
    (finding,) = baseline.apply(six, written, TODAY).findings
    assert finding.breach.message.endswith("new since the baseline: " + A[:-1] + "f")


def test_two_kinds_at_the_same_places_are_two_findings(contract: Contract) -> None:
    """What breaks in two ways at the same places is accepted, and told, in both."""

    def wrapper(_: Any, ask: Any) -> Any:
        answer = ask()
        if answer.accepted:
            answer.doc = {
                name: (value.strip() if value != value.strip() else f"{value}!")
                if name in "abcdef"
                else value
                for name, value in answer.doc.items()
            }
        return answer

    report = run.check(
        contract, mocked.target(contract, Server(contract, wrapper)), run.Options(examples=0)
    )
    known = baseline.updated(report, Baseline(), TERMS, TODAY)

    assert len({one.breach.kind for one in report.findings}) == 2
    assert baseline.apply(report, Baseline(), TODAY) == report
    assert baseline.apply(report, known, TODAY).verdict == "holds"
    assert len(baseline.apply(report, known, date(2027, 1, 1)).findings) == 2


def test_a_kind_that_is_fixed_in_part_stays_known(shouting: Callable[[str], Report]) -> None:
    """Where some of many places are repaired, the rest is known as before, and the repaired are told."""
    written = baseline.updated(shouting("abcde"), Baseline(), TERMS, TODAY)
    report = baseline.apply(shouting("ab"), written, TODAY)

    assert (report.verdict, len(report.known)) == ("holds", 1)
    assert [one.pointer[-1] for one in report.fixed] == ["c", "d", "e"]


@pytest.mark.parametrize("name", ["known.yaml", "known.json"])
def test_what_is_written_is_read_again(
    name: str, shouting: Callable[[str], Report], tmp_path: Path
) -> None:
    """A written baseline knows every finding of the report that it was made from."""
    path = tmp_path / name
    written = baseline.updated(shouting("ab"), Baseline(), TERMS, TODAY)
    path.write_text(baseline.written(written, as_json=name.endswith("json")), "utf-8")

    known = baseline.read(path)

    assert [replace(one, place=written.entries[0].place) for one in known.entries] == list(
        written.entries
    )
    assert baseline.apply(shouting("ab"), known, TODAY).verdict == "holds"


def test_an_update_keeps_renews_and_removes(
    shouting: Callable[[str], Report], tmp_path: Path
) -> None:
    """Known entries keep their terms, expired ones get new ones, fixed ones go."""
    c = A[:-1] + "c"
    old = _read(tmp_path, _entry(A), _entry(B, expires="2026-05-31"), _entry(c))
    report = baseline.apply(shouting("abd"), old, TODAY)

    new = baseline.updated(report, old, TERMS, TODAY)

    assert [(one.pointer[-1], one.reason) for one in new.entries] == [
        ("a", "#12"),
        ("b", TERMS.reason),
        ("d", TERMS.reason),
    ]


def test_an_update_after_a_short_run_removes_nothing(
    shouting: Callable[[str], Report], tmp_path: Path
) -> None:
    """What was not tried may still be there."""
    old = _read(tmp_path, _entry(A), _entry(B))
    report = baseline.apply(replace(shouting("a"), stopped="the time was up"), old, TODAY)

    assert len(baseline.updated(report, old, TERMS, TODAY).entries) == 2


def test_sarif_and_baseline_tell_findings_apart_alike(shouting: Callable[[str], Report]) -> None:
    """The fingerprint of the SARIF report is that of the entry."""
    report = shouting("a")
    results = json.loads(sarif.render(report))["runs"][0]["results"]
    written = baseline.updated(report, Baseline(), TERMS, TODAY)

    assert [one["partialFingerprints"]["leadline/v1"] for one in results] == [
        one.fingerprint for one in written.entries
    ]


def test_two_statuses_are_two_findings(contract: Contract) -> None:
    """A known 500 does not hide a 503 at the same place."""

    def failing(status: int) -> Report:
        def wrapper(request: Any, ask: Any) -> Any:
            answer = ask()
            if answer.accepted and "a" in request.fields and request.key != f"not {KEY}":
                answer.refuse(status)
            return answer

        target = mocked.target(contract, Server(contract, wrapper))
        return run.check(contract, target, run.Options(examples=0))

    known = baseline.updated(failing(500), Baseline(), TERMS, TODAY)

    assert baseline.apply(failing(500), known, TODAY).verdict == "holds"
    assert baseline.apply(failing(503), known, TODAY).verdict == "broken"


HEAD = "known:\n"
GOOD = """\
- rule: echo
  operation: POST /notes
  pointer: /a
  reason: because
  owner: me
  expires: 2026-06-30
"""


@pytest.mark.parametrize(
    ("text", "place", "message"),
    [
        ("knwon: []\n", "1:1", "a baseline has no `knwon`\nhint: did you mean `known`?"),
        ("{}\n", "1", "`known` is missing\nhint: write `known:`"),
        ("known: {}\n", "1:1", "`known` is not a list"),
        (HEAD + "- echo\n", "2:3", "a known finding is not an object"),
        (HEAD + GOOD.replace("owner", "onwer"), "6:3", "did you mean `owner`?"),
        (HEAD + GOOD.replace("  reason: because\n", ""), "2:3", "lacks `reason`\nhint: say why"),
        (HEAD + GOOD.replace("  owner: me\n", ""), "2:3", "lacks `owner`\nhint: name who"),
        (HEAD + GOOD.replace("  expires: 2026-06-30\n", ""), "2:3", "lacks `expires`"),
        (HEAD + GOOD.replace("because", "' '"), "5:3", "`reason` is empty\nhint: say why"),
        (HEAD + GOOD.replace("me\n", "5\n"), "6:3", "`owner` is not a text"),
        (HEAD + GOOD.replace("06-30", "06-31"), "7:3", "`2026-06-31` is not a date"),
        (HEAD + GOOD.replace("2026-06-30", "20260630a"), "7:3", "is not a date"),
        (HEAD + GOOD.replace("2026-06-30", "2026-W23-1"), "7:3", "YYYY-MM-DD"),
        (HEAD + GOOD + GOOD, "8:3", "listed twice\nhint: the first is"),
        ("", "1", "the file is empty"),
    ],
)
def test_a_baseline_that_is_wrong_is_an_error_with_its_place(
    text: str, place: str, message: str, tmp_path: Path
) -> None:
    """Nobody guesses what a person meant to accept: file, line, and what to do."""
    path = tmp_path / "known.yaml"
    path.write_text(text, "utf-8")

    with pytest.raises(SpecError) as caught:
        baseline.read(path)

    assert message in str(caught.value)
    assert f"known.yaml:{place} " in str(caught.value).replace(": ", " ")


def test_a_baseline_may_be_empty(tmp_path: Path) -> None:
    """Nothing is known: that is where everybody wants to get."""
    assert _read(tmp_path) == Baseline()
