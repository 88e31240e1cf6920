"""Ordinary reasons of a silence, as for flows: each is excluded, possible or cannot be tested.

The share of a reason is the share of the silent hours that it could account for. What no reason covers is the
confidence that the silence needs another explanation; it is never said what that is.
"""

from collections.abc import Callable

import polars as pl

from models.shipping.coverage import CELL, cell, hours
from models.shipping.rules import HOUR_S, RULES

HOURLY = 0.8
"""A cell is heard hour after hour if it was in so many of the hours before."""
BEFORE_H = 24
FAILED = 0.5
"""A receiver may have failed if so many of the silent hours brought nothing from the cell."""
OTHERS = 3
"""Or if so many ships under way fell silent there on that day."""
REVISITS = 3.0
"""19 of 20 waits for a satellite that comes at random are shorter than three mean ones."""


def reception(gaps: pl.DataFrame) -> pl.DataFrame:
    """The receivers of the region heard nobody, or several ships fell silent there."""
    failed = pl.max_horizontal(*(_failed(end) for end in _ENDS))
    testable = pl.any_horizontal(*(pl.col(f"{end}_before") >= HOURLY for end in _ENDS))
    return _answer(gaps, failed, testable)


def power_down(gaps: pl.DataFrame) -> pl.DataFrame:
    """The ship lay in port, where transponders are powered down."""
    same = (pl.col("place_id") == pl.col("place_end")).fill_null(False)
    near = (pl.col("place_km") <= RULES.port_km) & (pl.col("place_end_km") <= RULES.port_km)
    stays = (pl.col("kn") < RULES.rest_kn).fill_null(False)
    share = pl.when(same & near.fill_null(False) & stays).then(1.0).otherwise(0.0)
    return _answer(gaps, share, pl.col("place_id").is_not_null())


def satellite(gaps: pl.DataFrame) -> pl.DataFrame:
    """No satellite passed over a sea that no receiver ashore hears."""
    share = pl.max_horizontal(
        *(
            pl.when(pl.col(f"{end}_heard") < HOURLY)
            .then((REVISITS / pl.col(f"{end}_heard").clip(lower_bound=1e-3) / pl.col("hours")).clip(0.0, 1.0))
            .otherwise(0.0)
            for end in _ENDS
        )
    )
    return _answer(gaps, share, pl.all_horizontal(*(pl.col(f"{end}_heard").is_not_null() for end in _ENDS)))


def unread_day(gaps: pl.DataFrame) -> pl.DataFrame:
    """Positions of a day between were not read."""
    return _answer(gaps, pl.lit(0.0), pl.lit(True))


SHIP_CAUSES: dict[str, Callable[[pl.DataFrame], pl.DataFrame]] = {
    "reception": reception, "power_down": power_down, "satellite": satellite, "unread_day": unread_day,
}  # fmt: skip
"""Ordinary reasons in the order in which they are told."""
_ENDS = ("start", "finish")


def causes(gaps: pl.DataFrame, coverage: pl.DataFrame) -> pl.DataFrame:
    """Gaps (fold.EVENT) with causes (list of cause, verdict, share), main_cause and confidence."""
    rows = _with_coverage(gaps.with_row_index("gap"), coverage)
    told = pl.concat(
        [
            one(rows).with_columns(cause=pl.lit(name), at=pl.lit(at))
            for at, (name, one) in enumerate(SHIP_CAUSES.items())
        ]
    ).sort("gap", "at")
    possible = told.filter(pl.col("verdict") == "possible").sort("gap", "share", "at", descending=[False, True, False])
    main = possible.group_by("gap", maintain_order=True).agg(
        main_cause=pl.col("cause").first(), most=pl.col("share").first()
    )
    lists = told.group_by("gap", maintain_order=True).agg(causes=pl.struct("cause", "verdict", "share"))
    joined = rows.join(lists, on="gap", how="left", maintain_order="left").join(
        main, on="gap", how="left", maintain_order="left"
    )
    return joined.select(*gaps.columns, "causes", "main_cause", confidence=1.0 - pl.col("most").fill_null(0.0))


