"""The vendor's page and `openapi/leads.yaml`, each read here on its own, without our loader."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml
from jsonschema_rs import Draft202012Validator

ROOT = Path(__file__).parents[2]
VENDOR = ROOT / "tests" / "data" / "vendor"

Node = dict[str, Any]

PAGE = (VENDOR / "page.txt").read_text(encoding="utf-8")
CONTRACT: Node = yaml.safe_load((ROOT / "openapi" / "leads.yaml").read_text(encoding="utf-8"))
SCHEMAS: Node = CONTRACT["components"]["schemas"]
PUBLISHED: dict[str, Node] = {
    field["name"]: field
    for field in json.loads((VENDOR / "published-types.json").read_text(encoding="utf-8"))
    if field["name"] != "id"
}

HEADINGS = ("Authorizations", "Query Parameters", "Body", "Response")

# What the page cannot say and a contract must.
BEYOND_THE_PAGE = {
    "operation": {"operationId", "summary", "description"},
    "request": {"additionalProperties"},
    "schemas": {"LeadRequest", "Lead", "LeadConfirmation", "DocumentId", "RelatedDocument"},
}

# The page shows one value of each enum, the id of each related document, and never null.
FROM_PUBLISHED_TYPES = {"enum values": 134, "enum fields": 17, "relations": 12, "nullable": 82}


# --- The page -----------------------------------------------------------------------------------


def found(pattern: str) -> str:
    """The first group of *pattern* on the page."""
    match = re.search(pattern, PAGE, re.MULTILINE | re.DOTALL)
    assert match, f"the page has nothing like {pattern}"

    return match[1]


def section(title: str) -> list[str]:
    """The lines under the heading *title*, without the empty ones."""
    text = found(rf"^{title}\n(.*?)(?=^(?:{'|'.join(HEADINGS)})$|\Z)")

    return [line for line in text.splitlines() if line]


def page_headers() -> dict[str, str]:
    """The headers of the page's curl command."""
    return dict(re.findall(r"--header '(.*?): (.*?)'", PAGE))


def page_body() -> Node:
    """The body of the page's curl command."""
    body: Node = json.loads(found(r"--data '(\{.*?^\})'$"))

    return body


def page_answer() -> Node:
    """The answer that the page shows."""
    answer: Node = json.loads(found(r"^\}'\n(\{.*?^\})$"))

    return answer


# --- The contract -------------------------------------------------------------------------------


def operation() -> Node:
    """The one operation of the contract."""
    one: Node = CONTRACT["paths"]["/leads"]["post"]

    return one


def resolved(node: Node) -> Node:
    """What *node* refers to inside the contract, or itself."""
    if "$ref" not in node:
        return node
    target: Any = CONTRACT
    for step in node["$ref"].removeprefix("#/").split("/"):
        target = target[step]

    return resolved(target)


def alternatives(schema: Node) -> Iterator[Node]:
    """The schemas of which a value has to fit one."""
    schema = resolved(schema)
    for branch in schema.get("anyOf", ()):
        yield from alternatives(branch)
    for base in schema.get("allOf", ()):
        yield from alternatives(base)
    if not {"anyOf", "allOf"} & set(schema):
        yield schema


def types(schema: Node) -> set[str]:
    """The JSON types of *schema*, null left out."""
    named: set[str] = set()
    for branch in alternatives(schema):
        one = branch["type"]
        named.update([one] if isinstance(one, str) else one)

    return named - {"null"}


def value_schema(schema: Node) -> Node:
    """The items of an array, or *schema* itself."""
    items: Node = schema.get("items", schema)

    return items


def enum_of(schema: Node) -> list[str] | None:
    """The closed list of values of a field, if it has one."""
    enums = [one["enum"] for one in alternatives(value_schema(schema)) if "enum" in one]

    return enums[0] if enums else None


def targets(schema: Node) -> list[str]:
    """The names that a field refers to."""
    schema = value_schema(schema)

    return [
        one["$ref"].rpartition("/")[2] for one in schema.get("anyOf", [schema]) if "$ref" in one
    ]


def keywords(node: object) -> set[str]:
    """All keywords in *node*, at any depth, names of properties left out."""
    if isinstance(node, list):
        return set().union(*map(keywords, node))
    if not isinstance(node, dict):
        return set()
    inside = [
        keywords(list(value.values()) if key == "properties" else value)
        for key, value in node.items()
    ]

    return set(node).union(*inside)


def validator(name: str) -> Draft202012Validator:
    """A validator for the schema *name*."""
    return Draft202012Validator(
        {"$ref": f"#/components/schemas/{name}", "components": CONTRACT["components"]}
    )


def properties(name: str) -> dict[str, Node]:
    """The properties of the schema *name*."""
    named: dict[str, Node] = SCHEMAS[name]["properties"]

    return named


def json_type(value: object) -> str:
    """The JSON type of *value*."""
    names = {bool: "boolean", int: "number", str: "string", list: "array", dict: "object"}

    return names[type(value)]


def is_relation(name: str) -> bool:
    """Whether the published types say that the field *name* refers to documents."""
    return PUBLISHED[name]["relation"] is not None


def expected_types(example: object, *relation: str) -> set[str]:
    """The types due for a value of which the page shows *example*; *relation* if it is an id."""
    return set(relation) or {json_type(example)}
