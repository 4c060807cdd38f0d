"""What the tests of the models share: generated packages, imported."""

from __future__ import annotations

import importlib
import itertools
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType

import pytest

from leadline_openapi import Contract, models, writing

_numbers = itertools.count()


@pytest.fixture(scope="module")
def importing(
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Callable[..., ModuleType]]:
    """Generates the models of a contract into a package of its own, and imports that."""
    folder = tmp_path_factory.mktemp("generated")
    sys.path.insert(0, str(folder))
    made: list[str] = []

    def importing(contract: Contract, *, variants: bool = True) -> ModuleType:
        name = f"models_{next(_numbers)}"
        made.append(name)
        writing.write(models.generate(contract, variants=variants), Path(folder / name))
        importlib.invalidate_caches()
        return importlib.import_module(name)

    yield importing
    sys.path.remove(str(folder))
    for module in [module for module in sys.modules if module.partition(".")[0] in made]:
        del sys.modules[module]
