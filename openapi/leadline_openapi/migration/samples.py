"""Code that a caller may have: values of types, and calls of classes."""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping

from leadline_openapi.migration.classes import Module

_DEEP = 4
_UNKNOWN = "..."
_VALUES = {
    "StrictStr": '"text"',
    "str": '"text"',
    "StrictInt": "1",
    "int": "1",
    "StrictFloat": "1.5",
    "float": "1.5",
    "StrictBool": "True",
    "bool": "True",
    "None": "None",
    "Any": "None",
}


def value(module: Module, type_: ast.expr, deep: int = 0) -> str:
    """A value of *type_* as Python writes it; `...` where none is known."""
    if listed := module.values(type_):
        return literal(listed[0])
    if isinstance(type_, ast.BinOp):
        return value(module, type_.left, deep)
    if isinstance(type_, ast.Subscript):
        word = ast.unparse(type_.value)
        if word == "list":
            return f"[{value(module, type_.slice, deep + 1)}]"
        return "{}" if word == "dict" else _UNKNOWN
    name = ast.unparse(type_)
    if name in module.aliases and deep < _DEEP:
        return value(module, module.aliases[name], deep + 1)
    if name in module.classes:
        return call(module, name, deep=deep + 1)
    return _VALUES.get(name, _UNKNOWN)


def call(
    module: Module, name: str, given: Mapping[str, str] | None = None, *, deep: int = 0
) -> str:
    """A call of the class *name* with what it has to be given; *given* are values by name of field."""
    if deep > _DEEP:
        return _UNKNOWN
    given = given or {}
    arguments = [
        f"{field.name}={given.get(field.name) or value(module, field.type, deep)}"
        for field in module.fields(name).values()
        if field.is_required or field.name in given
    ]
    return f"{name}({', '.join(arguments)})"


def sample(module: Module, name: str) -> str:
    """A value of the class or alias *name*."""
    return value(module, ast.Name(id=name, ctx=ast.Load()))


def variable(name: str) -> str:
    """How a caller may call an instance of the class *name*: `NoteRequest` gives `note_request`."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()


def literal(found: object) -> str:
    """*found* as Python writes it, a text in the quotes that formatters prefer."""
    shown = repr(found)
    is_plain = isinstance(found, str) and '"' not in found and shown.startswith("'")
    return f'"{shown[1:-1]}"' if is_plain else shown
