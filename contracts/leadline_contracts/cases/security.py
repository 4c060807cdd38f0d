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
    yield Credential("a key with a character before it", "x{credential}")
    yield Credential("a key without its last character", scheme.credential("{cut}"))
    yield Credential("a key in another case", scheme.credential("{swapped}"))
    yield Credential("a key twice", "{credential}{key}")
    prefix, _, suffix = scheme.template.partition("{key}")
    if prefix.strip():
        yield Credential("the bare key", "{key}")
        yield Credential("the prefix alone", prefix.strip())
        yield Credential("the key without a space before it", f"{prefix.strip()}{{key}}{suffix}")
    if prefix.strip() and prefix.strip().lower() not in _SCHEMES:
        yield Credential("the prefix in another case", f"{prefix.swapcase()}{{key}}{suffix}")


_SCHEMES = frozenset(("basic", "bearer", "digest"))
"""Names that are the same in any case (RFC 9110 section 11.1)."""
