"""Could the ships that were seen have carried it? Month by month, by the rules of channel `carrying_capacity`.

    could       p > 0.1: ships seen at both ends could have carried what is declared
    could not   p <= 0.1: they apparently could not, and by how much
    cannot test nothing is known, and why

Trade that is held as reconciled only is shown beside and never judged: it is nobody's declaration.

p is the chance that the ships seen, and those not seen in the time nobody listened, could carry that much. Declared is
the smaller of both sides' masses; an estimated mass is no declaration.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import polars as pl

from graphs.commodities import family_of
from graphs.countries import name_of
from graphs.families import FAMILIES
from graphs.periods import LAST_YEAR
from models.flows.carriage import BULK, PARCEL_KG, carrying_capacity, could_be_told, declared
from models.flows.context import Context
from models.shipping.capacity import YEAR_DAYS
from pipelines.home import Home
from pipelines.queries import check_goods, flows_between
from pipelines.ship_queries import days_read

COULD, COULD_NOT, CANNOT_TEST = "could", "could not", "cannot test"
LIKELY = 0.1
"""Smallest p with which ships could have carried it."""
UNREAD = "positions of none of its days were read"
NO_DAY = "no day of positions was read"
RECONCILED = "this source holds reconciled trade only, no declarations"
ESTIMATED = "its mass was estimated, not declared"
UNDECLARED = "no mass of its own is declared for it"
COLUMNS = {
    "source": pl.String, "period": pl.Int32, "declared_kg": pl.Float64, "reconciled_kg": pl.Float64,
    "capacity_kg": pl.Float64,
    "capacity_low_kg": pl.Float64, "capacity_high_kg": pl.Float64, "verdict": pl.String, "p_value": pl.Float64,
    "beyond_kg": pl.Float64, "direct_kg": pl.Float64, "voyages": pl.Int64, "calls_out": pl.Int64, "calls_in": pl.Int64,
    "boxed_calls": pl.Int64, "seen_share": pl.Float64, "why": pl.String,
}  # fmt: skip


@dataclass(frozen=True)
class Answer:
    """A verdict for each source and period, in order."""

    exporter: str
    importer: str
    goods: str
    rows: pl.DataFrame
    """Columns as in COLUMNS."""
    has_days: bool
    """Whether a day of positions was read at all."""
    declared_years: frozenset[int] = frozenset()
    """Years for which a source declares a mass of the year."""
    notes: tuple[str, ...] = ()
    """Listed flights, of goods that do not go in bulk."""
    modes: tuple[Mapping[str, Any], ...] = ()
    """Declared transport modes of such goods: period, side, mode, value_usd; empty where none is declared."""

    @property
    def flies(self) -> bool:
        """Whether ships say nothing of the goods, so that routes and declared modes are told."""
        return bool(self.notes)


def capacity(home: Home, exporter: str, importer: str, commodity: str, year: int | None) -> Answer:
    """Verdicts on a pair's flow, of the months that ships or declarations tell of, or of one year.

    Raises HomeError where no run has made the tables, and UnknownCode for goods that nobody knows.
    """
    check_goods(home, commodity)
    pair = pl.col("exporter") == exporter, pl.col("importer") == importer
    carriage = home.scan("carrying_capacity").filter(*pair, _of_year(year)).collect()
    flows = flows_between(home, exporter, importer, commodity)
    family = _family(commodity)
    held = _held(flows)
    sums = held.filter(_of_year(year))
    seen = could_be_told(carriage)
    listed = sums.join(seen, on="period", how="full", coalesce=True)
    judged = _judged(sums, carriage, family, exporter, importer)
    rows = listed.join(judged, on=["source", "period"], how="left", nulls_equal=True)
    if not year:  # ships tell of months; a year without ships would only repeat that nothing is known
        rows = rows.filter((pl.col("period") > LAST_YEAR) | pl.col("calls_out").is_not_null() | pl.lit(seen.is_empty()))
    asked = _Asked(exporter, importer, family, tuple(one.replace("-", "") for one in days_read(home)))
    told = [_row(one, asked) for one in rows.sort("source", "period", nulls_last=True).to_dicts()]
    years = held.filter(pl.col("declared_kg").is_not_null(), pl.col("period") <= LAST_YEAR)["period"]
    found = Answer(
        exporter, importer, commodity, pl.DataFrame(told, schema=COLUMNS, orient="row"), bool(asked.days),
        frozenset(years),
    )  # fmt: skip
    if family in BULK:
        return found
    flights = (_flights(home, exporter, importer),)
    return replace(found, notes=flights, modes=_modes(home, exporter, importer, commodity, year))


@dataclass(frozen=True)
class _Asked:
    """What is asked, and the days that were read (20241001)."""

    exporter: str
    importer: str
    family: str
    days: tuple[str, ...]


def _flights(home: Home, exporter: str, importer: str) -> str:
    """Listed flights: that one is listed says that the goods could fly, and that none is listed says nothing."""
    from pipelines.moved import air_routes

    many = air_routes(home, {"exporter": exporter, "importer": importer})
    pair = f"from {name_of(exporter)} to {name_of(importer)}"
    if not many:
        return f"No direct air route {pair} is listed, which proves nothing."
    return f"{many} direct air {'route' if many == 1 else 'routes'} {pair} {'is' if many == 1 else 'are'} listed."


def _modes(home: Home, exporter: str, importer: str, commodity: str, year: int | None) -> tuple[Mapping[str, Any], ...]:
    """Declared transport modes of the goods: of the year asked for, else of the last period that has any."""
    from pipelines.moved import modes_between

    rows = modes_between(home, exporter, importer, commodity).filter(_of_year(year))
    if not year:
        rows = rows.filter(pl.col("period") == pl.col("period").max())
    same = rows.group_by("period", "side", "mode").agg(
        pl.when(pl.col("value_usd").count() > 0).then(pl.col("value_usd").sum()).alias("value_usd")
    )
    order = ("period", "side", "value_usd", "mode")
    return tuple(same.sort(order, descending=[False, False, True, False], nulls_last=True).to_dicts())


def _of_year(year: int | None) -> pl.Expr:
    if year is None:
        return pl.lit(True)
    period = pl.col("period")
    return (period == year) | (period // 100 == year)


def _family(commodity: str) -> str:
    word = commodity.strip().lower()
    return word if word in FAMILIES else family_of(commodity.replace(".", ""))


def _held(flows: pl.DataFrame) -> pl.DataFrame:
    """source, period, declared_kg (the smaller side), reconciled_kg, and `undeclared`: why no mass is declared.

    All codes together; masses are null where none is known, and `undeclared` where one is declared.
    """
    schema = {"source": pl.String, "period": pl.Int32, "declared_kg": pl.Float64, "reconciled_kg": pl.Float64,
              "undeclared": pl.String}  # fmt: skip
    if flows.is_empty():
        return pl.DataFrame(schema=schema)
    sides = [f"{side}_{amount}" for side in ("export", "import") for amount in ("value_usd", "mass_kg")]
    told = flows.with_columns(
        declared_kg=pl.when(declared() > 0).then(declared()),
        is_reconciled=pl.all_horizontal(pl.col(*sides, "exporter_reported", "importer_reported").is_null())
        & pl.any_horizontal(pl.col("reconciled_value_usd", "reconciled_mass_kg").is_not_null()),
        is_estimated=pl.any_horizontal("is_export_mass_estimated", "is_import_mass_estimated").fill_null(False),
    )
    sums = {
        name: pl.when(pl.col(of).count() > 0).then(pl.col(of).sum())
        for name, of in (("declared_kg", "declared_kg"), ("reconciled_kg", "reconciled_mass_kg"))
    }
    why = (
        pl.when(pl.col("is_reconciled").all())
        .then(pl.lit(RECONCILED))
        .when(pl.col("is_estimated").any())
        .then(pl.lit(ESTIMATED))
        .otherwise(pl.lit(UNDECLARED))
    )
    found = told.group_by("source", "period").agg(**sums, undeclared=why)
    undeclared = pl.when(pl.col("declared_kg").is_null()).then("undeclared")
    return found.with_columns(undeclared=undeclared).select(*schema).sort("source", "period")


def _judged(sums: pl.DataFrame, carriage: pl.DataFrame, family: str, exporter: str, importer: str) -> pl.DataFrame:
    """source, period, statistic, p_value and the channel's parts: it judges each period as a flow of its own."""
    flows = sums.with_row_index("at").select(
        pl.col("at").cast(pl.String).alias("flow_id"), "source", "period", exporter=pl.lit(exporter),
        importer=pl.lit(importer), commodity=pl.lit(family), export_mass_kg="declared_kg",
        import_mass_kg=pl.lit(None, pl.Float64), reconciled_mass_kg=pl.lit(None, pl.Float64),
        is_export_mass_estimated=pl.lit(False), is_import_mass_estimated=pl.lit(False),
        export_value_usd=pl.lit(None, pl.Float64), import_value_usd=pl.lit(None, pl.Float64),
        reconciled_value_usd=pl.lit(None, pl.Float64),
    )  # fmt: skip
    nothing = dict.fromkeys(("reporting", "production", "governance", "events", "neighbours", "totals"), pl.DataFrame())
    context = Context(family, date.max, months=flows.clear(), carriage=carriage, **nothing)  # type: ignore[arg-type]
    found = carrying_capacity(flows, context).select("flow_id", "model_p", "gap_mass_kg", "parts")
    names = ("capacity_kg", "capacity_low_kg", "capacity_high_kg")
    part = pl.col("parts").list
    told = found.with_columns(
        part.eval(pl.element().filter(pl.element().struct.field("name") == name)).list.first()
        .struct.field("value").alias(f"judged_{name}") for name in names
    )  # fmt: skip
    keys = flows.select("flow_id", "source", "period")
    return keys.join(told, on="flow_id", how="inner").drop("flow_id", "parts")


