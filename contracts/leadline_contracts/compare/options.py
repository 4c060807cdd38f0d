"""How a comparison goes about it."""

from __future__ import annotations

import math
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """
    *seed* fixes what is drawn; *max_time* in seconds bounds the sending; *rate* the requests in a second that
    each server is sent; *workers* is over how many connections to each (`None`: one, more to slow
    servers); *destructive* allows methods that nobody documented and that overwrite or delete.
    """

    seed: int = 0
    max_time: float = math.inf
    rate: float = math.inf
    workers: int | None = None
    destructive: bool = True
