"""Reading declarations: a file in the full layout of UN Comtrade to flows, beside plain csv readers."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd  # type: ignore[import-untyped]
import polars as pl

from benchmarks.measuring import TIMES, extra_bytes, in_turn, megabytes
from benchmarks.report import Section, Table
from benchmarks.setting import Setting
from benchmarks.synthetic import declarations
from graphs import countries
from graphs.declarations import duplicates, reporting, settle, tidy
from graphs.flows import pair
from pipelines.sources import comtrade_files

ROWS, QUICK_ROWS = 1_000_000, 50_000


def run(setting: Setting) -> Section:
    """Write a file, read it in turn by each step of the pipeline and by the peers."""
    file = setting.home / "declarations.csv"
    rows = write_file(file, QUICK_ROWS if setting.quick else ROWS)
    size_mb = file.stat().st_size / 2**20
    ready = {name: reader(str(file), name) for name in READERS}
    for action in ready.values():
        action()
    times = in_turn(ready, setting.rounds)
    lines = []
    for name in READERS:
        median = times[name].median
        memory = megabytes(extra_bytes(reader, str(file), name))
        lines.append([name, *times[name].cells(), f"{rows / median:,.0f}", f"{size_mb / median:.0f}", memory])
    lead = f"A csv of {rows:,} rows and 47 columns, {size_mb:,.0f} MB, both sides, two codes."
    columns = ("step", *TIMES, "rows/s", "MB/s", "extra MB at peak")
    remark = "The plain readers check nothing and translate no code; they bound what any reading from csv can reach."
    return Section("ingest", "Reading declarations", [Table(lead, columns, lines, [remark])])


def reader(file: str, name: str) -> Callable[[], object]:
    """The reader of that name as an action on a file."""
    return lambda: READERS[name](file)


def to_flows(file: str) -> pl.DataFrame:
    """Everything between a file and paired flows."""
    tidied = read_and_tidy(file)
    repeated = duplicates(tidied)
    settled = settle(tidied.join(repeated, on=["raw_sha256", "raw_row"], how="anti"))
    return pair(settled, reporting(settled))


def read_and_tidy(file: str) -> pl.DataFrame:
    """Recognised, read, translated and checked row by row, batch by batch as the pipeline does."""
    batches = comtrade_files.batches(file)
    parts = (tidy(one.raw, source="comtrade", file=one.file, raw_sha256=one.sha256) for one in batches)
    return pl.concat(part.declarations for part in parts)


READERS: dict[str, Callable[[str], object]] = {
    "oretrace: read": comtrade_files.parse,
    "oretrace: read and tidy": read_and_tidy,
    "oretrace: read, tidy, settle and pair": to_flows,
    "Polars read_csv": pl.read_csv,
    "pandas read_csv": pd.read_csv,
    "pandas read_csv, pyarrow engine": lambda file: pd.read_csv(file, engine="pyarrow"),
}


def write_file(file: Path, rows: int) -> int:
    """Declarations of both sides in the columns of the official interface; returns the number of rows."""
    sides = declarations(rows, 2, seed=7)
    numbers = sorted(number for number, code in countries.by_numeric().items() if countries.kind_of(code) == "country")
    names = [countries.from_numeric(number) for number in numbers]
    areas = pl.DataFrame({"number": numbers, "iso": names}).unique("iso", keep="first", maintain_order=True)
    parts = []
    for frame, flow, ends in (
        (sides.exports, "X", ("exporter", "importer")),
        (sides.imports, "M", ("importer", "exporter")),
    ):
        reporter, partner = (areas[(frame[end].cast(pl.Int64) % areas.height).to_numpy()] for end in ends)
        parts.append(_official(frame, flow, reporter, partner))
    table = pl.concat(parts, how="vertical_relaxed")
    table.write_csv(file)
    return table.height


def _official(frame: pl.DataFrame, flow: str, reporter: pl.DataFrame, partner: pl.DataFrame) -> pl.DataFrame:
    """One side in the 47 columns, in their order."""
    value, period = frame["value_usd"], frame["period"].cast(pl.Int32) + 2000
    mass = pl.Series(np.round(value.to_numpy() / 2.5, 3))
    code = pl.Series(["260400", "750110"]).gather(frame["commodity"].cast(pl.UInt32))
    imported = flow == "M"
    columns: dict[str, object] = {
        "typeCode": "C", "freqCode": "A", "refPeriodId": period * 10000 + 101, "refYear": period, "refMonth": 52,
        "period": period, "reporterCode": reporter["number"], "reporterISO": reporter["iso"], "reporterDesc": None,
        "flowCode": flow, "flowDesc": "Import" if imported else "Export", "partnerCode": partner["number"],
        "partnerISO": partner["iso"], "partnerDesc": None, "partner2Code": 0, "partner2ISO": "W00",
        "partner2Desc": "World", "classificationCode": "H5", "classificationSearchCode": "HS",
        "isOriginalClassification": True, "cmdCode": code, "cmdDesc": "Nickel ores and concentrates", "aggrLevel": 6,
        "isLeaf": True, "customsCode": "C00", "customsDesc": "TOTAL CPC", "mosCode": 0, "motCode": 0,
        "motDesc": "TOTAL MOT", "qtyUnitCode": 8, "qtyUnitAbbr": "kg", "qty": mass, "isQtyEstimated": False,
        "altQtyUnitCode": 8, "altQtyUnitAbbr": "kg", "altQty": mass, "isAltQtyEstimated": False, "netWgt": mass,
        "isNetWgtEstimated": False, "grossWgt": 0.0, "isGrossWgtEstimated": False,
        "cifvalue": value if imported else None,
        "fobvalue": None if imported else value, "primaryValue": value, "legacyEstimationFlag": 0, "isReported": True,
        "isAggregate": False,
    }  # fmt: skip
    return frame.select(
        values.alias(name) if isinstance(values, pl.Series) else pl.lit(values).alias(name)
        for name, values in columns.items()
    )
