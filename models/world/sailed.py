"""Shipping: vessels, their voyages with the world's bulk goods, and what AIS receivers heard of them.

Goods by sea of the simulated months (`parameters.shipping`) become shiploads, shiploads voyages along the lanes of
`ground.legs`, voyages tracks, tracks reports. What leads astray is in it: waiting queues, tugs, fishing pairs, boats
alongside, ships that drift, receivers that fail, transponders that are off in port, satellites that come late, and two
ships on one identity; and so is what is looked for: meetings at sea and transponders switched off.
"""

from dataclasses import dataclass

import numpy as np
import polars as pl

from models.world.config import WorldConfig
from models.world.ground import Ground
from models.world.land.sphere import Mask
from models.world.mining.calendar import of_size
from models.world.shipping import tables
from models.world.shipping.cargoes import Clock
from models.world.shipping.collisions import collisions, senders
from models.world.shipping.events import Happened, happened
from models.world.shipping.harbours import harbours
from models.world.shipping.hearing import HEARD, Reports, gaps, holes, reports
from models.world.shipping.lanes import Network, network
from models.world.shipping.messages import positions
from models.world.shipping.plans import HOUR_S
from models.world.shipping.traffic import Traffic, observed, traffic
from models.world.shipping.truth import (
    call_rows,
    collision_rows,
    encounter_rows,
    gap_rows,
    side_by_side,
    vessel_rows,
    voyage_rows,
)
from models.world.shipping.water import water


@dataclass(frozen=True)
class Sailed:
    """Frames of `models.world.shipping.tables`; all but `positions` are truth."""

    vessels: pl.DataFrame
    voyages: pl.DataFrame
    port_calls: pl.DataFrame
    gaps: pl.DataFrame
    encounters: pl.DataFrame
    collisions: pl.DataFrame
    positions: pl.DataFrame


def sailed(config: WorldConfig, ground: Ground, goods: pl.DataFrame) -> Sailed:
    """Ships of the last year's months. Goods have the schema `models.world.tables.Goods`, schemes and all.

    Raises ValueError for a ground without two ports that a sea leg joins.
    """
    clock, shipping = observed(config), config.shipping
    sea = network(ground.places, ground.legs, water(ground.terrain.lons, ground.terrain.lats, ground.grid < 0))
    if len(sea.ports.place_id) < 2:
        raise ValueError("the ground has no two ports that a sea leg joins; ships need them")
    stations = config.chance("shipping", "stations").random(len(sea.ports.place_id)) < shipping.station_share
    off_port = harbours(sea, shipping)
    plan = traffic(config, ground.countries, goods, sea, off_port, stations, clock)
    what = happened(config, plan, off_port)
    sent = _sent(config, sea, stations, plan, what, clock)
    rng, count = config.chance("shipping", "collisions"), of_size(config, shipping.collisions)
    shared = collisions(rng, shipping, what.log.track, plan.numbers.tugs, count, clock)
    said = _said(config, plan, what, sent, shared, clock)
    silent = gaps(what.log.track, sent, shipping.gap_hours * HOUR_S)
    beside = side_by_side(what.log.track, sea.ports, shipping, clock)
    names, places = plan.fleet["vessel_id"].to_list(), sea.ports.place_id
    return Sailed(
        tables.Vessel.validate(vessel_rows(plan.fleet, shipping), cast=True),
        tables.Voyage.validate(voyage_rows(what.log.voyages, plan.loads, names, places, clock), cast=True),
        tables.PortCall.validate(call_rows(what.log.calls, names, places, clock), cast=True),
        tables.Gap.validate(gap_rows(silent, names, clock), cast=True),
        tables.Encounter.validate(encounter_rows(what.meetings, beside, names, clock), cast=True),
        tables.Collision.validate(collision_rows(shared, plan.fleet, clock), cast=True),
        tables.Position.validate(said, cast=True),
    )


def _said(
    config: WorldConfig, plan: Traffic, what: Happened, sent: Reports, shared: pl.DataFrame, clock: Clock
) -> pl.DataFrame:
    """What the heard reports say."""
    heard, track = sent.take(sent.silence == HEARD), what.log.track
    identity = senders(track.vessel[heard.piece], heard.time_s, shared)
    rng = config.chance("shipping", "messages")
    return positions(rng, config.shipping, track, heard, identity, plan.fleet, clock.start)


def _sent(config: WorldConfig, sea: Network, stations: Mask, plan: Traffic, what: Happened, clock: Clock) -> Reports:
    """All reports, heard or not."""
    shipping, ports = config.shipping, sea.ports
    lon, lat = ports.lon[stations], ports.lat[stations]
    rng, count = config.chance("shipping", "holes"), of_size(config, shipping.holes)
    seen = what.meetings.filter(~pl.col("is_dark"))
    failures = holes(rng, shipping, count, lon, lat, seen, clock)
    slow = np.where(plan.fleet["transceiver"].to_numpy() == "B", shipping.class_b_factor, 1.0)
    rng = config.chance("shipping", "hearing")
    return reports(rng, shipping, what.log.track, np.stack([lon, lat], axis=1), slow, failures, what.off, clock)
