"""Read a request as the contract describes it, and find everything that is wrong with it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from leadline_mock.caching import forgettable
from leadline_mock.messages import Request
from leadline_openapi import jsontext, mediatype
from leadline_openapi import pointer as pointers
from leadline_openapi.contract import Body, MediaType, Operation
from leadline_openapi.parameters import ABSENT, Parameter
from leadline_openapi.violation import Violation, cut

INVALID = (400, 422)
"""Fitting refusals of what is not valid, the best first."""
UNPROCESSABLE = (422, 400)
"""The same for what can be read, where 422 is for that."""
_WRONG_TYPE = (415, 400, 422)
_TOO_LARGE = (413, 400)
MOST = 250
"""So many violations of one body, or of one parameter, are told."""
_UNTYPED = "application/octet-stream"
"""What a body without `Content-Type` may be taken for (RFC 9110 section 8.3)."""
_IDENTITY = "identity"


class Intake(NamedTuple):
    """
    What was sent, and what is wrong with it.

    *body* is parsed JSON, text, or `ABSENT`; *parameters* and *about_body* are the violations; *writing* is
    `size`, `required`, `media-type`, `coding` or `malformed` where no value of the body could be read;
    *statuses* are fitting refusals, the best first; *media_type* is that of the body, as it was sent.
    """

    body: Any
    parameters: tuple[Violation, ...] = ()
    about_body: tuple[Violation, ...] = ()
    writing: str = ""
    statuses: tuple[int, ...] = INVALID
    media_type: str = ""

    @property
    def violations(self) -> tuple[Violation, ...]:
        """Everything that is wrong, in the order in which it is told."""
        return self.ordered(self.parameters, self.about_body)

    def ordered(
        self, parameters: tuple[Violation, ...], about_body: tuple[Violation, ...]
    ) -> tuple[Violation, ...]:
        """*parameters* and *about_body* in the order in which they are told."""
        if self.writing in _BEFORE_PARAMETERS:
            return (*about_body, *parameters)
        return (*parameters, *about_body)


_BEFORE_PARAMETERS = frozenset(("media-type", "coding"))
"""What is wrong with the headers of a body is told first."""


def read(operation: Operation, request: Request) -> Intake:
    """The parameters and the body of *request*, with the violations of *operation*, up to `MOST` for each."""
    may_be_wrong = request.query or not _all_may_be_missing(operation)
    found = tuple(_parameters(operation, request)) if may_be_wrong else ()
    if operation.body is None:
        return Intake(ABSENT, found)
    most = operation.body.max_bytes
    if most is not None and len(request.body) > most:
        return Intake(ABSENT, found, (_too_large(operation.body, most),), "size", _TOO_LARGE)
    if not request.body:
        missing = tuple(_missing_body(operation.body))
        return Intake(ABSENT, found, missing, "required" if missing else "")
    sent = request.header("content-type")
    name, parameters = _media_type(_UNTYPED if sent is None else sent)
    media = operation.body.for_type(name)
    if media is None:
        wrong = _wrong_type(operation.body, sent)
        return Intake(
            _guess(request.body), found, (wrong,), "media-type", _WRONG_TYPE, media_type=name
        )
    try:
        body = _parse(media, name, parameters.get("charset"), request.body)
    except ValueError as error:
        coding = request.header("content-encoding") or _IDENTITY
        if coding.lower() != _IDENTITY:
            encoded = _encoded(operation.body, coding)
            return Intake(ABSENT, found, (encoded,), "coding", _WRONG_TYPE, media_type=name)
        wrong = _malformed(media, name, str(error))
        return Intake(ABSENT, found, (wrong,), "malformed", media_type=name)
    if media.schema is None or media.schema.is_valid(body):
        return Intake(body, found)
    return Intake(body, found, media.schema.violations(body, most=MOST), media_type=name)


@forgettable
@lru_cache(maxsize=1024)
def _all_may_be_missing(operation: Operation) -> bool:
    """Whether nothing can be wrong with the parameters of a request that has no query."""
    return all(one.location == "query" and not one.required for one in operation.parameters)


@lru_cache(maxsize=256)
def _media_type(sent: str) -> tuple[str, Mapping[str, str]]:
    return mediatype.parse(sent)


def _parameters(operation: Operation, request: Request) -> Iterator[Violation]:
    for parameter in operation.parameters:
        sent = request.sent(parameter.location)
        if all(map(_is_text, sent.get(parameter.name, ()))):
            yield from parameter.violations(sent, MOST)
        else:
            yield _unreadable(parameter)


def _is_text(value: str) -> bool:
    """Whether no bytes of *value* were other than UTF-8."""
    return not any("\udc80" <= character <= "\udcff" for character in value)


def _parse(media: MediaType, name: str, charset: str | None, body: bytes) -> Any:
    """
    The value of *body*, sent as *name*, which *media* covers. Raises `ValueError`.

    JSON is UTF-8, whatever a `charset` beside it says (RFC 8259 sections 8.1 and 11). What is neither
    JSON nor text is taken as it is.
    """
    if media.is_json or (media.schema is None and mediatype.is_json(name)):
        return jsontext.parse(body)
    if not name.startswith("text/"):
        return body.decode("utf-8", "surrogateescape")
    try:
        return body.decode(charset or "utf-8")
    except LookupError:
        raise ValueError(f"the charset `{charset}` is not known") from None


def _guess(body: bytes) -> Any:
    """JSON that is sent under another name, for the mode that answers anyway."""
    try:
        return jsontext.parse(body)
    except jsontext.NotJson:
        return ABSENT


def _unreadable(parameter: Parameter) -> Violation:
    return Violation(
        location=parameter.location,
        field=parameter.name,
        pointer=pointers.pointer((parameter.name,)),
        keyword="encoding",
        problem="is not UTF-8",
        expected="UTF-8, percent-encoded",
        rule=parameter.pointer,
    )


def _missing_body(body: Body) -> Iterator[Violation]:
    if body.required:
        yield _about_body(f"{body.pointer}/required", "required", "a body is required", "a body")


def _wrong_type(body: Body, sent: str | None) -> Violation:
    return Violation(
        location="header",
        field="Content-Type",
        pointer="/Content-Type",
        keyword="content",
        problem=f"`{sent}` is no media type of this operation" if sent else "is missing",
        expected=" or ".join(media.name for media in body.content),
        rule=f"{body.pointer}/content",
    )


def _encoded(body: Body, coding: str) -> Violation:
    """A body that is compressed; 415 is meant for it too (RFC 9110 section 15.5.16)."""
    return Violation(
        location="header",
        field="Content-Encoding",
        pointer="/Content-Encoding",
        keyword="content",
        problem=f"a body that is sent as `{cut(coding, 60)}` is not read here",
        expected="a body as it is, without Content-Encoding",
        rule=f"{body.pointer}/content",
    )


def _too_large(body: Body, most: int) -> Violation:
    problem = f"the body is larger than {most} bytes"
    return _about_body(f"{body.pointer}/x-max-bytes", "x-max-bytes", problem, "a smaller body")


def _malformed(media: MediaType, name: str, reason: str) -> Violation:
    return _about_body(media.pointer, "content", f"the body is not {name}: {reason}", media.name)


def _about_body(rule: str, keyword: str, problem: str, expected: str) -> Violation:
    return Violation("body", "", "", keyword, problem, expected, rule)
