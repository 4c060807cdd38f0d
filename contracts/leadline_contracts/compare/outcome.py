"""What one server made of one case, reduced to what is compared."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from leadline_contracts.case import Exchange
from leadline_contracts.compare.listed import Lists, listed
from leadline_contracts.compare.normalise import Normaliser, server_texts
from leadline_openapi import mediatype

_ID = re.compile(r"[0-9]+|[0-9a-fA-F]{24}|[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
OF_STATUS = ("allow", "retry-after", "www-authenticate", "location")
"""Headers that belong to a status: they are compared where that is the same."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """
    One answer, normalised.

    *failure* says why there is none; *media* is the media type, with parameters as far as they matter;
    *headers* are those of `OF_STATUS` that are there; *value* is the normalised JSON of a body that
    *is_json*, *lists* are what its lists hold; *unread* says why it is not the JSON that it promises to be;
    *text* is any other body.
    """

    exchange: Exchange = field(repr=False)
    failure: str = ""
    status: int = 0
    media: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    is_json: bool = False
    unread: str = ""
    value: Any = None
    lists: Lists = field(default_factory=dict, repr=False)
    text: bytes = b""

    @property
    def family(self) -> int:
        """2 for an answer that says yes, 4 for a refusal, 5 for a failure; 0 where there is none."""
        return self.status // 100


def outcome(exchange: Exchange, normaliser: Normaliser) -> Outcome:
    """What *exchange* shows; *normaliser* is that of the server, and is to see each exchange once."""
    if exchange.failure:
        return Outcome(exchange=exchange, failure=exchange.failure)
    read = exchange.has_body and exchange.is_json and not exchange.malformed
    return Outcome(
        exchange=exchange,
        status=exchange.status,
        media=_media(exchange) if exchange.has_body else "",
        headers=_headers(exchange),
        is_json=exchange.is_json and exchange.has_body,
        unread=exchange.malformed if exchange.has_body else "",
        value=normaliser.value(exchange) if read else None,
        lists=listed(exchange, normaliser.documents, normaliser.side) if read else {},
        text=exchange.body if exchange.has_body and not exchange.is_json else b"",
    )


def _media(exchange: Exchange) -> str:
    """The media type; of JSON without its charset, which means nothing (RFC 8259 section 11)."""
    name, parameters = mediatype.parse(exchange.header("content-type") or "")
    told = [
        f"{key}={value}"
        for key, value in sorted(parameters.items())
        if not (key == "charset" and exchange.is_json)
    ]
    return "; ".join([name, *told])


def _headers(exchange: Exchange) -> dict[str, str]:
    given = {name: exchange.header(name) for name in OF_STATUS}
    return {
        name: _HEADERS[name](value, exchange) for name, value in given.items() if value is not None
    }


def _allow(value: str, _: Exchange) -> str:
    return ", ".join(sorted({one.strip() for one in value.split(",") if one.strip()}))


def _retry_after(value: str, _: Exchange) -> str:
    """That there is a time, and in which form; how long depends on when it is asked."""
    return "seconds" if value.strip().isdigit() else "a date"


def _challenge(value: str, _: Exchange) -> str:
    """The names of the schemes: what stands beside them is worded by the server."""
    found = re.findall(r"(?:^|,)\s*([A-Za-z][\w.~+-]*)(?=\s+[^=\s]|\s*$|\s*,)", value)
    return ", ".join(sorted({one.lower() for one in found}))


def _location(value: str, exchange: Exchange) -> str:
    """The path below the server, with `{id}` where an id stands."""
    own = server_texts(exchange.case.operation, exchange)
    parts = urlsplit(value).path.split("/")
    return "/".join("{id}" if one in own or _ID.fullmatch(one) else one for one in parts)


_HEADERS = {
    "allow": _allow,
    "retry-after": _retry_after,
    "www-authenticate": _challenge,
    "location": _location,
}
