"""How rare a score is among exporters: p-values that know that the flows of one exporter are no independent witnesses.

A conformal p counts null rows. Where few exporters hold them, the highest rows are often those of one or two, and
another set of exporters would have told another p. So the exporters of the null are drawn with replacement, each with
all its flows, DRAWS times (cluster bootstrap), and for j null rows at least as far out

    p_b(j) = (1 + rows drawn among the j highest) / (1 + rows drawn)
    p(j)   = max((1 + j) / (n + 1), LEVEL quantile of p_b(j) over the draws b), rising in j

It is larger than the plain p, the more so the fewer exporters there are. One exporter alone gives no spread, so that
a null also needs LEAST_EXPORTERS before any rate is claimed.
"""

import numpy as np
from numpy.typing import NDArray

from models.metrics import Floats

Counts = NDArray[np.int64]
DRAWS = 200
LEVEL = 0.8
"""Share of draws whose p is no larger."""
LEAST_EXPORTERS = 25
"""Exporters below which a null claims nothing: on plantings of development the nulls of nickel, 14 to 18 exporters,
held 30 % false flows at a declared 10 %, and those of copper, 27 to 36, held 6 %. (Those of tin, 13 to 20, held 5 %:
the number alone does not tell the two apart.)"""
PLACES = 500
"""Numbers of null rows for which p is worked out, at most; between two of them the larger p holds."""
SEED = 41


def upper_p(owner: Counts) -> tuple[Counts, Floats]:
    """Numbers of null rows, in rising order from 0 to all, and p of a score that so many are at least as far out as.

    owner: exporter of each null row, numbered from 0, the highest score first.
    """
    rows = owner.size
    places = np.unique(np.append(0, np.round(np.geomspace(1, max(rows, 1), PLACES)).astype(np.int64)))
    places = places[places <= rows]
    known = int(owner.max()) + 1 if rows else 0
    within = np.searchsorted(places, np.arange(1, rows + 1))
    counted = np.bincount(owner * places.size + within, minlength=known * places.size)
    held = counted.reshape(known, places.size).cumsum(axis=1).astype(np.float64)
    plain = (1.0 + places) / (rows + 1.0)
    if not known:
        return places, plain
    drawn = np.random.default_rng(SEED).multinomial(known, np.full(known, 1 / known), size=DRAWS).astype(np.float64)
    p = (1.0 + drawn @ held) / (1.0 + drawn @ held[:, -1:])
    return places, np.maximum.accumulate(np.maximum(np.quantile(p, LEVEL, axis=0), plain))
