"""Invariants of places, legs, bills of lading and companies, checked after a run over everything that is there."""

from collections.abc import Sequence

import dagster as dg
import polars as pl

from models.companies.risk import MERGE_RISK
from pipelines.checking import outcome, rows_of
from pipelines.workspace import Workspace

LARGEST_REFUSED_SHARE = 0.05
READ = {"places": "refused_places", "network_edges": "refused_network", "legs": "refused_legs",
        "manifests": "refused_manifests"}  # fmt: skip
"""Tables of rows that were read, each with those that were refused; one list must not hide another."""


@dg.asset_check(asset="places", description="Whether a place that stands for others counts itself.")
def joined_places_stand(workspace: dg.ResourceParam[Workspace]) -> dg.AssetCheckResult:
    """A chain of joins would lead to a place that does not count."""
    places = workspace.home.scan("places")
    standing = places.filter(pl.col("same_as").is_null()).select("place_id")
    joined = places.filter(pl.col("same_as").is_not_null())
    lost = joined.join(standing, left_on="same_as", right_on="place_id", how="anti").select(pl.len()).collect().item()
    count = joined.select(pl.len()).collect().item()
    sentence = f"{lost:,} of {count:,} joined places point to one that does not count itself"
    return outcome(lost == 0, sentence, is_error=True, places_joined=count, places_lost=lost)


@dg.asset_check(asset="legs", description="Whether both ends of every leg are places that count.")
def legs_join_places(workspace: dg.ResourceParam[Workspace]) -> dg.AssetCheckResult:
    """A leg to nowhere is no way."""
    legs = workspace.home.scan("legs")
    standing = workspace.home.scan("places").filter(pl.col("same_as").is_null()).select("place_id")
    loose = sum(
        legs.join(standing, left_on=end, right_on="place_id", how="anti").select(pl.len()).collect().item()
        for end in ("from_place", "to_place")
    )
    return outcome(loose == 0, f"{loose:,} ends of legs are no places that count", is_error=True, ends_loose=loose)


@dg.asset_check(asset="legs", description="Whether every leg has a way back.")
def legs_lead_both_ways(workspace: dg.ResourceParam[Workspace]) -> dg.AssetCheckResult:
    """Both directions are rows of their own."""
    legs = workspace.home.scan("legs").select("from_place", "to_place", "mode")
    back = legs.select(pl.col("to_place").alias("from_place"), pl.col("from_place").alias("to_place"), "mode")
    alone = legs.join(back, on=["from_place", "to_place", "mode"], how="anti").select(pl.len()).collect().item()
    return outcome(alone == 0, f"{alone:,} legs have no way back", is_error=True, legs_alone=alone)


@dg.asset_check(asset="quarantine", description="Whether few rows of places, networks, legs and bills were refused.")
def few_rows_of_ways_refused(workspace: dg.ResourceParam[Workspace]) -> dg.AssetCheckResult:
    """A list that changed its layout shows here first."""
    memo = workspace.memo
    told, worst = [], 0.0
    for table, refused in READ.items():
        kept, lost = rows_of(memo, table), rows_of(memo, refused)
        share = lost / max(lost + kept, 1)
        worst = max(worst, share)
        told += [f"{lost:,} of {lost + kept:,} rows of {table} were refused ({share:.1%})"] if lost else []
    sentence = "; ".join(told) or "no row of places, networks, legs or bills was refused"
    return outcome(worst <= LARGEST_REFUSED_SHARE, sentence, share_refused=worst)


@dg.asset_check(asset="company_matches", description="Whether the rule merged only names within its stated risk.")
def merges_keep_to_their_risk(workspace: dg.ResourceParam[Workspace]) -> dg.AssetCheckResult:
    """What is above that risk is a proposal, which only a person turns into a merge."""
    decided = pl.col("decided_by").cast(pl.String)
    merged = workspace.home.scan("company_matches").filter("is_merged", decided == "rule")
    told = merged.select(pl.len(), (pl.col("risk") > MERGE_RISK).sum().alias("risky")).collect()
    count, risky = told.row(0)
    sentence = f"{risky:,} of {count:,} merges of the rule have a risk above {MERGE_RISK:.0%}"
    return outcome(risky == 0, sentence, is_error=True, merges=count, merges_risky=risky)


@dg.asset_check(asset="companies", description="Whether every party of a bill is a company of the list.")
def parties_are_companies(workspace: dg.ResourceParam[Workspace]) -> dg.AssetCheckResult:
    """Bills and the list of companies tell the same names."""
    known = workspace.home.scan("companies").select("company_id")
    bills = workspace.home.scan("manifests")
    lost = 0
    for party in ("shipper_id", "consignee_id", "notify_id"):
        named = bills.select(pl.col(party).alias("company_id")).drop_nulls()
        lost += named.join(known, on="company_id", how="anti").select(pl.len()).collect().item()
    return outcome(
        lost == 0, f"{lost:,} parties of bills are not among the companies", is_error=True, parties_lost=lost
    )


PLACE_CHECKS: Sequence[dg.AssetChecksDefinition] = (
    joined_places_stand,
    legs_join_places,
    legs_lead_both_ways,
    few_rows_of_ways_refused,
    merges_keep_to_their_risk,
    parties_are_companies,
)
