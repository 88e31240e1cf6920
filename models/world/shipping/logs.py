"""What vessels did, as all modules write it: a track, calls at ports and voyages between them."""

from dataclasses import dataclass

import polars as pl

from models.world.shipping.tracks import Track, joined

CALL: dict[str, type[pl.DataType]] = {
    "vessel": pl.Int64,
    "place": pl.Int64,
    "arrives_s": pl.Float64,
    "berths_s": pl.Float64,
    "leaves_s": pl.Float64,
    "came": pl.Boolean,
}
"""A stay: first rest, rest at the berth (null without), leaving; `came`: from sea, not only heard from then on."""
VOYAGE: dict[str, type[pl.DataType]] = {
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
    return pl.DataFrame(dict(zip(schema, columns, strict=True)), schema=schema)


@dataclass(frozen=True)
class Log:
    """What some vessels did."""

    track: Track
    calls: pl.DataFrame
    voyages: pl.DataFrame


def gathered(logs: list[Log]) -> Log:
    """All of them as one."""
    return Log(
        joined([one.track for one in logs]),
        pl.concat([rows(CALL, *([[]] * len(CALL))), *(one.calls for one in logs)]),
        pl.concat([rows(VOYAGE, *([[]] * len(VOYAGE))), *(one.voyages for one in logs)]),
    )
