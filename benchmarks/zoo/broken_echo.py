"""Servers that lose or change what was sent."""

from __future__ import annotations

import html
import re
import struct
import unicodedata
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from benchmarks.zoo.app import Document
from benchmarks.zoo.contract import of_kind
from benchmarks.zoo.variant import Family, Variant, ok

echo = Family("echo")


def _text(
    name: str, defect: str, change: Callable[[str], Any], *members: str, **sent: Any
) -> Variant:
    """Strings, of *members* alone if there are any, are stored as *change* of them."""

    def changed(member: str, value: Any) -> Any:
        chosen = member in (members or of_kind("string"))
        return change(value) if chosen and isinstance(value, str) else value

    return echo.value(name, defect, changed, ok(**sent))


def _number(
    name: str, defect: str, change: Callable[[Any], Any], *kinds: str, **sent: Any
) -> Variant:
    """Numbers of these *kinds* are stored as *change* of them."""

    def changed(member: str, value: Any) -> Any:
        return change(value) if member in of_kind(*kinds or ["number"]) else value

    return echo.value(name, defect, changed, ok(**sent))


def _list(
    name: str, defect: str, change: Callable[[list[Any]], Any], *kinds: str, **sent: Any
) -> Variant:
    """Lists of these *kinds* are stored as *change* of them."""

    def changed(member: str, value: Any) -> Any:
        return change(value) if member in of_kind(*kinds or ["enums", "ids"]) else value

    return echo.value(name, defect, changed, ok(**sent))


def _swapped(one: str, other: str) -> Callable[[Document], Document]:
    names = {one: other, other: one}
    return lambda document: {names.get(n, n): v for n, v in document.items()}


def _copied(source: str, target: str) -> Callable[[Document], Document]:
    return lambda d: d | {target: d[source]} if source in d and target in d else d


def _int32(value: Any) -> Any:
    return (value + 2**31) % 2**32 - 2**31 if isinstance(value, int) else value


def _int64(value: Any) -> Any:
    return min(max(value, -(2**63)), 2**63 - 1) if isinstance(value, int) else value


def _single(value: Any) -> Any:
    """A number after it was a column of 32-bit floats."""
    if isinstance(value, bool) or abs(value) > 3e38:
        return value
    return struct.unpack("f", struct.pack("f", value))[0]


def _double(value: Any) -> Any:
    return value if isinstance(value, Decimal) or abs(value) > 1e308 else int(float(value))


def _rounded(value: Any) -> Any:
    return value if isinstance(value, Decimal) else round(value, 2)


def _ordered(document: Document) -> Document:
    low, high = document.get("mileageLower", 0), document.get("mileageUpper", 0)
    crossed = {"mileageLower", "mileageUpper"} <= set(document) and low > high
    return document | {"mileageLower": high, "mileageUpper": low} if crossed else document


def _canonical(value: list[Any]) -> list[Any]:
    first: dict[Any, Any] = {}
    return [first.setdefault(str(v).lower(), v) for v in ["ASAP", "Asap", *value]][2:]


def _own_times(*names: str) -> Callable[[Document], Document]:
    return lambda document: {n: v for n, v in document.items() if n not in names}


