"""A key that is right and sent in the wrong way: what is wrong with it, without telling the key."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Collection, Iterator

from leadline_mock.messages import Request
from leadline_openapi.contract import SecurityScheme
from leadline_openapi.violation import cut

_PLACEHOLDER = re.compile(r"[<{\[$].*(key|token|secret).*", re.IGNORECASE | re.DOTALL)


def near_miss(
    scheme: SecurityScheme,
    alternative: tuple[SecurityScheme, ...],
    sent: str | None,
    request: Request,
    keys: tuple[str, ...],
) -> str:
    """
    What is wrong with *sent*, the credential of *request* for *scheme*, where it is nearly one of *keys*.

    *alternative* are all schemes that have to be fulfilled together. Empty where it is not near. A text for
    a person; neither a key nor what was sent is in it.
    """
    if not sent:
        right = {_place(one) for one in alternative}
        found = (_elsewhere(right, request, key) for key in keys)
        return next(filter(None, found), "")
    for key in keys:
        for is_so, hint in _misses(scheme, sent, key):
            if is_so:
                return hint
    return "a placeholder was sent in place of a key" if _PLACEHOLDER.search(sent) else ""


def _misses(scheme: SecurityScheme, sent: str, key: str) -> Iterator[tuple[bool, str]]:
    """Every way to miss *key*, the most exact first, and whether it is this one."""
    expected = scheme.credential(key)
    before, _, after = scheme.template.partition("{key}")
    plain = sent.strip().strip("\"'")
    yield (
        sent == scheme.credential(b64encode(key.encode("utf-8", "replace")).decode()),
        "it is the key in Base64, and the mock was given it as it is; give it the mock in Base64 too",
    )
    yield sent == key, f"the key is right, but bare: `{before.strip()}` is missing before it"
    yield (
        " ".join(sent.split()) == " ".join(expected.split()),
        "the key is right, but there is white space too much or too little",
    )
    yield plain in (key, expected), "the key is right, but it stands in quotation marks"
    yield (
        sent.lower() == expected.lower() and sent.endswith(key + after),
        f"the key is right, but `{before.strip()}` is written in another case",
    )
    yield sent.lower() == expected.lower(), "the key is written in another case"
    yield plain.lower() == key.lower(), "the key is bare and written in another case"
    yield _holds(sent, key) and not before, "the key is right, but it has to stand alone"
    yield _holds(sent, key), f"the key is right, but what is before it is not `{before.strip()}`"


def _holds(sent: str, key: str) -> bool:
    """Whether *key* is a word of *sent*; one of a few letters would be found by chance."""
    return bool(re.search(rf"(?<!\w){re.escape(key)}(?!\w)", sent))


def _place(scheme: SecurityScheme) -> tuple[str, str]:
    kind = "query parameter" if scheme.location == "query" else scheme.location
    return kind, scheme.parameter.lower()


def _elsewhere(right: Collection[tuple[str, str]], request: Request, key: str) -> str:
    """Where *key* was sent, other than in the places that are *right*."""
    for kind, name, value in _sent(request):
        if (kind, name.lower()) not in right and _holds(value, key):
            called = "" if key.lower() in name.lower() else f" `{cut(name, 100)}`"
            return f"a key was sent, but as the {kind}{called}"
    return ""


def _sent(request: Request) -> Iterator[tuple[str, str, str]]:
    """All that may hold a key: the kind of place, its name and what is there."""
    for name, value in request.headers:
        if name.lower() != "cookie":
            yield "header", name, value
    for location, kind in (("query", "query parameter"), ("cookie", "cookie")):
        for name, values in request.sent(location).items():
            yield from ((kind, name, value) for value in values)
