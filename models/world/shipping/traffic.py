"""All traffic of the world before it sails: shiploads, stops, lanes, halts, and the fleet that is needed for it.

Vessels are numbered in the order bulk, liners, trawlers, tugs, partners.
"""

from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl

from models.world.config import WorldConfig
from models.world.land.sphere import Floats, Ints, Mask
from models.world.mining.calendar import of_size
from models.world.shipping.cargoes import Clock, hops, shiploads
from models.world.shipping.fleet import draught_m, vessels
from models.world.shipping.harbours import Harbours
from models.world.shipping.lanes import Lanes, Network, drawn
from models.world.shipping.meetings import KINDS, meetings
from models.world.shipping.passages import legs_of
from models.world.shipping.plans import bulk_plan, liner_plan


@dataclass(frozen=True)
class Numbers:
    """First vessel of each group; the last entry is the size of the fleet."""

    liners: int
    trawlers: int
    tugs: int
    partners: int
    all: int


@dataclass(frozen=True)
class Traffic:
    """What will sail."""

    loads: pl.DataFrame
    stops: pl.DataFrame
    """Of bulk ships and liners, with all that `passages.sailed_legs` reads."""
    lanes: Lanes
    met: pl.DataFrame
    """Halts: columns of `meetings.meetings`, and `partner`, the number of the vessel alongside (-1 for none)."""
    homes: Ints
    """Port of each trawler."""
    neighbours: Ints
    """The port nearest to each."""
    fleet: pl.DataFrame
    numbers: Numbers


def observed(config: WorldConfig) -> Clock:
    """The time that is observed: from the first of a month of the world's last year."""
    shipping = config.shipping
    start = date(config.last_year, shipping.first_month, 1)
    return Clock(start, of_size(config, shipping.days), shipping.lead_days)


def traffic(
    config: WorldConfig, countries: pl.DataFrame, goods: pl.DataFrame, network: Network, harbours: Harbours,
    has_station: Mask, clock: Clock,
) -> Traffic:  # fmt: skip
    """Plans of all ships and the fleet for them."""
    shipping, ports = config.shipping, network.ports
    carried = hops(config, goods, countries, network, clock)
    loads = shiploads(config, carried, clock, float(of_size(config, shipping.parcel_t)))
    hulls, stops = _planned(config, network, loads, clock)
    legs = legs_of(stops)
    homes, neighbours = _homes(config, network)
    pairs = {*legs.select("start", "end").iter_rows(), *zip(homes.tolist(), neighbours.tolist(), strict=True)}
    lanes = drawn(network, pairs, shipping.spacing_km, shipping.lane_spread_km)
    rng = config.chance("shipping", "meetings")
    met = meetings(rng, config, _may_halt(config, legs, loads, hulls), lanes, ports, has_station, clock)
    numbers = _numbers(config, hulls.index("liner") if "liner" in hulls else len(hulls), met)
    met = _with_partners(met, numbers)
    classes = [
        *hulls,
        *["trawler"] * (numbers.tugs - numbers.trawlers),
        *["tug"] * (numbers.partners - numbers.tugs),
        *[str(KINDS[kind].partner) for kind in met.filter(pl.col("partner") >= 0)["kind"]],
    ]
    fleet = _fleet(config, classes, countries["country"].to_list(), sorted(set(ports.country)))
    return Traffic(
        loads, _furnished(config, stops, loads, fleet, harbours), lanes, met, homes, neighbours, fleet, numbers
    )


def _planned(
    config: WorldConfig, network: Network, loads: pl.DataFrame, clock: Clock
) -> tuple[list[str], pl.DataFrame]:
    """Class of each bulk ship and liner, and the stops of all."""
    shipping, count = config.shipping, of_size(config, config.shipping.liners)
    bulk = bulk_plan(config.chance("shipping", "bulk"), shipping, loads, network.length_km, clock)
    weight = _weights(config.chance("shipping", "liners"), len(network.ports.place_id))
    liner = liner_plan(config.chance("shipping", "rounds"), shipping, count, network.length_km, weight, clock)
    return bulk.hulls + liner.hulls, pl.concat(
        [bulk.stops, liner.stops.with_columns(pl.col("vessel") + len(bulk.hulls))]
    )


def _with_partners(met: pl.DataFrame, numbers: Numbers) -> pl.DataFrame:
    """Halts with the number of the vessel alongside."""
    has_partner = pl.col("home") >= 0
    number = numbers.partners + has_partner.cast(pl.Int64).cum_sum() - 1
    return met.with_columns(partner=pl.when(has_partner).then(number).otherwise(-1))


