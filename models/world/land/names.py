"""Invented, pronounceable names of countries, places and companies: never those of a real country."""

import numpy as np

from graphs.countries import areas

ONSETS = ("b", "br", "d", "dr", "f", "g", "h", "k", "kl", "l", "m", "n", "p", "r", "s", "sh", "st", "t", "th", "v", "z")
MIDDLES = ("b", "d", "g", "k", "l", "m", "n", "r", "s", "t", "v", "z")
VOWELS = ("a", "e", "i", "o", "u", "a", "e", "o", "ai", "au", "ei", "ia")
CODAS = ("", "", "", "n", "r", "l", "s", "m")
COUNTRY_ENDINGS = ("ovia", "andor", "emar", "orra", "istel", "unda", "alor", "avenia", "ethis", "olund", "amire", "ur")
PLACE_ENDINGS = ("a", "o", "u", "ar", "en", "in", "os", "ad", "eth", "ur", "im", "ola", "esk", "ando", "ire", "um")
BUSINESSES = ("Mining", "Minerals", "Resources", "Metals", "Extraction", "Holdings", "Trading", "Development")
FORMS = ("Ltd", "SA", "Plc", "LLC", "Cooperative")


def country_names(rng: np.random.Generator, count: int) -> list[str]:
    """Names of countries, no two alike."""
    real = {one.name.casefold() for one in areas().values()}
    return _distinct(rng, count, COUNTRY_ENDINGS, real)


def place_names(rng: np.random.Generator, count: int) -> list[str]:
    """Names of towns, no two alike."""
    return _distinct(rng, count, PLACE_ENDINGS, set())


def company_names(rng: np.random.Generator, count: int) -> list[str]:
    """Names of companies, no two alike: an invented word, a business and a legal form."""
    words = _distinct(rng, count, PLACE_ENDINGS, set())
    businesses, forms = rng.choice(BUSINESSES, count), rng.choice(FORMS, count)
    return [f"{word} {business} {form}" for word, business, form in zip(words, businesses, forms, strict=True)]


def _distinct(rng: np.random.Generator, count: int, endings: tuple[str, ...], taken: set[str]) -> list[str]:
    found: dict[str, None] = {}
    while len(found) < count:
        words = (_word(rng, endings) for _ in range(count - len(found)))
        found |= {word: None for word in words if word.casefold() not in taken}
    return list(found)


def _word(rng: np.random.Generator, endings: tuple[str, ...]) -> str:
    """A syllable, sometimes two, and an ending that begins with a vowel."""
    onset, ending = str(rng.choice(ONSETS)), str(rng.choice(endings))
    inner = "".join(
        str(rng.choice(VOWELS)) + str(rng.choice(CODAS)) + str(rng.choice(MIDDLES))
        for _ in range(1 + int(rng.random() < 0.3))
    )
    return (onset + inner + ending).capitalize()
