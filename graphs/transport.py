"""Speed, freight, waiting and handling of each means of transport: codes/transport.csv, or a user's rows in its place.

    hours of a leg       = km / km_per_hour + fixed_hours
    USD per t of a leg   = km x usd_per_t_km + fixed_usd_per_t

Rows: road, rail, river, sea, air; `off_network` for ground without a known network and `friction` (kilometres of way
for one of straight line, in usd_per_t_km's place); `transfer_road_B` for a change between road and another mode, or
`transfer` for any that has no row; a change between two others takes both;
`border` for a crossing, `export:CCC` and `import:CCC` for the hours of one country's side of it. Each row names its
source; "assumed" says that none was found. `low` and `high` bound the freight per km, or the hours where it has none.
"""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

import polars as pl

from graphs.countries import canonical
from graphs.errors import InputError, LayoutError
from graphs.families import read_codes
from graphs.tables_places import LEG_MODES

COLUMNS = ("mode", "km_per_hour", "usd_per_t_km", "fixed_hours", "fixed_usd_per_t", "low", "high", "source")
NUMBERS = COLUMNS[1:-1]
WAYS = tuple(mode for mode in LEG_MODES if mode != "transfer")
PLAIN = (*WAYS, "off_network", "friction", "transfer", "border")
"""Rows that must be there; the others refine them."""
SIDE = re.compile(r"(export|import):([A-Z]{3})")
PAIR = re.compile(r"transfer_(\w+?)_(\w+)")


@dataclass(frozen=True, slots=True)
class Cost:
    """One row. None where the row has no such figure: a border has no speed."""

    km_per_hour: float | None
    usd_per_t_km: float | None
    fixed_hours: float
    fixed_usd_per_t: float
    low: float | None
    high: float | None
    source: str

    def hours(self, km: float) -> float:
        """Hours of so many kilometres and whatever is fixed."""
        return self.fixed_hours + (km / self.km_per_hour if self.km_per_hour else 0.0)

    def usd_per_t(self, km: float) -> float:
        """USD per tonne for so many kilometres and whatever is fixed."""
        return self.fixed_usd_per_t + km * (self.usd_per_t_km or 0.0)


def costs(changes: pl.DataFrame | None = None) -> Mapping[str, Cost]:
    """All rows by mode; rows of `changes` (text, with COLUMNS) replace those of the same mode or are added.

    Raises LayoutError or InputError with the row that cannot be used.
    """
    return _built_in() if changes is None else MappingProxyType(dict(_built_in()) | _read(changes))


def friction(table: Mapping[str, Cost]) -> float:
    """Kilometres of way for one kilometre of straight line where no network is known."""
    return table["friction"].usd_per_t_km or 1.0


def transfer(table: Mapping[str, Cost], one: str, other: str) -> Cost:
    """A change between two modes in either order; the general row where the pair has none."""
    return table.get(f"transfer_{one}_{other}") or table.get(f"transfer_{other}_{one}") or table["transfer"]


def crossing(table: Mapping[str, Cost], out_of: str | None, into: str | None) -> Cost:
    """A border from one country into another: half of row `border` for a side of which nothing is known."""
    whole = table["border"]
    sides = [table.get(f"export:{out_of}"), table.get(f"import:{into}")]
    hours = sum(whole.fixed_hours / 2 if side is None else side.fixed_hours for side in sides)
    usd = sum(whole.fixed_usd_per_t / 2 if side is None else side.fixed_usd_per_t for side in sides)
    told = dict.fromkeys(whole.source if side is None else side.source for side in sides)
    return Cost(None, None, hours, usd, None, None, "; ".join(told))


def border(table: Mapping[str, Cost], one: str | None, other: str | None) -> tuple[float, float]:
    """Hours and USD per tonne of a border, the mean of both directions; zero within a country, or with one unknown."""
    if one is None or other is None or one == other:
        return 0.0, 0.0
    out, back = crossing(table, one, other), crossing(table, other, one)
    return (out.fixed_hours + back.fixed_hours) / 2, (out.fixed_usd_per_t + back.fixed_usd_per_t) / 2


@cache
def _built_in() -> Mapping[str, Cost]:
    return MappingProxyType(_read(pl.DataFrame(read_codes("transport.csv"), schema=dict.fromkeys(COLUMNS, pl.String))))


def _read(table: pl.DataFrame) -> dict[str, Cost]:
    absent = [name for name in COLUMNS if name not in table.columns]
    if absent:
        wanted = ",".join(COLUMNS)
        raise LayoutError(f"the table of transport costs lacks {', '.join(absent)}; its columns are {wanted}")
    return {mode: cost for at, row in enumerate(table.iter_rows(named=True), 1) for mode, cost in [_row(at, row)]}


def _row(at: int, row: Mapping[str, str | None]) -> tuple[str, Cost]:
    where = f"row {at} of the transport costs"
    mode = (row["mode"] or "").strip()
    _check_mode(mode, where)
    found = {name: _number(row[name], name, where) for name in NUMBERS}
    source = (row["source"] or "").strip()
    if not source:
        raise InputError(f"{where} ({mode}) names no source; write where it comes from, or that it is assumed")
    if mode in (*WAYS, "off_network") and not (found["km_per_hour"] and found["usd_per_t_km"] is not None):
        raise InputError(f"{where} ({mode}) needs km_per_hour above zero and usd_per_t_km")
    if mode == "friction" and (found["usd_per_t_km"] or 0.0) < 1.0:
        raise InputError(f"{where}: friction is at least 1 km of way for 1 km of line; correct usd_per_t_km")
    fixed = {name: found[name] for name in ("fixed_hours", "fixed_usd_per_t")}
    if mode != "friction" and None in fixed.values():
        raise InputError(f"{where} ({mode}) needs fixed_hours and fixed_usd_per_t; write 0 where nothing is fixed")
    return mode, Cost(
        found["km_per_hour"],
        found["usd_per_t_km"],
        fixed["fixed_hours"] or 0.0,
        fixed["fixed_usd_per_t"] or 0.0,
        found["low"],
        found["high"],
        source,
    )


def _check_mode(mode: str, where: str) -> None:
    side, pair = SIDE.fullmatch(mode), PAIR.fullmatch(mode)
    if side:
        canonical(side[2])
    elif not (mode in PLAIN or (pair and "road" in pair.groups() and {*pair.groups()} <= set(WAYS))):
        expected = f"{', '.join(PLAIN)}, transfer_road_sea (a change is told from the road), export:GHA, import:GHA"
        raise InputError(f"{where}: mode {mode!r} is unknown; expected one of {expected}")


def _number(text: str | None, name: str, where: str) -> float | None:
    if text is None or not text.strip():
        return None
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not (math.isfinite(number) and number >= 0):
        raise InputError(f"{where}: {name} {text!r} is no number from zero up; correct it or leave it empty")
    return number
