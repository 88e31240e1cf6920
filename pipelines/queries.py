"""Questions to the tables of a home: which alerts, which flow, whose declarations.

Everything is lazy, so that a filter reads only the columns and row groups it needs; the alerts file is written in
the order of its list, and no question sorts it again. Imports neither Dagster nor the schema library.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import reduce
from operator import and_, or_
from typing import Any

import polars as pl

from graphs.commodities import family_of, is_listed
from graphs.countries import areas, canonical
from graphs.errors import HomeError, InputError, UnknownCode
from graphs.families import FAMILIES
from graphs.periods import FIRST_YEAR, LAST_YEAR, is_annual
from pipelines import ledger
from pipelines.home import Home

ALERT_COLUMNS = (
    "alert_id",
    "list",
    "rank",
    "flow_id",
    "exporter",
    "importer",
    "commodity",
    "period",
    "channel",
    "statistic",
    "p_value",
    "q_value",
    "claim_level",
    "export_value_usd",
    "import_value_usd",
    "export_mass_kg",
    "import_mass_kg",
    "reconciled_value_usd",
    "reconciled_mass_kg",
    "gap_value_usd",
    "gap_mass_kg",
    "episode_id",
    "source",
    "as_of",
    "main_cause",
    "sentence",
    "why_no_rate",
    "unit_p_value",
    "unit_q_value",
    "ordinary_bound",
    "ordinary_share",
)
"""Machine-readable alerts: these columns in this order. Programs depend on it."""

CHANNEL_NAMES = (
    "mirror_gap", "one_sided", "unit_value", "balance", "jump", "ban_break", "disparity", "pass_through", "two_cycle",
    "code_switch", "partner_switch", "new_route", "three_path", "edge_stream", "carrying_capacity",
)  # fmt: skip
LIST_NAMES = ("agnostic", "learned")
AGNOSTIC, LEARNED = LIST_NAMES
FLOW_ID_PARTS = 5


@dataclass(frozen=True)
class Wanted:
    """Which alerts to read. Several values of one kind are alternatives; different kinds must all hold."""

    exporters: tuple[str, ...] = ()
    importers: tuple[str, ...] = ()
    commodities: tuple[str, ...] = ()
    """First digits of HS codes."""
    families: tuple[str, ...] = ()
    periods: tuple[int, ...] = ()
    since: int | None = None
    until: int | None = None
    level: int | None = None
    """Smallest claim level."""
    channels: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    everything: bool = False
    """All scored flows, not only the selected alerts."""
    list_name: str | None = AGNOSTIC
    """Which list; None for both, one after the other."""


def alerts(home: Home, wanted: Wanted) -> pl.LazyFrame:
    """Alerts in the order of their list, with the claim level that people's judgements leave them."""
    rows = with_reviews(home.scan("alerts"), ledger.read(home))
    conditions = _conditions(wanted)
    return rows.filter(reduce(and_, conditions)) if conditions else rows


def with_reviews(rows: pl.LazyFrame, judgements: pl.DataFrame) -> pl.LazyFrame:
    """Raise reviewed candidates to level 3 (see `ledger.reviewed`)."""
    reviewed = ledger.reviewed(judgements)
    if not reviewed:
        return rows
    level = pl.col("claim_level")
    raised = (level == ledger.CANDIDATE) & pl.col("alert_id").is_in(reviewed)
    return rows.with_columns(
        pl.when(raised).then(pl.lit(ledger.REVIEWED, dtype=pl.UInt8)).otherwise(level).alias("claim_level")
    )


def find_alert(home: Home, name: str, list_name: str = AGNOSTIC) -> dict[str, Any] | None:
    """The scored flow that an alert_id, or on a list a flow_id or a rank, names; or None."""
    text = name.strip().lstrip("#")
    is_alert_id = text.count(":") >= FLOW_ID_PARTS
    rows = alerts(home, Wanted(everything=True, list_name=None if is_alert_id else list_name))
    if text.isdecimal():
        condition = pl.col("rank") == int(text)
    else:
        key = flow_key(text)
        # The short columns are read first; the long identifier only where they agree.
        condition = same_flow(key) & (pl.col("alert_id" if is_alert_id else "flow_id") == text)
    found = rows.filter(condition).head(1).collect()
    return found.row(0, named=True) if found.height else None


