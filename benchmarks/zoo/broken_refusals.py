"""Servers that refuse valid requests."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from benchmarks.zoo.contract import of_kind
from benchmarks.zoo.variant import Family, Step, ok, raw

strict = Family("rejects-valid")


def _text(*names: str) -> Callable[[Callable[[str], Any]], Callable[[str, Any], bool]]:
    return lambda wrong: (
        lambda n, v: isinstance(v, str) and (not names or n in names) and bool(wrong(v))
    )


def _crossed(inner: Any, document: Any) -> list[str]:
    errors: list[str] = inner(document)
    if not errors and document.get("yearLower", 0) > document.get("yearUpper", 1e9):
        return ["yearLower is above yearUpper"]
    return errors


def _lists(wrong: Callable[[list[Any]], Any]) -> Callable[[str, Any], bool]:
    return lambda _, v: isinstance(v, list) and bool(wrong(v))


def _number(name: str, wrong: Callable[[Any], Any]) -> Callable[[str, Any], bool]:
    return lambda n, v: n == name and isinstance(v, int | float) and bool(wrong(v))


REJECTS = [
    strict.refuses(
        "emoji",
        "characters beyond the BMP are refused",
        _text()(lambda v: max(v, default="") > "\uffff"),
        ok(firstName="😀"),
    ),
    strict.refuses(
        "apostrophe",
        "an apostrophe looks like an attack",
        _text("lastName")(lambda v: "'" in v),
        ok(lastName="O'Neil"),
    ),
    strict.refuses(
        "letters",
        "names are made of ASCII letters",
        _text("firstName", "lastName")(lambda v: not v.isascii()),
        ok(lastName="Müller"),
    ),
    strict.refuses(
        "email-format",
        "an undocumented format is demanded",
        _text("email")(lambda v: "@" not in v),
        ok(email="none"),
    ),
    strict.refuses(
        "zipcode-format",
        "ZIP codes have five digits",
        _text("zipcode")(lambda v: not re.fullmatch(r"\d{5}(-\d{4})?", v)),
        ok(zipcode="SW1A 1AA"),
    ),
    strict.refuses(
        "date-format",
        "completedDate has to be a date",
        _text("completedDate")(lambda v: not re.match(r"\d{4}-\d\d", v)),
        ok(completedDate="soon"),
    ),
    strict.refuses(
        "text-empty", "empty strings are refused", _text("notes")(lambda v: not v), ok(notes="")
    ),
    strict.refuses(
        "text-blank",
        "blank strings are refused",
        _text("city")(lambda v: v and not v.strip()),
        ok(city=" "),
    ),
    strict.refuses(
        "text-long",
        "a limit that is not documented",
        _text("notes")(lambda v: len(v) > 255),
        ok(notes="x" * 256),
    ),
    strict.refuses(
        "list-duplicates",
        "the same item twice is refused",
        _lists(lambda v: len(v) != len(set(map(str, v)))),
        ok(bodyStyle=["car", "car"]),
    ),
    strict.refuses("list-empty", "empty lists are refused", _lists(lambda v: not v), ok(trade=[])),
    strict.refuses(
        "list-long",
        "more than ten items are refused",
        _lists(lambda v: len(v) > 10),
        ok(calls=[*range(1, 12)]),
    ),
    strict.refuses(
        "number-negative",
        "negative amounts are refused",
        _number("cashDown", lambda v: v < 0),
        ok(cashDown=-1),
    ),
    strict.refuses(
        "number-fraction",
        "mileages have to be whole",
        _number("mileageLower", lambda v: v % 1),
        ok(mileageLower=0.5),
    ),
    strict.refuses(
        "number-zero",
        "zero counts as missing",
        _number("monthlyPayment", lambda v: v == 0),
        ok(monthlyPayment=0),
    ),
    strict.refuses(
        "id-int32",
        "ids have 32 bits",
        _number("latestEvent", lambda v: v >= 2**31),
        ok(latestEvent=2**31),
    ),
    strict.refuses(
        "id-as-float",
        "1.0 is not taken for an integer",
        lambda n, v: n in of_kind("integer") and isinstance(v, float),
        raw('{"salesRep": 1.0}', "accept"),
    ),
    strict.refuses(
        "enum-value-missing",
        "the last value of an enum is missing",
        lambda n, v: n == "reason" and v == "Bad Credit",
        ok(reason="Bad Credit"),
    ),
    strict.refuses(
        "enum-case-folded",
        "spellings that differ in case were merged",
        lambda n, v: n == "timeToPurchase" and "within 1-2 weeks" in v,
        ok(timeToPurchase=["within 1-2 weeks"]),
    ),
    strict(
        "years-crossed",
        "a rule between two fields that is not documented",
        "body_errors",
        _crossed,
        ok(yearLower=2020, yearUpper=2010),
    ),
    strict(
        "depth-fraction",
        "depth has to be whole",
        "depth_fits",
        lambda inner, v: inner(v) and float(v) % 1 == 0,
        ok("depth=1.5"),
    ),
    strict(
        "media-charset",
        "a charset parameter is refused",
        "media",
        lambda inner, v: inner(v) and ";" not in v,
        Step("accept", media="application/json; charset=utf-8"),
    ),
]
