"""What a recorded entry is: a request to an API or none, whose it is, and whether it is known already."""

from __future__ import annotations

import re
from collections.abc import Callable

from leadline_contracts.traffic.bodies import header
from leadline_contracts.traffic.har import UNKNOWN, Entry
from leadline_contracts.traffic.matching import Address, Met
from leadline_contracts.traffic.privacy import Given, given

_NAME = 70
"""Characters of a caller's name that are told."""
_PRODUCT = re.compile(r"(?!(Mozilla|AppleWebKit|Gecko|Mobile|Version)/)[A-Za-z][\w.-]*/[\w.]+")
"""A product in the User-Agent of a browser, but for what all of them say of themselves."""
_SWITCHING = 101


def caller(entry: Entry, named_by: str, redact: Callable[[str], str]) -> str:
    """
    Who sent *entry*: what the header *named_by* says, else the User-Agent; empty where neither tells.

    *redact* takes secrets out of it.
    """
    name = redact(header(entry.headers, named_by.lower()) if named_by else _agent(entry))
    return name if len(name) <= _NAME else f"{name[:_NAME]}…"


def _agent(entry: Entry) -> str:
    """The User-Agent of *entry*; of a browser, the name that stands last and is its own."""
    name = header(entry.headers, "user-agent")
    if not name.startswith("Mozilla/"):
        return name
    own = [one for one in name.split() if _PRODUCT.fullmatch(one)]
    return next(
        (one for one in reversed(own) if not one.startswith("Safari/")), (own or [name])[-1]
    )


def identity(entry: Entry) -> tuple[object, ...]:
    """What tells *entry* apart from all others, also in another recording of the same session."""
    asked = (entry.started, entry.method, entry.url, entry.body)
    return (*asked, entry.status, entry.response_body)


def is_keyed(entry: Entry, met: Met) -> bool:
    """Whether *entry* holds a credential, in whatever form."""
    query = met.target.partition("?")[2]
    operation = met.operation
    return operation is not None and given(operation, entry.headers, query) is not Given.NOT


def no_request(entry: Entry, at: Address | None) -> str:
    """Why *entry* is no request to an API; empty where it may be one."""
    is_socket = entry.url.startswith(("ws:", "wss:")) or entry.status == _SWITCHING
    if entry.kind == "websocket" or is_socket:
        return "WebSocket"
    if entry.method == "CONNECT":
        return "CONNECT"
    if at is None:
        return "not HTTP"
    if entry.started == UNKNOWN:
        return "without the time of the request"
    asks = bool(header(entry.headers, "access-control-request-method"))
    if entry.method == "OPTIONS" and (asks or entry.kind == "preflight"):
        return "CORS preflight"
    return ""
