"""TLS with a certificate of one's own."""

from __future__ import annotations

import http.client
import socket
import ssl
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import trustme
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    PrivateFormat,
    load_pem_private_key,
)
from tests.mock.server.talking import TEXT, Client, Desk, Place, get, post, serving

from leadline_mock.messages import Action, Reply, Response
from leadline_mock.server.tls import BadCertificate, context

BODY = b"0123456789" * 100
NEXT = get("/quick/next")


@dataclass(frozen=True)
class Pki:
    """Files as users have them, and a client that trusts them."""

    folder: Path
    trust: ssl.SSLContext

    @property
    def cert(self) -> Path:
        """The certificate."""
        return self.folder / "cert.pem"

    @property
    def key(self) -> Path:
        """Its key."""
        return self.folder / "key.pem"

    def file(self, name: str, data: bytes) -> Path:
        """A further file."""
        path = self.folder / name
        path.write_bytes(data)
        return path


@pytest.fixture(scope="session")
def pki(tmp_path_factory: pytest.TempPathFactory) -> Pki:
    """A certificate for 127.0.0.1."""
    folder = tmp_path_factory.mktemp("pki")
    authority = trustme.CA()
    leaf = authority.issue_cert("127.0.0.1", "localhost")
    leaf.private_key_pem.write_to_path(str(folder / "key.pem"))
    for pem in leaf.cert_chain_pems:
        pem.write_to_path(str(folder / "cert.pem"), append=True)
    other = authority.issue_cert("127.0.0.1")
    other.private_key_pem.write_to_path(str(folder / "other.pem"))
    trust = ssl.create_default_context()
    authority.configure_trust(trust)
    return Pki(folder, trust)


@pytest.fixture
def place(pki: Pki) -> Iterator[Place]:
    """A server that speaks TLS, with some faults."""
    response = Response(200, TEXT, BODY)
    faults = {
        "/reset": Action(wire="reset"),
        "/truncate": Action(wire="truncate"),
        "/drip": Action(wire="drip", seconds=0.1),
        "/hang": Action(wire="hang"),
    }
    desk = Desk(replies={path: Reply(response, action) for path, action in faults.items()})
    with serving(desk, context=context(pki.cert, pki.key), sending=0.5) as place:
        yield place


def test_requests(place: Place, pki: Pki) -> None:
    """Requests, small and large, are answered on one connection that a stranger cannot read."""
    with Client(place.address, pki.trust) as client:
        texts = [client.ask(NEXT).text, client.ask(post("/quick", b"a" * 5_000_000)).text]
        texts += [client.ask(get("/other")).text]

    assert texts == ["GET /quick/next 0", "POST /quick 5000000", "GET /other 0"]
    assert place.server.origin.startswith("https://127.0.0.1:")


def test_versions(place: Place, pki: Pki) -> None:
    """Old versions of TLS are not spoken, and HTTP/2 is not promised."""
    trust = ssl.create_default_context()
    trust.load_verify_locations(cadata=_authority(pki))
    trust.set_alpn_protocols(["h2", "http/1.1"])
    with Client(place.address, trust) as client:
        chosen = client.tls.selected_alpn_protocol(), client.tls.version()

    assert chosen == ("http/1.1", "TLSv1.3")


def test_reset(place: Place, pki: Pki) -> None:
    """A reset arrives as one."""
    with Client(place.address, pki.trust) as client:
        client.send(get("/reset"))
        assert client.await_reset()


