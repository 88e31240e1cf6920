"""Two vessels, far from each other, that send under one identity for some days."""

import numpy as np
import polars as pl

from models.world.land.sphere import Floats, Ints, distance_km
from models.world.parameters.shipping import Shipping
from models.world.shipping.cargoes import DAY_S, Clock
from models.world.shipping.messages import Senders
from models.world.shipping.plans import HOUR_S
from models.world.shipping.tracks import Track, motion, piece_at

LOOK_H = 3.0
"""Distances are looked at every so many hours."""
TRIES = 400
SCHEMA = {
    "vessel": pl.Int64,
    "other": pl.Int64,
    "start_s": pl.Float64,
    "end_s": pl.Float64,
    "has_name": pl.Boolean,
}


def collisions(
    rng: np.random.Generator, shipping: Shipping, track: Track, vessels: int, wanted: int, clock: Clock
) -> pl.DataFrame:
    """Pairs of the first `vessels` that stay apart by `collision_km` throughout: vessel (the owner), other, start_s,
    end_s, has_name. No vessel is in two pairs."""
    times = np.arange(0.0, clock.end_s, LOOK_H * HOUR_S)
    lon, lat = _seen(track, vessels, times)
    taken: set[int] = set()
    rows: list[tuple[int, int, float, float, bool]] = []
    for _ in range(TRIES if vessels >= 2 else 0):
        if len(rows) == wanted:
            break
        owner, other = (int(one) for one in rng.choice(vessels, 2, replace=False))
        days = min(float(rng.uniform(*shipping.collision_days)), 0.6 * clock.days)
        start = float(rng.uniform(0, clock.end_s - days * DAY_S))
        end, has_name = start + days * DAY_S, bool(rng.random() < shipping.cloned_name)
        during = (times >= start) & (times <= end)
        apart = distance_km(lon[owner, during], lat[owner, during], lon[other, during], lat[other, during])
        # Where one of both is not seen the distance is nan, and nothing is larger.
        if {owner, other} & taken or not (apart >= shipping.collision_km).all():
            continue
        taken |= {owner, other}
        rows.append((owner, other, start, end, has_name))
    return pl.DataFrame(rows, schema=SCHEMA, orient="row").sort("vessel")


def _seen(track: Track, vessels: int, times: Floats) -> tuple[Floats, Floats]:
    """Longitude and latitude [vessel, time], nan where a vessel is not there."""
    vessel, time_s = np.repeat(np.arange(vessels), len(times)), np.tile(times, vessels)
    piece = piece_at(track, vessel, time_s)
    where = motion(track, np.maximum(piece, 0), time_s)
    shape = vessels, len(times)
    lon, lat = (np.where(piece >= 0, one, np.nan).reshape(shape) for one in (where.lon, where.lat))
    return lon, lat


def senders(vessel: Ints, time_s: Floats, pairs: pl.DataFrame) -> Senders:
    """Whose identity and whose name each report of a vessel at a time carries."""
    mmsi, static = vessel.copy(), vessel.copy()
    for owner, other, start, end, has_name in pairs.iter_rows():
        cloned = (vessel == other) & (time_s >= start) & (time_s <= end)
        mmsi[cloned] = owner
        if has_name:
            static[cloned] = owner
    return Senders(mmsi, static)
