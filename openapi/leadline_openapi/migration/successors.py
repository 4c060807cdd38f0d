"""What classes of old models have become, for code that sends them and for code that reads them."""

from __future__ import annotations

import ast

from leadline_openapi.migration.classes import Module
from leadline_openapi.models.directions import Side


def successor(old: Module, new: Module, name: str, side: Side) -> str | None:
    """
    What code on *side* has of *new* in the place of *name*; `None` where there is nothing for it.

    A schema may have two classes on one side of the change, and one on the other.
    """
    for known in (name, old.facing.twins.get(name)):
        if known is not None and known in new:
            return new.serving(known, side)
    return None


def translated(old: Module, new: Module, type_: ast.expr, side: Side) -> ast.expr:
    """*type_* of *old* in the names that code on *side* has in *new*."""
    copy = ast.parse(ast.unparse(type_), mode="eval")
    _Translation(old, new, side).visit(copy)
    return copy.body


class _Translation(ast.NodeTransformer):
    def __init__(self, old: Module, new: Module, side: Side) -> None:
        self._old, self._new = old, new
        self._side: Side = side

    def visit_Name(self, node: ast.Name) -> ast.Name:
        if node.id not in self._old:
            return node
        now = successor(self._old, self._new, node.id, self._side)
        return ast.Name(id=now or node.id, ctx=node.ctx)
