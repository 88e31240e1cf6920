"""Parameters of the world's geography."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Geography:
    """Parameters of the world's geography."""
