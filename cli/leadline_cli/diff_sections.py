"""What a report of `leadline diff` says beside the changes: parts of it, in each of its forms."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from leadline_cli.terminal import paint
from leadline_openapi.diff import Diff, reports


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """One part: *name* is the member of JSON that holds *value*; *markdown* ends with a newline."""

    name: str
    value: Any
    text: str
    markdown: str


def told(found: Diff, form: str, sections: Sequence[Section]) -> str:
    """The comparison in the form `text`, `json` or `markdown`, and *sections* after it."""
    if form == "json":
        members = {one.name: one.value for one in sections}
        return reports.written({**reports.as_object(found), **members})
    if form == "markdown":
        return "\n".join([reports.markdown(found), *(one.markdown for one in sections)])
    return "\n\n".join([reports.text(found, paint), *(one.text for one in sections)])
