"""Hold recorded exchanges to two contracts, and tell what the change from one to the other does to them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from leadline_contracts.case import Breach
from leadline_contracts.impact import breaches
from leadline_contracts.impact.explaining import Explanations
from leadline_contracts.impact.journal import is_of_a_mock
from leadline_contracts.impact.result import Affected, Caller, Effect, Example, Impact
from leadline_contracts.judge import sent
from leadline_contracts.oracles.memory import Memory
from leadline_contracts.redaction import worded
from leadline_contracts.traffic.har import Entry, Recording
from leadline_contracts.traffic.holding import Options
from leadline_contracts.traffic.judging import Asked, Judged, judged, unjudged
from leadline_contracts.traffic.matching import Matcher, Met, Operations, address
from leadline_contracts.traffic.privacy import Redactor
from leadline_contracts.traffic.telling import caller, identity, is_keyed, no_request
from leadline_openapi import Contract, Operation, Place
from leadline_openapi.diff import Change, Diff

_NAMELESS = "unknown"
_LEAD = "a request breaks the contract: "
"""What a breach of a request starts with; here it is told of which contract."""


def impact(
    old: Contract,
    new: Contract,
    diff: Diff,
    recordings: Sequence[Recording],
    options: Options | None = None,
) -> Impact:
    """
    What *diff*, the change from *old* to *new*, does to the exchanges in *recordings*.

    Requests that *old* refuses, and answers that it does not allow, are only counted. The base is looked
    for with *old*. Raises `AmbiguousBase` where it cannot be told, as `hold` does.
    """
    measured = _Measuring(old, new, diff, recordings, options or Options())
    # Of a request that stands in several journals, the one that has its answer tells more.
    for recording in sorted(recordings, key=_has_no_answers):
        measured.take(recording)
    return measured.impact()


@dataclass(slots=True)
class _Group:
    """Exchanges that meet the same, while they are counted."""

    effect: Effect
    change: Change | None
    pointer: str
    example: Example
    callers: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True, slots=True)
class _Met:
    """One thing that an exchange meets."""

    effect: Effect
    change: Change | None
    breach: Breach


class _Measuring:
    """One pass over all recordings."""

    def __init__(
        self,
        old: Contract,
        new: Contract,
        diff: Diff,
        recordings: Sequence[Recording],
        options: Options,
    ) -> None:
        self._recordings, self._options = recordings, options
        entries = [one for recording in recordings for one in recording.entries]
        self._entries = len(entries)
        self._matcher = Matcher(old, entries, options.base)
        self._new = Operations(new)
        self._explanations = Explanations(new, diff)
        redactors = [Redactor(one, entries, options.keys) for one in (old, new)]
        self._redactors = (redactors[0], redactors[1])
        self._known: set[tuple[object, ...]] = set()
        self._groups: dict[tuple[object, ...], _Group] = {}
        self._counts: Counter[str] = Counter()
        self._skipped: Counter[str] = Counter()
        self._unchecked: Counter[str] = Counter()
        self._requests: Counter[str] = Counter()
        self._affected: Counter[str] = Counter()

    def take(self, recording: Recording) -> None:
        """Judge the entries of *recording*, in the order in which they were sent."""
        found = [(one, met) for one in recording.entries if (met := self._met(one)) is not None]
        self._known |= {_identity(one) for one in recording.entries}
        # A journal has no credentials in it, whatever stands in their places.
        keyed = any(is_keyed(*one) and not is_of_a_mock(one[0]) for one in found)
        for entry, met in found:
            operation = met.operation
            if operation is None:
                self._skipped["no operation of the old contract"] += 1
            elif operation.unsupported and self._now(entry.method, met.target) is not None:
                self._skipped[f"{operation.label}: {operation.unsupported}"] += 1
            else:
                self._judge(self._asked(entry, met, operation, keyed=keyed))

    def _now(self, method: str, target: str) -> Operation | None:
        """The operation of the new contract that a request is."""
        return self._new.find(method, target.partition("?")[0])

    def _met(self, entry: Entry) -> Met | None:
        at = address(entry.url)
        reason = "recorded twice" if _identity(entry) in self._known else no_request(entry, at)
        met = None if reason or at is None else self._matcher.meet(entry.method, at)
        if met is None:
            self._skipped[reason or "not below the base"] += 1
        return met

    def _asked(self, entry: Entry, met: Met, operation: Operation, *, keyed: bool) -> Asked:
        return Asked(
            entry=entry,
            operation=operation,
            base="",
            target=met.target,
            caller=caller(entry, self._options.caller_header, self._redact),
            keyed=keyed,
        )

    def _judge(self, asked: Asked) -> None:
        # That an operation is gone meets its callers, whatever they send.
        is_known = not asked.operation.unsupported
        before = judged(asked, Memory()) if is_known else unjudged(asked)
        name = asked.caller or _NAMELESS
        if before.blind:
            self._skipped["neither request nor answer is recorded"] += 1
            return
        self._requests[name] += 1
        self._counts["requests"] += 1
        self._unchecked.update(before.unchecked)
        if asked.operation.security and not asked.keyed:
            self._unchecked["credentials: the recording holds none"] += 1
        met = list(self._changes(asked, before))
        for effect in {one.effect for one in met}:
            self._counts[effect] += 1
        self._affected[name] += bool(met)
        counted: set[tuple[object, ...]] = set()
        for one in met:
            key = _key(one)
            if key not in counted:
                counted.add(key)
                group = self._groups.get(key) or self._groups.setdefault(
                    key, self._group(asked, before, one)
                )
                group.callers[name] += 1

    def _changes(self, asked: Asked, before: Judged) -> Iterator[_Met]:
        """What the change does to an exchange that the old contract has judged so."""
        operation = asked.operation
        now = self._now(asked.entry.method, asked.target)
        if before.sent:
            self._counts["refused_before"] += 1
        if now is None:
            if not before.sent:
                change = self._explanations.of_operation(operation)
                yield _Met("refused", change, breaches.gone(operation))
            return
        if now.unsupported:
            self._unchecked[f"{now.label} of the new contract: {now.unsupported}"] += 1
            return
        after = judged(replace(asked, operation=now), Memory())
        if not before.sent:
            yield from self._refused(after, now)
            yield from self._ignored(before, now)
        yield from self._answer(before, after, now)

    def _refused(self, after: Judged, now: Operation) -> Iterator[_Met]:
        for breach in after.sent:
            change = self._explanations.of_breach(breach, "request", now)
            yield _Met("refused", change, breach)

    def _ignored(self, before: Judged, now: Operation) -> Iterator[_Met]:
        """Parameters that are sent and that only the old contract names."""
        case = before.exchange.case
        kept = {(one.location, one.name) for one in now.parameters}
        for one in case.operation.parameters:
            if one.location == "path" or (one.location, one.name) in kept:
                continue
            change = self._explanations.of_parameter(one.pointer)
            values = sent(case, one.location).get(one.name)
            if change is not None and values:
                yield _Met("ignored", change, breaches.ignored(one, values[0]))

    def _answer(self, before: Judged, after: Judged, now: Operation) -> Iterator[_Met]:
        if not before.told:
            return
        if list(breaches.disallowed(before)):
            self._counts["disallowed_before"] += 1
            return
        if not before.exchange.headers:
            self._unchecked["an answer is recorded by its status alone"] += 1
        for breach in breaches.disallowed(after):
            change = self._explanations.of_breach(breach, "response", now)
            yield _Met("disallowed", change, breach)

    def _group(self, asked: Asked, before: Judged, met: _Met) -> _Group:
        entry, case = asked.entry, before.exchange.case
        for redactor in self._redactors:
            case = redactor.case(case)
        breach = worded(met.breach, self._redact)
        example = Example(
            place=Place(entry.file, pointer=entry.pointer),
            number=entry.number,
            time=entry.started.isoformat(timespec="milliseconds"),
            request=f"{case.method} {case.target}",
            problem=breach.message.removeprefix(_LEAD),
            actual=breach.actual,
        )
        return _Group(met.effect, met.change, met.breach.pointer, example)

    def _redact(self, text: str) -> str:
        for redactor in self._redactors:
            text = redactor(text)
        return text

    def impact(self) -> Impact:
        """What was found: refused requests first, what most exchanges meet before the rest."""
        order: Sequence[Effect] = ("refused", "ignored", "disallowed")
        groups = sorted(
            self._groups.values(),
            key=lambda one: (order.index(one.effect), -one.callers.total(), one.pointer),
        )
        counts = self._counts
        return Impact(
            files=tuple(one.file for one in self._recordings),
            entries=self._entries,
            requests=counts["requests"],
            refused=counts["refused"],
            ignored=counts["ignored"],
            disallowed=counts["disallowed"],
            refused_before=counts["refused_before"],
            disallowed_before=counts["disallowed_before"],
            affected=tuple(
                Affected(
                    effect=one.effect,
                    change=one.change,
                    pointer=one.pointer,
                    count=one.callers.total(),
                    callers=dict(one.callers.most_common()),
                    example=one.example,
                )
                for one in groups
            ),
            callers={
                name: Caller(count, self._affected[name])
                for name, count in self._requests.most_common()
            },
            skipped=dict(self._skipped.most_common()),
            unchecked={self._redact(told): n for told, n in self._unchecked.most_common()},
        )


def _has_no_answers(recording: Recording) -> bool:
    return all(one.response_body.unread for one in recording.entries)


def _identity(entry: Entry) -> tuple[object, ...]:
    """What tells *entry* apart; a journal may have it with its answer and without."""
    *asked, answered = identity(entry)
    return (*asked, None if is_of_a_mock(entry) else answered)


def _key(met: _Met) -> tuple[object, ...]:
    """What is told as one: all that one change does, else all that one rule is broken by."""
    if met.change is not None:
        return met.effect, met.change.code, met.change.pointer, met.change.message
    return met.effect, met.breach.pointer, met.breach.about
