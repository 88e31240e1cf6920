"""Parameters of the world's samples."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Samples:
    """Parameters of the world's samples."""
