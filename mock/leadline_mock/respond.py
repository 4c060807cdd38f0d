"""Around the pure core: what goes wrong on purpose, what every HTTP server does, and the journal."""

from __future__ import annotations

from leadline_mock.answer import answer
from leadline_mock.faults import BadFault, applied, misread
from leadline_mock.manners import dressed
from leadline_mock.messages import Reply, Request, Response
from leadline_mock.world import World
from leadline_openapi.contract import Operation


def respond(operation: Operation, request: Request, world: World) -> Reply:
    """The reply to *request*; it is in the journal by then."""
    try:
        fault = world.faults.choose(operation, request)
    except BadFault as error:
        problem = world.journal.redaction.sentence(str(error))
        return Reply(noted(operation, request, misread(operation, problem), world))
    if fault is None:
        return Reply(noted(operation, request, answer(operation, request, world), world))
    reply = applied(fault, operation, lambda: answer(operation, request, world))
    return Reply(noted(operation, request, reply.response, world, str(fault)), reply.action)


def noted(
    operation: Operation | None, request: Request, response: Response, world: World, fault: str = ""
) -> Response:
    """*response* as *request* may have it, once it is in the journal; *operation* may be unknown."""
    world.journal.record(operation, request, response, world.now(), fault)
    return dressed(request, response)
