"""The pair's own past: what changed, which side moved, and for how long.

Usual is the median of the last five rows on record, older that of the five before them.
"""

import numpy as np

from models.learned.features.cells import DEPTH, WINDOW, Cells, Vector, log, mean, middle
from models.learned.features.deviation import Deviations

MEANINGS = {
    "usual_log_ratio": "Imports over exports in this pair's last five years (median, natural logarithm), little "
    "history drawn towards everybody's.",
    "change_log_ratio": "Imports over exports against this pair's usual ratio (natural logarithm).",
    "change_log_ratio_mass": "Imports over exports in mass against this pair's usual ratio (natural logarithm).",
    "change_from_older_ratio": "Imports over exports against the five years before the last five (natural logarithm).",
    "change_from_lowest_ratio": "Imports over exports against the lowest ratio of the last ten years.",
    "change_since_last_year": "Imports over exports against the year before (natural logarithm).",
    "past_spread_log_ratio": "How much this pair's ratio used to move: median distance from its median.",
    "years_both_declared": "Of the last five years on record, in how many both sides declared.",
    "unmatched_share": "Imports less exports at the usual ratio, as a share of the larger of both, -1 to 1.",
    "unmatched_share_last_year": "The same share in the year before.",
    "unmatched_share_past": "The same share over the last five years on record (mean).",
    "log10_unmatched_usd": "Imports less exports at the usual ratio: logarithm to base 10 of its size in USD.",
    "change_exports": "The exporter's figure against its usual one (natural logarithm).",
    "change_imports": "The importer's figure against its usual one (natural logarithm).",
    "change_export_mass": "The exporter's mass against its usual one (natural logarithm).",
    "change_import_mass": "The importer's mass against its usual one (natural logarithm).",
    "growth_value": "The reconciled value against its usual one (natural logarithm).",
    "growth_mass": "The reconciled mass against its usual one (natural logarithm).",
    "growth_since_last_year": "The reconciled value against the year before (natural logarithm).",
    "growth_from_older": "The reconciled value against the five years before the last five (natural logarithm).",
    "past_spread_value": "How much this pair's value used to move: median distance from its median (logarithms).",
    "change_unit_value": "Price per kg against this pair's usual price relative to the world (natural logarithm).",
    "change_export_unit_value": "The exporter's price per kg relative to the world's against its usual one.",
    "change_import_unit_value": "The importer's price per kg relative to the world's against its usual one.",
    "years_on_record": "Earlier years of this pair on record, at most ten.",
    "years_since_last": "Years since this pair last traded.",
    "is_new_pair": "Whether this pair never traded before although its source reaches back three years or more.",
    "is_silence_new": "Whether a side is silent that declared in most of the last five years on record.",
}
ENOUGH = 3
"""Years that a source must reach back before a pair counts as new."""


def pair(cells: Cells, found: Deviations, unit_values: dict[str, Vector], silent: Vector) -> dict[str, Vector]:
    """Features of each flow against its pair's past. `unit_values`: relative to the world, by side."""
    return {
        **_ratios(cells, found),
        **_unmatched(cells, found),
        **_growth(cells),
        **{f"change_{name}": values - middle(cells.past(values)) for name, values in unit_values.items()},
        **_record(cells, found, silent),
    }


def _ratios(cells: Cells, found: Deviations) -> dict[str, Vector]:
    past = cells.past(found.ratio, DEPTH)
    mass = log(cells.amount("import_kg") / cells.amount("export_kg"))
    return {
        "usual_log_ratio": found.usual,
        "change_log_ratio": found.change,
        "change_log_ratio_mass": mass - middle(cells.past(mass)),
        "change_from_older_ratio": found.ratio - middle(past[:, WINDOW:]),
        "change_from_lowest_ratio": found.ratio - lowest(past),
        "change_since_last_year": found.ratio - cells.year_before(found.ratio),
        "past_spread_log_ratio": spread(past[:, :WINDOW]),
        "years_both_declared": np.isfinite(past[:, :WINDOW]).sum(axis=1).astype(np.float64),
    }


def _unmatched(cells: Cells, found: Deviations) -> dict[str, Vector]:
    relative = found.off / np.where(found.amount > 0, found.amount, np.nan)
    return {
        "unmatched_share": relative,
        "unmatched_share_last_year": cells.year_before(relative),
        "unmatched_share_past": mean(cells.past(relative)),
        "log10_unmatched_usd": np.log10(np.abs(found.off) + 1.0),
    }


def _growth(cells: Cells) -> dict[str, Vector]:
    names = {"change_exports": "exports", "change_imports": "imports", "change_export_mass": "export_kg",
             "change_import_mass": "import_kg", "growth_value": "value", "growth_mass": "kg"}  # fmt: skip
    logs = {name: log(cells.amount(column)) for name, column in names.items()}
    value = logs["growth_value"]
    past = cells.past(value, DEPTH)
    return {
        **{name: values - middle(cells.past(values)) for name, values in logs.items()},
        "growth_since_last_year": value - cells.year_before(value),
        "growth_from_older": value - middle(past[:, WINDOW:]),
        "past_spread_value": spread(past[:, :WINDOW]),
    }


def _record(cells: Cells, found: Deviations, silent: Vector) -> dict[str, Vector]:
    """How long the pair is known, and whether a silence breaks its habit."""
    years = cells.past(cells.year.astype(np.float64), DEPTH)
    known = np.isfinite(years).sum(axis=1).astype(np.float64)
    first = np.full(cells.sizes["source"], cells.sizes["year"])
    np.minimum.at(first, cells.source, cells.year)
    reach = cells.year - first[cells.source]
    both = mean(np.isfinite(cells.past(found.ratio)) + np.where(np.isfinite(years[:, :WINDOW]), 0.0, np.nan))
    return {
        "years_on_record": known,
        "years_since_last": cells.year - years[:, 0],
        "is_new_pair": np.where(reach >= ENOUGH, (known == 0).astype(np.float64), np.nan),
        "is_silence_new": np.where(np.isnan(silent), np.nan, (np.abs(silent) > 0) & (both > 0.5)),
    }


def lowest(values: Vector) -> Vector:
    """Smallest known value of each row; NaN where there is none."""
    least = np.min(np.where(np.isfinite(values), values, np.inf), axis=1)
    return np.where(np.isfinite(least), least, np.nan)


def spread(values: Vector) -> Vector:
    """Median distance of each row's known values from their median; NaN with fewer than two."""
    return middle(np.abs(values - middle(values)[:, None]), least=2)
