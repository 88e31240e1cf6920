"""A small training world, declared, scored and held against its truth: which flows only an artefact touches."""

from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import polars as pl

from graphs.commodities import family_expr, family_named
from graphs.declarations import reporting, tidy
from graphs.flows import pair
from graphs.neighbours import neighbours_of
from graphs.settling import settle
from models.flows import chain
from models.grading.truth import Truth, seen_by
from models.world.artefacts import with_artefacts
from models.world.config import WorldConfig
from models.world.customs import declared, true_flows
from models.world.ground import ground
from models.world.mined import mined, reported_output
from models.world.schemed import schemed
from models.world.traded import traded
from pipelines.sources import comtrade_files, world_mining
from tests.models.flows.frames import context

CONFIG = replace(WorldConfig.sized("small", 8), countries=30)
"""The first seed whose world of this size holds every kind of artefact, each where its cause can be told."""


@dataclass(frozen=True)
class Scored:
    """Every scored flow with what the truth knows of it (`models.grading.truth.seen_by`), and its causes."""

    seen: pl.DataFrame
    causes: pl.DataFrame


@cache
def scored() -> Scored:
    """The world, scored once per process, one family after the other."""
    truth, declarations, produced = published(CONFIG)
    flows = pair(declarations, reporting(declarations))
    families = flows["family"].unique().sort().to_list()
    chains = [_chain(family, families, flows, declarations, produced) for family in families]
    alerts, causes = (pl.concat(getattr(one, name) for one in chains) for name in ("alerts", "causes"))
    seen = pl.concat(seen_by(rows, truth) for (_,), rows in alerts.group_by("list", maintain_order=True))
    return Scored(seen, causes)


def published(config: WorldConfig) -> tuple[Truth, pl.DataFrame, pl.DataFrame]:
    """The truth, and beside it what offices publish: settled declarations and mine output."""
    earth = ground(config)
    dug = mined(config, earth)
    hidden = schemed(config, earth, dug, traded(config, earth, dug))
    whole = with_artefacts(config, earth, dug, hidden)
    rows = declared(config, earth.countries, whole.goods, whole.artefacts)
    with TemporaryDirectory() as folder:
        trade, mining = Path(folder) / "trade.parquet", Path(folder) / "production.csv"
        rows.write_parquet(trade)
        reported_output(config, dug).write_csv(mining)
        parsed, produced = comtrade_files.parse(trade), world_mining.parse(mining).production
    read = tidy(parsed.raw, source="comtrade", file=parsed.file, raw_sha256=parsed.sha256)
    truth = Truth(hidden.schemes, hidden.scheme_flows, whole.artefacts, whole.artefact_flows, true_flows(whole.goods))
    return truth, settle(read.declarations.filter(pl.col("period") < 10_000)), produced


def _chain(
    family: str, families: list[str], flows: pl.DataFrame, declarations: pl.DataFrame, produced: pl.DataFrame
) -> chain.Chain:
    """One family through the whole chain, with the neighbours that the pipeline would give it."""
    near = pl.any_horizontal(
        pl.lit(False), *(pl.col("commodity").str.starts_with(one) for one in family_named(family).neighbours)
    )
    around = flows.filter(pl.col("family").is_in(neighbours_of(family, families)), near)
    totals = declarations.filter(~pl.col("is_counted"), family_expr("commodity") == family)
    ctx = context(family, production=produced, neighbours=around, totals=totals)
    return chain.run(flows.filter(pl.col("family") == family), ctx)
