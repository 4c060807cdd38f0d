"""Proposals as an overlay that makes the contract say what the server does."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from leadline_contracts import overlays
from leadline_contracts.compare.shortened import shortened
from leadline_contracts.reconcile.proposal import SERVER, Proposal
from leadline_openapi import Contract

_HEAD = """\
What a server does otherwise than the contract says, proposed from its answers. Review every action: where the
server is wrong, it says what is known of a defect, and is to go when that is mended.
"""


def render(contract: Contract, proposals: Sequence[Proposal]) -> str:
    """The actions of *proposals* as YAML text; empty where there are none."""
    actions = [
        replace(action, comment=_comment(one) if number == 0 else "")
        for one in proposals
        for number, action in enumerate(one.actions)
    ]
    if not actions:
        return ""
    return overlays.render(
        _HEAD, f"What a server of {contract.title} does", contract.version, actions
    )


def _comment(one: Proposal) -> str:
    who = "The server is wrong" if one.wrong == SERVER else "The contract is wrong"
    return f"{who}: {one.operation}, {shortened(one.what)}.\n{shortened(one.why)}"