def _row(one: Mapping[str, object], asked: _Asked) -> dict[str, object]:
    """One period: its verdict, and why where there is none."""
    why = _why(one, asked)
    chance = one["model_p"]
    verdict = CANNOT_TEST if why else COULD if isinstance(chance, float) and chance > LIKELY else COULD_NOT
    told = {name: one.get(name) for name in COLUMNS}
    for name in ("capacity_kg", "capacity_low_kg", "capacity_high_kg"):
        told[name] = one.get(f"judged_{name}")
    known = [share for share in (one.get("seen_share_out"), one.get("seen_share_in")) if isinstance(share, float)]
    more = {"verdict": verdict, "p_value": chance, "beyond_kg": one["gap_mass_kg"], "why": why,
            "seen_share": min(known) if known else None}  # fmt: skip
    return told | more


def _why(one: Mapping[str, object], asked: _Asked) -> str | None:
    """Why a period cannot be tested, in every respect in which it cannot; None where it was."""
    if asked.family not in BULK:
        return "these goods do not go by sea as whole shiploads: ships say nothing of them"
    reasons = [str(why) for why in (one["undeclared"], _unseen(one, asked)) if why]
    if reasons:
        return "; ".join(reasons)
    mass = one["declared_kg"]
    if not isinstance(mass, float):
        return UNDECLARED
    if mass < PARCEL_KG:
        return "less than a shipload is declared: it may go with other goods"
    return None if one["model_p"] is not None else "the channel could not compare them"


def _unseen(one: Mapping[str, object], asked: _Asked) -> str | None:
    """Why ships tell nothing of a period; None where they do."""
    if one["calls_out"] is not None:
        return None if one["why"] is None else str(one["why"])
    if not asked.days:
        return NO_DAY
    read = sum(day.startswith(str(one["period"])) for day in asked.days)
    if not read:
        return UNREAD
    if read < YEAR_DAYS and len(str(one["period"])) == len("2024"):
        return f"positions of {read} of its days were read, and a year needs {YEAR_DAYS}"
    return f"no call of a ship was seen in {name_of(asked.exporter)} or in {name_of(asked.importer)}"
