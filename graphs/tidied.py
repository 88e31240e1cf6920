"""What the graph is made from: tidy tables, as lazy frames; part of `graphs.build`."""

from dataclasses import dataclass, field

import polars as pl

from graphs.ids import SEPARATOR
from graphs.periods import LAST_YEAR
from graphs.tables import Alerts, Events, Flows, Production
from graphs.tables_companies import Companies, Manifests
from graphs.tables_places import Legs, Places
from graphs.tables_ships import PortCalls, VesselEvents, Vessels, Voyages

NODES = {"node": pl.UInt32, "lon": pl.Float64, "lat": pl.Float64, "mode": pl.String}
LANES = {"start": pl.UInt32, "end": pl.UInt32, "mode": pl.String, "length_km": pl.Float64, "passage": pl.String}
"""Columns of networks that the graph looks at; they hold no `known_from`."""
FIRST_ANOMALY = 1
"""Claim level from which a scored flow is an Alert node."""


@dataclass(frozen=True)
class Tidy:
    """Tables of the same names. What is drawn from one that is left out is empty."""

    flows: pl.LazyFrame = field(default_factory=lambda: Flows.create_empty().lazy())
    alerts: pl.LazyFrame = field(default_factory=lambda: Alerts.create_empty().lazy())
    production: pl.LazyFrame = field(default_factory=lambda: Production.create_empty().lazy())
    events: pl.LazyFrame = field(default_factory=lambda: Events.create_empty().lazy())
    places: pl.LazyFrame = field(default_factory=lambda: Places.create_empty().lazy())
    legs: pl.LazyFrame = field(default_factory=lambda: Legs.create_empty().lazy())
    vessels: pl.LazyFrame = field(default_factory=lambda: Vessels.create_empty().lazy())
    port_calls: pl.LazyFrame = field(default_factory=lambda: PortCalls.create_empty().lazy())
    voyages: pl.LazyFrame = field(default_factory=lambda: Voyages.create_empty().lazy())
    vessel_events: pl.LazyFrame = field(default_factory=lambda: VesselEvents.create_empty().lazy())
    companies: pl.LazyFrame = field(default_factory=lambda: Companies.create_empty().lazy())
    manifests: pl.LazyFrame = field(default_factory=lambda: Manifests.create_empty().lazy())
    network_nodes: pl.LazyFrame = field(default_factory=lambda: pl.LazyFrame(schema=NODES))
    network_edges: pl.LazyFrame = field(default_factory=lambda: pl.LazyFrame(schema=LANES))

    @property
    def annual(self) -> pl.LazyFrame:
        """Flows of whole years; `year` is their period."""
        annual = self.flows.filter(pl.col("period") <= LAST_YEAR)
        return annual.with_columns(year=pl.col("period").cast(pl.Int64), value_usd=_value(), mass_kg=_mass())

    @property
    def anomalies(self) -> pl.LazyFrame:
        """Scored flows that stand out on the agnostic list, and the alerts of the learned one.

        The learned score alone makes every tenth clean flow an anomaly; below the cut they say nothing.
        """
        shown = (pl.col("list").cast(pl.String) == "agnostic") | pl.col("is_selected")
        return self.alerts.filter(pl.col("claim_level") >= FIRST_ANOMALY, shown)

    @property
    def bans(self) -> pl.LazyFrame:
        """Published export bans with `ban_id`: country, codes joined by +, first day."""
        bans = self.events.filter(pl.col("kind").cast(pl.String) == "ban")
        codes = pl.col("codes").str.replace_all(" ", "+", literal=True)
        named = pl.concat_str("country", codes, pl.col("start").dt.to_string("%Y-%m-%d"), separator=SEPARATOR)
        return bans.with_columns(ban_id=named)


def _is_declared() -> pl.Expr:
    return pl.col("exporter_reported").is_not_null()


def _imports_larger() -> pl.Expr:
    exports, imports = pl.col("export_value_usd"), pl.col("import_value_usd")
    return (imports >= exports) | exports.is_null()


def _value() -> pl.Expr:
    """The larger of two declarations, so that no gap hides in a mean; the estimate of a reconciled source."""
    larger = pl.max_horizontal("export_value_usd", "import_value_usd")
    return pl.when(_is_declared()).then(larger).otherwise("reconciled_value_usd")


def _mass() -> pl.Expr:
    """The mass of the side whose value counts, else the other's; a mass that was estimated counts for neither."""
    sides = [
        pl.when(~pl.col(f"is_{side}_mass_estimated").fill_null(False)).then(f"{side}_mass_kg")
        for side in ("export", "import")
    ]
    own = pl.when(_imports_larger()).then(sides[1]).otherwise(sides[0])
    return pl.when(_is_declared()).then(pl.coalesce(own, *sides)).otherwise("reconciled_mass_kg")
