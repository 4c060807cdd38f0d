"""The forms in which faults are written: text in a header and on the command line, JSON elsewhere."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import fields
from typing import Any, NoReturn

from leadline_mock.faults.checks import BadFault
from leadline_mock.faults.fault import Fault, spelt
from leadline_mock.faults.percentiles import Percentiles
from leadline_mock.hints import did_you_mean
from leadline_openapi.violation import show

_NUMBER = re.compile(r"[0-9]+(\.[0-9]+)?(e[+-]?[0-9]+)?", re.IGNORECASE)
_DEFAULTS = {spelt(one.name): one.default for one in fields(Fault)}
_FLAGS = frozenset(name for name, default in _DEFAULTS.items() if default is False)
_LONGEST = 60


def fault_from_text(text: str) -> Fault:
    """
    The fault that *text* describes: `status=503;retry-after=2`, `delay=200;jitter=50;rate=10%`, `reset`.

    Raises `BadFault`, which names what is wrong and what is known.
    """
    given: dict[str, Any] = {}
    for part in filter(None, map(str.strip, text.split(";"))):
        written, equals, value = part.partition("=")
        name = _known(written.strip())
        if name in given:
            raise BadFault(f"`{name}` is given twice")
        given[name] = _value(name, value.strip()) if equals else _flag(name)
    return _fault(given)


def fault_from_json(mapping: Any) -> Fault:
    """
    The fault that an object describes: `{"status": 503, "retry-after": 2}`, `{"reset": true}`.

    Its members are called as in the text, `_` may stand for `-`; percentiles are an object,
    `{"delay": {"p50": 40, "p99": 800}}`. Raises `BadFault`, which names what is wrong and what is known.
    """
    if not isinstance(mapping, Mapping):
        told = 'an object such as {"status": 503}'
        raise BadFault(f"a fault is {told}, not {show(mapping)}")
    given: dict[str, Any] = {}
    for written, value in mapping.items():
        name = _known(str(written))
        if name in given:
            raise BadFault(f"`{name}` is given twice")
        given[name] = value
    return _fault(given)


def value_from_text(name: str, text: str) -> Any:
    """What the member *name* of a fault is, written as *text*. Raises `BadFault` for percentiles."""
    if name == "rate" and text.endswith("%"):
        percent = _number(text[:-1].rstrip())
        return percent / 100 if isinstance(percent, int | float) else text
    points = [part.partition("=") for part in text.split(",")]
    if name == "delay" and all(equals for _, equals, _ in points):
        named = {point.strip(): _number(value.strip()) for point, _, value in points}
        return Percentiles.from_mapping(named)
    return _number(text)


def _fault(given: Mapping[str, Any]) -> Fault:
    members = {name.replace("-", "_"): value for name, value in given.items()}
    if isinstance(delay := members.get("delay"), Mapping):
        members["delay"] = Percentiles.from_mapping(delay)
    return Fault(**members)


def _value(name: str, text: str) -> Any:
    if name in _FLAGS:
        raise BadFault(f"`{name}` takes no value, so write it alone")
    return value_from_text(name, text)


def _flag(name: str) -> bool:
    if name not in _FLAGS:
        raise BadFault(f"`{name}` needs a value, as in `{name}={_EXAMPLES[name]}`")
    return True


_EXAMPLES = {
    "status": "503",
    "retry-after": "2",
    "drip": "5",
    "delay": "200",
    "jitter": "50",
    "rate": "0.1",
}


def _number(text: str) -> Any:
    """The number that *text* writes; else *text*, which the fault will refuse as what it is."""
    if not _NUMBER.fullmatch(text) or len(text) > _LONGEST:
        return text
    return int(text) if text.isdigit() else float(text)


def _known(name: str) -> str:
    spelling = spelt(name)
    return spelling if spelling in _DEFAULTS else _unknown(name)


def _unknown(name: str) -> NoReturn:
    meant = did_you_mean(name.lower(), _DEFAULTS)
    there_are = f", {meant} It has" if meant else "; it has"
    raise BadFault(f"a fault has no {show(name)}{there_are}: {', '.join(_DEFAULTS)}")
