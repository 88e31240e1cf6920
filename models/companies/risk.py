"""From a score to a risk: of pairs with such a score, how many are two companies after all.

CURVE was read from invented names with known truth (models.companies.spellings, COMPANIES of them, SEED): all pairs
that blocking proposes and nothing bars, sorted into steps of the score. Per step

    risk = (C x different + 1) / (C x different + same + 2),    C = CAUTION = 2

that is Laplace's estimate with each pair of two companies counted twice, since real files may hold more companies with
like names than the invented ones do; then no step has less risk than a higher one. The invented names are nobody's
experience: the risk is theirs, and holds elsewhere as far as real spellings resemble them. C was chosen with the counts
in sight: 3 of 716 pairs of the highest step were two companies (0.42 %); with C = 5 its risk would be 2.2 %, and the
rule would merge nothing. Judgements of people will tell (models.companies.calibration takes scores with their truth).

What reaches the highest step: the same words in any order, usual abbreviations written out, the same legal form, the
same country. Names that read alike are one identifier without any pair, and no risk speaks of them: 205 of 24,055
identifiers of invented names held two companies, whose names nothing in the cell told apart.
"""

from collections.abc import Mapping
from types import MappingProxyType

MERGE_RISK = 0.01
"""The rule merges two names only where at most this share of such merges would be wrong."""
BARRED_RISK = 0.5
"""Least risk of a pair that something bars from the rule: whether it is one company is anybody's guess."""
CAUTION = 2
STEPS = (0.6, 0.7, 0.75, 0.8, 0.85, 0.9, 0.92, 0.94, 0.96, 0.98, 1.0)
"""Lower ends of the steps of the score; below the first a pair is not even proposed."""
COMPANIES, SEED = 12_000, 1
CURVE: Mapping[float, float] = MappingProxyType(
    {
        0.6: 0.8357,
        0.7: 0.8335,
        0.75: 0.8149,
        0.8: 0.8047,
        0.85: 0.6945,
        0.9: 0.4357,
        0.92: 0.4195,
        0.94: 0.2303,
        0.96: 0.2089,
        0.98: 0.1626,
        1.0: 0.0098,
    }
)
"""Risk by the lower end of a step."""


def risk_of(score: float, *, is_barred: bool) -> float:
    """Risk of merging a pair; 1 below the lowest step."""
    step = max((one for one in STEPS if one <= score), default=None)
    found = 1.0 if step is None else CURVE[step]
    return max(found, BARRED_RISK) if is_barred else found
