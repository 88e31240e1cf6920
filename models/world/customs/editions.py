"""Editions of the Harmonized System: the same goods under the codes of the year, or of an edition already replaced.

Goods carry the codes of the edition that was in force from 2017. Source: correlation tables of the World Customs
Organization as UN Comtrade lists codes by edition.
"""

import numpy as np
import polars as pl

from models.world.config import WorldConfig
from models.world.customs.draws import Draws
from models.world.customs.forms import AMOUNTS, LINE
from models.world.customs.lines import keys
from models.world.customs.offices import EDITIONS, edition_of
from models.world.customs.sums import added

OLDER = (
    (440929, 3, 440920),  # bamboo and other wood apart from H3
    (711291, 2, 711210),  # renumbered with H2
    (810320, 2, 810310),  # with scrap until H1
    (810520, 2, 810510),
    (440349, 1, 440331),  # light and dark meranti, white lauan and other tropical woods stood first
    (440729, 1, 440722),
)
"""Code, first edition that has it, code of the editions before."""
NEWER = (
    (440349, 6, 440342, 0.3),  # teak apart from H6
    (440729, 6, 440723, 0.2),
    (440929, 5, 440922, 0.35),  # tropical wood apart from H5
)
"""Code, edition that takes something out of it, code it goes to, middling share."""


def with_editions(config: WorldConfig, offices: pl.DataFrame, rows: pl.DataFrame) -> pl.DataFrame:
    """Rows in the codes of the edition that the office uses that year; `edition` is its number.

    Where an edition takes a part out of a code, each line has its own share of it.
    """
    lags = dict(zip(offices["reporter"], offices["edition_lag"], strict=True))
    lag = pl.col("reporter").replace_strict(lags, return_dtype=pl.Int32)
    frame = rows.with_columns(edition=edition_of(pl.col("year"), lag))
    code = pl.col("commodity")
    older = code
    for new, first, old in OLDER:
        older = pl.when((code == new) & (pl.col("edition") < first)).then(pl.lit(old, pl.Int32)).otherwise(older)
    frame = frame.with_columns(commodity=older)
    for old, first, new, share in NEWER:
        frame = _split(config, frame, old, first, new, share)
    return added(frame, (*LINE, "year", "edition", "is_withheld"), AMOUNTS)


def _split(config: WorldConfig, rows: pl.DataFrame, old: int, first: int, new: int, share: float) -> pl.DataFrame:
    """Take a share out of a code: the middling one to a power of the line's own."""
    test = (pl.col("commodity") == old) & (pl.col("edition") >= first)
    hit, rest = rows.filter(test), rows.filter(test.not_())
    power = np.exp(config.customs.split_spread * Draws.of(config, f"edition {new}").normal(*keys(hit, LINE)))
    part = pl.Series(share**power)
    left = hit.with_columns(pl.col(name) * (1 - part) for name in AMOUNTS)
    moved = hit.with_columns(pl.lit(new, pl.Int32).alias("commodity"), *(pl.col(name) * part for name in AMOUNTS))
    return pl.concat([rest, left, moved])


def edition_name(column: str = "edition") -> pl.Expr:
    """H0 to H6 of an edition's number."""
    return pl.col(column).replace_strict(dict(enumerate(name for name, _ in EDITIONS)), return_dtype=pl.String)
