"""Pairs of schemas whose formats differ, or whose other limits do beside a format; as `pairs_schemas`."""

from __future__ import annotations

from typing import Any

# fmt: off

TEXT = {"type": "string"}
WHOLE = {"type": "integer"}


def text(name: str, **more: Any) -> dict[str, Any]:
    """Texts of the format *name*."""
    return {**TEXT, "format": name, **more}


INT32 = {**WHOLE, "format": "int32"}
BASE64 = {**TEXT, "contentEncoding": "base64"}

FORMAT_PAIRS: list[tuple[str, Any, Any, Any, str, str]] = [
    # What has the format has the limit already, so nobody is told of it (RFC 9562, RFC 3339)
    ("a UUID is no longer than one", text("uuid"), text("uuid", maxLength=36), None, "", ""),
    ("a point in time is not empty", text("date-time"), text("date-time", minLength=1), None, "", ""),
    (
        "a UUID is shorter than any",
        text("uuid"), text("uuid", maxLength=35), "max-length-narrowed", "B", "N",
    ),
    ("32 bits have a limit", INT32, {**INT32, "maximum": 2147483647}, None, "", ""),
    (
        "32 bits are written as limits",
        INT32, {**WHOLE, "minimum": -2147483648, "maximum": 2147483647}, None, "", "",
    ),
    ("32 bits are fewer", INT32, {**INT32, "maximum": 2147483646}, "maximum-narrowed", "B", "N"),
    # Formats that are part of others (Validation section 7.3.2 to 7.3.5)
    ("an address of any script", text("email"), text("idn-email"), "format-widened", "N", "B"),
    ("an address of one script", text("idn-email"), text("email"), "format-narrowed", "B", "N"),
    ("a host of any script", text("hostname"), text("idn-hostname"), "format-widened", "N", "B"),
    ("a URI may be relative", text("uri"), text("uri-reference"), "format-widened", "N", "B"),
    ("a URI of any script", text("uri"), text("iri"), "format-widened", "N", "B"),
    ("a reference of any script", text("uri-reference"), text("iri-reference"), "format-widened", "N", "B"),
    # Bytes as text (OAS 3.0.4 section 4.4, Validation section 8.3)
    ("base64 is asked for", TEXT, text("byte"), "format-narrowed", "B", "N"),
    ("base64 is no longer asked for", text("byte"), TEXT, "format-widened", "N", "B"),
    ("base64 is said as OpenAPI 3.1 does", text("byte"), BASE64, None, "", ""),
    ("an encoding is asked for", TEXT, BASE64, "format-narrowed", "B", "N"),
    ("an encoding is no longer asked for", BASE64, TEXT, "format-widened", "N", "B"),
    ("another encoding", BASE64, {**TEXT, "contentEncoding": "base16"}, "format-changed", "B", "B"),
    (
        "an encoding that says nothing",
        TEXT, {**TEXT, "contentEncoding": "8bit"}, "format-annotation-changed", "N", "N",
    ),
    # What is encoded (Validation section 8.4): whoever reads it knows only what was named
    (
        "a media type is named",
        BASE64, {**BASE64, "contentMediaType": "image/png"}, "content-media-type-added", "B", "N",
    ),
    (
        "a media type is not named",
        {**BASE64, "contentMediaType": "image/png"}, BASE64, "content-media-type-removed", "N", "B",
    ),
    (
        "another media type",
        {**BASE64, "contentMediaType": "image/png"}, {**BASE64, "contentMediaType": "image/gif"},
        "content-media-type-changed", "B", "B",
    ),
    ("bytes of any kind", BASE64, {**BASE64, "contentMediaType": "application/octet-stream"}, None, "", ""),
]
