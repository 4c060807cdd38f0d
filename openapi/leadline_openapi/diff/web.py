"""A document that is fetched from a URL, which somebody gave on purpose: bounded in size and time."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING
from urllib.parse import urlsplit, urlunsplit

from leadline_openapi.errors import Place, SpecError
from leadline_openapi.reading import MAX_BYTES

if TYPE_CHECKING:
    from urllib3 import HTTPResponse

_PATIENCE = 30
"""Seconds that a download may take."""
_SILENCE = 10
"""Seconds without a byte after which it is given up."""
_CHUNK = 65_536


def shown(url: str) -> str:
    """*url* as it may be told: without user, password, query and fragment, in which keys may be."""
    parts = urlsplit(url)
    host = parts.netloc.rpartition("@")[2]
    return urlunsplit((parts.scheme, host, parts.path, "", ""))


def fetched(url: str) -> tuple[bytes, bool]:
    """The document at *url*, and whether it is JSON. Raises `SpecError`."""
    import requests
    from urllib3.exceptions import HTTPError

    place = Place(shown(url))
    try:
        with requests.get(url, timeout=_SILENCE, stream=True) as answer:
            if answer.status_code != 200:
                raise SpecError(place, f"the server answered {answer.status_code}", "check the URL")
            kind = answer.headers.get("Content-Type", "")
            data = _read(answer.raw, place)
    except (requests.RequestException, HTTPError, ValueError) as error:
        raise SpecError(place, f"it cannot be fetched: {_reason(error)}", "check the URL") from None
    is_json = "json" in kind.lower() or urlsplit(url).path.lower().endswith(".json")
    return data, is_json


def _read(answer: HTTPResponse, place: Place) -> bytes:
    deadline = time.monotonic() + _PATIENCE
    data = bytearray()
    # What has come is taken as it comes: waiting for a whole chunk could last for ever.
    while chunk := answer.read1(_CHUNK, decode_content=True):
        data += chunk
        if len(data) > MAX_BYTES:
            raise SpecError(place, f"the document is larger than {MAX_BYTES:,} bytes")
        if time.monotonic() > deadline:
            raise SpecError(place, f"the document was not there after {_PATIENCE} s")
    return bytes(data)


def _reason(error: Exception) -> str:
    """Why, without the URL, which the texts of errors repeat."""
    names = {
        "ConnectTimeout": "no connection in time",
        "ReadTimeout": "no answer in time",
        "SSLError": "the certificate is not trusted",
        "ProxyError": "the proxy refuses",
        "ConnectionError": "no connection",
        "TooManyRedirects": "it is redirected too often",
        "ReadTimeoutError": "no answer in time",
        "ProtocolError": "the answer broke off",
        "DecodeError": "the answer is not compressed as it says",
        "InvalidSchema": "it leads to what is not http or https",
    }
    return names.get(type(error).__name__, f"the URL cannot be used ({type(error).__name__})")
