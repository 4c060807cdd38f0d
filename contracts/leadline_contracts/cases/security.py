"""Cases about credentials: none, empty, wrong, and near misses of the right one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress

from leadline_contracts.case import Case, Credential, Due
from leadline_contracts.draft import Draft, json_media
from leadline_openapi import Operation
from leadline_openapi.contract import SecurityScheme
from leadline_openapi.sample import NoSample, sampled


def cases(operation: Operation, base: Draft) -> Iterator[Case]:
    """The credential cases of *operation*, around the simplest accepted request *base*."""
    if not operation.needs_key:
        return
    media = json_media(operation)
    if media is not None and media.schema is not None:
        with suppress(NoSample):
            full = base.with_body(base.body, media.name).with_value(
                sampled(media.schema, full=True)
            )
            for credential in (Credential("no credential", None), _wrong(operation)):
                yield full.case(
                    f"{credential.name}, with every member",
                    "credentials",
                    Due.DENY,
                    operation.security[0][0].pointer,
                    credential=credential,
                )
    for scheme in operation.security[0]:
        for credential in _near_misses(scheme):
            yield base.case(
                credential.name, "credentials", Due.DENY, scheme.pointer, credential=credential
            )


def _wrong(operation: Operation) -> Credential:
    return Credential("a wrong key", operation.security[0][0].credential("leadline-wrong-key"))


def _near_misses(scheme: SecurityScheme) -> Iterator[Credential]:
    yield Credential("no credential", None)
    yield Credential("an empty credential", "")
    yield Credential("a wrong key", scheme.credential("leadline-wrong-key"))
    yield Credential("a key with another last character", scheme.credential("{cut}~"))
    yield Credential("a key with a character too many", "{credential}x")
    yield Credential("a key with a character before it", "x{credential}")
    yield Credential("a key without its last character", scheme.credential("{cut}"))
    yield Credential("a key in another case", scheme.credential("{swapped}"))
    yield Credential("a key twice", "{credential}{key}")
    yield Credential("two keys", f"{{credential}}, {scheme.credential('leadline-wrong-key')}")
    if scheme.location == "query":  # elsewhere, what reads the header takes the blanks away
        yield Credential("a key with a blank before it", " {credential}")
        yield Credential("a key with a blank behind it", "{credential} ")
    for name in ("Bearer", "Basic"):
        if not scheme.template.lower().startswith(name.lower()):
            yield Credential(f"the key after `{name}`", f"{name} {{key}}")
    prefix, _, suffix = scheme.template.partition("{key}")
    if prefix.strip():
        yield Credential("the bare key", "{key}")
        yield Credential("the prefix alone", prefix.strip())
        yield Credential("the key without a space before it", f"{prefix.strip()}{{key}}{suffix}")
    if prefix.strip() and prefix.strip().lower() not in _SCHEMES:
        yield Credential("the prefix in another case", f"{prefix.swapcase()}{{key}}{suffix}")


_SCHEMES = frozenset(("basic", "bearer", "digest"))
"""Names that are the same in any case (RFC 9110 section 11.1)."""
