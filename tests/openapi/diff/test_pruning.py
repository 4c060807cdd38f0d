"""A schema that is cut down to one value judges that value as the whole schema does."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from tests.openapi.diff.specs import contract_of, loaded
from tests.openapi.diff.strategies import documents, pairs

from leadline_openapi import SpecError
from leadline_openapi import pointer as pointers
from leadline_openapi.diff import pruning
from leadline_openapi.schema import Library

_X = "/components/schemas/X"
_T = {"$ref": "#/components/schemas/T"}


def _judged(library: Library, value: Any) -> bool:
    return pruning.is_valid(_X, lambda at: pointers.find(library.document, at), value)


@given(both=pairs(), data=st.data())
def test_the_verdict_is_that_of_the_whole(
    tmp_path_factory: pytest.TempPathFactory, both: tuple[Any, Any], data: st.DataObject
) -> None:
    """For values that fit, for others, and for schemas that lead to themselves."""
    try:
        contract = loaded(tmp_path_factory.getbasetemp(), "pruned", contract_of(both[1]))
    except SpecError:
        assume(False)
    library = Library(dict(contract.document))
    for _ in range(10):
        value = data.draw(documents(both[1], both[1]["X"]))
        try:
            verdict = _judged(library, value)
        except pruning.Unprunable:
            assume(False)
        assert verdict is library.at(_X).is_valid(value)


@pytest.mark.parametrize(
    ("schema", "good", "bad"),
    [
        ({"patternProperties": {"^a": _T}}, {"a1": "t"}, {"a1": 1}),
        ({"properties": {"b": True}, "additionalProperties": _T}, {"b": 1, "c": "t"}, {"c": 1}),
        ({"prefixItems": [True], "items": _T}, [1, "t"], ["t", 1]),
        ({"prefixItems": [_T], "items": False}, ["t"], ["t", "t"]),
        ({"dependentSchemas": {"a": {"required": ["b"]}}}, {"b": 1}, {"a": 1}),
        ({"properties": {"a": _T}, "unevaluatedProperties": False}, {"a": "t"}, {"b": "t"}),
        ({**_T, "minLength": 2}, "tt", "t"),
    ],
)
def test_each_keyword_keeps_its_meaning(schema: Any, good: Any, bad: Any) -> None:
    """What is taken is taken, what is refused is refused."""
    library = Library({"components": {"schemas": {"X": schema, "T": {"type": "string"}}}})

    assert _judged(library, good)
    assert not _judged(library, bad)
    assert library.at(_X).is_valid(good)
    assert not library.at(_X).is_valid(bad)


def test_what_is_asked_of_several_values_at_once_is_not_cut_down() -> None:
    """A reference behind `contains` is tried on every item."""
    schemas = {"X": {"contains": _T}, "T": {"type": "string"}}

    with pytest.raises(pruning.Unprunable):
        _judged(Library({"components": {"schemas": schemas}}), ["t"])
