"""What a run remembers from one exchange to the next."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime


@dataclass
class Memory:
    """
    *given* holds the values that a server assigned, *latest* the last time it told, per rule.

    *strict* makes what is undocumented in an answer a breach; *undocumented* counts it otherwise.
    """

    strict: bool = False
    given: dict[str, set[str]] = field(default_factory=dict)
    latest: dict[str, datetime] = field(default_factory=dict)
    undocumented: dict[str, int] = field(default_factory=dict)

    def note(self, undocumented: str) -> None:
        """Count something that was answered, and that the contract does not name."""
        self.undocumented[undocumented] = self.undocumented.get(undocumented, 0) + 1
