"""Keep keys out of what is told: values that carry credentials, and keys wherever else they stand."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from typing import Any

from leadline_openapi.contract import Contract, SecurityScheme
from leadline_openapi.violation import Violation

REDACTED = "<redacted>"
_CREDENTIALS = frozenset({"authorization", "proxy-authorization", "cookie", "set-cookie"})
_SHORTEST = 4
"""Characters of a part of a key that are looked for at least; fewer stand everywhere by chance."""
_HIDING = "%\\&\0"
"""What other spellings of a character have in them."""
_WIDEST = 40
"""Characters that one character is spelled with at most."""
_BROKEN = re.compile(
    r"\0{0,3}(?:%[0-9a-f%]{0,8}|\\{1,3}(?:u[0-9a-f]{0,3})?|&(?:\#x?[0-9a-f]{0,6}|[a-z]{0,4})|\ufffd{0,3})\Z",
    re.IGNORECASE,
)
"""The beginning of a character that is spelled otherwise, at the end of a text."""
_ENTITIES = {'"': "quot", "'": "apos", "&": "amp", "<": "lt", ">": "gt"}


@dataclass(frozen=True)
class Redaction:
    """
    What is not to be told: the *keys*, and the values of *headers* and query *parameters*.

    Names compare without case. Headers that carry credentials by their nature are always among them.
    """

    keys: frozenset[str] = field(default=frozenset(), repr=False)
    headers: frozenset[str] = _CREDENTIALS
    parameters: frozenset[str] = frozenset()

    @classmethod
    def of(cls, schemes: Iterable[SecurityScheme], keys: Iterable[str] = ()) -> Redaction:
        """What *schemes* carry, and *keys*."""
        places = [(scheme.location, scheme.parameter.lower()) for scheme in schemes]
        return cls(
            keys=frozenset(keys),
            headers=_CREDENTIALS | {name for location, name in places if location == "header"},
            parameters=frozenset(name for location, name in places if location == "query"),
        )

    @classmethod
    def of_contracts(cls, contracts: Iterable[Contract]) -> Redaction:
        """What the security schemes of all operations carry."""
        operations = [one for contract in contracts for one in contract.operations]
        return cls.of(
            scheme for one in operations for alternative in one.security for scheme in alternative
        )

    def __or__(self, other: Redaction) -> Redaction:
        return Redaction(
            self.keys | other.keys,
            self.headers | other.headers,
            self.parameters | other.parameters,
        )

    def text(self, text: str) -> str:
        """
        *text* without keys, whether they stand there plainly, percent-encoded, escaped, or in Base64.

        Escapes are those of JSON and XML. UTF-16 that was taken for UTF-8 is seen through, and so are
        hexadecimal digits.
        """
        if not self.may_hold(text):
            return text
        return _search(self.keys).pattern.sub(REDACTED, text)

    def beginning(self, text: str) -> str:
        """*text*, of which the end is missing, without keys and without what may begin one there."""
        clean = self.text(text)
        return clean[: _search(self.keys).unfinished(clean)] if self.keys else clean

    def sentence(self, text: str) -> str:
        """*text* of ours without keys: what it tells of a request is cut where there is a `…`."""
        *cut, last = text.split("…")
        return "…".join((*map(self.beginning, cut), self.text(last)))

    def value(self, value: Any) -> Any:
        """The JSON value *value* without keys in its texts, names and numbers."""
        if not self.keys:
            return value
        return self._value(value)

    def fields(self, pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
        """Header fields as an object: several of one name joined by a comma (RFC 9110 section 5.3)."""
        found: dict[str, str] = {}
        spellings: dict[str, str] = {}
        for name, value in pairs:
            shown = REDACTED if name.lower() in self.headers else self.text(value)
            known = spellings.setdefault(name.lower(), self.text(name))
            found[known] = f"{found[known]}, {shown}" if known in found else shown
        return found

    def query(self, sent: Mapping[str, Sequence[str]]) -> dict[str, tuple[str, ...]]:
        """Query parameters by name, with all their values in order."""
        return {
            self.text(name): tuple(
                REDACTED if name.lower() in self.parameters else self.text(value)
                for value in values
            )
            for name, values in sent.items()
        }

    def violations(self, found: Iterable[Violation]) -> tuple[Violation, ...]:
        """*found* without keys in what they tell of a request."""
        return tuple(map(self._violation, found))

    def may_hold(self, text: str) -> bool:
        """Whether a closer look at *text* is needed: it holds a key, or a character that may hide one."""
        if not self.keys:
            return False
        if any(one in text for one in _HIDING):
            return True
        folded = text.casefold()
        return any(part in folded for part in _search(self.keys).parts)

    def _violation(self, violation: Violation) -> Violation:
        return replace(
            violation,
            field=self.text(violation.field),
            pointer=self.text(violation.pointer),
            problem=self.sentence(violation.problem),
            expected=self.text(violation.expected),
        )

    def _value(self, value: Any) -> Any:
        match value:
            case str():
                return self.text(value)
            case dict():
                return {self.text(name): self._value(member) for name, member in value.items()}
            case list():
                return [self._value(item) for item in value]
            case int() | float() if not isinstance(value, bool):
                return value if self.text(str(value)) == str(value) else REDACTED
        return value


class _Search:
    """How *keys* are looked for. What a first look does not need is made when it is needed."""

    def __init__(self, keys: frozenset[str]) -> None:
        plain = {spelling for key in keys for spelling in _spellings(key)}
        encoded = {part for key in keys for part in _encoded(key)}
        first = plain | {part[:_SHORTEST] for part in encoded}
        self.parts = tuple({spelling.casefold() for spelling in first})
        self._spelled = sorted(plain | encoded, key=len, reverse=True)

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """What finds them."""
        return re.compile("|".join(map(_written, self._spelled)), re.IGNORECASE)

    def unfinished(self, text: str) -> int:
        """Where in *text* a key begins that goes on beyond its end; the end where none does."""
        begin = max(0, len(text) - _WIDEST * max(map(len, self._spelled)))
        return min(_unfinished(tuple(map(_one, key)), text, begin) for key in self._spelled)


@lru_cache(maxsize=64)
def _search(keys: frozenset[str]) -> _Search:
    return _Search(keys)


def _unfinished(characters: Sequence[re.Pattern[str]], text: str, begin: int) -> int:
    for first in characters[0].finditer(text, begin):
        at, known = first.end(), 1
        for character in characters[1:]:
            found = character.match(text, at)
            if found is None:
                break
            at, known = found.end(), known + 1
        if known >= _SHORTEST and _BROKEN.match(text, at):
            return first.start()
    return len(text)


def _spellings(key: str) -> set[str]:
    """*key*, its UTF-8 bytes taken for Latin-1, as headers are read, and its spaces as in a form."""
    return {key, key.encode("utf-8", "surrogatepass").decode("latin-1"), key.replace(" ", "+")}


def _written(text: str) -> str:
    """A regular expression for *text*, each character as it is, percent-encoded, or as an escape."""
    return r"\0{0,3}".join(map(_character, text))


@lru_cache(maxsize=256)
def _one(character: str) -> re.Pattern[str]:
    return re.compile(rf"\0{{0,3}}{_character(character)}", re.IGNORECASE)


def _character(character: str) -> str:
    octets = character.encode("utf-8", "surrogatepass")
    percent = "".join(f"%(?:25){{0,3}}{_hexadecimal(f'{octet:02x}')}" for octet in octets)
    units = character.encode("utf-16-be", "surrogatepass").hex()
    escapes = "".join(
        rf"\\{{1,3}}u{_hexadecimal(units[at : at + 4])}" for at in range(0, len(units), 4)
    )
    number = ord(character)
    entities = rf"&\#(?:0{{0,5}}{number}|x0{{0,5}}{_hexadecimal(f'{number:x}')});"
    if character in _ENTITIES:
        entities += f"|&{_ENTITIES[character]};"
    plain = re.escape(character)
    if character in '"\\/':
        plain = rf"\\{{0,3}}{plain}"
    return f"(?:{plain}|{percent}|{escapes}|{entities})"


def _hexadecimal(digits: str) -> str:
    return "".join(f"[{one}{one.upper()}]" if one.isalpha() else one for one in digits)


def _encoded(key: str) -> set[str]:
    """
    *key* in hexadecimal digits, and what any Base64 text with it has, wherever it starts there (RFC 4648).

    A character of Base64 stands for six bits; those at the edges that depend on what is around are left out.
    """
    octets = key.encode("utf-8", "surrogatepass")
    found = {octets.hex()} if len(octets) >= _SHORTEST else set()
    for before in range(3):
        text = base64.b64encode(b"\0" * before + octets + b"\0\0").decode()
        part = text[-(-before * 8 // 6) : (before + len(octets)) * 8 // 6]
        if len(part) >= _SHORTEST:
            found |= {part, part.replace("+", "-").replace("/", "_")}
    return found
