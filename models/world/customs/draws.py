"""Random numbers by key: what happens to one line does not depend on which other lines there are.

A world with a scheme and the same world without it then differ in the scheme alone.
"""

from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtri

from models.world.config import WorldConfig

Vector = NDArray[np.float64]
_GOLDEN, _FIRST, _SECOND = 0x9E3779B97F4A7C15, 0xBF58476D1CE4E5B9, 0x94D049BB133111EB


class Draws:
    """Random numbers of one purpose, each a function of whole-number keys.

    The keys are mixed one after another by the finaliser of SplitMix64 (Steele, Lea and Flood 2014).
    """

    def __init__(self, key: int) -> None:
        self._key = np.uint64(key)

    @classmethod
    def of(cls, config: WorldConfig, purpose: str) -> Self:
        """The numbers of this purpose in this world."""
        return cls(int(config.chance("customs", purpose).integers(2**63)))

    def uniform(self, *keys: ArrayLike, nth: int = 0) -> Vector:
        """Numbers above 0 and below 1, one for each row of the keys; another `nth`, other numbers."""
        with np.errstate(over="ignore"):
            mixed = _mix(np.atleast_1d(self._key + np.uint64(nth)))
            for key in keys:
                mixed = _mix(mixed ^ _mix(np.asarray(key).astype(np.int64).astype(np.uint64)))
        uniform: Vector = ((mixed >> np.uint64(11)).astype(np.float64) + 0.5) * 2.0**-53
        return uniform

    def normal(self, *keys: ArrayLike, nth: int = 0) -> Vector:
        """Standard normal numbers."""
        numbers: Vector = ndtri(self.uniform(*keys, nth=nth))
        return numbers

    def heavy(self, tail: float, *keys: ArrayLike, nth: int = 0) -> Vector:
        """Normal numbers whose sd is lognormal with median 1 and log spread `tail`."""
        return self.normal(*keys, nth=nth) * np.exp(tail * self.normal(*keys, nth=nth + 1))


def _mix(value: NDArray[np.uint64]) -> NDArray[Any]:
    mixed = value + np.uint64(_GOLDEN)
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(_FIRST)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(_SECOND)
    return mixed ^ (mixed >> np.uint64(31))
