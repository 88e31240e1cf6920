"""How far a flow stands out of the crowd on its channel: the quantity that orders the agnostic list.

    expected = p * tests                 ordinary flows of the family expected at least as far out on the channel
    as_far   = its flows that are
    share    = min over flows no further out of (expected, all families / as_far, all families), at most 1

Three imports under a ban are worth more than three of a thousand large gaps with the same p. The quantity is that of
Benjamini and Hochberg, and still no error rate of any list: a flow's channel is chosen by it. Families are counted
together, since one whose flows the clean ones resemble badly would come first with most of them. Of `one_sided`, which
answers for silent flows alone, the silences expected are those of its model (models.flows.hurdle).
"""

import polars as pl

COUNTED = ("expected", "as_far")


def crowded(rows: pl.DataFrame) -> pl.DataFrame:
    """Scores of one family (channel, period, p_value, parts, may_lead) with `channel_p`, `expected` and `as_far`, which
    are null for features."""
    rows = rows.join(_silences(rows), on=["channel", "may_lead", "p_value"], how="left", maintain_order="left")
    tests = pl.len().over("channel", "may_lead")
    counted = {
        "expected": pl.coalesce("silences", pl.col("p_value") * tests),
        "as_far": pl.col("p_value").rank("max").over("channel", "may_lead").cast(pl.Float64),
    }
    return rows.with_columns(
        channel_p="p_value", **{name: pl.when("may_lead").then(number) for name, number in counted.items()}
    ).drop("silences")


def _silences(rows: pl.DataFrame) -> pl.DataFrame:
    """Silences expected with at most each p, over all years: of each year as many as at its own last row."""
    pair = pl.element().struct
    told = pl.col("parts").list.eval(pair.field("value").filter(pair.field("name") == "ordinary_silences"))
    known = rows.select("channel", "may_lead", "p_value", "period", silences=told.list.first()).drop_nulls("silences")
    known = known.sort("channel", "may_lead", "p_value", "period", "silences")
    more = pl.col("silences").diff().fill_null(pl.col("silences")).over("channel", "may_lead", "period")
    sums = known.with_columns(more).with_columns(pl.col("silences").cum_sum().over("channel", "may_lead"))
    return sums.group_by("channel", "may_lead", "p_value", maintain_order=True).agg(pl.col("silences").last())


def ordinary_share(rows: pl.DataFrame) -> pl.Series:
    """Share of each row of `crowded` with its `family`, in their order; null for features.

    A family counts with what it has at its own last row that far out.
    """
    named = rows.select("family", "channel", "channel_p", *COUNTED).with_row_index("row")
    known = named.drop_nulls("expected").sort("channel", "channel_p", "family", "row")
    more = [pl.col(name).diff().fill_null(pl.col(name)).over("channel", "family") for name in COUNTED]
    known = known.with_columns(more).with_columns(pl.col(COUNTED).cum_sum().over("channel"))
    # Rows with one p stand out equally far: the last of them knows all.
    known = known.with_columns(pl.col(COUNTED).last().over("channel", "channel_p"))
    share = (pl.col("expected") / pl.col("as_far")).cum_min(reverse=True).over("channel").clip(upper_bound=1.0)
    found = known.select("row", ordinary_share=share)
    return named.join(found, on="row", how="left", maintain_order="left")["ordinary_share"]
