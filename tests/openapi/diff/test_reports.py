"""The same comparison as text, JSON and Markdown."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from tests.openapi.diff.specs import contract_of, loaded

from leadline_openapi import diff
from leadline_openapi.diff import Diff, reports


@pytest.fixture
def compared(tmp_path: Path) -> Diff:
    """A comparison with a change of each verdict."""

    def schema(**changed: Any) -> dict[str, Any]:
        members = {
            "a": {"type": "string"},
            "b": {"type": "integer", "description": "<b>|"},
            **changed,
        }
        return {"X": {"type": "object", "properties": members}}

    old = contract_of(schema(), "request")
    new = contract_of(
        schema(
            a={"type": "string", "enum": ["x|y", "`", "<b>"]},
            b={"type": "integer", "description": "other"},
            c={"type": "null"},
        ),
        "request",
    )
    return diff(loaded(tmp_path, "old", old), loaded(tmp_path, "new", new))


def test_json_has_the_fixed_members(compared: Diff) -> None:
    """Scripts rely on these names."""
    told = json.loads(reports.as_json(compared))

    assert (told["verdict"], told["semver"]) == ("breaking", "major")
    assert told["version"] == {"old": "1.0.0", "new": "1.0.0", "proposed": "2.0.0", "enough": False}
    for change in told["changes"]:
        assert {"verdict", "side", "pointer", "code", "message", "advice"} <= change.keys()
    assert [change["verdict"] for change in told["changes"]] == ["breaking", "non-breaking", "none"]
    worst = told["changes"][0]
    assert worst["pointer"] == "/components/schemas/X/properties/a/enum"
    assert worst["new"]["line"] == 1
    assert worst["witness"]["side"] == "request"


def test_text_has_a_line_for_each_question(compared: Diff) -> None:
    """What, where, for example, and what to do."""
    told = reports.text(compared, lambda text, _: text)

    assert "breaking: 1 breaking, 1 non-breaking, 1 without meaning for callers" in told
    assert "\nbreaking  enum-narrowed  (what callers send)\n" in told
    assert "requests that were right may be refused" in told
    assert "(at /components/schemas/X/properties/a/enum)" in told
    assert "for example, {" in told
    assert "to do: " in told
    assert "to at least 2.0.0, which it is not" in told


def test_markdown_is_one_table_that_no_value_breaks(compared: Diff) -> None:
    """Pipes and tags in what a contract says stay text."""
    told = reports.markdown(compared)
    rows = [line for line in told.splitlines() if line.startswith("| ")]

    assert [row.replace("\\|", "").count("|") for row in rows] == [5] * 4
    assert "<b>" not in told
    assert told.count("<details>") == told.count("</details>") == 1
    assert told.endswith("\n")


def test_nothing_is_told_of_nothing(tmp_path: Path) -> None:
    """An unchanged contract is one sentence."""
    contract = loaded(tmp_path, "x", contract_of({"X": {"type": "string"}}))
    compared = diff(contract, contract)

    assert "nothing has changed" in reports.text(compared, lambda text, _: text)
    assert reports.markdown(compared).startswith("### The contract has not changed\n")
    assert json.loads(reports.as_json(compared))["changes"] == []


_NASTY = "a|b`\n\n# Heading <script>alert(1)</script> @octocat"


def test_markdown_shows_a_name_and_obeys_none(tmp_path: Path) -> None:
    """A contract of somebody else's gets no tag, no heading and no message into the comment."""
    names = [
        {_NASTY: {"type": "string"}, "@octocat": {"type": "string", "maxLength": most}}
        for most in (9, 3)
    ]
    old, new = (
        contract_of({"X": {"type": "object", "properties": one, "required": sorted(one)[: 2 - at]}})
        for at, one in enumerate(names)
    )
    new["info"]["version"] = "2.0.0`\n# <b>"

    told = reports.markdown(diff(loaded(tmp_path, "old", old), loaded(tmp_path, "new", new)))

    code = told.replace("~~~~json", "~~~~").split("~~~~")[
        ::2
    ]  # in a block of code nothing is obeyed
    lines = "".join(code).splitlines()
    outside = "\n".join("".join(line.split("`")[::2]) for line in lines)
    assert "<script" not in outside
    assert "<b>" not in outside
    assert "@octocat" not in outside
    assert [line for line in lines if line.startswith("#")] == ["### The contract breaks callers"]
    assert "<summary><code>maxLength</code> of <code>&#64;octocat</code> admits less" in told


def test_text_does_nothing_to_a_terminal(tmp_path: Path) -> None:
    """A name may hold anything."""
    old, new = (
        contract_of({"X": {"type": "object", "properties": {"a\x1b[31m\nb": {"type": kind}}}})
        for kind in ("string", "integer")
    )
    told = reports.text(
        diff(loaded(tmp_path, "old", old), loaded(tmp_path, "new", new)), lambda text, _: text
    )

    assert "\x1b" not in told
    assert "`type` of `a\\x1b[31m\\nb`" in told


def test_a_long_text_is_told_by_its_length(tmp_path: Path) -> None:
    """Of hundreds of letters only the number matters; JSON has them all."""
    old, new = (
        loaded(tmp_path, str(most), contract_of({"X": {"type": "string", "maxLength": most}}))
        for most in (501, 500)
    )
    compared = diff(old, new)

    shown = f'"{"a" * 20}… (501 characters)"'
    assert f"for example, {shown} as POST /x" in reports.text(compared, lambda text, _: text)
    assert f"~~~~json\n{shown}\n~~~~" in reports.markdown(compared)
    assert json.loads(reports.as_json(compared))["changes"][0]["witness"]["value"] == "a" * 501
