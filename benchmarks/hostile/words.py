"""What hostile requests are made of: tokens, names and values, of which some are right and most are odd."""

from __future__ import annotations

from benchmarks.hostile.bodies import parts

METHODS = b"GET HEAD POST PUT PATCH DELETE OPTIONS TRACE QUERY PROPFIND PURGE LOCK M-SEARCH".split()
NAMES = (
    b"Accept Accept-Encoding Accept-Language Access-Control-Request-Headers Access-Control-Request-Method"
    b" Authorization Cache-Control Connection Content-Encoding Content-Language Content-Type Cookie Expect"
    b" Forwarded From If-Match If-Modified-Since If-None-Match If-Range Max-Forwards Origin Prefer Range"
    b" Referer TE Trailer Upgrade User-Agent Via X-Forwarded-For X-HTTP-Method-Override Leadline-Run"
    b" Leadline-Violations Proxy-Authorization Keep-Alive HTTP2-Settings"
).split()
VALUES = (
    *parts(
        b'gzip;q=0|*;q=|,,,;;;===|identity|text/html|application/json|no-cache|bytes=0-,-5|W/"x"|*'
    ),
    *parts(
        b'a=b; c="d|Basic Og==|Bearer |users API-Key test-api-key|100-continue|close, keep-alive'
    ),
    *parts(
        b"h2c|websocket|chunked|null|http://[::1|127.0.0.1, ::1|-1|99999999999999999999|NaN|%00|%0d%0a"
    ),
    *parts(b"{{7*7}}|${jndi:ldap://x}|() { :;};|../../etc/passwd|<script>|' or 1=1 --|__proto__"),
)
FAULTS = (
    *parts(
        b"none|status=503|status=599;retry-after=1|malformed|drip=0.05|delay=1|delay=p50=1,p99=2"
    ),
    *parts(b"status=abc|status=99|status=503;status=504|rate=2|rate=0;reset|delay=-1|delay=1e999"),
    *parts(b"drip=inf|hang;delay=5|hang=1|reset;truncate|;;;|=|status=|statuss=500|retry-after=5"),
)
PREFER = (
    *parts(
        b'code=200|code=404|code=999|code=abc|code=|code|example=documented|example=nope|example="a'
    ),
    *parts(
        b'dynamic=true|dynamic=maybe|dynamic|dynamic=true, code=200|respond-async, wait=10|,,,|=|"'
    ),
    *parts(b'code=200;x="\\"|dynamic=true;dynamic=false|CODE=200|code="200"|example=\xff'),
)
PATHS = (
    *parts(
        b"/|//|/api|/api/|/api/leads/|/api//leads|/api/leads/1|/API/LEADS|/api/lead|/api%2fleads"
    ),
    *parts(
        b"/api/leads%00|/api/leads%ff|/api/leads%|/api/leads%zz|/api/./leads|/api/../api/leads|/%2e%2e/"
    ),
    *parts(
        b"/api/leads;x=y|/api/leads#f|/api/leads?|/?|*|http://x/api/leads|https://x|http:///a|ftp://x/"
    ),
    *parts(
        b"/\\\\x|/a^`{|}~|/__leadline|/__leadline/|/__leadline/nope|/__leadline/requests/999999999999"
    ),
)
CONTROL = (
    *parts(
        b"GET health|GET requests|GET requests?run=|GET requests?limit=x&limit=y|GET requests/0"
    ),
    *parts(
        b"GET requests/-1|GET requests/1|GET faults|DELETE faults|DELETE faults?run=%00|POST reset"
    ),
    *parts(
        b"POST reset?run=x|POST verify|POST verify|POST verify|POST faults|PUT faults|PATCH verify"
    ),
)
QUERIES = (
    *parts(
        b"depth=2|depth=|depth|depth=1&depth=2|depth=NaN|depth=1e999|depth=-1|depth=%ff|depth=%00"
    ),
    *parts(b"locale=de&fallback-locale=none|locale=%ed%a0%80|locale[]=a|locale[a]=b|&&&|===|;|%|+"),
)
TOKENS = (
    *parts(
        b"GET |POST |/api/leads| HTTP/1.1|HTTP/1.0|\r\n|\r\n\r\n|\n|\r|Host: x|Content-Length: 5"
    ),
    *parts(
        b"Transfer-Encoding: chunked|:| |\t|\0|5|0|chunked|{}|Connection: close|\xff|,|;|PRI * HTTP/2.0"
    ),
)
FRAMING = (
    *parts(
        b"Content-Length: 2|Content-Length: 5|Content-Length:|Content-Length: -1|Content-Length: 2,2"
    ),
    *parts(b"Content-Length : 2|Content-Length: +2|Content-Length: 0x2|Transfer-Encoding: chunked"),
    *parts(
        b"Transfer-Encoding: gzip, chunked|Transfer-Encoding: identity|Transfer-Encoding:\tchunked"
    ),
    *parts(
        b"Transfer_Encoding: chunked|Transfer-Encoding: chunked\x0b|Host: y|Host:|Expect: 100-continue"
    ),
    *parts(
        b" Folded: x|\tFolded: x|Connection: Upgrade\r\nUpgrade: h2c|Connection: close|X: a\r\n b"
    ),
)
ENDS = (
    b"{}",
    b"2\r\n{}\r\n0\r\n\r\n",
    b"0\r\n\r\n",
    b"2;x=y\r\n{}\r\n0\r\nT: v\r\n\r\n",
    b"",
    b"fffffffff\r\n",
)
TYPES = (
    *parts(
        b'application/json|application/json;charset=utf-16|application/json; charset="x|text/plain'
    ),
    *parts(
        b"text/json|application/merge-patch+json|multipart/form-data|multipart/form-data;boundary=x"
    ),
    *parts(
        b"application/x-www-form-urlencoded|application/xml|*/*|/|json|application/json, text/plain|"
    ),
    *parts(
        b"application/json;;;=|APPLICATION/JSON|application/octet-stream|text/plain;charset=rot13"
    ),
)
