"""Bodies as tools record them: as text, in Base64, compressed, cut off, or not at all."""

from __future__ import annotations

import base64
import binascii
import zlib
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from leadline_contracts.target.access import MAX_ANSWER
from leadline_openapi import mediatype

Headers = tuple[tuple[str, str], ...]
_ABSENT = "is not in the recording"
_GZIP = b"\x1f\x8b"
_GZIP_WINDOW = 16 + zlib.MAX_WBITS
"""How gzip starts (RFC 1952), and what tells zlib to read it."""
_ZSTANDARD = b"\x28\xb5\x2f\xfd"


@dataclass(frozen=True, slots=True)
class Recorded:
    """The bytes of a body, empty where there is none; *unread* says why they are not known, or not whole."""

    content: bytes = field(default=b"", repr=False)
    unread: str = ""


def header(headers: Headers, name: str) -> str:
    """The value of the header *name*, empty where there is none."""
    return next((value for key, value in headers if key.lower() == name), "")


def sent(headers: Headers, post: Any, size: Any) -> Recorded:
    """The body of a request, from its `postData` and `bodySize`."""
    announced = _length(headers) > 0 or _number(size) > 0
    if not isinstance(post, dict):
        return Recorded(unread=_ABSENT) if announced else Recorded()
    text, name = post.get("text"), str(post.get("mimeType") or header(headers, "content-type"))
    kind = mediatype.parse(name)[0]
    if not text and isinstance(post.get("params"), list) and post["params"]:
        return (
            _encoded(_form(post["params"]), "")
            if "urlencoded" in kind
            else Recorded(unread=_ABSENT)
        )
    if not isinstance(text, str) or (not text and announced):
        return Recorded(unread=_elsewhere(post)) if announced or "_file" in post else Recorded()
    # HAR 1.2 has no `encoding` here, 1.3 has; Leadline says it in the comment.
    encoding = str(post.get("encoding") or post.get("comment") or "")
    return _encoded(text, encoding if encoding == "base64" else "")


def answered(headers: Headers, content: dict[str, Any], size: Any) -> Recorded:
    """The body of an answer, from its `content` and `bodySize`."""
    text, whole = content.get("text"), _number(content.get("size"))
    if not text or not isinstance(text, str):
        unknown = content.get("size") is None or whole != 0 or "_file" in content
        announced = _length(headers) > 0 or _number(size) > 0 or _is_untold(headers, text, size)
        return Recorded(unread=_elsewhere(content)) if unknown or announced else Recorded()
    found = _encoded(text, str(content.get("encoding") or ""))
    if found.unread:
        return found
    if len(found.content) < whole:
        return Recorded(
            found.content, f"is recorded cut off ({len(found.content):,} of {whole:,} bytes)"
        )
    return _unpacked(found.content, header(headers, "content-encoding"))


def _is_untold(headers: Headers, text: Any, size: Any) -> bool:
    """
    Whether an answer of a media type has no length anywhere, and no text.

    So Chrome writes what it did not keep, with a size of 0, when the page has changed meanwhile.
    """
    told = header(headers, "content-length") or text is not None or size == 0
    return not told and bool(header(headers, "content-type"))


def _form(params: list[Any]) -> str:
    """*params* of a `postData` as `application/x-www-form-urlencoded`."""
    return urlencode(
        [
            (str(one.get("name", "")), str(one.get("value") or ""))
            for one in params
            if isinstance(one, dict)
        ]
    )


def _elsewhere(content: dict[str, Any]) -> str:
    return "is in another file (`_file`)" if "_file" in content else _ABSENT


def _encoded(text: str, encoding: str) -> Recorded:
    if not encoding:
        try:
            return Recorded(text.encode("utf-8"))
        except UnicodeEncodeError:
            return Recorded(unread="is recorded with half a surrogate pair")
    if encoding != "base64":
        return Recorded(unread=f"is recorded as {encoding}")
    try:
        return Recorded(base64.b64decode(text, validate=True))
    except (binascii.Error, ValueError):
        return Recorded(unread="is recorded as broken Base64")


def _unpacked(content: bytes, coding: str) -> Recorded:
    """*content* as it was before it was compressed; most tools have done that already."""
    if coding and content.startswith(_GZIP):
        return _inflated(content, _GZIP_WINDOW)
    if content.startswith(_ZSTANDARD) or (coding and "br" in coding and not _is_text(content)):
        return Recorded(content, f"is recorded compressed ({coding or 'zstd'})")
    if coding == "deflate" and not _is_text(content):
        return _inflated(content, zlib.MAX_WBITS)
    return Recorded(content)


def _inflated(content: bytes, window: int) -> Recorded:
    reader = zlib.decompressobj(window)
    try:
        found = reader.decompress(content, MAX_ANSWER)
    except zlib.error:
        return Recorded(content, "is recorded compressed, and broken")
    whole = reader.eof and not reader.unconsumed_tail
    return Recorded(found, "" if whole else "is recorded compressed, and not whole")


def _is_text(content: bytes) -> bool:
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _length(headers: Headers) -> int:
    text = header(headers, "content-length")
    return int(text) if text.isascii() and text.isdigit() else 0


def _number(value: Any) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) else 0
