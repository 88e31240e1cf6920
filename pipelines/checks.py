"""Invariants of the tables, checked after a run over everything that is there.

What a table must be to be written at all is its schema's business (see `pipelines.parquet`). These checks compare
tables with each other, with their last version and with what arithmetic demands. They always look at all
partitions, so that refreshing an old one cannot turn an asset green.
"""

from collections.abc import Sequence

import dagster as dg
import polars as pl

from graphs.declarations import world_gaps
from graphs.schema import EDGE_TABLES, key_of
from graphs.tables import LEARNED, LISTS
from models.flows.channels import CHANNELS
from models.flows.ordinary import CAUSES
from models.learned.shipped import shipped
from pipelines.checking import outcome, rows_of, scan
from pipelines.checks_places import PLACE_CHECKS
from pipelines.checks_ships import SHIP_CHECKS
from pipelines.freshness import FRESHNESS_CHECKS
from pipelines.home import PARTITIONED
from pipelines.measured import measured
from pipelines.memo import Memo
from pipelines.schemas import DRAWN, SCHEMAS
from pipelines.scoreboard import results
from pipelines.workspace import Workspace

LARGEST_REFUSED_SHARE = 0.05
LARGEST_LOSS = 0.20
"""Share of its rows that a table may lose against its last version before somebody should look."""
WORLD_TOLERANCE = 0.01
LARGEST_WORLD_SHARE = 0.05
"""Share of world totals that may differ from the sum of their partners by more than the tolerance."""
COUNTED = ("declarations", "baci", "production", "governance", "events", "flows", "alerts", "port_calls", "voyages",
           "places", "legs", "manifests", "companies")  # fmt: skip

Result = dg.AssetCheckResult


@dg.asset_check(asset="parsed", description="Whether every row read was either kept or refused.")
def rows_in_are_rows_out(workspace: dg.ResourceParam[Workspace]) -> dg.AssetCheckResult:
    """Nothing is dropped in silence while reading."""
    memo = workspace.memo
    read = int(memo.meta("parsed").get("rows_read", 0))
    kept, refused = rows_of(memo, "parsed"), rows_of(memo, "refused_trade")
    return outcome(
        read == kept + refused,
        f"{read:,} rows were read, {kept:,} kept and {refused:,} refused",
        is_error=True,
        rows_read=read,
        rows_kept=kept,
        rows_refused=refused,
    )


@dg.asset_check(asset="declarations", description="Whether every row kept while reading stands in exactly one year.")
def years_hold_all_rows(workspace: dg.ResourceParam[Workspace]) -> dg.AssetCheckResult:
    """Settling a year keeps its rows."""
    memo = workspace.memo
    kept, settled = rows_of(memo, "parsed"), rows_of(memo, "declarations")
    sentence = f"{kept:,} rows were kept while reading and {settled:,} stand in the years"
    return outcome(kept == settled, sentence, is_error=True, rows_kept=kept, rows_settled=settled)


@dg.asset_check(asset="quarantine", description="Whether few rows had to be refused.")
def few_rows_refused(workspace: dg.ResourceParam[Workspace]) -> dg.AssetCheckResult:
    """A source that changed its layout shows here first."""
    memo = workspace.memo
    told = ("trade", "baci", "production", "governance", "events")
    refused = sum(rows_of(memo, f"refused_{table}") for table in told)
    kept = sum(rows_of(memo, table) for table in ("parsed", "baci", "production", "events"))
    share = refused / max(refused + kept, 1)
    sentence = f"{refused:,} of {refused + kept:,} rows were refused ({share:.1%}); the quarantine says why"
    return outcome(share <= LARGEST_REFUSED_SHARE, sentence, rows_refused=refused, share_refused=share)


