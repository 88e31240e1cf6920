"""Places and the ways between them: lists, networks, and the network contracted to legs; modes that offices declare.

The default lists lie in installed packages (ports and lanes of searoute, airportsdata, cities of GeoNames), the default
roads and railways in the archive. `--only-data` leaves out all but the lanes, which a user's ports are joined to. Where
a user's places lie in invented countries (XAA to XZZ) nothing of the real world is added to them.
"""

from collections.abc import Iterable, Iterator, Sequence

import dagster as dg
import polars as pl

from graphs.crossings import LAND, crossings, placed
from graphs.leg_rows import replaced, tidy_legs
from graphs.places_rows import Told, join_duplicates, merge
from graphs.straits import straits
from graphs.tables import Quarantine
from graphs.tables_places import Legs
from graphs.transport import costs
from graphs.transport_modes import transport_modes as declared_modes
from models.linkage import legs as contracted
from models.linkage.network import Network, joined, met
from pipelines.assets.tables import EVERY, table, tables
from pipelines.inventory import DataFile, Inventory
from pipelines.sources import (
    airports,
    anchorages,
    cities,
    land_network,
    leg_files,
    network_files,
    ports,
    sea_lanes,
    transport_costs,
    world_places,
)
from pipelines.sources.kinds import Kind
from pipelines.sources.land_outlines import INVENTED, KOSOVO, countries_at, dry
from pipelines.workspace import Workspace

SHORE: tuple[Kind, ...] = ("places", "wpi")
"""Kinds of files that bring ports, to which sea lanes lead."""
Part = tuple[pl.DataFrame, pl.DataFrame]


@tables("raw", "network_nodes", "network_edges", "refused_network")
def network(workspace: dg.ResourceParam[Workspace]) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    """Read the user's networks, and roads, railways and sea lanes of the world."""
    files = workspace.inventory
    told = [
        network_files.read(one.path, source="network", file=one.name, raw_sha256=one.sha256)
        for one in files.of("network")
    ]
    parts, refused = [met(*joined([(one.nodes, one.edges) for one in told]))], [one.quarantine for one in told]
    is_real = not _is_invented(files)
    if is_real:
        parts += _of_the_world(files, only_data=workspace.home.analysis.only_data)
    nodes, edges = joined(parts)
    if is_real and nodes["mode"].is_in(LAND).any():
        around = countries_at(nodes["lon"].to_numpy(), nodes["lat"].to_numpy())
        nodes = placed(nodes, around, cities.parse(cities.cities_file()).places)
    return nodes, edges, _by_name(files, refused)


