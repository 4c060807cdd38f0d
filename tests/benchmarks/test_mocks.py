"""The benchmark of mock servers: what it reads, how it judges, and that it leaves nothing running."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from benchmarks.mocks import tools
from benchmarks.mocks.calls import Call, unlike, valid, wrong
from benchmarks.mocks.fidelity import Answer, Fidelity, Refusal, echoed, identity, judge
from benchmarks.mocks.load import Load, NoFigures, parse
from benchmarks.mocks.measure import Row
from benchmarks.mocks.processes import NotReady, Server, alive, cpu_seconds, resident, running, tree
from benchmarks.mocks.report import fastest_rival, markdown, targets, warnings
from benchmarks.mocks.soak import Mark, growth
from benchmarks.mocks.work import Work, prepare
from hypothesis import given
from hypothesis import strategies as st
from tests.conftest import ROOT

from leadline_mock import World
from leadline_mock.answer import answer
from leadline_mock.messages import Request, Response

WRK = """Running 1s test @ http://127.0.0.1:4010/api/leads
  1 threads and 16 connections
  Thread Stats   Avg      Stdev     Max   +/- Stdev
    Latency     2.37ms  716.72us   9.80ms   88.47%
    Req/Sec     6.83k   592.20     7.64k    72.73%
  7470 requests in 1.10s, 14.95MB read
Requests/sec:   6790.11
{"requests": 7470, "duration": 1100130, "p50": 2204, "p99": 5613, "refused": 3, "broken": 1}
"""

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=5,
)


@pytest.fixture(scope="module")
def work(tmp_path_factory: pytest.TempPathFactory) -> Work:
    """The work of the benchmark."""
    return prepare(tmp_path_factory.mktemp("work"))


# --- wrk ----------------------------------------------------------------------------------------------


def test_the_figures_of_wrk_are_read() -> None:
    """Rate, latencies in milliseconds, processor time per request, and what failed."""
    load = replace(parse(WRK, ""), cpu=0.747)

    assert load.rate == pytest.approx(6790.1, abs=0.1)
    assert (load.p50, load.p99) == (2.204, 5.613)
    assert load.cost == pytest.approx(100)
    assert load.failed == 4


@pytest.mark.parametrize(
    ("output", "trouble", "said"),
    [
        ("", "unable to connect to 127.0.0.1:1 Connection refused", "Connection refused"),
        ("", "", "it said nothing"),
        (WRK.replace("7470,", "0,"), "", "no request was answered, 1 connections failed"),
    ],
)
def test_wrk_without_figures_is_an_error(output: str, trouble: str, said: str) -> None:
    """No figures are no zeros: what wrk said is told instead."""
    with pytest.raises(NoFigures, match=said):
        parse(output, trouble)


# --- the requests ---------------------------------------------------------------------------------------


def asked(work: Work, call: Call) -> Response:
    """What our mock says to *call*."""
    headers = {"Content-Type": call.media, work.header: call.key}
    pairs = [(name, value) for name, value in headers.items() if value is not None]
    request = Request("POST", {}, call.query, pairs, call.body)
    return answer(work.operation, request, World(keys=(work.key,)))


def test_valid_requests_are_valid(work: Work) -> None:
    """What a mock has to accept is allowed by the contract."""
    assert [call.name for call in valid(work) if asked(work, call).status != 200] == []


def test_wrong_requests_are_wrong_in_one_place(work: Work) -> None:
    """Each of the 22 breaks the contract, and in the place that it is about."""
    calls = wrong(work)
    refusals = {call.name: json.loads(asked(work, call).body)["errors"] for call in calls}

    assert len(refusals) == 22
    for call in calls:
        assert len(refusals[call.name]) == 1, call.name
        assert any(word in json.dumps(refusals[call.name]).lower() for word in call.words)


def test_no_field_is_sent_as_in_the_example(work: Work) -> None:
    """An answer out of the spec's example cannot pass for an echo, not even in one field."""
    assert work.operation.body is not None
    (example,) = work.operation.body.content[0].examples.values()
    sent = unlike(work)

    assert sent.keys() == example.keys()
    assert [name for name in sent if sent[name] == example[name]] == []


# --- the judge of echoes ------------------------------------------------------------------------------------


def call_of(body: Any) -> Call:
    """A request with *body*."""
    return Call("", json.dumps(body).encode(), None, None)


def answer_of(value: Any, status: int = 200) -> Answer:
    """An answer with *value* as its body."""
    return Answer(status, (), json.dumps(value).encode())


