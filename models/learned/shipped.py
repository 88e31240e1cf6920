"""The trained ensemble that comes with the package."""

from functools import cache
from importlib.resources import files

from models.learned.trees import Trees


@cache
def shipped() -> Trees:
    """Trees from models/learned/trained/, read once; `card` says what they were trained on."""
    return Trees.from_files(files("models.learned") / "trained")
