"""All the servers by name."""

from __future__ import annotations

from benchmarks.zoo.app import App
from benchmarks.zoo.broken_answers import CRASHES, RESPONSES
from benchmarks.zoo.broken_echo import ECHO
from benchmarks.zoo.broken_rare import RARE
from benchmarks.zoo.broken_refusals import REJECTS
from benchmarks.zoo.broken_requests import ACCEPTS, CREDENTIALS
from benchmarks.zoo.broken_state import STATE
from benchmarks.zoo.broken_wire import ROBUSTNESS
from benchmarks.zoo.correct import CORRECT
from benchmarks.zoo.variant import Variant

BROKEN: dict[str, Variant] = {
    f"{variant.family}/{variant.name}": variant
    for table in (CREDENTIALS, ACCEPTS, REJECTS, CRASHES, RESPONSES, ECHO, STATE, RARE, ROBUSTNESS)
    for variant in table
}
HARMLESS: dict[str, Variant] = {f"{variant.family}/{variant.name}": variant for variant in CORRECT}
ALL = BROKEN | HARMLESS


def app(name: str) -> App:
    """A new server of this name."""
    made = App()
    ALL[name].install(made)
    return made
