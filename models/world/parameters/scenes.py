"""Parameters of the world's scenes."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Scenes:
    """Parameters of the world's scenes."""
