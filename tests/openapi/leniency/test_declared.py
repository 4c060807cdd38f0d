"""What `x-leniency` and the words about checks may say; the rest is an error with its place."""

from __future__ import annotations

from textwrap import indent
from typing import Any

import pytest
from tests.openapi.conftest import Load, Refuse

from leadline_openapi.contract import CHECKS, RateLimit
from leadline_openapi.leniency import Outcome
from leadline_openapi.parameters import ABSENT

SPEC = """\
openapi: 3.1.0
info: {title: Parcels, version: '1'}
paths:
  /parcels:
    post:
      parameters:
        - {name: box, in: query, schema: {type: integer}}
      requestBody:
        content: {application/json: {schema: {$ref: '#/components/schemas/Parcel'}}}
      responses:
        '200': {description: ok}
        '400': {$ref: '#/components/responses/Bad'}
components:
  requestBodies:
    Other: {content: {application/json: {}}}
  responses:
    Bad:
      description: bad
      content:
        application/json:
          schema: {properties: {text: {type: string}}}
  schemas:
    Size: {enum: [small, large]}
    Parcel:
      properties:
        weight: {type: number}
        sizes: {type: array, items: {$ref: '#/components/schemas/Size'}}
        open: true
"""
PARCEL = "$.components.schemas.Parcel"
WEIGHT = f"{PARCEL}.properties.weight"
SIZES = f"{PARCEL}.properties.sizes"
POST = "$.paths['/parcels'].post"
BODY = f"{POST}.requestBody"
BOX = f"{POST}.parameters[0]"
PATHS = "$.paths"
BAD = "$.components.responses.Bad.content['application/json'].schema.properties.text"


def saying(target: str, says: str) -> str:
    """An overlay that puts *says* on *target*; it stands on line 6."""
    head = "overlay: 1.0.0\ninfo: {title: O, version: '1'}\nactions:\n"
    return f'{head}- target: "{target}"\n  update:\n{indent(says, "    ")}\n'


GOOD = [
    (WEIGHT, "x-leniency: {type: rejected, maximum: [coerced, error]}"),
    (WEIGHT, "x-leniency: {type: {then: coerced, as: null}}"),
    (WEIGHT, "x-leniency: {type: [{if: {const: 5}, then: coerced, as: {a: [1]}}, stored]}"),
    (WEIGHT, "x-leniency: {type: {if: true, then: dropped}}"),
    (WEIGHT, "x-leniency: {type: {if: {const: {$ref: nowhere}}, then: dropped}}"),
    (WEIGHT, "x-leniency: {type: {if: {properties: {$ref: {type: string}}}, then: dropped}}"),
    (WEIGHT, "x-leniency: {type: {if: {$ref: '#/components/schemas/Size'}, then: dropped}}"),
    (f"{SIZES}.items", "x-leniency: {enum: dropped}"),
    (BODY, "x-leniency: {malformed:encoding: coerced, media-type:spelling: error}"),
    (BOX, "x-leniency: {repeated: {then: coerced, as: 0}, malformed: dropped}"),
    (POST, "x-check-order: [parameters, size]"),
    (BODY, "x-max-bytes: 1"),
    (POST, "x-rate-limit: {requests: 1, seconds: 1}"),
    (PATHS, "x-unrouted: {'404': {$ref: '#/components/responses/Bad'}}"),
    (PATHS, "x-unrouted: {'404': {description: a}, '405': {description: b}}"),
    (BAD, "x-violation: '{property} {words}'"),
]


@pytest.mark.parametrize(("target", "says"), GOOD)
def test_good_word(load_text: Load, target: str, says: str) -> None:
    """Each word is taken where it belongs."""
    assert load_text(SPEC, overlays=[saying(target, says)]).operations