@given(st.dictionaries(st.text(), VALUES), st.text(), st.integers())
def test_what_comes_back_is_counted(body: dict[str, Any], name: str, other: int) -> None:
    """Every member counts that comes back with its value; one that is changed or lost does not."""
    body = {**body, name: other}
    back = {"id": 1, **body}

    assert echoed(call_of(body), answer_of({"doc": back})) == (len(body), len(body))
    for damaged in ({**back, name: other + 1}, {k: v for k, v in back.items() if k != name}):
        assert echoed(call_of(body), answer_of({"doc": damaged})) == (len(body) - 1, len(body))


@pytest.mark.parametrize(
    ("sent", "given", "count"), [(1, 1.0, 1), (1, True, 0), ([1, 2], [2, 1], 0)]
)
def test_values_are_compared_as_json(sent: Any, given: Any, count: int) -> None:
    """1 is 1.0 but not true, and the order of a list counts."""
    assert echoed(call_of({"a": sent}), answer_of({"doc": {"a": given}})) == (count, 1)


@pytest.mark.parametrize(
    "answer", [Answer(), answer_of({}), answer_of([]), answer_of({"doc": {}}, 400)], ids=repr
)
def test_no_document_is_no_echo(answer: Answer) -> None:
    """Even of nothing: a mock that answers no document has not echoed `{}`."""
    found, sent = echoed(call_of({}), answer)

    assert found != sent
    assert identity(answer) is None


# --- the judge of refusals ----------------------------------------------------------------------------------

YEAR = Call("year", b"", None, None, "", "year", ("year",))
NOTES = Call("notes", b"", None, None, "", "notes", ("notes",))


def error(message: str) -> dict[str, Any]:
    """An error as the leads contract documents it."""
    return {"errors": [{"message": message}]}


def judged(work: Work, *answers: Answer) -> list[Refusal]:
    """The judgement of answers to two requests with a wrong year, then one with wrong notes."""
    return judge([YEAR, YEAR, NOTES][: len(answers)], answers, work.operation)


def test_a_refusal_with_the_reason_in_the_own_shape(work: Work) -> None:
    """The field by name, in the error that the contract documents, is all that can be asked."""
    (found,) = judged(work, answer_of(error("Year: must be a number"), 400))

    assert found == Refusal("year", 400, True, True, True, True)


def test_a_reason_in_another_shape(work: Work) -> None:
    """A validator's own words tell the reason, and are not the API's error."""
    (found,) = judged(work, answer_of({"err": [{"instancePath": "/year"}]}, 422))

    assert (found.refused, found.told, found.shaped, found.told_in_shape) == (
        True,
        True,
        False,
        False,
    )


def test_a_reason_in_a_header_is_told(work: Work) -> None:
    """What a header says counts as told, but the body still does not say it."""
    (found,) = judged(work, replace(answer_of(error("wrong"), 400), headers=("year is wrong",)))

    assert (found.told, found.shaped, found.told_in_shape) == (True, True, False)


def test_a_stock_answer_tells_nothing(work: Work) -> None:
    """An example that holds the right word by chance, and comes for other faults too, is no reason."""
    stock = answer_of(error("year: must be a number"), 400)
    found = judged(work, stock, answer_of(error("the year"), 400), stock)

    assert [one.told for one in found] == [False, True, False]
    assert all(one.shaped for one in found)


@pytest.mark.parametrize("status", [200, 302, 500, 0])
def test_only_4xx_refuses(work: Work, status: int) -> None:
    """A yes, a failure and silence are no refusals, whatever they say."""
    (found,) = judged(work, answer_of(error("year"), status))

    assert (found.refused, found.told, found.shaped, found.told_in_shape) == (False,) * 4


# --- the verdict ----------------------------------------------------------------------------------------


def row(
    name: str, role: str, rate: int, p99: float = 1, *, whole: int = 6, refused: int = 22
) -> Row:
    """A server that answers *rate* requests a second."""
    refusals = [Refusal("", 0, number < refused, False, False, False) for number in range(22)]
    return Row(
        server=Server(name, role, (), ""),
        version="",
        starts=(0.25,),
        loads=tuple(Load(rate + step, 1, 0.5, p99, 0, 0) for step in (-100, 0, 700)),
        resident=0,
        fidelity=Fidelity(84, 84, whole, 6, True, tuple(refusals)),
    )


def test_ours_is_compared_with_the_fastest_that_does_the_same_work() -> None:
    """A faster rival that gives an example back, or checks nothing, is not the one to beat."""
    rows = [
        row("leadline", "ours", 30_000),
        row("example", "rival", 20_000, whole=2),
        row("careless", "rival", 19_000, refused=1),
        row("slower", "rival", 9_000),
        row("proper", "rival", 10_000),
        row("floor", "floor", 60_000),
    ]
    best = fastest_rival(rows)

    assert best is not None
    assert best.server.name == "proper"
    assert [(one.value, one.met) for one in targets(rows)] == [
        (3, True),
        (0.5, True),
        (1, True),
        (250, True),
    ]


