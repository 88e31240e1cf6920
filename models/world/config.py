"""What a world is made from: version, seed, size, and the parameters of every part. Same config, same world."""

import zlib
from dataclasses import dataclass, field
from typing import Literal, Self

import numpy as np

from models.world.parameters.artefacts import Artefacts
from models.world.parameters.customs import Customs
from models.world.parameters.geography import Geography
from models.world.parameters.mining import Mining
from models.world.parameters.samples import Samples
from models.world.parameters.scenes import Scenes
from models.world.parameters.schemes import Schemes
from models.world.parameters.shipping import Shipping
from models.world.parameters.trade import Trade

VERSION = "2"
"""Raised with every change that makes another world of the same seed."""
Size = Literal["small", "medium", "large"]
SIZES: tuple[Size, ...] = ("small", "medium", "large")


@dataclass(frozen=True)
class WorldConfig:
    """Everything that decides a world."""

    seed: int
    size: Size = "medium"
    countries: int = 60
    """At most 99: UN Comtrade's numbers 900 to 999 without 975, which is a group there."""
    first_year: int = 2005
    last_year: int = 2024
    families: tuple[str, ...] = ("gold", "nickel", "bauxite", "tin", "tantalum", "cobalt", "copper", "sand", "timber")
    """Code families that are traded, in the order of `parameters.trade`."""
    version: str = VERSION
    geography: Geography = field(default_factory=Geography)
    mining: Mining = field(default_factory=Mining)
    trade: Trade = field(default_factory=Trade)
    customs: Customs = field(default_factory=Customs)
    schemes: Schemes = field(default_factory=Schemes)
    artefacts: Artefacts = field(default_factory=Artefacts)
    shipping: Shipping = field(default_factory=Shipping)
    scenes: Scenes = field(default_factory=Scenes)
    samples: Samples = field(default_factory=Samples)

    @classmethod
    def sized(cls, size: Size, seed: int) -> Self:
        """The config of a size: small for tests, medium for the demo, large for benchmarks."""
        if size == "small":
            return cls(seed, size, countries=12, first_year=2012, families=("gold", "nickel", "timber"))
        if size == "medium":
            return cls(seed, size)
        return cls(seed, size, countries=99, first_year=1995)

    @property
    def years(self) -> range:
        """All years of the world."""
        return range(self.first_year, self.last_year + 1)

    def chance(self, *names: str) -> np.random.Generator:
        """Random numbers of one part, the same whatever other parts draw."""
        return np.random.default_rng([self.seed, *(zlib.crc32(one.encode()) for one in names)])
