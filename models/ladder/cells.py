"""Cells: every trading pair in every year from its first trade on, with what was known the year before.

A pair is (source, exporter, importer, commodity). A cell's own amount is the reconciled value; it is 0 where nothing
was traded although at least one of both offices reported (where a source holds no declarations: although the source
speaks about this commodity that year), and null where nobody could say. All other columns are lags: those of year t
rest on years before t alone, so that whatever is fitted on them forecasts.
"""

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from models.flows.panel import PAIR, Matrix, Panel
from models.flows.prices import world_unit_values

KEY = (*PAIR, "year")
LAGS = (1, 2, 3)
RECENT = 5
"""Years over which the share of trading years is counted."""
TARGET = ("value_usd", "log_value")
"""What is to be forecast; every other column but the key, `flow_id` and `is_first` is a feature."""
FEATURES = (
    "log_lag_1",
    "log_lag_2",
    "log_lag_3",
    "last_log_value",
    "gap_years",
    "trading_years",
    "recent_share",
    "past_log_sd",
    "last_log_value_sd",
    "exporter_log_total_lag",
    "importer_log_total_lag",
    "exporter_partners_lag",
    "importer_partners_lag",
    "exporter_other_growth_lag",
    "importer_other_growth_lag",
    "exporter_transit_lag",
    "importer_transit_lag",
    "reverse_log_lag",
    "world_growth_lag",
    "price_move_lag",
)
"""Columns known before the year. log_lag_k: log(1 + USD) k years before, 0 where nothing was traded, null where
nobody could say. last_log_value: log USD of the last trading year; gap_years: years since; past_log_sd: spread of
log USD over past trading years; last_log_value_sd: reconciled_log_sd of the last trade (how far the offices agree).
Totals and partners are those of the exporter's exports and the importer's imports of the commodity; other growth is
the change of the log of these totals without the pair itself, from two years before to the year before. Transit:
imports / (imports + exports) of the exporter, exports / (imports + exports) of the importer, near a half in a hub.
reverse_log_lag: log(1 + USD) known from importer to exporter. World growth and price move: change of the log of the
commodity's world value and unit value."""


def annual(flows: pl.DataFrame) -> pl.DataFrame:
    """Yearly flows between two different countries, ordered by pair and year: those that a ladder speaks of."""
    return flows.filter(
        pl.col("period") < 10_000,
        pl.col("exporter_kind").cast(pl.String) == "country",
        pl.col("importer_kind").cast(pl.String) == "country",
        pl.col("exporter") != pl.col("importer"),
    ).sort(*PAIR, "period")


def cells(flows: pl.DataFrame, reporting: pl.DataFrame | None = None, *, lags: bool = True) -> pl.DataFrame:
    """One row per pair and year, ordered by KEY: flow_id (null without a flow), is_first, TARGET and FEATURES.

    flows: table `flows` of one family, reconciled. reporting: table `reporting`, which also knows offices that
    declared nothing of this family that year; without it an office has reported where a flow says so. lags: with
    FEATURES.
    The first year of a pair is there because it traded: no probability of zero can be learnt or judged on it.
    """
    own = annual(flows)
    panel = Panel.of(own)
    amount = _amounts(own, panel, reporting)
    trade = amount > 0
    last = own.group_by("source").agg(last=pl.col("period").max())
    ends = panel.pairs.join(last, on="source", how="left", maintain_order="left")["last"].to_numpy()
    reach = _begun(amount) & (panel.years[None, :] <= ends[:, None])
    pair, year = np.nonzero(reach)
    first = trade & (np.cumsum(trade, axis=1) == 1)
    with np.errstate(divide="ignore", invalid="ignore"):
        log_value = np.log(np.where(trade, amount, np.nan))
        columns = {"value_usd": amount, "log_value": log_value}
        if lags:
            found = _history(amount, panel.matrix(own["reconciled_log_sd"])) | _markets(own, panel, amount)
            columns |= {name: found[name] for name in FEATURES}
    place = np.full(panel.shape, -1)
    place[panel.pair_of, panel.year_of] = np.arange(own.height)
    flow = pl.Series("place", place[reach])
    return panel.pairs[pair].with_columns(
        pl.Series("year", panel.years[year], pl.Int32),
        own["flow_id"].gather(flow.set(flow < 0, None)).alias("flow_id"),
        pl.Series("is_first", first[reach]),
        *(pl.Series(name, matrix[reach], pl.Float64, nan_to_null=True) for name, matrix in columns.items()),
    )


