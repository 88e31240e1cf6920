"""Who carries what, and when it lies where: the stops of every ship in order.

A stop is a stay in a port: `vessel`, `place`, `berth_s` (when it is to be at the berth), `depart_s`, `is_berthed` (else
it only lies at anchor), `load` (shipload aboard on leaving, -1 for none) and `laden` (otherwise: share of a full cargo
aboard on leaving).
"""

from dataclasses import dataclass

import numpy as np
import polars as pl

from models.world.land.sphere import Floats, Ints
from models.world.parameters.shipping import Shipping
from models.world.shipping.arcs import KNOT_KM_H, runs
from models.world.shipping.cargoes import DAY_S, Clock

HOUR_S = 3_600.0
MARGIN_H = 5.0
"""Hours added to every plan for the approaches."""
LINER_KN = 13.0
"""Speed by which liners are planned."""
LINER_WAIT_H = 3.0


@dataclass(frozen=True)
class Plan:
    """Ships of a trade and their stops."""

    hulls: list[str]
    """Class of each ship."""
    stops: pl.DataFrame


def sailing_hours(length_km: Floats, speed_kn: float) -> Floats:
    """Hours from port to port as planned."""
    return np.asarray(length_km / (speed_kn * KNOT_KM_H) + MARGIN_H)


def bulk_plan(
    rng: np.random.Generator, shipping: Shipping, loads: pl.DataFrame, length_km: Floats, clock: Clock
) -> Plan:
    """Each shipload goes to the free ship of its class that is nearest in time, else to one that comes from outside.

    After its last cargo a ship goes back in ballast and lies at anchor off the port where it loaded.
    """
    hours = sailing_hours(length_km, shipping.planned_kn)
    start, end = loads["start"].to_numpy(), loads["end"].to_numpy()
    count, departs = len(loads), loads["departs_s"].to_numpy()
    berth = departs - rng.uniform(*shipping.port_hours, count) * HOUR_S
    wait = 3.0 + rng.exponential(shipping.wait_hours, count)
    discharge = departs + (hours[start, end] + wait) * HOUR_S
    free = discharge + rng.uniform(*shipping.port_hours, count) * HOUR_S
    hulls = loads["hull"].to_list()
    vessel = _carriers(hulls, start, end, berth - 3 * HOUR_S, free, hours)
    none, empty = np.full(count, -1), np.zeros(count)
    loading = _stops(vessel, start, berth, departs, True, loads["load"].to_numpy(), empty)
    discharging = _stops(vessel, end, discharge, free, True, none, empty)
    _, first = np.unique(vessel, return_index=True)
    last = len(vessel) - 1 - np.unique(vessel[::-1], return_index=True)[1]
    early = berth[first] - (hours[end[first], start[first]] + 3 + rng.exponential(20, len(first))) * HOUR_S
    coming = _stops(vessel[first], end[first], early - DAY_S, early, True, none[first], empty[first])
    over = np.maximum(clock.end_s, free[last] + hours[end[last], start[last]] * HOUR_S) + DAY_S
    resting = _stops(vessel[last], start[last], over, over + DAY_S, False, none[last], empty[last])
    return Plan([hulls[at] for at in first], _merged(pl.concat([coming, loading, discharging, resting])))


def _merged(stops: pl.DataFrame) -> pl.DataFrame:
    """In order; a ship that loads where it discharged stays at its berth."""
    ordered = stops.sort("vessel", "depart_s")
    moves = pl.struct("vessel", "place").rle_id().alias("stay")
    merged = ordered.group_by(moves, maintain_order=True).agg(
        pl.col("vessel", "place", "berth_s").first(), pl.col("depart_s").last(), pl.col("is_berthed").first(),
        pl.col("load", "laden").last(),
    )  # fmt: skip
    return merged.drop("stay")


def _carriers(hulls: list[str], start: Ints, end: Ints, ready_s: Floats, free_s: Floats, hours: Floats) -> Ints:
    """Ship of each shipload; loads come in the order of their departure, ships are numbered as they appear."""
    count = len(hulls)
    classes = np.unique(np.array(hulls, dtype=np.str_), return_inverse=True)[1] if count else np.zeros(0, np.int64)
    vessel, where = np.zeros(count, dtype=np.int64), np.zeros(count, dtype=np.int64)
    until, kind, ships = np.zeros(count), np.zeros(count, dtype=np.int64), 0
    for load in range(count):
        away = hours[where[:ships], start[load]]
        fits = (kind[:ships] == classes[load]) & (until[:ships] + away * HOUR_S <= ready_s[load])
        if fits.any():
            ship = int(np.where(fits, away, np.inf).argmin())
        else:
            ship, ships = ships, ships + 1
            kind[ship] = classes[load]
        vessel[load], where[ship], until[ship] = ship, end[load], free_s[load]
    return vessel


def liner_plan(
    rng: np.random.Generator, shipping: Shipping, count: int, length_km: Floats, weight: Floats, clock: Clock
) -> Plan:
    """Container ships that go round three to six ports, drawn by `weight`, again and again."""
    ports = len(weight)
    rounds = [rng.choice(ports, min(int(rng.integers(3, 7)), ports), replace=False, p=weight) for _ in range(count)]
    most = int((clock.end_s - clock.before_s) / DAY_S) + 2
    place = np.array([np.resize(one, most) for one in rounds], dtype=np.int64).reshape(count, most)
    hours = sailing_hours(length_km, LINER_KN)[place[:, :-1], place[:, 1:]]
    berth = rng.uniform(*shipping.liner_hours, place.shape)
    passage = hours + LINER_WAIT_H + rng.exponential(2.0, hours.shape)
    ahead = np.concatenate([np.zeros((count, 1)), passage + berth[:, :-1]], axis=1).cumsum(axis=1)
    berth_s = clock.before_s - rng.uniform(0, 3, (count, 1)) * DAY_S + ahead * HOUR_S
    depart_s = berth_s + berth * HOUR_S
    kept = np.concatenate([np.full((count, 1), True), depart_s[:, :-1] <= clock.end_s], axis=1)
    vessel, _ = runs(kept.sum(axis=1))
    laden = rng.uniform(0.35, 0.95, place.shape)
    stops = _stops(vessel, place[kept], berth_s[kept], depart_s[kept], True, np.full(len(vessel), -1), laden[kept])
    return Plan(["liner"] * count, stops.sort("vessel", "depart_s"))


def _stops(
    vessel: Ints, place: Ints, berth_s: Floats, depart_s: Floats, is_berthed: bool, load: Ints, laden: Floats
) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "vessel": vessel,
            "place": place,
            "berth_s": berth_s,
            "depart_s": depart_s,
            "is_berthed": np.full(len(vessel), is_berthed),
            "load": load,
            "laden": laden,
        },
        schema_overrides={"vessel": pl.Int64, "place": pl.Int64, "load": pl.Int64},
    )
