"""Texts that are too long for a person to read."""

from __future__ import annotations

LONGEST = 2000
"""Characters of a text that is shown in full."""
_SHOWN = 200


def shortened(text: str) -> str:
    """*text*; of one that is too long the beginning, and where the whole of it is."""
    if len(text) <= LONGEST:
        return text
    return f"{text[:_SHOWN]}… ({len(text):,} characters; --report json=FILE has them all)"
