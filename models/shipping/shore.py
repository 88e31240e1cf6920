"""Which port or anchorage a ship is at."""

from dataclasses import dataclass

import numpy as np
import polars as pl

from graphs.nearest import Nearest
from models.shipping import calls
from models.shipping.rules import RULES, Rules
from models.shipping.state import CALL

PLACES = ("port", "anchorage")


@dataclass(frozen=True)
class Shore:
    """Ports and anchorages, numbered in the order of the place that stands for each."""

    ids: pl.Series
    countries: pl.Series
    is_port: pl.Series
    ports: Nearest
    anchorages: Nearest
    all: Nearest
    rules: Rules

    @classmethod
    def of(cls, places: pl.DataFrame, rules: Rules = RULES) -> "Shore":
        """Of table `places`."""
        near = places.filter(pl.col("kind").cast(pl.String).is_in(PLACES))
        standing = near.filter(pl.col("same_as").is_null()).sort("place_id")
        return cls(
            standing["place_id"], standing["country"], standing["kind"].cast(pl.String) == "port",
            Nearest.of(near, ("port",)), Nearest.of(near, ("anchorage",)), Nearest.of(near), rules,
        )  # fmt: skip

    def near(self, rows: pl.DataFrame) -> dict[str, pl.Series]:
        """place (number, -1 for none within 12 km) and place_km of positions; a port comes before an anchorage."""
        lon, lat = rows["lon"].to_numpy(), rows["lat"].to_numpy()
        port, port_km = self._rows(self.ports, lon, lat)
        other, other_km = self._rows(self.anchorages, lon, lat)
        takes_port = (port_km <= self.rules.port_km) | (port_km <= other_km)
        place = np.where(takes_port, port, other)
        return {
            "place": pl.Series(place, dtype=pl.Int32),
            "place_km": pl.Series(np.where(takes_port, port_km, other_km), dtype=pl.Float64),
        }

    def _rows(self, kind: Nearest, lon: np.ndarray, lat: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        row, km = kind.rows(lon, lat, self.rules.leave_km)
        names = kind.places.select(pl.coalesce("same_as", "place_id").alias("place_id")).to_series()
        number = self._number(names).to_numpy() if len(names) else np.empty(0, dtype=np.int64)
        return np.where(row >= 0, number[np.maximum(row, 0)] if len(number) else -1, -1), km

    def _number(self, names: pl.Series) -> pl.Series:
        """Numbers of places; -1 for a name that stands for none."""
        known = pl.DataFrame({"place_id": self.ids}).with_row_index("place")
        found = names.alias("place_id").to_frame().join(known, on="place_id", how="left", maintain_order="left")
        return found["place"].cast(pl.Int64).fill_null(-1)

    def numbered(self, open_calls: pl.DataFrame) -> pl.DataFrame:
        """Open calls as RUN; those at places that are gone are dropped."""
        rows = open_calls.with_columns(place=self._number(open_calls["place_id"]))
        return rows.filter(pl.col("place") >= 0).select(pl.col(name).cast(kind) for name, kind in calls.RUN.items())

    def named(self, runs: pl.DataFrame) -> pl.DataFrame:
        """RUN as CALL."""
        rows = runs.with_columns(place_id=self.ids.gather(runs["place"]), country=self.countries.gather(runs["place"]))
        return rows.select(pl.col(name).cast(kind) for name, kind in CALL.items())

    def seen(self, rows: pl.DataFrame) -> pl.DataFrame:
        """Rows with lon and lat, and the nearest place."""
        lon, lat = (rows[name].cast(pl.Float64).fill_null(float("nan")).to_numpy() for name in ("lon", "lat"))
        found = self.all.find(lon, lat)
        return rows.with_columns(place_id=found["place_id"], place_km=found["km"])