ECHO = [
    _text("text-255", "strings are cut at 255 characters", lambda v: v[:255], notes="x" * 300),
    _text(
        "text-64",
        "one string is cut at 64 characters",
        lambda v: v[:64],
        "makeAndModel",
        makeAndModel="x" * 65,
    ),
    _text("text-trimmed", "strings are trimmed", str.strip, notes=" x "),
    _text(
        "text-composed",
        "strings are normalised to NFC",
        lambda v: unicodedata.normalize("NFC", v),
        city="Zu\u0308rich",
    ),
    _text(
        "text-astral",
        "characters beyond the BMP are dropped",
        lambda v: re.sub("[\U00010000-\U0010ffff]", "", v),
        notes="a😀b",
    ),
    _text(
        "text-ascii",
        "non-ASCII characters become question marks",
        lambda v: v.encode("ascii", "replace").decode(),
        "lastName",
        lastName="Müller",
    ),
    _text(
        "text-latin1",
        "UTF-8 is read as Latin-1",
        lambda v: v.encode("utf-8", "surrogatepass").decode("latin-1"),
        "estimatedAddress",
        estimatedAddress="Straße",
    ),
    _text("text-escaped", "strings are escaped for HTML", html.escape, conversation="a < b & c"),
    _text(
        "text-tags",
        "tags are taken out",
        lambda v: re.sub("<[^>]*>", "", v),
        "conversation",
        conversation="<b>x</b>",
    ),
    _text(
        "text-lines", "line ends are normalised", lambda v: v.replace("\r\n", "\n"), notes="a\r\nb"
    ),
    _text(
        "text-controls",
        "control characters are taken out",
        lambda v: re.sub("[\0-\x08]", "", v),
        "notes",
        notes="a\0b",
    ),
    _text(
        "text-spaces",
        "double spaces become one",
        lambda v: re.sub(" +", " ", v),
        "statusTracker",
        statusTracker="a  b",
    ),
    _text(
        "text-bidi",
        "invisible characters are taken out",
        lambda v: re.sub("[\u200b-\u200f\u202a-\u202e]", "", v),
        notes="a\u200fb\u202e",
    ),
    _text(
        "text-backslash",
        "backslashes are doubled",
        lambda v: v.replace("\\", "\\\\"),
        "model",
        model="a\\b",
    ),
    _text("text-empty", "empty strings are stored as null", lambda v: v or None, trim=""),
    _text(
        "text-null",
        "'null' is taken for null",
        lambda v: None if v == "null" else v,
        lastName="null",
    ),
    _text(
        "email-lower",
        "e-mail addresses are written in lower case",
        str.lower,
        "email",
        "loginEmail",
        email="Ann@Example.ORG",
    ),
    _text(
        "phone-digits",
        "phone numbers keep their digits only",
        lambda v: re.sub("[^0-9+]", "", v),
        "phone",
        phone="(555) 010-9999",
    ),
    _text(
        "zip-number",
        "ZIP codes go through a number",
        lambda v: str(int(v)) if v.isascii() and v.isdigit() else v,
        "zipcode",
        zipcode="01234",
    ),
    _text("state-upper", "the state is written in upper case", str.upper, "state", state="Ohio"),
    _text("name-title", "names are capitalised", str.title, "firstName", firstName="ann"),
    _number("number-int32", "numbers wrap at 2^31", _int32, year=2**31),
    _number("number-int64", "ids are capped at 2^63", _int64, "integer", salesRep=2**63),
    _number("number-single", "numbers have 32 bits", _single, cashDown=16777217),
    _number(
        "number-double",
        "ids lose what a float cannot hold",
        _double,
        "integer",
        customers=2**53 + 1,
    ),
    _number("number-cents", "numbers are rounded to cents", _rounded, monthlyPayment=0.125),
    _number("number-abs", "the sign is lost", abs, cashDown=-1),
    _list("list-sorted", "lists are sorted", sorted, "enums", bodyStyle=["van", "car"]),
    _list("list-set", "duplicates are dropped", lambda v: list(dict.fromkeys(v)), calls=[1, 1]),
    _list("list-reversed", "lists come back in reverse", lambda v: v[::-1], "ids", messages=[1, 2]),
    _list(
        "list-first",
        "only the first three items are stored",
        lambda v: v[:3],
        vdpEmails=[1, 2, 3, 4],
    ),
    _list("list-empty", "empty lists are stored as null", lambda v: v or None, trade=[]),
    _list(
        "list-last",
        "the last of several items is lost",
        lambda v: v[: max(1, len(v) - 1)],
        "ids",
        favorites=[1, 2],
    ),
    echo.value(
        "list-canonical",
        "values that differ in case are merged",
        lambda n, v: _canonical(v) if n == "timeToPurchase" else v,
        ok(timeToPurchase=["asap"]),
    ),
    echo.without(
        "lost-zero",
        "zero counts as missing",
        lambda _, v: v == 0 and not isinstance(v, bool),
        ok(cashDown=0),
    ),
    echo.without("lost-false", "false counts as missing", lambda _, v: v is False, ok(agree=False)),
    echo.without("lost-text", "empty strings count as missing", lambda _, v: v == "", ok(notes="")),
    echo.without(
        "lost-member", "one member is forgotten", lambda n, _: n == "cfState", ok(cfState="x")
    ),
    echo.without(
        "lost-value",
        "one value of an enum is not stored",
        lambda _, v: v == "Looking For Listings",
        ok(reason="Looking For Listings"),
    ),
    echo.keeps(
        "swapped-names",
        "first and last name are swapped",
        _swapped("firstName", "lastName"),
        ok(firstName="A", lastName="B"),
    ),
    echo.keeps(
        "swapped-budget",
        "the ends of the budget are swapped",
        _swapped("budgetLower", "budgetUpper"),
        ok(budgetLower="1"),
    ),
    echo.keeps(
        "swapped-flags",
        "two notifications are swapped",
        _swapped("emailAlerts", "emailOffers"),
        ok(emailAlerts=True, emailOffers=False),
    ),
    echo.keeps(
        "copied",
        "the login e-mail address is overwritten",
        _copied("email", "loginEmail"),
        ok(email="a", loginEmail="b"),
    ),
    echo.keeps(
        "ordered", "crossed mileages are put in order", _ordered, ok(mileageLower=2, mileageUpper=1)
    ),
    echo.keeps(
        "own-created",
        "createdAt is always the server's",
        _own_times("createdAt"),
        ok(createdAt="2020-01-01T00:00:00Z"),
    ),
    echo.keeps(
        "own-updated",
        "updatedAt is always the server's",
        _own_times("updatedAt"),
        ok(updatedAt="x"),
    ),
    echo.value(
        "flag-true",
        "one boolean is stored as true",
        lambda n, v: True if n == "manual" else v,
        ok(manual=False),
    ),
]
