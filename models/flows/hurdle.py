"""One-sided flows: one side declares, the other reported that year and declares nothing.

There is no log ratio, so the question is how often such a silence is ordinary:

    P(partner declares | size of the flow, partner's habit, pair's own past)

a logistic model fitted on earlier years only, separately for silent exporters and silent importers.
The habit is the partner's share of mirrored flows, the past is the pair's share over its last five
clean years, both blended with the overall share. A silence less likely than SURPRISE is not taken into
the pair's past. The channel's own probability is P(silence); its statistic is -log10 of it.

A small P(silence) is no surprise where many flows have one: of all flows that might have been silent that year, those
with at most this P(silence), silent or not, make `ordinary_silences` = the sum of their P(silence).
"""

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from models.flows.context import Context
from models.flows.panel import Matrix, Panel
from models.flows.parts import INTERVAL, NORMAL_80, answer, parts

MINIMUM_ROWS = 200
"""Earlier mirrored-or-not rows needed before the model is fitted."""
MINIMUM_YEARS = 3
"""Earlier clean years of the pair needed before its silence can be judged."""
SURPRISE = 0.05
WINDOW = 5
HABIT_PRIOR = 10.0
PAST_PRIOR = 1.0
FLOOR = 1e-4
"""A silence is never called less likely than this."""
SHOWN = ("partner_habit", "pair_past", "history_years", "silent_exporter", "ordinary_silences", *INTERVAL)


@dataclass(frozen=True)
class Silence:
    """Probabilities and what they rest on, each `[pair, year]`."""

    probability: Matrix
    habit: Matrix
    past: Matrix
    years: Matrix


def one_sided(flows: pl.DataFrame, context: Context) -> pl.DataFrame:
    """One country declares this trade; its partner reported that year and declares none of it."""
    sides = [_side(flows, "import", "export"), _side(flows, "export", "import")]
    rows = pl.concat(sides).filter(pl.col("model_p").is_finite()).sort("model_p", "flow_id")
    # Of flows with the same probability the last knows the whole sum.
    rows = rows.with_columns(ordinary_silences=pl.col("model_p").cum_sum().over("period"))
    rows = rows.with_columns(pl.col("ordinary_silences").last().over("period", "model_p")).filter("is_silent")
    return answer(rows.with_columns(parts({name: pl.col(name) for name in SHOWN})), "one_sided")


def _side(flows: pl.DataFrame, speaker: str, silent: str) -> pl.DataFrame:
    """Flows declared by `speaker`, judged by whether `silent` could be expected to declare them too."""
    spoken = flows.filter(
        pl.col(f"{speaker}_value_usd") > 0, pl.col(f"{silent}er_reported"), pl.col("exporter") != pl.col("importer")
    )
    panel = Panel.of(spoken)
    value = panel.matrix(spoken[f"{speaker}_value_usd"])
    mirrored = panel.matrix((spoken[f"{silent}_value_usd"].fill_null(0.0) > 0).cast(pl.Float64))
    silence = silences(value, mirrored, panel.codes(f"{silent}er"))
    columns = {
        "model_p": silence.probability,
        "partner_habit": silence.habit,
        "pair_past": silence.past,
        "history_years": silence.years,
    }
    rows = spoken.with_columns(pl.Series(name, panel.gather(matrix)) for name, matrix in columns.items())
    rows = rows.with_columns(
        statistic=-pl.col("model_p").log10(),
        is_null=pl.lit(False),
        gap_value_usd=pl.col(f"{speaker}_value_usd"),
        gap_mass_kg=pl.col(f"{speaker}_mass_kg"),
        gap_low_usd=pl.col(f"{speaker}_value_usd") * (-NORMAL_80 * pl.col("reconciled_log_sd")).exp(),
        gap_high_usd=pl.col(f"{speaker}_value_usd") * (NORMAL_80 * pl.col("reconciled_log_sd")).exp(),
        silent_exporter=pl.lit(float(silent == "export")),
    )
    return rows.with_columns(is_silent=pl.col(f"{silent}_value_usd").fill_null(0.0) == 0)


def silences(value: Matrix, mirrored: Matrix, silent: NDArray[np.int64]) -> Silence:
    """P(no mirror) for every declared cell, from earlier years only.

    value: USD declared by the speaking side `[pair, year]`, NaN where it declares none.
    mirrored: 1 where the other side declares too, 0 where it does not, NaN where value is NaN.
    silent: code of the judged country per pair.
    """
    pairs, years = value.shape
    probability, habit, past, count = (np.full((pairs, years), np.nan) for _ in range(4))
    window = np.full((pairs, WINDOW), np.nan)
    countries = int(silent.max()) + 1 if silent.size else 0
    seen, hits = np.zeros(countries), np.zeros(countries)
    features: list[Matrix] = []
    outcomes: list[NDArray[np.float64]] = []
    for t in range(years):
        overall = (hits.sum() + 1) / (seen.sum() + 2)
        habit[:, t] = ((hits + HABIT_PRIOR * overall) / (seen + HABIT_PRIOR))[silent]
        count[:, t] = np.isfinite(window).sum(axis=1)
        past[:, t] = (np.nansum(window, axis=1) + PAST_PRIOR * habit[:, t]) / (count[:, t] + PAST_PRIOR)
        now = np.isfinite(mirrored[:, t])
        x = np.column_stack([np.log10(np.where(now, value[:, t], 1.0)), _logit(habit[:, t]), _logit(past[:, t])])
        known = now & (count[:, t] >= MINIMUM_YEARS)
        earlier = np.concatenate(outcomes) if outcomes else np.empty(0)
        # A world in which nobody, or everybody, was ever silent says nothing about how often that happens.
        if known.any() and earlier.size >= MINIMUM_ROWS and 0 < earlier.sum() < earlier.size:
            probability[known, t] = _silence(np.concatenate(features), earlier, x[known])
        surprising = now & (mirrored[:, t] == 0) & (probability[:, t] < SURPRISE)
        clean = now & ~surprising
        window[clean] = np.column_stack([window[clean, 1:], mirrored[clean, t]])
        np.add.at(seen, silent[clean], 1.0)
        np.add.at(hits, silent[clean], mirrored[clean, t])
        if known.any():
            features.append(x[known])
            outcomes.append(mirrored[known, t])
    return Silence(probability, habit, past, count)


def _silence(features: Matrix, mirrored: NDArray[np.float64], now: Matrix) -> NDArray[np.float64]:
    """P(silence) now, from a logistic fit of earlier cells."""
    from sklearn.linear_model import LogisticRegression  # here: `explain` reads this module and must not wait for them
    from threadpoolctl import threadpool_limits

    # Four coefficients: a second thread only waits for the first, for minutes where other work holds its core.
    with threadpool_limits(1, user_api="blas"):
        silent = LogisticRegression(C=1.0).fit(features, mirrored).predict_proba(now)[:, 0]
    return np.asarray(np.clip(silent, FLOOR, 1.0), dtype=np.float64)


def _logit(share: NDArray[np.float64]) -> NDArray[np.float64]:
    bounded = np.clip(share, 0.01, 0.99)
    logit: NDArray[np.float64] = np.log(bounded / (1 - bounded))
    return logit
