"""What is known of both offices from their other flows: spread, common shift, coverage, silence, hidden partners.

The flow itself is always left out. Coverage is what an office declares over what its partners declare of the same
trade, among partners that reported.
"""

import numpy as np
import polars as pl

from models.learned.features.cells import WINDOW, Cells, Index, Vector, share
from models.learned.features.deviation import Deviations

SIDES = {"exporter": ("exports", "imports", "export"), "importer": ("imports", "exports", "import")}
"""Office -> its own figures, its partners', and the prefix of its columns."""
_EACH = {
    "past_spread": "How far the {0}'s figures lay from its partners' in the five years before (mean change of the "
    "logarithm of the ratio).",
    "spread": "How far the {0}'s other figures lie from its partners' this year (mean size of the change).",
    "shift": "Where the {0}'s other ratios moved this year (mean change): all of them moving is the office's doing.",
    "partners_compared": "With how many other partners the {0} could be compared this year (logarithm of 1 + number).",
    "coverage": "What the {0} declares of what its other partners declare of this trade (logarithm).",
    "coverage_change": "That coverage against the {0}'s coverage in the years before (logarithm).",
    "silent_share": "In what share of its other flows this year the {0} is silent though it reported.",
    "silent_share_past": "In what share of its flows the {0} was silent in the five years before.",
    "unspecified_share": "What share of this trade the {0} books with areas not specified, zones or special partners.",
    "unspecified_change": "That share against the {0}'s share in the years before.",
}
MEANINGS = {f"{office}_{name}": text.format(office) for office in SIDES for name, text in _EACH.items()}
LIMIT = 3.0
"""A change of the log ratio counts up to this, so that one blunder does not make an office's mean."""
PRIOR = 10.0
FEW_USD = 1000.0


def offices(cells: Cells, found: Deviations, flows: pl.DataFrame) -> dict[str, Vector]:
    """Features of the exporter's and of the importer's office. `flows`: of the family, residual partners among them."""
    out: dict[str, Vector] = {}
    for office in SIDES:
        sides = _spreads(cells, found, office) | _coverage(cells, office) | _silence(cells, office)
        sides |= _unspecified(cells, flows, office)
        out |= {f"{office}_{name}": values for name, values in sides.items()}
    return out


def _by_year(cells: Cells, values: Vector, office: str) -> Vector:
    """Sum by office and year, `[source and office, year]`, over the family's own flows."""
    own = np.where(cells.is_own, values, 0.0)
    total = cells.total(own, "source", office, "year")
    return total.reshape(-1, cells.sizes["year"])


def earlier(totals: Vector) -> Vector:
    """Sum over the WINDOW years before each year, `[office, year]`."""
    run = np.cumsum(np.pad(totals, ((0, 0), (1, 0))), axis=1)[:, :-1]
    return run - np.pad(run, ((0, 0), (WINDOW, 0)))[:, : run.shape[1]]


def _place(cells: Cells, office: str) -> tuple[Index, Index]:
    return cells.group("source", office)[0], cells.year


def _spreads(cells: Cells, found: Deviations, office: str) -> dict[str, Vector]:
    change = np.where(cells.is_own, np.clip(found.change, -LIMIT, LIMIT), np.nan)
    seen = np.isfinite(change)
    n, signed, size = (_by_year(cells, one, office) for one in (seen.astype(np.float64), change, np.abs(change)))
    place = _place(cells, office)
    others = n[place] - seen
    # What the whole family showed up to this year stands in for an office that is hardly known.
    whole = share(np.cumsum(size.sum(axis=0)), np.cumsum(n.sum(axis=0)))
    past_n, past = earlier(n), earlier(size)
    return {
        "past_spread": ((past + PRIOR * whole) / (past_n + PRIOR))[place],
        "spread": share(size[place] - np.nan_to_num(np.abs(change)), others),
        "shift": share(signed[place] - np.nan_to_num(change), others),
        "partners_compared": np.log1p(others),
    }


def _coverage(cells: Cells, office: str) -> dict[str, Vector]:
    own_name, their_name, _ = SIDES[office]
    partner = "importer" if office == "exporter" else "exporter"
    heard = cells.marks("exporter_reported") & cells.marks("importer_reported")
    own, theirs = (np.where(heard, np.nan_to_num(cells.amount(name)), 0.0) for name in (own_name, their_name))
    keys = ("source", office, "commodity")
    wide = [cells.total(one, *keys, "year").reshape(-1, cells.sizes["year"]) for one in (own, theirs)]
    place = (cells.group(*keys)[0], cells.year)
    covered = (wide[0][place] - own + FEW_USD) / (wide[1][place] - theirs + FEW_USD)
    before = (earlier(wide[0]) + FEW_USD)[place] / (earlier(wide[1]) + FEW_USD)[place]
    reported = cells.marks(f"{office}_reported") & cells.marks(f"{partner}_reported")
    told = np.where(reported, np.log(covered), np.nan)
    return {"coverage": told, "coverage_change": told - np.log(before)}


def _silence(cells: Cells, office: str) -> dict[str, Vector]:
    own_name, their_name, _ = SIDES[office]
    spoken = np.isfinite(cells.amount(their_name)) & cells.marks(f"{office}_reported") & cells.is_own
    silent = spoken & ~np.isfinite(cells.amount(own_name))
    n, quiet = (_by_year(cells, one.astype(np.float64), office) for one in (spoken, silent))
    place = _place(cells, office)
    return {
        "silent_share": share(quiet[place] - silent, n[place] - spoken),
        "silent_share_past": share(earlier(quiet), earlier(n))[place],
    }


def _unspecified(cells: Cells, flows: pl.DataFrame, office: str) -> dict[str, Vector]:
    """Share of an office's figures of this commodity that it books with partners that are no countries."""
    _, _, prefix = SIDES[office]
    other = "importer" if office == "exporter" else "exporter"
    mine = pl.col(f"{prefix}_value_usd")
    hidden = pl.col(f"{other}_kind").cast(pl.String) != "country"
    keys = ["source", office, "commodity"]
    sums = (
        flows.filter(pl.col("period") < 10_000, mine.is_not_null(), pl.col("exporter") != pl.col("importer"))
        .group_by(*keys, "period")
        .agg(share=mine.filter(hidden).sum() / mine.sum())
        .with_columns(pl.col("share").fill_nan(None))
        .sort(*keys, "period")
        .with_columns(before=pl.col("share").shift(1).rolling_mean(WINDOW, min_samples=1).over(keys))
    )
    rows = cells.rows.select(*keys, "period").join(sums, on=[*keys, "period"], how="left", maintain_order="left")
    now, before = (rows[name].fill_null(np.nan).to_numpy() for name in ("share", "before"))
    return {"unspecified_share": now, "unspecified_change": now - before}
