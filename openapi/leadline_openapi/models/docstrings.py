"""Descriptions of a contract as docstrings of the generated code."""

from __future__ import annotations

import json
import re
import textwrap
from collections.abc import Mapping
from typing import Any

_WIDTH = 100
_LAID_OUT = re.compile(r"\s|[-*+|>#`]|\d+[.)]")


def described(source: Mapping[str, Any]) -> str:
    """The description as lines of a docstring, the default value at its end."""
    text = str(source.get("description", "")).encode("utf-8", "replace").decode()
    if "default" in source:
        text = f"{text.rstrip()}\n\nDefault: `{json.dumps(source['default'])}`".lstrip()
    text = "\n".join(line.rstrip() for line in text.strip().splitlines())
    if "\n" not in text and len(text) <= _WIDTH - 10:  # four spaces and six quotation marks
        return text
    return "\n\n".join(map(_paragraph, re.split(r"\n{2,}", text)))


def _paragraph(text: str) -> str:
    """*text*, filled again if it is prose with a line that is too long; lists stay line by line."""
    lines = text.split("\n")
    if all(len(line) <= _WIDTH - 4 for line in lines):
        return text
    if not any(_LAID_OUT.match(line) for line in lines):
        return _fill(" ".join(lines))
    return "\n".join(map(_fill, lines))


def _fill(line: str) -> str:
    indent = line[: len(line) - len(line.lstrip())]
    return textwrap.fill(
        line,
        _WIDTH - 4,
        subsequent_indent=indent,
        break_long_words=False,
        break_on_hyphens=False,
    )
