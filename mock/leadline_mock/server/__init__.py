"""A small HTTP/1.1 server: plain requests are answered at once, WSGI runs in threads, faults are real."""

from leadline_mock.server.application import Application, Limits, RawRequest
from leadline_mock.server.listening import CannotListen, listen, origin
from leadline_mock.server.serving import Server

__all__ = ["Application", "CannotListen", "Limits", "RawRequest", "Server", "listen", "origin"]
