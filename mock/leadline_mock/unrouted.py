"""Refusals that concern no operation: unknown paths and methods, and what is no proper request."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from dataclasses import replace

from leadline_mock import documented
from leadline_mock.messages import Response
from leadline_mock.refusal import render
from leadline_openapi import Contract, Violation


def not_found(contracts: Sequence[Contract], path: str) -> Response:
    """There is nothing at *path*; what may have been meant is named."""
    below = " or ".join(dict.fromkeys(contract.base_path or "/" for contract in contracts))
    lives = "this API lives" if len(contracts) == 1 else "these APIs live"
    problem = f"there is no operation at {path}; {lives} below {below}"
    if meant := _close(contracts, path):
        problem += f"; did you mean {meant}?"
    return refusal(contracts, 404, Violation("path", "", "", "paths", problem, "", "/paths"), path)


def not_allowed(
    contracts: Sequence[Contract], method: str, path: str, allowed: Sequence[str]
) -> Response:
    """The path is known, *method* there is not; OPTIONS asks just that (RFC 9110 section 9.3.7)."""
    allow = ("Allow", ", ".join(sorted({*allowed, "OPTIONS"})))
    if method == "OPTIONS":
        return Response(204, (allow,), b"")
    problem = f"{method} is not an operation of {path}"
    wrong = Violation("path", "", "", "paths", problem, " or ".join(sorted(allowed)), "/paths")
    response = refusal(contracts, 405, wrong, path)
    if response.status != 405:
        return response
    return replace(response, headers=(*response.headers, allow))


def too_large(contracts: Sequence[Contract], most: int | None, path: str) -> Response:
    """The body has more than *most* bytes."""
    problem = f"the body is larger than {most} bytes"
    return refusal(
        contracts, 413, Violation("body", "", "", "size", problem, "a smaller body", ""), path
    )


def refusal(
    contracts: Sequence[Contract], status: int, violation: Violation, path: str
) -> Response:
    """
    *violation* in the shape in which the API that *path* belongs to refuses.

    What is the only answer of an operation is a success, also where it is called `default`.
    """
    nearest = sorted(contracts, key=lambda one: _distance(path, one.base_path))
    declared = nearest[0].unrouted_for(status) if status in _UNROUTED else None
    if declared is not None:
        return render(declared, int(declared.status), [violation])
    shapes = (
        found
        for contract in nearest
        for wanted in (status, 400, 422)
        for operation in contract.operations
        if (found := operation.answer_for(wanted)) not in (None, documented.success(operation))
    )
    return render(next(shapes, None), status, [violation])


_UNROUTED = (404, 405)


def _distance(path: str, base: str) -> tuple[bool, int]:
    """APIs that *path* is below of come first, and of these the one with the longest path of its own."""
    return not path.startswith(f"{base}/"), -len(base)


def _close(contracts: Sequence[Contract], path: str) -> str:
    """The path of an operation that *path* may have been meant for, or nothing."""
    paths = [one.base_path + operation.path for one in contracts for operation in one.operations]
    for contract in contracts:
        if contract.base_path + path in paths:
            return contract.base_path + path
    known = {one.lower(): one for one in paths}
    close = difflib.get_close_matches(path[:200].lower(), known, 1, 0.8)
    return known[close[0]] if close else ""
