"""Which names are worth comparing: pairs that share something, out of the billions that 100,000 names have.

Two names are compared if they share a word that at most MOST_SHARING names hold, or stand within WINDOW places of each
other in the alphabet (as written, with their words in the order of the alphabet, or read backwards), and a first, cheap
likeness of their letters is at least LEAST. Pairs grow with the names and not with their square: a word that everybody
uses proposes nothing. What is missed: two names with no rare word in common that differ at both ends.
"""

from collections.abc import Sequence

import numpy as np
import polars as pl
from numpy.typing import NDArray
from rapidfuzz import fuzz, process

from models.companies.compare import SHORTEST, spelled_out
from models.companies.names import Name

Texts = NDArray[np.object_]
MOST_SHARING = 30
WINDOW = 5
LEAST = 70.0
"""Least likeness of the letters of two names with sorted words (rapidfuzz token_sort_ratio), out of 100."""
PORTION = 200_000
"""Pairs whose likeness is asked at once."""


def candidates(names: Sequence[Name]) -> list[tuple[int, int]]:
    """Places of two names each, the smaller first, in order and without repeats; too short names are left out."""
    long = [at for at, name in enumerate(names) if len(name.letters) >= SHORTEST]
    spelled = {at: spelled_out(names[at]) for at in long}
    spaced = {at: " ".join(told) for at, told in spelled.items()}
    solid = {at: "".join(told) for at, told in spelled.items()}
    orders = [
        sorted(long, key=lambda at: (solid[at], at)),
        sorted(long, key=lambda at: ("".join(sorted(spelled[at])), at)),
        sorted(long, key=lambda at: (solid[at][::-1], at)),
    ]
    texts = [np.array([told.get(at, "") for at in range(len(names))], dtype=object) for told in (spaced, solid)]
    pairs = pl.concat([_sharing(spelled), *(_neighbours(order) for order in orders)])
    ordered = pairs.unique().sort("one", "other")
    return [pair for part in ordered.iter_slices(PORTION) for pair in _alike(part, *texts)]


def _sharing(spelled: dict[int, tuple[str, ...]]) -> pl.DataFrame:
    """Pairs of names that hold the same word, for words that few names hold."""
    rows = [(word, at) for at, told in spelled.items() for word in dict.fromkeys(told)]
    held = pl.DataFrame(rows, schema={"word": pl.String, "at": pl.UInt32}, orient="row")
    rare = held.filter(pl.len().over("word").is_between(2, MOST_SHARING))
    both = rare.join(rare, on="word").filter(pl.col("at") < pl.col("at_right"))
    return both.select(pl.col("at").alias("one"), pl.col("at_right").alias("other"))


def _neighbours(order: list[int]) -> pl.DataFrame:
    """Pairs of names at most WINDOW places apart in an order."""
    places = np.array(order, dtype=np.uint32)
    parts = [np.stack([places[:-step], places[step:]]) for step in range(1, WINDOW + 1) if step < places.size]
    joined: NDArray[np.uint32] = np.concatenate(parts, axis=1) if parts else np.empty((2, 0), np.uint32)
    return pl.DataFrame({"one": joined.min(axis=0), "other": joined.max(axis=0)})


def _alike(pairs: pl.DataFrame, spaced: Texts, solid: Texts) -> list[tuple[int, int]]:
    """Pairs whose letters are alike at a first look, by words in any order or without their blanks."""
    one, other = (pairs[side].to_numpy() for side in ("one", "other"))
    by_word = process.cpdist(spaced[one], spaced[other], scorer=fuzz.token_sort_ratio, score_cutoff=LEAST)
    by_letter = process.cpdist(solid[one], solid[other], scorer=fuzz.ratio, score_cutoff=LEAST)
    return [(int(one[at]), int(other[at])) for at in np.flatnonzero(np.maximum(by_word, by_letter) >= LEAST)]
