"""What would have been plausible: how much of a flow's gap would have to go before its score falls below a cut.

    f(s) = f + s * (f_usual - f)        for the features that speak of the flow's own gap, 0 <= s <= 1

s moves in steps of STEP; the smallest s whose score lies below the cut is the answer. The amounts follow from the
gap itself: with s of it gone, the exporter would have declared X + s * gap / exp(usual) or the importer
M - s * gap; a reconciled flow would have been V - s * rise.

Limits: the features move together along a straight line, whereas a real correction would move each by its own
formula; what stands around the flow (other flows, the years before) stays as it is; and a score that rests on those
never falls, which is answered by null. It says what the trees would have found plausible, not what is true.
"""

from collections.abc import Sequence

import numpy as np
import polars as pl

from models.flows.context import Context
from models.learned.features.build import features
from models.learned.features.cells import Cells, Vector, scorable
from models.learned.features.deviation import deviations
from models.learned.trees import KEY, Trees

STEP = 0.05
TO_NOTHING = (
    "silent_side", "is_silence_new", "change_log_ratio", "change_log_ratio_mass", "change_since_last_year",
    "unmatched_share", "log10_unmatched_usd", "log_ratio_unit_value", "change_exports", "change_imports",
    "change_export_mass", "change_import_mass", "channel_mirror_gap", "channel_one_sided", "channel_ban_break",
    "channel_jump", "growth_value", "growth_mass", "growth_since_last_year", "change_unit_value",
    "change_export_unit_value", "change_import_unit_value", "channel_unit_value",
)  # fmt: skip
"""Features of the gap that are 0 where nothing is unusual."""
TO_USUAL = {"log_ratio": "usual_log_ratio"}
"""Features whose usual value is another feature."""
LIKE = ("unmatched_opposite_", "unmatched_same_", "rise_opposite_", "rise_same_")


def counterfactual(
    flows: pl.DataFrame,
    statistics: pl.DataFrame,
    context: Context,
    trees: Trees,
    cut: float,
    flow_ids: Sequence[str],
    fitted: pl.DataFrame | None = None,
) -> pl.DataFrame:
    """flow_id, share_of_gap (null where no share brings the score below `cut`), plausible_export_usd,
    plausible_import_usd and plausible_value_usd: what each figure would have been with that share of the gap gone, the
    others unchanged; null where the flow has no such figure or gap."""
    rows = features(flows, statistics, context, fitted).filter(pl.col(KEY).is_in(list(flow_ids)))
    shares = rows.select(KEY, share_of_gap=smallest_share(rows, trees, cut))
    gaps = _gaps(flows, context).filter(pl.col(KEY).is_in(list(flow_ids)))
    told = shares.join(gaps, on=KEY, how="left", maintain_order="left")
    gone = pl.col("share_of_gap")
    return told.select(
        KEY,
        "share_of_gap",
        plausible_export_usd=(pl.col("x") + gone * pl.col("off") / pl.col("usual").exp()).clip(lower_bound=0.0),
        plausible_import_usd=(pl.col("m") - gone * pl.col("off")).clip(lower_bound=0.0),
        plausible_value_usd=pl.col("value") - gone * pl.col("rise"),
    )


def smallest_share(rows: pl.DataFrame, trees: Trees, cut: float) -> pl.Series:
    """Smallest share of the gap, in steps of STEP, without which the score is below the cut; null if there is none."""
    found = np.full(rows.height, np.nan)
    for share in np.arange(0.0, 1.0 + STEP / 2, STEP):
        below = trees.score(moved(rows, float(share))) < cut
        found = np.where(np.isnan(found) & below, share, found)
    return pl.Series("share_of_gap", found).fill_nan(None).round(4)


def moved(rows: pl.DataFrame, share: float) -> pl.DataFrame:
    """Features with this share of the flow's own gap gone; the unknown stays unknown."""
    here = [name for name in TO_NOTHING if name in rows.columns]
    usual = {name: to for name, to in TO_USUAL.items() if {name, to} <= set(rows.columns)}
    return rows.with_columns(
        *(pl.col(name) * (1.0 - share) for name in here),
        *(pl.col(name) + share * (pl.col(to) - pl.col(name)) for name, to in usual.items()),
    )


def _gaps(flows: pl.DataFrame, context: Context) -> pl.DataFrame:
    """flow_id, both figures (x, m: 0 where a side that reported declares none), value, usual, off and rise."""
    cells = Cells.of(flows, context.neighbours.clear())
    with np.errstate(divide="ignore", invalid="ignore"):
        found = deviations(cells)
    known = np.isfinite(found.off)
    columns: dict[str, Vector] = {
        "x": np.where(known, np.nan_to_num(cells.amount("exports")), np.nan),
        "m": np.where(known, np.nan_to_num(cells.amount("imports")), np.nan),
        "value": cells.amount("value"),
        "usual": found.usual,
        "off": found.off,
        "rise": found.rise,
    }
    found_gaps = scorable(flows).select(KEY).with_columns(pl.Series(name, one) for name, one in columns.items())
    return found_gaps.fill_nan(None)
