"""Pairs of callbacks and webhooks: the API sends, and callers answer.

They are written as those of `pairs_operations`.
"""

from __future__ import annotations

from typing import Any

from tests.openapi.diff.pairs_operations import (
    READ,
    SCHEMES,
    SENT,
    TEXT,
    B,
    N,
    Told,
    document,
    operation,
)

# fmt: off

DONE = {"description": "done"}


def body(schema: Any = TEXT, kind: str = "application/json", /, **more: Any) -> dict[str, Any]:
    """A body, or an answer, of one representation."""
    return {"description": "done", "content": {kind: {"schema": schema}}, **more}


def hook(**changed: Any) -> dict[str, Any]:
    """The document with the webhook `done`, some fields of which are *changed*."""
    sent = changed.pop("requestBody", None)
    fields = {"responses": {"200": DONE}, **changed}
    if sent is not None:
        fields["requestBody"] = {name: one for name, one in sent.items() if name != "description"}
    return document(webhooks={"done": {"post": fields}})


def field(at: str = "header", /, **more: Any) -> list[dict[str, Any]]:
    """One parameter."""
    return [{"name": "X-A", "in": at, "schema": TEXT, **more}]


def replied(**statuses: Any) -> dict[str, Any]:
    """The webhook whose answers are these; a name starts with `s`."""
    return hook(responses={name.removeprefix("s"): value for name, value in statuses.items()})


def headed(**header: Any) -> dict[str, Any]:
    """An answer with one header."""
    return {**DONE, "headers": {"X-A": {"schema": TEXT, **header}}}


HOOK_PAIRS: list[tuple[str, dict[str, Any], dict[str, Any], list[Told]]] = [
    # Webhooks and callbacks (sections 4.8.1, 4.8.18): the API sends, and callers answer
    (
        "a webhook may come without its body",
        hook(requestBody=body(required=True)), hook(requestBody=body()), [("body-optional", B, READ)],
    ),
    (
        "a webhook always has its body",
        hook(requestBody=body()), hook(requestBody=body(required=True)), [("body-required", N, READ)],
    ),
    ("a webhook has a body now", hook(), hook(requestBody=body(required=True)), [("body-added", N, READ)]),
    ("a webhook has no body any more", hook(requestBody=body()), hook(), [("body-removed", B, READ)]),
    (
        "a webhook comes in another representation as well",
        hook(requestBody=body()),
        hook(requestBody={"content": {**body()["content"], "text/csv": {"schema": TEXT}}}),
        [("media-type-added", B, READ)],
    ),
    (
        "a webhook comes in one representation less",
        hook(requestBody={"content": {**body()["content"], "text/csv": {"schema": TEXT}}}),
        hook(requestBody=body()), [("media-type-removed", N, READ)],
    ),
    (
        "a webhook always has one header more",
        hook(), hook(parameters=field(required=True)), [("parameter-added", N, READ)],
    ),
    (
        "a webhook always has its header",
        hook(parameters=field()), hook(parameters=field(required=True)), [("parameter-required", N, READ)],
    ),
    (
        "a webhook may come without its header",
        hook(parameters=field(required=True)), hook(parameters=field()), [("parameter-optional", B, READ)],
    ),
    (
        "a webhook has a header less",
        hook(parameters=field()), hook(), [("parameter-removed", B, READ)],
    ),
    (
        "a success is no longer taken as the answer to a webhook",
        replied(s200=DONE, s202=DONE), replied(s200=DONE), [("status-removed", B, SENT)],
    ),
    (
        "a success more is taken as the answer to a webhook",
        replied(s200=DONE), replied(s200=DONE, s202=DONE), [("status-added", N, SENT)],
    ),
    (
        "less of a range is taken as the answer to a webhook",
        replied(s2XX=DONE), replied(s200=DONE), [("status-removed", B, SENT)],
    ),
    (
        "an error less is documented as the answer to a webhook",
        replied(s200=DONE, s410=DONE), replied(s200=DONE), [("status-removed", N, SENT)],
    ),
    (
        "a body is expected as the answer to a webhook",
        replied(s200=DONE), replied(s200=body()), [("body-added", B, SENT)],
    ),
    (
        "the answer to a webhook may be in one representation more",
        replied(s200=body()),
        replied(s200=body(content={**body()["content"], "text/csv": {"schema": TEXT}})),
        [("media-type-added", N, SENT)],
    ),
    (
        "the answer to a webhook needs a header",
        replied(s200=headed()), replied(s200=headed(required=True)), [("header-required", B, SENT)],
    ),
    (
        "the answer to a webhook no longer needs a header",
        replied(s200=headed(required=True)), replied(s200=headed()), [("header-optional", N, SENT)],
    ),
    (
        "the answer to a webhook needs a header that is new",
        replied(s200=DONE), replied(s200=headed(required=True)), [("header-added", B, SENT)],
    ),
    (
        "a webhook shows a key less",
        {**hook(security=[{"key": []}]), "components": {"securitySchemes": SCHEMES}},
        {**hook(), "components": {"securitySchemes": SCHEMES}},
        [("security-widened", B, READ)],
    ),
    (
        "what callers have to show, a webhook does not",
        {**hook(), "components": {"securitySchemes": SCHEMES}},
        {**hook(), "components": {"securitySchemes": SCHEMES}, "security": [{"key": []}]},
        [("security-narrowed", B, SENT)],
    ),
    (
        "a callback may come without its body",
        operation(callbacks={"done": {"{$request.query.u}": {"post": {
            "requestBody": {"required": True, "content": body()["content"]}, "responses": {"200": DONE}}}}}),
        operation(callbacks={"done": {"{$request.query.u}": {"post": {
            "requestBody": {"content": body()["content"]}, "responses": {"200": DONE}}}}}),
        [("body-optional", B, READ)],
    ),
]
