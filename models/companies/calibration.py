"""The risk that belongs to a score, read from pairs whose truth is known; the constants of models.companies.risk."""

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from models.companies.blocking import candidates
from models.companies.compare import Side, Weights, compare
from models.companies.names import company_id, read
from models.companies.risk import CAUTION, STEPS
from models.companies.spellings import spellings


@dataclass(frozen=True)
class Graded:
    """Pairs with known truth: score, whether both are one company, and whether the rule is barred."""

    scores: NDArray[np.float64]
    is_same: NDArray[np.bool_]
    is_barred: NDArray[np.bool_]


def calibrate(scores: NDArray[np.float64], is_same: NDArray[np.bool_]) -> dict[float, float]:
    """Risk by step from pairs with known truth, by the formula above, rounded up to four decimals."""
    curve, least = {}, 0.0
    ends = [*STEPS[1:], np.inf]
    for low, high in zip(STEPS[::-1], ends[::-1], strict=True):
        inside = (scores >= low) & (scores < high)
        same, different = int((inside & is_same).sum()), CAUTION * int((inside & ~is_same).sum())
        least = max(least, (different + 1) / (different + same + 2))
        curve[low] = float(np.ceil(least * 1e4) / 1e4)
    return dict(sorted(curve.items()))


def graded(companies: int, seed: int) -> Graded:
    """Pairs that blocking proposes among invented spellings; spellings that read alike are one and no pair."""
    told = spellings(companies, seed)
    ids = [company_id(text, country) for text, country in told.select("text", "country").iter_rows()]
    first = told.with_columns(pl.Series("id", ids, pl.String)).unique("id", keep="first", maintain_order=True)
    rows = first.drop_nulls("id").select("text", "country", "company").iter_rows()
    known = [(name, country, company) for text, country, company in rows if (name := read(text))]
    names, truth = [name for name, _, _ in known], [company for _, _, company in known]
    weights, sides = Weights(names), [Side(name, country) for name, country, _ in known]
    pairs = candidates(names)
    compared = [compare(sides[one], sides[other], weights) for one, other in pairs]
    return Graded(
        np.array([one.score for one in compared]),
        np.array([truth[one] == truth[other] for one, other in pairs], dtype=bool),
        np.array([one.barred is not None for one in compared], dtype=bool),
    )
