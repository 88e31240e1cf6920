"""Figures over all cases, and the comparisons that targets are stated for."""

import numpy as np
import polars as pl

from models.flows.channels import CHANNELS
from models.scoreboard.measured import FIGURES, KEY, compared, figures
from models.scoreboard.names import AGNOSTIC, ALL, BEST, DRAWN, FOREST, LEARNED, MEAN_KIND, PRECISION, TREES

EXPORTER_BOUNDS = (10.0, 90.0)


def summed(measured: pl.DataFrame) -> pl.DataFrame:
    """All figures (models.scoreboard.measured.FIGURES) of the cases' amounts."""
    drawn = measured.filter(pl.col("measure") == DRAWN)
    rest = measured.filter(pl.col("measure") != DRAWN)
    more = [
        compared(rest, LEARNED, TREES, PRECISION),
        compared(rest, LEARNED, FOREST, PRECISION),
        *_against_channels(rest),
    ]
    return pl.concat([figures(pl.concat([rest, *more])), _over_exporters(drawn)])


def _over_exporters(drawn: pl.DataFrame) -> pl.DataFrame:
    """Interval over exporters: percentiles of the mean over cases, draw by draw."""
    known = drawn.filter(pl.col("amount").is_finite())
    means = known.group_by("part", "detector", "measure", "band").agg(pl.col("amount").mean(), pl.len())
    found = means.group_by("part", "detector", "measure", maintain_order=False).agg(
        value=pl.col("amount").mean(),
        low=pl.col("amount").quantile(EXPORTER_BOUNDS[0] / 100),
        high=pl.col("amount").quantile(EXPORTER_BOUNDS[1] / 100),
        cases=pl.col("len").max().cast(pl.Int64),
    )
    return found.with_columns(band=pl.lit(ALL)).select(list(FIGURES)).sort(KEY)


def _against_channels(measured: pl.DataFrame) -> list[pl.DataFrame]:
    """The agnostic list against the single channel that is best on each scheme after the fact, and on average."""
    leading = [name for name, channel in CHANNELS.items() if channel.leads not in ("never", "marker")]
    rows = measured.filter(pl.col("measure") == PRECISION, pl.col("band") != ALL)
    average = _mean_over_kinds(rows.filter(pl.col("detector").is_in([AGNOSTIC, *leading])))
    whole = pl.concat([rows, average])
    found = [average]
    for (_, kind), mine in whole.group_by("part", "band", maintain_order=True):
        means = mine.filter(pl.col("detector").is_in(leading)).group_by("detector").agg(pl.col("amount").mean())
        if means.is_empty():
            continue
        best = str(means.sort("amount", "detector", descending=[True, False], nulls_last=True)["detector"][0])
        named = mine.filter(pl.col("detector") == best).with_columns(
            detector=pl.lit(BEST), measure=pl.lit(f"{PRECISION} of {best}")
        )
        both = compared(mine, AGNOSTIC, best, PRECISION, str(kind))
        told = both.with_columns(pl.col("measure").str.replace(best, BEST, literal=True))
        found += [named, told]
    return found


def _mean_over_kinds(rows: pl.DataFrame) -> pl.DataFrame:
    """Mean of a case's average precisions over its kinds of schemes; a channel that says nothing counts as found."""
    mean = rows.group_by("part", "case", "detector", "measure", maintain_order=True).agg(
        pl.col("amount").fill_nan(None).mean().fill_null(np.nan), whole=pl.lit(1.0)
    )
    return mean.with_columns(band=pl.lit(MEAN_KIND)).select(rows.columns)
