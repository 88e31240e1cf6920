"""Level shifts of a pair: a small change that lasts tells more than a large one of a single year.

    t(k) = (mean of the last k years - mean of those before) / (s * sqrt(1/n_last + 1/n_before)),  k = 1 .. LONGEST

with s^2 the variance within both stretches, drawn towards SPREAD by PRIOR years. The step is the t(k) that is largest
in size; only this year and earlier ones on record are read, and at least LEAST years must lie before.
"""

from itertools import accumulate

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
    found = {name: step(np.vstack([values, cells.past(values, DEPTH).T]).T) for name, values in columns.items()}
    return {**{f"step_{name}": one for name, (one, _) in found.items()}, "step_years": found["difference"][1]}


def step(years: NDArray[np.float64]) -> tuple[Vector, Vector]:
    """Largest t and its k for each row of `years` `[flow, year]`, the latest first; NaN where this year is unknown."""
    # Distances from the pair's own median, so that squares lose no digits.
    near = np.clip(years - middle(years)[:, None], -LIMIT, LIMIT)
    known = np.isfinite(near)
    near = np.where(known, near, 0.0)
    running = [list(accumulate(one.T)) for one in (known.astype(np.float64), near, near**2)]
    best, length = np.zeros(years.shape[0]), np.full(years.shape[0], np.nan)
    for k in range(1, LONGEST + 1):
        last = [one[k - 1] for one in running]
        before = [one[-1] - part for one, part in zip(running, last, strict=True)]
        t = shift(last, before)
        larger = np.isfinite(t) & (np.isnan(length) | (np.abs(t) > np.abs(best)))
        best, length = np.where(larger, t, best), np.where(larger, k, length)
    told = known[:, 0] & np.isfinite(length)
    return np.where(told, best, np.nan), np.where(told, length, np.nan)


def shift(last: list[Vector], before: list[Vector]) -> Vector:
    """t of the difference of means of two stretches, each as number, sum and sum of squares of its known years; NaN
    with no last year or fewer than LEAST before."""
    n, n_before = last[0], before[0]
    means = [one[1] / np.maximum(one[0], 1.0) for one in (last, before)]
    within = sum(one[2] - one[0] * mean**2 for one, mean in zip((last, before), means, strict=True))
    variance = (np.maximum(within, 0.0) + PRIOR * SPREAD**2) / np.maximum(n + n_before - 2 + PRIOR, 1.0)
    t: Vector = (means[0] - means[1]) / np.sqrt(variance * (1 / np.maximum(n, 1.0) + 1 / np.maximum(n_before, 1.0)))
    return np.where((n > 0) & (n_before >= LEAST), t, np.nan)
