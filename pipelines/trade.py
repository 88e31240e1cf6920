"""One market of a home as a network: the trade of a code family in a year, by one source.

Read from the drawn graph, so that what is measured here is what the store holds. Imports neither Dagster nor the
schema library.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import polars as pl

from graphs.errors import InputError
from graphs.flags import Flag, has_flag
from graphs.measures.intervals import measure
from graphs.measures.network import Network, network_of
from graphs.measures.nodes import MEASURES
from pipelines import queries
from pipelines.graph_store import EDGES, NODES
from pipelines.home import Home

EXPORTS_TO = "EXPORTS_TO"
PRODUCES = ("Country-PRODUCES-Family", "Residual-PRODUCES-Family")
EARTH_KM = 6371.0
"""Mean radius."""
SEED = 0
"""Of whatever is drawn at random about a market."""
COUNTRIES_ONLY = "Country-EXPORTS_TO-Country"


@dataclass(frozen=True)
class Market:
    """A family, a year and a source; `of` fills in what the user left open."""

    home: Home
    family: str
    year: int
    source: str

    @classmethod
    def of(cls, home: Home, family: str, year: int | None, source: str | None) -> "Market":
        """The market that is meant: the source with most flows, its last whole year.

        Raises InputError where the home holds none of it, and HomeError where there are no flows at all.
        """
        name = queries.family(family)
        if name not in home.partitions("flows"):
            home.scan("flows")  # raises the sentence about a missing table
            raise InputError(f"this home holds no trade in {name}; it holds {', '.join(home.partitions('flows'))}")
        held = holdings(home, name)
        if held.is_empty():
            raise InputError(f"the graph holds no trade in {name}: it is of years, and of what was known on its day")
        if source is not None and source not in held["source"]:
            raise InputError(f"no source {source!r} for {name}; there is {', '.join(held['source'])}")
        row = held.filter(pl.col("source") == source) if source else held.head(1)
        first, last = row["first"].item(), row["last"].item()
        if year is not None and not first <= year <= row["newest"].item():
            raise InputError(f"{row['source'].item()} holds {name} from {first} to {row['newest'].item()}, not {year}")
        return cls(home, name, year or last, row["source"].item())

    @cached_property
    def edges(self) -> pl.DataFrame:
        """EXPORTS_TO edges between all kinds of areas, this year and the next (chains may lag)."""
        tables = [one for one in self.home.partitions(EDGES) if EXPORTS_TO in one]
        return self._of(tables)

    @cached_property
    def between_countries(self) -> pl.DataFrame:
        """EXPORTS_TO edges between countries: residual areas are nobody in particular."""
        return self._of([COUNTRIES_ONLY])

    @property
    def this_year(self) -> pl.DataFrame:
        """Edges of the year between different areas of any kind."""
        return self.edges.filter(pl.col("year") == self.year, pl.col("start") != pl.col("end"))

    @property
    def countries_this_year(self) -> pl.DataFrame:
        """Edges of the year between different countries."""
        return self.between_countries.filter(pl.col("year") == self.year, pl.col("start") != pl.col("end"))

    @cached_property
    def with_distance(self) -> pl.DataFrame:
        """Edges of the year between countries with `distance_km`, the great circle between capitals; null without."""
        seats = self.home.scan(NODES, ["Country"]).select("code", "lon", "lat").collect()
        rows = self.countries_this_year
        for end in ("start", "end"):
            named = {"code": end, "lon": f"{end}_lon", "lat": f"{end}_lat"}
            rows = rows.join(seats.rename(named), on=end, how="left", maintain_order="left")
        angle = {name: pl.col(name).radians() for name in ("start_lon", "start_lat", "end_lon", "end_lat")}
        half = ((angle["end_lat"] - angle["start_lat"]) / 2).sin() ** 2
        across = ((angle["end_lon"] - angle["start_lon"]) / 2).sin() ** 2
        haversine = half + angle["start_lat"].cos() * angle["end_lat"].cos() * across
        return rows.with_columns(distance_km=2 * EARTH_KM * haversine.sqrt().arcsin())

    @cached_property
    def with_risk(self) -> pl.DataFrame:
        """Edges of the year between countries with `risk`, how unstable the destination is, 0 to 1; null without.

        The World Bank's estimate is in standard normal units, higher being more stable: risk is the share of the
        normal distribution above it. Its last year not after that of the trade counts.
        """
        rows = self.home.scan("governance").filter(pl.col("year") <= self.year).sort("year").collect()
        last = rows.group_by("country", maintain_order=True).agg(pl.col("estimate").drop_nulls().last())
        above = [None if one is None else 0.5 * math.erfc(one / math.sqrt(2)) for one in last["estimate"]]
        risk = last.select(end="country", risk=pl.Series(above, dtype=pl.Float64))
        return self.countries_this_year.join(risk, on="end", how="left", maintain_order="left")

    @cached_property
    def production(self) -> pl.DataFrame:
        """PRODUCES edges of all years."""
        return self.home.scan(EDGES, PRODUCES).filter(pl.col("end") == self.family).collect()

    @cached_property
    def network(self) -> Network:
        """The trade between countries as a network."""
        return network_of(self.between_countries, self.family, self.year, self.source)

    def measured(self, names: Iterable[str] = tuple(MEASURES)) -> pl.DataFrame:
        """Measures of its nodes with rank intervals (`graphs.measures.intervals`), the same at every call."""
        return measure(self.network, np.random.default_rng(SEED), names=names)

    def _of(self, tables: list[str]) -> pl.DataFrame:
        near = pl.col("year").is_between(self.year, self.year + 1)
        mine = (pl.col("family") == self.family) & (pl.col("source") == self.source) & near
        return self.home.scan(EDGES, tables).filter(mine).collect()


def holdings(home: Home, family: str | None) -> pl.DataFrame:
    """Sources of a family, or of all, in the drawn graph with their years, most flows first; empty where it holds none.

    `newest` is the last year, `last` the last that is not provisional.
    """
    drawn = home.scan(EDGES, [one for one in home.partitions(EDGES) if EXPORTS_TO in one])
    flows = home.scan("flows", [family] if family else None).filter(has_flag(Flag.PROVISIONAL))
    open_years = flows.select("source", year=pl.col("period").cast(pl.Int64), is_open=pl.lit(True)).unique()
    mine = drawn.filter(pl.col("family") == family) if family else drawn
    rows = mine.join(open_years, on=["source", "year"], how="left")
    year = pl.col("year")
    last = pl.coalesce(year.filter(pl.col("is_open").is_null()).max(), year.max())
    found = rows.group_by("source").agg(first=year.min(), last=last, newest=year.max(), flows=pl.col("flows").sum())
    return found.sort("flows", "source", descending=[True, False]).collect()
