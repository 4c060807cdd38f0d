"""Read an OpenAPI document and its overlays as one frozen contract."""

from leadline_openapi.contract import Contract, Operation
from leadline_openapi.diff import diff
from leadline_openapi.errors import LeadlineError, Place, SpecError, UnknownProfile
from leadline_openapi.loading import load
from leadline_openapi.violation import Violation

__all__ = [
    "Contract",
    "LeadlineError",
    "Operation",
    "Place",
    "SpecError",
    "UnknownProfile",
    "Violation",
    "diff",
    "load",
]