def test_a_missed_target_is_missed() -> None:
    """Too slow, too late at the tail: both are said."""
    rows = [row("leadline", "ours", 20_000, p99=5), row("floor", "floor", 60_000, p99=2)]

    assert [one.met for one in targets(rows)] == [False, False, True]


def test_without_the_others_only_ours_is_judged() -> None:
    """What was not measured has no ratio; without our mock there is nothing to judge."""
    assert [one.name for one in targets([row("leadline", "ours", 1000)])] == ["ready ms"]
    assert targets([row("floor", "floor", 1000)]) == []


def test_figures_that_are_no_good_are_called_so() -> None:
    """Requests that failed, and a machine that had other work, are said below the tables."""
    quiet = row("leadline", "ours", 1000)
    failing = replace(quiet, loads=tuple(replace(load, refused=2) for load in quiet.loads))
    hit = replace(quiet, loads=(*quiet.loads[:2], replace(quiet.loads[2], others=0.5)))

    assert warnings([quiet]) == []
    assert warnings([failing]) == [
        "leadline: 6 requests were not answered yes, so its figures are no good"
    ]
    assert warnings([quiet, hit]) == [
        "the machine did other work meanwhile, up to 50% of a core: take figures where it is quiet"
    ]


@given(st.lists(st.tuples(st.text("ab µ", max_size=9), st.text("1,.", max_size=9)), min_size=1))
def test_tables_are_straight(table: list[tuple[str, str]]) -> None:
    """Every line of a table is as long as the others, and holds its cells."""
    lines = markdown([*table]).splitlines()

    assert len({len(line) for line in lines}) == 1
    for line, cells in zip([lines[0], *lines[2:]], table, strict=True):
        assert [part.strip() for part in line.split("|")[1:-1]] == [cell.strip() for cell in cells]


def test_growth_is_counted_from_the_first_mark() -> None:
    """What a server takes up at first is no leak."""
    assert growth([Mark(10, 100, 0), Mark(20, 150, 0), Mark(30, 110, 0)]) == pytest.approx(10)


# --- processes ----------------------------------------------------------------------------------------------

SERVE = """
import http.server, subprocess, sys
class Yes(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        self.send_response({status})
        self.end_headers()
subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
http.server.HTTPServer(("127.0.0.1", int(sys.argv[1])), Yes).serve_forever()
"""


@pytest.fixture
def python() -> Callable[[str], Server]:
    """Makes a server out of a program."""
    return lambda code: Server("toy", "rival", (sys.executable, "-c", code, "{port}"), "/")


needs_proc = pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="no /proc here")


@needs_proc
def test_a_server_is_ended_with_all_that_it_started(
    work: Work, python: Callable[[str], Server]
) -> None:
    """It answers within, its processes are counted together, and none is left after."""
    with running(python(SERVE.replace("{status}", "200")), work) as server:
        pids = tree(server.pid)
        assert len(pids) == 2
        assert resident(server.pid) > resident(pids[1]) > 0
        assert cpu_seconds(server.pid) > 0
        assert server.ready > 0

    assert [pid for pid in pids if alive(pid)] == []


@needs_proc
def test_a_server_that_ends_says_why(work: Work, python: Callable[[str], Server]) -> None:
    """Its name, its exit code and its last words."""
    server = python("import sys; sys.exit('no such spec')")

    with pytest.raises(NotReady, match="toy ended with 1: no such spec"), running(server, work):
        pass


# --- what has to be there -------------------------------------------------------------------------------


def test_what_is_missing_is_said_in_one_line(tmp_path: Path) -> None:
    """Without wrk and node the benchmark ends at once, and says what to install."""
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.mocks"],
        cwd=ROOT,
        env={**os.environ, "PATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 2
    assert done.stderr == (
        "error: wrk and node and npm cannot be found; on Debian: apt-get install wrk nodejs npm\n"
    )


def test_the_lock_names_no_place() -> None:
    """The rivals come from whichever registry npm is set up for, in the versions that are locked."""
    package, lock = (json.loads((tools.RIVALS / name).read_text("utf-8")) for name in tools.FILES)

    assert lock["packages"][""]["dependencies"] == package["dependencies"]
    assert [name for name, entry in lock["packages"].items() if "resolved" in entry] == []
    for name, version in package["dependencies"].items():
        assert lock["packages"][f"node_modules/{name}"]["version"] == version
