"""Compose requests: from values of the contract to the bytes of a case."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import quote, urlencode

from leadline_contracts.case import PROPER, Case, Credential, Due
from leadline_openapi import Operation, jsontext
from leadline_openapi.contract import MediaType
from leadline_openapi.parameters import Parameter
from leadline_openapi.sample import NoSample, sampled

Pairs = tuple[tuple[str, str], ...]

_MARK = "leadline-number:"
_MARKED = re.compile(rb'"leadline-number:([^"]*)"')


@dataclass(frozen=True, slots=True)
class Spelled:
    """A JSON number that is to stand in a body as *text*, such as `1e3`."""

    text: str


def written(value: Any) -> bytes:
    """*value*, which may hold numbers that are `Spelled`, as JSON text."""
    try:
        return jsontext.dump(value)
    except TypeError:
        text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=_marked)
        return _MARKED.sub(rb"\1", text.encode())


def plain(value: Any) -> Any:
    """*value*, which may hold numbers that are `Spelled`, as its JSON text is read."""
    try:
        jsontext.dump(value)
    except TypeError:
        return jsontext.parse(written(value))
    return value


def _marked(number: Spelled) -> str:
    return _MARK + number.text


@dataclass(frozen=True)
class Draft:
    """A request in parts. *parameters* maps each parameter to the raw pairs that carry it."""

    operation: Operation
    parameters: Mapping[tuple[str, str], Pairs]
    media: str | None
    body: bytes | None = field(repr=False)

    def with_value(self, value: Any) -> Draft:
        """The same with *value*, which may hold numbers that are `Spelled`, as its JSON body."""
        return replace(self, body=written(value))

    def with_body(self, body: bytes | None, media: str | None) -> Draft:
        """The same with the bytes *body* under the media type *media*."""
        return replace(self, body=body, media=media)

    def with_raw(self, parameter: Parameter, raw: Sequence[tuple[str, str]]) -> Draft:
        """The same with *parameter* carried by the pairs *raw*."""
        known = dict(self.parameters)
        known[parameter.location, parameter.name] = tuple(raw)
        return replace(self, parameters=known)

    def without(self, parameter: Parameter) -> Draft:
        """The same without *parameter*."""
        known = dict(self.parameters)
        known.pop((parameter.location, parameter.name), None)
        return replace(self, parameters=known)

    def case(
        self,
        name: str,
        area: str,
        due: Due,
        rule: str,
        credential: Credential = PROPER,
        *,
        compound: bool = False,
    ) -> Case:
        """The finished case."""
        headers = [*self._carried("header"), *self._cookies()]
        if self.media is not None and self.body is not None:
            headers.append(("Content-Type", self.media))
        return Case(
            name=name,
            area=area,
            operation=self.operation,
            method=self.operation.method,
            target=self._target(),
            headers=tuple(headers),
            body=self.body,
            due=due,
            rule=rule,
            credential=credential,
            compound=compound,
        )

    def _carried(self, location: str) -> list[tuple[str, str]]:
        return [
            pair
            for (where, _), pairs in self.parameters.items()
            if where == location
            for pair in pairs
        ]

    def _cookies(self) -> list[tuple[str, str]]:
        cookies = "; ".join(f"{name}={value}" for name, value in self._carried("cookie"))
        return [("Cookie", cookies)] if cookies else []

    def _target(self) -> str:
        path = self.operation.path
        for name, value in self._carried("path"):
            path = path.replace(f"{{{name}}}", quote(value, safe=""))
        query = urlencode(self._carried("query"), quote_via=quote)
        return f"{path}?{query}" if query else path


def base(operation: Operation) -> Draft:
    """
    The simplest request that *operation* accepts: what is required, and nothing else.

    Raises `NoSample` where no value is found for something that is required.
    """
    draft = Draft(operation=operation, parameters={}, media=None, body=None)
    for parameter in operation.parameters:
        if parameter.required:
            draft = draft.with_raw(parameter, _carried(parameter))
    media = json_media(operation)
    if media is not None and operation.body is not None and operation.body.required:
        value = smallest(media)
        draft = replace(draft, media=media.name, body=jsontext.dump(value))
    elif operation.body is not None and operation.body.required and operation.body.content:
        draft = replace(draft, media=operation.body.content[0].name, body=b"text")
    return draft


def _carried(parameter: Parameter) -> Sequence[tuple[str, str]]:
    """Pairs that carry a valid value; one that leaves no trace on the wire, as `[]`, is none."""
    for full in (False, True):
        pairs = parameter.write(sampled(parameter.schema, full=full))
        sent: dict[str, list[str]] = {}
        for name, value in pairs:
            sent.setdefault(name, []).append(value)
        if not parameter.violations(sent) and (parameter.location != "path" or pairs[0][1]):
            return pairs
    raise NoSample(f"no value was found that the parameter `{parameter.name}` can carry")


def json_media(operation: Operation) -> MediaType | None:
    """The JSON representation of the request body, where there is one."""
    content = operation.body.content if operation.body else ()
    return next((media for media in content if media.is_json), None)


def smallest(media: MediaType) -> Any:
    """A small valid body; an example of the contract where nothing else is found."""
    if media.schema is None:
        return {}
    try:
        return sampled(media.schema)
    except NoSample:
        for example in media.examples.values():
            if media.schema.is_valid(example):
                return example
        raise
