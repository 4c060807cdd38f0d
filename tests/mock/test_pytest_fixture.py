"""The fixtures `leadline_mock` and `leadline_mock_session`, as a project has them that installed us."""

from __future__ import annotations

import subprocess
import sys

import pytest
from tests.notes import notes

import leadline_mock.testing.fixtures  # noqa: F401 - inner runs would import it anew, and forget it again

pytest_plugins = ["pytester"]

POST = """
import requests

def post(mock, body, path="/leads"):
    return requests.post(mock.url + path, json=body, headers=mock.headers, timeout=10)
"""
NOTE = """
def test_note(leadline_mock):
    assert post(leadline_mock, {"text": "x"}, "/notes").json()["doc"]["text"] == "x"
"""
OVERLAY = """\
overlay: 1.0.0
info: {title: o, version: '1'}
actions:
  - target: $.components.schemas.Note
    update: {properties: {text: {maxLength: 3}}}
"""


@pytest.fixture
def project(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> pytest.Pytester:
    """A project with two documents and an overlay; pytest is started in the folder of its tests."""
    pytester.makefile(".yaml", notes=notes("{type: object}"), overlay=OVERLAY)
    pytester.makefile(".yaml", other=notes("{type: object}").replace("/notes", "/others"))
    monkeypatch.chdir(pytester.mkdir("tests"))
    return pytester


def run(project: pytest.Pytester, tests: str, *arguments: str, ini: str = "") -> pytest.RunResult:
    """What pytest says of *tests*, started in their folder, which the configuration file is above."""
    project.makeini(f"[pytest]\n{ini}\n")
    (project.path / "tests" / "test_inner.py").write_text(POST + tests, encoding="utf-8")
    return project.runpytest_inprocess("-p", "no:cacheprovider", "--strict-markers", *arguments)


def test_no_import_is_needed(project: pytest.Pytester) -> None:
    """The name of the fixture alone gives a running mock of the packaged contract."""
    done = run(
        project,
        """
def test_it(leadline_mock):
    leadline_mock.fail_next(status=503)
    assert [post(leadline_mock, {}).status_code for _ in range(2)] == [503, 200]
    leadline_mock.assert_called_with("createLead", count=2)
""",
    )

    done.assert_outcomes(passed=1)


def test_each_test_has_its_own(project: pytest.Pytester) -> None:
    """Requests, armed faults and ids of one test are not those of the next."""
    done = run(
        project,
        """
import pytest

@pytest.mark.parametrize("time", range(3))
def test_it(leadline_mock, time):
    assert leadline_mock.requests == []
    assert post(leadline_mock, {}).json()["doc"]["id"] == 1
    leadline_mock.fail_next(status=503)
""",
    )

    done.assert_outcomes(passed=3)


def test_the_session_has_one(project: pytest.Pytester) -> None:
    """The session's mock remembers what all tests have sent, and is not the one of a test."""
    done = run(
        project,
        """
import pytest

@pytest.mark.parametrize("time", range(3))
def test_it(leadline_mock_session, leadline_mock, time):
    assert len(leadline_mock_session.requests) == time
    assert post(leadline_mock_session, {}).json()["doc"]["id"] == time + 1
    assert leadline_mock.url != leadline_mock_session.url
""",
    )

    done.assert_outcomes(passed=3)


def test_the_configuration_file(project: pytest.Pytester) -> None:
    """Spec and overlays stand there, relative to it, wherever pytest is started."""
    done = run(
        project,
        NOTE
        + """
def test_overlay(leadline_mock, leadline_mock_session):
    for mock in (leadline_mock, leadline_mock_session):
        assert post(mock, {"text": "long"}, "/notes").status_code == 400
""",
        ini="leadline_spec = notes.yaml\nleadline_overlays = overlay.yaml",
    )

    done.assert_outcomes(passed=2)


def test_the_profile(project: pytest.Pytester) -> None:
    """A profile of the configuration file is taken, and one that is not there is told."""
    tests = "def test_it(leadline_mock): assert post(leadline_mock, {}).status_code == 200"
    run(project, tests, ini="leadline_profile = documented").assert_outcomes(passed=1)

    done = run(project, tests, ini="leadline_profile = payload-9")
    done.assert_outcomes(errors=1)
    done.stdout.fnmatch_lines(["*there is no profile `payload-9`; there are: *"])


def test_a_spec_on_the_command_line(project: pytest.Pytester) -> None:
    """It replaces that of the file, and the overlays there, which are for another one."""
    ini = "leadline_spec = other.yaml\nleadline_overlays = nowhere.yaml"
    done = run(project, NOTE, "--leadline-spec=../notes.yaml", ini=ini)

    done.assert_outcomes(passed=1)


def test_without_the_suite(project: pytest.Pytester) -> None:
    """The fixtures do without the plugin of the suite, whose options they share."""
    done = run(project, NOTE, "-p", "no:leadline", ini="leadline_spec = notes.yaml")

    done.assert_outcomes(passed=1)


def test_an_overlay_on_the_command_line(project: pytest.Pytester) -> None:
    """It replaces those of the file, on the same spec."""
    done = run(
        project,
        NOTE.replace('.json()["doc"]["text"] == "x"', ".status_code == 200")
        + """
def test_long(leadline_mock):
    assert post(leadline_mock, {"text": "long"}, "/notes").status_code == 400
""",
        "--leadline-overlay=../overlay.yaml",
        ini="leadline_spec = notes.yaml\nleadline_overlays = nowhere.yaml",
    )

    done.assert_outcomes(passed=2)


def test_the_marker_is_above_all(project: pytest.Pytester) -> None:
    """What the marker says counts for its test; that of the function before that of the class."""
    done = run(
        project,
        """
import pytest
from datetime import UTC, datetime

NOON = datetime(2026, 1, 2, 12, tzinfo=UTC)

@pytest.mark.leadline(spec="notes.yaml", overlays=["overlay.yaml"], mode="warn")
class TestNotes:
    def test_class(self, leadline_mock):
        assert post(leadline_mock, {"text": "long"}, "/notes").status_code == 200

    @pytest.mark.leadline(mode="strict")
    def test_function(self, leadline_mock):
        assert post(leadline_mock, {"text": "long"}, "/notes").status_code == 400

    @pytest.mark.leadline(spec="notes.yaml", mode="strict")
    def test_other_spec(self, leadline_mock):
        assert post(leadline_mock, {"text": "long"}, "/notes").status_code == 200

@pytest.mark.leadline(spec=None, keys=["secret"], clock=NOON, faults=["status=503;rate=1e-9"])
def test_leads(leadline_mock):
    assert leadline_mock.key == "secret"
    assert post(leadline_mock, {}).json()["doc"]["createdAt"].startswith("2026-01-02T12:00:00")

def test_without(leadline_mock, leadline_mock_session):
    for mock in (leadline_mock, leadline_mock_session):
        assert post(mock, {}, "/others").status_code == 200
""",
        "--leadline-spec=../other.yaml",
    )

    done.assert_outcomes(passed=5)


@pytest.mark.parametrize(
    ("marker", "problem"),
    [
        ("sped='notes.yaml'", "a mock has no option `sped`; did you mean `spec`?"),
        ("'notes.yaml'", "the marker `leadline` takes options by name, as in spec='openapi.yaml'"),
        ("overlays='overlay.yaml'", "`overlays` has to be a list of names of files*"),
        ("overlays=[7]", "`overlays` has to be a list of names of files*"),
        ("spec=7", "`spec` has to be the name of a file, not 7"),
        ("mode='lax'", "there is no mode `lax`; there are: strict, warn"),
        ("spec='broken.yaml'", "*broken.yaml:2:1: not well-formed YAML*"),
    ],
)
def test_a_marker_that_cannot_be(project: pytest.Pytester, marker: str, problem: str) -> None:
    """It is an error of its test that says what would do, without a trace."""
    project.makefile(".yaml", broken="openapi: [\n")
    done = run(
        project,
        f"""
import pytest

@pytest.mark.leadline({marker})
def test_it(leadline_mock):
    pass
""",
    )

    done.assert_outcomes(errors=1)
    done.stdout.fnmatch_lines([problem])
    done.stdout.no_fnmatch_line("*Traceback*")
    done.stdout.no_fnmatch_line("*During handling*")
    done.stdout.no_fnmatch_line("*making.py*")


def test_a_near_miss_is_shown_at_the_line_of_the_test(project: pytest.Pytester) -> None:
    """The failure points into the test, not into us, and shows what differs."""
    done = run(
        project,
        """
def test_it(leadline_mock):
    post(leadline_mock, {"make": "Audi"})
    leadline_mock.assert_called_with("createLead", body={"make": "Audo"})
""",
    )

    done.assert_outcomes(failed=1)
    done.stdout.fnmatch_lines(['E * /body/make: expected "Audo", not "Audi"', "*test_inner.py:*"])
    done.stdout.no_fnmatch_line("*view.py*")


def test_workers_of_xdist(project: pytest.Pytester) -> None:
    """Each worker has a session's mock of its own."""
    done = run(
        project,
        """
import pytest

@pytest.mark.parametrize("number", range(4))
def test_it(leadline_mock_session, worker_id, number, record_property):
    post(leadline_mock_session, {"notes": worker_id})
    leadline_mock_session.assert_not_called(absent=["/notes"])
    assert {one.body["notes"] for one in leadline_mock_session.requests} == {worker_id}
""",
        "-n",
        "2",
    )

    done.assert_outcomes(passed=4)


def test_the_plugin_imports_nothing() -> None:
    """Who runs pytest without our fixtures does not wait for us."""
    program = (
        "import sys, pytest; before = set(sys.modules); import leadline_mock.pytest_plugin;"
        "print(*sorted(set(sys.modules) - before))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, check=True, text=True
    )

    assert done.stdout.split() == ["leadline_mock", "leadline_mock.pytest_plugin"]
