"""What jsonschema-rs makes too simple is no ground for a proof."""

from __future__ import annotations

from typing import Any

import jsonschema_rs
import pytest
from jsonschema_rs import canonical

from leadline_openapi.diff.misread import is_misread

_REST = {"unevaluatedProperties": {"type": "integer"}}
_CHOICE = {"anyOf": [{"required": ["c"]}, {"properties": {"b": {}}}]}


@pytest.mark.parametrize(
    ("schema", "expected"),
    [
        ({"if": _CHOICE, **_REST}, True),
        ([{"if": {"$ref": "#/components/schemas/A"}}, _REST], True),
        ({"if": {"required": ["c"]}, **_REST}, False),
        ({"if": _CHOICE, "additionalProperties": False}, False),
        ({**_CHOICE, **_REST}, False),
    ],
)
def test_only_a_condition_with_branches_beside_a_rest_is_misread(
    schema: Any, expected: bool
) -> None:
    """All other schemas keep their proofs."""
    assert is_misread(schema) is expected


def test_jsonschema_rs_still_takes_one_for_the_other() -> None:
    """Once this fails, its proofs can be trusted again, and the module has done its service."""
    seen: tuple[dict[str, Any], ...] = ({"properties": {"b": {}}}, {})
    old, new = (
        {
            "type": "object",
            "if": {"required": ["b"], "anyOf": [{"required": ["a"], "anyOf": [False, inner]}]},
            **_REST,
        }
        for inner in seen
    )
    document = {"a": 1, "b": "b"}
    forms = [jsonschema_rs.canonicalize(one, draft=jsonschema_rs.Draft202012) for one in (old, new)]

    assert jsonschema_rs.is_valid(old, document)
    assert not jsonschema_rs.is_valid(new, document)
    assert forms[1].covers(forms[0]) == canonical.Containment.YES
    assert is_misread(old)
