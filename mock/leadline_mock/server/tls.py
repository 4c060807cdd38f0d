"""What a server needs to speak TLS."""

from __future__ import annotations

import ssl
from pathlib import Path

from leadline_openapi import LeadlineError


class BadCertificate(LeadlineError):
    """A certificate or its key cannot be used."""


def context(cert: Path, key: Path | None = None) -> ssl.SSLContext:
    """
    A context with the certificate chain in the PEM file *cert* and its private key in *key*.

    Without *key* the key is in *cert* too. Raises `BadCertificate`.
    """
    for path in (cert, key) if key is not None else (cert,):
        _check(path)
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    made.set_alpn_protocols(["http/1.1"])
    try:
        made.load_cert_chain(cert, key, password=lambda: _no_passphrase(key or cert))
    except ssl.SSLError as error:
        raise BadCertificate(_reason(error, cert, key)) from None
    return made


def _check(path: Path) -> None:
    try:
        text = path.read_bytes()
    except OSError as error:
        raise BadCertificate(f"cannot read {path}: {error.strerror}") from None
    if b"-----BEGIN " not in text:
        hint = "hint: openssl can convert other forms"
        raise BadCertificate(
            f"{path} is not PEM: it has no line that begins with -----BEGIN\n{hint}"
        )


def _no_passphrase(path: Path) -> str:
    hint = f"openssl pkey -in {path} -out plain.pem writes it without"
    raise BadCertificate(
        f"the key in {path} needs a passphrase, and there is nobody to ask\nhint: {hint}"
    )


def _reason(error: ssl.SSLError, cert: Path, key: Path | None) -> str:
    if error.reason == "KEY_VALUES_MISMATCH":
        return f"the key in {key or cert} does not belong to the certificate in {cert}"
    if b"-----BEGIN CERTIFICATE-----" not in cert.read_bytes():
        return f"{cert} holds no certificate"
    holder = key or cert
    if b"PRIVATE KEY-----" not in holder.read_bytes():
        return f"{holder} holds no private key"
    return f"cannot use the certificate in {cert} with the key in {holder}: {error.reason or error}"
