"""Documents that cannot be used: one clear message each, with file, line and what to do."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

import pytest
from tests.openapi.conftest import Load, Refuse

from leadline_openapi import SpecError, load

HEAD = "openapi: 3.1.0\ninfo: {title: T, version: '1'}\n"
OLD = "openapi: 3.0.3\ninfo: {title: T, version: '1'}\n"


def post(schema: str, more: str = "", head: str = HEAD) -> str:
    """A document whose one operation takes a body of *schema*; it stands on line 9."""
    return head + dedent(
        f"""\
        paths:
          /a:
            post:
              requestBody:
                content:
                  application/json:
                    schema: {schema}
              {more}
              responses: {{'200': {{description: ok}}}}
        """
    )


def get(path: str = "/a", parameters: str = "[]", more: str = "") -> str:
    """A document whose one operation has *parameters*; they stand on line 6."""
    return HEAD + dedent(
        f"""\
        paths:
          {path}:
            get:
              parameters: {parameters}
              {more}
              responses: {{'200': {{description: ok}}}}
        """
    )


def parameter(name: str, location: str = "query") -> str:
    """A described parameter."""
    required = ", required: true" if location == "path" else ""
    return f"{{name: {name}, in: {location}, schema: {{}}{required}}}"


BAD = {
    # What is no document
    "empty": ("", 1, "the file is empty"),
    "only a comment": ("# nothing\n", 1, "the file is empty"),
    "a list": ("- openapi\n", 1, "the document is not an object"),
    "a scalar": ("openapi\n", 1, "the document is not an object"),
    "not OpenAPI": ("name: x\n", 1, "`openapi` is missing"),
    "Swagger": ("swagger: '2.0'\n", 1, "Swagger 2.0 is not supported"),
    "a number as version": ("openapi: 3.1\n", 1, "`openapi` is missing or not a string"),
    "version 4": ("openapi: 4.0.0\n", 1, "OpenAPI version `4.0.0` is not supported"),
    "version 3.1": ("openapi: '3.1'\n", 1, "OpenAPI version `3.1` is not supported"),
    "an overlay": ("overlay: 1.0.0\nactions: []\n", 1, "this is an overlay"),
    # YAML
    "syntax": (HEAD + "paths: {\n", 4, "not well-formed YAML"),
    "a tab": (HEAD + "paths:\n\t/a: {}\n", 4, "not well-formed YAML"),
    "two documents": (HEAD + "---\na: 1\n", 3, "not well-formed YAML"),
    "unknown alias": (HEAD + "paths: *none\n", 3, "undefined alias"),
    "key twice": (HEAD + "paths: {}\ninfo: {}\n", 4, "the key `info` is given twice"),
    "merge key": (HEAD + "paths:\n  <<: {}\n", 4, "no merge keys"),
    "list as key": (HEAD + "? [a]\n: 1\n", 3, "a key must be a string"),
    "foreign tag": (HEAD + "paths: !python/object:os.x {}\n", 3, "is not allowed"),
    "set": (HEAD + "x: !!set {a}\n", 3, "the YAML tag `tag:yaml.org,2002:set` is not allowed"),
    "binary": (HEAD + "x: !!binary aGk=\n", 3, "is not allowed"),
    "tag that does not fit": (HEAD + "x: !!bool yes\n", 3, "`yes` does not fit the YAML tag"),
    "not a number": (HEAD + "x: .nan\n", 3, "`.nan` is not a JSON number"),
    "infinite": (HEAD + "x: -.inf\n", 3, "`-.inf` is not a JSON number"),
    "too large a number": (HEAD + "x: 1e999\n", 3, "`1e999` is not a JSON number"),
    "control character": (HEAD + "x: a\x07b\n", 3, "not well-formed YAML"),
    "nesting": (HEAD + "x: " + "[" * 300 + "]" * 300, 3, "nested more than 200 levels"),
    "recursive alias": (HEAD + "x: &a [*a]\n", 3, "too large once its aliases are resolved"),
    "bomb": (
        HEAD
        + "x0: &x0 [a, a, a, a, a, a, a, a, a, a]\n"
        + "".join(f"x{n}: &x{n} [{', '.join([f'*x{n - 1}'] * 10)}]\n" for n in range(1, 9)),
        None,
        "too large once its aliases are resolved",
    ),
    # Structure
    "no paths": (HEAD.replace("3.1", "3.0"), 1, "`paths` is missing"),
    "no info": ("openapi: 3.1.0\npaths: {}\n", 1, "`info` is missing"),
    "misspelt field": (
        get(more="sumary: x").replace("parameters: []", "deprecated: false"),
        7,
        "`sumary` is not allowed here\nhint: did you mean `summary`?",
    ),
    "wrong type": (get(more="tags: x"), 7, "must be of type array"),
    "no responses": (OLD + "paths:\n  /a:\n    get: {}\n", 5, "`responses` is missing"),
    "a reference for all": (
        HEAD + "paths: {}\ncomponents:\n  schemas: {$ref: 'x.yaml'}\n",
        5,
        "only the entries of this object can be references",
    ),
    "bad status": (
        HEAD + "paths:\n  /a:\n    get:\n      responses: {'20x': {description: ok}}\n",
        6,
        "`20x` is not allowed here",
    ),
    "parameter without in": (get(parameters="[{name: a, schema: {}}]"), 6, "`in` is missing"),
    "parameter in the body": (
        get(parameters="[{name: a, in: body, schema: {}}]"),
        6,
        'must be one of "query"',
    ),
    # Schemas
    "unknown type": (post("{type: text}"), 9, 'must be one of "array"'),
    "unknown type in 3.0": (post("{type: text}", head=OLD), 9, 'must be one of "array"'),
    "properties as list": (post("{properties: [a]}"), 9, "must be of type object"),
    "misspelt keyword in 3.0": (
        post("{minLenght: 1}", head=OLD),
        9,
        "`minLenght` is not allowed here\nhint: did you mean `minLength`?",
    ),
    "bad pattern": (
        post("{pattern: '('}"),
        9,
        "the pattern `(` cannot be read as a regular expression",
    ),
    "bad pattern of names": (
        post("{patternProperties: {'[': true}}"),
        9,
        "the pattern `[` cannot be read as a regular expression",
    ),
    "minimum over maximum": (
        post("{type: number, minimum: 2, maximum: 1}"),
        9,
        "no value can satisfy this schema",
    ),
    "a required ghost": (
        post("{type: object, required: [a], additionalProperties: false}"),
        9,
        "no value can satisfy this schema",
    ),
    "enum of another type": (
        post("{type: object, properties: {a: {type: string, enum: [1]}}}"),
        9,
        "no value can satisfy this schema",
    ),
    "bad default": (post("{type: integer, default: x}"), 9, "the default does not fit"),
    "$id": (post("{$id: 'urn:x'}"), 9, "`$id` is not supported"),
    "$anchor": (post("{$anchor: here}"), 9, "`$anchor` is not supported"),
    "$dynamicRef": (post("{$dynamicRef: '#x'}"), 9, "`$dynamicRef` is not supported"),
    "foreign dialect": (
        HEAD + "jsonSchemaDialect: http://json-schema.org/draft-07/schema#\npaths: {}\n",
        3,
        "the dialect `http://json-schema.org/draft-07/schema#` is not supported",
    ),
    "foreign $schema": (post("{$schema: 'urn:x'}"), 9, "the dialect `urn:x` is not supported"),
    # Examples
    "bad example": (
        post("{type: string}").replace("schema:", "example: {a: 1}\n            schema:"),
        9,
        "the example does not fit its schema: must be a string, not an object",
    ),
    "bad member of a named example": (
        post("{properties: {a: {type: string}}}").replace(
            "schema:",
            "examples:\n              one:\n                value: {a: 1}\n            schema:",
        ),
        11,
        "the example does not fit its schema: a: must be a string, not 1",
    ),
    # Operations, paths, parameters
    "undefined security scheme": (get(more="security: [{key: []}]"), 7, "`key` is not defined"),
    "operationId twice": (
        get(more="operationId: x")
        + "  /b:\n    get:\n      operationId: x\n      responses: {'200': {description: ok}}\n",
        11,
        "the operationId `x` is taken by /paths/~1a/get",
    ),
    "undescribed path parameter": (get("/a/{id}"), 5, "`id` of `/a/{id}` is not described"),
    "ghost path parameter": (
        get(parameters=f"[{parameter('id', 'path')}]"),
        5,
        "`id` does not occur in `/a`",
    ),
    "optional path parameter": (
        get("/a/{id}", "[{name: id, in: path, schema: {}}]"),
        6,
        "`required` is missing",
    ),
    "braces": (get("/a/{id"), 4, "the braces of `/a/{id` do not match"),
    "same name twice in a path": (
        get("/{a}/{a}", f"[{parameter('a', 'path')}]"),
        4,
        "`a` occurs twice",
    ),
    "same path": (
        get("/a/{x}", f"[{parameter('x', 'path')}]") + "  /a/{y}: {}\n",
        9,
        "`/a/{y}` is the same path as `/a/{x}`",
    ),
    "parameter twice": (
        get(parameters=f"[{parameter('a')}, {parameter('a')[:-1]}, deprecated: true}}]"),
        6,
        "the query parameter `a` is described twice",
    ),
    "header twice": (
        get(parameters=f"[{parameter('X-A', 'header')}, {parameter('x-a', 'header')}]"),
        6,
        "the header parameter `x-a` is described twice",
    ),
    "server variable": (
        HEAD + "servers: [{url: 'https://{host}/'}]\npaths: {}\n",
        3,
        "the server variable `host` is not described",
    ),
    "server default": (
        HEAD + "servers: [{url: '/{a}', variables: {a: {default: x, enum: [y]}}}]\npaths: {}\n",
        3,
        "the default of `a` is not in its `enum`",
    ),
    # References
    "dangling": (
        post("{$ref: '#/components/schemas/X'}"),
        9,
        "`$ref` leads nowhere: #/components/schemas/X (no `components`)",
    ),
    "dangling without use": (
        HEAD + "paths: {}\ncomponents: {schemas: {A: {$ref: '#/x'}}}\n",
        4,
        "`$ref` leads nowhere: #/x (no `x`)",
    ),
    "no string": (post("{$ref: 1}"), 9, "`$ref` must be a string"),
    "URL": (post("{$ref: 'https://example.com/s.yaml#/A'}"), 9, "`$ref` to a URL is refused"),
    "URL without scheme": (post("{$ref: '//example.com/s'}"), 9, "`$ref` to a URL is refused"),
    "file URL": (post("{$ref: 'file:///etc/passwd'}"), 9, "`$ref` to a URL is refused"),
    "no such file": (post("{$ref: 'x.yaml'}"), 9, "`$ref` to a file that does not exist: x.yaml"),
    "a folder": (post("{$ref: '.'}"), 9, "`$ref`"),
    "NUL": (post("{$ref: 'a%00b'}"), 9, "`$ref` is no usable path: a%00b"),
    "absolute": (post("{$ref: '/etc/passwd'}"), 9, "`$ref` leaves the folder of the spec"),
    "parent": (post("{$ref: '../x.yaml'}"), 9, "`$ref` leaves the folder of the spec"),
    "encoded parent": (post("{$ref: '%2e%2e/x.yaml'}"), 9, "`$ref` leaves the folder"),
    "anchor": (post("{$ref: '#here'}"), 9, "`$ref` to the anchor `#here` is not supported"),
    "itself": (
        post("{$ref: '#/components/schemas/A'}")
        + "components: {schemas: {A: {$ref: '#/components/schemas/A'}}}\n",
        12,
        "`$ref` refers to itself",
    ),
    "itself by way of allOf": (
        post("{$ref: '#/components/schemas/A'}")
        + "components:\n  schemas:\n    A: {allOf: [{$ref: '#/components/schemas/B'}]}\n"
        + "    B: {anyOf: [{type: string}, {$ref: '#/components/schemas/A'}]}\n",
        14,
        "`$ref` refers to itself",
    ),
    "another kind": (
        post("{$ref: '#/components/responses/R'}")
        + "components: {responses: {R: {description: ok}}}\n",
        9,
        "`$ref` to a response, where a schema belongs: #/components/responses/R",
    ),
    "no object": (post("{$ref: '#/info/title'}"), 9, "`$ref` to something that is not a schema"),
    "on an operation": (
        HEAD + "paths:\n  /a:\n    get: {$ref: '#/x'}\n",
        5,
        "not allowed on an operation",
    ),
    "on a media type in 3.1": (
        HEAD
        + "paths:\n  /a:\n    get:\n      responses:\n        '200':\n          description: ok\n"
        + "          content: {application/json: {$ref: '#/components/mediaTypes/X'}}\n",
        9,
        "`$ref` is not allowed on a media type",
    ),
    "discriminator": (
        post("{discriminator: {propertyName: a, mapping: {x: Ghost}}}"),
        9,
        "the discriminator names no schema: Ghost",
    ),
    "discriminator that names nothing": (
        post("{discriminator: {propertyName: a, mapping: {x: [Ghost]}}}"),
        9,
        "a discriminator maps values to names of schemas",
    ),
    "default of a discriminator": (
        post(
            "{discriminator: {propertyName: a, defaultMapping: Ghost}}",
            head=HEAD.replace("3.1.0", "3.2.0"),
        ),
        9,
        "the discriminator names no schema: Ghost",
    ),
    "path item in a circle": (
        HEAD + "paths:\n  /a: {$ref: '#/paths/~1b'}\n  /b: {$ref: '#/paths/~1a'}\n",
        None,
        "`$ref` refers to itself",
    ),
    "path item beside": (
        HEAD + "paths:\n  /a:\n    $ref: '#/paths/~1b'\n    summary: one\n  /b: {summary: two}\n",
        6,
        "`summary` stands beside a `$ref` to a path item that has it too",
    ),
}


@pytest.mark.parametrize(("text", "line", "message"), BAD.values(), ids=list(BAD))
def test_bad_spec(refuse: Refuse, text: str, line: int | None, message: str) -> None:
    """A bad document gets one message with the file, the line and the reason."""
    error = refuse(text)

    assert message in str(error)
    assert error.place.file == "api.yaml"
    assert line is None or error.place.line == line
    assert len(error.problem) < 300
    assert "\n" not in error.problem


def test_errors_in_another_file_name_that_file(refuse: Refuse) -> None:
    """What is wrong in a file that is referred to is reported there, with its own pointer."""
    error = refuse(
        post("{$ref: 'models/a.yaml#/defs/A'}"),
        files={"models/a.yaml": "defs:\n  A:\n    properties:\n      b: {type: text}\n"},
    )

    assert str(error.place).startswith("models/a.yaml:4:11 (at /defs/A/properties/b/type)")


def test_dangling_reference_in_another_file(refuse: Refuse) -> None:
    """A reference that leads nowhere is reported where it is written, with the file it asked for."""
    error = refuse(
        post("{$ref: 'a.yaml'}"),
        files={"a.yaml": "$ref: 'b.yaml#/x/y'\n", "b.yaml": "x: {}\n"},
    )

    assert (error.place.file, error.place.line) == ("a.yaml", 1)
    assert "(no `y` in b.yaml)" in error.problem


def test_link_out_of_the_folder(refuse: Refuse, folder: Path) -> None:
    """A symbolic link does not lead out of the folder of the spec."""
    (folder.parent / "secret.yaml").write_text("type: string\n", "utf-8")
    (folder / "link.yaml").symlink_to(folder.parent / "secret.yaml")

    assert "leaves the folder of the spec" in refuse(post("{$ref: 'link.yaml'}")).problem


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("missing.yaml", "there is no such file"),
        (".", "the file cannot be read"),
        ("a\0b", "the file cannot be read"),
        ("api.yaml/x.yaml", "the file cannot be read"),
    ],
)
def test_unreadable_file(folder: Path, name: str, message: str) -> None:
    """A path that cannot be read is a spec error, not a traceback."""
    (folder / "api.yaml").write_text(HEAD, "utf-8")

    with pytest.raises(SpecError, match=message):
        load(Path(name) if "\0" in name else folder / name)


def test_file_that_is_not_utf8(folder: Path) -> None:
    """Bytes that are not UTF-8 are reported with their line."""
    (folder / "api.yaml").write_bytes(HEAD.encode() + b"x: caf\xe9\n")

    with pytest.raises(SpecError, match=r"api\.yaml:3: the file is not UTF-8 \(byte 52\)"):
        load(folder / "api.yaml")


def test_file_that_is_too_large(folder: Path) -> None:
    """A file beyond all reason is refused before it is parsed."""
    (folder / "api.yaml").write_bytes(b"#" * 20_000_001)

    with pytest.raises(SpecError, match="larger than 20,000,000 bytes"):
        load(folder / "api.yaml")


ACCEPTED = {
    "forbidden property": post("{properties: {a: false, b: {not: {}}}}"),
    "open required": post("{type: object, required: [a]}"),
    "dead branch of an optional member": post("{anyOf: [{type: string}, {not: {}}]}"),
    "same path, other method": get("/a") + "  /b: {}\n",
    "same name, other place": get(parameters=f"[{parameter('a')}, {parameter('a', 'header')}]"),
    "recursion through a member": post("{$ref: '#/components/schemas/A'}")
    + "components: {schemas: {A: {properties: {a: {$ref: '#/components/schemas/A'}}}}}\n",
    "$ref as a name": post("{properties: {$ref: {type: string}, x-echo: {type: string}}}"),
    "$ref in data": post("{enum: [{$ref: '#/nowhere', x-echo: 1}]}"),
    "byte order mark": "\ufeff" + get(),
    "carriage returns": get().replace("\n", "\r\n"),
    "extension among the paths": HEAD + "paths: {x-note: {get: 1}}\n",
    "extension among the responses": get().replace("{'200'", "{x-note: 1, '200'"),
    "aliases": HEAD + "x-a: &a {description: ok}\npaths: {/a: {get: {responses: {'200': *a}}}}\n",
}


@pytest.mark.parametrize("text", ACCEPTED.values(), ids=list(ACCEPTED))
def test_good_spec(load_text: Load, text: str) -> None:
    """What is unusual but right is not refused."""
    assert load_text(text).version == "1"
