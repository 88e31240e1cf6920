"""What a home holds, from when, under which terms, and what is missing."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from graphs.countries import name_of
from graphs.flags import Flag, has_flag
from graphs.periods import LAST_YEAR
from pipelines import provenance
from pipelines.archive import Entry
from pipelines.home import Home
from pipelines.queries import scan_or_none
from pipelines.settings import Settings
from pipelines.sources.kinds import AIS

TABLES = {
    "declarations": "declarations of both sides",
    "baci": "reconciled trade",
    "production": "mine output",
    "governance": "political stability",
    "events": "published export bans",
    "places": "places",
    "legs": "ways between places",
    "transport_modes": "declared means of transport",
    "manifests": "bills of lading",
    "vessel_positions": "positions of ships",
    "gfw_events": "published events of ships",
}
"""Tables that come from outside, and what they hold in words."""
YEAR_OF = {
    "declarations": pl.col("period"),
    "baci": pl.col("period"),
    "production": pl.col("year"),
    "governance": pl.col("year"),
    "events": pl.col("start").dt.year(),
    "transport_modes": pl.col("period"),
    "manifests": pl.col("day").dt.year(),
    "gfw_events": pl.col("began").dt.year(),
}
"""When a row of each took place: a year, or a month as 202003; a table without an entry tells of no time."""
SOURCE_OF = {"manifests": pl.col("mapping"), "gfw_events": pl.lit("gfw")}
"""Where a row of each came from, if no column `source` says it."""
POSITIONS = "vessel_positions"
MISSING_TABLES = {
    "declarations": "No declarations: mirror gaps, one-sided flows and bans cannot be tested. Add files with --data, "
    "or fetch from UN Comtrade with a key.",
    "baci": "No reconciled trade of BACI: only declared trade is judged.",
    "production": "No mine output: no supply balance can be tested.",
    "governance": "No governance: political stability cannot be taken into account.",
    "vessel_positions": "No positions of ships: whether ships could have carried a flow cannot be tested.",
}
NAMED = 8
"""Countries that are named before the rest is only counted."""


@dataclass(frozen=True)
class Holding:
    """Rows of one source in one table."""

    source: str
    table: str
    rows: int
    first: int | None
    """First year; None where a table tells of no time."""
    last: int | None
    entries: tuple[Entry, ...]
    days: tuple[str, str] | None = None
    """First and last day, of tables that are kept by day."""


@dataclass(frozen=True)
class Overview:
    """All holdings and everything known to be missing, in sentences."""

    holdings: list[Holding]
    missing: list[str]

    def to_json(self) -> dict[str, Any]:
        """Plain values for `--format json`."""
        return {"sources": [_holding_json(one) for one in self.holdings], "missing": self.missing}


def overview(home: Home) -> Overview:
    """Look at every table that comes from outside and at the archive. Empty for a new home."""
    entries = provenance.latest(provenance.entries(home))
    holdings = [one for table in TABLES for one in _holdings(home, table, entries)]
    last = {one.table: one.last or 0 for one in holdings}
    return Overview(holdings, list(_missing(home, last)))


def _holdings(home: Home, table: str, entries: list[Entry]) -> list[Holding]:
    if table == POSITIONS:
        return _positions(home, entries)
    rows = scan_or_none(home, table)
    if rows is None:
        return []
    when = YEAR_OF.get(table, pl.lit(None, pl.Int32))
    year = pl.when(when > LAST_YEAR).then(when // 100).otherwise(when)
    source = SOURCE_OF.get(table, pl.col("source")).alias("source")
    counted = rows.group_by(source).agg(pl.len(), year.min().alias("first"), year.max().alias("last"))
    return [
        Holding(source, table, count, first, last, _behind(source, table, entries))
        for source, count, first, last in counted.filter(pl.col("len") > 0).sort("source").collect().iter_rows()
    ]


def _positions(home: Home, entries: list[Entry]) -> list[Holding]:
    """Positions by their days, counted from what stands beside each day's file: a year of them is not read for that."""
    days = home.partitions(POSITIONS)
    if not days:
        return []
    rows = sum(int(home.meta(POSITIONS, day).get("rows", 0)) for day in days)
    behind = tuple(one for one in entries if provenance.kind_of(one) in AIS)
    return [Holding("ais", POSITIONS, rows, int(days[0][:4]), int(days[-1][:4]), behind, (days[0], days[-1]))]


