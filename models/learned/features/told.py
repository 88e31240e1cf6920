"""What others say of a flow: the channels' statistics, published bans, and the gravity model where it was fitted."""

import numpy as np
import polars as pl

from models.flows.ban import MARKET, banned_shares
from models.flows.calibrate import is_test
from models.learned.features.cells import Cells, Vector, log, share

CHANNELS = {
    "mirror_gap": "how far imports over exports rose above this pair's own past",
    "one_sided": "how rarely such a partner is silent",
    "unit_value": "how far the price per kg is from this pair's habit",
    "balance": "how far the exporter's sales exceed what it can have had",
    "jump": "how far the flow rose above its own past",
    "ban_break": "how much partners declare of goods whose export is banned",
    "disparity": "how large the flow is for how the trade of its countries is spread",
    "pass_through": "how much the exporter passes on of what it buys",
    "two_cycle": "how much goods go to a country and come back",
    "code_switch": "how much is missing here that stands under other codes",
    "partner_switch": "how much is missing here that stands with other partners",
    "new_route": "how large a route is that is new",
    "three_path": "how a producer's goods reach the market through a third country",
    "edge_stream": "how suddenly the flow appears among the months",
}
"""Channel -> what its statistic measures. These taught the shipped trees; a channel that came later is no feature until
somebody trains again."""
LIMIT = 10.0
"""A country that could have sold this many times more than it did has enough."""
MEANINGS = {
    **{f"channel_{name}": f"Statistic of the channel {name}: {text}." for name, text in CHANNELS.items()},
    "exporter_balance": "The largest statistic of the channel balance among this exporter's flows of the year.",
    "importer_balance": "The same for the importer, as an exporter.",
    "exporter_excess_share": "What part of the exporter's sales no mine, purchase or stock accounts for.",
    "exporter_is_listed_producer": "Whether the production source lists the exporter (1) or not (0).",
    "banned_share_of_year": "The part of the year in which a published ban covers this export.",
    "banned_share_last_year": "The same for the year before.",
    "banned_elsewhere": "What share of this code's usual trade came from other countries under a ban this year.",
    "above_gravity": "The flow over what the gravity model fits for it, this year among its data (logarithm).",
    "above_forecast": "The flow over what the gravity model forecasts from the years before (logarithm).",
}


def told(
    cells: Cells, statistics: pl.DataFrame, events: pl.DataFrame, fitted: pl.DataFrame | None
) -> dict[str, Vector]:
    """Statistics of all channels, NaN where one is silent, and what follows from bans and gravity."""
    wide = _pivot(cells, statistics)
    return {
        **{f"channel_{name}": wide[name] for name in CHANNELS},
        **_balance(cells, statistics),
        **_bans(cells, events),
        "above_gravity": _above(cells, fitted, "log_fitted"),
        "above_forecast": _above(cells, fitted, "log_gravity"),
    }


def _pivot(cells: Cells, statistics: pl.DataFrame) -> dict[str, Vector]:
    """Statistic of each channel beside each flow; placebo rows of the ban are none."""
    said = statistics.filter(is_test()).select("flow_id", pl.col("channel").cast(pl.String), "statistic")
    placed = cells.rows.select("flow_id").with_row_index("row")
    said = said.reverse().join(placed, on="flow_id", how="inner", maintain_order="left")
    out = {name: np.full(cells.height, np.nan) for name in CHANNELS}
    for name, values in out.items():
        mine = said.filter(pl.col("channel") == name)
        # What is said first of a flow comes last and stays.
        values[mine["row"].to_numpy()] = mine["statistic"].to_numpy()
    return out


def _beside(rows: pl.DataFrame, table: pl.DataFrame, on: list[str], name: str) -> Vector:
    joined = rows.select(on).join(table.select(*on, name), on=on, how="left", maintain_order="left")
    return joined[name].cast(pl.Float64).fill_null(np.nan).to_numpy()


def _balance(cells: Cells, statistics: pl.DataFrame) -> dict[str, Vector]:
    """What the channel balance says of a country and year, for all flows of that country."""
    number = {
        name: pl.col("parts").list.eval(
            pl.element().struct.field("value").filter(pl.element().struct.field("name") == name)
        ).list.first()
        for name in ("excess_kg", "exports_kg", "is_listed_producer")
    }  # fmt: skip
    said = statistics.filter(pl.col("channel").cast(pl.String) == "balance")
    said = said.join(cells.rows.select("flow_id", "source", "exporter", "period"), on="flow_id", how="inner")
    countries = said.group_by("source", "period", country="exporter").agg(
        pl.col("statistic").max(),
        excess_share=(number["excess_kg"] / number["exports_kg"]).max().clip(lower_bound=-LIMIT),
        listed=number["is_listed_producer"].max(),
    )
    out = {}
    for name, end, column in (
        ("exporter_balance", "exporter", "statistic"),
        ("importer_balance", "importer", "statistic"),
        ("exporter_excess_share", "exporter", "excess_share"),
        ("exporter_is_listed_producer", "exporter", "listed"),
    ):
        on = ["source", end, "period"]
        out[name] = _beside(cells.rows, countries.rename({"country": end}), on, column)
    return out


def _bans(cells: Cells, events: pl.DataFrame) -> dict[str, Vector]:
    """Bans of the exporter now and last year, and of others."""
    markets = cells.rows.select(MARKET)
    both = pl.concat([markets, markets.with_columns(pl.col("period") - 1)])
    shares = banned_shares(both, events)
    before = shares.with_columns(pl.col("period") + 1)
    now, last = (_beside(markets, one, MARKET, "banned_share_of_year") for one in (shares, before))
    usual = np.nan_to_num(np.nanmax(np.column_stack([cells.past(cells.amount("value"), 3), np.zeros(cells.height)]), 1))
    keys = ("source", "commodity", "year")
    banned = cells.over(usual * (now > 0), *keys) - cells.over(usual * (now > 0), *keys[:1], "exporter", *keys[1:])
    return {
        "banned_share_of_year": now,
        "banned_share_last_year": last,
        "banned_elsewhere": np.nan_to_num(share(banned, cells.over(usual, *keys))),
    }


def _above(cells: Cells, fitted: pl.DataFrame | None, name: str) -> Vector:
    if fitted is None or name not in fitted.columns:
        return np.full(cells.height, np.nan)
    expected = _beside(cells.rows, fitted, ["flow_id"], name)
    return np.where(np.isfinite(expected), log(cells.amount("value")) - expected, np.nan)
