"""Which rung is used for which commodity: a higher one only where a 95 % interval of its gain is above zero.

Rungs are climbed in order. A rung is used when its CRPS on the held-out years is below that of the best rung under it
and the 95 % interval of this gain (exporters drawn anew) excludes zero; else the one used so far stays. The first
rung, persistence, needs no proof. Where no interval can be had (few exporters, few years) nothing climbs.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from models.ladder.rung import Floats
from models.ladder.scores import HIGHER_IS_BETTER, Tally, interval

DECIDES = "crps"


@dataclass(frozen=True)
class Score:
    """One measure of one rung with its 95 % interval, and its gain over the best rung below; NaN where there is none.

    A gain is positive where the rung is better, whichever way the measure runs.
    """

    model: str
    measure: str
    value: float
    low: float
    high: float
    gain: float
    gain_low: float
    gain_high: float


def compared(
    rungs: Sequence[str], tallied: Mapping[str, Mapping[str, Tally]], times: Floats, measure: str
) -> list[Score]:
    """Scores of the rungs, in their order, in one measure. times: draws of exporters, see models.ladder.scores."""
    sign = 1.0 if measure in HIGHER_IS_BETTER else -1.0
    scores: list[Score] = []
    best: Tally | None = None
    for name in rungs:
        mine = tallied[name][measure]
        value, drawn = float(mine.mean()[0]), mine.mean(times)
        gain, over = (np.nan, np.empty(0)) if best is None else (
            sign * (value - float(best.mean()[0])),
            sign * (drawn - best.mean(times)),
        )  # fmt: skip
        scores.append(Score(name, measure, value, *interval(drawn), float(gain), *interval(over)))
        if best is None or gain > 0:
            best = mine
    return scores


def used(scores: Sequence[Score]) -> str:
    """The rung that is used, from the scores in DECIDES in the order of the rungs."""
    chosen = scores[0].model
    for one in scores[1:]:
        if one.gain_low > 0:
            chosen = one.model
    return chosen
