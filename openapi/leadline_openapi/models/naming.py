"""Names for classes: valid, free, and each for one schema."""

from __future__ import annotations

import keyword
import re
from collections.abc import Collection

_IMPORTS = """
Annotated Any ConfigDict Dict Field Headers JsonObject List Literal MISSING Optional Parameters
StrictBool StrictFloat StrictInt StrictStr TypeAliasType Union
"""
RESERVED = frozenset(_IMPORTS.split())
"""Names that the generated modules import."""


def class_name(text: str, suffix: str = "") -> str:
    """
    *text*, and the *suffix* behind it, as the name of a class: `lead-request` gives `LeadRequest`.

    A name that Python or the generated code needs itself gets `Schema` after it, one that cannot start
    a name gets it in front.
    """
    parts = re.split(r"[^A-Za-z0-9]+", text)
    name = "".join(part[:1].upper() + part[1:] for part in parts) + suffix
    if not name[:1].isalpha():
        return f"Schema{name}"
    return f"{name}Schema" if name in RESERVED or keyword.iskeyword(name) else name


class Names:
    """The names that are taken, in *sources*, with the pointer of the schema that has each."""

    def __init__(self, besides: Collection[str] = ()) -> None:
        self.sources: dict[str, str] = {}
        self._besides = besides
        self._numbers: dict[str, int] = {}

    def give(self, wanted: str, pointer: str, *, exported: bool = True) -> str:
        """
        A name for the schema at *pointer*: *wanted*, numbered from 2 if that is taken.

        One that is *exported* is none of those *besides* either, which another module exports.
        """
        name, number = wanted, self._numbers.get(wanted, 1)
        while name in self.sources or (exported and name in self._besides):
            number += 1
            name = f"{wanted}{number}"
        self._numbers[wanted] = number
        self.sources[name] = pointer
        return name
