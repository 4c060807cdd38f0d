"""What carries values as text: parameters, headers and forms."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from leadline_openapi import mediatype
from leadline_openapi.parameters import DEFAULT_STYLES, STYLES

_FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")


@dataclass(frozen=True, slots=True)
class Carrier:
    """What carries a value as text: the *location* of a parameter, or `form`, and how it is written there."""

    location: str
    style: str = "form"
    explode: bool = True


Carriers = tuple[Carrier, Carrier]


def carrier(parameter: Mapping[str, Any]) -> Carrier | None:
    """That of a Parameter or Header Object; `None` where it carries JSON, or in a style not read here."""
    location = str(parameter.get("in", "header"))
    style = str(parameter.get("style", DEFAULT_STYLES.get(location, "")))
    if "content" in parameter or style not in STYLES.get(location, ()):
        return None
    return Carrier(location, style, parameter.get("explode", style == "form") is True)


def form(name: str, media: Mapping[str, Any]) -> Carrier | None:
    """That of a body of the media type *name*; `None` where it is no form, or says of parts how they are."""
    is_form = any(mediatype.covers(one, name) for one in _FORMS)
    return Carrier("form") if is_form and not media.get("encoding") else None