def standing(home: Home, key: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Where a flow stands on each list that holds it, the agnostic first, each with the length `scored` of its list."""
    rows = alerts(home, Wanted(everything=True, list_name=None)).with_columns(pl.col("list").cast(pl.String))
    lengths = dict(rows.group_by("list").len().collect().iter_rows())
    columns = ("list", "rank", "claim_level", "p_value", "q_value", "why_no_rate", "unit_p_value", "unit_q_value",
               "ordinary_bound", "is_selected", "alert_id")  # fmt: skip
    found = rows.filter(same_flow(key)).select(columns).sort("list").collect()
    return [{**row, "scored": lengths[row["list"]]} for row in found.to_dicts()]


def flow_key(name: str) -> dict[str, Any]:
    """Parts of a flow_id, or of the flow_id within an alert_id. Raises InputError for anything else."""
    parts = name.split(":")
    if len(parts) == FLOW_ID_PARTS + 2:
        parts = parts[1:-1]
    if len(parts) != FLOW_ID_PARTS or not all(parts) or not parts[-1].isdecimal():
        raise InputError(
            f"{name!r} names no alert: give its rank, its flow_id (source:exporter:importer:commodity:period) "
            "or its alert_id"
        )
    source, exporter, importer, commodity, period = parts
    return {
        "source": source,
        "exporter": exporter,
        "importer": importer,
        "commodity": commodity,
        "period": int(period),
    }


def same_flow(key: Mapping[str, Any]) -> pl.Expr:
    """True for rows of the flow with this key."""
    columns = ("period", "commodity", "exporter", "importer", "source")
    return pl.all_horizontal(pl.col(name) == key[name] for name in columns)


def scan_or_none(home: Home, table: str, partition: str | None = None) -> pl.LazyFrame | None:
    """The table, or None where a run has not made it."""
    try:
        return home.scan(table, None if partition is None else [partition])
    except HomeError:
        return None


def flows_between(home: Home, exporter: str, importer: str, commodity: str) -> pl.DataFrame:
    """Flows of a pair by commodity, source and period; `commodity` is an HS code, its first digits or a family."""
    prefix, partitions = _goods(home, commodity)
    if not partitions:
        return pl.DataFrame()
    rows = home.scan("flows", partitions).filter(pl.col("exporter") == exporter, pl.col("importer") == importer)
    if prefix:
        rows = rows.filter(pl.col("commodity").str.starts_with(prefix))
    return rows.sort("source", "commodity", "period").collect()


def check_goods(home: Home, commodity: str) -> None:
    """Refuse goods that nobody knows: no list names the code, and the home holds no trade under it.

    Raises UnknownCode: of such goods it would mislead to say only that nothing is known of this pair.
    """
    prefix, partitions = _goods(home, commodity)
    if not prefix or is_listed(prefix):
        return
    mine = pl.col("commodity").str.starts_with(prefix)
    if not partitions or home.scan("flows", partitions).filter(mine).head(1).collect().is_empty():
        raise UnknownCode(f"code {commodity!r} is unknown: no list names it, and this home holds no trade under it")


def _goods(home: Home, commodity: str) -> tuple[str, list[str]]:
    """Leading digits to look for and the partitions of `flows` that may hold them."""
    if not home.has("flows"):
        home.scan("flows")  # raises the sentence about a missing table
    there = home.partitions("flows")
    if commodity.lower() in {*FAMILIES, *there}:
        return "", [name for name in there if name == commodity.lower()]
    prefix = hs_prefix(commodity)
    related = {name for name, one in FAMILIES.items() if any(_overlap(code, prefix) for code in one.codes)}
    related |= {name for name in there if name.startswith("hs") and _overlap(name[2:], prefix)}
    return prefix, [name for name in there if name in related or name == family_of(prefix)]


def _overlap(one: str, other: str) -> bool:
    return one.startswith(other) or other.startswith(one)


def country(text: str) -> str:
    """Code of an area given by code or by name, in any case. Raises UnknownCode, naming near misses."""
    wanted = text.strip()
    try:
        return canonical(wanted.upper())
    except UnknownCode:
        named = {one.name.casefold(): one.code for one in areas().values()}
        if wanted.casefold() in named:
            return named[wanted.casefold()]
        near = get_close_matches(wanted.casefold(), named, n=1, cutoff=0.75)
        hint = f"; did you mean {areas()[named[near[0]]].name} ({named[near[0]]})?" if near else ": use ISO alpha-3"
        raise UnknownCode(f"no country or area is called {text!r}{hint}") from None


def hs_prefix(text: str) -> str:
    """First digits of an HS code. Raises UnknownCode for anything else."""
    code = text.strip().replace(".", "").upper()
    if re.fullmatch(r"\d{2,6}|\d{7,10}|TOTAL", code):
        return code
    raise UnknownCode(f"{text!r} is neither an HS code of 2 to 6 digits nor a family ({', '.join(sorted(FAMILIES))})")


def family(text: str) -> str:
    """Name of a code family. Raises UnknownCode."""
    name = text.strip().lower()
    if name in FAMILIES or re.fullmatch(r"hs\w{2,4}", name):
        return name
    raise UnknownCode(f"there is no family {text!r}; the families are {', '.join(sorted(FAMILIES))}")


def list_name(text: str) -> str:
    """Name of a list of alerts. Raises InputError."""
    name = text.strip().lower()
    if name in LIST_NAMES:
        return name
    raise InputError(f"there is no list {text!r}; the lists are {' and '.join(LIST_NAMES)}")


def channel(text: str) -> str:
    """Name of a channel, with `-` or `_`. Raises InputError."""
    name = text.strip().lower().replace("-", "_")
    if name in CHANNEL_NAMES:
        return name
    raise InputError(f"there is no channel {text!r}; the channels are {', '.join(CHANNEL_NAMES)}")


def period(text: str) -> int:
    """A year (2020) or a month (202003 or 2020-03). Raises InputError."""
    try:
        found = int(text.strip().replace("-", ""))
    except ValueError:
        raise InputError(f"period {text!r} is neither a year (2020) nor a month (202003)") from None
    is_annual(found)
    return found


def _conditions(wanted: Wanted) -> list[pl.Expr]:
    found = [] if wanted.everything else [pl.col("is_selected")]
    if wanted.list_name is not None:
        found.append(pl.col("list") == wanted.list_name)
    for column, values in (
        ("exporter", wanted.exporters),
        ("importer", wanted.importers),
        ("family", wanted.families),
        ("period", wanted.periods),
        ("source", wanted.sources),
    ):
        if values:
            found.append(reduce(or_, [pl.col(column) == value for value in values]))
    if wanted.channels:
        found.append(pl.col("channel").cast(pl.String).is_in(list(wanted.channels)))
    if wanted.commodities:
        found.append(reduce(or_, [pl.col("commodity").str.starts_with(code) for code in wanted.commodities]))
    if wanted.since is not None:
        found.append(_months(pl.col("period"), last=True) >= first_month(wanted.since))
    if wanted.until is not None:
        found.append(_months(pl.col("period"), last=False) <= last_month(wanted.until))
    if wanted.level is not None:
        found.append(pl.col("claim_level") >= wanted.level)
    return found


def _months(period: pl.Expr, *, last: bool) -> pl.Expr:
    """First or last month that a period covers, as a whole number like 202003."""
    return pl.when(period > LAST_YEAR).then(period).otherwise(period * 100 + (12 if last else 1))


def first_month(found: int) -> int:
    """First month of a year or month, as a whole number like 202003."""
    return found * 100 + 1 if FIRST_YEAR <= found <= LAST_YEAR else found


def last_month(found: int) -> int:
    """Last month of a year or month, as a whole number like 202003."""
    return found * 100 + 12 if FIRST_YEAR <= found <= LAST_YEAR else found
