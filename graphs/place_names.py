"""Names of places by their words, so that "Port of Tema" and "TEMA" are one name."""

from functools import cache

from graphs.country_names import plain

GENERIC = frozenset({"port", "ports", "puerto", "porto", "harbor", "harbour", "of", "the", "de", "airport"})
"""Words that say what a place is, not which."""


@cache
def words(name: str) -> str:
    """Words of a name in the order of the alphabet, without those that say what a place is."""
    every = set(plain(name).split())
    return " ".join(sorted(every - GENERIC or every))
