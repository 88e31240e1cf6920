"""Bans as somebody would have published them: those that schemes evade, and idle ones beside them."""

from zlib import crc32

import numpy as np
import polars as pl

from graphs.tables import Events
from models.planting.rules import Rules

SOURCE = "planted"
"""Source and citation of events that no authority published."""
MARKET = ["source", "exporter", "commodity"]
BAN = {
    "source": pl.String,
    "exporter": pl.String,
    "commodity": pl.String,
    "first_year": pl.Int32,
    "last_year": pl.Int32,
    "day": pl.Int64,
}


def events(schemes: pl.DataFrame, onsets: pl.DataFrame, flows: pl.DataFrame, seed: int, rules: Rules) -> pl.DataFrame:
    """Table `events`. schemes: of `Planted`, with `day` of the ban. onsets: of `market.stages`, where no scheme is.

    A ban lasts from its day to the end of the scheme; one that outlives the data stands.
    """
    evaded = schemes.filter(pl.col("kind") == "ban_evasion").select(list(BAN))
    bans = pl.concat([evaded, _idle(onsets, evaded.height * rules.idle_bans, seed, rules)])
    until = flows.filter(pl.col("period") < 10_000).group_by("source").agg(data_end=pl.col("period").max())
    start = pl.date(pl.col("first_year"), 1, 1) + pl.duration(days=pl.col("day"))
    named = bans.join(until, on="source").select(
        source=pl.lit(SOURCE), kind=pl.lit("ban"), country="exporter", codes="commodity", start=start,
        end=pl.when(pl.col("last_year") < pl.col("data_end")).then(pl.date(pl.col("last_year"), 12, 31)),
        citation=pl.lit(SOURCE), known_from=start, raw_sha256=pl.lit(None, pl.String),
    )  # fmt: skip
    return Events.cast(named).unique(Events.primary_key()).sort(Events.primary_key())


def _idle(onsets: pl.DataFrame, number: int, seed: int, rules: Rules) -> pl.DataFrame:
    """Bans in markets where one could have been evaded and nothing happened."""
    chance = np.random.default_rng([seed, crc32(b"idle bans")])
    could = onsets.filter(pl.col("kind") == "ban_evasion").select(*MARKET, "onset").unique().sort(*MARKET, "onset")
    markets = could.group_by(MARKET, maintain_order=True).agg("onset").rows()
    rows = []
    for place in chance.permutation(len(markets))[:number]:
        source, exporter, commodity, years = markets[place]
        first = int(chance.choice(years))
        lasting = int(chance.integers(rules.lasting_years[0], rules.lasting_years[1] + 1))
        rows.append((source, exporter, commodity, first, first + lasting - 1, int(chance.integers(rules.ban_days))))
    return pl.DataFrame(rows, schema=BAN, orient="row")
