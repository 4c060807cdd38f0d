"""The vocabulary: where each word may stand, what it may say, and that misspelling is no silence."""

from __future__ import annotations

import re
from pathlib import Path
from textwrap import indent

import pytest
from tests.openapi.conftest import Load, Refuse

from leadline_openapi.vocabulary import WORDS

ROOT = Path(__file__).parents[2]

SPEC = """\
openapi: 3.1.0
info: {title: T, version: '1'}
paths:
  /a/{id}:
    parameters:
      - {name: id, in: path, required: true, schema: {type: string}}
    post:
      responses:
        '201':
          description: made
          content: {application/json: {schema: {$ref: '#/components/schemas/Made'}}}
        '400':
          description: bad
          content: {application/json: {schema: {$ref: '#/components/schemas/Bad'}}}
components:
  securitySchemes:
    key: {type: apiKey, in: header, name: X-Key}
  schemas:
    Made:
      properties:
        doc: {type: object}
        list: {type: array, items: {type: string}}
    Bad:
      properties:
        text: {type: string}
    Ids: {items: {type: integer}}
    Unused:
      properties:
        doc: {type: object}
"""
MADE = "$.components.schemas.Made.properties.doc"
LIST = "$.components.schemas.Made.properties.list"
ITEMS = "$.components.schemas.Made.properties.list.items"
BAD = "$.components.schemas.Bad.properties.text"
UNUSED = "$.components.schemas.Unused.properties.doc"
OPERATION = "$.paths['/a/{id}'].post"
KEY = "$.components.securitySchemes.key"


def saying(target: str, says: str) -> str:
    """An overlay that puts *says* on *target*; it stands on line 6."""
    head = "overlay: 1.0.0\ninfo: {title: O, version: '1'}\nactions:\n"
    return f'{head}- target: "{target}"\n  update:\n{indent(says, "    ")}\n'


GOOD = [
    (MADE, "x-echo: $request.body"),
    (MADE, "x-echo: $request.body#/data/0/a~1b"),
    (MADE, "x-echo: $request.query.x"),
    (MADE, "x-echo: $request.header.X-Id"),
    (MADE, "x-echo: $request.path.id"),
    (MADE, "{type: string, x-server-value: sequence}"),
    (MADE, "{type: [string, 'null'], x-server-value: uuid}"),
    (BAD, "x-server-value: now"),
    (UNUSED, "x-relation: users"),
    (ITEMS, "x-relation: users"),
    (MADE, "{type: [array, integer], x-relation: users}"),
    (MADE, "x-localized: true"),
    (KEY, "x-credential: 'users API-Key {key}'"),
    (UNUSED, "x-leniency: {type: coerced, unknown: dropped}"),
    ("$.paths['/a/{id}'].parameters[0]", "x-leniency: {type: stored}"),
    (OPERATION, "x-invariants: [{name: a, rule: 'true', message: b}]"),
    (OPERATION, "{deprecated: true, x-sunset: 2026-01-31}"),
    ("$.paths['/a/{id}'].parameters[0]", "{deprecated: true, x-sunset: 2026-01-31}"),
    (MADE, "{deprecated: true, x-sunset: '2026-01-31T12:00:00Z'}"),
    ("$.components.schemas.Made", "{deprecated: true, x-sunset: 2026-01-31}"),
    (BAD, "x-violation: '{field} {message}'"),
]


@pytest.mark.parametrize(("target", "says"), GOOD)
def test_good_word(load_text: Load, target: str, says: str) -> None:
    """Each word is taken where it belongs."""
    assert load_text(SPEC, overlays=[saying(target, says)]).operations


