"""Questions between two processes over a pipe: a name, arguments, and a result or an error."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from multiprocessing.connection import Connection
from typing import Any

from leadline_openapi import LeadlineError

Answers = Mapping[str, Callable[..., Any]]


class Gone(LeadlineError):
    """The process at the other end has ended, or does not answer."""


class Caller:
    """The end of a pipe that asks; one question at a time."""

    def __init__(self, pipe: Connection[Any, Any]) -> None:
        self._pipe = pipe
        self._lock = threading.Lock()

    def ask(self, name: str, *arguments: Any, patience: float | None = None) -> Any:
        """
        What the other process answers, within *patience* seconds.

        Raises `Gone`, or the `LeadlineError` that the answer is.
        """
        if not self._lock.acquire(timeout=-1 if patience is None else patience):
            raise Gone("another process of the mock does not answer")
        try:
            self._pipe.send((name, arguments))
            if not self._pipe.poll(patience):
                self._pipe.close()  # an answer to this question is none to the next one
                raise Gone("another process of the mock does not answer")
            result, error = self._pipe.recv()
        except (EOFError, OSError):
            raise Gone("another process of the mock has ended") from None
        finally:
            self._lock.release()
        if error is not None:
            raise error
        return result


def answer_calls(pipe: Connection[Any, Any], answers: Answers) -> None:
    """Answer what comes through *pipe* until its other end is closed."""
    with suppress(EOFError, OSError):
        while True:
            name, arguments = pipe.recv()
            reply: tuple[Any, LeadlineError | None]
            try:
                reply = (answers[name](*arguments), None)
            except LeadlineError as error:
                reply = (None, error)
            except Exception as error:  # else who asked would wait for ever
                reply = (None, Gone(f"another process of the mock failed: {error!r}"))
            pipe.send(reply)