@dg.asset_check(
    asset="declarations", description="Whether declared world totals are the sums of the declared partners."
)
def world_is_sum_of_partners(workspace: dg.ResourceParam[Workspace]) -> dg.AssetCheckResult:
    """Compare each world total with its partners, year by year."""
    compared = apart = 0
    for year in workspace.home.partitions("declarations"):
        gaps = world_gaps(workspace.home.scan("declarations", [year]).collect())
        compared += gaps.height
        apart += gaps.filter(pl.col("gap_share").abs() > WORLD_TOLERANCE).height
    share = apart / max(compared, 1)
    sentence = f"{apart:,} of {compared:,} world totals differ from the sum of their partners by more than 1 %"
    return outcome(share <= LARGEST_WORLD_SHARE, sentence, totals_compared=compared, totals_apart=apart)


@dg.asset_check(asset="alerts", description="Whether ranks run from 1 without a gap or a tie.")
def ranks_have_no_ties(workspace: dg.ResourceParam[Workspace]) -> dg.AssetCheckResult:
    """A list that can be cited by rank."""
    ranks = workspace.home.scan("alerts").select("list", "rank").collect()
    broken = [
        str(name)
        for (name,), rows in ranks.group_by("list", maintain_order=True)
        if not rows["rank"].sort().equals(pl.Series("rank", range(1, rows.height + 1), dtype=pl.UInt32))
    ]
    sentence = f"ranks of {ranks.height:,} scored flows " + (
        "have gaps or ties" if broken else "run without gap or tie"
    )
    return outcome(not broken, sentence, is_error=True, flows_ranked=ranks.height)


@dg.asset_check(asset="alerts", description="Whether both lists are there.")
def both_lists_are_there(workspace: dg.ResourceParam[Workspace]) -> dg.AssetCheckResult:
    """The learned list holds every flow of the agnostic one that has a learned score; small markets have none."""
    lists = workspace.home.scan("alerts").select(pl.col("list").cast(pl.String), "flow_id")
    scored = (
        scan(workspace.home, "scores", SCHEMAS["scores"])
        .filter(pl.col("channel").cast(pl.String) == LEARNED)
        .select("flow_id")
    )
    agnostic, learned = (lists.filter(list=name) for name in LISTS)
    rows = [int(one.select(pl.len()).collect().item()) for one in (agnostic, learned)]
    due = int(agnostic.join(scored, on="flow_id", how="semi").select(pl.len()).collect().item())
    sentence = (
        f"the agnostic list holds {rows[0]:,} scored flows; {due:,} of them have a learned score, and the learned list "
        f"holds {rows[1]:,}"
    )
    return outcome(rows[1] == due, sentence, flows_agnostic=rows[0], flows_learned=rows[1])


@dg.asset_check(
    asset="alerts", description="Whether the trees in use are those whose error rate was measured, and whether it held."
)
def learned_model_was_measured(workspace: dg.ResourceParam[Workspace]) -> dg.AssetCheckResult:
    """What was measured on another model, or of a list made otherwise than an analysis makes it, says nothing here."""
    found = measured(shipped().digest, results.shipped())
    mine = pl.col("list").cast(pl.String) == LEARNED
    rated = workspace.home.scan("alerts").filter(mine, pl.col("q_value").is_not_null())
    claimed = rated.select(pl.len()).collect().item()
    sentence = f"{claimed:,} flows of this learned list have a declared rate; {found.sentence}"
    numbers: dict[str, float] = {"flows_with_rate": claimed, **found.numbers}
    severity = dg.AssetCheckSeverity.WARN
    return Result(passed=found.ok or claimed == 0, severity=severity, description=sentence, metadata=numbers)


