"""Read JSON text (RFC 8259) into data that remembers where each value stood."""

from __future__ import annotations

import math
import re
from bisect import bisect_right
from json import JSONDecodeError
from json.decoder import scanstring  # type: ignore[attr-defined]
from typing import Any, NoReturn

from leadline_openapi import pointer as pointers
from leadline_openapi.errors import Place, SpecError
from leadline_openapi.tree import MAX_DEPTH, Located, LocatedList

Path = tuple[str | int, ...]

_SPACE = re.compile(r"[ \t\n\r]*")
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?")
_WORDS = {"true": True, "false": False, "null": None}


def parse(text: str, file: str) -> Any:
    """The value of the JSON *text* of *file*. Raises `SpecError` where it is not well-formed."""
    reader = _Reader(text, file)
    try:
        value, end = reader.value(reader.skip(0), ())
    except JSONDecodeError as error:
        reader.fail(error.pos, (), f"not well-formed JSON: {error.msg[0].lower()}{error.msg[1:]}")
    if reader.skip(end) != len(text):
        reader.fail(reader.skip(end), (), "not well-formed JSON: something follows the value")
    return value


class _Reader:
    def __init__(self, text: str, file: str) -> None:
        self._text, self._file = text, file
        self._lines = [0, *(match.end() for match in re.finditer("\n", text))]

    def skip(self, index: int) -> int:
        match = _SPACE.match(self._text, index)
        return match.end() if match else index

    def place(self, index: int, path: Path) -> Place:
        line = bisect_right(self._lines, index)
        return Place(self._file, line, index - self._lines[line - 1] + 1, pointers.pointer(path))

    def fail(self, index: int, path: Path, problem: str, hint: str = "") -> NoReturn:
        raise SpecError(self.place(index, path), problem, hint) from None

    def value(self, index: int, path: Path) -> tuple[Any, int]:
        if len(path) > MAX_DEPTH:
            self.fail(index, (), f"nested more than {MAX_DEPTH} levels deep")
        match self._text[index : index + 1]:
            case "{":
                return self._object(index, path)
            case "[":
                return self._array(index, path)
            case '"':
                return self._string(index, path)
            case _:
                return self._scalar(index, path)

    def _string(self, index: int, path: Path) -> tuple[str, int]:
        text, end = scanstring(self._text, index + 1, True)
        if re.search("[\ud800-\udfff]", text):
            self.fail(index, path, "the text has half of a surrogate pair in it")
        return text, end

    def _object(self, index: int, path: Path) -> tuple[Located, int]:
        mapping = Located()
        index = self.skip(index + 1)
        while not self._closes("}", index, first=not mapping):
            if mapping:
                index = self.skip(index + 1)
            if self._text[index : index + 1] != '"':
                self._unexpected(index, path, "a key in double quotes")
            key, end = self._string(index, path)
            inner = (*path, key)
            if key in mapping:
                self.fail(index, inner, f"the key `{key}` is given twice in one object")
            colon = self.skip(end)
            if self._text[colon : colon + 1] != ":":
                self._unexpected(colon, inner, "`:`")
            value, end = self.value(self.skip(colon + 1), inner)
            mapping.put(key, value, self.place(index, inner))
            index = self.skip(end)
        return mapping, index + 1

    def _array(self, index: int, path: Path) -> tuple[LocatedList, int]:
        sequence = LocatedList()
        index = self.skip(index + 1)
        while not self._closes("]", index, first=not sequence):
            if sequence:
                index = self.skip(index + 1)
            inner = (*path, len(sequence))
            value, end = self.value(index, inner)
            sequence.put(value, self.place(index, inner))
            index = self.skip(end)
        return sequence, index + 1

    def _closes(self, bracket: str, index: int, *, first: bool) -> bool:
        """Whether the object or array ends here; if it goes on, a comma has to say so."""
        found = self._text[index : index + 1]
        if found == bracket:
            return True
        if not first and found != ",":
            self._unexpected(index, (), f"`,` or `{bracket}`")
        return False

    def _scalar(self, index: int, path: Path) -> tuple[Any, int]:
        for word, value in _WORDS.items():
            if self._text.startswith(word, index):
                return value, index + len(word)
        match = _NUMBER.match(self._text, index)
        if match is None:
            self._unexpected(index, path, "a value")
        try:
            number = float(match[0]) if match[1] or match[2] else int(match[0])
        except ValueError:  # Python limits the digits of an integer
            number = math.inf
        if math.isinf(number):
            self.fail(index, path, f"the number {match[0][:40]} is out of range")
        return number, match.end()

    def _unexpected(self, index: int, path: Path, wanted: str) -> NoReturn:
        found = self._text[index : index + 1]
        what = f"`{found}`" if found else "the end of the file"
        self.fail(index, path, f"not well-formed JSON: {what} where {wanted} should be")
