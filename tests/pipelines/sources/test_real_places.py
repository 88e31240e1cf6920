"""All real lists of places together: what is joined and why, and what nobody could use."""

from pathlib import Path

import polars as pl
import pytest

from graphs.nearest import Nearest
from graphs.places_joined import CODE_KM, NAME_KM
from graphs.places_rows import join_duplicates, merge
from graphs.tables_places import Places
from pipelines.sources import airports, anchorages, cities, ports

pytestmark = pytest.mark.realdata


@pytest.fixture(scope="module")
def joined(real_data: Path) -> pl.DataFrame:
    folder = real_data / "transport"
    told = [
        ports.parse(folder / "world_port_index.csv"),
        ports.parse_searoute(ports.searoute_file()),
        anchorages.parse(folder / "gfw_anchorage_overrides.csv"),
        airports.parse(airports.airports_file()),
        airports.parse_openflights(folder / "openflights_airports.dat"),
        cities.parse(cities.cities_file()),
    ]
    table = merge([one.places for one in told])
    assert table.height == sum(one.places.height for one in told)
    return join_duplicates(table)


def test_nothing_is_dropped_and_every_join_says_why(joined: pl.DataFrame) -> None:
    assert Places.is_valid(joined)
    away = joined.filter(pl.col("same_as").is_not_null())
    assert away["same_why"].null_count() == 0
    assert joined.filter(pl.col("same_as").is_null())["same_why"].null_count() == joined.height - away.height
    km = away["same_why"].str.extract(r"^([\d.]+) km from ").cast(pl.Float64)
    by_code = away["same_why"].str.contains(" code | UN/LOCODE ")
    assert km.filter(by_code).max() <= CODE_KM
    assert km.filter(~by_code).max() <= NAME_KM


def test_joined_places_have_one_kind_and_the_other_counts(joined: pl.DataFrame) -> None:
    to = joined.select(
        pl.col("place_id").alias("same_as"), pl.col("kind").alias("to_kind"), pl.col("same_as").alias("to_same_as")
    )
    pairs = joined.filter(pl.col("same_as").is_not_null()).join(to, on="same_as", how="left")
    assert pairs["to_kind"].null_count() == 0
    assert pairs["to_same_as"].null_count() == pairs.height
    assert (pairs["kind"] == pairs["to_kind"]).all()


def test_half_of_searoutes_ports_are_those_of_the_index(joined: pl.DataFrame) -> None:
    listed = joined.filter(pl.col("source") == "searoute")
    assert 0.4 * listed.height < listed.height - listed["same_as"].null_count() < 0.7 * listed.height
    # One code in two lists, 1,300 km apart: an error of one of them, and no reason to join.
    apart = joined.filter(pl.col("locode") == "CADHS", pl.col("same_as").is_null())
    assert apart["name"].sort().to_list() == ["Dalhousie", "Port Dalhousie"]


def test_most_airports_of_openflights_are_those_of_the_other_list(joined: pl.DataFrame) -> None:
    listed = joined.filter(pl.col("source") == "openflights")
    assert listed["same_as"].null_count() < 0.2 * listed.height
    accra = joined.filter(pl.col("iata") == "ACC").sort("place_id")
    assert accra.select("place_id", "same_as").rows() == [
        ("airport:iata:ACC", None),
        ("airport:openflights:248", "airport:iata:ACC"),
    ]


def test_a_queue_off_fujairah_lies_at_one_place(joined: pl.DataFrame) -> None:
    """Two cells of one anchorage a few kilometres apart answer with the same place."""
    near = Nearest.of(joined, ["port", "anchorage"])
    cells = joined.filter((pl.col("kind") == "anchorage") & (pl.col("name") == "FUJAIRAH"))
    assert cells.height > 1_000
    found = near.find(cells["lon"].to_numpy(), cells["lat"].to_numpy())
    assert found["km"].max() < 0.01
    assert found["place_id"].n_unique() < cells.height / 20
