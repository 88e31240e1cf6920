"""Lead isotopes: what age and setting make of them, how mixing acts on them.

Ratios stand in the order 206/204, 207/204, 208/204.
"""

import numpy as np
from numpy.typing import ArrayLike

from models.world.land.sphere import Floats

RATIOS = ("Pb206/Pb204", "Pb207/Pb204", "Pb208/Pb204")
DECAY_PER_GA = (0.155125, 0.98485, 0.049475)
"""Of 238U, 235U and 232Th, 1/1e9 years."""
URANIUM_238_235 = 137.88
START_GA = 3.7
AT_START = (11.152, 12.998, 31.23)
MU, KAPPA = 9.74, 36.84 / 9.74
"""238U/204Pb and 232Th/238U of the source of lead since then, as of today."""


def growth(age_ga: ArrayLike, mu: ArrayLike = MU, kappa: ArrayLike = KAPPA) -> Floats:
    """Ratios [n, 3] of lead that left its source at an age.

    R(t) = R(start) + parent (exp(decay * start) - exp(decay * t)), parents mu, mu / 137.88 and mu * kappa: the second
    stage of the model of Stacey and Kramers 1975.
    """
    age, uranium, thorium = np.broadcast_arrays(np.asarray(age_ga, dtype=np.float64), mu, np.multiply(mu, kappa))
    parents = uranium, uranium / URANIUM_238_235, thorium
    grown = [
        first + parent * (np.exp(decay * START_GA) - np.exp(decay * age))
        for first, parent, decay in zip(AT_START, parents, DECAY_PER_GA, strict=True)
    ]
    return np.stack(grown, axis=-1)


def carried(lead: Floats, ratios: Floats) -> Floats:
    """What mixes linearly: 204Pb and 204Pb times each ratio, [..., 4], of an amount of lead [...] with ratios [..., 3].

    The share of 204Pb among lead's atoms is 1 / (1 + sum of the ratios); atomic masses are taken as equal.
    """
    common = lead / (1 + ratios.sum(axis=-1))
    return np.concatenate([common[..., None], common[..., None] * ratios], axis=-1)


def ratios_of(carried_lead: Floats) -> Floats:
    """Ratios [..., 3] of a mixture from sums [..., 4] of `carried`."""
    return np.asarray(carried_lead[..., 1:] / carried_lead[..., :1])
