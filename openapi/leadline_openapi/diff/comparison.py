"""Compare two contracts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime

from leadline_openapi.contract import Contract
from leadline_openapi.diff.change import ORDER, Diff, SideName
from leadline_openapi.diff.context import Context, Scene
from leadline_openapi.diff.facing import Facing
from leadline_openapi.diff.operations import operations
from leadline_openapi.diff.rows import REQUEST, RESPONSE, change, merged
from leadline_openapi.diff.schemas import rows
from leadline_openapi.diff.versions import bump, version
from leadline_openapi.normalise import for_direction
from leadline_openapi.schema import Library, Schema

_SIDES: tuple[SideName, SideName] = ("request", "response")
_UNASKED = {REQUEST: "readOnly", RESPONSE: "writeOnly"}


def compared(old: Contract, new: Contract, today: date | None) -> Diff:
    """What `diff` gives."""
    day = datetime.now(UTC).date() if today is None else today
    context = Context((old.document, new.document), day)
    scene = Scene(context, "the contract")
    scene.texts(
        ("/info", old.document["info"]),
        ("/info", new.document["info"]),
        ("title", "summary", "description"),
    )
    operations(context)
    found = list(context.rows)
    for side in _SIDES:
        roots = [root for root in context.roots if root.side == side]
        if roots:
            facing = Facing(_library(old, side), _library(new, side))
            found += rows(facing, side, roots, day)
    changes = sorted(
        (change(row, old, new) for row in merged(found)),
        key=lambda one: (-ORDER.index(one.verdict), one.pointer, one.code),
    )
    verdict = changes[0].verdict if changes else "none"
    step = bump(verdict, is_changed=bool(changes))
    return Diff(
        old=old.source,
        new=new.source,
        verdict=verdict,
        semver=step,
        version=version(old.version, new.version, step),
        changes=tuple(changes),
    )


def _library(contract: Contract, side: str) -> Library:
    """The document as *side* sees it: the one that the contract has compiled already, if there is any."""
    for schema in _schemas(contract, side):
        return schema.library
    return Library(for_direction(dict(contract.document), _UNASKED[side]))


def _schemas(contract: Contract, side: str) -> Iterator[Schema]:
    for operation in contract.operations:
        if side == REQUEST:
            yield from (parameter.schema for parameter in operation.parameters)
            bodies = [operation.body]
        else:
            bodies = [answer.body for answer in operation.answers]
        for body in bodies:
            for media in body.content if body is not None else ():
                if media.schema is not None:
                    yield media.schema
