"""Contracts that were loaded already: loading takes longer than everything else a test needs."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from pathlib import Path

import leadline_openapi
from leadline_openapi import Contract

_MOST = 32

_Named = tuple[Path | None, tuple[Path, ...] | None]
_State = dict[Path, tuple[int, int]]

_known: OrderedDict[_Named, tuple[Contract, _State]] = OrderedDict()
_lock = threading.Lock()


def load(spec: Path | None, overlays: Sequence[Path] | None) -> Contract:
    """
    The contract in *spec* with *overlays*, as `leadline_openapi.load` has it.

    It is loaded anew when one of its files was changed. Raises `SpecError`.
    """
    stack = None if overlays is None else tuple(one.resolve() for one in overlays)
    named = (None if spec is None else spec.resolve(), stack)
    with _lock:
        if named not in _known or _state(_known[named][1]) != _known[named][1]:
            contract = leadline_openapi.load(spec, overlays)
            _known[named] = contract, _state(_files(contract, named))
        _known.move_to_end(named)
        while len(_known) > _MOST:
            _known.popitem(last=False)
        return _known[named][0]


def _files(contract: Contract, named: _Named) -> set[Path]:
    """The files that *contract* was read from: those that were *named*, and what they refer to."""
    spec, overlays = named
    told = {Path(place.file).resolve() for place in contract.places.values()}
    return told | set(overlays or ()) | ({spec} if spec else set())


def _state(files: Iterable[Path]) -> _State:
    """Time of change and size of each; what is missing has neither."""
    return {path: _stamp(path) for path in files}


def _stamp(path: Path) -> tuple[int, int]:
    try:
        status = path.stat()
    except OSError:
        return 0, 0
    return status.st_mtime_ns, status.st_size
