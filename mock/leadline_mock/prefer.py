"""`Prefer` (RFC 7240): which documented answer a caller wants, and whether values are made up."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from leadline_mock import documented
from leadline_mock.errorbody import error_body
from leadline_mock.hints import did_you_mean
from leadline_mock.messages import BODILESS
from leadline_openapi.contract import Answer, MediaType, Operation
from leadline_openapi.parameters import ABSENT
from leadline_openapi.violation import Violation, cut

HEADER = "prefer"
APPLIED = "Preference-Applied"

_KNOWN = ("code", "example", "dynamic")
_QUOTED = r'"(?:[^"\\]|\\.)*(?:"|\\?\Z)'
_PART = re.compile(rf'(?:{_QUOTED}|[^",])+', re.DOTALL)
"""What stands between the commas of a list; a comma in a quoted text is not one of them."""
_PREFERENCE = re.compile(rf"[ \t]*([^=;]*)(?:=[ \t]*({_QUOTED}|[^;]*))?", re.DOTALL)
_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_SWITCH = {"true": True, "false": False}
_SHOWN = 20


class Unmet(Exception):
    """A preference that cannot be read, or that the contract has nothing for."""

    def __init__(self, *violations: Violation) -> None:
        super().__init__(*violations)
        self.violations = violations


@dataclass(frozen=True, slots=True, kw_only=True)
class Preferences:
    """What a caller prefers; `None` where nothing is said."""

    code: int | None = None
    example: str | None = None
    dynamic: bool | None = None

    @property
    def applied(self) -> tuple[tuple[str, str], ...]:
        """The headers that tell which preferences were honoured."""
        said = [
            ("code", str(self.code) if self.code else None),
            ("example", self.example),
            ("dynamic", None if self.dynamic is None else str(self.dynamic).lower()),
        ]
        told = [f"{name}={_word(value)}" for name, value in said if value is not None]
        return ((APPLIED, ", ".join(told)), ("Vary", "Prefer")) if told else ()

    def without_making_up(self) -> Preferences:
        """What is left to honour where nothing is made up: a named example is given as it is."""
        return replace(self, dynamic=None) if self.dynamic else self


@dataclass(frozen=True, slots=True)
class Choice:
    """
    The answer that is wanted, and in which representation; `None` for one that is not documented.

    *value* is what its body holds; `ABSENT` where it is to be composed as for any other request.
    """

    answer: Answer | None
    status: int
    media: MediaType | None = None
    value: Any = ABSENT


def read(header: str) -> Preferences:
    """
    The preferences in the value of *header*; several headers are joined by commas.

    Names compare without case, values may be quoted, unknown preferences are ignored, and of one that is
    given twice the first counts (RFC 7240 section 2). Raises `Unmet` for values that mean nothing.
    """
    found: dict[str, str] = {}
    for name, value in _pairs(header):
        found.setdefault(name, value)
    wrong = [
        _violation(f"`{name}={found[name]}` is no preference: {name} is {expected}", expected)
        for name, pattern, expected in _VALUES
        if name in found and not pattern.fullmatch(found[name])
    ]
    if wrong:
        raise Unmet(*wrong)
    return Preferences(
        code=int(found["code"]) if "code" in found else None,
        example=found.get("example"),
        dynamic=_SWITCH[found["dynamic"].lower()] if "dynamic" in found else None,
    )


_VALUES = (
    ("code", re.compile("[2-5][0-9][0-9]"), "a status from 200 to 599"),
    ("example", re.compile(".+", re.DOTALL), "the name of an example"),
    ("dynamic", re.compile("true|false", re.IGNORECASE), "true or false"),
)


def choose(operation: Operation, success: Answer | None, preferences: Preferences) -> Choice:
    """
    The answer of *operation* that *preferences* name, else *success*.

    An example that no code goes with is looked for in *success* first, then in the other answers. Raises
    `Unmet` where the contract documents no such answer or example, naming those that it does.
    """
    code = preferences.code
    if code is None and preferences.example is None:
        return Choice(success, documented.status(success))
    if code is None:
        answers = [*([success] if success else []), *operation.answers]
    else:
        chosen = operation.answer_for(code)
        if chosen is None:
            raise Unmet(_undocumented(operation, code))
        answers = [chosen]
    if preferences.example is not None:
        return _named(operation, answers, preferences.example, code)
    return _by_code(answers[0], code or 0, made_up=preferences.dynamic is True)


def _named(operation: Operation, answers: list[Answer], name: str, code: int | None) -> Choice:
    for number, answer in enumerate(answers):
        examples = _examples(answer)
        if name in examples:
            status = code or documented.status(answer, _OTHER if number else 200)
            if status in BODILESS:
                return Choice(answer, status, None, None)
            return Choice(answer, status, documented.representation(answer), examples[name])
    known = list(dict.fromkeys(name for answer in answers for name in _examples(answer)))
    raise Unmet(_unknown(operation, name, known, f" for {code}" if code else ""))


_OTHER = 500
"""The status of an answer that is documented as `default` beside a success."""


def _by_code(answer: Answer, code: int, *, made_up: bool) -> Choice:
    """The body of *answer*: the first example; else composed, or for an error a sentence about it."""
    media = documented.representation(answer)
    if media is None or code in BODILESS:
        return Choice(answer, code, None, None)
    if made_up or (code < 400 and not media.examples):
        return Choice(answer, code, media)
    if media.examples:
        return Choice(answer, code, media, next(iter(media.examples.values())))
    sentence = f"this answer was asked for with `Prefer: code={code}`"
    if not documented.is_json(media):
        return Choice(answer, code, media, sentence)
    reason = Violation("", "", "", HEADER, sentence, "", answer.pointer)
    return Choice(answer, code, media, error_body(media, code, [reason]))


def _unknown(operation: Operation, name: str, known: list[str], where: str) -> Violation:
    problem = f"{operation.label} documents no example `{cut(name, 200)}`{where}"
    if not known:
        return _violation(f"{problem}, nor any other", "no `example`")
    listed = ", ".join(f"`{one}`" for one in known[:_SHOWN]) + (" …" if len(known) > _SHOWN else "")
    meant = did_you_mean(name, known)
    hint = f"; {meant}" if meant else ""
    return _violation(f"{problem}; there is: {listed}{hint}", f"one of {listed}")


def _examples(answer: Answer) -> dict[str, Any]:
    media = documented.representation(answer)
    return dict(media.examples) if media else {}


def _undocumented(operation: Operation, code: int) -> Violation:
    known = ", ".join(answer.status for answer in operation.answers)
    problem = f"{operation.label} documents no answer with the status {code}; there is: {known}"
    return _violation(problem, f"one of {known}")


def _violation(problem: str, expected: str) -> Violation:
    return Violation("header", "Prefer", "/Prefer", HEADER, problem, expected, "")


def _pairs(header: str) -> Iterator[tuple[str, str]]:
    """Name and value of each preference of ours; its parameters, behind `;`, are for others."""
    for part in filter(None, map(_PREFERENCE.match, _PART.findall(header))):
        name = part[1].strip().lower()
        if name in _KNOWN:
            yield name, _unquoted((part[2] or "").strip())


def _unquoted(text: str) -> str:
    if not text.startswith('"'):
        return text
    return re.sub(r"\\(.)", r"\1", text[1:].removesuffix('"'), flags=re.DOTALL)


def _word(text: str) -> str:
    """*text* as RFC 7240 has it: a token, or quoted."""
    if _TOKEN.fullmatch(text):
        return text
    escaped = re.sub(r'(["\\])', r"\\\1", text.encode("ascii", "replace").decode())
    return f'"{escaped}"'
