"""The history of a contract: what each of its releases changed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from leadline_openapi.contract import Contract
from leadline_openapi.diff.change import Diff
from leadline_openapi.diff.comparison import compared


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """
    The *contract* as it was under the tag *name* on *day*; the name of what is not released is empty.

    Where the contract cannot be read, it is `None`, and *problem* says why.
    """

    name: str
    day: date
    contract: Contract | None
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """A *release*, and its *diff* from the one before; `None` where there is no contract to compare."""

    release: Release
    diff: Diff | None

    @property
    def is_short(self) -> bool:
        """Whether `info.version` was raised, or released, and by less than the changes ask for."""
        if self.diff is None or self.diff.version.enough is not False:
            return False
        version = self.diff.version
        return bool(self.release.name) or version.old != version.new


def steps(releases: Iterable[Release]) -> Iterator[Step]:
    """
    The steps from each of *releases*, the oldest first, to the next; those that changed nothing are left out.

    The day of a release counts as today for it, so that its step is the same whenever it is looked at.
    A contract that cannot be read is a step without a comparison; what follows is compared with what was
    read last.
    """
    last: Contract | None = None
    for release in releases:
        contract = release.contract
        if contract is None or last is None:
            yield Step(release, None)
        elif contract.digest != last.digest:
            diff = compared(last, contract, release.day)
            if diff.changes or diff.version.old != diff.version.new:
                yield Step(release, diff)
        last = contract or last