def test_truncated(place: Place, pki: Pki) -> None:
    """Half of the body comes, then the end."""
    with Client(place.address, pki.trust) as client:
        client.send(get("/truncate"))
        with pytest.raises(http.client.IncompleteRead) as found:
            client.answer()

    assert found.value.partial == BODY[: len(BODY) // 2]


def test_drips(place: Place, pki: Pki) -> None:
    """A body that drips is whole in the end."""
    with Client(place.address, pki.trust) as client:
        assert client.ask(get("/drip")).body == BODY
        assert client.ask(NEXT).status == 200


def test_hang_ends_when_the_client_leaves(place: Place, pki: Pki) -> None:
    """Who hangs up is let go."""
    with Client(place.address, pki.trust) as client:
        client.send(get("/hang"))
        client.tls.unwrap()
        assert client.is_gone()


def test_close(place: Place, pki: Pki) -> None:
    """The last answer is followed by the end of the connection in good order."""
    with Client(place.address, pki.trust) as client:
        assert client.ask(get("/quick", "Connection: close")).status == 200
        assert client.rest() == b""


def test_too_large(place: Place, pki: Pki) -> None:
    """A client that goes on sending after its 413 still gets it."""
    with Client(place.address, pki.trust) as client:
        client.send(post("/quick", b"a" * 20_000_000))
        assert client.answer().status == 413


def test_ends_in_the_middle(place: Place, pki: Pki) -> None:
    """Half a request and the end of the connection: nobody is left to tell it to, nothing goes wrong."""
    with Client(place.address, pki.trust) as client:
        client.send(NEXT[:9])
    with Client(place.address, pki.trust) as client:
        assert client.ask(NEXT).status == 200


@pytest.mark.parametrize("data", [NEXT, b"", b"\x16\x03\x01\x02\x00", b"\x00" * 100], ids=repr)
def test_what_is_not_tls(place: Place, pki: Pki, data: bytes) -> None:
    """Whoever does not speak TLS is let go, and others are served."""
    with socket.create_connection(place.address, timeout=20) as stranger:
        stranger.sendall(data)
        with Client(place.address, pki.trust) as client:
            assert client.ask(NEXT).status == 200
        while stranger.recv(65536):
            pass


def test_stop(place: Place, pki: Pki) -> None:
    """A server that stops lets those go that are idle, and does not wait for a handshake."""
    with socket.create_connection(place.address, timeout=20) as stranger:
        with Client(place.address, pki.trust) as client:
            client.ask(NEXT)
            place.server.stop()
            assert client.rest() == b""
        assert stranger.recv(1) == b""


def test_one_file(pki: Pki) -> None:
    """Certificate and key may stand in one file."""
    both = pki.file("both.pem", pki.cert.read_bytes() + pki.key.read_bytes())
    assert context(both).cert_store_stats()["x509"] == 0


def test_files_that_cannot_be_used(pki: Pki) -> None:
    """Each mistake is named, with the file."""
    other, missing = pki.folder / "other.pem", pki.folder / "missing.pem"
    key = load_pem_private_key(pki.key.read_bytes(), None)
    secret = key.private_bytes(
        Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(b"passphrase")
    )
    locked = pki.file("locked.pem", secret)
    binary = pki.file("cert.der", b"\x30\x82\x01\x02")
    broken = pki.file("broken.pem", pki.cert.read_bytes()[:200])

    def reason(cert: Path, key: Path | None) -> str:
        with pytest.raises(BadCertificate) as found:
            context(cert, key)
        return str(found.value)

    assert reason(missing, pki.key) == f"cannot read {missing}: No such file or directory"
    assert reason(pki.cert, missing) == f"cannot read {missing}: No such file or directory"
    assert reason(pki.folder, None) == f"cannot read {pki.folder}: Is a directory"
    assert reason(binary, pki.key).startswith(f"{binary} is not PEM")
    assert reason(pki.cert, other) == (
        f"the key in {other} does not belong to the certificate in {pki.cert}"
    )
    assert reason(pki.cert, locked).startswith(f"the key in {locked} needs a passphrase")
    assert reason(pki.key, pki.key) == f"{pki.key} holds no certificate"
    assert reason(pki.cert, None) == f"{pki.cert} holds no private key"
    assert reason(pki.cert, pki.cert) == f"{pki.cert} holds no private key"
    assert reason(broken, pki.key).startswith(f"cannot use the certificate in {broken}")


def _authority(pki: Pki) -> str:
    certificates = pki.trust.get_ca_certs(binary_form=True)
    return "".join(ssl.DER_cert_to_PEM_cert(one) for one in certificates)
