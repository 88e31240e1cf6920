"""All detectors of the scoreboard by name, and the order that each gives to the flows of a case.

`relational trees` are the learned trees before calibration; `learned list` is what comes of them: conformal p, ties by
the trees' own score. `edge trees` are the same trees, taught on a flow's own declared numbers alone.

On equal terms: relational trees, edge trees and trees that never saw something are taught on the same flows with the
same weights (training worlds, and plantings in real trade of the exporters that teach), on flows at risk of a scheme
alone; in a rotation of real trade, on that rotation's. Relational and edge trees have as many seeds as each other. The
isolation forest is grown on the same flows, drawn by their weight, so that schemes are as rare in it as in the trade.

What stays different: trees that never saw something have three seeds, the learned ones ten. The forest and the orders
that need no training (raw gap, standardised gap, PPML residual) see no labels, by their nature. The graph autoencoder
sees none either, and is trained on the very case that it judges, as its authors do: it knows that case's exporters,
which no other detector does; it is measured on a few cases of each part alone.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl

from models.learned.trees import NOTHING, Trees
from models.metrics import Floats
from models.scoreboard.alone import ALONE
from models.scoreboard.case import CHANNEL, Case
from models.scoreboard.forest import Forest
from models.scoreboard.names import AGNOSTIC, EDGE, FOREST, TREES

SCORED = (TREES, EDGE, FOREST, *ALONE)
"""Detectors that score every case, whose calibration is measured beside the two lists'."""
SEED = 6


def odds(trees: Trees, features: pl.DataFrame) -> Floats:
    """The trees' log-odds, NaN where they know nothing of a flow."""
    score = trees.score(features)
    return np.where(score == NOTHING, np.nan, score)


@dataclass(frozen=True)
class Taught:
    """What was learned from training cases."""

    trees: Trees
    edges: Trees
    forest: Forest


def scores(case: Case, taught: Taught) -> Mapping[str, Floats]:
    """Score of every flow by each detector of SCORED; NaN where it knows nothing."""
    return {
        TREES: odds(taught.trees, case.features),
        EDGE: odds(taught.edges, edges(case.rows)),
        FOREST: taught.forest.score(case.features),
        **{name: case.column(name) for name in ALONE},
    }


def given(case: Case) -> Mapping[str, Floats]:
    """Orders that the case brings along: the agnostic list and each channel by itself."""
    return {AGNOSTIC: case.column("agnostic"), **{name: case.column(CHANNEL + name) for name in case.channels}}


def edges(rows: pl.DataFrame) -> pl.DataFrame:
    """Features of a flow's own declared numbers: logs of amounts, of their ratios, and who reported."""
    exports, imports = pl.col("export_value_usd"), pl.col("import_value_usd")
    known = {
        **{f"log_{side}_{what}": pl.col(f"{side}_{what}").log1p() for side in ("export", "import", "reconciled")
           for what in ("value_usd", "mass_kg")},
        "log_ratio": (imports / exports).log(),
        "log_ratio_mass": (pl.col("import_mass_kg") / pl.col("export_mass_kg")).log(),
        **{f"log_{side}_unit_value": (pl.col(f"{side}_value_usd") / pl.col(f"{side}_mass_kg")).log()
           for side in ("export", "import")},
        "exporter_reported": pl.col("exporter_reported"),
        "importer_reported": pl.col("importer_reported"),
    }  # fmt: skip
    numbers = [value.cast(pl.Float32).alias(name) for name, value in known.items()]
    found = rows.select("flow_id", *numbers)
    finite = [pl.when(pl.col(name).is_finite()).then(pl.col(name)).otherwise(np.nan) for name in known]
    return found.with_columns(finite)


def autoencoded(case: Case) -> Floats:
    """Errors of the graph autoencoder, one model per family. Needs the extra `gnn`."""
    from models.scoreboard.autoencoder import autoencoder

    found = np.full(case.rows.height, np.nan)
    families = case.rows["family"].to_numpy()
    for name in np.unique(families.astype(str)):
        mine = families == name
        part = case.of(mine)
        found[mine] = autoencoder(part.features, part.rows, SEED)
    return found
