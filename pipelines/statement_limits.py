"""How much a user's own statement may ask for, said once for the library and the command line.

Apart from `pipelines.statement`, so that the command line starts without the engine.
"""

from dataclasses import dataclass

from graphs.stores.base import Limits

MEGABYTES = 2_000
"""Mebibytes that a statement on the embedded engine may use beyond the engine's 256 MiB of pages."""


@dataclass(frozen=True)
class Allowance(Limits):
    """What a user's statement may ask for: time and rows, and memory where the engine runs on this machine."""

    memory: int = MEGABYTES << 20
    """Bytes."""
