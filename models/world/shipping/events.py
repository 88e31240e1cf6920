"""What happens at sea and in port: all tracks, and the truth about calls, voyages, meetings and silent transponders."""

from dataclasses import dataclass

import numpy as np
import polars as pl

from models.world.config import WorldConfig
from models.world.shipping.fishing import Trawler, fished
from models.world.shipping.harbours import Harbours
from models.world.shipping.logs import VOYAGE, Log, gathered
from models.world.shipping.meetings import KINDS
from models.world.shipping.partners import escorted, partners
from models.world.shipping.passages import Halts, Sailing, sailed_legs
from models.world.shipping.plans import HOUR_S
from models.world.shipping.tracks import Track
from models.world.shipping.traffic import Traffic, observed

MEETINGS = ("transfer", "dark_transfer")
"""Kinds of halts that are meetings by the published rule; the others only look so."""


@dataclass(frozen=True)
class Happened:
    """All that happened."""

    log: Log
    meetings: pl.DataFrame
    """vessel, other, start_s, end_s, lon, lat, is_dark"""
    off: pl.DataFrame
    """Transponders switched off at sea: vessel, start_s, end_s."""


def happened(config: WorldConfig, plan: Traffic, harbours: Harbours) -> Happened:
    """Lets everything sail."""
    shipping, clock = config.shipping, observed(config)
    met, draught = plan.met, plan.fleet["draught_laden_m"].to_numpy()
    halts = Halts(*(met[name].to_numpy() for name in ("passage", "point", "hours", "speed_kn")))
    speed = plan.fleet["speed_kn"].to_numpy()
    sailing = sailed_legs(config.chance("shipping", "sea"), shipping, plan.stops, speed, plan.lanes, halts)
    took_place = _took_place(plan, sailing)
    arriving = sailing.stays.filter(
        pl.col("came_s").is_not_nan(), "is_berthed", pl.col("berths_s").is_between(0, clock.end_s)
    )
    numbers = plan.numbers
    others = [
        _trawled(config, plan, harbours),
        escorted(
            config.chance("shipping", "tugs"), arriving, np.arange(numbers.tugs, numbers.partners), harbours, draught,
            shipping.escorts,
        ),
        partners(
            config.chance("shipping", "partners"), took_place.filter(pl.col("partner") >= 0), sailing.track, harbours,
            draught,
        ),
    ]  # fmt: skip
    log = gathered([Log(sailing.track, _calls(sailing), _voyages(sailing)), *others])
    return Happened(log, _meetings(took_place, sailing.track), _switched_off(config, took_place))


def _took_place(plan: Traffic, sailing: Sailing) -> pl.DataFrame:
    """Halts with their ship, passage and time: vessel, start, departs_s, arrives_s, begins_s beside those of `met`."""
    passage = sailing.legs[plan.met["passage"].to_numpy()].select("vessel", "start", "departs_s", "arrives_s")
    return pl.concat([plan.met, passage], how="horizontal").with_columns(begins_s=pl.Series(sailing.halts_s))


def _trawled(config: WorldConfig, plan: Traffic, harbours: Harbours) -> Log:
    """Trips of fishing vessels. Of those that share a port or a way only one drifts, so that no two drift together."""
    first = plan.numbers.trawlers
    fleet = plan.fleet[first : plan.numbers.tugs].select("speed_kn", "draught_laden_m")
    trawlers, taken = [], set[int]()
    for at, (speed, draught) in enumerate(fleet.iter_rows()):
        ends = int(plan.homes[at]), int(plan.neighbours[at])
        trawlers.append(Trawler(first + at, ends[0], plan.lanes[ends], speed, draught, taken.isdisjoint(ends)))
        taken |= {*ends}
    return fished(config.chance("shipping", "fishing"), trawlers, harbours, observed(config))


def _calls(sailing: Sailing) -> pl.DataFrame:
    return sailing.stays.select(
        "vessel", "place", "arrives_s", "berths_s", leaves_s="depart_s", came=pl.col("came_s").is_not_nan()
    )


def _voyages(sailing: Sailing) -> pl.DataFrame:
    left = sailing.stays[sailing.legs["stop"].to_numpy()].select("before_m", after_m="draught_m")
    return pl.concat([sailing.legs, left], how="horizontal").select(list(VOYAGE))


def _meetings(took_place: pl.DataFrame, track: Track) -> pl.DataFrame:
    """Those that are meetings by the rule, at their beginning."""
    real = took_place.filter(pl.col("kind").is_in(MEETINGS))
    at = [
        int(np.flatnonzero((track.vessel == vessel) & (track.time_s == begins))[0])
        for vessel, begins in real.select("vessel", "begins_s").iter_rows()
    ]
    return real.select(
        "vessel", other="partner", start_s="begins_s", end_s=pl.col("begins_s") + pl.col("hours") * HOUR_S,
        lon=pl.Series(track.lon[at], dtype=pl.Float64), lat=pl.Series(track.lat[at], dtype=pl.Float64),
        is_dark=pl.col("kind") == "dark_transfer",
    )  # fmt: skip


def _switched_off(config: WorldConfig, took_place: pl.DataFrame) -> pl.DataFrame:
    """Times without transponder: of the ship, and of some of those that meet it."""
    rng, shipping = config.chance("shipping", "dark"), config.shipping
    dark = took_place.filter(pl.col("kind").is_in([name for name, kind in KINDS.items() if kind.is_dark]))
    alone = (dark["kind"] == "dark_alone").to_numpy()
    before, after = rng.uniform(*shipping.dark_hours, (2, len(dark))) * np.where(alone, 2.0, 1.0)
    begins, hours = dark["begins_s"].to_numpy(), dark["hours"].to_numpy()
    ships = {"vessel": dark["vessel"], "start_s": begins - before * HOUR_S, "end_s": begins + (hours + after) * HOUR_S}
    both = (dark["partner"].to_numpy() >= 0) & (rng.random(len(dark)) < shipping.dark_partner)
    around = rng.uniform(1.8, 3.0, (2, int(both.sum())))
    others = {
        "vessel": dark["partner"].filter(pl.Series(both)),
        "start_s": begins[both] - around[0] * HOUR_S,
        "end_s": begins[both] + (hours[both] + around[1]) * HOUR_S,
    }
    return pl.concat([pl.DataFrame(ships), pl.DataFrame(others)]).sort("vessel", "start_s")
