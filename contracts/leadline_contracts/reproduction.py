"""A finding that anybody can repeat: the request as a curl command, the key as `$LEADLINE_KEY`."""

from __future__ import annotations

import base64
import re
import shlex

from leadline_contracts.case import Case
from leadline_contracts.target.access import USUAL, Access, request_headers, target_with_credential

_KEY = "LeadlineKeyPlaceholderZ"
_PLACES = {
    _KEY: '"${LEADLINE_KEY}"',
    _KEY.swapcase(): '"$(printf %s "${LEADLINE_KEY}" | tr a-zA-Z A-Za-z)"',
    _KEY[:-1]: '"${LEADLINE_KEY%?}"',
}
"""How a shell writes the key, and what becomes of it in a near miss."""
_PLACE = re.compile("|".join(_PLACES))
_OWN = frozenset(name for name, _ in USUAL)
_LONGEST = 100_000
"""Bytes that fit into one argument of a command."""


def curl(case: Case, url: str) -> str:
    """The command that sends *case* to the server at *url*; it reads the key from the environment."""
    access = Access(key=_KEY)
    address = url + target_with_credential(case, access)
    method = ["--head"] if case.method == "HEAD" else ["-X", case.method]
    parts = ["curl", "-i", "-g", "--path-as-is", *map(_quote, method), _quote(address)]
    headers = [pair for pair in request_headers(case, access) if pair[0] not in _OWN]
    if case.body is not None and not any(name.lower() == "content-type" for name, _ in headers):
        parts += ["-H", "Content-Type:"]  # curl has one of its own otherwise
    for name, value in headers:
        parts += ["-H", _quote(f"{name}: {value}" if value else f"{name};")]
    if case.body is None:
        return " ".join(parts)
    if (text := _plain(case.body)) is not None:
        return " ".join([*parts, "--data-binary", shlex.quote(text)])
    encoded = base64.b64encode(case.body).decode("ascii")
    return f"echo {encoded} | base64 -d | " + " ".join([*parts, "--data-binary", "@-"])


def _plain(body: bytes) -> str | None:
    """*body* as text that a terminal shows as it is, and that curl takes for no file name."""
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        return None
    shown = text.isprintable() and not text.startswith("@") and len(body) <= _LONGEST
    return text if shown else None


def _quote(text: str) -> str:
    """*text* for a POSIX shell, with the key's place left open to the environment."""
    quoted, at = "", 0
    for match in _PLACE.finditer(text):
        before = text[at : match.start()]
        quoted += (shlex.quote(before) if before else "") + _PLACES[match[0]]
        at = match.end()
    rest = text[at:]
    return quoted + (shlex.quote(rest) if rest or not quoted else "")
