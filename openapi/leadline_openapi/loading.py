"""The way from files to a `Contract`: read, overlay, bundle, check, normalise, build."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from leadline_openapi import normalise, overlay, profiles, references, validity, vocabulary
from leadline_openapi.build import build
from leadline_openapi.contract import Contract
from leadline_openapi.errors import Place, SpecError
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


def load_several(specs: Sequence[Path], overlays: Sequence[Path]) -> tuple[Contract, ...]:
    """
    The contracts in the files *specs*, each with those of *overlays* that name it in `extends`.

    Raises `SpecError`, also for an overlay that extends none of them, and for two contracts that have
    the same operation.
    """
    stacks: dict[Path, list[Path]] = {spec.resolve(): [] for spec in specs}
    for name in overlays:
        target = overlay.extended(name)
        if target not in stacks:
            names = ", ".join(map(str, specs))
            raise SpecError(
                Place(display(name)),
                "with several specs, an overlay is applied to the one that it names in `extends`",
                f"write `extends: FILE`, one of {names}, relative to the overlay",
            )
        stacks[target].append(name)
    contracts = tuple(load(spec, stacks[spec.resolve()]) for spec in specs)
    _check_disjoint(contracts)
    return contracts


def _check_disjoint(contracts: Sequence[Contract]) -> None:
    owners: dict[tuple[str, str], Contract] = {}
    for contract in contracts:
        for operation in contract.operations:
            path = re.sub(r"\{[^{}]*\}", "{}", contract.base_path + operation.path)
            other = owners.setdefault((operation.method, path), contract)
            if other is not contract:
                raise SpecError(
                    contract.place(operation.pointer),
                    f"{operation.method} {path} is an operation of {other.source} too",
                    "the path of `servers[0].url` keeps APIs apart",
                )


def overlaid(spec: Path, overlays: Sequence[Path]) -> Located:
    """
    The document in the file *spec* with *overlays* applied, as it is written: what a further one meets.

    Raises `SpecError`.
    """
    return _applied(read(spec), overlays)


def _applied(root: Located, overlays: Sequence[Path]) -> Located:
    for name in overlays:
        overlay.apply(root, name)
    return root


def _assemble(path: Path, stack: Sequence[Path]) -> tuple[Located, str]:
    root = read(path)
    feature = validity.version(root, display(path))
    _applied(root, stack)
    references.bundle(root, path)
    return root, feature
