"""Parameters of the world's customs."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Customs:
    """Parameters of the world's customs."""
