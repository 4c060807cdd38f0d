"""What the server makes of faulty requests, as `x-leniency` for each place and fault."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from leadline_contracts.case import Case, Due, Exchange
from leadline_contracts.compare.normalise import described
from leadline_contracts.compare.outcome import Outcome
from leadline_contracts.leniency.faults import faults
from leadline_contracts.leniency.outcome import became
from leadline_contracts.overlays import Action, order
from leadline_contracts.reconcile.conditions import Sample, said, untold
from leadline_contracts.reconcile.proposal import CONTRACT, NOBODY, SERVER, Draft, Matter, listed
from leadline_contracts.reconcile.routing import LENIENCY, place
from leadline_contracts.reconcile.setting import Setting
from leadline_openapi import jsontext
from leadline_openapi import pointer as pointers
from leadline_openapi.leniency.conversion import convert
from leadline_openapi.leniency.faults import Fault
from leadline_openapi.parameters import ABSENT

_SAMPLES = 80
"""So many values of one fault are looked at."""
_MANNERS = {
    "rejected": "is refused",
    "coerced": "is taken as something else",
    "dropped": "is lost without a word",
    "stored": "is taken as it is",
    "error": "makes the server fail",
}

_Key = tuple[str, str]


@dataclass(slots=True)
class _Fault:
    """All that was seen of one fault at one place; *declared* says whether the contract speaks of it."""

    declared: bool
    samples: list[Sample] = field(default_factory=list)


class Leniency:
    """Takes what the server makes of faulty requests; proposes what `x-leniency` is to say."""

    def __init__(self, setting: Setting) -> None:
        self._setting = setting
        self._seen: dict[_Key, _Fault] = {}
        self._fails: set[str] = set()
        self._because: defaultdict[str, set[Matter]] = defaultdict(set)

    def take(self, case: Case, right: Outcome) -> None:
        """Note what became of *case*, if a single thing is wrong with it and nothing else is tried."""
        if case.due is not Due.REFUSE or case.compound or right.failure:
            return
        found = faults(case)
        if len(found) != 1:
            return
        fault = found[0]
        key = place(fault), fault.name
        seen = self._seen.setdefault(
            key, _Fault(fault.name in case.operation.leniencies.get(key[0], ()))
        )
        if len(seen.samples) < _SAMPLES:
            seen.samples.append(_sample(right.exchange, fault))
        if right.family == 5:
            self._fails.add(case.operation.label)

    def drafts(self, matters: Iterable[Matter]) -> Iterator[Draft]:
        """One for all siblings whose faults are taken in the same way."""
        found: defaultdict[str, dict[str, Any]] = defaultdict(dict)
        for _, at, fault in sorted(set(matters)):
            seen = self._seen.get((at, fault))
            if seen is not None and self._setting.reaches(at):
                found[at][fault] = said(seen.samples)
        for parent, fault in [(one, fault) for one in found for fault in found[one]]:
            self._part_items(parent, fault, found)
        groups: defaultdict[tuple[str, str, bytes], list[str]] = defaultdict(list)
        for at in sorted(found, key=order(self._setting.contract)):
            parent, _, inner = _parts(at)
            groups[parent, inner, jsontext.dump(found[at])].append(at)
        for places in groups.values():
            yield self._draft(places, found[places[0]])

    def _part_items(self, at: str, fault: str, found: defaultdict[str, dict[str, Any]]) -> None:
        """Say what becomes of *fault* in items, to which what is said of the list would apply."""
        inner = f"{at}/items"
        seen = self._seen.get((inner, fault))
        if seen is not None and fault not in found.get(inner, ()) and self._setting.reaches(inner):
            value = said(seen.samples)
            if value != found[at][fault]:
                found[inner][fault] = value
                self._because[inner].add((LENIENCY, at, fault))

    def _draft(self, places: list[str], faults: dict[str, Any]) -> Draft:
        refused = self._outcomes(places, faults) == {"rejected"}
        why, right = _KNOWN, False
        if refused:
            why, right = self._refused(places, faults)
        manner = ", ".join(
            f"`{fault}` {' or '.join(sorted(self._outcomes(places, [fault])))}" for fault in faults
        )
        items = "items of " if _parts(places[0])[2] else ""
        return Draft(
            wrong=NOBODY if right else CONTRACT if refused else SERVER,
            pointer=places[0],
            what=f"{items}{listed([self._name(at) for at in places])}: {manner}",
            why=" ".join([why, *self._untold(places, faults)]),
            expected="a refusal that names the fault",
            actual=manner,
            matters=(
                *((LENIENCY, at, fault) for at in places for fault in faults),
                *(one for at in places for one in sorted(self._because[at])),
            ),
            actions=() if right else tuple(self._actions(places, faults)),
        )

    def _refused(self, places: list[str], faults: Iterable[str]) -> tuple[str, bool]:
        """Why something is said of faults that B refuses, and whether the contract is right as it is."""
        if any(self._seen[at, fault].declared for at in places for fault in faults):
            return _NO_MORE, False
        of_list = any(self._because[at] for at in places)
        return (_OF_LIST, False) if of_list else (_RIGHT, True)

    def _untold(self, places: list[str], faults: dict[str, Any]) -> Iterator[str]:
        for fault, told in faults.items():
            samples = [one for at in places for one in self._seen[at, fault].samples]
            if missing := untold(samples, told):
                yield _UNTOLD.format(fault=fault, outcomes=" or ".join(missing))

    def _name(self, at: str) -> str:
        """How the contract calls what stands at *at*: a parameter stands in a list, by number."""
        written = self._setting.contract.document
        name = _parts(at)[1]
        if not name.isdecimal():
            return name
        found = pointers.find(written, self._setting.real(at))
        return str(found.get("name", name))

    def _outcomes(self, places: list[str], faults: Iterable[str]) -> set[str]:
        seen = [self._seen[at, fault] for at in places for fault in faults]
        return {one.outcome for each in seen for one in each.samples}

    def _actions(self, places: list[str], faults: dict[str, Any]) -> Iterator[Action]:
        setting = self._setting
        for at in places:
            for fault in faults:
                if self._seen[at, fault].declared:
                    old = f"{at}/x-leniency" + pointers.pointer([fault])
                    yield setting.remove(old, "Said anew below.")
        parent, _, inner = _parts(places[0])
        names = [_parts(at)[1] for at in places]
        told = "\n".join(self._evidence(places, faults))
        yield setting.update_members(parent, names, told, {"x-leniency": faults}, inner)

    def _evidence(self, places: list[str], faults: Iterable[str]) -> Iterator[str]:
        """An example of each outcome of each fault."""
        for fault in faults:
            examples: dict[str, str] = {}
            for one in (one for at in places for one in self._seen[at, fault].samples):
                shown = (
                    "" if one.value is ABSENT else f" {jsontext.dump(one.value).decode()[:_SHOWN]}"
                )
                examples.setdefault(one.outcome, f"{fault}{shown} {_MANNERS[one.outcome]}")
            yield from examples.values()

    @property
    def failing(self) -> set[str]:
        """The operations in which the server fails on a faulty request."""
        return self._fails


_SHOWN = 60
_NAMED_ITEMS = re.compile(r"(?<!/properties)/properties(/properties/properties)*/items$")
"""The end of the place of a property that is called `items`, and not of the items of one."""
_KNOWN = "The contract asks for a refusal; what `x-leniency` says is known, and not intended."
_NO_MORE = "`x-leniency` says that B takes it or fails on it, and B refuses it."
_OF_LIST = "What `x-leniency` is to say of the list would go for its items, which B refuses."
_RIGHT = "The contract asks for a refusal, and B refuses it: it is A that does not."
_UNTOLD = "Nothing tells when `{fault}` is {outcomes}, so the most frequent outcome is said of all."


def _sample(exchange: Exchange, fault: Fault) -> Sample:
    if exchange.status >= 500:
        return Sample(fault.value, "error", converts=_converts(fault))
    if exchange.status >= 300:
        return Sample(fault.value, "rejected", converts=_converts(fault))
    outcome, given = became(_as_documented(exchange), fault)
    converts = _converts(fault)
    if outcome == "coerced" and not fault.path and _is_empty(exchange, given):
        outcome = "dropped"
    if outcome != "coerced":
        return Sample(fault.value, outcome or _untold(fault), converts=converts)
    told = given is not ABSENT and not jsontext.same(_made(fault), given) and bool(fault.path)
    return Sample(fault.value, "coerced", given if told else ABSENT, converts=converts)


def _is_empty(exchange: Exchange, given: Any) -> bool:
    """Whether *given*, the answer for a whole body, has in it what the server puts there by itself alone."""
    media = described(exchange)
    own = {one.path[-1] for one in media.server_values} if media else set()
    return isinstance(given, dict) and all(
        one is None or one == [] for name, one in given.items() if name not in own
    )


def _untold(fault: Fault) -> str:
    """What is said where no answer tells: what can be read as another value is, anything else is lost."""
    return "coerced" if _converts(fault) or not fault.of_value else "dropped"


def _converts(fault: Fault) -> bool:
    return _made(fault) is not ABSENT


def _made(fault: Fault) -> Any:
    if fault.value is ABSENT or fault.library is None or not fault.schemas:
        return ABSENT
    return convert(fault.value, fault.library.flat(fault.schemas))


def _as_documented(exchange: Exchange) -> Exchange:
    """*exchange* under a status that the contract describes, where its own is not."""
    media = described(exchange)
    if media is None:
        return exchange
    answers = exchange.case.operation.answers
    status = next(one.status for one in answers if media in one.body.content).replace("XX", "00")
    return replace(exchange, status=int(status)) if status.isdigit() else exchange


def _parts(at: str) -> tuple[str, str, str]:
    """What holds the place *at*, its name there, and the way on from it to items."""
    own, inner = at, ""
    while own.endswith("/items") and not _NAMED_ITEMS.search(own):
        own, inner = own.removesuffix("/items"), f"{inner}.items"
    parent, _, name = own.rpartition("/")
    return parent, pointers.tokens(f"/{name}")[0], inner
