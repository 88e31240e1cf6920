"""Artefacts that are events of mining and of the market: strikes, new mines, price spikes."""

import polars as pl

from graphs.countries import WORLD
from models.world.artefacts.quiet import Done

KINDS = ("strike", "new_mine", "price_spike")


def happened(events: pl.DataFrame) -> Done:
    """Events as artefacts; what happens on the world market has the world for its country."""
    kinds = pl.col("kind").cast(pl.String)
    rows = events.with_columns(kind=kinds).filter(pl.col("kind").is_in(KINDS))
    rows = rows.sort("kind", "family", "country", "first_year", "last_year", "description", nulls_last=True)
    number = pl.int_range(pl.len()).over("kind")
    return Done.of(
        rows.with_columns(
            artefact_id=pl.concat_str(pl.lit("artefact"), "kind", number, separator=":"),
            country=pl.col("country").fill_null(WORLD),
        )
    )