def _failed(end: str) -> pl.Expr:
    """Share of the gap's hours in which a cell that was heard before was not heard, or that others were silent too."""
    silent = pl.when(pl.col(f"{end}_unheard") >= FAILED).then(pl.col(f"{end}_unheard")).otherwise(0.0)
    others = pl.when(pl.col(f"{end}_fell").fill_null(0) >= OTHERS).then(FAILED).otherwise(0.0)
    return pl.when(pl.col(f"{end}_before") >= HOURLY).then(pl.max_horizontal(silent, others)).otherwise(0.0)


def _answer(gaps: pl.DataFrame, share: pl.Expr, testable: pl.Expr) -> pl.DataFrame:
    can = testable.fill_null(False)
    verdict = (
        pl.when(~can).then(pl.lit("cannot_test")).when(share > 0).then(pl.lit("possible")).otherwise(pl.lit("excluded"))
    )
    return gaps.select("gap", verdict=verdict, share=pl.when(can).then(share.cast(pl.Float64)))


def _with_coverage(gaps: pl.DataFrame, coverage: pl.DataFrame) -> pl.DataFrame:
    """Gaps with, for the cell of each end: share of hours heard on all days read (heard), in the day before (before;
    null where that was not read), unheard during the gap (unheard), and ships that fell silent that day (fell)."""
    rows = gaps.with_columns(
        hours=(pl.col("ended_s") - pl.col("began_s")) / HOUR_S,
        from_hour=pl.col("began_s") // HOUR_S + 1,
        to_hour=pl.col("ended_s") // HOUR_S,
    )
    for end, where in zip(_ENDS, (("lon", "lat"), ("lon_end", "lat_end")), strict=True):
        here = rows.select("gap", "from_hour", "to_hour", **cell(*where))
        rows = rows.join(_about(here, coverage, end), on="gap", how="left", maintain_order="left")
    return rows


def _about(here: pl.DataFrame, coverage: pl.DataFrame, end: str) -> pl.DataFrame:
    """What is known of the cell in which each gap begins or ends."""
    cells = list(CELL)
    days, first = coverage["known_from"].n_unique(), coverage["known_from"].min()
    heard = hours(coverage.join(here, on=cells, how="semi"))
    usual = heard.group_by(CELL).agg(share=pl.len() / max(24 * days, 1))
    inside = here.join(heard, on=cells).filter(pl.col("hour") >= pl.col("from_hour") - BEFORE_H - 1)
    counts = inside.group_by("gap").agg(
        within=pl.col("hour").is_between("from_hour", pl.col("to_hour") - 1).sum(),
        ahead=(pl.col("hour") < pl.col("from_hour") - 1).sum(),
    )
    day = pl.from_epoch((pl.col("from_hour") - 1) * HOUR_S, time_unit="s").dt.date()
    rows = here.with_columns(known_from=day).join(coverage, on=["known_from", *CELL], how="left")
    rows = rows.join(counts, on="gap", how="left").join(usual, on=cells, how="left")
    span = (pl.col("to_hour") - pl.col("from_hour")).clip(lower_bound=1)
    was_read = pl.lit(first is not None) & (pl.col("known_from") > pl.lit(first, dtype=pl.Date))
    columns = {
        "heard": pl.when(pl.col("cell_lon").is_not_null() & (days > 0)).then(pl.col("share").fill_null(0.0)),
        "before": pl.when(was_read).then(pl.col("ahead").fill_null(0) / BEFORE_H),
        "unheard": (1.0 - pl.col("within").fill_null(0) / span).clip(0.0, 1.0),
        "fell": pl.col("fell_silent"),
    }
    return rows.select("gap", *(told.alias(f"{end}_{name}") for name, told in columns.items()))
