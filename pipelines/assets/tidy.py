"""Declarations of both sides, settled against each other, and who reported at all."""

from collections.abc import Iterator
from dataclasses import replace

import dagster as dg
import polars as pl

from graphs import declarations as rules
from graphs.periods import year_of
from graphs.tables import Declarations, Quarantine
from pipelines.assets.tables import EVERY, table, tables
from pipelines.inventory import local_copy
from pipelines.partitions import YEARS
from pipelines.sources.comtrade_files import SOURCE, Parsed, batches
from pipelines.workspace import Workspace


@tables("tidy", "parsed", "refused_trade", deps=[dg.AssetDep("comtrade", partition_mapping=EVERY)])
def parsed(workspace: dg.ResourceParam[Workspace]) -> tuple[dg.Output[pl.DataFrame], dg.Output[pl.DataFrame]]:
    """Read every file and answer; a row that repeats another is refused, whichever of them it stands in."""
    raws = [*_files(workspace), *_answers(workspace)]
    parts = [rules.tidy(one.raw, source=SOURCE, file=one.file, raw_sha256=one.sha256) for one in raws]
    rows = pl.concat([Declarations.create_empty(), *(one.declarations for one in parts)])
    repeated = rules.duplicates(rows, {one.sha256: one.file for one in raws})
    refused = pl.concat([Quarantine.create_empty(), *(one.quarantine for one in parts), repeated])
    kept = rows.join(repeated, on=["raw_sha256", "raw_row"], how="anti", maintain_order="left")
    read = {"rows_read": sum(one.raw.height for one in raws)}
    return dg.Output(kept, metadata=read), dg.Output(refused, metadata=read)


def _files(workspace: Workspace) -> Iterator[Parsed]:
    for one in workspace.inventory.of("comtrade"):
        yield from batches(one.path, one.name, one.sha256)


def _answers(workspace: Workspace) -> Iterator[Parsed]:
    """Answers of UN Comtrade, without the rows that a later answer replaced."""
    for one in workspace.inventory.answers:
        path = local_copy(workspace.archive, one.entry)
        for batch in batches(path, one.entry.query, one.entry.sha256):
            yield replace(batch, raw=one.apply(batch.raw))


@table("tidy", ins={"refused_ais": dg.AssetIn(partition_mapping=EVERY)})
def quarantine(
    refused_trade: pl.DataFrame,
    refused_baci: pl.DataFrame,
    refused_production: pl.DataFrame,
    refused_governance: pl.DataFrame,
    refused_events: pl.DataFrame,
    refused_places: pl.DataFrame,
    refused_network: pl.DataFrame,
    refused_legs: pl.DataFrame,
    refused_manifests: pl.DataFrame,
    refused_ais: pl.DataFrame,
    refused_gfw: pl.DataFrame,
) -> pl.DataFrame:
    """All refused rows under one another."""
    trade = [refused_trade, refused_baci, refused_production, refused_governance, refused_events]
    ways = [refused_places, refused_network, refused_legs, refused_manifests]
    return pl.concat([*trade, *ways, refused_ais, refused_gfw])


@table("tidy", partitions=YEARS)
def declarations(context: dg.AssetExecutionContext, parsed: pl.LazyFrame) -> pl.DataFrame:
    """Settle one year: what may be added up, and which masses were made from values."""
    rows = parsed.filter(year_of("period") == int(context.partition_key)).collect()
    return rules.settle(rows)


@table("tidy", ins={"declarations": dg.AssetIn(partition_mapping=EVERY)})
def reporting(declarations: pl.LazyFrame) -> pl.DataFrame:
    """Who reported imports or exports at all, by period."""
    needed = declarations.select("source", "reporter", "period", "flow", "is_counted", "known_from")
    return rules.reporting(needed.collect())
