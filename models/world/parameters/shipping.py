"""Parameters of the world's shipping."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Shipping:
    """Parameters of the world's shipping."""
