"""What vessels did, as rows that all modules write alike: calls at ports and voyages between them."""

import polars as pl

CALL = {
    "vessel": pl.Int64,
    "place": pl.Int64,
    "arrives_s": pl.Float64,
    "berths_s": pl.Float64,
    "leaves_s": pl.Float64,
    "came": pl.Boolean,
}
"""A stay: first rest, rest at the berth (null without), leaving; `came`: from sea, not only heard from then on."""
VOYAGE = {
    "vessel": pl.Int64,
    "start": pl.Int64,
    "end": pl.Int64,
    "departs_s": pl.Float64,
    "arrives_s": pl.Float64,
    "length_km": pl.Float64,
    "before_m": pl.Float64,
    "after_m": pl.Float64,
    "load": pl.Int64,
}
"""A passage with the draught before and after the stay from which it left; `load` is -1 without goods of the world."""


def rows(schema: dict[str, type[pl.DataType]], *columns: object) -> pl.DataFrame:
    """A frame of one of the schemas, its columns given in order; single values are repeated."""
    return pl.DataFrame(dict(zip(schema, columns, strict=True)), schema=schema)  # type: ignore[arg-type]
