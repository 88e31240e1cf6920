"""Ships: positions file by file, put into days, told day by day, and all days together."""

from collections.abc import Iterator
from datetime import date

import dagster as dg
import polars as pl
from upath import UPath

from graphs.leg_rows import SOURCE as OWN
from graphs.position_rows import one_a_time
from graphs.tables import Quarantine
from graphs.tables_ships import AisCoverage, VesselEvents
from models.linkage.sailing import sea_km
from models.shipping.capacity import capacity
from models.shipping.coverage import coverage, together
from models.shipping.fold import EVENT, VESSEL, Part, sail_parts
from models.shipping.state import CALL
from models.shipping.voyages import with_ways
from models.shipping.whole import ships
from pipelines.assets.tables import EVERY, table, tables
from pipelines.home import Home, scan_files
from pipelines.memo_ships import SHORE, day_before, files, files_of, gfw_answers
from pipelines.parquet import staging
from pipelines.partitions import DAYS, FILES
from pipelines.sources import ais
from pipelines.sources.ais_flags import flags
from pipelines.sources.gfw_api import fetch_events
from pipelines.sources.gfw_events import once, parse
from pipelines.sources.gfw_events import vessel_events as as_published
from pipelines.workspace import Workspace

PATIENT = dg.RetryPolicy(max_retries=2, delay=1)
"""A file or a day that fails is tried three times before it is named and left for the next run."""
MOST_DAY_ROWS, MOST_FOLD_ROWS = 700_000, 700_000
"""Rows that are held at a time: larger days are cut by sender, so that memory does not grow with them."""
REPORT = ("sender", "time", "lon", "lat", "speed_kn", "status", "draught_m", "imo", "name", "length_m", "width_m",
          "ais_type")  # fmt: skip
"""What the fold looks at."""


@tables("shipping", "ais_read", "refused_ais", partitions=FILES, retry_policy=PATIENT)
def ais_read(context: dg.AssetExecutionContext, workspace: dg.ResourceParam[Workspace]) -> Iterator[dg.Output[object]]:
    """Read one file of positions, whatever its size."""
    key = context.partition_key
    file = files(workspace.memo)[key]
    with staging(_beside(workspace.home, "ais_read", key)) as into:
        read = ais.read(file.path, None, into, name=file.name, raw_sha256=file.sha256, until=file.taken)
        told: dict[str, int | str] = {
            "rows_read": read.lines,
            "rows_repeated": read.repeated,
            "rows_others": read.others,
            "days": " ".join(read.days),
            "file": file.name,
        }
        yield dg.Output(pl.scan_parquet(into), "ais_read", metadata=told)
        yield dg.Output(read.refused, "refused_ais")


@tables(
    "shipping",
    "vessel_positions",
    "ais_coverage",
    partitions=DAYS,
    retry_policy=PATIENT,
    deps=[dg.AssetDep("ais_read", partition_mapping=EVERY)],
)
def day(context: dg.AssetExecutionContext, workspace: dg.ResourceParam[Workspace]) -> Iterator[dg.Output[object]]:
    """Put together what all files hold of one day, each report once."""
    key, home = context.partition_key, workspace.home
    names = files_of(workspace.memo, key)
    today = date.fromisoformat(key)
    reports = pl.concat(
        [
            scan_files([home.table_path("ais_read", name)])
            .filter(pl.col("day") == today)
            .with_columns(raw_file=pl.lit(number, pl.UInt16))
            for number, name in enumerate(names)
        ]
    )
    cells: list[pl.DataFrame] = [AisCoverage.create_empty()]
    with staging(_beside(home, "vessel_positions", key)) as beside:
        written = []
        for number, (_, rows) in enumerate(parts(reports, MOST_DAY_ROWS)):
            positions = one_a_time(rows)
            cells.append(coverage(positions, today))
            written.append(beside.with_name(f"{beside.name}.{number}"))
            positions.write_parquet(written[-1])
        try:
            yield dg.Output(pl.scan_parquet(written), "vessel_positions", metadata={"files": " ".join(names)})
        finally:
            for part in written:
                part.unlink(missing_ok=True)
    yield dg.Output(together(pl.concat(cells)), "ais_coverage")


@tables(
    "shipping",
    "vessel_state",
    "day_calls",
    "day_events",
    "day_vessels",
    partitions=DAYS,
    retry_policy=PATIENT,
    pool="shipping",
    deps=[
        "vessel_positions",
        dg.AssetDep("vessel_state", partition_mapping=dg.TimeWindowPartitionMapping(start_offset=-1, end_offset=-1)),
    ],
)
def sailed(
    context: dg.AssetExecutionContext, workspace: dg.ResourceParam[Workspace], places: pl.LazyFrame
) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    """Tell one day of ships, from where the latest day before it left them."""
    key, home = context.partition_key, workspace.home
    before = day_before(workspace.memo, key)
    state = home.scan("vessel_state", [before]).collect() if before else None
    shore = places.select("place_id", "kind", "country", "lon", "lat", "same_as").collect()
    positions = home.scan("vessel_positions", [key]).select(REPORT)
    told = sail_parts(parts(positions, MOST_FOLD_ROWS), state, shore, date.fromisoformat(key))
    return told.state, told.calls, told.events, told.vessels


