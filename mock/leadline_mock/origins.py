"""Who asks: a program, a page of the mock itself, or a web page of somebody else?"""

from __future__ import annotations

from ipaddress import ip_address
from urllib.parse import urlsplit

_LOCAL = "localhost"


def is_foreign(origin: str | None, host: str, server: str) -> bool:
    """
    Whether a request with the headers *origin* and *host*, which came in at the address *server*, may be
    that of a web page of another origin (RFC 6454 section 7).

    Browsers send `Origin` with all that changes something, and no answer of ours lets such a page read.
    But a page may have its own name resolve to this machine (DNS rebinding), and we are its own origin
    then. So who listens for this machine alone is asked by a name of this machine.
    """
    if origin is not None and not _is_same(origin, host):
        return True
    return _is_of_this_machine(server) and not _is_harmless(_name(host))


def _is_same(origin: str, host: str) -> bool:
    try:
        place = urlsplit(origin).netloc
    except ValueError:
        return False
    return bool(place) and place.lower() == host.lower()


def _name(host: str) -> str:
    """What stands in `Host`, without the port."""
    name, colon, port = host.rpartition(":")
    return (name if colon and port.isdigit() else host).strip("[]").rstrip(".").lower()


def _is_harmless(name: str) -> bool:
    """Whether *name* is none that a stranger can give to an address: only names with a dot are resolved."""
    return "." not in name or name.endswith(f".{_LOCAL}") or _is_address(name)


def _is_address(name: str) -> bool:
    try:
        ip_address(name)
    except ValueError:
        return False
    return True


def _is_of_this_machine(server: str) -> bool:
    return server == _LOCAL or (_is_address(server) and ip_address(server).is_loopback)
