"""Where goods that are missing here could be standing: deviations of flows that share something with this one.

For each flow with a deviation the sums of opposite and of equal deviations in the same year, in logarithms of
1 + sum / amount, so that 0 is nothing and 0.69 as much as the flow itself. The flow's own is left out.
"""

import numpy as np

from models.learned.features.cells import Cells, Vector
from models.learned.features.deviation import Deviations, beyond

PLACES: dict[str, tuple[tuple[str, ...], str]] = {
    "other_importers": (("source", "exporter", "commodity", "year"), "the exporter's other importers"),
    "other_exporters": (("source", "importer", "commodity", "year"), "the importer's other exporters"),
    "other_codes": (("source", "exporter", "importer", "year"), "other codes of this pair"),
    "exporter_all": (("source", "exporter", "year"), "everything the exporter ships in this family"),
}
_KINDS = {
    "unmatched": "Imports less exports",
    "rise": "Value less this pair's usual value",
}
MEANINGS = {
    f"{kind}_{sign}_{place}": f"{text} with {name}, {words} this flow's, over this flow's amount (log of 1 + share)."
    for kind, text in _KINDS.items()
    for place, (_, name) in PLACES.items()
    for sign, words in (("opposite", "of the sign opposite to"), ("same", "of the same sign as"))
}
CEILING = 20.0
"""More than this times the flow's own amount says no more."""


def elsewhere(cells: Cells, found: Deviations) -> dict[str, Vector]:
    """Opposite and equal deviations around each flow."""
    kinds = {"unmatched": (found.off, found.amount), "rise": (found.rise, found.level)}
    out: dict[str, Vector] = {}
    for kind, (off, amount) in kinds.items():
        counted = beyond(off, amount)
        for place, (keys, _) in PLACES.items():
            values = counted if place != "exporter_all" else np.where(cells.is_own, counted, np.nan)
            opposite, same = around(cells, values, off, keys)
            for sign, total in (("opposite", opposite), ("same", same)):
                out[f"{kind}_{sign}_{place}"] = relative(total, amount)
    return {name: out[name] for name in MEANINGS}


def around(cells: Cells, counted: Vector, off: Vector, keys: tuple[str, ...]) -> tuple[Vector, Vector]:
    """Sums of deviations against and with the sign of each flow's `off`, over flows with the same keys."""
    up, down = (cells.over(np.maximum(sign * counted, 0.0), *keys) for sign in (1.0, -1.0))
    own = np.abs(np.nan_to_num(counted))
    rises = off > 0
    opposite = np.where(rises, down, up)
    same = np.where(rises, up, down) - own
    known = np.isfinite(off)
    return np.where(known, opposite, np.nan), np.where(known, np.maximum(same, 0.0), np.nan)


def relative(total: Vector, amount: Vector) -> Vector:
    """log(1 + total / amount), at most CEILING times."""
    return np.log1p(np.minimum(total / np.where(amount > 0, amount, np.nan), CEILING))
