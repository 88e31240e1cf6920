"""Tables of which a reader takes one part, and how the parts are told."""

from collections.abc import Mapping

import polars as pl

from graphs.commodities import family_expr
from graphs.periods import year_of

SHARE_KEYS: Mapping[str, pl.Expr] = {
    "parsed": year_of("period"),
    "declarations": family_expr("commodity"),
    "baci": pl.col("family"),
}
