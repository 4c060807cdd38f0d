"""A finding that anybody can repeat: the request as a curl command, the key as `$LEADLINE_KEY`."""

from __future__ import annotations

import base64
import shlex

from leadline_contracts.case import Case
from leadline_contracts.target import Access, request_headers, target_with_credential

KEY_VARIABLE = "LEADLINE_KEY"
_PLACEHOLDER = "LEADLINEKEYPLACEHOLDER"


def curl(case: Case, url: str) -> str:
    """The command that sends *case* to the server at *url*; it reads the key from the environment."""
    access = Access(key=_PLACEHOLDER)
    address = url + target_with_credential(case, access)
    parts = ["curl", "-i", "-X", _quote(case.operation.method), _quote(address)]
    for name, value in request_headers(case, access):
        if name not in {"Accept", "User-Agent"}:
            parts += ["-H", _quote(f"{name}: {value}" if value else f"{name};")]
    if case.body is None:
        return " ".join(parts)
    try:
        text = case.body.decode("utf-8")
    except UnicodeDecodeError:
        text = ""
    if text and "\x00" not in text:
        return " ".join([*parts, "--data-binary", shlex.quote(text)])
    encoded = base64.b64encode(case.body).decode("ascii")
    return f"echo {encoded} | base64 -d | " + " ".join([*parts, "--data-binary", "@-"])


def _quote(text: str) -> str:
    """*text* for a POSIX shell, with the key's place left open to the environment."""
    if _PLACEHOLDER not in text:
        return shlex.quote(text)
    open_place = f'"${{{KEY_VARIABLE}}}"'
    return open_place.join(shlex.quote(part) if part else "" for part in text.split(_PLACEHOLDER))
