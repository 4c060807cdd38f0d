"""What may have been meant by a name that there is not."""

from __future__ import annotations

import difflib
from collections.abc import Collection

_LONGEST = 200


def did_you_mean(name: str, known: Collection[str]) -> str:
    """A question about the one of *known* that *name* may have been meant for, or nothing."""
    close = difflib.get_close_matches(name[:_LONGEST], known, n=1)
    return f"did you mean `{close[0]}`?" if close else ""
