"""How true a mock is: what comes back of valid requests, and what is said to wrong ones."""

from __future__ import annotations

import http.client
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from benchmarks.mocks.calls import Call, valid, wrong
from benchmarks.mocks.work import Work

from leadline_openapi import Operation, jsontext

PATIENCE = 3.0


@dataclass(frozen=True)
class Answer:
    """What came back; *status* 0 where nothing did. *headers* are values only, the date left out."""

    status: int = 0
    headers: tuple[str, ...] = ()
    body: bytes = b""

    @property
    def value(self) -> Any:
        """The body as JSON, None where it is none."""
        try:
            return json.loads(self.body)
        except ValueError:
            return None

    @property
    def accepts(self) -> bool:
        """Whether it says yes."""
        return 200 <= self.status < 300

    @property
    def refuses(self) -> bool:
        """Whether it says that the request is wrong."""
        return 400 <= self.status < 500


@dataclass(frozen=True)
class Refusal:
    """
    How the wrong request *call* was answered.

    *told*: the answer says what is wrong, somewhere. *shaped*: its body is an error as the contract
    documents it. *told_in_shape*: the body is, and says it.
    """

    call: str
    status: int
    refused: bool
    told: bool
    shaped: bool
    told_in_shape: bool


@dataclass(frozen=True)
class Fidelity:
    """Fields *echoed* of *fields*, valid requests that came back *whole*, ids, and the *refusals*."""

    echoed: int
    fields: int
    whole: int
    valid: int
    ids: bool
    refusals: tuple[Refusal, ...]

    @property
    def refused(self) -> int:
        """How many of the wrong requests were refused."""
        return sum(one.refused for one in self.refusals)

    @property
    def validates(self) -> bool:
        """Whether it refuses at least most of what is wrong."""
        return 2 * self.refused > len(self.refusals)

    @property
    def echoes(self) -> bool:
        """Whether all that was sent comes back."""
        return self.whole == self.valid


def examine(url: str, work: Work) -> Fidelity:
    """Send every call to the operation at *url*, and judge the answers."""
    right, bad = valid(work), wrong(work)
    answers = [send(url, work, call) for call in right]
    refusals = [send(url, work, call) for call in bad]
    back = [echoed(call, answer) for call, answer in zip(right, answers, strict=True)]
    ids = [identity(answer) for answer in answers]
    return Fidelity(
        echoed=max(0, back[0][0]),
        fields=back[0][1],
        whole=sum(found == sent for found, sent in back),
        valid=len(right),
        ids=None not in ids and len(set(map(str, ids))) == len(ids),
        refusals=tuple(judge(bad, refusals, work.operation)),
    )


def send(url: str, work: Work, call: Call) -> Answer:
    """The answer to *call*, over a connection of its own."""
    parts = urlsplit(url)
    target = parts.path + (f"?{call.query}" if call.query else "")
    given = {"Content-Type": call.media, work.header: call.key}
    headers = {name: value for name, value in given.items() if value is not None}
    connection = http.client.HTTPConnection(parts.netloc, timeout=PATIENCE)
    try:
        connection.request("POST", target, call.body, headers)
        response = connection.getresponse()
        kept = tuple(text for name, text in response.getheaders() if name.lower() != "date")
        return Answer(response.status, kept, response.read())
    except (OSError, http.client.HTTPException):
        return Answer()
    finally:
        connection.close()


def echoed(call: Call, answer: Answer) -> tuple[int, int]:
    """
    How many members of the body came back with the same JSON value, and how many were sent.

    An answer without a document counts as -1, so that nothing is not the echo of `{}`.
    """
    sent: dict[str, Any] = json.loads(call.body)
    document = _document(answer)
    if document is None:
        return -1, len(sent)
    same = (
        name in document and jsontext.same(value, document[name]) for name, value in sent.items()
    )
    return sum(same), len(sent)


def identity(answer: Answer) -> Any:
    """The id of the document in *answer*, None where there is none."""
    return (_document(answer) or {}).get("id")


def _document(answer: Answer) -> dict[str, Any] | None:
    value = answer.value
    document = value.get("doc") if answer.accepts and isinstance(value, dict) else None
    return document if isinstance(document, dict) else None


def judge(calls: Sequence[Call], answers: Sequence[Answer], operation: Operation) -> list[Refusal]:
    """
    What *answers* say to the wrong *calls*.

    A text that also answers a request that is wrong in another place says nothing about either: so
    does an example out of the spec, which may hold the right word by chance.
    """
    pairs = list(zip(calls, answers, strict=True))
    found = []
    for call, answer in pairs:
        stock = {
            text for other, given in pairs if other.about != call.about for text in _texts(given)
        }
        told = [_tells(text, call, stock) for text in _texts(answer)]
        shaped = answer.refuses and _is_documented(answer, operation)
        found.append(
            Refusal(
                call=call.name,
                status=answer.status,
                refused=answer.refuses,
                told=answer.refuses and any(told),
                shaped=shaped,
                told_in_shape=shaped and told[0],
            )
        )
    return found


def _texts(answer: Answer) -> list[str]:
    """The body, then what the headers hold."""
    return [answer.body.decode("utf-8", "replace"), *answer.headers]


def _tells(text: str, call: Call, stock: set[str]) -> bool:
    return text not in stock and any(word in text.lower() for word in call.words)


def _is_documented(answer: Answer, operation: Operation) -> bool:
    """Whether the body is what the contract documents for the status, or for 400 where it has none."""
    documented = operation.answer_for(answer.status) or operation.answer_for(400)
    if documented is None or answer.value is None:
        return False
    schemas = [media.schema for media in documented.body.content]
    return any(schema is not None and schema.is_valid(answer.value) for schema in schemas)
