"""The options that a project writes down once: `[tool.leadline]` in its `pyproject.toml`."""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from leadline_cli.exits import USAGE
from leadline_openapi import profiles
from leadline_openapi.reading import display

FILE = "pyproject.toml"
_CONTRACT = ("spec", "profile", "overlays", "generate")
_GENERATE = ("output", "variants")


class BadSettings(click.ClickException):
    """An option in `pyproject.toml` is unknown or of a wrong type; the message names file and key."""

    exit_code = USAGE


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What is written down: the contract, and what `leadline generate` does; `None` where nothing is."""

    spec: Path | None = None
    profile: str | None = None
    overlays: tuple[Path, ...] = ()
    output: Path | None = None
    variants: bool | None = None

    def are_for(self, spec: Path | None) -> bool:
        """Whether these are about the contract in the file *spec*, `None` for the packaged one."""
        if spec is None or self.spec is None:
            return spec is self.spec
        return spec.resolve() == self.spec.resolve()


def settings(folder: Path | None = None) -> Settings:
    """
    The settings of the project around *folder*, by default the working directory.

    They stand in the nearest `pyproject.toml` that has a table `[tool.leadline]`; the paths in it start
    at the file's own folder. Raises `BadSettings`.
    """
    start = (folder or Path.cwd()).resolve()
    for above in (start, *start.parents):
        found = _table(above / FILE)
        if found is not None:
            return _Reader(above / FILE).settings(found)
    return Settings()


def _table(path: Path) -> Any:
    """What stands under `tool.leadline` in the file *path*; `None` where there is nothing."""
    try:
        data = path.read_bytes()
    except OSError:
        return None
    if b"leadline" not in data:
        return None  # also where it is no TOML: that is not for us to say
    try:
        tool = tomllib.loads(data.decode()).get("tool", {})
    except ValueError as error:
        raise BadSettings(f"{display(path)}: this is not TOML: {error}") from None
    return tool.get("leadline") if isinstance(tool, dict) else None


class _Reader:
    """Reads the table of the file *path*, and says what is wrong with it."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def settings(self, table: Any) -> Settings:
        contract = self._known(table, "tool.leadline", _CONTRACT)
        generate = self._known(contract.get("generate", {}), "tool.leadline.generate", _GENERATE)
        return Settings(
            spec=self._file(contract, "tool.leadline.spec"),
            profile=self._profile(contract, "tool.leadline.profile"),
            overlays=self._files(contract, "tool.leadline.overlays"),
            output=self._file(generate, "tool.leadline.generate.output"),
            variants=self._flag(generate, "tool.leadline.generate.variants"),
        )

    def _known(self, table: Any, key: str, names: tuple[str, ...]) -> Mapping[str, Any]:
        if not isinstance(table, dict):
            raise self._wrong(key, "is a table")
        for name in table:
            if name not in names:
                close = difflib.get_close_matches(name, names, n=1)
                hint = f"did you mean `{close[0]}`?" if close else f"there are: {', '.join(names)}"
                raise BadSettings(
                    f"{display(self._path)}: `{key}.{name}`: there is no such option\nhint: {hint}"
                )
        return table

    def _file(self, table: Mapping[str, Any], key: str) -> Path | None:
        value = table.get(_last(key))
        if value is None:
            return None
        if not isinstance(value, str) or not value:
            raise self._wrong(key, "is the name of a file or folder, in quotation marks")
        return self._path.parent / value

    def _files(self, table: Mapping[str, Any], key: str) -> tuple[Path, ...]:
        value = table.get(_last(key), [])
        if not isinstance(value, list) or not all(isinstance(one, str) and one for one in value):
            raise self._wrong(key, 'is a list of files, such as ["overlay.yaml"]')
        return tuple(self._path.parent / one for one in value)

    def _profile(self, table: Mapping[str, Any], key: str) -> str | None:
        value = table.get(_last(key))
        if value is not None and value not in profiles.names():
            raise self._wrong(key, f"is one of: {', '.join(profiles.names())}")
        return value

    def _flag(self, table: Mapping[str, Any], key: str) -> bool | None:
        value = table.get(_last(key))
        if value is not None and not isinstance(value, bool):
            raise self._wrong(key, "is true or false")
        return value

    def _wrong(self, key: str, due: str) -> BadSettings:
        return BadSettings(f"{display(self._path)}: `{key}` {due}")


def _last(key: str) -> str:
    return key.rpartition(".")[2]
