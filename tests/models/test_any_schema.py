"""Whatever a contract puts together, the models hold it, or `unheld` says where they do not."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter
from tests.models.contracts import takes, with_schemas
from tests.models.probes import PROBES
from tests.models.schemas import LIBRARY, SCHEMAS

from leadline_openapi import Contract, SpecError, agreement
from leadline_openapi.schema import Library, Schema


def test_the_models_of_any_schema_take_what_it_takes(
    tmp_path_factory: Any, importing: Callable[[Contract], ModuleType]
) -> None:
    """On a thousand probes each, or the schema is among those that are told of."""
    folder = tmp_path_factory.mktemp("any")

    @settings(
        max_examples=8,
        deadline=None,
        suppress_health_check=[
            HealthCheck.too_slow,
            HealthCheck.data_too_large,
            HealthCheck.filter_too_much,
            HealthCheck.large_base_example,
        ],
        phases=(Phase.explicit, Phase.reuse, Phase.generate),  # shrinking takes minutes
    )
    @given(schemas=st.lists(SCHEMAS, min_size=8, max_size=8))
    def agree(schemas: list[Any]) -> None:
        contract = meaningful(folder, {f"Any{at}": one for at, one in enumerate(schemas)})
        made = importing(contract)
        told = {one.pointer.split("/")[3] for one in agreement.unheld(contract)}
        library = Library(dict(contract.document))

        assert not told & LIBRARY.keys()
        for name in set(made.__all__) & contract.document["components"]["schemas"].keys() - told:
            schema = Schema(f"/components/schemas/{name}", library)
            model: TypeAdapter[Any] = TypeAdapter(getattr(made, name))
            wrong = [one for one in PROBES if takes(model, one) != schema.is_valid(one)]
            assert not wrong, (schema.source, wrong[0])

    agree()


def meaningful(folder: Path, schemas: dict[str, Any]) -> Contract:
    """A contract of the library and those *schemas* that a value can satisfy; others are refused."""
    while True:
        try:
            return with_schemas(folder, {**LIBRARY, **schemas})
        except SpecError as error:
            del schemas[error.place.pointer.split("/")[3]]
