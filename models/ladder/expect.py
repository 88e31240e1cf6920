"""From flows to what each would ordinarily have been: every rung, its held-out scores, and which one is used."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date

import numpy as np
import polars as pl

from graphs.flags import Flag, has_flag
from graphs.tables import Expectations, Ladder
from models.flows.context import Context
from models.flows.jump import jump
from models.flows.parts import NORMAL_80
from models.ladder import gate, scores
from models.ladder.baselines import Mean3, Persistence
from models.ladder.boosted import Boosted
from models.ladder.cells import annual, cells, grouped
from models.ladder.gnn.rung import GraphNetwork
from models.ladder.gravity import Gravity, with_gravity
from models.ladder.own_history import own_history
from models.ladder.rung import Bools, Forecast, Rung, silent

RUNGS: tuple[Rung, ...] = (Persistence(), Mean3(), Gravity(), Boosted(), GraphNetwork())
"""The ladder in order, simplest first."""
HELD = 5
"""Complete years at the end on which the rungs are compared."""
LEAST_SHARE = 0.5
"""A rung that speaks of a smaller share of what persistence speaks of is not compared."""
TOO_LITTLE = "too few earlier years or flows to learn from"
SCHEMA = {
    "source": pl.String,
    "commodity": pl.String,
    "model": pl.String,
    "measure": pl.String,
    "value": pl.Float64,
    "low": pl.Float64,
    "high": pl.Float64,
    "gain": pl.Float64,
    "gain_low": pl.Float64,
    "gain_high": pl.Float64,
    "is_used": pl.Boolean,
    "first_year": pl.Int32,
    "last_year": pl.Int32,
    "cells": pl.UInt32,
    "exporters": pl.UInt32,
    "missing": pl.String,
}
"""Table `ladder` without what is the same in every row: as_of and family."""


@dataclass(frozen=True)
class Expected:
    """What the ladder says of one family."""

    expectations: pl.DataFrame
    """Table `expectations`."""
    scores: pl.DataFrame
    """Table `ladder`."""


def expect(flows: pl.DataFrame, context: Context, rungs: Sequence[Rung] = RUNGS) -> Expected:
    """Run every rung over the reconciled flows of one family; the channel `jump` is run for the own history."""
    jumped = jump(annual(flows).sort("flow_id"), context).with_columns(as_of=pl.lit(context.as_of))
    return climb(flows, context.family, context.as_of, context.reporting, jumped, rungs)


def climb(
    flows: pl.DataFrame,
    family: str,
    as_of: date,
    reporting: pl.DataFrame,
    statistics: pl.DataFrame,
    rungs: Sequence[Rung] = RUNGS,
) -> Expected:
    """Run every rung over the yearly flows of one family and compare them on the last complete years.

    flows: reconciled, as known on the day of the analysis, as are `reporting` and `statistics` (tables of that name;
    of the latter the channel `jump` is read).
    """
    own = annual(flows)
    found = with_gravity(cells(own, reporting))
    held = _held_out(own, found)
    reasons = {rung.name: rung.lacking() for rung in rungs}
    said = _climb(found, held, [rung for rung in rungs if reasons[rung.name] is None])
    table = pl.DataFrame(_rows(found, held, said, reasons), schema=SCHEMA, orient="row")
    forecasts = [_expectations(found, name, one, as_of) for name, one in said.items()]
    whole = table.with_columns(as_of=pl.lit(as_of), family=pl.lit(family))
    return Expected(
        pl.concat([own_history(statistics), *forecasts]).select(Expectations.column_names()),
        whole.select(Ladder.column_names()),
    )


def _climb(found: pl.DataFrame, held: Bools, rungs: Sequence[Rung]) -> dict[str, Forecast]:
    """Forecasts of the rungs that can run, in order, for flows and held-out cells."""
    wanted = held | found["flow_id"].is_not_null().to_numpy()
    everything = np.ones(found.height, bool)
    said: dict[str, Forecast] = {}
    below: Forecast | None = None
    for place, rung in enumerate(rungs):
        is_learnt_from = any(one.learns_from_below for one in rungs[place + 1 : place + 2])
        if rung.learns_from_below and not (below and scores.speaks(below).any()):
            below = silent(found.height)  # with nothing below it, its libraries need not even be read
        else:
            below = rung.forecast(found, everything if is_learnt_from else wanted, below)
        said[rung.name] = below
    return said


def _held_out(own: pl.DataFrame, found: pl.DataFrame) -> Bools:
    """Cells of each source's last HELD years that hold no provisional flow."""
    years = own.group_by("source", "period").agg(is_open=has_flag(Flag.PROVISIONAL).any())
    complete = years.filter(~pl.col("is_open")).sort("source", "period")
    last = complete.group_by("source", maintain_order=True).tail(HELD)
    keys = found.select("source", "year").join(
        last.select("source", pl.col("period").alias("year"), held=pl.lit(True)),
        on=["source", "year"],
        how="left",
        maintain_order="left",
    )
    return keys["held"].fill_null(False).to_numpy()


