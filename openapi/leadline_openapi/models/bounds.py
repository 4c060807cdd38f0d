"""How deep schemas may build on each other."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from leadline_openapi.contract import Contract
from leadline_openapi.errors import Place, SpecError


@contextmanager
def bounded(contract: Contract) -> Iterator[None]:
    """Within, schemas that build on each other deeper than Python can follow are a `SpecError`."""
    try:
        yield
    except RecursionError:
        raise SpecError(
            Place(contract.source),
            "hundreds of schemas build on each other by `allOf`: that is too deep for models",
            "put what they have in common into fewer of them",
        ) from None
