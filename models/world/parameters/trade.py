"""Parameters of the world's trade."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Trade:
    """Parameters of the world's trade."""
