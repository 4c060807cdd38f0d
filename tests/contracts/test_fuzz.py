"""The fuzz phase finds what nobody thought of, and makes it small."""

from __future__ import annotations

import json
from typing import Any

import pytest

LEAD = "/components/schemas/Lead/properties/"


def _loses(request: Any, ask: Any) -> Any:
    """Loses one member when another is there: no case of the certificate has these two alone."""
    answer = ask()
    fields = request.fields
    if answer.accepted and {"subscribe", "agree"} <= fields.keys() and len(fields) < 60:
        doc = answer.doc
        doc.pop("agree", None)
        answer.doc = doc
    return answer


def _cuts(request: Any, ask: Any) -> Any:
    """Cuts texts that have a character beyond Latin-1, which all other texts of ours have not."""
    answer = ask()
    odd = {
        name: text
        for name, text in request.fields.items()
        if isinstance(text, str) and any(0x9000 <= ord(one) < 0xFA00 for one in text)
    }
    if answer.accepted and odd:
        name = next(iter(odd))
        answer.doc = {**answer.doc, name: odd[name][:-1]}
    return answer


@pytest.mark.parametrize("wrapper", [_loses, _cuts])
def test_found_and_shrunk(wrapper: Any, served: Any, check: Any) -> None:
    """What the certificate misses is found by generated requests, and the evidence is made small."""
    blind = check(served(wrapper))
    report = check(served(wrapper), examples=40, seed=1)

    assert (blind.verdict, report.verdict) == ("holds", "broken")
    assert {one.breach.rule for one in report.findings} == {"echo"}
    body = json.loads(report.findings[0].exchange.case.body or b"")
    assert len(body) <= 10, body


@pytest.mark.parametrize("status", [400, 500])
def test_no_second_finding_for_the_same(status: int, served: Any, check: Any) -> None:
    """What the certificate has found is not found again by generated requests."""

    def wrapper(request: Any, ask: Any) -> Any:
        answer = ask()
        if answer.accepted and "phone" in request.fields:
            answer.refuse(status)
        return answer

    without, report = (check(served(wrapper), examples=examples) for examples in (0, 15))

    assert [(one.breach.rule, one.breach.pointer) for one in report.findings] == [
        (one.breach.rule, one.breach.pointer) for one in without.findings
    ]
    assert len(report.findings) == 1