class Asking(dg.Config):
    """Of which days Global Fishing Watch is asked first, both included; of none, where they are empty."""

    since: str = ""
    until: str = ""


@tables("raw", "gfw_events", "refused_gfw")
def gfw(workspace: dg.ResourceParam[Workspace], config: Asking) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Read what Global Fishing Watch answered."""
    archive = workspace.archive
    if config.since and config.until:
        fetch_events(archive, date.fromisoformat(config.since), date.fromisoformat(config.until))
    pages = gfw_answers(workspace.memo)
    told = [parse(archive.read(one), file=one.query, raw_sha256=one.sha256) for one in pages]
    refused = pl.concat([Quarantine.create_empty(), *(one.quarantine for one in told)])
    return once(one.events for one in told), refused


DAILY = [dg.AssetDep(one, partition_mapping=EVERY) for one in
         ("day_calls", "day_events", "day_vessels", "vessel_state", "ais_coverage")]  # fmt: skip


@tables("shipping", "vessels", "port_calls", "voyages", "vessel_events", deps=DAILY)
def whole(
    workspace: dg.ResourceParam[Workspace],
    legs: pl.DataFrame,
    places: pl.LazyFrame,
    network_nodes: pl.LazyFrame,
    network_edges: pl.LazyFrame,
    gfw_events: pl.DataFrame,
) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    """Put all days together, with what was open at the end of the last one."""
    home = workspace.home
    days = home.partitions("vessel_state")
    told = ships(
        _every(home, "day_calls", pl.DataFrame(schema=CALL)),
        _every(home, "day_events", pl.DataFrame(schema=EVENT)),
        _every(home, "day_vessels", pl.DataFrame(schema=VESSEL)),
        home.scan("vessel_state", days[-1:]).collect() if days else None,
        _every(home, "ais_coverage", AisCoverage.create_empty()),
        # Those found on the lanes lead to the next node and back, however near two ports lie to each other.
        legs.filter(pl.col("source") == OWN),
        flags(),
    )
    sea, shore = pl.col("mode").cast(pl.String) == "sea", pl.col("kind").cast(pl.String).is_in(SHORE)
    # Places and ways of a continent lie in these tables; those at sea are few.
    nodes, edges, ends = pl.collect_all([network_nodes.filter(sea), network_edges.filter(sea), places.filter(shore)])
    unknown = told.voyages.filter(pl.col("network_km").is_null())
    sailed = with_ways(told.voyages, sea_km(nodes, edges, ends, unknown))
    both = [VesselEvents.cast(told.vessel_events), as_published(gfw_events)]
    events = pl.concat(both).sort(VesselEvents.primary_key())
    return told.vessels, told.port_calls, sailed, events


@table("shipping", deps=[dg.AssetDep(one, partition_mapping=EVERY) for one in ("ais_coverage", "vessel_state")])
def carrying_capacity(
    workspace: dg.ResourceParam[Workspace],
    port_calls: pl.DataFrame,
    voyages: pl.DataFrame,
    vessels: pl.DataFrame,
    places: pl.DataFrame,
) -> pl.DataFrame:
    """Reckon what the ships seen at both ends of each pair of countries could have carried.

    A day counts as read once it was told: before that nobody knows its calls, however well its positions were heard.
    """
    home = workspace.home
    cells = _every(home, "ais_coverage", AisCoverage.create_empty())
    days = [date.fromisoformat(one) for one in home.partitions("vessel_state")]
    return capacity(port_calls, voyages, vessels, cells, places, days)


def parts(rows: pl.LazyFrame, most_rows: int) -> Iterator[Part]:
    """The rows of whole senders, about so many at a time, in order of sender: the greatest sender (None for the last
    part) and the rows."""
    above = None
    for until in bounds(rows, most_rows):
        wanted = [pl.col("sender") > above] if above is not None else []
        wanted += [pl.col("sender") <= until] if until is not None else []
        yield until, rows.filter(*wanted).collect(engine="streaming") if wanted else rows.collect()
        above = until


def bounds(rows: pl.LazyFrame, most_rows: int) -> list[int | None]:
    """The greatest sender of each part; None for the last one."""
    counts = rows.group_by("sender").len().collect(engine="streaming").sort("sender")
    part = (counts["len"].cast(pl.Int64).cum_sum() - 1) // most_rows
    last = counts.select("sender", part=part).group_by("part").agg(pl.col("sender").max()).sort("part")
    return [*last["sender"].to_list()[:-1], None]


def _every(home: Home, table: str, empty: pl.DataFrame) -> pl.DataFrame:
    """All days of a table; empty where there is none."""
    return home.scan(table).collect() if home.has(table) else empty


def _beside(home: Home, table: str, key: str) -> UPath:
    """A name of its own beside the table, for what is not yet whole."""
    path = home.table_path(table, key)
    return path.with_name(f"reading-{path.name}")
