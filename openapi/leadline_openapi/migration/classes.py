"""The classes of a generated module, as a caller sees them: names, types, what has to be given."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from leadline_openapi.models.directions import Side
from leadline_openapi.models.facing import Facing

_MISSING = "MISSING"
_SENT: frozenset[Side] = frozenset(("sent",))


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """
    One field: its *name* in Python, and *alias*, how it travels.

    *type* is its annotation without constraints and without what stands for "not sent"; a field that
    *is_required* has to be given.
    """

    name: str
    alias: str
    type: ast.expr
    is_required: bool

    @property
    def spelled(self) -> str:
        """The type as Python writes it."""
        return ast.unparse(self.type)


@dataclass(frozen=True, slots=True)
class Module:
    """
    What a module defines: *classes* with their own fields and their *bases*, and *aliases* of types.

    *facing* tells which of them are sent and read.
    """

    classes: Mapping[str, Mapping[str, Field]]
    bases: Mapping[str, tuple[str, ...]]
    aliases: Mapping[str, ast.expr]
    facing: Facing

    def __contains__(self, name: object) -> bool:
        return name in self.classes or name in self.aliases

    def sides(self, name: str) -> frozenset[Side]:
        """For which sides the class or alias *name* is; parameters are only sent."""
        return self.facing.sides.get(name, _SENT)

    def serving(self, name: str, side: Side) -> str | None:
        """Of the classes of the schema that *name* is one of, the one for *side*."""
        twin = self.facing.twins.get(name)
        return next((one for one in (name, twin) if one and side in self.sides(one)), None)

    def fields(self, name: str) -> dict[str, Field]:
        """All fields of the class *name*, those that it inherits first."""
        found: dict[str, Field] = {}
        for base in self.bases.get(name, ()):
            found |= self.fields(base)
        return found | dict(self.classes.get(name, {}))

    def values(self, type_: ast.expr) -> list[object] | None:
        """The values that *type_* lists, followed through aliases; `None` where it is no such list."""
        if isinstance(type_, ast.Name) and type_.id in self.aliases:
            return self.values(self.aliases[type_.id])
        if isinstance(type_, ast.Subscript) and ast.unparse(type_.value) == "Literal":
            inner = type_.slice
            parts = inner.elts if isinstance(inner, ast.Tuple) else [inner]
            return [ast.literal_eval(part) for part in parts]
        return None


def read(code: str, facing: Facing) -> Module:
    """What the *code* of a generated module defines, and, by *facing*, for which side."""
    classes: dict[str, Mapping[str, Field]] = {}
    bases: dict[str, tuple[str, ...]] = {}
    aliases: dict[str, ast.expr] = {}
    for node in ast.parse(code).body:
        if isinstance(node, ast.ClassDef):
            classes[node.name] = {one.alias: one for one in _fields(node)}
            bases[node.name] = tuple(ast.unparse(base) for base in node.bases)
        elif isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            call = node.value
            if isinstance(call, ast.Call) and len(call.args) == 2:
                aliases[node.targets[0].id] = _plain(call.args[1])
    return Module(classes, bases, aliases, facing)


def _fields(node: ast.ClassDef) -> Iterator[Field]:
    for one in node.body:
        if isinstance(one, ast.AnnAssign) and isinstance(one.target, ast.Name):
            name = one.target.id
            plain = _plain(one.annotation)
            yield Field(
                name=name,
                alias=_alias(one.annotation) or name,
                type=plain,
                is_required=one.value is None,
            )


def _alias(annotation: ast.expr) -> str:
    for node in ast.walk(annotation):
        if isinstance(node, ast.keyword) and node.arg == "alias":
            return str(ast.literal_eval(node.value))
    return ""


def _plain(annotation: ast.expr) -> ast.expr:
    """*annotation* without constraints, and without what stands for "not sent"."""
    parts = [part for part in alternatives(annotation) if ast.unparse(part) != _MISSING]
    found = parts[0] if parts else annotation
    for part in parts[1:]:
        found = ast.BinOp(left=found, op=ast.BitOr(), right=part)
    return found


def alternatives(annotation: ast.expr) -> Iterator[ast.expr]:
    """The types that *annotation* is a union of, each without constraints."""
    if isinstance(annotation, ast.BinOp):
        yield from alternatives(annotation.left)
        yield from alternatives(annotation.right)
    elif isinstance(annotation, ast.Subscript):
        yield from _inside(annotation)
    elif isinstance(annotation, ast.Constant) and isinstance(annotation.value, str):
        yield ast.Name(id=annotation.value, ctx=ast.Load())  # a class that is defined further down
    else:
        yield annotation


def _inside(annotation: ast.Subscript) -> Iterator[ast.expr]:
    word, inner = ast.unparse(annotation.value), annotation.slice
    if word == "Annotated" and isinstance(inner, ast.Tuple):
        yield from alternatives(inner.elts[0])
    elif word == "Union" and isinstance(inner, ast.Tuple):
        for one in inner.elts:
            yield from alternatives(one)
    elif word == "Literal":
        yield annotation
    else:
        parts = inner.elts if isinstance(inner, ast.Tuple) else [inner]
        plain = [_plain(part) for part in parts]
        held = plain[0] if len(plain) == 1 else ast.Tuple(elts=plain, ctx=ast.Load())
        yield ast.Subscript(value=annotation.value, slice=held, ctx=ast.Load())
