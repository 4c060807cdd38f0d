"""Requests as curl commands for a POSIX shell."""

from __future__ import annotations

import base64
import shlex

from leadline_contracts.case import Case, Finding
from leadline_contracts.reproduction.secrets import Secret, Text, request
from leadline_contracts.target.access import USUAL
from leadline_contracts.target.disclosed import Disclosed

_OWN = frozenset(name for name, _ in USUAL)
_KEYED = Disclosed()
_LONGEST = 100_000
"""Bytes that fit into one argument of a command."""


def commands(finding: Finding, url: str, disclosed: Disclosed) -> list[str]:
    """The commands that show *finding*, in order: what has to be sent before, and the request itself."""
    exchanges = [*finding.before, finding.exchange]
    return [curl(exchange.case, url, disclosed) for exchange in exchanges]


def curl(case: Case, url: str, disclosed: Disclosed = _KEYED) -> str:
    """
    The command that sends *case* to the server at *url*.

    It reads the key, and the values of headers that the caller added, from the environment.
    """
    sent = request(case, disclosed)
    method = ["--head"] if case.method == "HEAD" else ["-X", shlex.quote(case.method)]
    address = _quote((url, *sent.target))
    parts = ["curl", "-i", "-g", "--path-as-is", *method, address]
    headers = [pair for pair in sent.headers if pair[0] not in _OWN or pair[0] in disclosed.headers]
    if case.body is not None and not any(name.lower() == "content-type" for name, _ in headers):
        parts += ["-H", "Content-Type:"]  # curl has one of its own otherwise
    for name, value in headers:
        parts += ["-H", _quote((f"{name}: ", *value) if value else (f"{name};",))]
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


def _quote(text: Text) -> str:
    """*text* as one word of a POSIX shell, which puts in the secrets."""
    joined: list[str | Secret] = []
    for part in text:
        if joined and isinstance(part, str) and isinstance(joined[-1], str):
            joined[-1] += part
        else:
            joined.append(part)
    return "".join(shlex.quote(part) if isinstance(part, str) else _read(part) for part in joined)


def _read(secret: Secret) -> str:
    name = secret.variable
    prefix, suffix = (shlex.quote(text) if text else "" for text in (secret.prefix, secret.suffix))
    steps = [f"#{prefix}"] * bool(prefix) + [f"%{suffix}"] * bool(suffix)
    steps += ["%?"] * (secret.change == "cut")
    if secret.change != "swapped" and len(steps) <= 1:
        return f'"${{{name}{"".join(steps)}}}"'
    made = f'v="${{{name}}}"; ' + "".join(f'v="${{v{step}}}"; ' for step in steps)
    swap = " | tr a-zA-Z A-Za-z" if secret.change == "swapped" else ""
    return f'"$({made}printf %s "$v"{swap})"'
