"""Files that a command writes."""

from __future__ import annotations

from pathlib import Path


def write(path: Path, text: str) -> None:
    """Write *text* whole or not at all; to a pipe or a device, as it comes."""
    path = path.resolve()
    if path.exists() and not path.is_file():
        path.write_text(text, encoding="utf-8")
        return
    part = path.with_name(f".{path.name}.part")
    part.write_text(text, encoding="utf-8", newline="\n")
    part.replace(path)
