"""Broken servers: each has one defect, and the suite tells it as one finding."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from tests.contracts.conftest import doc_changed, member_changed

LEAD = "/components/schemas/Lead/properties/"
REQUEST = "/components/schemas/LeadRequest"
ANSWERS = "/paths/~1leads/post/responses"
BODY = "/paths/~1leads/post/requestBody"
JSON = f"{BODY}/content/application~1json"
KEY = "/components/securitySchemes/apiKey"

BROKEN: dict[str, tuple[Any, set[tuple[str, str]]]] = {}


def broken(*expected: tuple[str, str]) -> Callable[[Any], Any]:
    """Enter a wrapper with the findings that it must give: rule and pointer."""

    def enter(wrapper: Any) -> Any:
        BROKEN[wrapper.__name__] = (wrapper, set(expected))
        return wrapper

    return enter


# --- The answer as a whole ---------------------------------------------------------------------------------


@broken(("status", ANSWERS))
def wrong_status(_: Any, ask: Any) -> Any:
    answer = ask()
    if answer.accepted:
        answer.status = 201
    return answer


@broken(("status", ANSWERS))
def undocumented_refusal(_: Any, ask: Any) -> Any:
    answer = ask()
    if answer.status == 400:
        answer.status = 422
    return answer


@broken(("status", ANSWERS))
def redirects(_: Any, ask: Any) -> Any:
    answer = ask()
    answer.status, answer.body = 302, b""
    answer.headers = [("Location", "/api/leads")]
    return answer


@broken(("media-type", f"{ANSWERS}/200/content"))
def wrong_media_type(_: Any, ask: Any) -> Any:
    answer = ask()
    if answer.accepted:
        answer.headers = [("Content-Type", "text/html")]
    return answer


@broken(("media-type", f"{ANSWERS}/200/content/application~1json"))
def malformed_answer(_: Any, ask: Any) -> Any:
    answer = ask()
    if answer.accepted:
        answer.body = answer.body[:-1] + b",}"
    return answer


@broken(("media-type", f"{ANSWERS}/200/content/application~1json"))
def empty_answer(_: Any, ask: Any) -> Any:
    answer = ask()
    if answer.accepted:
        answer.body = b""
    return answer


@broken(("schema", "/components/schemas/LeadConfirmation/required"))
def no_message(_: Any, ask: Any) -> Any:
    answer = ask()
    if answer.accepted:
        answer.value = {"doc": answer.doc}
    return answer


@broken(("schema", "/components/schemas/Errors/required"))
def other_error_shape(_: Any, ask: Any) -> Any:
    answer = ask()
    if answer.status == 400:
        answer.value = {"error": "bad request"}
    return answer


# --- What is echoed ----------------------------------------------------------------------------------------


def _enter(name: str, wrapper: Any, *expected: tuple[str, str]) -> None:
    BROKEN[name] = (wrapper, set(expected))


def _swap(first: str, second: str) -> Any:
    def edit(_: Any, doc: dict[str, Any]) -> None:
        values = {first: doc.pop(second, None), second: doc.pop(first, None)}
        doc.update({name: value for name, value in values.items() if value is not None})

    return doc_changed(edit)


def _all_arrays(change: Callable[[list[Any]], list[Any]]) -> Any:
    def edit(_: Any, doc: dict[str, Any]) -> None:
        doc.update({name: change(value) for name, value in doc.items() if isinstance(value, list)})

    return doc_changed(edit)


def _all_texts(change: Callable[[str], Any]) -> Any:
    def edit(sent: Any, doc: dict[str, Any]) -> None:
        doc.update({name: change(value) for name, value in sent.items() if isinstance(value, str)})

    return doc_changed(edit)


_enter(
    "dropped_field",
    doc_changed(lambda _, doc: doc.pop("firstName", None)),
    ("echo", f"{LEAD}firstName"),
)
_enter(
    "four_dropped_fields",
    doc_changed(lambda _, doc: [doc.pop(name, None) for name in ("make", "model", "trim", "year")]),
    ("echo", f"{LEAD}year"),
)
_enter(
    "changed_value",
    member_changed("yearLower", lambda year: year + 1),
    ("echo", f"{LEAD}yearLower"),
)
_enter(
    "retyped_value", member_changed("monthlyPayment", str), ("schema", f"{LEAD}monthlyPayment/type")
)
_enter("text_cut_off", member_changed("notes", lambda text: text[:255]), ("echo", f"{LEAD}notes"))
_enter("text_trimmed", member_changed("email", str.strip), ("echo", f"{LEAD}email"))
_enter(
    "array_reversed",
    member_changed("exterior", lambda items: items[::-1]),
    ("echo", f"{LEAD}exterior"),
)
_enter(
    "array_without_duplicates",
    member_changed("searches", lambda items: list({str(one): one for one in items}.values())),
    ("echo", f"{LEAD}searches"),
)
_enter("null_instead", member_changed("salesRep", lambda _: None), ("echo", f"{LEAD}salesRep"))
_enter("two_fields_swapped", _swap("firstName", "lastName"), ("echo", f"{LEAD}firstName"))
_enter(
    "invented_value",
    doc_changed(lambda _, doc: doc.setdefault("notes", "n/a")),
    ("echo", f"{LEAD}notes"),
)
_enter(
    "every_array_sorted",
    _all_arrays(lambda items: sorted(items, key=str)),
    ("echo", f"{LEAD}truckStyle"),
)
# Why three: where there is an enum, the answer breaks its schema; elsewhere it only breaks the echo.
_enter(
    "every_text_lower",
    _all_texts(str.lower),
    ("echo", f"{LEAD}call"),
    ("schema", "/components/schemas/Reason/enum"),
)


def _leaking() -> Any:
    last: dict[str, Any] = {}

    def edit(sent: dict[str, Any], doc: dict[str, Any]) -> None:
        times = {"createdAt", "updatedAt"}
        leaked = {name: value for name, value in last.items() if name not in {*sent, *times}}
        last.clear()
        last.update(sent)
        doc.update(leaked)

    return doc_changed(edit)


# --- What the server assigns -------------------------------------------------------------------------------

_enter(
    "same_id_twice",
    doc_changed(lambda _, doc: doc.update(id=7)),
    ("server-value", f"{LEAD}id/x-server-value"),
)
_enter(
    "empty_id",
    doc_changed(lambda _, doc: doc.update(id="")),
    ("server-value", f"{LEAD}id/x-server-value"),
)
_enter(
    "no_id",
    doc_changed(lambda _, doc: doc.pop("id")),
    ("schema", "/components/schemas/Lead/required"),
)


def _clock(change: Callable[[datetime], str]) -> Any:
    def edit(sent: dict[str, Any], doc: dict[str, Any]) -> None:
        if "updatedAt" not in sent:
            doc["updatedAt"] = change(datetime.fromisoformat(doc["updatedAt"]))

    return doc_changed(edit)


_enter(
    "an_hour_late",
    _clock(lambda time: (time + timedelta(hours=1)).isoformat()),
    ("server-value", f"{LEAD}updatedAt/x-server-value"),
)
_enter("no_rfc_3339", _clock(datetime.ctime), ("server-value", f"{LEAD}updatedAt/x-server-value"))


def _backwards() -> Any:
    counter = iter(range(10**6))
    return _clock(
        lambda time: (time + timedelta(seconds=1 if next(counter) % 2 else 3)).isoformat()
    )


def _created_later(sent: dict[str, Any], doc: dict[str, Any]) -> None:
    if "createdAt" not in sent:
        time = datetime.fromisoformat(doc["createdAt"])
        doc["createdAt"] = (time + timedelta(seconds=2)).isoformat()


_enter(
    "invariant_broken",
    doc_changed(_created_later),
    ("invariant", "/paths/~1leads/post/x-invariants/0"),
)

# --- What is accepted, and what is not ---------------------------------------------------------------------


def _takes(bad: Callable[[Any], bool]) -> Any:
    """A wrapper that accepts what *bad* says of a request."""
    return lambda request, ask: ask(lenient=bad(request) and request.key == "test-api-key")


def _opens(fits: Callable[[str], bool]) -> Any:
    """A wrapper that lets in whoever has a key that *fits*."""

    def wrapper(request: Any, ask: Any) -> Any:
        if fits(request.key or ""):
            request.key = "test-api-key"
        return ask()

    return wrapper


def _fails(bad: Callable[[Any], bool], status: int) -> Any:
    """A wrapper that answers *status* to what *bad* says of a request that would be accepted."""

    def wrapper(request: Any, ask: Any) -> Any:
        answer = ask()
        if answer.accepted and bad(request):
            answer.refuse(status)
        return answer

    return wrapper


_enter(
    "unchecked_enum",
    _takes(lambda request: isinstance(request.fields.get("reason"), str)),
    ("accepts-invalid", "/components/schemas/Reason/enum"),
)
_enter(
    "enum_in_any_case",
    _takes(lambda request: str(request.fields.get("reason")).lower() == "duplicate"),
    ("accepts-invalid", "/components/schemas/Reason/enum"),
)
_enter(
    "accepts_null",
    _takes(lambda request: "notes" in request.fields and request.fields["notes"] is None),
    ("accepts-invalid", f"{REQUEST}/properties/notes/type"),
)
_enter(
    "accepts_unknown_member",
    _takes(lambda request: set(request.fields) == {"leadlineUnknown"}),
    ("accepts-invalid", f"{REQUEST}/additionalProperties"),
)
_enter(
    "unchecked_last_item",
    _takes(
        lambda request: (
            isinstance(items := request.fields.get("bodyStyle"), list)
            and len(items) > 1
            and not isinstance(items[-1], str)
        )
    ),
    ("accepts-invalid", "/components/schemas/BodyStyle/type"),
)
_enter(
    "unchecked_depth",
    _takes(lambda request: "depth=" in request.query),
    ("accepts-invalid", "/components/parameters/Depth/schema/type"),
)
_enter(
    "accepts_text_plain",
    _takes(lambda request: request.environ.get("CONTENT_TYPE") == "text/plain"),
    ("accepts-invalid", f"{BODY}/content"),
)
_enter(
    "accepts_no_body",
    _takes(lambda request: not request.body),
    ("accepts-invalid", f"{BODY}/required"),
)
_enter("no_key_needed", _opens(lambda key: key == ""), ("credentials", KEY))
_enter("key_with_suffix", _opens(lambda key: key.startswith("test-api-key")), ("credentials", KEY))
_enter("key_with_prefix", _opens(lambda key: key.endswith("test-api-key")), ("credentials", KEY))
_enter("half_a_key", _opens("test-api-key".startswith), ("credentials", KEY))
_enter("key_in_any_case", _opens(lambda key: key.lower() == "test-api-key"), ("credentials", KEY))
_enter(
    "denied_with_400",
    lambda _, ask: _restated(ask(), 401, 400),
    ("status", ANSWERS),
)
_enter(
    "refuses_one_value",
    _fails(lambda request: request.fields.get("reason") == "Duplicate", 400),
    ("rejects-valid", "/components/schemas/Reason/enum"),
)
_enter(
    "refuses_a_whole_field",
    _fails(lambda request: "zipcode" in request.fields, 400),
    ("rejects-valid", f"{REQUEST}/properties/zipcode"),
)
_enter(
    "refuses_every_request",
    lambda _, ask: _restated(ask(), 200, 403),
    ("rejects-valid", "/paths/~1leads/post"),
)
_enter(
    "500_on_unicode",
    _fails(lambda request: not json.dumps(request.value, ensure_ascii=False).isascii(), 500),
    ("server-error", ANSWERS),
)
_enter(
    "500_on_empty_text",
    _fails(lambda request: "" in request.fields.values(), 500),
    ("server-error", ANSWERS),
)
_enter(
    "400_on_unicode",
    _fails(lambda request: not json.dumps(request.value, ensure_ascii=False).isascii(), 400),
    ("rejects-valid", f"{REQUEST}/properties/city"),
)


def _restated(answer: Any, status: int, other: int) -> Any:
    if answer.status == status:
        answer.refuse(other)
    return answer


def _lenient_reader(request: Any, ask: Any) -> Any:
    """A reader that forgives a trailing comma."""
    request.body = re.sub(rb",\s*}", b"}", request.body)
    return ask()


_enter("forgives_trailing_comma", _lenient_reader, ("accepts-invalid", JSON))


def _raises(request: Any, ask: Any) -> Any:
    if request.fields.get("subscribe") is True:
        raise ZeroDivisionError("division by zero")
    return ask()


_enter("raises", _raises, ("no-answer", ANSWERS))
_STATEFUL = {"leaks_the_last_request": _leaking, "clock_goes_back": _backwards}
_enter("leaks_the_last_request", None, ("echo", ""))
_enter("clock_goes_back", None, ("server-value", f"{LEAD}updatedAt/x-server-value"))


@pytest.mark.parametrize("name", BROKEN)
def test_one_defect_is_one_finding(name: str, served: Any, check: Any) -> None:
    """A broken server gives exactly the findings that its defect is, each with a case that shows it."""
    wrapper, expected = BROKEN[name]
    report = check(served(_STATEFUL[name]() if name in _STATEFUL else wrapper))

    found = [
        (one.breach.rule, "" if one.breach.when else one.breach.pointer) for one in report.findings
    ]
    assert (report.verdict, sorted(found)) == ("broken", sorted(expected)), [
        (one.breach, one.count, one.exchange.case.id) for one in report.findings
    ]
