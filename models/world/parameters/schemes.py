"""Parameters of the world's schemes."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Schemes:
    """Parameters of the world's schemes."""
