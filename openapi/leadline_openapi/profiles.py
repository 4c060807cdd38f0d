"""The packaged contract and its profiles: named stacks of overlays."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from leadline_openapi.errors import UnknownProfile

DEFAULT_PROFILE = "documented"

_STACKS: dict[str, tuple[str, ...]] = {
    "documented": ("contract.yaml",),
    "payload-2": ("contract.yaml", "payload.yaml", "payload-2.yaml"),
    "payload-3": ("contract.yaml", "payload.yaml", "payload-3.yaml"),
}


def default_spec() -> Path:
    """The packaged leads contract."""
    return _folder() / "leads.yaml"


def names() -> tuple[str, ...]:
    """The profiles that are packaged, the default first."""
    return tuple(_STACKS)


def overlays(profile: str) -> tuple[Path, ...]:
    """The overlay files of *profile*, in the order of application. Raises `UnknownProfile`."""
    if profile not in _STACKS:
        raise UnknownProfile(f"there is no profile `{profile}`; there are: {', '.join(_STACKS)}")
    return tuple(_folder() / "overlays" / name for name in _STACKS[profile])


def stack(profile: str | None, more: Sequence[Path]) -> tuple[Path, ...] | None:
    """
    The overlays of *profile*, if one is named, and then those in *more*; `None` where neither is given.

    Raises `UnknownProfile`.
    """
    found = (*(overlays(profile) if profile is not None else ()), *more)
    return found if profile is not None or more else None


def _folder() -> Path:
    """In a wheel the files lie inside the package; in a checkout, one folder up, as written."""
    here = Path(__file__).parent
    bundled = here / "bundled"
    return bundled if bundled.is_dir() else here.parent
