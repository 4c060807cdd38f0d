"""What a test asks of a mock: where it is, what it was sent, what goes wrong next."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, Self, TypedDict, Unpack

from leadline_mock.entries import RUN_HEADER, Entry
from leadline_mock.faults import BadFault, Fault, fault_from_json, fault_from_text
from leadline_mock.mocking import Mock
from leadline_mock.pattern import check_names, check_operation, pattern
from leadline_mock.testing.making import BadMock
from leadline_mock.verification import Verification, verify
from leadline_openapi import Contract
from leadline_openapi.contract import SecurityScheme

_RUN = re.compile(r"[!-~]([ -~]*[!-~])?")
"""What a header carries unchanged, whichever way a client writes it (RFC 9110 section 5.5)."""


class Asked(TypedDict, total=False):
    """What requests are asked to look like, besides their operation; see `leadline_mock.pattern`."""

    method: str | None
    path: str | None
    query: Mapping[str, Any] | None
    headers: Mapping[str, Any] | None
    body: Any
    exact: bool
    absent: Sequence[str]
    status: int | None
    violations: bool | None


class View:
    """
    One mock as a test sees it; `for_run` limits what is seen to one run.

    *origin* is where it is, as in `http://127.0.0.1:49152`.
    """

    def __init__(self, mock: Mock, origin: str, run: str | None = None) -> None:
        self.origin = origin
        self._mock, self._run = mock, run

    @property
    def url(self) -> str:
        """The base of the API, what `servers[0].url` stands for: paths of operations are appended to it."""
        return self.origin + self._contract.base_path

    @property
    def key(self) -> str:
        """An API key that is accepted, the first one."""
        return self._mock.world.keys[0]

    @property
    def headers(self) -> dict[str, str]:
        """
        What a request needs besides its body: the key as the contract's security schemes write it into
        headers and cookies, and the name of the run.
        """
        return {**_credentials(self._contract, self.key), **self._run_header}

    @property
    def requests(self) -> list[Entry]:
        """What was asked, oldest first, and how it was answered; without keys."""
        return self._mock.world.journal.entries(self._run)

    def assert_called_with(
        self,
        operation: str | None = None,
        *,
        count: int | Mapping[str, int] | None = None,
        **asked: Unpack[Asked],
    ) -> None:
        """
        Raises `AssertionError` unless requests like this came; it tells which came closest, and why not.

        *operation* is an `operationId` or `POST /leads`; *count* a number or `{"min": 1, "max": 3}`, at
        least one otherwise. Members of *body*, *query* and *headers* that are not given may be anything;
        with *exact* the body has no others, and *absent* are JSON pointers to what it must not have.

            mock.assert_called_with("createLead", body={"reason": "Duplicate"}, count=1)

        Raises `BadPattern` where that cannot be understood.
        """
        __tracebackhide__ = True
        found = self._verified(operation, count, asked)
        if not found.verified:
            raise AssertionError(self._told(found))

    def assert_not_called(self, operation: str | None = None, **asked: Unpack[Asked]) -> None:
        """Raises `AssertionError` if requests like this came; see `assert_called_with`."""
        __tracebackhide__ = True
        found = self._verified(operation, 0, asked)
        if not found.verified:
            raise AssertionError(self._told(found))

    def fail_next(
        self,
        fault: Fault | str | Mapping[str, Any] | None = None,
        *,
        times: int = 1,
        operation: str | None = None,
        **members: Any,
    ) -> None:
        """
        Have something go wrong with the next request, or the next *times*, after what is armed already.

        The fault is given whole, or by its members; see `leadline_mock.faults.Fault`. *operation* is as
        for `assert_called_with`.

            mock.fail_next("status=503;retry-after=1")
            mock.fail_next(delay=200, times=3, operation="createLead")

        Raises `BadFault`, and `BadPattern` for an operation that is not there.
        """
        if fault is not None and members:
            name = next(iter(members))
            raise BadFault(f"`{name}` says nothing beside a fault that is given whole")
        if operation is not None:
            check_operation(operation, self._contract.operations)
        self._mock.world.faults.arm(_fault(fault, members), times, self._run, operation)

    def reset(self) -> None:
        """Forget the requests, and what was to go wrong. Ids go on."""
        self._mock.world.journal.reset(self._run)
        self._mock.world.faults.disarm(self._run)

    def for_run(self, name: str) -> Self:
        """
        The same mock, limited to requests with the header `Leadline-Run: name`, which `headers` has then.

        So tests that run side by side share one mock. Raises `BadMock`.
        """
        if not isinstance(name, str) or not _RUN.fullmatch(name):
            told = "ASCII characters that a header can carry, with no space around them"
            raise BadMock(f"the name of a run has to be {told}, not {name!r:.60}")
        return type(self)(self._mock, self.origin, name)

    @property
    def _contract(self) -> Contract:
        return self._mock.contracts[0]

    @property
    def _run_header(self) -> dict[str, str]:
        return {} if self._run is None else {RUN_HEADER: self._run}

    def _verified(self, operation: str | None, count: Any, asked: Asked) -> Verification:
        check_names("a request", asked, Asked.__annotations__)
        if operation is not None:
            check_operation(operation, self._contract.operations)
        wanted = pattern(operation=operation, count=count, **asked)
        return verify(self.requests, wanted, self._mock.world.journal.redaction)

    def _told(self, found: Verification) -> str:
        if dropped := self._mock.world.journal.dropped:
            return f"{found}\n{dropped} older requests had to make room in the journal"
        return str(found)


def _fault(fault: Any, members: Mapping[str, Any]) -> Fault:
    if isinstance(fault, Fault):
        return fault
    if isinstance(fault, str):
        return fault_from_text(fault)
    return fault_from_json(members if fault is None else fault)


def _credentials(contract: Contract, key: str) -> dict[str, str]:
    """What carries *key* to every operation, where that can be a header."""
    found: dict[str, str] = {}
    cookies: dict[str, str] = {}
    for operation in contract.operations:
        alternatives = [one for one in operation.security if one]
        for scheme in min(alternatives, key=_elsewhere, default=()):
            if scheme.location == "header":
                found.setdefault(scheme.parameter, scheme.credential(key))
            elif scheme.location == "cookie":
                cookies.setdefault(scheme.parameter, scheme.credential(key))
    if cookies:
        found["Cookie"] = "; ".join(f"{name}={value}" for name, value in cookies.items())
    return found


def _elsewhere(alternative: Sequence[SecurityScheme]) -> int:
    return sum(scheme.location != "header" for scheme in alternative)
