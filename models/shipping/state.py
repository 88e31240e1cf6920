"""What one day hands to the next: last reports of every track, and what has begun and not ended.

One row per track (`kind` track), report that fits no track yet (lone), open call, slow time, pair near each other, and
one row (day) with the last day read. Other columns than those of a kind are null.
"""

from dataclasses import dataclass
from datetime import date

import polars as pl

from models.shipping.calls import RUN
from models.shipping.encounters import PAIR
from models.shipping.loitering import SLOW

TRACK: dict[str, pl.DataType] = {
    "track": pl.String(),
    "sender": pl.Int64(),
    "number": pl.UInt8(),
    "first_s": pl.Int64(),
    "first_lon": pl.Float64(),
    "first_lat": pl.Float64(),
    "last_s": pl.Int64(),
    "fix_s": pl.Int64(),
    "last_lon": pl.Float64(),
    "last_lat": pl.Float64(),
    "kn": pl.Float32(),
    "draught_m": pl.Float32(),
    "status": pl.UInt8(),
    "imo": pl.Int32(),
    "name": pl.String(),
    "km_sum": pl.Float64(),
    "seen_sum_h": pl.Float64(),
}
"""A track: first and last position, last report at all (`last_s`), and sums along it."""
LONE: dict[str, pl.DataType] = {
    "sender": pl.Int64(), "fix_s": pl.Int64(), "last_lon": pl.Float64(), "last_lat": pl.Float64(), "kn": pl.Float32(),
    "imo": pl.Int32(), "name": pl.String(),
}  # fmt: skip
DAY: dict[str, pl.DataType] = {"last_day": pl.Date(), "unread_s": pl.Int64()}
"""Last day that was read, and the end of the latest time that was not."""
CALL: dict[str, pl.DataType] = {
    **{name: kind() for name, kind in RUN.items() if name != "place"}, "place_id": pl.String(),
    "country": pl.String(),
}  # fmt: skip
"""A call: a run near a place, under the place's name."""
SLOW_TIME: dict[str, pl.DataType] = {name: kind() for name, kind in SLOW.items()}
KINDS = {"track": TRACK, "lone": LONE, "call": CALL, "slow": SLOW_TIME, "pair": PAIR, "day": DAY}
COLUMNS: dict[str, pl.DataType] = {
    "kind": pl.String(), **{name: dtype for columns in KINDS.values() for name, dtype in columns.items()},
}  # fmt: skip


@dataclass(frozen=True)
class State:
    """The parts of a state, each with the columns of its kind."""

    track: pl.DataFrame
    lone: pl.DataFrame
    call: pl.DataFrame
    slow: pl.DataFrame
    pair: pl.DataFrame
    day: pl.DataFrame

    @classmethod
    def of(cls, frame: pl.DataFrame | None) -> "State":
        """From one frame; None before the first day."""
        whole = pl.DataFrame(schema=COLUMNS) if frame is None else frame
        return cls(**{kind: whole.filter(pl.col("kind") == kind).select(*columns) for kind, columns in KINDS.items()})

    def between(self, above: int | None, until: int | None) -> "State":
        """What belongs to the senders above one and up to another (None: no bound); all pairs stay."""
        senders = [pl.col("sender") > above] if above is not None else []
        senders += [pl.col("sender") <= until] if until is not None else []
        track, lone = (one.filter(*senders) if senders else one for one in (self.track, self.lone))
        named = track.select("track")
        call, slow = (one.join(named, on="track", how="semi", maintain_order="left") for one in (self.call, self.slow))
        return State(track, lone, call, slow, self.pair, self.day)

    def frame(self) -> pl.DataFrame:
        """All parts as one frame, in a total order."""
        parts = [
            getattr(self, kind).select(pl.lit(kind).alias("kind"), *(pl.col(n).cast(t) for n, t in columns.items()))
            for kind, columns in KINDS.items()
        ]
        whole: pl.DataFrame = pl.concat([pl.DataFrame(schema=COLUMNS), *parts], how="diagonal").select(*COLUMNS)
        return whole.sort("kind", "track", "sender", "other", "fix_s", "began_step")

    def after(self, day: date) -> pl.DataFrame:
        """The row DAY once a day is read."""
        last: date | None = self.day["last_day"].item() if self.day.height else None
        unread: int | None = self.day["unread_s"].item() if self.day.height else None
        if last is not None and (day - last).days > 1:
            unread = (day - date(1970, 1, 1)).days * 86_400
        return pl.DataFrame({"last_day": [day], "unread_s": [unread]}, schema=DAY)


def track_id(sender: str = "sender", number: str = "number") -> pl.Expr:
    """Name of a track: MMSI:n; of files that number their ships in their own way, the file's sum and the number."""
    own = -pl.col(sender)
    file = pl.format("f{}.{}", own // (1 << 20), own % (1 << 20))
    name = pl.when(pl.col(sender) < 0).then(file).otherwise(pl.col(sender).cast(pl.String))
    return pl.format("{}:{}", name, pl.col(number))
