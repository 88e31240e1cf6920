"""Carrying capacity: whether what really sailed is below the upper end of what could have sailed.

A cell is an exporter, an importer and a whole month in which goods sailed from one to the other. What sailed is the
mass of the goods that left the exporter's ports in that month, or reached the importer's, whichever is more. What could
have is the smaller of both ends, each the upper end of its 80 % interval, over the share of hours in which the ports of
the country that was heard less were heard. The cells that a channel may speak of (`models.flows.carriage`) are told
apart.
"""

from collections.abc import Iterator

import polars as pl

from models.flows.carriage import SEEN
from models.grading.figures import ALL, Figure, share
from models.grading.ship_truth import ShipsFound, ShipTruth

CAPACITY, CARRIED = "carrying capacity", "truth below the upper end"
USED = "median share of the upper end"
HEARD = "heard at both ends"
CELL = ("exporter", "importer", "period")


def capacities(found: ShipsFound, truth: ShipTruth) -> Iterator[Figure]:
    """Of all whole months, and of those whose ports were heard: in how many what sailed is below the bound, and how
    much of it sailed in half of them."""
    months = found.carrying_capacity.filter("is_whole", pl.col("period") > 9999)
    cells = months.join(sailed(truth, found.places), on=CELL).sort(CELL)
    share_heard = pl.min_horizontal("seen_share_out", "seen_share_in")
    low = pl.min_horizontal("out_high_kg", "in_high_kg") / share_heard.clip(lower_bound=1e-9)
    rows = cells.with_columns(is_hit=pl.col("sailed_kg") <= low, used=pl.col("sailed_kg") / low)
    heard = rows.filter(
        share_heard >= SEEN,
        pl.col("ports_seen") == pl.col("ports_known"),
    )
    for band, mine in ((ALL, rows), (HEARD, heard)):
        yield share(("ships", CAPACITY, band, CARRIED), mine["is_hit"], mine["exporter"])
        yield Figure("ships", CAPACITY, band, USED, mine.select(pl.col("used").median()).item())


def sailed(truth: ShipTruth, places: pl.DataFrame) -> pl.DataFrame:
    """CELL and sailed_kg: of goods that left their exporter, or reached their importer, by ship in that month."""
    ends = truth.goods.select("goods_id", "exporter", "importer")
    rows = truth.voyages.select("from_place", "to_place", "departed", "arrived", "goods_ids", "masses_kg")
    loads = (
        rows.explode("goods_ids", "masses_kg")
        .drop_nulls("goods_ids")
        .join(ends, left_on="goods_ids", right_on="goods_id")
    )
    of = places.select("place_id", "country")
    sides = []
    for place, country, when in (("from_place", "exporter", "departed"), ("to_place", "importer", "arrived")):
        mine = loads.join(of, left_on=place, right_on="place_id").filter(pl.col("country") == pl.col(country))
        month = pl.col(when).dt.year() * 100 + pl.col(when).dt.month().cast(pl.Int32)
        sides.append(mine.group_by("exporter", "importer", month.alias("period")).agg(kg=pl.col("masses_kg").sum()))
    return pl.concat(sides).group_by(CELL).agg(sailed_kg=pl.col("kg").max()).sort(CELL)
