"""How good an order the list is, beside naive orders of the same flows.

A hit is a flow on which a scheme left a published trace. Naive orders: *raw gap*, |M - X| in USD, a side that declares
nothing counting as zero; *standardised gap*, |g - median| / (MAD_TO_SD * MAD) of g = log((M + 1000) / (X + 1000)) over
the flows of the same commodity (models.scoreboard.alone).
"""

from collections.abc import Iterator, Mapping
from functools import partial

import numpy as np
import polars as pl

from models.grading.figures import ALL, Figure, counted, measured
from models.metrics import Bools, Floats, Places, average_precision, base_rate, ndcg_at, precision_at
from models.scoreboard.alone import ALONE

PART = "order"
CHANNELS = "channels"
PRECISION_AT = (50, 200, 1000)
GAIN_AT = 50
LIST = "the list"


def orders(seen: pl.DataFrame) -> Iterator[Figure]:
    """Figures of `models.grading.truth.seen_by` for the list and the naive orders."""
    yield Figure(PART, ALL, ALL, "base rate", _rate(seen), hits=int(seen["is_scheme"].sum()), total=seen.height)
    for name, score in _scores(seen).items():
        yield from _order(name, score, seen)


def channels(seen: pl.DataFrame, scores: pl.DataFrame) -> Iterator[Figure]:
    """Average precision of each channel's p-values over the flows that it tested, beside the base rate there."""
    tested = scores.select("flow_id", tested_by=pl.col("channel").cast(pl.String), tested_p="p_value")
    rows = seen.join(tested, on="flow_id", how="inner", maintain_order="left").sort("tested_by", maintain_order=True)
    for (channel,), mine in rows.group_by("tested_by", maintain_order=True):
        hits, score = mine["is_scheme"].to_numpy(), -mine["tested_p"].to_numpy()
        yield from _precision(CHANNELS, str(channel), hits, score, mine)
        yield Figure(CHANNELS, str(channel), ALL, "base rate", _rate(mine), hits=int(hits.sum()), total=mine.height)


def _rate(rows: pl.DataFrame) -> float | None:
    return base_rate(rows["is_scheme"].to_numpy()) if rows.height else None


def _scores(seen: pl.DataFrame) -> Mapping[str, Floats]:
    naive = {name: ALONE[name](seen).to_numpy() for name in ("raw gap", "standardised gap")}
    return {LIST: -seen["rank"].cast(pl.Float64).to_numpy(), **naive}


def _order(name: str, score: Floats, seen: pl.DataFrame) -> Iterator[Figure]:
    """One order: its average precision, the precision of its head, and the hidden value that its head holds."""
    first = np.argsort(-score, kind="stable")
    rows = seen[first]
    hits, gain = rows["is_scheme"].to_numpy(), rows["hidden_usd"].to_numpy()
    yield from _precision(PART, name, hits, score[first], rows)
    for k in PRECISION_AT:
        key = (PART, name, ALL, f"precision of the first {k}")
        yield counted(key, partial(_head, hits, k), rows["exporter"], (int(hits[:k].sum()), min(k, hits.size)))
    key = (PART, name, ALL, f"gain of the first {GAIN_AT} (NDCG)")
    found = measured(key, lambda at: ndcg_at(gain[at], GAIN_AT), rows["exporter"])
    known = (found.low, found.high) if found.value else (None, None)  # a head without gain says nothing of its doubt
    yield Figure(*key, found.value, *known)


def _head(hits: Bools, k: int, at: Places) -> float:
    return precision_at(hits[at], k)


def _precision(part: str, name: str, hits: Bools, score: Floats, rows: pl.DataFrame) -> Iterator[Figure]:
    key = (part, name, ALL, "average precision")
    found = measured(key, lambda at: average_precision(hits[at], score[at]), rows["exporter"])
    yield Figure(*key, found.value, found.low, found.high)
