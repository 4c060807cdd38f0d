"""What is said of the certificate before it is sent is counted in it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from leadline_contracts.case import Due
from leadline_contracts.cases import cases_of, certificate
from leadline_contracts.cases.plan import coverage_statement
from leadline_openapi import Contract, load


def test_the_whole_certificate(contract: Contract) -> None:
    """The certificate of the leads contract leaves no input, enum value, pair or triple out."""
    plan = coverage_statement(contract)

    assert plan.cases == len(certificate(contract)) == sum(plan.by_due.values())
    assert plan.cases == sum(plan.by_area.values()) <= 2600
    for share in (plan.inputs, plan.enum_values, plan.pairs, plan.triples):
        assert share.exercised == share.total > 0
    assert plan.enum_values.total == 134
    assert {Due.ACCEPT, Due.REFUSE, Due.DENY, Due.NOWHERE} <= set(plan.by_due)
    assert min(plan.rows, plan.malformed, plan.methods, plan.credentials, plan.media_types) > 0
    assert plan.breaks >= plan.keywords > 100


def test_what_is_left_out_is_told(contract: Contract) -> None:
    """A plan over fewer cases covers less: nothing is claimed that no case does."""
    every = certificate(contract)
    without_rows = coverage_statement(contract, [one for one in every if not one.compound])
    refused = coverage_statement(
        contract, [replace(one, due=Due.ANY) for one in every if one.due is Due.ACCEPT]
    )
    no_test = coverage_statement(
        contract, [one for one in every if b'"Test"' not in (one.body or b"")]
    )

    assert without_rows.pairs.exercised < without_rows.pairs.total
    assert without_rows.triples.exercised < without_rows.triples.total
    assert (refused.inputs.exercised, refused.pairs.exercised, refused.enum_values.exercised) == (
        0,
        0,
        0,
    )
    assert no_test.enum_values.exercised == no_test.enum_values.total - 1


def test_an_operation_without_inputs_is_asked(tmp_path: Path) -> None:
    """Where nothing can be varied, the one request that there is is sent."""
    spec = tmp_path / "ping.yaml"
    spec.write_text(
        """
openapi: 3.1.0
info: {title: Ping, version: '1'}
paths: {/ping: {get: {responses: {'200': {description: pong}}}}}
"""
    )
    (operation,) = load(spec).operations

    assert [(one.method, one.target, one.due) for one in cases_of(operation)] == [
        ("GET", "/ping", Due.ACCEPT)
    ]
