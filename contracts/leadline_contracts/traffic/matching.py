"""Which requests of a recording are operations of the contract, and below which base they stand."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from leadline_contracts import path as paths
from leadline_contracts.traffic.har import Entry
from leadline_openapi import Contract, LeadlineError, Operation

_ID = re.compile(r"\d+|[0-9a-fA-F]{24}|[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
"""A segment that names a document: a number, an ObjectId, a UUID."""


class AmbiguousBase(LeadlineError):
    """The requests of a recording could stand below several bases; the message names them."""


@dataclass(frozen=True, slots=True)
class Base:
    """What `servers[0].url` stands for in a recording: a *path* on the host *origin*, empty for any."""

    origin: str
    path: str

    def __str__(self) -> str:
        return self.origin + self.path

    def below(self, address: Address) -> str | None:
        """The path of *address* below this base; `None` where it stands elsewhere."""
        if self.origin not in {"", address.origin} or not address.path.startswith(f"{self.path}/"):
            return None
        return address.path.removeprefix(self.path)


@dataclass(frozen=True, slots=True)
class Address:
    """The URL of a request in parts; *query* without its question mark."""

    origin: str
    path: str
    query: str


@dataclass(frozen=True, slots=True)
class Met:
    """A request below *base*, its *target* from there on, and the *operation* that it is, if any."""

    base: Base
    target: str
    operation: Operation | None


def address(url: str) -> Address | None:
    """The parts of *url*; `None` where it is none of HTTP."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    if parts.scheme not in {"http", "https"} or not parts.netloc:
        return None
    origin = f"{parts.scheme}://{parts.netloc.rpartition('@')[2].lower()}"
    return Address(origin, parts.path or "/", parts.query)


def base(text: str) -> Base:
    """The base that *text* names: a URL, or a path on any host. Raises `ValueError`."""
    if text.startswith("/"):
        return Base("", text.rstrip("/"))
    found = address(text)
    if found is None or found.query:
        msg = "takes a URL as https://host/api, or a path as /api"
        raise ValueError(msg)
    return Base(found.origin, found.path.rstrip("/"))


class Operations:
    """The operations of a *contract*, found by method and path."""

    def __init__(self, contract: Contract) -> None:
        # "concrete definitions are matched before their templated counterparts" (OAS 3.1.1 section 4.8.8)
        self._operations = sorted(contract.operations, key=lambda one: one.path.count("{"))

    def __iter__(self) -> Iterator[Operation]:
        return iter(self._operations)

    def find(self, method: str, path: str) -> Operation | None:
        """The operation that a request to *path* below the base is, if any."""
        fitting = (one for one in self._operations if one.method == method)
        return next((one for one in fitting if paths.readings(one.path, path)), None)


class Matcher:
    """Finds operations of *contract* in requests, below *wanted* or, without it, where they are found."""

    def __init__(self, contract: Contract, entries: Sequence[Entry], wanted: Base | None) -> None:
        self._operations = Operations(contract)
        known = [(one.method, found) for one in entries if (found := address(one.url))]
        self.bases = self._bases(known, wanted or Base("", contract.base_path))
        if not self.bases and wanted is None:
            self.bases = self._searched(known)

    def meet(self, method: str, at: Address) -> Met | None:
        """What a request is; `None` where it stands below no base."""
        for one in self.bases:
            below = one.below(at)
            if below is not None:
                target = f"{below}?{at.query}" if at.query else below
                return Met(one, target, self._operations.find(method, below))
        return None

    def _bases(self, known: Iterable[tuple[str, Address]], wanted: Base) -> tuple[Base, ...]:
        """*wanted* on every host where an operation is met below it, the one with most of them first."""
        met: Counter[str] = Counter()
        for method, at in known:
            below = wanted.below(at)
            if below is not None and self._operations.find(method, below):
                met[at.origin] += 1
        return tuple(Base(origin, wanted.path) for origin, _ in met.most_common())

    def _searched(self, known: Iterable[tuple[str, Address]]) -> tuple[Base, ...]:
        """
        The only base below which operations are met.

        Raises `AmbiguousBase` where there are several.
        """
        met = Counter(one for method, at in known for one in self._possible(method, at))
        if len({one.path for one in met}) > 1:
            told = "\n".join(f"  {one}  ({count})" for one, count in met.most_common(10))
            raise AmbiguousBase(
                f"operations of the contract are met below several bases:\n{told}\n"
                "hint: name the right one with --base"
            )
        return tuple(one for one, _ in met.most_common())

    def _possible(self, method: str, at: Address) -> Iterator[Base]:
        """Where the base of a request would be, were it each of the operations that it ends like."""
        segments = at.path.split("/")
        found = {}
        for operation in self._operations:
            length = operation.path.count("/")
            if operation.method != method or length >= len(segments) or not _tells(operation.path):
                continue
            below = "/" + "/".join(segments[-length:])
            if paths.readings(operation.path, below):
                found[Base(at.origin, at.path.removesuffix(below))] = True
        yield from found


def _tells(template: str) -> bool:
    """Whether a path that fits *template* tells anything: `/{id}` fits every one."""
    return any(part and "{" not in part for part in template.split("/"))


def pattern(path: str) -> str:
    """*path* with `{id}` in the place of each segment that names a document."""
    return "/".join("{id}" if _ID.fullmatch(one) else one for one in path.split("/"))
