"""Which schemes were found: by kind, by strength, and by how much they hide.

A scheme is found where one of its flows is. Counted are flows on which somebody published a trace; schemes without any
are counted apart, since no analysis of declarations can know them.
"""

from collections.abc import Iterator

import polars as pl

from models.grading.figures import ALL, Figure, share
from models.grading.truth import Truth

PART = "recall"
SIZES = "size"
OUTCOMES = {
    "scored": pl.col("is_scored"),
    "stood out": pl.col("claim_level") >= 1,
    "among the alerts": pl.col("is_selected"),
    "at level 2": pl.col("claim_level") >= 2,
}
"""What became of a flow, from faint to firm."""
FOUND = "among the alerts"
DECADES = tuple(10.0**power for power in range(3, 10))
"""Lower ends of the bands of hidden value, USD; below the first is a band of its own."""
HALF = 0.5


def recalls(traces: pl.DataFrame, truth: Truth) -> Iterator[Figure]:
    """Figures of `models.grading.truth.traces`: flows and schemes found, by kind and strength, and the unseen ones."""
    for kind, band, rows in _groups(traces):
        for outcome, happened in OUTCOMES.items():
            flows = rows.select("exporter", hit=happened)
            yield share((PART, kind, band, f"flows {outcome}"), flows["hit"], flows["exporter"])
            schemes = _schemes(rows, happened)
            yield share((PART, kind, band, f"schemes {outcome}"), schemes["hit"], schemes["exporter"])
        yield _money(kind, band, rows)
    yield from _unseen(traces, truth)
    unseen = truth.scheme_flows.filter(~pl.col("is_visible")).height
    total = truth.scheme_flows.height
    share_unseen = unseen / total if total else None
    yield Figure(PART, ALL, ALL, "flows without a published trace", share_unseen, hits=unseen, total=total)


def detection(traces: pl.DataFrame) -> Iterator[Figure]:
    """Share of flows found by hidden value, and the value from which at least half of the flows are found."""
    shares: dict[float, float] = {}
    for lower in (0.0, *DECADES):
        upper = next((one for one in DECADES if one > lower), float("inf"))
        rows = traces.filter(pl.col("hidden_value_usd") >= lower, pl.col("hidden_value_usd") < upper)
        figure = share((SIZES, ALL, f"{lower:.0f}", f"flows {FOUND}"), rows.select(hit=OUTCOMES[FOUND])["hit"],
                       rows["exporter"])  # fmt: skip
        if figure.value is not None:
            shares[lower] = figure.value
            yield figure
    yield Figure(SIZES, ALL, ALL, "detection limit, USD", _limit(shares))


def _limit(shares: dict[float, float]) -> float | None:
    """Lower end of the lowest band from which on at least half are found in every band; null where there is none."""
    limit = None
    for lower in sorted(shares, reverse=True):
        if shares[lower] < HALF:
            break
        limit = lower
    return limit


def _groups(traces: pl.DataFrame) -> Iterator[tuple[str, str, pl.DataFrame]]:
    """All traces and those of each kind, whole and by strength."""
    kinds = traces.sort("kind", "strength", maintain_order=True).group_by("kind", maintain_order=True)
    for kind, rows in (
        (ALL, traces.sort("strength", maintain_order=True)),
        *((str(key[0]), rows) for key, rows in kinds),
    ):
        yield kind, ALL, rows
        for (strength,), mine in rows.group_by("strength", maintain_order=True):
            yield kind, f"{strength:g}", mine


def _schemes(rows: pl.DataFrame, happened: pl.Expr) -> pl.DataFrame:
    by_scheme = rows.sort("scheme_id", "year").group_by("scheme_id", maintain_order=True)
    return by_scheme.agg(pl.col("exporter").first(), hit=happened.any())


def _money(kind: str, band: str, rows: pl.DataFrame) -> Figure:
    """Share of the hidden value that stands on flows among the alerts."""
    whole = float(rows["hidden_value_usd"].to_numpy().sum())
    found = float(rows.filter(OUTCOMES[FOUND])["hidden_value_usd"].to_numpy().sum())
    return Figure(PART, kind, band, f"hidden value {FOUND}", found / whole if whole > 0 else None)


def _unseen(traces: pl.DataFrame, truth: Truth) -> Iterator[Figure]:
    """Schemes of which no published declaration carries a trace."""
    known = truth.schemes.select("scheme_id", pl.col("kind").cast(pl.String))
    unseen = known.join(traces, on="scheme_id", how="anti").group_by("kind").len()
    for kind, count in unseen.sort("kind").iter_rows():
        total = known.filter(pl.col("kind") == kind).height
        yield Figure(PART, kind, ALL, "schemes without a published trace", count / total, hits=count, total=total)
