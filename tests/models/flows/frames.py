"""Small flow tables for tests, written as literals."""

from datetime import date

import polars as pl

from graphs.event_rows import built_in
from graphs.tables import Declarations, Flows, Governance, Production, Reporting
from models.flows.context import Context

DEFAULTS = {
    "source": "comtrade",
    "commodity": "260400",
    "family": "nickel",
    "exporter_kind": "country",
    "importer_kind": "country",
    "exporter_reported": True,
    "importer_reported": True,
    "import_value_basis": "CIF",
    "flags": 0,
}
NUMBERS = (
    "export_value_usd", "import_value_usd", "export_mass_kg", "import_mass_kg", "cif_fob_ratio",
    "reconciled_value_usd", "reconciled_mass_kg", "reconciled_log_sd",
)  # fmt: skip
AS_OF = date(2030, 12, 31)


def flow(exporter: str, importer: str, period: int, x: float | None = None, m: float | None = None, **other) -> dict:
    """One flow: exports x and imports m in USD, a kilogram a dollar unless told otherwise."""
    row = {
        **DEFAULTS, "exporter": exporter, "importer": importer, "period": period, "export_value_usd": x,
        "import_value_usd": m, "export_mass_kg": x, "import_mass_kg": m, **other,
    }  # fmt: skip
    row["flow_id"] = ":".join(str(row[key]) for key in ("source", "exporter", "importer", "commodity", "period"))
    if "known_from" not in row:
        row["known_from"] = date(period + 1, 12, 31)
    return row


def flows(*rows: dict) -> pl.DataFrame:
    """Table `flows` from rows of `flow`."""
    schema = Flows.create_empty().schema
    full = [{name: row.get(name) for name in schema} for row in rows]
    return Flows.validate(pl.DataFrame(full, schema=schema, orient="row"))


def baci(exporter: str, importer: str, period: int, value: float, mass: float | None, **other) -> dict:
    """One reconciled flow, as BACI holds it."""
    return flow(
        exporter, importer, period, source="baci", exporter_reported=None, importer_reported=None,
        import_value_basis="unknown", reconciled_value_usd=value, reconciled_mass_kg=mass, **other,
    )  # fmt: skip


def production(*rows: tuple[str, str, int, float]) -> pl.DataFrame:
    """Table `production` from (country, family, year, kg), known to 10 %."""
    full = [
        {
            "source": "test", "country": country, "commodity": family, "year": year, "basis": "content", "mass_kg": kg,
            "mass_low_kg": 0.9 * kg, "mass_high_kg": 1.1 * kg, "flags": 0, "known_from": date(year + 1, 12, 31),
            "raw_sha256": "0",
        }
        for country, family, year, kg in rows
    ]  # fmt: skip
    return pl.DataFrame(full, schema=Production.create_empty().schema)


def context(family: str = "nickel", **tables: pl.DataFrame) -> Context:
    """A context with empty tables but for those given and the built-in events."""
    return Context(
        family=family,
        as_of=AS_OF,
        reporting=tables.get("reporting", Reporting.create_empty()),
        production=tables.get("production", Production.create_empty()),
        governance=tables.get("governance", Governance.create_empty()),
        events=tables.get("events", built_in()),
        neighbours=tables.get("neighbours", Flows.create_empty()),
        totals=tables.get("totals", Declarations.create_empty()),
    )


def verdicts(causes: pl.DataFrame, flow_id: str) -> dict[str, tuple[str, float | None]]:
    """Verdict and share of every cause for one flow."""
    mine = causes.filter(pl.col("flow_id") == flow_id)
    return {row["cause"]: (row["verdict"], row["share_of_gap"]) for row in mine.iter_rows(named=True)}
