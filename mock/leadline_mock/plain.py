"""The plain request: JSON that is right, a key that is right, and nothing asked for but the usual answer."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache

from leadline_mock import credentials, documented, prefer, relations
from leadline_mock.caching import forgettable
from leadline_mock.messages import Request, Response
from leadline_mock.proof import is_proved
from leadline_mock.recipe import Recipe, recipe
from leadline_mock.world import World
from leadline_openapi import jsontext
from leadline_openapi.contract import MediaType, Operation, SecurityScheme
from leadline_openapi.schema import Schema

_TYPES = ("", "; charset=utf-8", ";charset=utf-8", "; charset=UTF-8")
"""How clients write that JSON is JSON."""


@dataclass(frozen=True, slots=True)
class Plain:
    """
    What an operation answers to a plain request: parsed once, validated once, and answered.

    The answer is the one that the long way gives; where the request is not that plain, there is none.
    """

    scheme: SecurityScheme | None
    types: frozenset[str]
    schema: Schema
    recipe: Recipe
    status: int
    heading: tuple[tuple[str, str], ...]

    def answer(self, request: Request, world: World) -> Response | None:
        """The answer to *request*, if it is plain."""
        if request.query or not request.body or world.dynamic:
            return None
        header = request.header
        if header("content-type") not in self.types or header(prefer.HEADER) is not None:
            return None
        if self.scheme is not None and not credentials.fits(self.scheme, request, world.keys):
            return None
        try:
            body = jsontext.parse(request.body)
        except jsontext.NotJson:
            return None
        if type(body) is not dict or not self.schema.is_valid(body):
            return None
        made = jsontext.dump(self.recipe.compose(body, world))
        return Response(self.status, self.heading, made)


@forgettable
@lru_cache(maxsize=1024)
def plain(operation: Operation) -> Plain | None:
    """The way for plain requests to *operation*, if there is one: its answers have to be provably right."""
    success = documented.success(operation)
    media = documented.representation(success)
    sent = next(iter(operation.body.content), None) if operation.body else None
    if media is None or sent is None or sent.schema is None or not _may_be(operation, media, sent):
        return None
    usual = recipe(media)
    if usual is None or not is_proved(usual, sent.schema):
        return None
    schemes = [one for alternative in operation.security for one in alternative]
    steps = tuple(replace(step, judge=None) for step in usual.steps)
    return Plain(
        scheme=schemes[0] if schemes else None,
        types=frozenset(sent.name + more for more in _TYPES),
        schema=sent.schema,
        recipe=replace(usual, steps=steps),
        status=documented.status(success),
        heading=documented.heading(success, media),
    )


def _may_be(operation: Operation, media: MediaType, sent: MediaType) -> bool:
    """Whether a plain request can be: JSON both ways, one key at most, no parameter that has to be there."""
    if operation.rate_limit or (operation.body and operation.body.max_bytes):
        return False
    if operation.unsupported or not (sent.is_json and documented.is_json(media)):
        return False
    if any(one.required or one.location != "query" for one in operation.parameters):
        return False
    if len(operation.security) > 1 or any(len(one) > 1 for one in operation.security):
        return False
    nothing = Request(operation.method, {}, "", (), b"")
    return not media.relations or relations.asked(operation, media, nothing) is None