BAD_WORDS = [
    # Unknown or misspelt
    (MADE, "x-ecko: $request.body", "did you mean `x-echo`?"),
    (MADE, "X-Echo: $request.body", "did you mean `x-echo`?"),
    (MADE, "x_echo: $request.body", "did you mean `x-echo`?"),
    (MADE, "x-serverValue: now", "did you mean `x-server-value`?"),
    (MADE, "x-relations: users", "did you mean `x-relation`?"),
    (MADE, "x-localised: true", "did you mean `x-localized`?"),
    (OPERATION, "x-invariant: []", "did you mean `x-invariants`?"),
    (MADE, "x-vendor: 1", "the words are x-echo, "),
    ("$.info", "contact: {x-vendor: 1}", "`x-vendor` is no extension"),
    # Misplaced
    ("$.components.schemas.Made", "x-echo: $request.body", "misplaced on a schema"),
    (ITEMS, "x-echo: $request.body", "misplaced on the items of an array"),
    (OPERATION, "x-server-value: now", "misplaced on an operation"),
    (KEY, "x-relation: a", "misplaced on a security scheme"),
    (LIST, "x-relation: a", "misplaced on a list: not it but its items are ids"),
    (LIST, "x-relation: a", "hint: put it on `items`"),
    (LIST, "{type: [array, 'null'], x-relation: a}", "misplaced on a list"),
    (MADE, "{$ref: '#/components/schemas/Ids', x-relation: a}", "misplaced on a list"),
    (MADE, "x-credential: '{key}'", "misplaced on a property"),
    ("$", "x-credential: '{key}'", "misplaced on the document itself"),
    ("$.paths['/a/{id}']", "x-invariants: [{name: a, rule: b, message: c}]", "a path item"),
    (OPERATION, "x-leniency: {type: stored}", "misplaced on an operation"),
    # Read by nobody
    (UNUSED, "x-echo: $request.body", "`x-echo` is misplaced: no response leads here"),
    (UNUSED, "x-server-value: now", "`x-server-value` is misplaced: no response leads here"),
    (MADE, "x-violation: '{message}'", "`x-violation` is misplaced: no error response leads here"),
    # What they say
    (MADE, "x-echo: request.body", '`x-echo` cannot be "request.body"'),
    (MADE, "x-echo: $response.body", "`x-echo` cannot be"),
    (MADE, "x-echo: '$request.body#pointer'", "`x-echo` cannot be"),
    (MADE, "x-echo: $request.query.", "`x-echo` cannot be"),
    (MADE, "x-server-value: random", "it takes `sequence`, `uuid` or `now`"),
    (MADE, "{type: integer, x-server-value: now}", "misplaced: what is `now` is no integer"),
    (MADE, "{type: integer, x-server-value: now}", "has such values, or take it away"),
    (MADE, "{type: [number, 'null'], x-server-value: uuid}", "`uuid` is no null or number"),
    (MADE, "{type: boolean, x-server-value: sequence}", "what is `sequence` is no boolean"),
    (MADE, "{$ref: '#/components/schemas/Ids', x-server-value: sequence}", "is no array"),
    (MADE, "x-relation: ''", "it takes the name of a collection"),
    (MADE, "x-localized: false", "`x-localized` cannot be false"),
    (MADE, "x-localized: 1", "`x-localized` cannot be 1"),
    (KEY, "x-credential: key", "it takes a text with `{key}` in it"),
    (MADE, "x-leniency: {type: ignored}", 'cannot be {"type": "ignored"}'),
    (MADE, "x-leniency: {}", "`x-leniency` cannot be {}"),
    (OPERATION, "x-invariants: [{name: a, rule: b}]", "it takes a list of {name, rule, message}"),
    (OPERATION, "x-invariants: []", "`x-invariants` cannot be []"),
    (OPERATION, "x-sunset: 2026-02-30", '`x-sunset` cannot be "2026-02-30"'),
    (MADE, "x-sunset: soon", "it takes a day such as `2026-01-31`"),
    (MADE, "x-sunset: 20260131", "`x-sunset` cannot be 20260131"),
    (MADE, "x-sunset: 2026-W05-1", "`x-sunset` cannot be"),
    (MADE, "x-sunsets: 2026-01-31", "did you mean `x-sunset`?"),
    ("$.paths['/a/{id}']", "x-sunset: 2026-01-31", "misplaced on a path item"),
    (BAD, "x-violation: '{mesage}'", "`x-violation` cannot be"),
]


@pytest.mark.parametrize(("target", "says", "message"), BAD_WORDS)
def test_bad_word(refuse: Refuse, target: str, says: str, message: str) -> None:
    """A word that is unknown, misspelt, misplaced or says nonsense is an error with its place."""
    error = refuse(SPEC, overlays=[saying(target, says)])

    assert message in str(error)
    assert (error.place.file, error.place.line) == ("overlay0.yaml", 6)
    assert error.place.pointer.startswith("/actions/0/update/")


VENDOR = [
    *("x-location", "x-internal", "x-examples", "x-code-samples", "x-tagGroups", "x-nullable"),
    *("x-enum-varnames", "x-go-type", "x-order", "x-logo", "x-displayName", "x-server"),
    *("x-extensible-enum", "x-faker", "x-sensitive", "x-credentials-mode", "x-variant"),
    *("x-related", "x-localization", "x-amazon-apigateway-integration", "x-version"),
]


