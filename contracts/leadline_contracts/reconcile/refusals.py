"""How refusals and failures look: the schema of each such response, drafted from what was answered."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from leadline_contracts.case import Case, Due, Exchange
from leadline_contracts.compare.outcome import Outcome
from leadline_contracts.judge import violations
from leadline_contracts.overlays import Action
from leadline_contracts.reconcile.proposal import CONTRACT, DECIDE, Draft, Matter
from leadline_contracts.reconcile.routing import REFUSAL
from leadline_contracts.reconcile.setting import Setting
from leadline_contracts.reconcile.shapes import Facts, Shape
from leadline_contracts.reconcile.statuses import Statuses, response
from leadline_openapi import pointer as pointers
from leadline_openapi import words
from leadline_openapi.structure import walk
from leadline_openapi.violation import Violation

_TEXT = 400
"""Characters of a text that are kept."""
_FORKED = (
    "They come in several shapes, and nothing says which comes when: a mock answers in the first that it can "
    "fill, and goes on differing where B answers in another."
)
_KEPT = "The contract admits all of them, so no action would bring the two closer."
_INDEX = re.compile(r"\[\d+\]")


@dataclass(slots=True)
class _Seen:
    """What was answered under one status: by media type, JSON bodies put together and texts."""

    shapes: dict[str, Shape] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)
    count: int = 0
    kept: bool = True
    """Whether those that are JSON are as the contract describes them."""

    @property
    def forked(self) -> bool:
        """Whether they come in several shapes, and nothing says which comes when."""
        return any(shape.forked for shape in self.shapes.values())

    def content(self, setting: Setting) -> dict[str, Any]:
        """The `content` of a response that says so."""
        found: dict[str, Any] = {}
        for media, shape in sorted(self.shapes.items(), key=lambda one: -one[1].count):
            found[media] = {"schema": setting.spelt(shape.schema(refusal=True))}
        for media, text in self.texts.items():
            found.setdefault(media, {"schema": {"type": "string"}, "example": text})
        return found

    def merge(self, other: _Seen) -> None:
        self.count += other.count
        self.kept = self.kept and other.kept
        for media, shape in other.shapes.items():
            self.shapes.setdefault(media, Shape()).merge(shape)
        self.texts = {**other.texts, **self.texts}


class Refusals:
    """Takes what the server answers to requests that it refuses; proposes what the contract says of that."""

    def __init__(self, setting: Setting, statuses: Statuses) -> None:
        self._setting, self._statuses = setting, statuses
        self._seen: defaultdict[tuple[str, int], _Seen] = defaultdict(_Seen)

    def take(self, case: Case, right: Outcome) -> None:
        """Note the answer *right*, if it is no success."""
        if right.failure or right.family in {2, 3} or case.due in {Due.NOWHERE, Due.UNPREDICTABLE}:
            return
        seen = self._seen[case.operation.label, right.status]
        exchange = right.exchange
        seen.count += 1
        if right.is_json and not right.unread:
            seen.kept = seen.kept and _is_documented(exchange)
            value = _without(exchange.value, self._setting.made_up(case))
            seen.shapes.setdefault(exchange.media_type, Shape()).take(value, facts(case))
        elif exchange.media_type and exchange.body:
            text = exchange.body[:_TEXT].decode("utf-8", "replace")
            seen.texts.setdefault(exchange.media_type, text)

    def failures(self, label: str) -> set[int]:
        """The statuses of 5xx that the server answers."""
        return {status for name, status in self._seen if name == label and status >= 500}

    def drafts(self, matters: Iterable[Matter]) -> Iterator[Draft]:
        """One for each response that *matters* are about."""
        wanted = sorted(set(matters))
        places: defaultdict[str, list[Matter]] = defaultdict(list)
        for at in wanted:
            places[self._place(at, wanted)].append(at)
        for place, found in places.items():
            if self._alike(found):
                yield self._draft(place, found)
                continue
            for at in found:
                yield self._draft(self._own(at), [at])

    def _alike(self, found: list[Matter]) -> bool:
        """Whether what is drafted for each of *found* is the same but for examples."""
        drafted = [
            _unexampled(self._seen[at[1], int(at[2])].content(self._setting)) for at in found
        ]
        return all(one == drafted[0] for one in drafted)

    def _own(self, at: Matter) -> str:
        """Where the response stands if nothing else is to be said there."""
        return f"{self._setting.operation(at[1]).pointer}/responses/{at[2]}"

    def _place(self, at: Matter, wanted: list[Matter]) -> str:
        """Where the response is to be described: where it stands, unless others mean that, too."""
        label, status = at[1], int(at[2])
        place = response(self._setting, self._statuses.added, label, status)
        shared = {(REFUSAL, name, str(code)) for name, code in self._users(place)} - set(wanted)
        return self._own(at) if shared else place or self._own(at)

    def _users(self, place: str) -> Iterator[tuple[str, int | str]]:
        """The operations and statuses whose response stands at *place*: seen ones and documented ones."""
        for operation in self._setting.contract.operations:
            for answer in operation.answers:
                at = f"{operation.pointer}/responses/{answer.status}"
                if at not in self._setting.moved and self._setting.real(at) == place:
                    yield operation.label, answer.status
        for label, status in self._seen:
            if response(self._setting, self._statuses.added, label, status) == place:
                yield label, status

    def _draft(self, place: str, found: list[Matter]) -> Draft:
        setting = self._setting
        statuses = " and ".join(sorted({at[2] for at in found}))
        seen = _Seen()
        for at in found:
            seen.merge(self._seen[at[1], int(at[2])])
        content = seen.content(setting)
        reached = setting.reaches(self._holder(place)) and bool(content)
        told = reached and not (seen.forked and seen.kept)
        why = f"Drafted from {_answers(seen.count)} of B: names and codes as they were, words left open."
        if seen.forked:
            why = f"{_FORKED} {why}" if told else f"{_FORKED} {_KEPT}"
        return Draft(
            wrong=CONTRACT if told else DECIDE,
            pointer=place,
            what=f"the body of {statuses} looks otherwise",
            why=why,
            expected="a body as the contract describes it",
            actual=" or ".join(content) or "no body",
            matters=tuple(found),
            actions=tuple(self._actions(place, found[0], content)) if told else (),
        )

    def _holder(self, place: str) -> str:
        """*place*, or what it is to be put into where it is new."""
        return place if self._setting.find(place) is not None else place.rpartition("/")[0]

    def _actions(self, place: str, at: Matter, content: dict[str, Any]) -> Iterator[Action]:
        setting, told = self._setting, f"What is answered with {at[2]}."
        written = setting.find(place)
        source = self._statuses.added.get((at[1], int(at[2])))
        copied = setting.find(source) if source and written is None else None
        if any(isinstance(one, Mapping) and "$ref" in one for one in (written, copied)):
            yield setting.remove(place, "Others mean what stands there, too.")
            written = copied = None
        elif isinstance(written or copied, Mapping):
            if "content" in (written or copied or {}):
                yield setting.remove(f"{place}/content", "Drafted anew below.")
            yield setting.update(place, told, {"content": content})
            return
        elif source == "":
            yield setting.update(place, told, {"content": content})
            return
        parent, _, status = place.rpartition("/")
        self._statuses.added[at[1], int(at[2])] = ""
        update = {"description": f"what the server answers with {status}", "content": content}
        yield setting.update(parent, told, {status: update})

    def orphans(self, drafts: Iterable[Draft]) -> tuple[Action, ...]:
        """What takes our words out of schemas to which no error leads once *drafts* are applied."""
        replaced = {one.pointer for one in drafts if one.actions}
        document = self._setting.contract.document
        before: set[str] = set()
        after: set[str] = set()
        kept = set(self._statuses.added.values())
        for operation in self._setting.contract.operations:
            for answer in operation.answers:
                at = f"{operation.pointer}/responses/{answer.status}"
                real = self._setting.real(at)
                _reach(document, real, before)
                left = at in self._setting.moved and at not in kept
                if not {at, real} & replaced and not left:
                    _reach(document, real, after)
        at = "/components/schemas"
        gone = sorted({pointers.tokens(one)[2] for one in before - after if one.startswith(at)})
        names = [name for name in gone if f"{at}/{name}" not in after and _speaks(document, name)]
        if not names:
            return ()
        listed = ", ".join(f"'{name}'" for name in names)
        told = "No response leads here any more."
        return (
            Action(target=f"$.components.schemas[{listed}]..['x-violation']", description=told),
        )


def _answers(count: int) -> str:
    return "one answer" if count == 1 else f"{count:,} answers"


def _is_documented(exchange: Exchange) -> bool:
    """Whether the contract has a schema for *exchange*, whatever was due, and it is kept."""
    answer = exchange.case.operation.answer_for(exchange.status)
    media = answer.body.for_type(exchange.media_type) if answer else None
    return media is not None and (media.schema is None or media.schema.is_valid(exchange.value))


def _without(value: Any, names: set[str]) -> Any:
    """*value* without members that are called by one of *names*: they speak of the request alone."""
    if isinstance(value, list):
        return [_without(one, names) for one in value]
    if not isinstance(value, dict) or not names:
        return value
    return {name: _without(one, names) for name, one in value.items() if name not in names}


def _unexampled(schema: Any) -> Any:
    """*schema* without what it has as an example."""
    if isinstance(schema, list):
        return [_unexampled(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    return {
        name: _unexampled(one)
        for name, one in schema.items()
        if name not in ("example", "examples")
    }


def _reach(document: Mapping[str, Any], at: str, found: set[str]) -> None:
    """Add to *found* the pointers of all schemas to which the response at *at* leads."""
    response = pointers.find(document, at)
    for media in response.get("content", ()):
        inner, _ = words.follow(document, at + pointers.pointer(("content", media)))
        words.reach(document, f"{inner}/schema", found)


def _speaks(document: Mapping[str, Any], name: str) -> bool:
    schema = document["components"]["schemas"][name]
    return any("x-violation" in node.value for node in walk(schema, "schema"))


def facts(case: Case) -> Facts:
    """What is known of why *case* is refused; nothing where there are several reasons."""
    if case.due is Due.DENY:
        schemes = [one for alternative in case.operation.security for one in alternative]
        return _told(schemes[0].location, schemes[0].parameter, "") if len(schemes) == 1 else {}
    found = violations(case) if case.due is Due.REFUSE and not case.compound else ()
    if len({(one.location, one.pointer) for one in found}) != 1:
        return {}
    first: Violation = next(iter(found))
    if first.rule.endswith("/content"):
        return _told("header", "Content-Type", "/Content-Type")
    return _told(first.location, first.field, first.pointer) | {"keyword": first.keyword}


def _told(location: str, name: str, pointer: str) -> dict[str, str]:
    return {
        "location": location,
        "field": name,
        "pointer": pointer,
        "property": _INDEX.sub("", name),
    }
