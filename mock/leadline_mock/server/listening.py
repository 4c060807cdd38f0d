"""The socket that a server listens on, and how many more there may be."""

from __future__ import annotations

import os
import socket

from leadline_openapi import LeadlineError

BACKLOG = 1024
"""Connections that wait to be accepted. A client for which there is no room tries again after a second."""
_OTHER_FILES = 64
"""What a process has open besides connections, at most."""


class CannotListen(LeadlineError):
    """The address is taken, or not ours to take."""


def listen(host: str, port: int) -> socket.socket:
    """A socket that listens on *host* and *port*, 0 for a free one. Raises `CannotListen`."""
    try:
        family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    except (OSError, UnicodeError) as error:
        raise CannotListen(f"cannot listen on {host}:{port}: {error}") from None
    listener = socket.socket(family, socket.SOCK_STREAM)
    try:
        if os.name == "posix":  # on Windows the option would let others take the port
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen(BACKLOG)
    except OSError as error:
        listener.close()
        reason = f"cannot listen on {host}:{port}: {error.strerror}"
        raise CannotListen(f"{reason}\nhint: --port 0 takes a free port") from None
    listener.setblocking(False)
    return listener


def origin(listener: socket.socket, *, tls: bool) -> str:
    """Where *listener* is reached: `http://127.0.0.1:4010`."""
    host, port = listener.getsockname()[:2]
    written = f"[{host}]" if ":" in host else host
    return f"{'https' if tls else 'http'}://{written}:{port}"


def most_connections(wanted: int) -> int:
    """*wanted* connections, or as many as the system lets this process have open."""
    try:
        import resource
    except ImportError:  # Windows has no such limit
        return wanted
    files, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    if files == resource.RLIM_INFINITY:
        return wanted
    return max(1, min(wanted, files - _OTHER_FILES))
