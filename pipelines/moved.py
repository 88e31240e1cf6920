"""How the goods of one flow could have moved: what ships say of bulk goods, what routes and declared modes of the rest.

The verdict is `could`, `could not` or `cannot test`. Of goods that fly it is never `could not`: a list of routes that
lacks one proves nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from graphs.commodities import family_expr, family_of
from graphs.countries import name_of
from graphs.families import FAMILIES
from graphs.periods import LAST_YEAR, year_of
from models.flows.modes import NAMELESS
from pipelines.home import Home
from pipelines.queries import hs_prefix, scan_or_none

Row = Mapping[str, Any]
COULD, COULD_NOT, CANNOT_TEST = "could", "could not", "cannot test"
CHANNEL = "carrying_capacity"
LIKELY = 0.1
NO_SHIPS = "no positions of ships were read"
PAIR = ("source", "exporter", "importer", "commodity")


@dataclass(frozen=True)
class Moved:
    """What is known of the ways of one flow."""

    verdict: str
    why: str
    """One sentence for the verdict."""
    periods: list[dict[str, Any]]
    """Of bulk goods: what ships say of its months and its year (pipelines.ship_capacity)."""
    modes: list[dict[str, Any]]
    """Declared transport modes: side, mode, period, value_usd, mass_kg, share."""
    air_routes: int
    """Listed air routes from the exporter's airports to the importer's."""


def moved(home: Home, flow: Row, tested: Sequence[Row]) -> Moved:
    """The verdict on a flow, given what its channels say."""
    from models.flows.carriage import BULK  # here, because only `explain` needs the channels

    modes, routes = _modes(home, flow), air_routes(home, flow)
    if family_of(flow["commodity"]) in BULK:
        periods = _periods(home, flow)
        return Moved(*_by_ship(home, flow, tested, periods), periods, modes, routes)
    return Moved(*_by_air(flow, modes, routes), [], modes, routes)


def _by_ship(home: Home, flow: Row, tested: Sequence[Row], periods: Sequence[Row]) -> tuple[str, str]:
    """Verdict of the channel, or why it said nothing."""
    said = next((row for row in tested if row["channel"] == CHANNEL), None)
    if said is None:
        return CANNOT_TEST, _untested(home, flow, periods)
    if said["p_value"] > LIKELY:
        return COULD, "ships heard at both countries' ports could have carried what is declared"
    return COULD_NOT, "more is declared than the ships heard at both countries' ports could have carried"


def _untested(home: Home, flow: Row, periods: Sequence[Row]) -> str:
    """Why ships say nothing: as for the channel, else the reasons of its months."""
    from models.flows.channels import CHANNELS
    from pipelines.silence import why_silent

    ships = scan_or_none(home, CHANNEL)
    if ships is None or ships.head(1).collect().is_empty():
        return NO_SHIPS
    needs = CHANNELS[CHANNEL].needs
    why = why_silent(CHANNEL, needs, flow)
    reasons = sorted({str(row["why"]) for row in periods if row["why"]})
    return "; ".join(reasons) if why == needs and reasons else why


def _by_air(flow: Row, modes: Sequence[Row], routes: int) -> tuple[str, str]:
    """Goods that do not go in bulk: a route that is listed, or a mode that is declared."""
    flown = [row for row in modes if row["mode"] == "air"]
    pair = f"from {name_of(flow['exporter'])} to {name_of(flow['importer'])}"
    if routes:
        many = "one air route" if routes == 1 else f"{routes} air routes"
        return COULD, f"{many} {pair} {'is' if routes == 1 else 'are'} listed; ships say nothing of these goods"
    if flown:
        return COULD, "it is declared to have gone by air; ships say nothing of these goods"
    if named := sorted({str(row["mode"]) for row in modes} - set(NAMELESS)):
        return COULD, f"it is declared to have gone by {', '.join(named)}"
    declared = "the declared mode names no way" if modes else "no mode is declared"
    return CANNOT_TEST, f"no direct air route {pair} is listed and {declared}, which proves nothing"


def _periods(home: Home, flow: Row) -> list[dict[str, Any]]:
    from pipelines.ship_capacity import capacity

    if scan_or_none(home, CHANNEL) is None:
        return []
    year = flow["period"] if flow["period"] <= LAST_YEAR else flow["period"] // 100
    rows = capacity(home, flow["exporter"], flow["importer"], flow["commodity"], year).rows
    mine = pl.col("source").is_null() | (pl.col("source") == flow["source"])
    # Months of which neither ships nor declarations tell anything are not worth a line.
    return rows.filter(mine, pl.col("calls_out").is_not_null()).to_dicts()


def _modes(home: Home, flow: Row) -> list[dict[str, Any]]:
    rows = scan_or_none(home, "transport_modes")
    if rows is None:
        return []
    same = pl.all_horizontal(pl.col(one) == flow[one] for one in PAIR)
    year = flow["period"] if flow["period"] <= LAST_YEAR else flow["period"] // 100
    found = rows.filter(same, year_of() == year).collect().with_columns(pl.col("side", "mode").cast(pl.String))
    told = found.select("side", "mode", "period", "value_usd", "mass_kg", "share")
    return told.sort("period", "side", "value_usd", "mode", descending=[False, False, True, False]).to_dicts()


def modes_between(home: Home, exporter: str, importer: str, commodity: str) -> pl.DataFrame:
    """Declared transport modes of a pair's goods: period, side, mode, value_usd; `commodity` is a code or a family."""
    rows = scan_or_none(home, "transport_modes")
    if rows is None:
        return pl.DataFrame(schema={"period": pl.Int32, "side": pl.String, "mode": pl.String, "value_usd": pl.Float64})
    word = commodity.strip().lower()
    goods = family_expr() == word if word in FAMILIES else pl.col("commodity").str.starts_with(hs_prefix(commodity))
    mine = pl.col("exporter") == exporter, pl.col("importer") == importer, goods
    return rows.filter(*mine).select("period", pl.col("side", "mode").cast(pl.String), "value_usd").collect()


def air_routes(home: Home, flow: Row) -> int:
    """Listed air routes from the exporter's airports to the importer's."""
    legs, places = scan_or_none(home, "legs"), scan_or_none(home, "places")
    if legs is None or places is None:
        return 0
    ends = {
        side: places.filter(pl.col("country") == flow[side]).select(pl.col("place_id").alias(name))
        for side, name in (("exporter", "from_place"), ("importer", "to_place"))
    }
    flights = legs.filter(pl.col("mode").cast(pl.String) == "air", ~pl.col("is_estimated"))
    found = flights.join(ends["exporter"], on="from_place", how="semi").join(
        ends["importer"], on="to_place", how="semi"
    )
    return int(found.select(pl.len()).collect().item())
