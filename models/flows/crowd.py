"""How far a flow stands out of the crowd on its channel: the quantity that orders the agnostic list.

    expected_ordinary = p * tests            ordinary flows of the family expected at least as far out on the channel
    ordinary_share    = min over flows no further out of (expected, all families / flows at least as far out), at most 1

Three imports under a ban are worth more than three of a thousand large gaps with the same p. The quantity is that of
Benjamini and Hochberg, and still no error rate of any list: a flow's channel is chosen by it. Of `one_sided`, which
answers for silent flows alone, the silences expected are those of its model (models.flows.hurdle).
"""

import polars as pl


def with_expected_ordinary(rows: pl.DataFrame) -> pl.DataFrame:
    """Add `expected_ordinary` to scores of one family (channel, p_value, parts, may_lead); null for features."""
    pair = pl.element().struct
    silences = pl.col("parts").list.eval(pair.field("value").filter(pair.field("name") == "ordinary_silences"))
    by_tests = pl.col("p_value") * pl.len().over("channel", "may_lead")
    expected = pl.coalesce(silences.list.first(), by_tests)
    return rows.with_columns(expected_ordinary=pl.when("may_lead").then(expected))


def ordinary_share(rows: pl.DataFrame) -> pl.Series:
    """Share of each row (family, channel, channel_p, expected_ordinary), in their order, null for features.

    What is expected of several families adds up: of each as many as at its own last row that far out.
    """
    named = rows.select("family", "channel", "channel_p", "expected_ordinary").with_row_index("row")
    known = named.drop_nulls("expected_ordinary").sort("channel", "channel_p", "family", "row")
    more = pl.col("expected_ordinary").diff().fill_null(pl.col("expected_ordinary")).over("channel", "family")
    known = known.with_columns(more.alias("more")).with_columns(
        expected=pl.col("more").cum_sum().over("channel"), out=pl.int_range(1, pl.len() + 1).over("channel")
    )
    # Rows with one p stand out equally far: the last of them knows all.
    known = known.with_columns(pl.col("expected", "out").last().over("channel", "channel_p"))
    share = (pl.col("expected") / pl.col("out")).cum_min(reverse=True).over("channel").clip(upper_bound=1.0)
    found = known.select("row", ordinary_share=share)
    return named.join(found, on="row", how="left", maintain_order="left")["ordinary_share"]
