"""The contract: what one OpenAPI document and its overlays say, frozen, compiled, ready to use."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from leadline_openapi import mediatype
from leadline_openapi.errors import Place
from leadline_openapi.leniency.declared import Declared
from leadline_openapi.parameters import Parameter
from leadline_openapi.schema import Schema

CHECKS = ("size", "credentials", "media-type", "malformed", "parameters", "body")
"""What a server looks at before it accepts a request, in the usual order."""


@dataclass(frozen=True, slots=True)
class RateLimit:
    """`x-rate-limit`: of so many *requests* within so many *seconds*, the next is refused with 429."""

    requests: int
    seconds: int
    pointer: str


@dataclass(frozen=True, slots=True)
class Echo:
    """`x-echo`: what stands at *path* of an answer includes what *expression* names."""

    path: tuple[str, ...]
    expression: str
    pointer: str


@dataclass(frozen=True, slots=True)
class ServerValue:
    """`x-server-value`: the server assigns what stands at *path*; *read_only* callers cannot."""

    path: tuple[str, ...]
    kind: str
    read_only: bool
    pointer: str


@dataclass(frozen=True, slots=True)
class Relation:
    """`x-relation`: what stands at *path* (`*` for every item) holds ids of *collection*."""

    path: tuple[str, ...]
    collection: str
    pointer: str


@dataclass(frozen=True, slots=True)
class Localized:
    """`x-localized`: what stands at *path* has a value per locale."""

    path: tuple[str, ...]
    pointer: str


@dataclass(frozen=True, slots=True)
class Invariant:
    """`x-invariants`: *rule*, in CEL, is true for every accepted request."""

    name: str
    rule: str
    message: str
    pointer: str


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, weakref_slot=True)
class MediaType:
    """
    One representation of a body: its *name* may be a range, *schema* may be absent.

    *items* is the schema of each item of a stream (`itemSchema`). *examples* are values by name. The
    vocabulary's words are told for response bodies.
    """

    name: str
    schema: Schema | None
    examples: Mapping[str, Any]
    pointer: str
    items: Schema | None = None
    echoes: tuple[Echo, ...] = ()
    server_values: tuple[ServerValue, ...] = ()
    relations: tuple[Relation, ...] = ()
    localized: tuple[Localized, ...] = ()

    @property
    def is_json(self) -> bool:
        """Whether such a body is JSON text."""
        return mediatype.is_json(self.name)


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """
    What a request carries, or a response: one of *content*.

    *max_bytes* (`x-max-bytes`) is the size above which a request is refused, `None` where there is none.
    """

    required: bool
    content: tuple[MediaType, ...]
    pointer: str
    max_bytes: int | None = None

    def for_type(self, name: str) -> MediaType | None:
        """The most specific entry that covers the media type *name*."""
        for media in self.content:
            if media.name == name:
                return media
        fitting = [media for media in self.content if mediatype.covers(media.name, name)]
        return min(fitting, key=lambda media: media.name.count("*"), default=None)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, weakref_slot=True)
class Answer:
    """One documented response: *status* is `200`, a range such as `4XX`, or `default`."""

    status: str
    description: str
    headers: tuple[Parameter, ...]
    body: Body
    pointer: str

    def covers(self, status: int) -> bool:
        """Whether the status code *status* falls under this response."""
        return self.status in {str(status), f"{status // 100}XX", "default"}


@dataclass(frozen=True, slots=True, kw_only=True)
class SecurityScheme:
    """
    How a key travels: in the *location* `header`, `query` or `cookie`, under *parameter*.

    *template* (`x-credential`) says how it is written there; `{key}` stands for the key.
    """

    name: str
    location: str
    parameter: str
    template: str
    pointer: str

    def credential(self, key: str) -> str:
        """The value that carries *key*."""
        return self.template.replace("{key}", key)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, weakref_slot=True)
class Operation:
    """
    One operation of the contract.

    *security* lists the alternatives, each of which needs all of its schemes; *unsupported* says why
    Leadline cannot speak for this operation, and is empty where it can. Whatever it says, the parts that
    can be read are there; *unread* says why a parameter is not, by its pointer. *leniencies* are all that
    the document says in `x-leniency`: outcomes by pointer and fault. *check_order* has all of `CHECKS`, in
    the order in which the server makes them (`x-check-order`).
    """

    id: str
    method: str
    path: str
    summary: str
    parameters: tuple[Parameter, ...]
    body: Body | None
    answers: tuple[Answer, ...]
    security: tuple[tuple[SecurityScheme, ...], ...]
    invariants: tuple[Invariant, ...]
    pointer: str
    unsupported: str = ""
    unread: Mapping[str, str] = field(default_factory=dict, repr=False)
    leniencies: Declared = field(default_factory=dict, repr=False)
    check_order: tuple[str, ...] = CHECKS
    rate_limit: RateLimit | None = None

    @property
    def label(self) -> str:
        """`POST /leads`."""
        return f"{self.method} {self.path}"

    @property
    def needs_key(self) -> bool:
        """Whether every alternative of the security requirement asks for a key."""
        return bool(self.security) and all(self.security)

    def answer_for(self, status: int) -> Answer | None:
        """The documented response that *status* falls under, the exact one first."""
        order = (str(status), f"{status // 100}XX", "default")
        known = {answer.status: answer for answer in self.answers}
        return next((known[name] for name in order if name in known), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Contract:
    """
    A valid OpenAPI document with its overlays applied, as OpenAPI 3.1 and JSON Schema 2020-12.

    *source* names the file, *digest* is the SHA-256 of the overlaid document's canonical JSON,
    *base_path* is the path of `servers[0].url`, *places* maps JSON pointers to files and lines; *unrouted*
    are the answers to requests that no operation takes.
    """

    title: str
    version: str
    source: str
    digest: str
    base_path: str
    document: Mapping[str, Any] = field(repr=False)
    places: Mapping[str, Place] = field(repr=False)
    operations: tuple[Operation, ...]
    unrouted: tuple[Answer, ...] = ()

    def unrouted_for(self, status: int) -> Answer | None:
        """
        What a request is answered that no operation takes, where the contract says it (`x-unrouted`).

        *status* is 404 for an unknown path and 405 for an unknown method; where nothing is said of that, a
        path is known only with its methods, and the answer is that of 404.
        """
        known = {one.status: one for one in self.unrouted}
        return known.get(str(status), known.get("404"))

    def place(self, pointer: str) -> Place:
        """Where *pointer*, or the nearest thing above it, is written."""
        at = pointer
        while at not in self.places and "/" in at:
            at = at.rpartition("/")[0]
        return self.places.get(at, Place(self.source, pointer=pointer))