@tables("raw", "places", "refused_places")
def places(
    context: dg.AssetExecutionContext,
    workspace: dg.ResourceParam[Workspace],
    network_nodes: pl.DataFrame,
    network_edges: pl.DataFrame,
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Read lists of places, later names first, derive border crossings, and join rows for one place."""
    files = workspace.inventory
    told = list(_listed(files))
    refused = [one.quarantine for one in told]
    is_real = not _is_invented(files)
    if is_real and not workspace.home.analysis.only_data:
        told += [
            ports.parse_searoute(ports.searoute_file()),
            airports.parse(airports.airports_file()),
            cities.parse(cities.cities_file()),
        ]
        refused += [one.quarantine for one in told[-3:]]
    for note in (note for one in told for note in one.notes):
        context.log.info(note)
    lists = [one.places for one in told]
    if is_real:
        lists.append(crossings(network_nodes, network_edges))
        lists += [straits()] if any(one.height for one in lists) else []
    refused += [airports.parse_routes(one.path).quarantine for one in files.of("air_routes")]
    return join_duplicates(merge(lists), _joins(files)), _by_name(files, refused)


@tables("tidy", "legs", "refused_legs")
def legs(
    workspace: dg.ResourceParam[Workspace],
    places: pl.DataFrame,
    network_nodes: pl.DataFrame,
    network_edges: pl.DataFrame,
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Contract the network to legs between places; a user's own legs stand in place of those found so."""
    files = workspace.inventory
    table_of_costs = next((transport_costs.parse(one.path) for one in files.of("transport_costs")[::-1]), costs())
    ends = places.filter((pl.col("kind") != "airport") | pl.col("iata").is_not_null() | (pl.col("source") == "places"))
    ways = Network.of(network_nodes, network_edges, ends, table_of_costs, airways(files, places), dry(places))
    found = contracted.legs(ways, ends) if ends.height else Legs.create_empty()
    told = [
        tidy_legs(leg_files.read(one.path), places, file=one.name, raw_sha256=one.sha256)
        for one in files.of("legs")[::-1]
    ]
    mine = pl.concat([Legs.create_empty(), *(one.legs for one in told)])
    once = mine.unique(Legs.primary_key(), keep="first", maintain_order=True)
    return replaced(found, once), pl.concat([Quarantine.create_empty(), *(one.quarantine for one in told)])


@table("tidy", ins={"declarations": dg.AssetIn(partition_mapping=EVERY)})
def transport_modes(declarations: pl.LazyFrame) -> pl.DataFrame:
    """By which means goods crossed the border, where an office says it."""
    return declared_modes(declarations)


def airways(files: Inventory, places: pl.DataFrame) -> pl.DataFrame | None:
    """Pairs of airports with a listed route, `from_place` and `to_place`; None where no list was named."""
    listed = [airports.parse_routes(one.path).routes for one in files.of("air_routes")]
    if not listed:
        return None
    standing = places.filter(pl.col("kind") == "airport").with_columns(
        pl.coalesce("same_as", "place_id").alias("stands")
    )
    # The place that counts comes first, so that a code that two lists give to two places names that one.
    order = standing.sort(pl.col("same_as").is_not_null(), "place_id")
    known = pl.concat([order.select(pl.col(code).alias("code"), "stands").drop_nulls() for code in ("iata", "icao")])
    once = known.unique("code", keep="first", maintain_order=True)
    pairs = pl.concat(listed).select("start", "end").unique().sort("start", "end")
    return (
        pairs.join(once.rename({"code": "start", "stands": "from_place"}), on="start")
        .join(once.rename({"code": "end", "stands": "to_place"}), on="end")
        .select("from_place", "to_place")
    )


def _of_the_world(files: Inventory, *, only_data: bool) -> Iterator[Part]:
    """Roads and railways where they were fetched or named, and sea lanes where there are ports to sail to."""
    for one in files.of("land_network")[-1:]:
        yield from (land_network.read(one.path, mode) for mode in land_network.MEMBERS)
    lanes = sea_lanes.installed()
    if lanes is not None and (files.of(*SHORE) or not only_data):
        yield sea_lanes.read(lanes)


def _listed(files: Inventory) -> Iterator[Told]:
    """The user's own lists, the most trusted kind first, later names first."""
    yield from (world_places.parse(one.path) for one in files.of("places")[::-1])
    yield from (ports.parse(one.path) for one in files.of("wpi")[::-1])
    yield from (anchorages.parse(one.path) for one in files.of("anchorages")[::-1])
    yield from (airports.parse_openflights(one.path) for one in files.of("airports")[::-1])


def _is_invented(files: Inventory) -> bool:
    """True where a user's places lie in invented countries."""
    listed = (world_places.parse(one.path).places["country"].drop_nulls() for one in files.of("places"))
    return any((one.str.contains(INVENTED) & (one != KOSOVO)).any() for one in listed)


def _joins(files: Inventory) -> pl.DataFrame | None:
    """What people say of which places are one; of several files the later names count."""
    listed = [world_places.parse_joins(one.path) for one in files.of("place_joins")[::-1]]
    return pl.concat(listed).unique("place_id", keep="first", maintain_order=True) if listed else None


def _by_name(files: Inventory, parts: Sequence[pl.DataFrame]) -> pl.DataFrame:
    """Refused rows of all files, each file by the name that the user knows."""
    rows = pl.concat([Quarantine.create_empty(), *parts])
    return rows.with_columns(pl.col("file").str.replace_many(_names(files.files)))


def _names(files: Iterable[DataFile]) -> dict[str, str]:
    return {one.path.name: one.name for one in files}
