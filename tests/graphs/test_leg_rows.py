import polars as pl
import pytest

from graphs.leg_rows import COLUMNS, replaced, tidy_legs
from graphs.places_rows import tidy_places
from graphs.tables_places import Legs

GOOD = ("port:XAA:1", "port:XAB:1", "sea", "100.5", "4.5", "2.25")


def places() -> pl.DataFrame:
    rows = [("port:XAA:1", "XAA"), ("port:XAB:1", "XAB"), ("port:XAA:2", "XAA")]
    raw = pl.DataFrame(rows, schema=["place_id", "country"], orient="row").with_row_index("raw_row", 1)
    told = raw.with_columns(kind=pl.lit("port"), name=pl.lit("Ankora"), lon=pl.lit(1.0), lat=pl.lit(2.0))
    frame = tidy_places(told, source="places", file="places.csv", raw_sha256="ab").places
    joined = pl.when(pl.col("place_id") == "port:XAA:2").then(pl.lit("port:XAA:1"))
    return frame.with_columns(joined.alias("same_as"))


def raw(*rows: tuple[str | None, ...]) -> pl.DataFrame:
    frame = pl.DataFrame(list(rows), schema=dict.fromkeys(COLUMNS, pl.String), orient="row")
    return frame.with_row_index("raw_row", 1)


def told(*rows: tuple[str | None, ...]) -> tuple[pl.DataFrame, list[str]]:
    found = tidy_legs(raw(*rows), places(), file="legs.csv", raw_sha256="ab")
    return found.legs, found.quarantine["reason"].to_list()


def test_a_leg_leads_both_ways_and_says_where_it_crosses_a_border() -> None:
    legs, refused = told(GOOD)
    assert refused == []
    assert legs.select("from_place", "to_place", "mode", "length_km", "crosses_border", "is_estimated").rows() == [
        ("port:XAA:1", "port:XAB:1", "sea", 100.5, True, False),
        ("port:XAB:1", "port:XAA:1", "sea", 100.5, True, False),
    ]
    Legs.validate(legs)


def test_a_way_back_of_its_own_is_kept() -> None:
    legs, _ = told(GOOD, ("port:XAB:1", "port:XAA:1", "sea", "120", "5", "3"))
    assert legs["length_km"].to_list() == [100.5, 120.0]


def test_a_joined_place_stands_for_the_one_that_counts() -> None:
    legs, _ = told(("port:XAA:2", "port:XAB:1", "Sea ", "100", "4", "2"))
    assert set(legs["from_place"]) == {"port:XAA:1", "port:XAB:1"}


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (("port:XAA:9", *GOOD[1:]), "from_place is no place that is known"),
        ((GOOD[0], None, *GOOD[2:]), "to_place is no place that is known"),
        (("port:XAA:2", "port:XAA:1", *GOOD[2:]), "both ends are one place"),
        ((*GOOD[:2], "raft", *GOOD[3:]), "it is no means of transport; expected one of road, rail, river"),
        ((*GOOD[:2], None, *GOOD[3:]), "it is no means of transport"),
        ((*GOOD[:3], "-1", *GOOD[4:]), "length_km is no number from zero up"),
        ((*GOOD[:3], "nan", *GOOD[4:]), "length_km is no number from zero up"),
        ((*GOOD[:4], "inf", GOOD[5]), "hours is no number from zero up"),
        ((*GOOD[:5], None), "cost_usd_per_t is no number from zero up"),
    ],
)
def test_a_leg_that_cannot_be_used_says_why(row: tuple[str | None, ...], reason: str) -> None:
    legs, refused = told(GOOD, row)
    assert legs.height == 2
    assert len(refused) == 1
    assert refused[0].startswith(f"row 2: {reason}")


def test_a_second_row_for_a_leg_is_refused() -> None:
    legs, refused = told(GOOD, (*GOOD[:3], "7", "7", "7"))
    assert legs["length_km"].unique().to_list() == [100.5]
    assert "an earlier row holds this leg" in refused[0]


def test_own_legs_stand_in_place_of_those_found() -> None:
    mine, _ = told(GOOD)
    found = mine.with_columns(pl.lit(1.0).alias("length_km"))
    guessed = found.with_columns(mode=pl.lit("road").cast(found.schema["mode"]), is_estimated=pl.lit(True))
    assert replaced(pl.concat([found, guessed]), mine)["length_km"].to_list() == [100.5, 100.5]
    assert replaced(found, Legs.create_empty()).equals(found)
