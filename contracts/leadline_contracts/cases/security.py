"""Cases about credentials: none, empty, wrong, and near misses of the right one."""

from __future__ import annotations

from collections.abc import Iterator

from leadline_contracts.case import Case, Credential, Due
from leadline_contracts.draft import Draft
from leadline_openapi import Operation
from leadline_openapi.contract import SecurityScheme


def cases(operation: Operation, base: Draft) -> Iterator[Case]:
    """The credential cases of *operation*, around the simplest accepted request *base*."""
    if not operation.needs_key:
        return
    for scheme in operation.security[0]:
        for credential in _near_misses(scheme):
            yield base.case(
                credential.name, "credentials", Due.DENY, scheme.pointer, credential=credential
            )


def _near_misses(scheme: SecurityScheme) -> Iterator[Credential]:
    yield Credential("no credential", None)
    yield Credential("an empty credential", "")
    yield Credential("a wrong key", scheme.credential("leadline-wrong-key"))
    yield Credential("a key with a character too many", "{credential}x")
    yield Credential("a key twice", "{credential}{key}")
    if scheme.template != "{key}":
        prefix, _, suffix = scheme.template.partition("{key}")
        yield Credential("the bare key", "{key}")
        yield Credential("the prefix alone", prefix.strip())
        yield Credential("the prefix in another case", f"{prefix.swapcase()}{{key}}{suffix}")
        yield Credential("the key without a space before it", f"{prefix.strip()}{{key}}{suffix}")
