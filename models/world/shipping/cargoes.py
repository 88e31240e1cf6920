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
from models.world.parameters.shipping import Shipping
from models.world.shipping.arcs import runs
from models.world.shipping.lanes import Network
from models.world.sphere import Floats, Ints, distance_km

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


def months(clock: Clock) -> dict[tuple[int, int], float]:
    """Share of each month (year, month) that is simulated."""
    days = [clock.start + timedelta(days=at) for at in range(-clock.lead_days, clock.days)]
    found: dict[tuple[int, int], float] = {}
    for day in days:
        after = date(day.year + day.month // 12, day.month % 12 + 1, 1)
        length = (after - day.replace(day=1)).days
        found[day.year, day.month] = found.get((day.year, day.month), 0.0) + 1 / length
    return found


def hops(
    config: WorldConfig, goods: pl.DataFrame, countries: pl.DataFrame, network: Network, clock: Clock
) -> pl.DataFrame:
    """Goods that sail and their ports: goods_id, family, has_scheme, start, end, mass_kg in all the simulated time."""
    shipping = config.shipping
    sailing = goods.filter(
        pl.col("mode") == "sea", ~pl.col("is_phantom"), pl.col("family").is_in(shipping.families), pl.col("mass_kg") > 0
    )
    share = pl.sum_horizontal(
        [
            pl.when(pl.col("year") == year).then(pl.col("timing").list.get(month - 1) * part).otherwise(0.0)
            for (year, month), part in sorted(months(clock).items())
        ]
    )
    sailing = sailing.with_columns(mass_kg=pl.col("mass_kg") * share).filter(pl.col("mass_kg") > 0)
    whole = sailing.filter(pl.col("via").is_null()).with_columns(start="exporter", end="importer")
    via = sailing.filter(pl.col("via").is_not_null())
    parts = [whole, via.with_columns(start="exporter", end="via"), via.with_columns(start="via", end="importer")]
    port = _ports_of_families(config, countries, network)
    placed = pl.concat(parts)
    for side in ("start", "end"):
        theirs = port.rename({"country": side, "port": f"{side}_port"})
        placed = placed.join(theirs, on=[side, "family"], how="inner", maintain_order="left")
    placed = placed.select(
        "goods_id", "family", pl.col("scheme_id").is_not_null().alias("has_scheme"),
        pl.col("start_port").alias("start"), pl.col("end_port").alias("end"), "mass_kg",
    )  # fmt: skip
    return placed.filter(pl.col("start") != pl.col("end")).sort("goods_id", "start", "end")


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

    Departures of one trade are spread evenly, each at a random time within its share. Less than `parcel_t` goes in
    boxes and has no shipload.
    """
    rng = config.chance("shipping", "shiploads")
    trades = (
        hops.group_by("start", "end", "family")
        .agg(pl.col("mass_kg").sum(), pl.col("has_scheme").any(), pl.col("goods_id"), masses=pl.col("mass_kg"))
        .filter(pl.col("mass_kg") >= parcel_t * 1e3)
        .sort("start", "end", "family")
    )
    total_t = trades["mass_kg"].to_numpy() / 1e3
    hull, count = suited(config.shipping, trades["family"].to_list(), total_t)
    trade, step = runs(count)
    length = clock.end_s - clock.before_s
    departs = clock.before_s + (step + rng.random(len(trade))) / count[trade] * length
    loads = trades[trade].with_columns(
        hull=pl.Series([hull[at] for at in trade], dtype=pl.String),
        mass_t=total_t[trade] / count[trade],
        departs_s=departs,
        shares=pl.Series(count[trade].astype(np.float64)),
    )
    loads = loads.select(
        "start", "end", "family", "hull", "mass_t", "departs_s", "has_scheme",
        pl.col("goods_id").alias("goods_ids"), (pl.col("masses") / pl.col("shares")).alias("masses_kg"),
    )  # fmt: skip
    return loads.sort("departs_s", "start", "end", "family").with_row_index("load").cast({"load": pl.Int64})


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
