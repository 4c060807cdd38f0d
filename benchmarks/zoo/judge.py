"""Sends requests to a server and says what is wrong with its answers."""

from __future__ import annotations

import gzip
import http.client
import json
import math
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from benchmarks.zoo.contract import answers, fields
from benchmarks.zoo.variant import Step, Variant

PATIENCE = 2.0
ENOUGH = 2**24


@dataclass(frozen=True)
class Answer:
    """What came back for *step*, or the *trouble* instead."""

    step: Step
    status: int = 0
    media: str = ""
    body: bytes = b""
    sent: float = 0.0
    seconds: float = 0.0
    trouble: str = ""


def complaints(url: str, variant: Variant) -> list[str]:
    """What the witness of *variant* shows about the server at *url*."""
    if variant.at_once:
        with ThreadPoolExecutor(len(variant.witness)) as pool:
            found = list(pool.map(lambda step: list(play(url, [step])), variant.witness))
        got = [answer for each in found for answer in each]
    else:
        got = list(play(url, variant.witness))
    return [
        *(text for answer in got for text in wrong(answer)),
        *together(got, ordered=not variant.at_once),
    ]


def play(url: str, steps: Sequence[Step]) -> Iterator[Answer]:
    """Send *steps* over one connection, up to the first that gets no answer."""
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=2 * PATIENCE)
    for step in steps:
        answer = _exchange(connection, step)
        yield answer
        if answer.trouble:
            break
    connection.close()


def wrong(answer: Answer) -> list[str]:
    """What is wrong with one answer."""
    if answer.trouble:
        return [answer.trouble]
    found = [f"{answer.seconds:.1f} s"] if answer.seconds > PATIENCE else []
    if answer.step.due == "other":
        created = 200 <= answer.status < 300 and b'"doc"' in answer.body
        return [
            *found,
            *(["500"] if answer.status == 500 else []),
            *(["a lead was created"] if created else []),
        ]
    if answer.media.partition(";")[0].strip() != "application/json":
        return [*found, f"media type {answer.media}"]
    try:
        payload = json.loads(answer.body, parse_float=float)
    except ValueError as error:
        return [*found, f"no JSON: {error}"]
    return [*found, *(_refused if answer.step.due == "refuse" else _accepted)(answer, payload)]


def together(got: Sequence[Answer], *, ordered: bool) -> list[str]:
    """What is wrong with the answers taken together."""
    leads = [
        _lead(answer) for answer in got if answer.status == 200 and answer.step.due == "accept"
    ]
    ids = [str(lead.get("id")) for lead in leads]
    found = ["an id came twice"] if len(ids) != len(set(ids)) else []
    times = [moment for lead in leads if (moment := _moment(lead.get("createdAt")))]
    if ordered and times != sorted(times):
        found.append("the clock went back")
    return found


def same(sent: Any, back: Any) -> bool:
    """Whether *back* is the same JSON value as *sent*, or the documents that it refers to."""
    if isinstance(sent, bool) or isinstance(back, bool):
        return sent is back
    if isinstance(sent, list) and isinstance(back, list):
        return len(sent) == len(back) and all(map(same, sent, back))
    if isinstance(sent, int | float) and isinstance(back, dict):
        return bool(back.get("id") == sent)
    if isinstance(sent, int | float) and isinstance(back, int | float):
        return sent == back or (math.isinf(sent) and math.isinf(back))
    return type(sent) is type(back) and bool(sent == back)


def _refused(answer: Answer, payload: Any) -> list[str]:
    if answer.status not in {400, 401, 415}:
        return [f"status {answer.status}"]
    return [
        f"{error.instance_path}: {error.message}" for error in answers()[1].iter_errors(payload)
    ]


def _accepted(answer: Answer, payload: Any) -> list[str]:
    if answer.status != 200:
        return [f"status {answer.status}"]
    found = [
        f"{error.instance_path}: {error.message}"[:200]
        for error in answers()[0].iter_errors(payload)
    ]
    if found:
        return found
    lead, sent = payload["doc"], json.loads(answer.step.body)
    found = [
        f"{n}: {str(v)[:60]!r}, not {str(lead.get(n))[:60]!r}"
        for n, v in sent.items()
        if not same(v, lead.get(n))
    ]
    found += [f"{n} was not sent: {v!r}" for n, v in lead.items() if _invented(n, v, sent)]
    if lead["id"] == "":
        found.append("an empty id")
    own = [_moment(lead[n]) for n in ("createdAt", "updatedAt") if n not in sent]
    found += ["no time" for moment in own if moment is None]
    found += [
        "a wrong time" for moment in own if moment and abs(moment.timestamp() - answer.sent) > 5
    ]
    if len(own) == 2 and own[0] and own[1] and own[0] > own[1]:
        found.append("changed before it was created")
    return found


def _invented(name: str, value: Any, sent: dict[str, Any]) -> bool:
    return (
        name in fields()
        and name not in sent
        and value not in (None, [])
        and not name.endswith("edAt")
    )


def _lead(answer: Answer) -> dict[str, Any]:
    try:
        lead = json.loads(answer.body)["doc"]
    except (ValueError, TypeError, KeyError):
        return {}
    return lead if isinstance(lead, dict) else {}


def _moment(text: Any) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text)
    except (TypeError, ValueError):
        return None
    return moment if moment.tzinfo is not None and "T" in text else None


def _exchange(connection: http.client.HTTPConnection, step: Step) -> Answer:
    headers = {"Accept-Encoding": "gzip"}
    headers |= {"Authorization": step.key} if step.key is not None else {}
    headers |= {"Content-Type": step.media} if step.media is not None else {}
    sent, started = datetime.now(UTC).timestamp(), time.perf_counter()
    try:
        connection.request(step.method, step.target, step.body, headers)
        response = connection.getresponse()
        body = response.read(ENOUGH)
        if len(body) == ENOUGH:
            return Answer(step, trouble="too much")
        if response.getheader("Content-Encoding") == "gzip":
            body = gzip.decompress(body)
    except (OSError, http.client.HTTPException) as error:
        return Answer(step, trouble=type(error).__name__)
    media = response.getheader("Content-Type") or ""
    return Answer(step, response.status, media, body, sent, time.perf_counter() - started)
