"""Goods in bulk as shiploads between ports.

What leaves by sea in the simulated months is added up by pair of ports and family, and cut into shiploads of the class
of vessel that suits. Every shipload holds the same mixture of goods. Goods with a country of transit take two voyages,
each of which carries them.
"""

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import polars as pl

from models.world.config import WorldConfig
from models.world.land.sphere import Floats, Ints, distance_km
from models.world.parameters.shipping import Shipping
from models.world.shipping.arcs import runs
from models.world.shipping.lanes import Network

DAY_S = 86_400.0


@dataclass(frozen=True)
class Clock:
    """The observed time and the unobserved one before it."""

    start: date
    days: int
    lead_days: int

    @property
    def end_s(self) -> float:
        """End of the observed time, seconds from its start."""
        return self.days * DAY_S

    @property
    def before_s(self) -> float:
        """Start of all, seconds; negative."""
        return -self.lead_days * DAY_S


@dataclass(frozen=True)
class Month:
    """The part of a calendar month that is simulated."""

    year: int
    month: int
    start_s: float
    end_s: float
    share: float
    """Of the month."""


def months(clock: Clock) -> list[Month]:
    """All months from the first unobserved day to the last observed one, in order."""
    found, at = [], -clock.lead_days
    while at < clock.days:
        day = clock.start + timedelta(days=at)
        first = day.replace(day=1)
        after = (first + timedelta(days=32)).replace(day=1)
        end = min(at + (after - day).days, clock.days)
        found.append(Month(day.year, day.month, at * DAY_S, end * DAY_S, (end - at) / (after - first).days))
        at = end
    return found


def hops(
    config: WorldConfig, goods: pl.DataFrame, countries: pl.DataFrame, network: Network, clock: Clock
) -> pl.DataFrame:
    """Goods that sail and their ports: goods_id, family, has_scheme, start, end, monthly_kg (of each of `months`)."""
    monthly = [
        pl.when(pl.col("year") == one.year).then(pl.col("timing").list.get(one.month - 1) * one.share).otherwise(0.0)
        for one in months(clock)
    ]
    sailing = goods.filter(
        pl.col("mode") == "sea", ~pl.col("is_phantom"), pl.col("family").is_in(config.shipping.families)
    ).with_columns(monthly_kg=pl.concat_list([part * pl.col("mass_kg") for part in monthly]))
    placed = _sea_parts(sailing.filter(pl.col("monthly_kg").list.sum() > 0), network.ports.country)
    port = _ports_of_families(config, countries, network)
    for side in ("start", "end"):
        theirs = port.rename({"country": side, "port": f"{side}_port"})
        placed = placed.join(theirs, on=[side, "family"], how="inner", maintain_order="left")
    placed = placed.select(
        "goods_id", "family", pl.col("scheme_id").is_not_null().alias("has_scheme"),
        pl.col("start_port").alias("start"), pl.col("end_port").alias("end"), "monthly_kg",
    )  # fmt: skip
    return placed.filter(pl.col("start") != pl.col("end")).sort("goods_id", "start", "end")


def _sea_parts(sailing: pl.DataFrame, with_ports: list[str]) -> pl.DataFrame:
    """Goods with the countries (start, end) of each of their voyages.

    Goods change ship in a country of transit that has ports; to and from countries without, they come there by land.
    """
    changes = pl.col("via").is_in(with_ports).fill_null(False)
    whole = sailing.filter(~changes).with_columns(start="exporter", end="importer")
    to_transit = sailing.filter(changes, pl.col("exporter").is_in(with_ports)).with_columns(start="exporter", end="via")
    onwards = sailing.filter(changes, pl.col("importer").is_in(with_ports)).with_columns(start="via", end="importer")
    return pl.concat([whole, to_transit, onwards])


