"""Parameters of the world's mining."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Mining:
    """Parameters of the world's mining."""
