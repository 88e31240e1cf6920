"""What the alerts turn out to be: schemes, artefacts, or nothing that the truth knows."""

from collections.abc import Iterator

import numpy as np
import polars as pl

from models.grading.figures import ALL, Figure, counted, share
from models.metrics import false_discovery_proportion

PART = "alerts"
LISTS = {"alerts": pl.col("is_selected"), "level 2": pl.col("claim_level") >= 2}
CLASSES = {
    "touch a scheme": pl.col("is_scheme"),
    "touch only a scheme without a published trace": pl.col("is_unseen"),
    "touch an artefact and no scheme": pl.col("is_benign"),
    "touch nothing known": ~pl.col("is_scheme") & ~pl.col("is_unseen") & ~pl.col("is_benign"),
}
"""Every row belongs to one of them."""
MAKES = 0.25
"""Share of the gap from which on the hidden part makes it, and does not only lie beside it."""
MADE = "touch a scheme that makes a quarter of the gap"


def composition(seen: pl.DataFrame) -> Iterator[Figure]:
    """Figures of `models.grading.truth.seen_by`: shares of each class, and the false-discovery proportion."""
    for name, chosen in LISTS.items():
        rows = seen.filter(chosen)
        for label, belongs in CLASSES.items():
            yield share((PART, name, ALL, label), rows.select(hit=belongs)["hit"], rows["exporter"])
        makes = pl.col("is_scheme") & (pl.col("hidden_share") >= MAKES).fill_null(False)
        yield share((PART, name, ALL, MADE), rows.select(hit=makes)["hit"], rows["exporter"])
        yield _false_discoveries(name, seen.select("exporter", "is_scheme", taken=chosen))


def _false_discoveries(name: str, rows: pl.DataFrame) -> Figure:
    """Share of the list that touches no scheme with a published trace."""
    hits, taken = rows["is_scheme"].to_numpy(), rows["taken"].to_numpy()
    key = (PART, name, ALL, "false-discovery proportion")
    counts = int(np.sum(taken & ~hits)), int(taken.sum())
    return counted(key, lambda at: false_discovery_proportion(hits[at], taken[at]), rows["exporter"], counts)