def _ports_of_families(config: WorldConfig, countries: pl.DataFrame, network: Network) -> pl.DataFrame:
    """The port that serves each country and family: one of its own by chance, else the nearest abroad."""
    rng = config.chance("shipping", "ports")
    ports = network.ports
    own = np.array(ports.country)
    rows = []
    for country, lon, lat in countries.sort("country").select("country", "lon", "lat").iter_rows():
        at_home = np.flatnonzero(own == country)
        nearest = distance_km(lon, lat, ports.lon, ports.lat).argsort(kind="stable")[:1]
        choice = at_home if at_home.size else nearest
        rows += [(country, family, int(rng.choice(choice))) for family in config.shipping.families]
    return pl.DataFrame(rows, schema={"country": pl.String, "family": pl.String, "port": pl.Int64}, orient="row")


def shiploads(config: WorldConfig, hops: pl.DataFrame, clock: Clock, parcel_t: float) -> pl.DataFrame:
    """Shiploads: load (number), start, end, family, hull, mass_t, departs_s, has_scheme, goods_ids, masses_kg.

    Departures of one trade come as its goods do, month by month; each at a random time of its share of the mass. Less
    than `parcel_t` goes in boxes and has no shipload.
    """
    rng, by_month = config.chance("shipping", "shiploads"), months(clock)
    trades = (
        hops.with_columns(mass_kg=pl.col("monthly_kg").list.sum())
        .group_by("start", "end", "family", maintain_order=True)
        .agg(
            pl.col("mass_kg").sum().alias("total_kg"), pl.col("has_scheme").any(), pl.col("goods_id"), "mass_kg",
            *(pl.col("monthly_kg").list.get(at).sum().alias(f"month_{at}") for at in range(len(by_month))),
        )
        .filter(pl.col("total_kg") >= parcel_t * 1e3)
        .sort("start", "end", "family")
    )  # fmt: skip
    total_t = trades["total_kg"].to_numpy() / 1e3
    hull, count = suited(config.shipping, trades["family"].to_list(), total_t)
    trade, step = runs(count)
    monthly = trades.select(f"month_{at}" for at in range(len(by_month))).to_numpy()
    share = (step + rng.random(len(trade))) / count[trade]
    loads = trades[trade].with_columns(
        hull=pl.Series([hull[at] for at in trade], dtype=pl.String),
        mass_t=pl.Series(total_t[trade] / count[trade]),
        departs_s=pl.Series(when(share, monthly[trade], by_month)),
        loads=pl.Series(count[trade].astype(np.float64)),
    )
    loads = loads.select(
        "start", "end", "family", "hull", "mass_t", "departs_s", "has_scheme",
        pl.col("goods_id").alias("goods_ids"), (pl.col("mass_kg") / pl.col("loads")).alias("masses_kg"),
    )  # fmt: skip
    return loads.sort("departs_s", "start", "end", "family").with_row_index("load").cast({"load": pl.Int64})


def when(share: Floats, monthly: Floats, by_month: list[Month]) -> Floats:
    """Times at which shares [n] of what leaves in all months (`monthly` [n, month]) have left; evenly within each."""
    so_far = monthly.cumsum(axis=1)
    wanted = share * so_far[:, -1]
    at = np.minimum((so_far <= wanted[:, None]).sum(axis=1), len(by_month) - 1)
    row = np.arange(len(share))
    within = 1 - (so_far[row, at] - wanted) / np.maximum(monthly[row, at], 1e-9)
    start, end = np.array([one.start_s for one in by_month])[at], np.array([one.end_s for one in by_month])[at]
    return np.asarray(start + np.clip(within, 0.0, 1.0) * (end - start))


def suited(shipping: Shipping, families: list[str], total_t: Floats) -> tuple[list[str], Ints]:
    """Class of vessel and number of shiploads of each trade: the largest class of which it fills one."""
    order = list(shipping.bulk_hulls)
    hulls, counts = [], []
    for family, mass in zip(families, total_t, strict=True):
        allowed = order[: order.index(shipping.largest_hull.get(family, shipping.other_hull)) + 1]
        holds = [shipping.fill * shipping.hulls[one].deadweight_t[0] for one in allowed]
        fits = [at for at, hold in enumerate(holds) if mass >= hold]
        best = fits[-1] if fits else 0
        hulls.append(allowed[best])
        counts.append(int(np.ceil(mass / holds[best])))
    return hulls, np.array(counts, dtype=np.int64)
