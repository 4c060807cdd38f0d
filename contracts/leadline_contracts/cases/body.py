"""Cases about the body: the examples, the whole document, every member alone, every keyword broken."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress

from leadline_contracts.case import Case, Due
from leadline_contracts.cases.values import variants
from leadline_contracts.draft import Draft, json_media
from leadline_openapi import Operation
from leadline_openapi.sample import NoSample, sampled

AREA = "body"


def whole(operation: Operation, base: Draft) -> Iterator[Case]:
    """Bodies that hold much at once: the examples of *operation*, and every member."""
    media = json_media(operation)
    if media is None or media.schema is None:
        return
    draft = base.with_body(base.body, media.name)
    for name, example in media.examples.items():
        due = Due.ACCEPT if media.schema.is_valid(example) else Due.REFUSE
        filled = draft.with_value(example)
        yield filled.case(
            f"the example `{name}`", AREA, due, f"{media.pointer}/examples", compound=True
        )
    with suppress(NoSample):
        yield draft.with_value(sampled(media.schema, full=True)).case(
            "every member at once", AREA, Due.ACCEPT, media.schema.pointer, compound=True
        )


def single(operation: Operation, base: Draft) -> Iterator[Case]:
    """Every member of the body of *operation* alone, and every keyword broken alone."""
    media = json_media(operation)
    if media is None or media.schema is None:
        return
    draft = base.with_body(base.body, media.name)
    for variant in variants(media.schema):
        taken = Due.EITHER if variant.disputed else Due.ACCEPT
        due = taken if variant.good else Due.REFUSE
        area = " ".join((AREA, ".".join(variant.path))).strip()
        yield draft.with_value(variant.value).case(variant.name, area, due, variant.rule)
