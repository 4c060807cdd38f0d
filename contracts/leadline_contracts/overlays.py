"""Overlays that are written for a person to review: targets that name one place, YAML that can be read."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from textwrap import wrap
from typing import Any

import yaml

from leadline_openapi import Contract
from leadline_openapi import pointer as pointers

_IDENTIFIER = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_OVERLAY = "/actions/"
_WIDTH = 110


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """
    One action of an OpenAPI Overlay on the JSONPath *target*: an *update*, or a removal where that is `None`.

    *comment* stands before it in the file.
    """

    target: str
    description: str
    update: Mapping[str, Any] | None = None
    comment: str = ""

    @property
    def facts(self) -> dict[str, Any]:
        """The action as an overlay has it."""
        what = {"remove": True} if self.update is None else {"update": self.update}
        return {"target": self.target, "description": self.description, **what}


def render(head: str, title: str, version: str, actions: Sequence[Action]) -> str:
    """The overlay of *actions* as YAML text, which *head* explains."""
    info = {"overlay": "1.0.0", "info": {"title": title, "version": version}}
    parts = [_commented(head), _written(info), "actions:\n"]
    for action in actions:
        if action.comment:
            parts += ["\n", _commented(action.comment)]
        parts.append(_written([action.facts]))
    return "".join(parts)


def _commented(text: str) -> str:
    lines = (part for line in text.splitlines() for part in wrap(line, _WIDTH))
    return "".join(f"# {line}\n" for line in lines)


def reachable(contract: Contract, pointer: str) -> bool:
    """Whether an overlay can name *pointer*: it is applied to the root document alone."""
    place = contract.places.get(pointer)
    return place is not None and (
        (place.file, place.pointer) == (contract.source, pointer)
        or place.pointer.startswith(_OVERLAY)
    )


def order(contract: Contract) -> Callable[[str], int]:
    """Sorts pointers as the document has them."""
    numbers = {pointer: number for number, pointer in enumerate(contract.places)}
    return lambda pointer: numbers.get(pointer, len(numbers))


def target(document: Mapping[str, Any], pointer: str) -> str:
    """The JSONPath (RFC 9535) that names what *pointer* names."""
    return "$" + "".join(_segments(document, pointers.tokens(pointer)))


def siblings(document: Mapping[str, Any], parent: str, names: Sequence[str]) -> str:
    """The JSONPath that names the members *names* of the object at *parent*."""
    if len(names) == 1:
        return target(document, parent + pointers.pointer(names))
    return f"{target(document, parent)}[{', '.join(map(quoted, names))}]"


def _segments(document: Mapping[str, Any], tokens: Sequence[str]) -> Iterator[str]:
    value: Any = document
    for token in tokens:
        if isinstance(value, list):
            yield f"[{token}]"
            value = value[int(token)]
            continue
        yield f".{token}" if _IDENTIFIER.fullmatch(token) else f"[{quoted(token)}]"
        value = value.get(token) if isinstance(value, Mapping) else None


def quoted(name: str) -> str:
    """*name* as a string literal of JSONPath (RFC 9535 section 2.3.1.1)."""
    escaped = name.replace("\\", "\\\\").replace("'", "\\'")
    return "'" + re.sub(r"[\x00-\x1f]", lambda match: f"\\u{ord(match[0]):04x}", escaped) + "'"


class _Dumper(yaml.SafeDumper):
    """Writes texts of several lines as blocks, and everything in full, as a reviewer can read it."""

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002 - PyYAML's interface
        return True


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.Node:
    style = "|" if "\n" in text else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Dumper.add_representer(str, _text)


def _written(value: Any) -> str:
    return yaml.dump(value, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=_WIDTH)
