"""By which means of transport goods crossed the border, as the office of one side declares it: table `transport_modes`.

UN Comtrade has a code for each mode (2100 sea, 3200 road); most offices send the total alone. Rows of one mode are
added up over customs procedures only where no row for all procedures stands beside them. A mode that contains others
(2000, water) gives way to those that are declared beside it.
"""

from collections.abc import Mapping

import polars as pl

from graphs.flags import Flag, has_flag
from graphs.tables_places import TransportModes

MODES: Mapping[int, str] = {
    1000: "air", 2100: "sea", 2200: "river", 3100: "rail", 3200: "road", 9100: "pipe", 9110: "pipe", 9200: "post",
    2000: "other", 2900: "other", 3000: "other", 3900: "other", 9120: "other", 9300: "other", 9900: "other",
}  # fmt: skip
"""Modes of UN Comtrade; water or land of which no more is said count as other, and any other code as unknown."""
SIDES = {"X": "export", "M": "import"}
KEY = ["source", "exporter", "importer", "commodity", "period", "side"]
ROUNDING = 1.01
"""A part that exceeds its total by more than this belongs to another total: its share is not known."""


def transport_modes(declarations: pl.LazyFrame) -> pl.DataFrame:
    """Rows of table transport_modes from table declarations; empty where no office breaks its trade down by mode."""
    sided = declarations.filter(pl.col("flow").cast(pl.String).is_in(list(SIDES))).with_columns(
        pl.col("flow").cast(pl.String).replace_strict(SIDES, return_dtype=pl.String).alias("side"),
        ((pl.col("customs") == "C00") & (pl.col("partner2") == "W00")).alias("is_whole"),
    )
    rows = sided.filter(pl.col("mode") != 0, pl.col("is_whole") | has_flag(Flag.SUMMED_BREAKDOWN)).collect()
    if rows.is_empty():
        return TransportModes.create_empty()
    total = sided.filter(pl.col("mode") == 0, pl.col("is_whole")).select(*KEY, pl.col("value_usd").alias("total_usd"))
    named = _finest(rows).with_columns(
        pl.col("mode").replace_strict(MODES, default="unknown", return_dtype=pl.String).alias("mode")
    )
    summed = named.group_by(*KEY, "mode").agg(
        *(_sum(name) for name in ("value_usd", "mass_kg")), pl.col("known_from").max()
    )
    share = pl.col("value_usd") / pl.col("total_usd")
    shared = summed.join(total.collect().unique(KEY, keep="first"), on=KEY, how="left").with_columns(
        pl.when(pl.col("total_usd") > 0, share <= ROUNDING).then(share.clip(0.0, 1.0)).alias("share")
    )
    return TransportModes.cast(shared.select(TransportModes.column_names())).sort(TransportModes.primary_key())


def _finest(rows: pl.DataFrame) -> pl.DataFrame:
    """Rows without the modes of which a part is declared beside them, and without customs procedures of a whole."""
    whole = rows.filter("is_whole").select(*KEY, "mode").unique()
    parts = rows.filter(pl.col("is_whole").not_()).join(whole, on=[*KEY, "mode"], how="anti", maintain_order="left")
    kept = pl.concat([rows.filter("is_whole"), parts])
    parents = [
        kept.select(*KEY, (pl.col("mode") // step * step).alias("parent"), "mode").filter(
            pl.col("parent") != pl.col("mode")
        )
        for step in (10, 100, 1000)
    ]
    listed = pl.concat(parents).select(*KEY, pl.col("parent").alias("mode")).unique()
    return kept.join(listed, on=[*KEY, "mode"], how="anti", maintain_order="left")


def _sum(name: str) -> pl.Expr:
    """Sum of what is declared; null where nothing is."""
    return pl.when(pl.col(name).count() > 0).then(pl.col(name).sum()).alias(name)
