"""Invariants of the tables of ships, checked after a run over everything that is there."""

from collections.abc import Sequence

import dagster as dg
import polars as pl

from graphs.tables_ships import PortCalls, VesselEvents
from models.shipping.causes import SHIP_CAUSES
from models.shipping.rules import RULES
from pipelines.checking import outcome, rows_of, scan
from pipelines.memo import Memo
from pipelines.memo_ships import days, files
from pipelines.workspace import Workspace

LARGEST_REFUSED_SHARE = 0.05
NAMED = 3
"""Failed files and days named in a sentence; the others are counted."""


@dg.asset_check(
    asset="ais_read", description="Whether every report read was kept, known already, of no ship or refused."
)
def reports_in_are_reports_out(workspace: dg.ResourceParam[Workspace]) -> dg.AssetCheckResult:
    """Nothing is dropped in silence while reading, file by file."""
    memo = workspace.memo
    names = ("rows_read", "rows", "rows_repeated", "rows_others")
    totals = dict.fromkeys((*names, "refused"), 0)
    apart = []
    for key in memo.home.partitions("ais_read"):
        meta = memo.meta("ais_read", key)
        counts = {name: int(meta.get(name, 0)) for name in names}
        counts["refused"] = int(memo.meta("refused_ais", key).get("rows", 0))
        totals = {name: totals[name] + counts[name] for name in totals}
        if counts["rows_read"] != sum(counts.values()) - counts["rows_read"]:
            apart.append(meta.get("file", key))
    read, kept, repeated, others, refused = totals.values()
    sentence = (
        f"{read:,} reports were read: {kept:,} kept, {repeated:,} known already, {others:,} of no ship, "
        f"{refused:,} refused" + (f"; they do not add up in {_named(apart)}" if apart else "")
    )
    return outcome(not apart, sentence, is_error=True, rows_read=read, rows_kept=kept, rows_refused=refused)


@dg.asset_check(asset="ais_read", description="Whether few reports of ships had to be refused.")
def few_reports_refused(workspace: dg.ResourceParam[Workspace]) -> dg.AssetCheckResult:
    """A layout that changed shows here first."""
    refused, kept = rows_of(workspace.memo, "refused_ais"), rows_of(workspace.memo, "ais_read")
    share = refused / max(refused + kept, 1)
    sentence = f"{refused:,} of {refused + kept:,} reports of ships were refused ({share:.1%}); the quarantine says why"
    return outcome(share <= LARGEST_REFUSED_SHARE, sentence, rows_refused=refused, share_refused=share)


@dg.asset_check(asset="vessel_positions", description="Whether every file was read and every day of it put together.")
def every_day_was_read(workspace: dg.ResourceParam[Workspace]) -> dg.AssetCheckResult:
    """A file or a day that failed is named until it succeeds; its last version, if it has one, is out of date."""
    memo = workspace.memo
    wanted = files(memo)
    unread = [one.name for key, one in wanted.items() if not _is_made(memo, "ais_read", key)]
    late = [day for day in days(memo) if not all(_is_made(memo, one, day) for one in ("vessel_positions", "day_calls"))]
    told = [f"file {_named(unread)}" if unread else "", f"day {_named(late)}" if late else ""]
    sentence = f"could not be made from what there is: {' and '.join(one for one in told if one)}"
    good = f"all {len(wanted):,} files were read and all their {len(days(memo)):,} days put together"
    is_good = not (unread or late)
    return outcome(is_good, good if is_good else sentence, is_error=True, files=len(wanted), days_late=len(late))


@dg.asset_check(asset="vessel_events", description="Whether the two ends of every gap can be one ship.")
def no_gap_joins_two_ships(workspace: dg.ResourceParam[Workspace]) -> dg.AssetCheckResult:
    """Ends that no ship could reach would mean reports of more than one ship, and no silence."""
    own = scan(workspace.home, "vessel_events", VesselEvents).filter(pl.col("source").cast(pl.String) == "ais")
    events = own.select("kind", "speed_kn", "track_id", "other_track").collect()
    gaps = events.filter(pl.col("kind") == "gap")
    apart = gaps.filter(pl.col("speed_kn") > RULES.fastest_kn).height
    shared = events.filter(pl.col("kind") == "identity_collision")
    sentence = (
        f"{apart:,} of {gaps.height:,} gaps have ends that no ship could reach; {shared.height:,} times reports "
        "that no one ship could have sent came under one identity"
    )
    return outcome(apart == 0, sentence, is_error=True, gaps=gaps.height, gaps_apart=apart, collisions=shared.height)


@dg.asset_check(asset="vessel_events", description="Whether every gap faced every ordinary reason.")
def every_gap_faced_every_reason(workspace: dg.ResourceParam[Workspace]) -> dg.AssetCheckResult:
    """A silence that a reason was never held against would accuse falsely."""
    is_gap = (pl.col("kind").cast(pl.String) == "gap") & (pl.col("source").cast(pl.String) == "ais")
    faced = pl.col("causes").list.eval(pl.element().struct.field("cause")).list.unique().list.sort()
    gaps = scan(workspace.home, "vessel_events", VesselEvents).filter(is_gap).select(faced=faced).collect()["faced"]
    lacking = sum(one.to_list() != sorted(SHIP_CAUSES) for one in gaps)
    sentence = f"{lacking:,} of {len(gaps):,} gaps did not face all {len(SHIP_CAUSES)} ordinary reasons"
    return outcome(lacking == 0, sentence, is_error=True, gaps=len(gaps), gaps_lacking=lacking)


@dg.asset_check(asset="port_calls", description="Whether no ship is at two places at once.")
def calls_of_a_ship_do_not_overlap(workspace: dg.ResourceParam[Workspace]) -> dg.AssetCheckResult:
    """A call ends before the next one of the same ship begins."""
    calls = scan(workspace.home, "port_calls", PortCalls).select("track_id", "arrived", "left", "call_id").collect()
    ordered = calls.sort("track_id", "arrived", "call_id")
    following = pl.col("arrived").shift(-1).over("track_id")
    # A call that is still open is the last one of its ship.
    twice = ordered.filter(
        following.is_not_null() & (pl.col("left").is_null() | (pl.col("left") > following)).fill_null(False)
    )
    sentence = f"{twice.height:,} of {calls.height:,} calls overlap the next call of their ship"
    return outcome(twice.is_empty(), sentence, is_error=True, calls=calls.height, calls_overlapping=twice.height)


def _is_made(memo: Memo, table: str, part: str) -> bool:
    """Whether a partition is there and made from what its inputs are now."""
    return memo.meta(table, part).get("inputs") == memo.inputs(table, part)


def _named(names: Sequence[str]) -> str:
    more = f" and {len(names) - NAMED:,} more" if len(names) > NAMED else ""
    return ", ".join(names[:NAMED]) + more


SHIP_CHECKS: Sequence[dg.AssetChecksDefinition] = (
    reports_in_are_reports_out,
    few_reports_refused,
    every_day_was_read,
    no_gap_joins_two_ships,
    every_gap_faced_every_reason,
    calls_of_a_ship_do_not_overlap,
)
