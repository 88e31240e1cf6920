"""One case of the scoreboard: every flow of a world, or of real trade with planted schemes, and what was hidden there.

A case holds the annual flows between two different countries in whose place a scheme could have been (at risk), and
those on which one left a trace; tested or not: a flow that nothing could test comes last in every order, and what is
hidden on it counts as missed. In a world these are the flows of the years after the quiet ones, with which every world
begins; in real trade those of pairs with a past, for only there are schemes planted (models.planting.at_risk). Other
flows helped to work everything out, and then are left out: a long past and a large trade mark every planted pair and
say nothing about schemes, and whatever tells them apart would seem to find schemes. So detectors are taught, calibrated
and judged on flows at risk alone.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import polars as pl
from numpy.typing import NDArray

from models.metrics import Bools, Floats

FLOW = ("flow_id", "source", "exporter", "importer", "commodity", "family", "period")
DECLARED = (
    "export_value_usd",
    "import_value_usd",
    "export_mass_kg",
    "import_mass_kg",
    "reconciled_value_usd",
    "reconciled_mass_kg",
    "exporter_reported",
    "importer_reported",
)
"""A flow's own declared numbers."""
HITS: Mapping[str, pl.DataType] = {
    "scheme_id": pl.String(),
    "kind": pl.String(),
    "strength": pl.Float64(),
    "hidden_usd": pl.Float64(),
    "hidden_kg": pl.Float64(),
}
"""What is known of a flow on which a scheme left a trace; null on every other."""
PRODUCT = ("agnostic", "agnostic_p", "claim_level", "unmatched_usd", "is_clean", "stratum")
"""What an analysis makes of a flow. `agnostic`, `agnostic_p`: place on the agnostic list, larger is earlier, and its
corrected p; null where no channel that may raise an alert could test. `claim_level` and `unmatched_usd`: on that list;
null where no channel could test. `is_clean`: among the clean rows of the learned score's null (models.flows.clean).
`stratum`: rows with which that score may be compared (models.flows.matching)."""
CHANNEL = "channel_"
"""Before the name of a channel, in the column of its order: larger is further out, null where it could not test."""


@dataclass(frozen=True)
class Case:
    """Rows and features stand in one order, that of flow_id."""

    name: str
    rows: pl.DataFrame
    """FLOW, DECLARED, HITS, PRODUCT, a column of CHANNEL for each channel, and those of
    models.scoreboard.judged.ALONE."""
    features: pl.DataFrame
    """`flow_id` and models.learned.features.FEATURES."""

    @cached_property
    def is_hit(self) -> Bools:
        """Flows on which a scheme left a trace."""
        return self.rows["scheme_id"].is_not_null().to_numpy()

    @cached_property
    def channels(self) -> tuple[str, ...]:
        """Channels that tested anything here, by name."""
        return tuple(name.removeprefix(CHANNEL) for name in self.rows.columns if name.startswith(CHANNEL))

    def column(self, name: str) -> Floats:
        """A column of numbers, NaN where it is null."""
        return self.rows[name].cast(pl.Float64).fill_null(np.nan).to_numpy()

    def of(self, keep: NDArray[np.bool_]) -> "Case":
        """The case with these rows alone."""
        mask = pl.Series(keep)
        return Case(self.name, self.rows.filter(mask), self.features.filter(mask))


def hits(touched: pl.DataFrame) -> pl.DataFrame:
    """One row per flow from rows of `flow_id` and HITS, one per scheme and flow.

    The scheme that hides most there gives its name, kind and strength; hidden amounts are sums, null where one of them
    is not known.
    """
    sums = [pl.when(pl.col(name).is_not_null().all()).then(pl.col(name).sum()) for name in ("hidden_usd", "hidden_kg")]
    rows = touched.sort("flow_id", "hidden_usd", "scheme_id", descending=[False, True, False], nulls_last=True)
    return rows.group_by("flow_id", maintain_order=True).agg(pl.col("scheme_id", "kind", "strength").first(), *sums)


def scorable(flows: pl.DataFrame) -> pl.DataFrame:
    """Annual flows between two different countries, in the order of flow_id."""
    countries = pl.all_horizontal(
        pl.col(f"{end}_kind").cast(pl.String) == "country" for end in ("exporter", "importer")
    )
    return flows.filter(pl.col("period") < 10_000, countries, pl.col("exporter") != pl.col("importer")).sort("flow_id")