def _expectations(found: pl.DataFrame, model: str, said: Forecast, as_of: date) -> pl.DataFrame:
    """One rung's rows of table `expectations`: the flows that it speaks of."""
    rows = found["flow_id"].is_not_null().to_numpy() & np.isfinite(said.quantiles).all(axis=1)
    low, middle, high = np.exp(said.quantiles[rows]).T
    return found.filter(pl.Series(rows)).select(
        "flow_id",
        model=pl.lit(model),
        as_of=pl.lit(as_of),
        quantity=pl.lit("value_usd"),
        median=pl.Series(middle),
        low=pl.Series(low),
        high=pl.Series(high),
        log_sd=pl.Series(np.log(high / low) / (2 * NORMAL_80)),
        p_zero=pl.Series(said.p_zero[rows], nan_to_null=True),
    )


def _rows(
    found: pl.DataFrame, held: Bools, said: Mapping[str, Forecast], reasons: Mapping[str, str | None]
) -> Iterator[dict[str, object]]:
    """Rows of table `ladder`, commodity by commodity."""
    market = ["source", "commodity"]
    groups, code = grouped(found, market)
    for group in range(groups.height):
        places = np.flatnonzero(held & (code == group))
        mine = {name: Forecast(one.quantiles[places], one.p_zero[places]) for name, one in said.items()}
        key = groups.row(group, named=True)
        for row in compare(found[places], mine, reasons):
            yield {"source": key["source"], "commodity": key["commodity"], **row}


def compare(
    held: pl.DataFrame, said: Mapping[str, Forecast], reasons: Mapping[str, str | None]
) -> Iterator[dict[str, object]]:
    """Scores of all rungs on one commodity's held-out cells, and which is used; rungs without a score say why."""
    known = np.isfinite(held["value_usd"].to_numpy()) & ~held["is_first"].to_numpy()
    spoken = {name: known & scores.speaks(one) for name, one in said.items()}
    least = LEAST_SHARE * max(next(iter(spoken.values())).sum(), 1)
    able = [name for name in said if spoken[name].sum() >= least]
    scored = np.logical_and.reduce([spoken[name] for name in able]) if able else np.zeros(held.height, bool)
    codes = grouped(held, ["exporter"])[1]
    told = _compared(held, {name: said[name] for name in able}, scored, codes)
    chosen = gate.used(told[gate.DECIDES]) if able else next(iter(reasons))
    years = held["year"].filter(pl.Series(scored))
    same = {
        "first_year": years.min(),
        "last_year": years.max(),
        "cells": int(scored.sum()),
        "exporters": int(np.unique(codes[scored]).size),
    }
    for measure, ranked in told.items():
        for one in ranked:
            yield {**_known(one), **same, "is_used": one.model == chosen, "missing": None}
        for name in reasons:
            if name not in able:
                why = reasons[name] or TOO_LITTLE
                yield {"model": name, "measure": measure, **same, "is_used": name == chosen, "missing": why}


def _compared(
    held: pl.DataFrame, said: Mapping[str, Forecast], scored: Bools, codes: np.typing.NDArray[np.int64]
) -> dict[str, list[gate.Score]]:
    """Scores by measure, rungs in order."""
    tallied = {name: scores.tallies(held, one, scored, codes) for name, one in said.items()}
    times = scores.draws(int(codes.max(initial=-1)) + 1, np.random.default_rng(0))
    return {measure: gate.compared(list(said), tallied, times, measure) for measure in scores.MEASURES}


def _known(score: gate.Score) -> dict[str, object]:
    return {name: None if isinstance(x, float) and np.isnan(x) else x for name, x in asdict(score).items()}
