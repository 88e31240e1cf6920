import polars as pl

from graphs.families import read_codes
from graphs.straits import FILE, straits
from graphs.tables_places import Places


def test_every_strait_is_a_place_of_nobody() -> None:
    table = straits()
    assert Places.is_valid(table)
    assert table.height == len(read_codes(FILE))
    assert table.select("kind", "country", "raw_sha256").unique().rows() == [("strait", None, None)]
    suez = table.row(by_predicate=pl.col("place_id") == "strait:suez", named=True)
    # Between Port Said and Suez.
    assert 29.9 < suez["lat"] < 31.3
    assert 32.2 < suez["lon"] < 32.7
