"""Text in GitHub Markdown: what a contract says is shown as it stands there, whatever is in it.

Who writes a contract need not be who reads the report: a name must not become a heading, a tag, or a message
to somebody.
"""

from __future__ import annotations

import html as markup
import re
from collections.abc import Callable

_SPECIAL = re.compile(r"[\\*\[\]|~$]|(?<![^\W_])_|_(?![^\W_])")
_CALLS = re.compile(r"@|#(?=\d)")
"""What GitHub makes a message to somebody, or a reference to an issue, unless a comment stands behind it."""
_PUNCTUATION = re.compile(r"[!-/:-@\[-`{-~]")
_TILDES = re.compile("~+")


def prose(told: str) -> str:
    """*told*, a sentence with code between backticks, in one line."""
    return _line(told, _escaped, _code)


def cell(told: str) -> str:
    """*told* as `prose` has it, as a cell of a table."""
    return _line(told, _escaped, lambda part: _tagged(part) if "|" in part else _code(part))


def html(told: str) -> str:
    """*told*, a sentence with code between backticks, in one line of HTML."""
    return _line(told, lambda part: _uncalling(markup.escape(part, quote=False)), _tagged)


def code(text: str) -> str:
    """*text* as code in one line; nothing for an empty one."""
    told = " ".join(text.splitlines())
    return _code(told) if told else ""


def fenced(text: str, language: str = "") -> list[str]:
    """The lines of a block of code, with a fence that *text* cannot end."""
    longest = max((len(run) for run in _TILDES.findall(text)), default=0)
    fence = "~" * max(4, longest + 1)
    return [f"{fence}{language}", text, fence]


def _line(told: str, plain: Callable[[str], str], coded: Callable[[str], str]) -> str:
    parts = " ".join(told.splitlines()).split("`")
    # A backtick too many is of what is told, and ends nothing.
    last = [plain(parts.pop())] if len(parts) % 2 == 0 else []
    made = [
        (coded(part) if part else "") if at % 2 else plain(part) for at, part in enumerate(parts)
    ]
    return "&#96;".join(["".join(made), *last])


def _escaped(part: str) -> str:
    return _uncalling(_SPECIAL.sub(r"\\\g<0>", markup.escape(part, quote=False)))


def _uncalling(part: str) -> str:
    return _CALLS.sub(r"\g<0><!-- -->", part)


def _code(part: str) -> str:
    # A comment would be none between backticks, but for whoever looks for comments of their own.
    return _tagged(part) if "`" in part or "<!--" in part else f"`{part}`"


def _tagged(part: str) -> str:
    """Code in which no character means anything, neither to Markdown nor to a table."""
    return f"<code>{_PUNCTUATION.sub(lambda found: f'&#{ord(found[0])};', part)}</code>"
