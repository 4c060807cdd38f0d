"""The exchanges of findings as an HTTP Archive (HAR 1.2), which browsers and proxies open."""

from __future__ import annotations

import base64
import io
from collections.abc import Sequence
from http import HTTPStatus
from http.cookies import CookieError, SimpleCookie
from importlib.metadata import version
from urllib.parse import parse_qsl, urlsplit

import harfile

from leadline_contracts.case import Exchange, Finding
from leadline_contracts.reproduction.secrets import request, written
from leadline_contracts.target.disclosed import Disclosed

_HTTP = "HTTP/1.1"


def archive(findings: Sequence[Finding], url: str, disclosed: Disclosed) -> str:
    """The exchanges of *findings* with the server at *url*, each with what it shows as its comment."""
    text = io.StringIO()
    creator = harfile.Creator(name="Leadline", version=version("leadline"))
    browser = harfile.Browser(name="Leadline", version=version("leadline"))
    with harfile.HarFile(text, creator=creator, browser=browser) as har:
        for number, finding in enumerate(findings, 1):
            breach = finding.breach
            title = f"finding {number}, {breach.rule}: {breach.message} ({breach.pointer})"
            for before in finding.before:
                _enter(har, before, url, disclosed, f"sent before the request of {title}")
            _enter(har, finding.exchange, url, disclosed, title)
    return text.getvalue() + "\n"


def _enter(
    har: harfile.HarFile, exchange: Exchange, url: str, disclosed: Disclosed, comment: str
) -> None:
    milliseconds = round(exchange.elapsed * 1000, 3)
    har.add_entry(
        startedDateTime=exchange.sent_at,
        time=milliseconds,
        request=_request(exchange, url, disclosed),
        response=_response(exchange),
        timings=harfile.Timings(send=0, wait=milliseconds, receive=0),
        comment=comment,
    )


def _request(exchange: Exchange, url: str, disclosed: Disclosed) -> harfile.Request:
    case = exchange.case
    sent = request(case, disclosed)
    address = url + written(sent.target)
    headers = [
        ("Host", urlsplit(url).netloc),
        *((name, written(text)) for name, text in sent.headers),
    ]
    if case.body is not None:
        headers.append(("Content-Length", str(len(case.body))))
    post = None
    if case.body is not None:
        text, encoding = body_text(case.body)
        post = harfile.PostData(mimeType=case.media_type, text=text, comment=encoding or None)
    query = parse_qsl(address.partition("?")[2], keep_blank_values=True)
    return harfile.Request(
        method=case.method,
        url=address,
        httpVersion=_HTTP,
        cookies=_cookies(headers, "cookie"),
        headers=_records(headers),
        queryString=_records(query),
        postData=post,
        bodySize=len(case.body or b""),
    )


def _response(exchange: Exchange) -> harfile.Response:
    text, encoding = body_text(exchange.body)
    content = harfile.Content(
        size=len(exchange.body),
        mimeType=exchange.header("content-type") or "",
        text=text,
        encoding=encoding or None,
    )
    return harfile.Response(
        status=exchange.status,
        statusText=_phrase(exchange.status),
        httpVersion=_HTTP,
        cookies=_cookies(exchange.headers, "set-cookie"),
        headers=_records(exchange.headers),
        content=content,
        redirectURL=exchange.header("location") or "",
        bodySize=len(exchange.body),
        comment=exchange.failure or None,
    )


def body_text(body: bytes) -> tuple[str, str]:
    """*body* as text, and how that is encoded: not at all where it is UTF-8, else `base64`."""
    try:
        return body.decode("utf-8"), ""
    except UnicodeDecodeError:
        return base64.b64encode(body).decode("ascii"), "base64"


def _records(pairs: Sequence[tuple[str, str]]) -> list[harfile.Record]:
    return [harfile.Record(name=name, value=value) for name, value in pairs]


def _cookies(headers: Sequence[tuple[str, str]], name: str) -> list[harfile.Cookie]:
    found: list[harfile.Cookie] = []
    for header, value in headers:
        if header.lower() == name:
            try:
                jar = SimpleCookie(value)
            except CookieError:
                continue
            found += [harfile.Cookie(name=one.key, value=one.value) for one in jar.values()]
    return found


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return ""
