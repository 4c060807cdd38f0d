"""Reading recorded traffic of either kind: an HTTP Archive, or the journal of a mock."""

from __future__ import annotations

from pathlib import Path

from leadline_contracts.impact.journal import is_journal, journal
from leadline_contracts.traffic.har import BadRecording, Recording, archive, parsed


def read(path: Path) -> Recording:
    """
    The recording in the file at *path*: what it is, its content tells.

    Raises `BadRecording` for what is neither, `OSError` for what cannot be read.
    """
    file = str(path)
    value = parsed(file, path.read_bytes())
    if is_journal(value):
        return journal(file, value)
    if not (isinstance(value, dict) and "log" in value):
        raise BadRecording(
            f"{file}: is neither an HTTP Archive, which has a `log`, nor the journal of a mock, which has"
            " `requests`\nhint: export it as HAR 1.2, or save it from GET /__leadline/requests"
        )
    return archive(file, value)
