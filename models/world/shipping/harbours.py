"""Berths and anchorages: points off a port, on the side of the sea."""

from dataclasses import dataclass

import numpy as np

from models.world.land.sphere import Floats, Ints
from models.world.parameters.shipping import Shipping
from models.world.shipping.arcs import bearing, moved
from models.world.shipping.lanes import Network

BERTH_DEGREES = 75.0
ANCHOR_DEGREES = 45.0
"""How far from the direction of the open water berths and anchorages lie."""


@dataclass(frozen=True)
class Harbours:
    """Ports and where the sea lies from them."""

    lon: Floats
    lat: Floats
    seaward: Floats
    """Course to the nearest water, degrees."""
    shipping: Shipping

    def berths(self, rng: np.random.Generator, place: Ints) -> tuple[Floats, Floats]:
        """A berth for each stay."""
        return self._points(rng, place, self.shipping.berth_km, BERTH_DEGREES)

    def anchorages(self, rng: np.random.Generator, place: Ints) -> tuple[Floats, Floats]:
        """A place to anchor for each stay."""
        return self._points(rng, place, self.shipping.anchorage_km, ANCHOR_DEGREES)

    def _points(
        self, rng: np.random.Generator, place: Ints, km: tuple[float, float], degrees: float
    ) -> tuple[Floats, Floats]:
        course = self.seaward[place] + rng.uniform(-degrees, degrees, len(place))
        return moved(self.lon[place], self.lat[place], course, rng.uniform(*km, len(place)))


def harbours(network: Network, shipping: Shipping) -> Harbours:
    """The ports of a network."""
    ports = network.ports
    _, lon, lat = network.water.nearest(ports.lon, ports.lat)
    return Harbours(ports.lon, ports.lat, bearing(ports.lon, ports.lat, lon, lat), shipping)
