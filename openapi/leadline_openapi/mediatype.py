"""Media types (RFC 9110 section 8.3.1): compare what was sent with what the contract names."""

from __future__ import annotations

from email.message import Message


def parse(value: str) -> tuple[str, dict[str, str]]:
    """The type in lower case and its parameters; `("", {})` when *value* is no media type."""
    message = Message()
    message["content-type"] = value
    declared = value.partition(";")[0].strip()
    if declared.count("/") != 1 or message.get_content_type() != declared.lower():
        return "", {}
    parameters = message.get_params(failobj=[], header="content-type")[1:]
    return declared.lower(), {name.lower(): text for name, text in parameters}


def covers(pattern: str, name: str) -> bool:
    """Whether the range *pattern* (`application/json`, `text/*`, `*/*`) covers the type *name*."""
    wanted = pattern.partition(";")[0].strip().lower()
    if wanted == "*/*":
        return bool(name)
    if wanted.endswith("/*"):
        return name.startswith(wanted[:-1])
    return wanted == name


def is_json(name: str) -> bool:
    """Whether a body of the type *name* is JSON text (RFC 6839 section 3.1)."""
    base = name.partition(";")[0].strip().lower()
    return base in {"application/json", "text/json"} or base.endswith("+json")