IF = "`if` of `type`: "
CANNOT = [
    # What is declared
    (WEIGHT, "{typ: stored}", "no fault `typ` here\nhint: did you mean `type`?"),
    (WEIGHT, "{type:integer: stored}", "no fault `type:integer` here"),
    (WEIGHT, "{type:nul: stored}", "did you mean `type:null`?"),
    (WEIGHT, "{media-type: stored}", "no fault `media-type` here"),
    (WEIGHT, "{malformed: stored}", "no fault `malformed` here"),
    (WEIGHT, "{size: stored}", "no fault `size` here\nhint: there are: anyOf, "),
    (f"{SIZES}.items", "{repeated: stored}", "no fault `repeated` here"),
    (BOX, "{malformed:encoding: stored}", "no fault `malformed:encoding` here"),
    (BOX, "{media-type:spelling: stored}", "no fault `media-type:spelling` here"),
    (BODY, "{media-type:speling: stored}", "did you mean `media-type:spelling`?"),
    (BODY, "{repeated: stored}", "no fault `repeated` here"),
    (BODY, "{media-type:spelling: coerced}", "`media-type:spelling` cannot be coerced"),
    (BODY, "{media-type:spelling: [error, {then: dropped}]}", "cannot be dropped"),
    # What becomes of it
    (WEIGHT, "{type: kept}", "`x-leniency` cannot be"),
    (WEIGHT, "{type: null}", "`x-leniency` cannot be"),
    (WEIGHT, "{type: []}", "`x-leniency` cannot be"),
    (WEIGHT, "{type: [[stored]]}", "`x-leniency` cannot be"),
    (WEIGHT, "{type: {}}", "`x-leniency` cannot be"),
    (WEIGHT, "{type: {if: true}}", "`x-leniency` cannot be"),
    (WEIGHT, "{type: {then: kept}}", "`x-leniency` cannot be"),
    (WEIGHT, "{type: {then: stored, as: 5}}", "`x-leniency` cannot be"),
    (WEIGHT, "{type: [stored, {then: dropped, as: 5}]}", "`x-leniency` cannot be"),
    (WEIGHT, "{type: {then: stored, else: dropped}}", "`x-leniency` cannot be"),
    # On which condition
    (WEIGHT, "{type: {if: small, then: stored}}", "`x-leniency` cannot be"),
    (WEIGHT, "{type: {if: [], then: stored}}", "`x-leniency` cannot be"),
    (WEIGHT, "{type: {if: {type: text}, then: stored}}", f'{IF}"text" is not valid'),
    (WEIGHT, "{type: {if: {minimum: '1'}, then: stored}}", f'{IF}"1" is not of type'),
    (WEIGHT, "{type: {if: {pattern: '('}, then: stored}}", f'{IF}"(" is not a "regex"'),
    (WEIGHT, "{type: {if: {not: {required: a}}, then: stored}}", IF),
    (WEIGHT, "{type: [error, {if: {$ref: '#/nope'}, then: stored}]}", f"{IF}`#/nope` leads to no"),
    (WEIGHT, "{type: {if: {not: {$ref: Size}}, then: stored}}", f"{IF}`Size` leads to no schema"),
    (WEIGHT, "{type: {if: {$ref: '#/info/title'}, then: stored}}", f"{IF}`#/info/title` leads to no"),
    (WEIGHT, "{type: {if: {$ref: '#'}, then: stored}}", f"{IF}`#` leads to no schema"),
    (WEIGHT, "{type: {if: {$ref: 5}, then: stored}}", f"{IF}`5` leads to no schema"),
    (WEIGHT, "{type: {if: {$schema: 'http://a.b/c'}, then: stored}}", f"{IF}`$schema` is not for"),
    (WEIGHT, "{type: {if: {not: {$id: 'http://a.b/c'}}, then: stored}}", f"{IF}`$id` is not for"),
    (WEIGHT, "{type: {if: {$dynamicRef: '#a'}, then: stored}}", f"{IF}`$dynamicRef` is not for"),
]  # fmt: skip


@pytest.mark.parametrize(("target", "says", "message"), CANNOT)
def test_a_leniency_that_could_never_count(
    refuse: Refuse, target: str, says: str, message: str
) -> None:
    """It is refused with file, line and pointer, before anything relies on it."""
    error = refuse(SPEC, overlays=[saying(target, f"x-leniency: {says}")])

    assert message in str(error)
    assert (error.place.file, error.place.line) == ("overlay0.yaml", 6)
    assert error.place.pointer.startswith("/actions/0/update/x-leniency")


MISPLACED = [
    (PARCEL, "x-leniency: {type: stored}", "misplaced on a schema"),
    ("$.components.schemas.Size", "x-leniency: {enum: stored}", "misplaced on a schema"),
    (POST, "x-leniency: {type: stored}", "misplaced on an operation"),
    (BAD, "x-check-order: [size]", "misplaced on a property"),
    (PATHS, "x-check-order: [size]", "put it on an operation"),
    (POST, "x-check-order: [key]", "it takes a list of some of size, credentials, "),
    (POST, "x-check-order: [size, size]", "`x-check-order` cannot be"),
    (POST, "x-check-order: []", "`x-check-order` cannot be"),
    (POST, "x-check-order: size", "`x-check-order` cannot be"),
    (POST, "x-check-orders: [size]", "did you mean `x-check-order`?"),
    (POST, "x-max-bytes: 5", "misplaced on an operation"),
    (BOX, "x-max-bytes: 5", "put it on a request body"),
    (BODY, "x-max-bytes: 0", "it takes a number of bytes"),
    (BODY, "x-max-bytes: 1.5", "`x-max-bytes` cannot be"),
    (BODY, "x-max-bytes: 1kB", "`x-max-bytes` cannot be"),
    (BODY, "x-max-byte: 1", "did you mean `x-max-bytes`?"),
    (BODY, "x-rate-limit: {requests: 1, seconds: 1}", "misplaced on a request body"),
    (POST, "x-rate-limit: {requests: 1}", "it takes {requests: a number, seconds: a number}"),
    (POST, "x-rate-limit: {requests: 0, seconds: 1}", "`x-rate-limit` cannot be"),
    (POST, "x-rate-limit: {requests: 1, seconds: 0.5}", "`x-rate-limit` cannot be"),
    (POST, "x-rate-limit: {requests: 1, seconds: 1, per: key}", "`x-rate-limit` cannot be"),
    (POST, "x-ratelimits: {requests: 1, seconds: 1}", "did you mean `x-rate-limit`?"),
    ("$", "x-unrouted: {'404': {description: a}}", "misplaced on the document itself"),
    (f"{PATHS}['/parcels']", "x-unrouted: {'404': {description: a}}", "put it on the `paths`"),
    (PATHS, "x-unrouted: {'405': {description: a}}", "`x-unrouted` cannot be"),
    (PATHS, "x-unrouted: {'404': {description: a}, '410': {description: b}}", "cannot be"),
    (PATHS, "x-unrouted: {'404': nothing}", "it takes responses for `404`"),
    (PATHS, "x-unrouted: {'404': {$ref: '#/nope'}}", "`$ref` leads nowhere: #/nope"),
    (PATHS, "x-unrouted: {'404': {description: a, content: {a/b: {itemSchema: {}}}}}", "cannot be given"),
    (PATHS, "x-unroutet: {'404': {description: a}}", "did you mean `x-unrouted`?"),
    (BAD, "x-violation: '{properties}'", "`{property}`, `{words}`, `{pointer}`"),
]  # fmt: skip


