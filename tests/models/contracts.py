"""Contracts for the tests of the models, and the question that they ask of a class."""

from __future__ import annotations

import json
from pathlib import Path
from textwrap import dedent
from typing import Any

from pydantic import TypeAdapter, ValidationError

from leadline_openapi import Contract, load

SPECS = Path(__file__).parent / "specs"


def loaded(folder: Path, text: str) -> Contract:
    """The contract that *text* says."""
    (folder / "api.yaml").write_text(dedent(text), "utf-8")
    return load(folder / "api.yaml")


def with_schemas(folder: Path, schemas: dict[str, Any]) -> Contract:
    """A contract of *schemas* alone."""
    document = {
        "openapi": "3.1.0",
        "info": {"title": "Schemas", "version": "1"},
        "paths": {},
        "components": {"schemas": schemas},
    }
    return loaded(folder, json.dumps(document))


def takes(model: Any, value: Any) -> bool:
    """Whether *model*, a class, an alias or an adapter, takes *value*."""
    adapter: TypeAdapter[Any] = model if isinstance(model, TypeAdapter) else TypeAdapter(model)
    try:
        adapter.validate_python(value, by_name=False)
    except ValidationError:
        return False
    return True