def _amounts(own: pl.DataFrame, panel: Panel, reporting: pl.DataFrame | None) -> Matrix:
    """USD `[pair, year]`: reconciled, 0 where the silence of whoever reported says so, NaN where nobody could say."""
    heard = _heard(own, panel, reporting)
    amount = np.where(heard, 0.0, np.nan)
    declared = pl.max_horizontal("export_value_usd", "import_value_usd")
    values = own.select(pl.coalesce("reconciled_value_usd", pl.when(declared == 0).then(0.0)))
    amount[panel.pair_of, panel.year_of] = values.to_series().cast(pl.Float64).to_numpy()
    return amount


def _heard(own: pl.DataFrame, panel: Panel, reporting: pl.DataFrame | None) -> NDArray[np.bool_]:
    """True `[pair, year]` where one of both offices, or a source without declarations, would have told of trade.

    As in graphs.flows, an office is heard of a commodity in years in which the source holds that direction of it from
    anyone.
    """
    sides = []
    market = ["source", "commodity", "period"]
    for end, direction in (("exporter", "X"), ("importer", "M")):
        reported = own.filter(pl.col(f"{end}_reported"))
        told = reported.select("source", pl.col(end).alias("office"), "period")
        if reporting is not None:
            more = reporting.filter(pl.col("direction").cast(pl.String) == direction)
            told = pl.concat([told, more.select("source", pl.col("reporter").alias("office"), "period")])
        heard = told.unique().join(reported.select(market).unique(), on=["source", "period"])
        sides.append(_marked(panel, ["source", "commodity", end], heard.rename({"office": end})))
    silent = own.filter(pl.col("exporter_reported").is_null()).select(market)
    return sides[0] | sides[1] | _marked(panel, ["source", "commodity"], silent)


def _marked(panel: Panel, group: list[str], rows: pl.DataFrame) -> NDArray[np.bool_]:
    """True `[pair, year]` where the pair's group has a row in that year."""
    groups, code = grouped(panel.pairs, group)
    marks = np.zeros((groups.height, panel.years.size), bool)
    if panel.years.size:
        inside = rows.unique().join(groups, on=group, how="inner")
        inside = inside.filter(pl.col("period").is_between(int(panel.years[0]), int(panel.years[-1])))
        marks[inside["group"].to_numpy(), inside["period"].to_numpy() - int(panel.years[0])] = True
    found: NDArray[np.bool_] = marks[code]
    return found


def _begun(amount: Matrix) -> NDArray[np.bool_]:
    """True `[pair, year]` from the pair's first trade on."""
    begun: NDArray[np.bool_] = np.logical_or.accumulate(amount > 0, axis=1)
    return begun


def _history(amount: Matrix, log_sd: Matrix) -> dict[str, Matrix]:
    """What the pair's own past says, each `[pair, year]`."""
    trade = amount > 0
    log = np.where(trade, np.log(np.where(trade, amount, 1.0)), 0.0)
    years = np.arange(amount.shape[1], dtype=float)
    last = lagged(np.maximum.accumulate(np.where(trade, years, -1.0), axis=1), 1)
    at = np.nan_to_num(last, nan=-1.0).astype(np.int64)
    n, total, square = (lagged(np.cumsum(one, axis=1), 1) for one in (trade.astype(float), log, log**2))
    known = np.isfinite(amount)
    recent = [np.cumsum(one, axis=1) for one in (trade, known)]
    traded, seen = (lagged(one - lagged(one.astype(float), RECENT, 0.0), 1) for one in recent)

    def at_last(matrix: Matrix) -> Matrix:
        return np.where(at >= 0, np.take_along_axis(matrix, np.maximum(at, 0), axis=1), np.nan)

    variance = np.where(n >= 2, (square - total**2 / n) / (n - 1), np.nan)
    return {
        **{f"log_lag_{lag}": lagged(np.log1p(amount), lag) for lag in LAGS},
        "last_log_value": at_last(log),
        "gap_years": np.where(at >= 0, years - at, np.nan),
        "trading_years": n,
        "recent_share": np.where(seen > 0, traded / seen, np.nan),
        "past_log_sd": np.sqrt(np.maximum(variance, 0.0)),
        "last_log_value_sd": at_last(log_sd),
    }


@dataclass(frozen=True)
class Margin:
    """Totals of one country's exports or imports of a commodity, `[pair, year]`: NaN where nobody could say."""

    total: Matrix
    partners: Matrix


