"""Samples of small worlds, made once."""

from functools import cache

from models.world.config import WorldConfig
from models.world.mined import Mined, mined
from models.world.sampled import Sampled, sampled
from tests.models.world.lands import small


@cache
def dug(seed: int = 1) -> Mined:
    return mined(WorldConfig.sized("small", seed), small(seed))


@cache
def sampled_world(seed: int = 1) -> Sampled:
    return sampled(WorldConfig.sized("small", seed), small(seed), dug(seed))
