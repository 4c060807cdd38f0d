"""What formats limit, said in words that containment can be worked out from."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_NO_NUMBER = ["null", "string", "boolean", "array", "object"]
_RANGES: Mapping[str, Mapping[str, Any]] = {
    f"{sign}int{bits}": {
        "type": ["integer", *_NO_NUMBER],
        "minimum": 0 if sign else -(2 ** (bits - 1)),
        "maximum": 2 ** (bits - (not sign)) - 1,
    }
    for sign in ("", "u")
    for bits in (8, 16, 32, 64)
}
"""Whole numbers of so many bits (OpenAPI Format Registry)."""
_ENCODED: Mapping[str, Mapping[str, Any]] = {
    "base16": {"pattern": "^(?:[0-9A-Fa-f]{2})*$"},
    "base32": {
        "pattern": "^(?:[A-Z2-7]{8})*"
        "(?:[A-Z2-7]{2}={6}|[A-Z2-7]{4}={4}|[A-Z2-7]{5}={3}|[A-Z2-7]{7}=)?$"
    },
    "byte": {"pattern": "^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$"},
    "base64url": {"pattern": "^[A-Za-z0-9_-]*={0,2}$"},
}
"""Bytes as text (RFC 4648); base64 is what OAS 3.0.4 section 4.4 calls `byte`."""
_TEXTS: Mapping[str, Mapping[str, Any]] = {
    "date-time": {"minLength": 20},
    "date": {"minLength": 10, "maxLength": 10},
    "time": {"minLength": 9},
    "duration": {"minLength": 3},
    "email": {"minLength": 3},
    "idn-email": {"minLength": 3},
    "hostname": {"minLength": 1, "maxLength": 253},
    "idn-hostname": {"minLength": 1},
    "ipv4": {"minLength": 7, "maxLength": 15},
    "ipv6": {"minLength": 2, "maxLength": 45},
    "uri": {"minLength": 2},
    "uri-reference": {},
    "iri": {"minLength": 2},
    "iri-reference": {},
    "uuid": {"minLength": 36, "maxLength": 36},
    "uri-template": {},
    "json-pointer": {},
    "relative-json-pointer": {"minLength": 1},
    "regex": {},
}
"""What is certain of texts of the formats that JSON Schema defines (Validation 2020-12 section 7.3)."""
_OF: Mapping[str, Mapping[str, Any]] = {**_RANGES, **_TEXTS, **_ENCODED}
_WIDER: Mapping[str, tuple[str, ...]] = {
    "email": ("idn-email",),
    "hostname": ("idn-hostname",),
    "uri": ("uri-reference", "iri", "iri-reference"),
    "uri-reference": ("iri-reference",),
    "iri": ("iri-reference",),
}
"""Formats that all texts of another one have."""
_SAME: Mapping[str, str] = {"base64": "byte"}
"""What JSON Schema says by `contentEncoding`, and OpenAPI 3.0 by `format`."""
_NO_SCHEMAS = frozenset(("const", "enum", "default", "example", "examples", "discriminator"))

FORMATS = frozenset(_OF)
"""Formats that JSON Schema and OpenAPI define."""


def formats_of(schema: Mapping[str, Any]) -> tuple[str, ...]:
    """The formats that *schema* names by itself, however it says so."""
    encoding = schema.get("contentEncoding")
    named = encoding.lower() if isinstance(encoding, str) else None
    said = (schema.get("format"), _SAME.get(named or "", named))
    return tuple(name for name in said if isinstance(name, str))


def asks_more(name: str, others: tuple[str, ...]) -> bool:
    """Whether something that has the formats *others* may lack the format *name*."""
    return not any(name == other or name in _WIDER.get(other, ()) for other in others)


def limited(tree: Any) -> Any:
    """
    *tree* with the limits of its formats written out; pointers into it stay what they are.

    Only formats that validators know stay, for others would leave every containment in doubt.
    """
    if isinstance(tree, list):
        return [limited(part) for part in tree]
    if not isinstance(tree, dict):
        return tree
    made = {
        word: said if word in _NO_SCHEMAS or word.startswith("x-") else limited(said)
        for word, said in tree.items()
        if word != "format" or not isinstance(said, str) or said in _TEXTS
    }
    limits = [dict(_OF[name]) for name in formats_of(tree) if _OF.get(name)]
    if limits and isinstance(made.get("allOf", []), list):
        made["allOf"] = [*made.get("allOf", []), *limits]
    return made
