"""What a channel or a cause may look at besides the flows it judges."""

from dataclasses import dataclass, field
from datetime import date

import polars as pl


def _no_flows() -> pl.DataFrame:
    from graphs.tables import Flows  # here: `explain` reads this module and must not wait for the schema library

    return Flows.create_empty()


def _no_carriage() -> pl.DataFrame:
    from graphs.tables_ships import CarryingCapacity

    return CarryingCapacity.create_empty()


def _no_modes() -> pl.DataFrame:
    from graphs.tables_places import TransportModes

    return TransportModes.create_empty()


@dataclass(frozen=True)
class Context:
    """Everything known by `as_of` about one code family, apart from its flows."""

    family: str
    as_of: date
    reporting: pl.DataFrame
    """Who declared anything at all, by source, period and direction (table `reporting`)."""
    production: pl.DataFrame
    """Mine output (table `production`), all commodities."""
    governance: pl.DataFrame
    """Political stability by country and year (table `governance`)."""
    events: pl.DataFrame
    """Published export bans (table `events`)."""
    neighbours: pl.DataFrame
    """Flows of other families into whose codes these goods are easily declared (table `flows`)."""
    totals: pl.DataFrame
    """Declarations of this family that are kept but not counted: world totals, headings (table `declarations`)."""
    months: pl.DataFrame = field(default_factory=_no_flows)
    """Monthly flows of this family between two countries (table `flows`); `judge` sets them."""
    carriage: pl.DataFrame = field(default_factory=_no_carriage)
    """What ships seen at both ends could have carried (table `carrying_capacity`)."""
    modes: pl.DataFrame = field(default_factory=_no_modes)
    """How goods of this family are declared to have crossed the border (table `transport_modes`)."""
    islands: frozenset[str] = frozenset()
    """Countries whose roads, railways and rivers are known and cross no border (graphs.land_ways)."""
