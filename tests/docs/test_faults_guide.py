"""What docs/faults.md shows is what the mock understands."""

from __future__ import annotations

import json
import re
import shlex
from typing import Any

import click
import pytest
from click.testing import CliRunner
from tests.conftest import ROOT

from leadline_cli import fault_options
from leadline_mock.faults import fault_from_json, fault_from_text

GUIDE = (ROOT / "docs" / "faults.md").read_text("utf-8")
ROWS = re.findall(r"^\| `([^…`]+)` \| `([^…`]+)` \|", GUIDE, re.MULTILINE)
COMMANDS = re.findall(r"^leadline mock (.+?)(?:  +#.*)?$", GUIDE, re.MULTILINE)
HEADERS = re.findall(r"'Leadline-Fault: (.+?)'", GUIDE)
ARMED = re.findall(r"-d '(.+?)'", GUIDE)


def test_the_guide_was_read() -> None:
    """The patterns above find what the guide holds."""
    assert (len(ROWS), len(COMMANDS), len(HEADERS), len(ARMED)) == (10, 4, 2, 1)


@pytest.mark.parametrize(("text", "members"), ROWS)
def test_both_forms_of_the_table(text: str, members: str) -> None:
    """Text and JSON in one row are the same fault, each as it is written back."""
    fault = fault_from_text(text)

    assert fault_from_json(json.loads(members)) == fault
    assert (str(fault), fault.members()) == (text, json.loads(members))


@pytest.mark.parametrize("line", COMMANDS)
def test_command_lines(line: str) -> None:
    """Each command line of the guide makes a plan."""
    plans: list[Any] = []

    @click.command()
    @fault_options.options
    def command(**values: Any) -> None:
        plans.append(fault_options.fault_plan(**values, seed=0))

    result = CliRunner().invoke(command, shlex.split(line))

    assert result.output == ""
    assert plans[0].defaults


def test_headers_and_what_is_armed() -> None:
    """What the guide sends is understood."""
    assert [str(fault_from_text(text)) for text in HEADERS if text != "none"]
    assert [fault_from_json(json.loads(body)["fault"]) for body in ARMED]
