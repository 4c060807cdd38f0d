"""Findings as a file of pytest tests that needs no Leadline: each fails while its defect is there."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from importlib.resources import files

from leadline_contracts.case import AT_ONCE, Exchange, Finding
from leadline_contracts.reproduction.assertions import assertions
from leadline_contracts.reproduction.literals import expression, literal
from leadline_contracts.reproduction.secrets import request
from leadline_contracts.target.disclosed import Disclosed
from leadline_openapi import Contract

_HEAD = '''"""
Defects of {url}, one test for each.

Run it with pytest: a test fails while its defect is there. `LEADLINE_URL` names another server; the key is
read from `LEADLINE_KEY`, and a header that was given by hand from `LEADLINE_HEADER_…`.
"""
'''


def tests(contract: Contract, findings: Sequence[Finding], url: str, disclosed: Disclosed) -> str:
    """The text of the file."""
    written = [
        "\n".join(_test(contract, finding, number, disclosed))
        for number, finding in enumerate(findings, 1)
    ]
    helpers = _helpers()
    if any(finding.breach.rule == "invariant" for finding in findings):
        helpers = helpers.replace(
            "import http.client\n",
            "import cel  # pip install common-expression-language: rules of this contract are in CEL\n"
            "import http.client\n",
        )
    parts = [_HEAD.format(url=url), helpers, f"URL = {literal(url)}\n", *written]
    return "\n\n".join(part.rstrip("\n") + "\n" for part in parts)


def _helpers() -> str:
    text = files("leadline_contracts.reproduction").joinpath("standalone.py").read_text("utf-8")
    return text.partition('"""\n\n')[2]  # without its docstring: the file has one of its own


def _test(contract: Contract, finding: Finding, number: int, disclosed: Disclosed) -> Iterator[str]:
    breach, label = finding.breach, finding.operation.label
    told = assertions(finding)
    name = re.sub(r"[^a-z0-9]+", "_", f"{label} {breach.rule}".lower()).strip("_")
    yield f"def test_{number:02}_{name}() -> None:"
    place = contract.place(breach.pointer)
    for text in (
        breach.message,
        f"expected  {breach.expected}",
        f"actual    {breach.actual}",
        f"rule      {breach.pointer} ({place.file}:{place.line or 1})",
        f"case      {finding.exchange.case.id}",
    ):
        yield f"    # {_one_line(text)}"
    yield "    requests: list[Request] = ["
    for exchange in (*finding.before, finding.exchange):
        yield from (f"        {line}" for line in _request(exchange, disclosed))
    yield "    ]"
    yield f"    answers = {_asked(finding, several=bool(told.of_all))}"
    yield "    for answer in answers:"
    yield from (f"        {line}" for line in told.of_each)
    yield from (f"    {line}" for line in told.of_all)
    yield ""


def _asked(finding: Finding, *, several: bool) -> str:
    """How the answers are got: what does not happen every time is tried often."""
    if finding.breach.when == AT_ONCE:
        return "at_once(URL, requests)"
    if several:
        return "in_order(URL, requests * 25)"
    return "repeated(URL, requests)" if finding.breach.when else "in_order(URL, requests)[-1:]"


def _request(exchange: Exchange, disclosed: Disclosed) -> Iterator[str]:
    sent = request(exchange.case, disclosed)
    yield "("
    yield f"    {literal(sent.method)},"
    yield f"    {expression(sent.target, in_query=True)},"
    yield "    ["
    for name, value in sent.headers:
        yield f"        ({literal(name)}, {expression(value)}),"
    yield "    ],"
    yield f"    {sent.body!r},"
    yield "),"


def _one_line(text: str) -> str:
    shown = "".join(one if one.isprintable() else ascii(one)[1:-1] for one in text)
    return shown if len(shown) <= 300 else f"{shown[:300]}…"