@pytest.mark.parametrize(("target", "says", "message"), MISPLACED)
def test_bad_word(refuse: Refuse, target: str, says: str, message: str) -> None:
    """A word that is misspelt, misplaced or says nonsense is an error with its place."""
    error = refuse(SPEC, overlays=[saying(target, says)])

    assert message in str(error)
    assert (error.place.file, error.place.line) == ("overlay0.yaml", 6)
    assert error.place.pointer.startswith("/actions/0/update/")


def test_a_word_beside_a_reference_is_not_lost(refuse: Refuse) -> None:
    """What stands beside a `$ref` of a body would be read by nobody."""
    spec = SPEC.replace(
        "content: {application/json: {schema: {$ref: '#/components/schemas/Parcel'}}}",
        "$ref: '#/components/requestBodies/Other'",
    )

    for word in ("x-leniency: {unknown: dropped}", "x-max-bytes: 5"):
        error = refuse(spec, overlays=[saying(BODY, word)])

        assert error.place.pointer.startswith("/actions/0/update/x-")


def test_words_in_an_answer_to_unrouted_requests_are_read(load_text: Load) -> None:
    """`x-violation` is of use where only the answer to an unknown path leads."""
    unrouted = """\
    x-unrouted:
      '404':
        description: nothing here
        content: {application/json: {schema: {properties: {why: {type: string, x-violation: '{message}'}}}}}
    """
    (answer,) = load_text(SPEC, overlays=[saying(PATHS, unrouted)]).unrouted

    assert (answer.status, answer.body.content[0].name) == ("404", "application/json")


def test_the_contract_holds_what_is_declared(load_text: Load) -> None:
    """Outcomes in order, checks in full, limits as numbers, answers by status."""
    words = [
        (WEIGHT, "x-leniency: {type: [{if: {const: ''}, then: coerced, as: null}, stored]}"),
        (POST, "x-check-order: [body, credentials]\nx-rate-limit: {requests: 3, seconds: 60}"),
        (BODY, "x-max-bytes: 9"),
        (PATHS, "x-unrouted: {'404': {description: a}}"),
    ]
    contract = load_text(SPEC, overlays=[saying(*one) for one in words])
    (post,) = contract.operations
    at = "/components/schemas/Parcel/properties/weight"

    condition = f"{at}/x-leniency/type/0/if"
    outcomes = (Outcome("coerced", condition, None), Outcome("stored", "", ABSENT))
    assert post.leniencies == {at: {"type": outcomes}}
    assert post.check_order[:2] == ("body", "credentials")
    assert sorted(post.check_order) == sorted(CHECKS)
    assert post.rate_limit == RateLimit(3, 60, "/paths/~1parcels/post/x-rate-limit")
    assert post.body is not None
    assert post.body.max_bytes == 9
    statuses = {status: contract.unrouted_for(status) for status in (404, 405)}
    assert {status: one.status for status, one in statuses.items() if one} == {
        404: "404",
        405: "404",
    }


@pytest.mark.parametrize(
    ("sent", "made"),
    [
        ("x", '"x" of "x"'),
        ([1, "x"], '[1,"x"] of 1,"x"'),
        ([], "[] of "),
        ({"a": 5.0}, '{"a":5} of {"a":5}'),
        (5.0, "5 of 5"),
        (True, "true of true"),
        (None, "null of null"),
    ],
)
def test_a_text_tells_what_was_sent(sent: Any, made: str) -> None:
    """`{json}` is the value as JSON, `{items}` what is in a list, without its brackets."""
    assert Outcome("coerced", value="{json} of {items}").filled(sent) == made
    assert Outcome("coerced", value=["{json}"]).filled(sent) == ["{json}"]
