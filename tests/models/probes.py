"""Values that tell one feature of JSON Schema from another."""

from __future__ import annotations

from itertools import product
from typing import Any

_TEXTS = ["", "a", "A", "b", "ab", "abc", "abcdef", "ba", "bb", "aa", "a\n", "1", "12", "x", " "]
_TEXTS += ["\u0663", "é", "\u00a0", "\n", "true", "1.0"]
_NUMBERS = [*range(8), -1, 1.0, 1.5, 2.0, 3.0, 0.3, 2.5, -0.0, 10**30, 1e30, 0.1 + 0.2, 1e308]
_SCALARS: list[Any] = [*_TEXTS, *_NUMBERS, True, False, None]
_LISTS: list[Any] = [
    *([], ["a", "a"], ["a", 1], ["a", 1, 2], [1, 1], ["a", "b"], [["a"]], [[1]], [[]], [[[]]]),
    *([{"kind": "cat"}], [{"a": "x"}], [{"a": 1}], [{}]),
    *([scalar] for scalar in _SCALARS),
]
_NAMES = ["a", "b", "name", "age", "kind", "next", "kids", "z", "c", "zzz", "", "1", "$x", "self"]
_NAMES += ["a-b", "a_b", "class", "class_", "json", "_id", "field_id", "model_config"]
_MEMBERS: list[Any] = [
    *("a", "ab", "abcdef", 1, 2.0, 5, 1.5, True, None, [], {}, ["a"], [1], [{}], [1.0]),
    *({"b": {"c": 1}}, {"b": {"c": "x"}}, {"b": {}}, {"a": 1}, {"a": "a"}, {"kind": "cat"}),
    *({"next": 1}, [{"next": {}}], {"z": 1}, {"z": "q"}),
]
_TAGGED: list[dict[str, Any]] = [
    *({}, {"lives": 1}, {"lives": "x"}, {"barks": True}, {"barks": 1}, {"name": "a"}, {"age": 1}),
    *({"age": "x"}, {"name": 1, "age": 1}, {"zzz": 1}, {"name": "n", "age": 2}),
]

PROBES: list[Any] = [
    *_SCALARS,
    *_LISTS,
    {},
    *({name: member} for name, member in product(_NAMES, _MEMBERS)),
    *({"kind": kind, **more} for kind, more in product(("cat", "dog", "plain", 1), _TAGGED)),
    *({"a": one, "b": two} for one, two in product(("a", 1, None), ("a", 1, None, True))),
    *({"name": "a", "age": age} for age in (1, "x")),
    *({"name": "aa", "age": 1, "q": 1}, {"name": "aa", "q": 1}),
    *({"a": "x", "q": 1}, {"a": "x", "b": "y", "q": "1"}),
]