def _behind(source: str, table: str, entries: list[Entry]) -> tuple[Entry, ...]:
    kinds = provenance.KINDS_OF.get(source, (source,))
    if table == "governance":
        kinds = (provenance.WHEEL_KIND,)
    if table == "manifests":
        kinds = ("manifest", "manifest_mapping")
    named = table in ("places", "legs")  # a network of the user's own is called by its file's name
    return tuple(
        one
        for one in entries
        if provenance.kind_of(one) in kinds
        or (named and provenance.kind_of(one) == "network" and provenance.name_of(one) == source)
    )


def _missing(home: Home, last: dict[str, int]) -> list[str]:
    found = [sentence for table, sentence in MISSING_TABLES.items() if table not in last]
    trade = max((last[name] for name in ("declarations", "baci") if name in last), default=0)
    for name, what in (("production", "the supply balance"), ("governance", "what rests on it")):
        if name in last and last[name] < trade:
            ends = f"{TABLES[name].capitalize()} ends in {last[name]}"
            found.append(f"{ends}: {what} cannot be tested for later years, up to {trade}.")
    found += [*_silent_reporters(home), *_provisional(home), *_refused(home)]
    gone = [path for path in home.analysis.data if not Path(path).exists()]
    found += [f"{path} is no longer there: the next run will ask for it." for path in gone]
    if not home.analysis.only_data and not Settings.read().comtrade_keys:
        found.append("No key of UN Comtrade: set ORETRACE_COMTRADE_KEY to fetch declarations.")
    return found


def _silent_reporters(home: Home) -> list[str]:
    """Who declared the year before the latest one, but not (yet) the latest."""
    rows = scan_or_none(home, "reporting")
    if rows is None:
        return []
    annual = rows.filter(pl.col("period") <= LAST_YEAR).select("reporter", "period").unique().collect()
    latest = annual["period"].max()
    if not isinstance(latest, int):
        return []
    by_year = {year: set(annual.filter(pl.col("period") == year)["reporter"]) for year in (latest - 1, latest)}
    silent = sorted(by_year[latest - 1] - by_year[latest])
    if not silent:
        return []
    names = ", ".join(name_of(code) for code in silent[:NAMED]) + (" ..." if len(silent) > NAMED else "")
    known = len(by_year[latest - 1])
    return [f"{len(silent)} of {known} reporters of {latest - 1} have declared nothing for {latest}: {names}."]


def _provisional(home: Home) -> list[str]:
    rows = scan_or_none(home, "baci")
    if rows is None:
        return []
    latest = rows.filter(has_flag(Flag.PROVISIONAL)).select(pl.col("period").max()).collect().item()
    return [] if latest is None else [f"BACI {latest} is provisional: some countries had not reported."]


def _refused(home: Home) -> list[str]:
    rows = scan_or_none(home, "quarantine")
    if rows is None:
        return []
    counts = rows.group_by("file", "field").agg(pl.len(), pl.col("reason").first()).sort("len", "file", descending=True)
    return [
        f"{count:,} row{'s' if count > 1 else ''} of {file} could not be used, for {field}; the first: {reason}"
        for file, field, count, reason in counts.collect().iter_rows()
    ]


def _holding_json(one: Holding) -> dict[str, Any]:
    terms = [provenance.terms(entry, one.source) for entry in one.entries]
    days = {} if one.days is None else {"first_day": one.days[0], "last_day": one.days[1]}
    return {
        "source": one.source,
        "table": one.table,
        "rows": one.rows,
        "first_year": one.first,
        "last_year": one.last,
        **days,
        "from": [
            {
                "name": provenance.name_of(entry),
                "sha256": entry.sha256,
                "licence": licence,
                "citation": citation,
                "retrieved": entry.retrieved.isoformat(),
            }
            for entry, (licence, citation) in zip(one.entries, terms, strict=True)
        ],
    }
