"""Names for classes: valid, free, and each for one schema."""

from __future__ import annotations

import itertools
import keyword
import re

from leadline_openapi.contract import Contract
from leadline_openapi.errors import SpecError

_IMPORTS = """
Annotated Any ConfigDict Dict Field Headers JsonObject List Literal MISSING Optional Parameters
StrictBool StrictFloat StrictInt StrictStr TypeAliasType Union
"""
RESERVED = frozenset(_IMPORTS.split())
"""Names that the generated modules import."""


def class_name(text: str) -> str:
    """
    *text* as the name of a class: `lead-request` gives `LeadRequest`.

    A name that Python or the generated code needs itself gets `Schema` after it, one that cannot start
    a name gets it in front.
    """
    parts = re.split(r"[^A-Za-z0-9]+", text)
    name = "".join(part[:1].upper() + part[1:] for part in parts)
    if not name[:1].isalpha():
        return f"Schema{name}"
    return f"{name}Schema" if name in RESERVED or keyword.iskeyword(name) else name


class Names:
    """The names that are taken, in *sources*, with the pointer of the schema that has each."""

    def __init__(self, contract: Contract) -> None:
        self._contract = contract
        self.sources: dict[str, str] = {}

    def take(self, name: str, pointer: str) -> None:
        """Note that *name* is that of the schema at *pointer*. Raises `SpecError` if it is taken."""
        if name in self.sources:
            raise SpecError(
                self._contract.place(pointer),
                f"two models would be called `{name}`: this one, and that of {self.sources[name]}",
                "rename one of the schemas",
            )
        self.sources[name] = pointer

    def free(self, wanted: str) -> str:
        """A name for a schema that has none of its own: *wanted*, numbered if that is taken."""
        candidates = (f"{wanted}{number}" for number in itertools.count(2))
        return next(
            name for name in itertools.chain((wanted,), candidates) if name not in self.sources
        )