def _markets(own: pl.DataFrame, panel: Panel, amount: Matrix) -> dict[str, Matrix]:
    """What the exporter's and importer's other trade, the way back and the world say, each `[pair, year]`."""
    pairs = panel.pairs.select("source", "commodity", "exporter", "importer")
    out = _margin(pairs, "exporter", pairs, "exporter", amount)
    into = _margin(pairs, "importer", pairs, "importer", amount)
    bought = _margin(pairs, "importer", pairs, "exporter", amount)
    sold = _margin(pairs, "exporter", pairs, "importer", amount)
    world = _margin(pairs, "source", pairs, "source", amount)
    return {
        "exporter_log_total_lag": lagged(np.log1p(out.total), 1),
        "importer_log_total_lag": lagged(np.log1p(into.total), 1),
        "exporter_partners_lag": lagged(out.partners, 1),
        "importer_partners_lag": lagged(into.partners, 1),
        "exporter_other_growth_lag": _growth(_others(out.total, amount)),
        "importer_other_growth_lag": _growth(_others(into.total, amount)),
        "exporter_transit_lag": lagged(_share(bought.total, out.total), 1),
        "importer_transit_lag": lagged(_share(sold.total, into.total), 1),
        "reverse_log_lag": lagged(np.log1p(_reverse(pairs, amount)), 1),
        "world_growth_lag": _growth(world.total),
        "price_move_lag": _growth(_prices(own, panel)),
    }


def _margin(pairs: pl.DataFrame, summed: str, asked: pl.DataFrame, end: str, amount: Matrix) -> Margin:
    """Sum trade by (source, commodity, `summed`) and read it for each pair's `end`."""
    group = list(dict.fromkeys(["source", "commodity", summed]))
    groups, code = grouped(pairs, group)
    total, partners, seen, unseen = (np.zeros((groups.height, amount.shape[1])) for _ in range(4))
    np.add.at(total, code, np.nan_to_num(amount))
    np.add.at(partners, code, (amount > 0).astype(float))
    # Pairs that begin to trade later must not show: only those that traded already can be unknown.
    np.add.at(seen, code, (_begun(amount) & np.isfinite(amount)).astype(float))
    np.add.at(unseen, code, (_begun(amount) & ~np.isfinite(amount)).astype(float))
    dark = (unseen > 0) & (seen == 0)
    total[dark], partners[dark] = np.nan, np.nan
    key = list(dict.fromkeys(["source", "commodity", end]))
    read = asked.select(key).join(groups.rename({summed: end}), on=key, how="left", maintain_order="left")["group"]
    row = read.fill_null(-1).to_numpy().astype(np.int64)
    return Margin(*(np.where((row >= 0)[:, None], one[row], 0.0) for one in (total, partners)))


def _others(total: Matrix, amount: Matrix) -> Matrix:
    """Total without the pair itself; NaN where next to nothing is left of it (or rounding alone)."""
    rest = total - np.nan_to_num(amount)
    return np.where(rest > 1e-9 * total, rest, np.nan)


def _share(one: Matrix, other: Matrix) -> Matrix:
    whole = one + other
    return np.where(whole > 0, one / whole, np.nan)


def _reverse(pairs: pl.DataFrame, amount: Matrix) -> Matrix:
    """Known trade of the same commodity the other way, `[pair, year]`."""
    back = pairs.with_row_index("row").rename({"exporter": "importer", "importer": "exporter"})
    keys = ["source", "commodity", "exporter", "importer"]
    row = pairs.join(back, on=keys, how="left", maintain_order="left")["row"].fill_null(-1).to_numpy().astype(np.int64)
    return np.where((row >= 0)[:, None], np.nan_to_num(amount[row]), 0.0)


def _prices(own: pl.DataFrame, panel: Panel) -> Matrix:
    """World unit value in USD per kg, `[pair, year]`."""
    market = ["source", "commodity"]
    prices = world_unit_values(own)
    groups, code = grouped(panel.pairs, market)
    matrix = np.full((groups.height, panel.years.size), np.nan)
    if prices.height:
        placed = prices.join(groups, on=market)
        matrix[placed["group"].to_numpy(), placed["period"].to_numpy() - int(panel.years[0])] = placed["usd_per_kg"]
    found: Matrix = matrix[code]
    return found


def grouped(rows: pl.DataFrame, columns: list[str]) -> tuple[pl.DataFrame, NDArray[np.int64]]:
    """Groups of rows that agree in these columns, in order of appearance with their number `group`, and each row's."""
    groups = rows.select(columns).unique(maintain_order=True).with_row_index("group")
    code = rows.select(columns).join(groups, on=columns, how="left", maintain_order="left")["group"]
    return groups, code.to_numpy().astype(np.int64)


def _growth(level: Matrix) -> Matrix:
    """Change of the logarithm from two years before to the year before."""
    log = np.log(np.where(level > 0, level, np.nan))
    return lagged(log, 1) - lagged(log, 2)


def lagged(matrix: Matrix, years: int, fill: float = np.nan) -> Matrix:
    """The matrix `[pair, year]` moved so that each year shows what stood `years` before it."""
    out = np.full(matrix.shape, fill)
    if matrix.shape[1] > years:
        out[:, years:] = matrix[:, :-years]
    return out
