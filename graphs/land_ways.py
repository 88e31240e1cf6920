"""Which countries can be left over land, as far as the networks of roads, railways and rivers tell."""

import polars as pl

OVER_LAND = ("road", "rail", "river")


def islands(legs: pl.DataFrame, places: pl.DataFrame) -> frozenset[str]:
    """Countries with a known way over land (tables legs, places), none of which crosses a border.

    A country without any known way is not among them: where no network is known, nothing is. One leg across a border
    is enough to be none, also where it is a straight line.
    """
    where = places.select("place_id", "country")
    over = legs.filter(pl.col("mode").cast(pl.String).is_in(OVER_LAND)).select(
        "from_place", "to_place", "is_estimated", "crosses_border"
    )
    ends = pl.concat(
        over.join(where, left_on=end, right_on="place_id", how="inner").select(
            "country", "is_estimated", "crosses_border"
        )
        for end in ("from_place", "to_place")
    )
    told = (
        ends.drop_nulls("country")
        .group_by("country")
        .agg(is_known=(~pl.col("is_estimated")).any(), is_left=pl.col("crosses_border").any())
    )
    return frozenset(told.filter("is_known", ~pl.col("is_left"))["country"])
