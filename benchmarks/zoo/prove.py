"""Prove the zoo: every witness shows its defect, and every correct server passes all witnesses.

`python -m benchmarks.zoo.prove [NAME…]` takes a few minutes, most of it for the servers that are slow.
"""

from __future__ import annotations

import sys

from benchmarks.zoo.catalogue import ALL, BROKEN, app
from benchmarks.zoo.judge import complaints
from benchmarks.zoo.wire import in_background


def main(names: list[str]) -> int:
    """Say what is not as it should be."""
    failures = [
        text for name in names or ALL for text in (shown if name in BROKEN else silent)(name)
    ]
    print("\n".join(failures) or f"{len(names or ALL)} servers are what they claim to be")
    return 1 if failures else 0


def shown(name: str) -> list[str]:
    """Nothing if the witness shows the defect."""
    server, url = in_background(app(name))
    found = complaints(url, BROKEN[name])
    server.shutdown()
    return [] if found else [f"{name}: the witness does not show it"]


def silent(name: str) -> list[str]:
    """Nothing if this correct server passes all witnesses."""
    failures = []
    server, url = in_background(app(name))
    for witness in BROKEN.values():
        failures += [
            f"{name}: {witness.family}/{witness.name}: {text}" for text in complaints(url, witness)
        ]
    server.shutdown()
    return failures


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
