"""Parameters of the world's artefacts."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Artefacts:
    """Parameters of the world's artefacts."""
