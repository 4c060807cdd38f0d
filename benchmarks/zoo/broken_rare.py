"""Servers that fail on few combinations, sizes or occasions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from benchmarks.zoo.app import App, Document, Request
from benchmarks.zoo.contract import fields
from benchmarks.zoo.variant import Family, Variant, ok

rare = Family("rare")


def _lost(
    name: str, defect: str, member: str, when: Callable[[Document], Any], **sent: Any
) -> Variant:
    """*member* is lost when *when* is true."""

    def change(document: Document) -> Document:
        return {n: v for n, v in document.items() if n != member} if when(document) else document

    return rare.keeps(name, defect, change, ok(**sent))


def _every(count: int, change: Callable[[Document], Any]) -> Callable[[App], None]:
    def install(app: App) -> None:
        def kept(inner: Any, document: Document, request: Request) -> Document:
            document = inner(document, request)
            return document if app.accepted % count else change(document)

        app.wrap("kept", kept)

    return install


def _fail(_: Document) -> Any:
    raise RuntimeError


def _has(*names: str) -> Callable[..., bool]:
    return lambda document, *_: all(name in document for name in names)


def _without_first(document: Document) -> Document:
    return dict([*document.items()][1:])


def _example() -> Document:
    values: dict[str, Any] = {"string": "x", "number": 1, "integer": 1, "boolean": True, "ids": [1]}
    return {
        f.name: values[f.kind]
        if f.kind in values
        else f.values[0]
        if f.kind == "enum"
        else [f.values[0]]
        for f in fields().values()
    }


def _longest(document: Document) -> int:
    return max((len(v) for v in document.values() if isinstance(v, str)), default=0)


RARE = [
    rare.fails(
        "pair-contact",
        "phone without e-mail",
        lambda d, _: "phone" in d and "email" not in d,
        ok(phone="1"),
    ),
    rare.fails(
        "pair-values",
        "two values that exclude each other",
        lambda d, _: d.get("reason") == "Duplicate" and d.get("processStatuses") == "Lost",
        ok(reason="Duplicate", processStatuses="Lost"),
    ),
    rare.fails(
        "pair-lists",
        "an empty list of trades while there are searches",
        lambda d, _: d.get("trade") == [] and d.get("searches"),
        ok(trade=[], searches=[1]),
    ),
    rare.fails(
        "pair-ids",
        "the same document as sales representative and customer",
        lambda d, _: "salesRep" in d and d["salesRep"] == d.get("customers"),
        ok(salesRep=5, customers=5),
    ),
    rare.fails(
        "pair-parameters",
        "a fallback without a locale",
        lambda _, q: "fallback-locale" in q and "locale" not in q,
        ok("fallback-locale=en"),
    ),
    rare.fails(
        "pair-depth",
        "a depth of zero with a locale",
        lambda _, q: "locale" in q and float(q.get("depth", 1)) == 0,
        ok("depth=0&locale=en"),
    ),
    rare.fails(
        "pair-depth-member",
        "populating a sales representative",
        lambda d, q: "salesRep" in d and float(q.get("depth", 0)) > 1,
        ok("depth=2", salesRep=3),
    ),
    _lost(
        "pair-flags",
        "two flags exclude each other",
        "testingCustomer",
        lambda d: d.get("contactValid") is False and d.get("testingCustomer") is True,
        contactValid=False,
        testingCustomer=True,
    ),
    _lost(
        "pair-style",
        "the style of a truck is lost beside that of a car",
        "truckStyle",
        _has("carStyle", "truckStyle"),
        carStyle=["sedan"],
        truckStyle=["crew"],
    ),
    _lost(
        "pair-empty",
        "a model is lost when the make is empty",
        "model",
        lambda d: d.get("make") == "",
        make="",
        model="x",
    ),
    _lost(
        "pair-times",
        "a createdAt without updatedAt is lost",
        "createdAt",
        lambda d: "createdAt" in d and "updatedAt" not in d,
        createdAt="x",
    ),
    _lost(
        "pair-city",
        "two cities are merged",
        "cfCity",
        lambda d: "city" in d and d.get("cfCity") != d["city"],
        city="A",
        cfCity="B",
    ),
    _lost(
        "pair-budget",
        "an end of the budget is lost if it equals the other",
        "budgetUpper",
        lambda d: "budgetLower" in d and d["budgetLower"] == d.get("budgetUpper"),
        budgetLower="1",
        budgetUpper="1",
    ),
    _lost(
        "triple-money",
        "three amounts at once",
        "cashDown",
        _has("budgetLower", "monthlyPayment", "cashDown"),
        budgetLower="1",
        monthlyPayment=1,
        cashDown=1,
    ),
    _lost(
        "triple-flags",
        "one combination of three flags",
        "emailAlerts",
        lambda d: (
            (d.get("subscribe"), d.get("emailOffers"), d.get("emailAlerts")) == (True, False, True)
        ),
        subscribe=True,
        emailOffers=False,
        emailAlerts=True,
    ),
    rare.fails(
        "triple-values",
        "three values that nobody tried together",
        lambda d, _: (
            d.get("bodyStyle") == ["wagon"]
            and "cvt" in d.get("transmission", ())
            and "all wheel drive" in d.get("drivetrain", ())
        ),
        ok(bodyStyle=["wagon"], transmission=["cvt"], drivetrain=["all wheel drive"]),
    ),
    rare.fails(
        "triple-members",
        "three documents at once",
        _has("salesRep", "customers", "latestEvent"),
        ok(salesRep=1, customers=2, latestEvent=3),
    ),
    rare.fails(
        "size-text",
        "a string of exactly 256 characters",
        lambda d, _: _longest(d) == 256,
        ok(notes="x" * 256),
    ),
    rare.fails(
        "size-body",
        "a lead of more than 64 KB",
        lambda d, _: sum(len(str(v)) for v in d.values()) > 2**16,
        ok(notes="x" * 33000, conversation="x" * 33000),
    ),
    rare.value(
        "size-list",
        "lists are cut at 100 items",
        lambda _, v: v[:100] if isinstance(v, list) else v,
        ok(calls=[*range(101)]),
    ),
    rare.fails(
        "size-members",
        "all members at once",
        lambda d, _: len(d) == len(fields()),
        ok(**_example()),
    ),
    rare.fails("size-one-empty", "a lead without members", lambda d, _: not d, ok()),
    rare.fails(
        "value-zero-text",
        "the string '0' is false",
        lambda d, _: d.get("preApprovalId") == "0",
        ok(preApprovalId="0"),
    ),
    rare.fails(
        "value-items",
        "every value of an enum in one list",
        lambda d, _: len(set(d.get("safety", ()))) == 9,
        ok(safety=list(fields()["safety"].values)),
    ),
    rare.with_app("every-50th", "every 50th lead fails", _every(50, _fail), *[ok()] * 50),
    rare.with_app(
        "every-97th",
        "every 97th lead loses a member",
        _every(97, _without_first),
        *[ok(notes="x")] * 97,
    ),
    rare.with_app(
        "every-7th",
        "every 7th lead has its strings cut",
        _every(7, lambda d: {n: v[:1] if isinstance(v, str) else v for n, v in d.items()}),
        *[ok(notes="xy")] * 7,
    ),
]
