"""What JSON Schema and Pydantic see differently, settled for generated models.

JSON Schema counts `1.0` among the integers, keeps `1` and `1.0` one number, and takes every string
that JSON can spell, unpaired surrogates included; so do the classes here. What Python's own JSON
reader adds to the grammar (`NaN`, `Infinity`, numbers out of range) is refused. One thing is beyond
Pydantic: an unpaired surrogate in the name of a member, or in a string that has a limit.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping
from typing import Annotated, Any, Literal, NoReturn, Self

from pydantic import (
    AllowInfNan,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    PlainSerializer,
    Strict,
    ValidationError,
    WrapValidator,
    model_validator,
)
from pydantic_core import InitErrorDetails


def _integral(value: Any) -> Any:
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _number(value: Any, check: Callable[[Any], float]) -> float:
    return value if type(value) is int else check(value)


def _same(value: Any) -> Any:
    return value


StrictInt = Annotated[int, Strict(), BeforeValidator(_integral)]
"""An integer: no string, no boolean."""

StrictFloat = Annotated[
    float,
    Strict(),
    AllowInfNan(False),
    WrapValidator(_number),
    PlainSerializer(_same, return_type=int | float),
]
"""A number: no string, no boolean. An integer stays one, whatever its size."""

_Extra = Literal["allow", "ignore", "forbid"]


class JsonObject(BaseModel):
    """
    A JSON object. Members that a class does not know are kept, unless the contract forbids them.

    A member that was not sent is `MISSING`, which is not `None`: compare with `is`. Members are
    dumped under their own names, and those that are `MISSING` are left out.
    """

    model_config = ConfigDict(
        extra="allow",
        populate_by_name=True,  # for the constructor; `model_validate` reads wire names only
        protected_namespaces=(),
        serialize_by_alias=True,
        use_attribute_docstrings=True,
    )

    @classmethod
    def model_validate(
        cls,
        obj: Any,
        *,
        strict: bool | None = None,
        extra: _Extra | None = None,
        from_attributes: bool | None = None,
        context: Any | None = None,
        by_alias: bool | None = None,
        by_name: bool | None = False,
    ) -> Self:
        """The instance that *obj*, parsed JSON, describes. Raises `ValidationError`."""
        return super().model_validate(
            obj,
            strict=strict,
            extra=extra,
            from_attributes=from_attributes,
            context=context,
            by_alias=by_alias,
            by_name=by_name,
        )

    @classmethod
    def model_validate_json(
        cls,
        json_data: str | bytes | bytearray,
        *,
        strict: bool | None = None,
        extra: _Extra | None = None,
        context: Any | None = None,
        by_alias: bool | None = None,
        by_name: bool | None = False,
    ) -> Self:
        """The instance that the JSON text *json_data* describes. Raises `ValidationError`."""
        try:
            text = json_data if isinstance(json_data, str) else json_data.decode()
            value = json.loads(text, parse_constant=_refuse, parse_float=_finite)
        except (ValueError, RecursionError) as error:
            problem = InitErrorDetails(
                type="json_invalid", input=json_data, ctx={"error": str(error)}
            )
            raise ValidationError.from_exception_data(
                cls.__name__, [problem], input_type="json"
            ) from None
        return cls.model_validate(
            value, strict=strict, extra=extra, context=context, by_alias=by_alias, by_name=by_name
        )


class Parameters(JsonObject):
    """The parameters of one request in one place, read from strings; others are ignored."""

    model_config = ConfigDict(extra="ignore", allow_inf_nan=False)


class Headers(Parameters):
    """The header parameters of one request; upper and lower case are the same in their names."""

    @model_validator(mode="before")
    @classmethod
    def _any_case(cls, value: Any) -> Any:
        if not isinstance(value, Mapping):
            return value
        fields = cls.model_fields.items()
        known = {wire.lower(): wire for name, field in fields for wire in (field.alias or name,)}
        return {known.get(name.lower(), name): member for name, member in value.items()}


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"`{constant}` is not JSON")


def _finite(text: str) -> float:
    value = float(text)
    if math.isinf(value):
        raise ValueError("number out of range")
    return value
