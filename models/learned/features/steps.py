"""Level shifts of a pair: a small change that lasts tells more than a large one of a single year.

    t(k) = (mean of the last k years - mean of those before) / (s * sqrt(1/n_last + 1/n_before)),  k = 1 .. LONGEST

with s^2 the variance within both stretches, drawn towards SPREAD by PRIOR years. The step is the t(k) that is largest
in size; only this year and earlier ones on record are read, and at least LEAST years must lie before.
"""

import numpy as np
from numpy.typing import NDArray

from models.learned.features.cells import DEPTH, Cells, Vector, log, middle

_WHAT = {
    "ratio": "Imports over exports in value",
    "ratio_mass": "Imports over exports in mass",
    "difference": "Imports less exports as a share of the larger (a silent side counts as zero)",
    "exports": "The exporter's figure",
    "imports": "The importer's figure",
    "value": "The reconciled value",
    "export_unit_value": "The exporter's price per kg relative to the world's",
    "import_unit_value": "The importer's price per kg relative to the world's",
}
MEANINGS = {
    **{f"step_{name}": f"{text}: shift of its level in the last one to four years, in standard errors."
       for name, text in _WHAT.items()},
    "step_years": "For how many years the shift of imports less exports has lasted, one to four.",
}  # fmt: skip
LONGEST = 4
LEAST = 2
LIMIT = 3.0
"""A year counts at most this far from the pair's median, so that one blunder makes no step."""
SPREAD = 0.3
PRIOR = 2.0


def steps(cells: Cells, unit_values: dict[str, Vector]) -> dict[str, Vector]:
    """Steps of each flow's figures. `unit_values`: log price relative to the world, by side."""
    exports, imports = cells.amount("exports"), cells.amount("imports")
    heard = cells.marks("exporter_reported") & cells.marks("importer_reported")
    x, m = (np.where(heard, np.nan_to_num(side), np.nan) for side in (exports, imports))
    columns = {
        "ratio": log(imports / exports),
        "ratio_mass": log(cells.amount("import_kg") / cells.amount("export_kg")),
        "difference": (m - x) / np.maximum(m, x),
        "exports": log(exports),
        "imports": log(imports),
        "value": log(cells.amount("value")),
        "export_unit_value": unit_values["export_unit_value"],
        "import_unit_value": unit_values["import_unit_value"],
    }
    found = {name: step(np.column_stack([values, cells.past(values, DEPTH)])) for name, values in columns.items()}
    return {**{f"step_{name}": one for name, (one, _) in found.items()}, "step_years": found["difference"][1]}


def step(years: NDArray[np.float64]) -> tuple[Vector, Vector]:
    """Largest t and its k for each row of `years` `[flow, year]`, the latest first; NaN where this year is unknown."""
    centre = middle(years)[:, None]
    near = centre + np.clip(years - centre, -LIMIT, LIMIT)
    best, length = np.zeros(years.shape[0]), np.zeros(years.shape[0])
    any_known = np.zeros(years.shape[0], bool)
    for k in range(1, LONGEST + 1):
        t = shift(near[:, :k], near[:, k:])
        larger = np.isfinite(t) & (np.abs(t) > np.abs(best))
        best, length = np.where(larger, t, best), np.where(larger, k, length)
        any_known |= np.isfinite(t)
    known = any_known & np.isfinite(years[:, 0])
    return np.where(known, best, np.nan), np.where(known, length, np.nan)


def shift(last: NDArray[np.float64], before: NDArray[np.float64]) -> Vector:
    """t of the difference of means of two stretches; NaN with no last year or fewer than LEAST before."""
    sums = []
    for stretch in (last, before):
        n = np.isfinite(stretch).sum(axis=1)
        mean = np.nansum(stretch, axis=1) / np.where(n > 0, n, np.nan)
        sums.append((n, mean, np.nansum((stretch - mean[:, None]) ** 2, axis=1)))
    (n, mean, square), (n_before, mean_before, square_before) = sums
    within = (square + square_before + PRIOR * SPREAD**2) / np.maximum(n + n_before - 2 + PRIOR, 1.0)
    t: Vector = (mean - mean_before) / np.sqrt(within * (1 / np.maximum(n, 1) + 1 / np.maximum(n_before, 1)))
    return np.where((n > 0) & (n_before >= LEAST), t, np.nan)