@pytest.mark.parametrize("name", VENDOR)
def test_words_of_vendors(load_text: Load, name: str) -> None:
    """Other people's extensions in their own documents are none of our business."""
    text = SPEC.replace("{type: object}", f"{{type: object, {name}: 1}}")

    assert load_text(text).operations


def test_a_sunset_that_is_no_date_in_a_document(refuse: Refuse) -> None:
    """In the document itself, too, and with its place: it would let nothing go."""
    error = refuse(SPEC.replace("doc: {type: object}", "doc: {deprecated: true, x-sunset: later}"))

    assert '`x-sunset` cannot be "later"' in str(error)
    assert error.place.line == 21
    assert error.place.pointer == "/components/schemas/Made/properties/doc/x-sunset"


def test_misspelt_in_a_document(refuse: Refuse) -> None:
    """In a vendor's document, what looks like a misspelt word of ours is an error all the same."""
    error = refuse(SPEC.replace("{type: string}", "{type: string, x-violatoin: '{message}'}"))

    assert "did you mean `x-violation`?" in str(error)


def test_word_in_data_is_data(load_text: Load) -> None:
    """Property names and examples may look like words."""
    text = SPEC.replace(
        "doc: {type: object}", "x-echo: {type: object, enum: [{x-ecko: 1}], default: {x-ecko: 1}}"
    )

    assert load_text(text).operations


def test_word_beside_a_reference_in_3_0(load_text: Load) -> None:
    """In 3.0, siblings of `$ref` are ignored, but what an overlay says of a property is not."""
    text = SPEC.replace("3.1.0", "3.0.3").replace(
        "doc: {type: object}", "doc: {$ref: '#/components/schemas/Bad', type: integer}"
    )
    contract = load_text(text, overlays=[saying(MADE, "x-echo: $request.body")])
    media = contract.operations[0].answers[0].body.content[0]

    assert [(one.path, one.expression) for one in media.echoes] == [(("doc",), "$request.body")]
    assert media.schema is not None
    assert media.schema.is_valid({"doc": {"text": "x"}})


def test_words_are_found_where_they_stand(load_text: Load) -> None:
    """Words are found through `$ref`, allOf, branches, members and items; relations end the search."""
    text = """\
    openapi: 3.1.0
    info: {title: T, version: '1'}
    paths:
      /a:
        post:
          responses:
            '200':
              description: ok
              content: {application/json: {schema: {$ref: '#/components/schemas/A'}}}
    components:
      schemas:
        A:
          allOf: [{$ref: '#/components/schemas/Base'}]
          properties:
            both: {anyOf: [{type: 'null'}, {$ref: '#/components/schemas/Base'}]}
            list: {type: array, items: {$ref: '#/components/schemas/Base'}}
            next: {$ref: '#/components/schemas/A'}
            owner: {x-relation: users, oneOf: [{type: string}, {$ref: '#/components/schemas/Base'}]}
        Base:
          properties:
            id: {type: string, readOnly: true, x-server-value: uuid}
    """
    media = load_text(text).operations[0].answers[0].body.content[0]

    assert {one.path for one in media.server_values} == {
        ("id",),
        ("both", "id"),
        ("list", "*", "id"),
    }
    assert all(one.read_only for one in media.server_values)
    assert {(one.path, one.collection) for one in media.relations} == {(("owner",), "users")}


def test_a_web_of_schemas_is_not_walked_without_end(load_text: Load) -> None:
    """Schemas that all refer to each other load at once, and say so where words are beyond count."""
    members = ", ".join(f"p{n}: {{$ref: '#/components/schemas/S{n}'}}" for n in range(14))
    schemas = "\n".join(f"    S{n}: {{properties: {{{members}}}}}" for n in range(14))
    spec = SPEC.replace("    Made:", f"{schemas}\n    Made:").replace("Made'", "S0'")
    word = saying("$.components.schemas.S7", "properties: {id: {x-server-value: uuid}}")

    assert not load_text(spec).operations[0].unsupported
    assert "ways lead to extensions" in load_text(spec, overlays=[word]).operations[0].unsupported


def test_every_word_is_documented() -> None:
    """docs/vocabulary.md has a section for each word and for nothing else."""
    text = (ROOT / "docs" / "vocabulary.md").read_text("utf-8")

    assert re.findall(r"^## `(x-[a-z-]+)`", text, re.MULTILINE) == list(WORDS)
