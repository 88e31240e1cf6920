"""Where roads and railways cross a border: places of kind border, derived from a network and no list of posts.

Each node lies in a country: by an outline, else by that of a node within BESIDE_KM, else by the nearest city. An edge
between nodes of two countries crosses their border, and the node on the side of the country that comes first in the
alphabet stands for the crossing: where an edge is long, the border lies somewhere along it. Of crossings of two
countries within CROSSING_KM the one on the shortest edge stands for all. Whether a post is there, and open, is not
known.
"""

from collections.abc import Iterable, Iterator

import numpy as np
import polars as pl
from numpy.typing import NDArray

from graphs.countries import name_of
from graphs.nearest import Nearest
from graphs.places_rows import FAMILIES, tidy_places
from graphs.sphere import distance_km
from graphs.tables_places import Places

LAND = ("road", "rail", "river")
CROSSING = ("road", "rail")
"""A river may be the border itself: that its bends lie on both sides makes no crossing."""
CROSSING_KM = 25.0
"""Crossings of the same two countries nearer to each other than this are one place."""
BESIDE_KM = 50.0
"""A node on a coast that the outlines miss lies in the country of its neighbours."""
FILE = "network"


def placed(nodes: pl.DataFrame, outlined: pl.Series, cities: pl.DataFrame) -> pl.DataFrame:
    """Nodes with `country`: as stated, else as `outlined`, else of what lies nearest; null at sea.

    A territory without an outline of its own (French Guiana) is told from its state by the nearest of `cities`.
    """
    on_land = nodes["mode"].cast(pl.String).is_in(LAND)
    told = nodes.with_columns(outlined.alias("outlined"), on_land.alias("on_land"))
    drawn = told.filter(pl.col("on_land"), pl.col("outlined").is_not_null()).select(
        pl.format("{}", "node").alias("place_id"), pl.col("outlined").alias("country"), "lon", "lat"
    )
    near = _nearest(told, cities, np.inf).alias("near")
    lost = told["outlined"].is_null() & told["on_land"]
    beside = pl.Series("beside", [None] * told.height, dtype=pl.String)
    if lost.any():
        beside = beside.scatter(lost.arg_true(), _nearest(told.filter(lost), drawn, BESIDE_KM))
    guessed = told.with_columns(near, pl.coalesce("outlined", beside).alias("drawn"))
    of_family = pl.any_horizontal(
        pl.col("near").is_in(sorted(one)) & pl.col("drawn").is_in(sorted(one)) for one in FAMILIES
    )
    undrawn = of_family & pl.col("near").is_in(sorted(outlined.drop_nulls().unique())).not_()
    best = pl.when(undrawn.fill_null(False)).then("near").otherwise(pl.coalesce("drawn", "near"))
    country = pl.when("on_land").then(pl.coalesce("country", best))
    return guessed.with_columns(country.alias("country")).select(nodes.columns)


def _nearest(points: pl.DataFrame, places: pl.DataFrame, within_km: float) -> pl.Series:
    """Country of the nearest place, null where none is within."""
    known = Nearest.of(places)
    row, _ = known.rows(points["lon"].to_numpy(), points["lat"].to_numpy(), within_km)
    at = pl.Series("at", row, dtype=pl.Int64)
    return known.places["country"].cast(pl.String).gather(at.set(at < 0, None))


def crossings(nodes: pl.DataFrame, edges: pl.DataFrame) -> pl.DataFrame:
    """Places (schema Places) where edges over land lead from one country into another; `nodes` state countries."""
    numbered = nodes.sort("node")
    row = {"start": numbered["node"].search_sorted(edges["start"]), "end": numbered["node"].search_sorted(edges["end"])}
    ends = edges.with_columns(
        *(numbered["country"].gather(at).alias(name) for name, at in row.items()),
        *(pl.Series(f"{name}_row", at, dtype=pl.Int64) for name, at in row.items()),
    )
    crossing = ends.filter(pl.col("mode").cast(pl.String).is_in(CROSSING), pl.col("start") != pl.col("end"))
    if crossing.is_empty():
        return Places.create_empty()
    is_first = pl.col("start") < pl.col("end")
    sided = crossing.select(
        pl.min_horizontal("start", "end").alias("one"),
        pl.max_horizontal("start", "end").alias("other"),
        pl.when(is_first).then("start_row").otherwise("end_row").alias("at"),
        "length_km",
        "source",
    )
    points = sided.with_columns(numbered["lon"].gather(sided["at"]), numbered["lat"].gather(sided["at"]))
    order = points.sort("one", "other", "length_km", "lon", "lat", "source")
    kept = order[np.array(list(_standing(order)), dtype=np.int64)]
    return pl.concat(
        [Places.create_empty(), *(_named(rows, str(source)) for (source,), rows in kept.group_by("source"))]
    )


def _standing(order: pl.DataFrame) -> Iterator[int]:
    """Rows that stand for the crossings around them: the first of two countries, then the first beyond its reach."""
    lon, lat = order["lon"].to_numpy(), order["lat"].to_numpy()
    pairs = order.with_row_index("row").group_by("one", "other", maintain_order=True).agg("row")
    groups: Iterable[list[int]] = pairs["row"].to_list()
    for group in groups:
        left: NDArray[np.int64] = np.asarray(group, dtype=np.int64)
        while len(left):
            first = left[0]
            yield int(first)
            left = left[distance_km(lon[first], lat[first], lon[left], lat[left]) >= CROSSING_KM]


def _named(rows: pl.DataFrame, source: str) -> pl.DataFrame:
    """Places of one network, by the two countries and where the crossing lies."""
    names = {code: name_of(code) for code in {*rows["one"], *rows["other"]}}
    spot = [_spot(lon, lat) for lon, lat in rows.select("lon", "lat").iter_rows()]
    told = rows.with_columns(
        pl.Series("spot", spot, dtype=pl.String),
        *(
            pl.col(side).replace_strict(names, return_dtype=pl.String).alias(f"{side}_name")
            for side in ("one", "other")
        ),
    )
    raw = told.with_row_index("raw_row", 1).select(
        "raw_row",
        pl.format("border:{}-{}:{},{}", "one", "other", pl.col("lat").round(2), pl.col("lon").round(2)).alias(
            "place_id"
        ),
        pl.lit("border").alias("kind"),
        pl.format("Border of {} and {} at {}", "one_name", "other_name", "spot").alias("name"),
        pl.col("one").alias("country"),
        "lon",
        "lat",
    )
    places = tidy_places(raw, source=source, file=FILE, raw_sha256="").places
    return places.with_columns(pl.lit(None, pl.String).alias("raw_sha256"))


def _spot(lon: float, lat: float) -> str:
    """A position in words, to a tenth of a degree."""
    return f"{abs(lat):.1f} {'N' if lat >= 0 else 'S'}, {abs(lon):.1f} {'E' if lon >= 0 else 'W'}"
