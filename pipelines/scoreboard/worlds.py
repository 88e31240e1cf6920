"""A training world as a case: its trade alone, written in the formats of its offices and read by the usual sources."""

from collections.abc import Iterable
from pathlib import Path
from tempfile import TemporaryDirectory

import polars as pl

from graphs.event_rows import COLUMNS as EVENT
from models.scoreboard.case import Case, hits
from models.scoreboard.judged import Material, judged
from models.world.artefacts import with_artefacts
from models.world.config import Size, WorldConfig
from models.world.customs import declared as declarations_of
from models.world.ground import ground
from models.world.mined import Mined, mined, reported_output
from models.world.schemed import schemed
from models.world.schemes.published import published
from models.world.traded import traded
from pipelines.scoreboard.material import declared, materials
from pipelines.sources import events, world_mining
from pipelines.sources.comtrade_files import SOURCE


def world_case(name: str, size: Size, seed: int) -> Case:
    """Build a world without ships, scenes and samples, and judge what its offices publish."""
    config = WorldConfig.sized(size, seed)
    earth = ground(config)
    dug = mined(config, earth)
    acted = schemed(config, earth, dug, traded(config, earth, dug))
    whole = with_artefacts(config, earth, dug, acted)
    rows = declarations_of(config, earth.countries, whole.goods, whole.artefacts)
    with TemporaryDirectory(prefix="oretrace-case-") as folder:
        found = _read(Path(folder), config, rows, dug)
    touched = _touched(acted.schemes, published(acted.scheme_flows, rows))
    return judged(name, found, hits(touched), _at_risk(config, found))


def _read(folder: Path, config: WorldConfig, rows: pl.DataFrame, dug: Mined) -> list[Material]:
    """What an analysis makes of the world's files."""
    rows.write_parquet(folder / "trade.parquet")
    reported_output(config, dug).write_csv(folder / "production.csv")
    dug.bans.with_columns(kind=pl.lit("ban")).select(EVENT).write_csv(folder / "events.csv")
    flows, declarations = declared(folder / "trade.parquet")
    return materials(
        flows,
        declarations,
        production=world_mining.parse(folder / "production.csv").production,
        events=events.parse(folder / "events.csv").events,
    )


def _at_risk(config: WorldConfig, found: Iterable[Material]) -> pl.Series:
    """flow_id of the flows of the years in which schemes may run."""
    first = config.years[config.schemes.quiet_years]
    ids = [one.flows.filter(pl.col("period") >= first).select("flow_id") for one in found]
    return pl.concat(ids)["flow_id"]


def _touched(schemes: pl.DataFrame, flows: pl.DataFrame) -> pl.DataFrame:
    """Flows on which a scheme left a published trace, named as an analysis names them."""
    known = schemes.select("scheme_id", pl.col("kind").cast(pl.String), "strength")
    seen = flows.filter("is_visible").join(known, on="scheme_id", how="inner")
    flow = pl.concat_str(pl.lit(SOURCE), "exporter", "importer", "commodity", "year", separator=":")
    return seen.select(
        "scheme_id", "kind", "strength", flow_id=flow, hidden_usd="hidden_value_usd", hidden_kg="hidden_mass_kg"
    )
