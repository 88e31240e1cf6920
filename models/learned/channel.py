"""The channel `learned`: the trees' score of every scorable flow, with the reasons for it.

    statistic  log-odds, mean over ten seeds; larger is less plausible
    parts      for the EXPLAINED highest scores: `base`, `overlap_top_5`, and the five features that move the score
               most: under the feature's name its contribution in log-odds, under `observed:` and its name what was
               seen. base + all contributions = score; the five shown are the largest of them. Where the top 5 of
               different seeds overlap by less than BOUND the reasons are withheld: `base` and `overlap_top_5` stand
               alone. Other flows have no parts.

Flows in a market too small to compare anything have no row (models.learned.features.build.MARKET).

The channel states no gap of its own and never leads the agnostic list.

Its null are clean pairs, without those whose exporters taught the trees (the card's folds of exporters): what trees
have seen without a scheme looks more ordinary to them than what they have not.
"""

import numpy as np
import polars as pl

from models.flows.clean import clean_pairs
from models.flows.context import Context
from models.flows.matching import stratum
from models.flows.parts import ANSWER
from models.folds import with_fold
from models.ladder.gravity import fitted
from models.learned.features import features
from models.learned.overlap import BASE, BOUND, OBSERVED, OVERLAP, TOP
from models.learned.shipped import shipped
from models.learned.trees import KEY, TAUGHT, Trees

NAME = "learned"
EXPLAINED = 100
"""Highest scores of a family whose reasons are worked out: the method is slow, and nobody reads further down."""
PARTS = pl.List(pl.Struct({"name": pl.String, "value": pl.Float64}))


def learned(
    flows: pl.DataFrame,
    statistics: pl.DataFrame,
    context: Context,
    trees: Trees | None = None,
    gravity: pl.DataFrame | None = None,
) -> pl.DataFrame:
    """What stands around the flow resembles what stands around flows with planted schemes.

    statistics: what the channels said of these flows; gravity: that model's fit, see `features`.
    """
    trees = trees or shipped()
    rows = features(flows, statistics, context, gravity)
    rows = rows.filter(pl.any_horizontal(pl.exclude(KEY).is_finite()))
    told = rows.select(KEY).join(flows, on=KEY, how="left", maintain_order="left")
    scored = rows.select(
        KEY,
        channel=pl.lit(NAME),
        statistic=pl.Series(trees.score(rows)),
        is_null=_null(told, context, trees),
        model_p=pl.lit(None, dtype=pl.Float64),
        gap_value_usd=pl.lit(None, dtype=pl.Float64),
        gap_mass_kg=pl.lit(None, dtype=pl.Float64),
    )
    first = scored.sort("statistic", KEY, descending=[True, False]).head(EXPLAINED).select(KEY)
    reasons = explain(rows.join(first, on=KEY, how="semi", maintain_order="left"), trees)
    with_parts = scored.join(reasons, on=KEY, how="left", maintain_order="left")
    return with_parts.with_columns(pl.col("parts").fill_null(pl.lit([], dtype=PARTS))).select(ANSWER)


def _null(flows: pl.DataFrame, context: Context, trees: Trees) -> pl.Series:
    """Clean pairs whose exporters did not teach; a card that names no folds leaves nobody out."""
    clean = clean_pairs(flows, context)
    taught = trees.card.get(TAUGHT)
    return clean & ~with_fold(flows, taught["of"])["fold"].is_in(taught["folds"]) if taught else clean


def with_learned(flows: pl.DataFrame, statistics: pl.DataFrame, context: Context) -> pl.DataFrame:
    """`statistics` (models.flows.channels.judge) and the rows of this channel, by the shipped trees."""
    mine = learned(flows, statistics, context, gravity=fitted(flows))
    strata = flows.select(KEY, stratum())
    keyed = mine.join(strata, on=KEY, how="left", maintain_order="left").with_columns(
        family=pl.lit(context.family), as_of=pl.lit(context.as_of)
    )
    return pl.concat([statistics, keyed.select(statistics.columns)])


def explain(rows: pl.DataFrame, trees: Trees) -> pl.DataFrame:
    """flow_id, parts of each of these flows."""
    names, contributions, overlap = trees.parts(rows)
    largest = np.argsort(-np.abs(contributions[:, :-1]), axis=1, kind="stable")[:, :TOP]
    observed = rows.select(names[:-1]).to_numpy() if set(names[:-1]) <= set(rows.columns) else None
    told = []
    for place in range(rows.height):
        shown = [(BASE, contributions[place, -1]), (OVERLAP, overlap[place])]
        for one in largest[place] if overlap[place] >= BOUND else ():
            shown.append((names[one], contributions[place, one]))
            shown.append((OBSERVED + names[one], np.nan if observed is None else float(observed[place, one])))
        told.append([{"name": name, "value": None if np.isnan(value) else float(value)} for name, value in shown])
    return pl.DataFrame({KEY: rows[KEY], "parts": pl.Series(told, dtype=PARTS)})
