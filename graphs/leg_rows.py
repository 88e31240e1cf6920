"""Legs that a user or a training world brings, to table `legs`: a csv `from_place,to_place,mode,length_km,hours,
cost_usd_per_t`. Where a leg has no row for the way back, the way back is like it."""

from dataclasses import dataclass

import polars as pl

from graphs.faults import Fault, split
from graphs.places_rows import TIMELESS
from graphs.tables_places import LEG_MODES, Legs

SOURCE = "legs"
ENDS = ("from_place", "to_place")
AMOUNTS = ("length_km", "hours", "cost_usd_per_t")
COLUMNS = (*ENDS, "mode", *AMOUNTS)
MOST = 1e7
"""No length, time or freight of one leg is larger."""


@dataclass(frozen=True)
class Told:
    """Legs (schema Legs) in both directions, and rows that cannot be used (schema Quarantine)."""

    legs: pl.DataFrame
    quarantine: pl.DataFrame


def tidy_legs(raw: pl.DataFrame, places: pl.DataFrame, *, file: str, raw_sha256: str) -> Told:
    """Rows of text with `raw_row` and COLUMNS; an end that was joined with another place stands for that place."""
    standing = places.select("place_id", pl.coalesce("same_as", "place_id").alias("standing"), "country")
    text = raw.with_columns(pl.col(COLUMNS).cast(pl.String).str.strip_chars())
    for end in ENDS:
        known = standing.rename({"place_id": end, "standing": f"{end}_id", "country": f"{end}_country"})
        text = text.join(known, on=end, how="left", maintain_order="left")
    read = text.with_columns(pl.col(name).cast(pl.Float64, strict=False).alias(f"{name}_read") for name in AMOUNTS)
    good, refused = split(read, _faults(), source=SOURCE, file=file, raw_sha256=raw_sha256)
    there = good.select(
        *(pl.col(f"{end}_id").alias(end) for end in ENDS),
        pl.col("mode").str.to_lowercase(),
        *(pl.col(f"{name}_read").alias(name) for name in AMOUNTS),
        pl.lit(0.0).alias("off_network_km"),
        pl.lit(False).alias("is_estimated"),
        (pl.col("from_place_country") != pl.col("to_place_country")).fill_null(False).alias("crosses_border"),
        pl.lit([], pl.List(pl.String)).alias("passages"),
        pl.lit(SOURCE).alias("source"),
        pl.lit(TIMELESS).alias("known_from"),
    )
    back = there.with_columns(pl.col("to_place").alias("from_place"), pl.col("from_place").alias("to_place"))
    both = pl.concat([there, back]).unique(Legs.primary_key(), keep="first", maintain_order=True)
    return Told(Legs.cast(both.select(Legs.column_names())).sort(Legs.primary_key()), refused)


def replaced(legs: pl.DataFrame, mine: pl.DataFrame) -> pl.DataFrame:
    """Legs of a network with a user's own in their place; guessed lines from places that these reach are left out."""
    if mine.is_empty():
        return legs
    reached = mine["from_place"].unique().implode()
    guessed = pl.col("is_estimated") & (pl.col("from_place").is_in(reached) | pl.col("to_place").is_in(reached))
    together = pl.concat([mine, legs.filter(guessed.not_())])
    return together.unique(Legs.primary_key(), keep="first", maintain_order=True).sort(Legs.primary_key())


def _faults() -> list[Fault]:
    nothing = pl.lit(None, pl.String)
    mode = pl.col("mode").str.to_lowercase()
    listed = pl.lit(f"it is no means of transport; expected one of {', '.join(LEG_MODES)}")
    again = pl.struct(*(f"{end}_id" for end in ENDS), mode).is_first_distinct().not_()
    return [
        *(
            Fault(end, pl.col(f"{end}_id").is_null(), pl.col(end),
                  pl.lit(f"{end} is no place that is known; name its place_id, or add it to a file of places"))
            for end in ENDS
        ),
        Fault("to_place", pl.col("from_place_id") == pl.col("to_place_id"), pl.col("to_place"),
              pl.lit("both ends are one place; remove the row")),
        Fault("mode", mode.is_in(LEG_MODES).fill_null(False).not_(), pl.col("mode"), listed),
        *(_amount(name) for name in AMOUNTS),
        Fault("from_place", again, nothing, pl.lit("an earlier row holds this leg, which was kept; remove one")),
    ]  # fmt: skip


def _amount(name: str) -> Fault:
    value = pl.col(f"{name}_read")
    bad = value.is_between(0.0, MOST).fill_null(False).not_() | value.is_nan().fill_null(True)
    return Fault(name, bad, pl.col(name), pl.lit(f"{name} is no number from zero up; correct it or remove the row"))
