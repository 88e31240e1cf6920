"""What the realism section measures: real declarations and those of a world, read by the project's own sources."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import polars as pl

from benchmarks.setting import real_data
from graphs.declarations import reporting, settle, tidy
from graphs.flags import Flag, has_flag
from graphs.flows import pair
from models.world import realism
from models.world.artefacts import with_artefacts
from models.world.config import WorldConfig
from models.world.customs import declared
from models.world.ground import ground
from models.world.mined import mined
from models.world.schemed import schemed
from models.world.traded import traded
from pipelines.sources import baci
from pipelines.sources.comtrade_files import SOURCE, parse

NICKEL = "comtrade_nickel_260400_750110_2000_2024.csv"
SAWNWOOD = "comtrade_440799_2005_2014.parquet"
IMPORTS = "comtrade_imports_2018_2024_35hs6.parquet"
BACI = "baci_hs92_minerals_1995_2024.parquet"
BACI_CODES = {
    "710812": "710812",
    "260400": "260400",
    "260600": "260600",
    "760110": "760110",
    "260900": "260900",
    "810320": "810310",
    "282200": "282200",
    "810520": "810510",
    "260300": "260300",
}
"""The world's codes, and those of HS 1992 in BACI."""


@dataclass(frozen=True)
class Declared:
    """One source as the project reads it."""

    flows: pl.DataFrame
    """Columns of `realism.FLOWS` and `cif_fob_ratio`; between countries, by year."""
    reporting: pl.DataFrame
    """`reporter`, `year`."""
    rows: pl.DataFrame
    """Rows of single partners (schema Declarations)."""


def real() -> Mapping[str, Declared]:
    """Nickel, sawnwood and imports as declared, and BACI (flows only)."""
    folder = real_data() / "trade"
    found = {name: read(folder / file) for name, file in (("nickel", NICKEL), ("sawnwood", SAWNWOOD))}
    return found | {"imports": read(folder / IMPORTS), "baci": reconciled(folder / BACI)}


def world(config: WorldConfig) -> Declared:
    """What the offices of a world publish."""
    earth = ground(config)
    dug = mined(config, earth)
    whole = with_artefacts(config, earth, dug, schemed(config, earth, dug, traded(config, earth, dug)))
    rows = declared(config, earth.countries, whole.goods, whole.artefacts)
    with TemporaryDirectory(prefix="oretrace-realism-") as folder:
        file = Path(folder) / "rows.parquet"
        rows.write_parquet(file)
        return read(file)


def read(file: Path) -> Declared:
    """A file of declarations, tidied, settled and paired."""
    parsed = parse(file)
    found = tidy(parsed.raw, source=SOURCE, file=file.name, raw_sha256=parsed.sha256)
    if found.quarantine.height:
        raise RuntimeError(f"{file} holds rows that cannot be read: {found.quarantine['reason'][0]}")
    rows = settle(found.declarations.filter(pl.col("period") < 10_000))
    offices = reporting(rows)
    flows = _between_countries(pair(rows, offices)).select(*realism.FLOWS, "cif_fob_ratio")
    countries = rows.filter(pl.col("reporter_kind").cast(pl.String) == "country")
    published = countries.select("reporter", year="period").unique()
    single = rows.filter("is_counted", has_flag(Flag.RESIDUAL).not_())
    return Declared(flows, published, single)


def reconciled(file: Path) -> Declared:
    """BACI: one value for both sides, as if both had declared it."""
    years = pl.col("t").is_between(2005, 2023)
    raw = pl.scan_parquet(file).filter(years & pl.col("k").is_in(list(BACI_CODES.values()))).collect()
    found = baci.to_flows(raw, file=file.name, raw_sha256="0" * 64).flows
    amounts = [
        pl.col(f"reconciled_{what}").alias(f"{side}_{what}")
        for what in ("value_usd", "mass_kg")
        for side in ("export", "import")
    ]
    flows = _between_countries(found.with_columns(amounts)).select(*realism.FLOWS)
    return Declared(flows, pl.DataFrame(), pl.DataFrame())


def _between_countries(flows: pl.DataFrame) -> pl.DataFrame:
    kinds = (pl.col(f"{end}_kind").cast(pl.String) == "country" for end in ("exporter", "importer"))
    return flows.filter(pl.all_horizontal(kinds)).rename({"period": "year"})
