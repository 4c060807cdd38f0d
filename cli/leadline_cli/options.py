"""The options that say which contract is meant; the same for every command."""

from __future__ import annotations

import functools
import math
import re
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, TypeVar, cast

import click
from click.core import ParameterSource

from leadline_cli.settings import settings
from leadline_openapi import Contract, load, profiles


class Finite(click.FloatRange):
    """A number in a range: neither `inf` nor `nan`, which is in every range as it compares to nothing."""

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> float:
        """The number that *value* spells."""
        number = float(super().convert(value, param, ctx))
        if not math.isfinite(number):
            self.fail(f"{value} is not a finite number.", param, ctx)
        return number


SECONDS = Finite(min=0.1, max=604_800)
"""A span of time that is no more than a week; sockets cannot wait for any number of seconds."""

_Command = TypeVar("_Command", bound=Callable[..., Any])


def adding(*options: Callable[[Any], Any]) -> Callable[[_Command], _Command]:
    """A decorator that adds click's *options* to a command, in this order."""

    def add(command: _Command) -> _Command:
        for option in reversed(options):
            command = option(command)
        return command

    return add


def contract_options_for(*, several: bool) -> Callable[[_Command], _Command]:
    """
    Add `--spec`, `--profile` and `--overlay` to a command; `specs` instead of `spec` for *several*.

    Where the command line does not say it, the project's `pyproject.toml` does.
    """
    more = "; repeat it to serve several" if several else ""
    options = adding(
        click.option(
            "--spec",
            "specs" if several else "spec",
            type=click.Path(path_type=Path),
            multiple=several,
            metavar="FILE",
            help=f"OpenAPI 3.0, 3.1 or 3.2 document, YAML or JSON{more}."
            "  [default: that of pyproject.toml, else the leads API]",
        ),
        click.option(
            "--profile",
            metavar="NAME",
            help=f"Named stack of overlays for the leads API: {', '.join(profiles.names())}."
            f"  [default: {profiles.DEFAULT_PROFILE}]",
        ),
        click.option(
            "--overlay",
            "overlays",
            type=click.Path(path_type=Path),
            multiple=True,
            metavar="FILE",
            help="OpenAPI Overlay document to apply; repeat it to apply several, in order.",
        ),
    )
    name = "specs" if several else "spec"
    return lambda command: options(_with_settings(command, name))


def _with_settings(command: _Command, spec: str) -> _Command:
    @functools.wraps(command)
    def run(**given: Any) -> Any:
        named = {one: given.pop(one) for one in (spec, "profile", "overlays")}
        return command(**_settled(named, spec), **given)

    return cast(_Command, run)


def _settled(named: dict[str, Any], spec: str) -> dict[str, Any]:
    """
    The contract that is *named* on the command line, completed from `pyproject.toml`.

    What is written down there of overlays is for the spec that is written down there, also where that is
    named as well, and gives way to any that are named.
    """
    written = settings()
    given = named[spec] if spec == "specs" else (named[spec],) if named[spec] else ()
    if not given and written.spec is not None:
        named = {**named, spec: (written.spec,) if spec == "specs" else written.spec}
    if not all(map(written.are_for, given)):
        return named
    if named["profile"] is None and not named["overlays"]:
        named = {**named, "profile": written.profile, "overlays": written.overlays}
    return named


contract_options = contract_options_for(several=False)
"""Add `--spec`, `--profile` and `--overlay` to a command."""


def load_contract(spec: Path | None, profile: str | None, overlays: tuple[Path, ...]) -> Contract:
    """
    The contract that the options name.

    The packaged contract comes with its default profile, unless overlays say otherwise; with both, the
    overlays are applied after those of the profile. Raises `SpecError`, `UnknownProfile`.
    """
    return load(spec, profiles.stack(profile, overlays))


def contract_files(contract: Contract) -> set[Path]:
    """The files that *contract* was read from, overlays and what is referred to among them."""
    return {Path(place.file) for place in contract.places.values()}


def given_options() -> dict[str, str]:
    """What stands on the command line: options as people write them, by what click calls them."""
    context = click.get_current_context()
    return {
        name: one.opts[0]
        for one in context.command.params
        if (name := one.name or "")
        and context.get_parameter_source(name) is ParameterSource.COMMANDLINE
    }


def refuse_beside(option: str, others: Iterable[str], why: str) -> None:
    """Raise `click.UsageError` where one of *others*, as click calls them, was given beside *option*."""
    given = given_options()
    for name in others:
        if name in given:
            raise click.UsageError(f"{given[name]} says nothing with {option}: {why}")


def keys_from(given: tuple[str, ...]) -> tuple[str, ...]:
    """The keys on the command line, else the one in `LEADLINE_KEY`, else none."""
    import os

    environment = os.environ.get("LEADLINE_KEY")
    return given or ((environment,) if environment else ())


def header_name(_: click.Context, option: click.Parameter, value: str | None) -> str | None:
    """The name of a header (RFC 9110 section 5.1), as a callback of *option*. Raises `click.BadParameter`."""
    name = None if value is None else value.strip()
    if name is not None and not re.fullmatch(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+", name):
        raise click.BadParameter(f"{value!r} is no name of a header", param=option)
    return name
