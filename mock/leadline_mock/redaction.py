"""Keep keys out of what is told: values that carry credentials, and keys wherever else they stand."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from leadline_openapi.contract import Contract, SecurityScheme

REDACTED = "<redacted>"
_CREDENTIALS = frozenset({"authorization", "proxy-authorization", "cookie", "set-cookie"})
_SHORTEST = 4
"""Characters of a part of a key that are looked for at least; fewer stand everywhere by chance."""


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
        """*text* without keys, whether they stand there plainly, percent-encoded, escaped, or in Base64."""
        if not self.may_hold(text):
            return text
        return _search(self.keys).pattern.sub(REDACTED, text)

    def beginning(self, text: str) -> str:
        """*text*, of which the end is missing, without keys and without what may begin one there."""
        clean = self.text(text)
        folded = clean.casefold()
        for key in _search(self.keys).plain:
            for length in range(len(key) - 1, _SHORTEST - 1, -1):
                if folded.endswith(key[:length]):
                    return clean[: len(clean) - length]
        return clean

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

    def may_hold(self, text: str) -> bool:
        """Whether a closer look at *text* is needed: it holds a key, or a character that may hide one."""
        if not self.keys:
            return False
        if "%" in text or "\\" in text:
            return True
        folded = text.casefold()
        return any(part in folded for part in _search(self.keys).parts)

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


@dataclass(frozen=True)
class _Search:
    """How keys are looked for: *parts* for a first look, *pattern* for a close one, by *plain* spellings."""

    plain: tuple[str, ...] = field(repr=False)
    parts: tuple[str, ...] = field(repr=False)
    pattern: re.Pattern[str] = field(repr=False)


@lru_cache(maxsize=64)
def _search(keys: frozenset[str]) -> _Search:
    plain = {spelling for key in keys for spelling in _spellings(key)}
    encoded = {part for key in keys for part in _base64(key)}
    longest_first = sorted(plain | encoded, key=len, reverse=True)
    return _Search(
        tuple(spelling.casefold() for spelling in plain),
        tuple({spelling.casefold() for spelling in plain | {part[:_SHORTEST] for part in encoded}}),
        re.compile("|".join(map(_written, longest_first)), re.IGNORECASE),
    )


def _spellings(key: str) -> set[str]:
    """*key*, its UTF-8 bytes taken for Latin-1, as headers are read, and its spaces as in a form."""
    return {key, key.encode("utf-8", "surrogatepass").decode("latin-1"), key.replace(" ", "+")}


def _written(text: str) -> str:
    """A regular expression for *text*, each character as it is, percent-encoded, or as a JSON escape."""
    return "".join(map(_character, text))


def _character(character: str) -> str:
    octets = character.encode("utf-8", "surrogatepass")
    percent = "".join(f"%(?:25){{0,3}}{_hexadecimal(f'{octet:02x}')}" for octet in octets)
    units = character.encode("utf-16-be", "surrogatepass").hex()
    escapes = "".join(
        rf"\\{{1,3}}u{_hexadecimal(units[at : at + 4])}" for at in range(0, len(units), 4)
    )
    plain = re.escape(character)
    if character in '"\\/':
        plain = rf"\\{{0,3}}{plain}"
    return f"(?:{plain}|{percent}|{escapes})"


def _hexadecimal(digits: str) -> str:
    return "".join(f"[{one}{one.upper()}]" if one.isalpha() else one for one in digits)


def _base64(key: str) -> set[str]:
    """
    What any Base64 text with *key* in it has, wherever in the text the key starts (RFC 4648).

    A character stands for six bits; those at the edges that depend on what is around are left out.
    """
    octets = key.encode("utf-8", "surrogatepass")
    found = set()
    for before in range(3):
        text = base64.b64encode(b"\0" * before + octets + b"\0\0").decode()
        part = text[-(-before * 8 // 6) : (before + len(octets)) * 8 // 6]
        if len(part) >= _SHORTEST:
            found |= {part, part.replace("+", "-").replace("/", "_")}
    return found
