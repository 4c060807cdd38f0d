"""The second validator: the pure Python `jsonschema`, put right where it leaves the specification.

Left as it comes, it reads patterns as Python does and divides floating-point numbers. JSON Schema asks
for ECMA-262 patterns (2020-12 section 6.4) and for `multipleOf` on the numbers that are written.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable, Iterator
from fractions import Fraction
from functools import cache
from typing import Any

import jsonschema
import jsonschema_rs
from jsonschema import validators
from referencing import Registry
from referencing.jsonschema import DRAFT202012


def compiler(uri: str, document: dict[str, Any]) -> Callable[[dict[str, str]], Any]:
    """What makes validators for schemas that refer into *document*, known as *uri*."""
    resource = DRAFT202012.create_resource(_with_python_patterns(document))
    registry = Registry().with_resource(uri, resource)
    return lambda schema: _Validator(schema, registry=registry)


def _with_python_patterns(tree: Any) -> Any:
    """
    *tree* with the keys of every `patternProperties` in Python's notation.

    Three keywords of `jsonschema` look at them, so that the keys are changed, not the keywords.
    """
    if isinstance(tree, list):
        return [_with_python_patterns(item) for item in tree]
    if not isinstance(tree, dict):
        return tree
    changed = {key: _with_python_patterns(value) for key, value in tree.items()}
    if isinstance(patterns := changed.get("patternProperties"), dict):
        changed["patternProperties"] = {
            f"(?a:{translate(pattern)})" if _python_pattern(pattern) else pattern: value
            for pattern, value in patterns.items()
        }
    return changed


def _pattern(_: Any, pattern: str, instance: Any, __: Any) -> Iterator[jsonschema.ValidationError]:
    if isinstance(instance, str) and not _matches(pattern, instance):
        yield jsonschema.ValidationError(f"does not match {pattern}")


def _multiple(_: Any, factor: Any, instance: Any, __: Any) -> Iterator[jsonschema.ValidationError]:
    if isinstance(instance, bool) or not isinstance(instance, int | float):
        return
    if (Fraction(repr(instance)) / Fraction(repr(factor))).denominator != 1:
        yield jsonschema.ValidationError(f"is not a multiple of {factor}")


_Validator = validators.extend(  # type: ignore[no-untyped-call]
    jsonschema.Draft202012Validator, {"pattern": _pattern, "multipleOf": _multiple}
)


def _matches(pattern: str, text: str) -> bool:
    compiled = _python_pattern(pattern)
    if compiled is None:
        return jsonschema_rs.Draft202012Validator({"pattern": pattern}).is_valid(text)
    return compiled.search(text) is not None


@cache
def _python_pattern(pattern: str) -> re.Pattern[str] | None:
    r"""*pattern* for Python's `re`; `None` where that cannot say it, as with `\p{L}`."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)  # `[[a]`: what Python may mean by it one day
        try:
            return re.compile(translate(pattern), re.ASCII)
        except re.error:
            return None


_SPACE = r"\t\n\v\f\r \u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff"
_PARTS = re.compile(
    r"\\u\{([0-9A-Fa-f]+)\}|\\k<(\w+)>|\\.|\(\?<(?![=!])|\[\^?\]|[\[\].$]", re.DOTALL
)
_OUTSIDE = {
    "$": r"\Z",
    ".": r"[^\n\r\u2028\u2029]",
    "(?<": "(?P<",
    "[]": "(?!)",
    "[^]": r"[\s\S]",
    r"\s": f"[{_SPACE}]",
    r"\S": f"[^{_SPACE}]",
}
_INSIDE = {r"\s": _SPACE, "[": r"\["}


def translate(pattern: str) -> str:
    """The ECMA-262 *pattern* in Python's notation, to be compiled with `re.ASCII`."""
    translated, at, inside = "", 0, False
    while match := _PARTS.search(pattern, at):
        text, end = match[0], match.end()
        if inside and text.startswith("["):
            text, end = "[", match.start() + 1
        translated += pattern[at : match.start()]
        if match[1]:
            translated += re.escape(chr(int(match[1], 16)))
        elif match[2]:
            translated += f"(?P={match[2]})"
        else:
            translated += (_INSIDE if inside else _OUTSIDE).get(text, text)
        inside = text == "[" or (inside and text != "]")
        at = end
    return translated + pattern[at:]
