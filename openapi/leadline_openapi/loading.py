"""The way from files to a `Contract`: read, overlay, bundle, check, normalise, build."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from leadline_openapi import normalise, overlay, profiles, references, validity, vocabulary
from leadline_openapi.build import build
from leadline_openapi.contract import Contract
from leadline_openapi.reading import display, read
from leadline_openapi.tree import Located, place_map


def load(spec: str | Path | None = None, overlays: Sequence[str | Path] | None = None) -> Contract:
    """
    Load the contract in the file *spec* (default: the packaged leads contract).

    *overlays* are applied in order; `None` means those of the default profile for the packaged
    contract, and none for any other. Raises `SpecError`, which names file and place.
    """
    path = profiles.default_spec() if spec is None else Path(spec)
    if overlays is None:
        overlays = profiles.overlays(profiles.DEFAULT_PROFILE) if spec is None else ()
    stack = [Path(name) for name in overlays]
    root, feature = _assemble(path, stack)
    validity.check(root, feature, display(path))
    vocabulary.check(root, frozenset(display(name) for name in stack))
    document: dict[str, Any] = normalise.normalise(root)
    return build(document, place_map(root), display(path))


def _assemble(path: Path, stack: Sequence[Path]) -> tuple[Located, str]:
    root = read(path)
    feature = validity.version(root, display(path))
    for name in stack:
        overlay.apply(root, name)
    references.bundle(root, path)
    return root, feature
