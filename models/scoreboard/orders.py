"""How good an order of flows is: average precision, the precision of its head, and both by scheme and family.

Average precision of one kind of scheme leaves the flows of other kinds out: neither hits nor false. The interval over
exporters draws whole exporters of each case with replacement and recomputes the mean over cases. Rows of one score
enter together; of those that share the last place of a head as many count as are expected to stand in it. An order in
which all flows share one place knows nothing, and has no figures.
"""

from collections.abc import Iterator

import numpy as np
import polars as pl

from models.metrics import RESAMPLES, Bools, Floats, Places, average_precision, base_rate
from models.scoreboard.case import Case
from models.scoreboard.measured import Amount
from models.scoreboard.names import ALL, BASE, CURVE, DRAWN, HEADS, IN_FAMILY, PRECISION

RECALLS = tuple(round(0.02 * step, 2) for step in range(1, 51))
SEED = 31


def ordered(case: Case, detector: str, score: Floats) -> Iterator[Amount]:
    """Amounts of one order: over all flows, of its head, by kind of scheme and by family."""
    known = _low(score)
    if not tells(known):
        return
    yield Amount(detector, PRECISION, ALL, average_precision(case.is_hit, known))
    for k in HEADS:
        yield Amount(detector, f"precision of the first {k}", ALL, precision_at(case.is_hit, known, k))
    for kind, mine in kinds(case):
        yield Amount(detector, PRECISION, kind, average_precision(case.is_hit[mine], known[mine]))


def tells(known: Floats) -> bool:
    """False for an order in which all flows share one place."""
    return known.size > 0 and bool((known != known[0]).any())


def precision_at(is_hit: Bools, known: Floats, k: int) -> float:
    """Share of hits expected among the first k rows, those of one score in random order."""
    ends, found = _ties(is_hit, known)
    taken = min(k, is_hit.size)
    # Between the ends of two ties hits come in evenly.
    return float(np.interp(taken, np.append(0, ends + 1), np.append(0, found))) / taken


def by_family(case: Case, detector: str, score: Floats) -> Iterator[Amount]:
    """Average precision inside each family that holds a hit of which anything is known: goods of which hardly any are
    traded are not judged."""
    families = case.rows["family"].to_numpy()
    for family in np.unique(families[case.is_hit & np.isfinite(score)].astype(str)):
        mine = families == family
        known = _low(score[mine])
        if tells(known):
            yield Amount(detector, IN_FAMILY, str(family), average_precision(case.is_hit[mine], known))


def bases(case: Case) -> Iterator[Amount]:
    """Share of hits: what a list in random order finds."""
    yield Amount(ALL, BASE, ALL, base_rate(case.is_hit))
    yield Amount(ALL, "flows", ALL, float(case.rows.height))
    yield Amount(ALL, "flows with a trace of a scheme", ALL, float(case.is_hit.sum()))
    yield Amount(ALL, "schemes", ALL, float(case.rows["scheme_id"].drop_nulls().n_unique()))
    for kind, mine in kinds(case):
        yield Amount(ALL, BASE, kind, base_rate(case.is_hit[mine]))


def kinds(case: Case) -> Iterator[tuple[str, Bools]]:
    """Kinds of schemes, each with the rows on which it is judged."""
    kind = case.rows["kind"]
    for name in kind.drop_nulls().unique().sort():
        yield str(name), (~pl.Series(case.is_hit) | (kind == name).fill_null(False)).to_numpy()


def curve(case: Case, detector: str, score: Floats) -> Iterator[Amount]:
    """Precision of the shortest head that reaches each recall."""
    known = _low(score)
    if not case.is_hit.any() or not tells(known):
        return
    ends, found = _ties(case.is_hit, known)
    for recall in RECALLS:
        end = int(np.searchsorted(found, recall * found[-1] - 1e-9))
        yield Amount(detector, CURVE, f"{recall:.2f}", found[end] / (ends[end] + 1))


def drawn(case: Case, detector: str, score: Floats, cube: str) -> Iterator[Amount]:
    """Average precision with the exporters of the case drawn anew. Cases of one cube draw alike."""
    names, member = np.unique(case.rows["exporter"].to_numpy().astype(str), return_inverse=True)
    chance = np.random.default_rng([SEED, *cube.encode()])
    known = _low(score)
    if not tells(known):
        return
    order = np.argsort(-known, kind="stable")
    ends, _ = _ties(case.is_hit, known)
    hits, cluster = case.is_hit[order], member[order]
    for draw in range(RESAMPLES):
        times = np.bincount(chance.integers(0, names.size, names.size), minlength=names.size)
        yield Amount(detector, DRAWN, str(draw), _weighted(hits, times[cluster].astype(float), ends))


def _ties(is_hit: Bools, known: Floats) -> tuple[Places, Places]:
    """In falling order: the last place of each run of rows with one score, and the hits up to it."""
    order = np.argsort(-known, kind="stable")
    falling = known[order]
    ends = np.append(np.flatnonzero(np.diff(falling) != 0), falling.size - 1)
    return ends, np.cumsum(is_hit[order])[ends]


def _weighted(hits: Bools, times: Floats, ends: np.ndarray) -> float:
    """`average_precision` of rows that count several times, in falling order with the ends of ties."""
    found, taken = np.cumsum(times * hits)[ends], np.cumsum(times)[ends]
    if not found[-1]:
        return float("nan")
    precision = np.divide(found, taken, out=np.zeros_like(found), where=taken > 0)
    return float((np.diff(found, prepend=0) * precision).sum() / found[-1])


def _low(score: Floats) -> Floats:
    """What is not known comes last, as one tie (of finite numbers: the difference of infinite ones is none)."""
    known = score[np.isfinite(score)]
    return np.where(np.isfinite(score), score, known.min() - 1 if known.size else 0.0)
