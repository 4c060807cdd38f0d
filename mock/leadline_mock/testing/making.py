"""From the options of a test to a mock."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from os import PathLike
from pathlib import Path
from typing import Any, TypedDict, Unpack

from leadline_mock.faults import Fault, FaultPlan, fault_from_text
from leadline_mock.hints import did_you_mean
from leadline_mock.mocking import Mock
from leadline_mock.testing import remembered
from leadline_mock.world import DEFAULT_KEY, Clock, Ids, World, utc_now
from leadline_openapi import Contract, LeadlineError, profiles

CONTRACT = ("contract", "spec", "overlays", "profile")
"""The options that say which contract is meant."""


class BadMock(LeadlineError):
    """A mock was asked for that cannot be: the message names the option, and what would do."""


class Options(TypedDict, total=False):
    """
    What a mock for tests may be told; `None` is as good as nothing.

    *spec*: an OpenAPI document; the packaged leads API by default. *overlays*: files, applied in order,
    after those of *profile*. *keys*: the API keys it accepts; `test-api-key` by default. *mode*: `strict`
    or `warn`. *seed* decides what is made up or random. *dynamic*: answers are made up where the contract
    has no example. *faults*: what goes wrong, each as often as its rate says. *clock*: a time that stands
    still, or a function that gives the time.
    """

    spec: str | Path | None
    overlays: Sequence[str | Path] | None
    profile: str | None
    keys: Sequence[str] | None
    mode: str | None
    seed: int | None
    dynamic: bool | None
    faults: Sequence[Fault | str] | None
    clock: datetime | Clock | None


def make(contract: Contract | None = None, **options: Unpack[Options]) -> Mock:
    """
    The mock of *contract*, or of the one that *options* name.

    Raises `BadMock`, `BadWorld`, `BadFault`, `SpecError`, `UnknownProfile`.
    """
    check_names(options)
    given: dict[str, Any] = {name: value for name, value in options.items() if value is not None}
    for name, (fits, expected) in _KINDS.items():
        if name in given and not fits(given[name]):
            but = "" if name == "keys" else f", not {given[name]!r:.60}"  # keys are secret
            raise BadMock(f"`{name}` has to be {expected}{but}")
    return Mock([_contract(contract, given)], _world(given))


def check_names(given: Iterable[str]) -> None:
    """Raises `BadMock` for the first name of *given* that is no option of a mock."""
    known = ["contract", *Options.__annotations__]
    for name in given:
        if name not in known:
            hint = did_you_mean(name, known) or f"there are: {', '.join(known)}"
            raise BadMock(f"a mock has no option `{name}`; {hint}")


def _contract(contract: Contract | None, given: Mapping[str, Any]) -> Contract:
    if contract is None:
        overlays = [Path(one) for one in given.get("overlays", ())]
        stack = profiles.stack(given.get("profile"), overlays)
        return remembered.load(Path(given["spec"]) if "spec" in given else None, stack)
    if not isinstance(contract, Contract):
        told = "what `leadline_openapi.load` gives; a file is named by `spec`"
        raise BadMock(f"`contract` has to be {told}, not {contract!r:.60}")
    for name in CONTRACT:
        if name in given:
            raise BadMock(f"`{name}` says nothing beside `contract`, which is loaded already")
    return contract


def _world(given: Mapping[str, Any]) -> World:
    seed: int = given.get("seed", 0)
    faults = [
        one if isinstance(one, Fault) else fault_from_text(one) for one in given.get("faults", ())
    ]
    return World(
        keys=tuple(given.get("keys", (DEFAULT_KEY,))),
        mode=given.get("mode", "strict"),
        clock=_clock(given.get("clock", utc_now)),
        ids=Ids(seed),
        seed=seed,
        dynamic=given.get("dynamic", False),
        faults=FaultPlan(faults, seed),
    )


def _clock(clock: datetime | Clock) -> Clock:
    return (lambda: clock) if isinstance(clock, datetime) else clock


def _several(*kinds: type) -> Callable[[Any], bool]:
    """Whether a value is a list of *kinds*; a text is a sequence too, and never meant as one."""

    def fits(value: Any) -> bool:
        is_list = isinstance(value, Sequence) and not isinstance(value, str | bytes)
        return is_list and all(isinstance(one, kinds) for one in value)

    return fits


_are_texts = _several(str)
_KINDS: Mapping[str, tuple[Callable[[Any], bool], str]] = {
    "spec": (lambda value: isinstance(value, str | PathLike), "the name of a file"),
    "overlays": (_several(str, PathLike), "a list of names of files"),
    "profile": (lambda value: isinstance(value, str), "a name"),
    "keys": (
        lambda value: _are_texts(value) and value and all(value),
        "a list of one text at least, none of them empty",
    ),
    "mode": (lambda value: isinstance(value, str), "`strict` or `warn`"),
    "seed": (lambda value: type(value) is int, "a whole number"),
    "dynamic": (lambda value: isinstance(value, bool), "true or false"),
    "faults": (_several(str, Fault), "a list of faults, such as `status=503;rate=10%`"),
    "clock": (
        lambda value: value.tzinfo is not None if isinstance(value, datetime) else callable(value),
        "a time with a time zone, or a function that gives one",
    ),
}
