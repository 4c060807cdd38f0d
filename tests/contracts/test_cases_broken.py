"""Broken servers whose defect shows under few requests only: each is found, and told as what it is."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from typing import Any

import pytest

LEAD = "/components/schemas/Lead/properties/"
REQUEST = "/components/schemas/LeadRequest"
POST = "/paths/~1leads/post"
ANSWERS = f"{POST}/responses"
BODY = f"{POST}/requestBody"
JSON = f"{BODY}/content/application~1json"

Finding = tuple[str, str]
BROKEN: dict[str, tuple[Any, Finding]] = {}


def _enter(name: str, wrapper: Any, rule: str, pointer: str) -> None:
    BROKEN[name] = (wrapper, (rule, pointer))


def _echoes(change: Callable[[dict[str, Any]], dict[str, Any]]) -> Any:
    """A wrapper that lets *change* say which members come back otherwise."""

    def wrapper(request: Any, ask: Any) -> Any:
        answer = ask()
        if answer.accepted:
            answer.doc = {**answer.doc, **change(request.fields)}
        return answer

    return wrapper


def _refuses(bad: Callable[[Any], bool], status: int = 400) -> Any:
    """A wrapper that answers *status* to what *bad* says of a request that would be accepted."""

    def wrapper(request: Any, ask: Any) -> Any:
        answer = ask()
        if answer.accepted and bad(request):
            answer.refuse(status)
        return answer

    return wrapper


def _fails(bad: Callable[[Any], bool]) -> Any:
    """A wrapper that fails on what *bad* says of any request."""

    def wrapper(request: Any, ask: Any) -> Any:
        answer = ask()
        if answer.status != 401 and bad(request):
            answer.refuse(500)
        return answer

    return wrapper


def _takes(bad: Callable[[Any], bool]) -> Any:
    """A wrapper that accepts what *bad* says of a request."""
    return lambda request, ask: ask(lenient=bad(request) and request.key == "test-api-key")


def _reads(change: Callable[[bytes], bytes]) -> Any:
    """A wrapper that reads another body than was sent."""

    def wrapper(request: Any, ask: Any) -> Any:
        request.body = change(request.body)
        return ask()

    return wrapper


def _dies(bad: Callable[[Any], bool]) -> Any:
    """A wrapper that gives no answer to what *bad* says of a request."""

    def wrapper(request: Any, ask: Any) -> Any:
        if bad(request):
            raise RecursionError("too deep")
        return ask()

    return wrapper


def _texts(change: Callable[[str], str]) -> Any:
    return _echoes(
        lambda sent: {name: change(text) for name, text in sent.items() if isinstance(text, str)}
    )


def _wrapped(number: float) -> float:
    """What is left of a whole number in 32 bits."""
    whole = isinstance(number, int) and abs(number) >= 2**31
    return (int(number) + 2**31) % 2**32 - 2**31 if whole else number


def _inside(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _items(request: Any, name: str) -> list[Any]:
    value = request.fields.get(name)
    return value if isinstance(value, list) else []


def _length(value: Any) -> int:
    return len(value) if isinstance(value, str) else 0


def _asked_with(method: str) -> Callable[[Any], bool]:
    return lambda request: request.environ["REQUEST_METHOD"] == method


# --- Values that are changed --------------------------------------------------------------------------------

_enter(
    "one_field_normalised",
    _echoes(
        lambda sent: {
            name: unicodedata.normalize("NFC", text)
            for name, text in sent.items()
            if name == "zipcode" and isinstance(text, str)
        }
    ),
    "echo",
    f"{LEAD}zipcode",
)
_enter(
    "one_field_without_what_is_invisible",
    _echoes(lambda sent: {"city": sent["city"].replace("\ufeff", "")} if "city" in sent else {}),
    "echo",
    f"{LEAD}city",
)
_enter(
    "one_field_escaped",
    _echoes(lambda sent: {"notes": sent["notes"].replace("<", "&lt;")} if "notes" in sent else {}),
    "echo",
    f"{LEAD}notes",
)
_enter(
    "32_bits",
    _echoes(
        lambda sent: (
            {"monthlyPayment": _wrapped(sent["monthlyPayment"])} if "monthlyPayment" in sent else {}
        )
    ),
    "echo",
    f"{LEAD}monthlyPayment",
)
_enter(
    "two_decimals",
    _echoes(lambda sent: {"cashDown": round(sent["cashDown"], 2)} if "cashDown" in sent else {}),
    "echo",
    f"{LEAD}cashDown",
)
_enter(
    "a_hundred_items",
    _echoes(lambda sent: {"exterior": sent["exterior"][:100]} if "exterior" in sent else {}),
    "echo",
    f"{LEAD}exterior",
)
_enter(
    "a_zero_in_quotes_is_nothing",
    _echoes(lambda sent: {"preApprovalId": None} if sent.get("preApprovalId") == "0" else {}),
    "echo",
    f"{LEAD}preApprovalId",
)
_enter(
    "changes_one_field_beside_another",
    _echoes(lambda sent: {"make": "?"} if "make" in sent and sent.get("newOrUsed") == "" else {}),
    "echo",
    f"{LEAD}make",
)

# --- What is refused, and what should be --------------------------------------------------------------------

_enter(
    "refuses_two_values_together",
    _refuses(
        lambda request: (
            request.fields.get("reason") == "Test"
            and request.fields.get("processStatuses") == "On Hold"
        )
    ),
    "rejects-valid",
    POST,
)
_enter(
    "refuses_three_parameters_together",
    _refuses(
        lambda request: (
            "depth=0" in request.query
            and "locale=&" in request.query + "&"
            and "fallback-locale=fallback-locale" in request.query
        )
    ),
    "rejects-valid",
    POST,
)
_enter(
    "refuses_more_than_4096_characters",
    _refuses(lambda request: _length(request.fields.get("city")) > 4096),
    "rejects-valid",
    f"{REQUEST}/properties/city",
)
_enter(
    "refuses_a_quoted_charset",
    _refuses(lambda request: '"' in request.environ.get("CONTENT_TYPE", ""), 415),
    "rejects-valid",
    f"{BODY}/content",
)
_enter(
    "refuses_a_number_in_scientific_notation",
    _refuses(lambda request: b'"cashDown":1e3' in request.body),
    "rejects-valid",
    f"{REQUEST}/properties/cashDown",
)
_enter(
    "takes_a_number_in_quotes",
    _takes(lambda request: request.fields.get("cashDown") == "7.5"),
    "accepts-invalid",
    f"{REQUEST}/properties/cashDown/type",
)
_enter(
    "takes_an_item_for_an_array",
    _takes(lambda request: isinstance(request.fields.get("searches"), int)),
    "accepts-invalid",
    f"{REQUEST}/properties/searches/type",
)
_enter(
    "takes_the_value_of_another_enum",
    _takes(lambda request: request.fields.get("processStatuses") == "Do Not Contact"),
    "accepts-invalid",
    "/components/schemas/ProcessStatus/enum",
)
_enter(
    "takes_the_values_of_a_related_enum",
    _takes(lambda request: request.fields.get("interior") in (["Orange"], ["Silver"], ["Gold"])),
    "accepts-invalid",
    "/components/schemas/InteriorColor/enum",
)
_enter(
    "takes_an_id_from_the_client",
    _takes(lambda request: set(request.fields) == {"id"}),
    "accepts-invalid",
    f"{REQUEST}/additionalProperties",
)
_enter(
    "takes_a_document_for_its_id",
    _takes(lambda request: set(_inside(request.fields.get("customers"))) == {"id"}),
    "accepts-invalid",
    "/components/schemas/DocumentId/type",
)
_enter(
    "takes_a_document_in_an_array_for_its_id",
    _takes(lambda request: any(set(_inside(item)) == {"id"} for item in _items(request, "calls"))),
    "accepts-invalid",
    "/components/schemas/DocumentId/type",
)
_enter(
    "takes_an_array_of_one_number",
    _takes(lambda request: len(_items(request, "year")) == 1),
    "accepts-invalid",
    f"{REQUEST}/properties/year/type",
)
_enter(
    "takes_yes_for_a_boolean",
    _takes(lambda request: request.fields.get("manual") == "yes"),
    "accepts-invalid",
    f"{REQUEST}/properties/manual/type",
)
_enter(
    "takes_false_in_quotes",
    _takes(lambda request: request.fields.get("manual") == "false"),
    "accepts-invalid",
    f"{REQUEST}/properties/manual/type",
)
_enter(
    "takes_the_empty_text_for_an_array",
    _takes(lambda request: request.fields.get("fuelType") == ""),
    "accepts-invalid",
    f"{REQUEST}/properties/fuelType/type",
)
_enter(
    "replaces_what_is_not_utf_8",
    _reads(lambda body: body.decode("utf-8", "replace").encode()),
    "accepts-invalid",
    JSON,
)
_enter(
    "takes_a_tab_in_a_text",
    _reads(lambda body: body.replace(b"a\tb", b"a\\tb")),
    "accepts-invalid",
    JSON,
)
_enter("takes_nan", _reads(lambda body: body.replace(b":NaN", b":0")), "accepts-invalid", JSON)
_enter(
    "takes_a_leading_zero",
    _reads(lambda body: body.replace(b":01,", b":1,").replace(b":01}", b":1}")),
    "accepts-invalid",
    JSON,
)
_enter(
    "takes_a_media_type_that_begins_alike",
    _takes(lambda request: request.environ.get("CONTENT_TYPE", "")[:17] == "application/jsonx"),
    "accepts-invalid",
    f"{BODY}/content",
)


def _compares_all_but_one(request: Any, ask: Any) -> Any:
    key = request.key or ""
    if len(key) == len("test-api-key") and key[:-1] == "test-api-ke":
        request.key = "test-api-key"
    return ask()


_enter(
    "compares_all_but_one",
    _compares_all_but_one,
    "credentials",
    "/components/securitySchemes/apiKey",
)

# --- What makes it fail -------------------------------------------------------------------------------------

_enter(
    "500_on_a_byte_order_mark",
    _fails(lambda request: request.body.startswith(b"\xef\xbb\xbf")),
    "server-error",
    ANSWERS,
)
_enter(
    "500_on_utf_16", _fails(lambda request: b"\x00n\x00" in request.body), "server-error", ANSWERS
)
_enter(
    "500_on_nul_in_one_field",
    _fails(lambda request: "\0" in str(request.fields.get("phone"))),
    "server-error",
    ANSWERS,
)
_enter(
    "500_beyond_64_bits",
    _fails(
        lambda request: (
            isinstance(number := request.fields.get("latestEvent"), int) and number >= 2**63
        )
    ),
    "server-error",
    ANSWERS,
)
_enter(
    "500_on_a_parameter_given_twice",
    _fails(lambda request: request.query == "locale=1&locale=2"),
    "server-error",
    ANSWERS,
)
_enter(
    "no_answer_to_deep_nesting",
    _dies(lambda request: request.body.count(b"[") >= 600 and len(request.body) < 10_000),
    "no-answer",
    ANSWERS,
)
_enter(
    "500_on_256_characters",
    _fails(lambda request: any(_length(one) == 256 for one in request.fields.values())),
    "server-error",
    ANSWERS,
)
_enter(
    "500_beyond_65535_characters",
    _fails(lambda request: any(_length(one) > 65_535 for one in request.fields.values())),
    "server-error",
    ANSWERS,
)
_enter("no_answer_to_options", _dies(_asked_with("OPTIONS")), "no-answer", ANSWERS)
_enter("500_on_head", _fails(_asked_with("HEAD")), "server-error", ANSWERS)
_enter(
    "no_answer_to_a_large_body",
    _dies(lambda request: len(request.body) > 400_000),
    "no-answer",
    ANSWERS,
)


@pytest.mark.parametrize("name", BROKEN)
def test_a_rare_defect_is_found(name: str, served: Any, check: Any) -> None:
    """A server that fails few requests only gives the one finding that its defect is."""
    wrapper, expected = BROKEN[name]
    report = check(served(wrapper))

    found = [(one.breach.rule, one.breach.pointer) for one in report.findings]
    assert (report.verdict, found) == ("broken", [expected]), [
        (one.breach, one.exchange.case.id) for one in report.findings
    ]