def _weights(rng: np.random.Generator, ports: int) -> Floats:
    """How often liners call at each port: a few have most of the calls."""
    weight = rng.pareto(1.2, ports) + 0.1
    return np.asarray(weight / weight.sum())


def _homes(config: WorldConfig, network: Network) -> tuple[Ints, Ints]:
    """Ports of fishing vessels and the port nearest to each, to which their lane leads."""
    rng = config.chance("shipping", "homes")
    away = np.where((network.length_km > 0) & np.isfinite(network.length_km), network.length_km, np.inf)
    homes = rng.integers(0, len(network.ports.place_id), of_size(config, config.shipping.trawlers))
    return homes, away[homes].argmin(axis=1)


def _may_halt(config: WorldConfig, legs: pl.DataFrame, loads: pl.DataFrame, hulls: list[str]) -> pl.DataFrame:
    """Passages with the slowest service speed of their class and whether goods of a scheme are aboard; liners never
    halt."""
    speed = np.array([config.shipping.hulls[one].speed_kn[0] for one in hulls])
    is_bulk = np.array([one != "liner" for one in hulls])
    vessel = legs["vessel"].to_numpy()
    schemes = loads.select("load", "has_scheme")
    return legs.join(schemes, on="load", how="left", maintain_order="left").with_columns(
        pl.col("has_scheme").fill_null(False),
        service_kn=pl.Series(speed[vessel]),
        may_halt=pl.Series(is_bulk[vessel]),
    )


def _numbers(config: WorldConfig, bulk: int, met: pl.DataFrame) -> Numbers:
    shipping = config.shipping
    groups = [of_size(config, count) for count in (shipping.liners, shipping.trawlers, shipping.tugs)]
    ends = bulk + np.cumsum([*groups, met.filter(pl.col("home") >= 0).height])
    return Numbers(bulk, *(int(one) for one in ends))


def _fleet(config: WorldConfig, classes: list[str], countries: list[str], flags: list[str]) -> pl.DataFrame:
    """The fleet, under the flags of countries that have ports."""
    rng = config.chance("shipping", "fleet")
    chosen = [str(one) for one in rng.choice(flags, len(classes))]
    return vessels(rng, config.shipping.hulls, classes, chosen, countries)


def _furnished(
    config: WorldConfig, stops: pl.DataFrame, loads: pl.DataFrame, fleet: pl.DataFrame, harbours: Harbours
) -> pl.DataFrame:
    """Stops with draughts on leaving (true and as the crew reports it), berth, anchorage, and who powers down."""
    rng, shipping = config.chance("shipping", "stops"), config.shipping
    place, vessel, count = stops["place"].to_numpy(), stops["vessel"].to_numpy(), len(stops)
    ship = fleet[vessel]
    deadweight = ship["deadweight_t"].to_numpy()
    mass = stops.join(loads.select("load", "mass_t"), on="load", how="left", maintain_order="left")["mass_t"]
    full = shipping.fill * deadweight
    cargo = np.where(stops["load"].to_numpy() >= 0, mass.fill_null(0.0).to_numpy(), stops["laden"].to_numpy() * full)
    draught = draught_m(ship["draught_laden_m"].to_numpy(), shipping.ballast_draught, cargo, deadweight, shipping.fill)
    berth, anchorage = harbours.berths(rng, place), harbours.anchorages(rng, place)
    is_stale = rng.random(count) < shipping.stale_draught
    return stops.with_columns(
        draught_m=pl.Series(draught),
        berth_lon=pl.Series(berth[0]),
        berth_lat=pl.Series(berth[1]),
        anchor_lon=pl.Series(anchorage[0]),
        anchor_lat=pl.Series(anchorage[1]),
        is_off=pl.Series(rng.random(count) < shipping.power_down),
        reported_m=reported_m(vessel, draught, is_stale),
    )


def reported_m(vessel: Ints, draught_m: Floats, is_stale: Mask) -> pl.Series:
    """Draught as the crew reports it on leaving each stop, in order: the one set last, where the new one is not set."""
    rows = pl.DataFrame({"vessel": vessel, "true": draught_m, "is_stale": is_stale})
    set_last = pl.when(~pl.col("is_stale")).then(pl.col("true")).forward_fill().over("vessel")
    return rows.select(set_last.fill_null(pl.col("true")).alias("reported_m")).to_series()