@dg.asset_check(asset="causes", description="Whether every scored flow faced every ordinary cause.")
def every_cause_was_faced(workspace: dg.ResourceParam[Workspace]) -> dg.AssetCheckResult:
    """An alert that a cause was never held against would accuse falsely."""
    faced = (
        scan(workspace.home, "causes", SCHEMAS["causes"]).group_by("flow_id").agg(pl.col("cause").n_unique()).collect()
    )
    heard = [name for name, channel in CHANNELS.items() if channel.leads != "marker"]
    scores = scan(workspace.home, "scores", SCHEMAS["scores"]).filter(pl.col("channel").cast(pl.String).is_in(heard))
    scored = scores.select(pl.col("flow_id").n_unique()).collect().item()
    lacking = faced.filter(pl.col("cause") != len(CAUSES)).height + scored - faced.height
    sentence = f"{lacking:,} of {scored:,} scored flows did not face all {len(CAUSES)} ordinary causes"
    return outcome(lacking == 0, sentence, is_error=True, flows_scored=scored, flows_lacking=lacking)


@dg.asset_check(asset="graph_store", description="Whether the store holds the nodes and edges of the frames.")
def store_equals_frames(workspace: dg.ResourceParam[Workspace]) -> dg.AssetCheckResult:
    """A load that lost something shows here, whichever engine it went to."""
    memo = workspace.memo
    frames = {part: int(memo.meta(table, part)["rows"]) for table in DRAWN for part in workspace.home.partitions(table)}
    with workspace.store.view() as view:
        held = view.counts()
    apart = [f"{part}: {rows:,} drawn, {held.get(part, 0):,} held" for part, rows in frames.items()
             if held.get(part, 0) != rows]  # fmt: skip
    sentence = "; ".join(apart[:3]) or f"{sum(frames.values()):,} nodes and edges are in the store as they were drawn"
    return outcome(not apart, sentence, is_error=True, rows_drawn=sum(frames.values()), tables_apart=len(apart))


@dg.asset_check(asset="graph_edges", description="Whether both ends of every edge are nodes.")
def edges_end_at_nodes(workspace: dg.ResourceParam[Workspace]) -> dg.AssetCheckResult:
    """An edge without its node would be dropped by one engine and refused by the other."""
    home, loose = workspace.home, 0
    for part in home.partitions("graph_edges"):
        edge, rows = EDGE_TABLES[part], home.scan("graph_edges", [part])
        for end, label in (("start", edge.start), ("end", edge.end)):
            keys = home.scan("graph_nodes", [label]).select(pl.col(key_of(label)).alias(end))
            loose += rows.select(end).join(keys, on=end, how="anti").select(pl.len()).collect().item()
    return outcome(loose == 0, f"{loose:,} ends of edges are no nodes", is_error=True, ends_loose=loose)


def _against_last_version(table: str) -> dg.AssetChecksDefinition:
    @dg.asset_check(
        asset=table, name=f"{table}_kept_its_rows", description="Whether every partition kept most of its rows."
    )
    def check(workspace: dg.ResourceParam[Workspace]) -> dg.AssetCheckResult:
        memo = workspace.memo
        parts: Sequence[str | None] = memo.home.partitions(table) if table in PARTITIONED else [None]
        lost = [sentence for part in parts if (sentence := _loss(memo, table, part))]
        sentence = "; ".join(lost[:3]) or f"no partition of {table} lost many rows against its last version"
        return outcome(not lost, sentence, partitions=len(parts), partitions_shrunk=len(lost))

    return check


def _loss(memo: Memo, table: str, part: str | None) -> str | None:
    found = memo.meta(table, part)
    now, before = int(found.get("rows", 0)), int(found.get("rows_before", 0))
    if now >= before * (1 - LARGEST_LOSS):
        return None
    return f"{table} {part or ''}".strip() + f" has {now:,} rows, {before:,} before"


CHECKS: Sequence[dg.AssetChecksDefinition] = (
    rows_in_are_rows_out,
    years_hold_all_rows,
    few_rows_refused,
    world_is_sum_of_partners,
    ranks_have_no_ties,
    both_lists_are_there,
    learned_model_was_measured,
    every_cause_was_faced,
    store_equals_frames,
    edges_end_at_nodes,
    *PLACE_CHECKS,
    *SHIP_CHECKS,
    *FRESHNESS_CHECKS,
    *(_against_last_version(table) for table in COUNTED),
)
