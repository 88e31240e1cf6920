"""All features of one family's flows, in one table."""

from collections.abc import Mapping
from types import MappingProxyType

import numpy as np
import polars as pl

from models.flows.context import Context
from models.learned.features import declared, elsewhere, offices, pair, steps, structure, told
from models.learned.features.cells import Cells
from models.learned.features.deviation import deviations

THEMES = (declared, pair, steps, offices, elsewhere, structure, told)
FEATURES: Mapping[str, str] = MappingProxyType(
    {name: text for theme in THEMES for name, text in theme.MEANINGS.items()}
)
"""Feature -> what it measures, in a sentence for users."""
MARKET = 30
"""Flows of a commodity and year below which nothing is known of any: goods hidden under a code that nobody else uses
would teach that rare codes are implausible, and blame those who trade them."""


def features(
    flows: pl.DataFrame, statistics: pl.DataFrame, context: Context, fitted: pl.DataFrame | None = None
) -> pl.DataFrame:
    """flow_id and FEATURES (float32, NaN = unknown) of every scorable flow, by flow_id; all NaN in a market too small.

    flows: one family's reconciled flows, those with areas that are no countries among them. statistics: what the
    channels said of them. fitted: flow_id and log_fitted of a gravity model that read no later year, if there is one.
    """
    cells = Cells.of(flows, context.neighbours)
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        found = deviations(cells)
        own = declared.declared(cells)
        prices = {
            "unit_value": own["unit_value_vs_world"],
            "export_unit_value": own["export_unit_value_vs_world"],
            "import_unit_value": own["import_unit_value_vs_world"],
        }
        columns = {
            **own,
            **pair.pair(cells, found, prices, own["silent_side"]),
            **steps.steps(cells, prices),
            **offices.offices(cells, found, flows),
            **elsewhere.elsewhere(cells, found),
            **structure.structure(cells, own["unit_value_vs_world"]),
            **told.told(cells, statistics, context.events, fitted),
        }
    # Judged by what is ordinary around it: where hardly anything is traded, nothing is.
    busy = cells.over(np.ones(cells.height), "source", "commodity", "year") >= MARKET
    known = {name: np.where(busy, columns.pop(name), np.nan)[cells.is_own].astype(np.float32) for name in FEATURES}
    return pl.DataFrame({"flow_id": cells.rows["flow_id"].filter(pl.Series(cells.is_own)), **known})
