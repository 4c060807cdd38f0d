"""Texts and numbers that servers get wrong: what is lost, changed, coerced or choked on, kind by kind."""

from __future__ import annotations

from typing import Any

from leadline_contracts.draft import Spelled

LONG = "".join(f"{number:04} " for number in range(220))
"""More than any column of 255 or 1,000 characters holds, and each part of it different."""

TEXTS: dict[str, tuple[str, ...]] = {
    "the empty text": ("",),
    "a text like a number or a word of JSON": (
        "00123",
        "1e3",
        "true",
        "null",
        "-0",
        "NaN",
        "0x1F",
        "[]",
        "1,5",
        "0",
    ),
    "white space": (" lead", "trail ", "two  spaces", "\ttab", "line\nbreak", "\r\n", " "),
    "punctuation, controls, markup and code": (
        "quotes \" and '",
        "back\\slash",
        "/a/../b",
        "%s %d {0} %41",
        "a&b=c;d,e",
        "\u0001\u001f\u007f",
        "<b>x</b> &amp;",
        "<script>alert(1)</script>",
        "' OR '1'='1",
        "__proto__",
        "$where",
        "{{7*7}}",
        "${x}",
    ),
    "composed letters": (
        "Zoë Ünïcødé",
        "\u00df \u0130 \u0131 \u0149",
        "日本語",
        "\uff26\uff55 \ufb01 \u00b2",
        "عربي",
    ),
    "decomposed letters": ("e\u0301te\u0301", "A\u030a", "\u1112\u1161\u11ab", "\u212b"),
    "beyond the first plane, or invisible": (
        "🚗",
        "\U0001d49c\U0001f469\u200d\U0001f467",
        "\u202eabc\u202c",
        "a\u200bb\ufeffc",
        "\u00a0no-break\u00a0",
        "\u2028",
    ),
    "a long text": (LONG,),
}
"""Texts that every server must take and give back, but for where the schema forbids them."""

WHOLE: dict[str, tuple[Any, ...]] = {
    "zero": (0,),
    "a negative number": (-1, -(2**31) - 1),
    "a large number": (2**31, 2**31 - 1, 2**32, 2**53 - 1),
}
FRACTIONS: dict[str, tuple[Any, ...]] = {
    "a number spelled otherwise": (Spelled("1.0"), Spelled("1e3"), Spelled("1E+2")),
    "a fraction": (0.5, 0.1, 1e-7, 0.3333333333333333, 1234.56, -0.25),
    "a huge, tiny or negative nothing": (
        Spelled("1e20"),
        1e308,
        1e-300,
        Spelled("-0.0"),
        Spelled("2.50"),
    ),
}
"""Numbers of every kind that IEEE 754 holds: servers agree on them (RFC 8259 section 6)."""

EITHER: dict[str, tuple[str, Any]] = {
    "a NUL character": ("string", "a\u0000b"),
    "2^53": ("integer", 2**53),
    "10^20": ("integer", 10**20),
}
"""
What some stores cannot hold, so that servers may refuse it: PostgreSQL has no NUL in its texts, and an
integer is 64 bits long in most languages, or 53 where every number is a double. Taken, it must come back.
"""

ANY: dict[str, tuple[str, Any]] = {
    "2^53 + 1": ("integer", 2**53 + 1),
    "2^63": ("integer", 2**63),
    "thirty digits": ("integer", 123456789012345678901234567890),
    "5,000 digits": ("integer", Spelled("9" * 5000)),
    "too large a number": ("number", Spelled("1e400")),
    "too small a number": ("number", Spelled("1e-400")),
    "too many digits": ("number", Spelled("0.10000000000000000555111512312578270211815")),
}
"""What is beyond interoperability (RFC 8259 section 6): rounded, replaced or refused, but no crash."""

UNPREDICTABLE: dict[str, tuple[str, Any]] = {"half a surrogate pair": ("string", "a\ud800b")}
"""What may even be a "fatal runtime exception" of a reader (RFC 8259 section 8.2)."""
