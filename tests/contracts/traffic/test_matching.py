"""Which recorded requests are operations, and below which base."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.contracts.traffic.conftest import Hold
from tests.recordings import SPEC, archive, entry

from leadline_contracts.report import Report
from leadline_contracts.traffic import har
from leadline_contracts.traffic.holding import hold
from leadline_contracts.traffic.matching import AmbiguousBase, Base, base, pattern
from leadline_openapi import load

OTHER = "http://127.0.0.1:4010/v1"


def bases(report: Report) -> dict[str, int]:
    """The bases that were taken, with the requests below each."""
    assert report.traffic is not None
    return dict(report.traffic.bases)


def test_the_base_is_the_path_of_the_server(held: Hold) -> None:
    """The path of `servers[0].url` is the base on any host; a request elsewhere is another's."""
    report = held(
        [
            entry(1),
            entry(2, url="http://localhost:3000/api/notes"),
            entry(3, url="https://notes.example/tracker/notes"),
            entry(4, url="https://notes.example/api2/notes"),
        ]
    )

    assert bases(report) == {"https://notes.example/api": 1, "http://localhost:3000/api": 1}
    assert report.traffic is not None
    assert report.traffic.elsewhere == 2


def test_another_base_is_found_where_only_one_is_possible(held: Hold) -> None:
    """A recording through a gateway with a prefix of its own needs no option."""
    report = held(
        [entry(1, url=f"{OTHER}/notes"), entry(2, url="https://cdn.example/app.js", method="GET")]
    )

    assert bases(report) == {OTHER: 1}
    assert report.url == OTHER


def test_several_possible_bases_are_asked_about(held: Hold) -> None:
    """Where operations are met below two bases, the error names both; `base` chooses."""
    recording = [entry(1, url=f"{OTHER}/notes"), entry(2, url="http://127.0.0.1:4010/v2/notes")]

    with pytest.raises(AmbiguousBase, match=r"/v1  \(1\)\n.*/v2  \(1\)\nhint: .* --base"):
        held(recording)
    assert bases(held(recording, base=base("/v2/"))) == {"http://127.0.0.1:4010/v2": 1}
    assert bases(held(recording, base=base(OTHER))) == {OTHER: 1}


def test_a_base_that_was_named_is_not_looked_for(held: Hold) -> None:
    """Where nothing stands below the named base, nothing is checked, and what there was is listed."""
    report = held([entry(1, url=f"{OTHER}/notes")], base=base("/v3"))

    assert (report.verdict, bases(report)) == ("nothing-checked", {})
    assert report.traffic is not None
    assert report.traffic.undocumented == {f"POST {OTHER}/notes": 1}


def test_what_is_no_operation_is_listed(held: Hold) -> None:
    """Methods, paths and query parameters that nobody documented are counted, documents of one path once."""
    report = held(
        [
            entry(1, url="https://notes.example/api/notes?colour=red&depth=1"),
            entry(2, method="DELETE", url="https://notes.example/api/notes/7"),
            entry(3, method="DELETE", url="https://notes.example/api/notes/8"),
        ]
    )

    assert report.findings == ()
    assert report.traffic is not None
    assert report.traffic.undocumented == {"DELETE /notes/{id}": 2, "POST /notes?colour=": 1}


def test_members_of_an_object_in_the_query_are_documented(tmp_path: Path) -> None:
    """Where a parameter spreads its members over the query, no name there is undocumented."""
    spec, traffic = tmp_path / "o.yaml", tmp_path / "r.har"
    spec.write_text(SPEC.replace("schema: {type: number}", "schema: {type: object}"), "utf-8")
    url = "https://notes.example/api/notes?colour=red"
    traffic.write_text(archive(entry(1, url=url)), "utf-8")
    report = hold(load(spec), [har.read(traffic)])

    assert report.traffic is not None
    assert (report.cases, report.traffic.undocumented) == (1, {})


def test_a_path_without_parameters_comes_first(held: Hold) -> None:
    """`/notes/mine` is the operation of that name, and no id that is not a number."""
    mine = entry(1, method="GET", url="https://notes.example/api/notes/mine", status=200)

    assert sorted(held([mine]).unchecked) == [
        "GET /notes/{id}",
        "GET /{page}",
        "POST /notes",
        "POST /uploads",
    ]


def test_what_leadline_does_not_speak_for_is_said(held: Hold) -> None:
    """A request for an operation with a multipart body is not checked, and the reason is given."""
    report = held([entry(1, url="https://notes.example/api/uploads", status=204)])

    assert report.verdict == "nothing-checked"
    assert "`multipart/form-data` is not supported" in report.unchecked["POST /uploads"]
    assert report.traffic is not None
    assert list(report.traffic.skipped) == [f"POST /uploads: {report.unchecked['POST /uploads']}"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("/", Base("", "")),
        ("/api/", Base("", "/api")),
        ("https://User:pw@Notes.example/api", Base("https://notes.example", "/api")),
    ],
)
def test_a_base_is_a_url_or_a_path(text: str, found: Base) -> None:
    """Both forms are understood, with or without a slash at the end, and without what lets somebody in."""
    assert base(text) == found


@pytest.mark.parametrize("text", ["", "api", "ftp://a/b", "https://", "https://a/b?c=d"])
def test_anything_else_is_no_base(text: str) -> None:
    """What is neither is refused."""
    with pytest.raises(ValueError, match="takes a URL"):
        base(text)


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("/a/17/b", "/a/{id}/b"),
        ("/a/507f1f77bcf86cd799439011", "/a/{id}"),
        ("/a/1b4e28ba-2fa1-11d2-883f-0016d3cca427", "/a/{id}"),
        ("/a/v1/mine", "/a/v1/mine"),
    ],
)
def test_documents_of_one_path_are_told_as_one(path: str, told: str) -> None:
    """Numbers, ObjectIds and UUIDs are ids; words are not."""
    assert pattern(path) == told
