"""`leadline check` with known defects, from the outside: baseline, its writing, and leniency."""

from __future__ import annotations

import io
import json
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.notes import notes
from werkzeug.serving import WSGIRequestHandler, make_server

from leadline_cli.main import run
from leadline_mock import create_app
from leadline_openapi import jsontext, load

SPEC = notes("{type: object, additionalProperties: false, properties: {text: {type: string}}}")
TERMS = ["--baseline-reason=#7", "--baseline-owner=crm", "--baseline-expires=2999-01-01"]


class _Quiet(WSGIRequestHandler):
    def log(self, *_: Any, **__: Any) -> None:
        """Nothing to say."""


@pytest.fixture
def spec(tmp_path: Path) -> Path:
    """A contract with one text in it."""
    path = tmp_path / "notes.yaml"
    path.write_text(SPEC, "utf-8")
    return path


@pytest.fixture
def url(spec: Path) -> Iterator[str]:
    """A server that drops members that it does not know, where the contract forbids them."""
    app = create_app(load(spec))

    def dropping(environ: dict[str, Any], start_response: Any) -> Any:
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        try:
            sent = jsontext.parse(body)
        except jsontext.NotJson:
            sent = None
        if isinstance(sent, dict) and not sent.keys() <= {"text"}:
            body = jsontext.dump({name: sent[name] for name in sent if name == "text"})
        environ["wsgi.input"], environ["CONTENT_LENGTH"] = io.BytesIO(body), str(len(body))
        return app(environ, start_response)

    server = make_server("127.0.0.1", 0, dropping, threaded=True, request_handler=_Quiet)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def check(url: str, spec: Path) -> Any:
    """Runs `leadline check` with further arguments; gives the exit code."""

    def check(*arguments: str) -> int:
        return run(["check", url, "--spec", str(spec), *arguments])

    return check


def test_written_known_and_over(
    check: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """What is written as known passes with the baseline, fails without it, and fails when it is over."""
    known, report = tmp_path / "known.yaml", tmp_path / "r.json"

    assert check("--quiet") == 1
    assert check("--write-baseline", str(known), *TERMS) == 0
    printed = capsys.readouterr()
    assert "Known: 1 finding, next expires 2999-01-01" in printed.out
    assert f"wrote {known}: 1 known finding\n" in printed.err

    assert check("--quiet", "--baseline", str(known), "--report", f"json={report}") == 0
    told = json.loads(report.read_text("utf-8"))
    assert (told["verdict"], told["findings"]) == ("holds", [])
    assert [(one["rule"], one["owner"]) for one in told["known"]] == [("accepts-invalid", "crm")]

    known.write_text(known.read_text("utf-8").replace("2999", "2020"), "utf-8")
    assert check("--baseline", str(known)) == 1
    assert "known until 2020-01-01 (crm: #7)" in capsys.readouterr().out


def test_a_fixed_entry_is_a_warning(
    check: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """An entry that is met no more is told with its line, and goes when the file is written again."""
    known = tmp_path / "known.yaml"
    check("--quiet", "--write-baseline", str(known), *TERMS)
    entry = known.read_text("utf-8")
    old = entry.replace("/additionalProperties", "/properties/gone")
    known.write_text(entry + old[old.index("- rule") :], "utf-8")

    assert check("--baseline", str(known)) == 0
    printed = capsys.readouterr().out
    assert "Fixed: accepts-invalid at /components/schemas/Note/properties/gone" in printed
    line = entry.count("\n") + 1
    assert f"remove it from {known}:{line}\n" in printed

    assert check("--quiet", "--baseline", str(known), "--safe") == 0
    assert check("--quiet", "--baseline", str(known), "--write-baseline", str(known), *TERMS) == 0
    assert known.read_text("utf-8") == entry


def test_a_short_run_calls_nothing_fixed(
    check: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """`--safe` does not try what is known, so it cannot miss it."""
    known = tmp_path / "known.yaml"
    check("--quiet", "--write-baseline", str(known), *TERMS)

    assert check("--baseline", str(known), "--safe") == 0
    assert "Fixed" not in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--write-baseline", "k.yaml", *TERMS[:2]], "--write-baseline needs --baseline-expires"),
        (["--write-baseline", "k.yaml", "--baseline-reason= ", *TERMS[1:]], "--baseline-reason"),
        (
            ["--write-baseline", "k.yaml", *TERMS[:2], "--baseline-expires=2020-01-01"],
            "2020-01-01 is over",
        ),
        (["--write-baseline", "nowhere/k.yaml", *TERMS], "there is no folder nowhere"),
        (["--learn-leniency", "nowhere/k.yaml"], "there is no folder nowhere"),
        ([TERMS[0]], "--baseline-reason says nothing without --write-baseline"),
        (["--baseline", "nowhere.yaml"], "nowhere.yaml: there is no such file"),
    ],
)
def test_options_that_do_not_fit_are_exit_code_2(
    arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """What cannot be done is said before anything is sent."""
    assert run(["check", "http://127.0.0.1:1", *arguments]) == 2
    assert message in capsys.readouterr().err


def test_a_wrong_baseline_is_exit_code_2(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """An entry without an owner is an error with file and line."""
    known = tmp_path / "known.yaml"
    known.write_text(
        "known:\n- {rule: echo, operation: x, pointer: /a, reason: r, expires: 2999-01-01}\n",
        "utf-8",
    )

    assert run(["check", "http://127.0.0.1:1", "--baseline", str(known)]) == 2
    assert f"{known}:2:3 (at /known/0): the known finding lacks `owner`" in capsys.readouterr().err


def test_learnt_leniency_is_an_overlay(
    check: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A lenient server is broken at first; with the overlay that was learnt it holds, and is told."""
    overlay, report = tmp_path / "learnt.yaml", tmp_path / "r.json"

    assert check("--learn-leniency", str(overlay)) == 1
    assert f"wrote {overlay}: review it" in capsys.readouterr().err

    assert check("--overlay", str(overlay), "--report", f"json={report}") == 0
    assert "/paths/~1notes/post/requestBody  unknown dropped: " in capsys.readouterr().out
    (seen,) = json.loads(report.read_text("utf-8"))["lenient"]
    assert (seen["declared"], seen["observed"]) == (["dropped"], "dropped")

    again = tmp_path / "again.yaml"
    assert check("--quiet", "--overlay", str(overlay), "--learn-leniency", str(again)) == 0
    assert "nothing to learn" in capsys.readouterr().err
    assert not again.exists()
