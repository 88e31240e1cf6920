"""How many ordinary flows a list may hold, for every length of the list at once.

q speaks of the rate that a rule holds on average; a reader who stops after k flows, having seen them, asks how many of
these k are ordinary. The answer is an upper bound that holds for all k together with a stated probability.

n null rows and m tests, of which the ordinary ones are exchangeable with the null: then the conformal p-values of
ordinary flows follow one known joint law, a Polya urn (gaps between n uniform points, filled by m more), whatever the
statistic is (Gazin, Blanchard and Roquain, AISTATS 2024). Simes-like template: with probability `confidence`, for all
x at once, at most m * x / slope ordinary tests have p <= x; `slope` is found by drawing from the urn, and no law but
the urn is assumed. Fewer ordinary tests than m make fewer small p, so that m is the safe number; so do tests that are
null rows themselves, of which exactly j - 1 have p <= j / (n + 1). From the template
the bound of any set is interpolated (Blanchard, Neuvial and Roquain, Annals of Statistics 48, 2020):
V(set) = min over x of (flows of the set with p > x) + floor(m * x / slope).

e-values would be needed where several randomised p are merged; nothing here is derandomised, so there are none.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Counts = NDArray[np.int64]
CONFIDENCE = 0.9
"""Probability with which a bound holds for all lengths at once."""
DRAWS = 999
"""Draws from the urn, at least; with the observed one they are 1,000, so that quantiles are exact."""
FIRST = 1000
"""Lengths of a list for which a bound is told."""
THRESHOLDS = 500
"""Values of p at which the template is held against the tests, at most."""


@dataclass(frozen=True)
class Template:
    """Most ordinary tests that may have a p of (place / (null_rows + 1)) or less, for all places at once."""

    null_rows: int
    places: Counts
    allowed: Counts

    def bound(self, first: Floats) -> Counts:
        """Upper bound on the ordinary flows among the first k, for every k; `first`: their p in the list's order."""
        bound = np.arange(1, first.size + 1)
        for place, most_ordinary in zip(self.places, self.allowed, strict=True):
            above = np.cumsum(first > (place + 0.5) / (self.null_rows + 1))
            bound = np.minimum(bound, above + most_ordinary)
        return bound


def simultaneous_bound(
    p: Floats, null_rows: int, chance: np.random.Generator, confidence: float = CONFIDENCE, most: int = FIRST
) -> Counts:
    """Upper bound on the number of ordinary flows among the first k, k = 1 ... min(m, most), for all k at once.

    `p`: conformal p-values of all m tests against one null of `null_rows` rows, in the order of the list.
    """
    first = p[:most]
    return template(p.size, null_rows, first.size, chance, confidence).bound(first)


def template(
    tests: int, null_rows: int, length: int, chance: np.random.Generator, confidence: float = CONFIDENCE
) -> Template:
    """The template for lists of `length` flows, the first of `tests`.

    Per draw: min over x of m * x / (tests with p <= x). The slope is their order statistic at (1 - confidence) of one
    more than there are draws, so that a further draw falls below it with at most that probability, ties included.
    """
    if not tests or not null_rows:
        return Template(null_rows, np.empty(0, np.int64), np.empty(0, np.int64))
    places = _places(tests, null_rows, length)
    expected = tests * places / (null_rows + 1)
    draws = max(DRAWS, int(np.ceil(1 / (1 - confidence))))
    with np.errstate(divide="ignore"):
        pivot = (expected / urn(tests, null_rows, places, chance, draws)).min(axis=1)
    slope = np.sort(pivot)[int((1 - confidence) * (draws + 1) + 1e-9) - 1]
    # A count of ordinary tests is whole; the small number guards the floor against rounding.
    allowed = np.floor(expected / slope + 1e-9).astype(np.int64)
    # Of places that allow as many the last one tells most, and one that allows the whole list tells nothing.
    telling = (np.diff(allowed, append=allowed[-1] + 1) > 0) & (allowed < length)
    return Template(null_rows, places[telling], allowed[telling])


def urn(tests: int, null_rows: int, places: Counts, chance: np.random.Generator, draws: int) -> Counts:
    """Numbers of tests with p <= place / (null_rows + 1), `[draw, place]`, when all tests are like the null.

    The n + 1 gaps between n uniform points are Dirichlet(1, ..., 1); sums of neighbouring gaps are drawn as gammas.
    `places` rise strictly and lie between 1 and null_rows.
    """
    shapes = np.diff(places, prepend=0, append=null_rows + 1).astype(np.float64)
    gaps = chance.standard_gamma(shapes, size=(draws, shapes.size))
    filled = chance.multinomial(tests, gaps / gaps.sum(axis=1, keepdims=True))
    return np.asarray(np.cumsum(filled[:, :-1], axis=1), dtype=np.int64)


def _places(tests: int, null_rows: int, length: int) -> Counts:
    """Ranks in the null at which the template is held against the tests.

    Beyond length * (n + 1) / m a bound would be larger than the list; ranks between thin out evenly.
    """
    last = min(null_rows, int(np.ceil(length * (null_rows + 1) / tests)))
    grid = np.geomspace(1, max(last, 1), THRESHOLDS)
    return np.unique(np.round(grid).astype(np.int64))
