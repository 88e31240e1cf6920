"""Slow, obvious versions of what the structure channels share, and the small trade that their tests judge."""

import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from statistics import mean, median

import numpy as np
import polars as pl

from models.flows.context import Context
from models.flows.reconcile import reconcile
from models.flows.structure.past import CAP, ENOUGH, FLOOR, SHRINK
from tests.models.flows.frames import context, flow, flows

YEARS = range(2010, 2021)
Channel = Callable[[pl.DataFrame, Context], pl.DataFrame]
Row = Mapping[str, object]


def noisy(seed: int = 0, exporters: int = 6, importers: int = 5, years: Iterable[int] = YEARS, **other) -> list[dict]:
    """Quiet pairs that both sides declare, each year within some 20 % of the last."""
    rng = np.random.default_rng(seed)
    return [
        flow(f"E{e}", f"M{m}", year, x, x * 1.05 * float(np.exp(rng.normal(0, 0.05))), **other)
        for e in range(exporters)
        for m in range(importers)
        for year in years
        for x in (1e6 * (1 + e) * float(np.exp(rng.normal(0, 0.2))),)
    ]


def table(*rows: dict) -> pl.DataFrame:
    """Reconciled flows."""
    return reconcile(flows(*rows))


def judged(channel: Channel, rows: Sequence[dict], ctx: Context | None = None) -> dict[str, dict]:
    """The channel's rows by `exporter:importer:commodity:period`, parts as a dictionary."""
    answer = channel(table(*rows), ctx or context())
    return {
        row["flow_id"].split(":", 1)[1]: row | {part["name"]: part["value"] for part in row["parts"]}
        for row in answer.iter_rows(named=True)
    }


def usual(earlier: Sequence[float]) -> float | None:
    """Median of the last five, at least three."""
    last = list(earlier)[-5:]
    return median(last) if len(last) >= 3 else None


def spreads(moves: Sequence[Row], groups: Sequence[str] = ("exporter", "importer", "band")) -> list[float | None]:
    """Spread of each move by the moves of earlier years: source, period, groups and change."""
    found: list[float | None] = []
    for move in moves:
        before = [
            one for one in moves
            if one["source"] == move["source"] and one["period"] < move["period"] and one["change"] is not None
        ]  # fmt: skip
        sizes = [min(abs(one["change"]), CAP) for one in before]
        if len(sizes) < ENOUGH:
            found.append(None)
            continue
        whole = max(mean(sizes), FLOOR)
        by = {
            group: (sum(own) + SHRINK * whole) / (len(own) + SHRINK)
            for group in groups
            for own in [[size for one, size in zip(before, sizes, strict=True) if one[group] == move[group]]]
        }
        *averaged, scaling = groups
        middle = math.sqrt(mean(by[group] ** 2 for group in averaged))
        found.append(max(math.sqrt(math.pi / 2) * middle * by[scaling] / whole, FLOOR))
    return found


def less_shared(moves: Sequence[dict]) -> list[dict]:
    """Moves without the change that their commodity shared that year."""
    markets = defaultdict(list)
    for move in moves:
        markets[move["source"], move["commodity"], move["period"]].append(move["change"])

    def shared(move: dict) -> float:
        seen = [one for one in markets[move["source"], move["commodity"], move["period"]] if one is not None]
        return median(seen) * len(seen) / (len(seen) + SHRINK) if seen else 0.0

    return [move | {"change": None if move["change"] is None else move["change"] - shared(move)} for move in moves]


def invariant(channel: Channel, rows: Sequence[dict], seed: int, ctx: Context | None = None) -> None:
    """Neither the order of the rows, nor the names of countries, nor the unit of value may matter."""
    ctx = ctx or context()
    whole = table(*rows)
    there = {name: code for one in rows for name, code in [(one["exporter"], ""), (one["importer"], "")]}
    names = np.random.default_rng(seed).permutation(sorted(there))
    renamed = {name: f"Z{place:02d}" for place, name in enumerate(names)}
    answer = channel(whole, ctx).sort("flow_id")
    assert answer.height
    shuffled = channel(whole.sample(fraction=1.0, shuffle=True, seed=seed), ctx).sort("flow_id")
    assert answer.select("flow_id", "is_null").equals(shuffled.select("flow_id", "is_null"))
    assert np.allclose(answer["statistic"], shuffled["statistic"])
    other = channel(rename(whole, renamed), replace(ctx, months=rename(ctx.months, renamed)))
    back = {new: old for old, new in renamed.items()}
    parts = other["flow_id"].str.split(":")
    keys = [
        pl.lit("comtrade"),
        *(parts.list.get(at).replace(back) for at in (1, 2)),
        *(parts.list.get(at) for at in (3, 4)),
    ]
    other = other.with_columns(flow_id=pl.select(pl.concat_str(keys, separator=":")).to_series()).sort("flow_id")
    assert answer["flow_id"].equals(other["flow_id"])
    assert np.allclose(answer["statistic"], other["statistic"])
    dearer = channel(scaled(whole), replace(ctx, months=scaled(ctx.months))).sort("flow_id")
    assert answer["flow_id"].equals(dearer["flow_id"])
    assert np.allclose(answer["statistic"], dearer["statistic"])


def rename(frame: pl.DataFrame, names: Mapping[str, str]) -> pl.DataFrame:
    """Flows between the same countries under other names."""
    named = frame.with_columns(pl.col("exporter", "importer").replace(dict(names)))
    return named.with_columns(
        flow_id=pl.concat_str("source", "exporter", "importer", "commodity", "period", separator=":")
    )


def scaled(frame: pl.DataFrame) -> pl.DataFrame:
    """The same flows in a currency of 1/16 of the value."""
    return frame.with_columns(pl.col("^.*_value_usd$") * 16.0)


def grown(rows: Sequence[dict], exporter: str, importer: str, year: int, factor: float) -> list[dict]:
    """The same rows with one flow larger on both sides."""
    return [
        {**row, **{f"{side}_value_usd": row[f"{side}_value_usd"] * factor for side in ("export", "import")}}
        if (row["exporter"], row["importer"], row["period"]) == (exporter, importer, year)
        else row
        for row in rows
    ]
