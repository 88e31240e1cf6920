import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphs.crossings import BESIDE_KM, CROSSING_KM, crossings, placed
from graphs.sphere import distance_km
from graphs.tables_places import Places

Node = tuple[int, float, float, str | None, str]
Edge = tuple[int, int, str, float]


def nodes(*rows: Node) -> pl.DataFrame:
    schema = {"node": pl.UInt32, "lon": pl.Float64, "lat": pl.Float64, "country": pl.String, "mode": pl.String}
    return pl.DataFrame(list(rows), schema=schema, orient="row")


def edges(*rows: Edge) -> pl.DataFrame:
    schema = {"start": pl.UInt32, "end": pl.UInt32, "mode": pl.String, "length_km": pl.Float64}
    frame = pl.DataFrame(list(rows), schema=schema, orient="row")
    return frame.with_columns(pl.lit(None, pl.String).alias("passage"), pl.lit("a network").alias("source"))


def cities(*rows: tuple[str, float, float]) -> pl.DataFrame:
    told = [(f"city:{country}:{at}", country, lon, lat) for at, (country, lon, lat) in enumerate(rows)]
    return pl.DataFrame(told, schema=["place_id", "country", "lon", "lat"], orient="row").with_columns(
        pl.lit(None, pl.String).alias("same_as")
    )


def outlined(*codes: str | None) -> pl.Series:
    return pl.Series("country", codes, dtype=pl.String)


def test_a_node_lies_where_it_says_or_in_its_outline_or_beside_one_or_near_a_city() -> None:
    listed = nodes(
        (0, 0.0, 0.0, "XAC", "road"), (1, 0.0, 0.0, None, "road"), (2, 0.1, 0.0, None, "rail"),
        (3, 9.0, 0.0, None, "road"), (4, 0.0, 0.0, None, "sea"),
    )  # fmt: skip
    assert distance_km(0.0, 0.0, 0.1, 0.0) < BESIDE_KM
    found = placed(listed, outlined("GHA", "GHA", None, None, None), cities(("TGO", 8.0, 0.0), ("BEN", 0.1, 0.0)))
    assert found["country"].to_list() == ["XAC", "GHA", "GHA", "TGO", None]
    assert found.columns == listed.columns


def test_a_territory_without_an_outline_is_told_from_its_state() -> None:
    listed = nodes((0, -52.3, 4.9, None, "road"), (1, -51.8, 3.9, None, "road"))
    near = cities(("GUF", -52.3, 4.9))
    assert placed(listed, outlined("FRA", "BRA"), near)["country"].to_list() == ["GUF", "BRA"]


def test_a_road_over_a_border_makes_one_place_on_the_side_of_the_first_country() -> None:
    listed = nodes((5, 1.0, 6.0, "TGO", "road"), (7, 1.1, 6.1, "GHA", "road"), (9, 1.2, 6.2, "GHA", "road"))
    found = crossings(listed, edges((5, 7, "road", 16.0), (7, 9, "road", 16.0)))
    row = found.row(0, named=True)
    assert found.height == 1
    assert (row["place_id"], row["kind"], row["country"]) == ("border:GHA-TGO:6.1,1.1", "border", "GHA")
    assert row["name"] == "Border of Ghana and Togo at 6.1 N, 1.1 E"
    assert row["source"] == "a network"
    Places.validate(found)


def test_of_crossings_side_by_side_the_shortest_edge_counts() -> None:
    listed = nodes(
        (0, 1.0, 6.0, "GHA", "road"), (1, 1.1, 6.0, "TGO", "road"),
        (2, 1.0, 6.1, "GHA", "rail"), (3, 1.02, 6.1, "TGO", "rail"),
    )  # fmt: skip
    found = crossings(listed, edges((0, 1, "road", 11.0), (2, 3, "rail", 2.0)))
    assert found["lat"].to_list() == [6.1]


def test_the_sea_and_unknown_countries_have_no_border() -> None:
    listed = nodes((0, 1.0, 6.0, "GHA", "sea"), (1, 1.1, 6.0, "TGO", "sea"), (2, 1.0, 6.0, None, "road"),
                   (3, 1.0, 6.2, "TGO", "road"))  # fmt: skip
    assert crossings(listed, edges((0, 1, "sea", 11.0), (2, 3, "road", 11.0))).is_empty()
    assert crossings(nodes(), edges()).is_empty()


@given(st.integers(2, 40), st.integers(0, 1000))
def test_every_crossing_has_a_place_within_reach_and_places_of_two_countries_lie_apart(count: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    spots = rng.uniform(0.0, 1.5, size=(count, 2)).round(3)
    lands = rng.choice(["GHA", "TGO", "BEN"], size=count)
    listed = nodes(*((at, float(spots[at, 0]), float(spots[at, 1]), str(lands[at]), "road") for at in range(count)))
    pairs = [(at, at + 1, "road", float(rng.uniform(1, 50))) for at in range(count - 1)]
    found = crossings(listed, edges(*pairs)).with_columns(pair=pl.col("place_id").str.split(":").list.get(1))
    for start, end, _, _ in pairs:
        one, other = sorted((str(lands[start]), str(lands[end])))
        if one != other:
            at = start if lands[start] == one else end
            mine = found.filter(pair=f"{one}-{other}")
            assert distance_km(*spots[at], mine["lon"].to_numpy(), mine["lat"].to_numpy()).min() < CROSSING_KM
    for _, rows in found.group_by("pair"):
        apart = [distance_km(lon, lat, rows["lon"].to_numpy(), rows["lat"].to_numpy()) for lon, lat in
                 rows.select("lon", "lat").iter_rows()]  # fmt: skip
        assert all((one > 0).sum() == 0 or one[one > 0].min() >= CROSSING_KM for one in apart)


@pytest.mark.parametrize(("lon", "lat", "spot"), [(-1.25, -6.0, "6.0 S, 1.2 W"), (0.0, 0.0, "0.0 N, 0.0 E")])
def test_a_position_is_told_in_words(lon: float, lat: float, spot: str) -> None:
    listed = nodes((0, lon, lat, "GHA", "road"), (1, lon + 0.1, lat, "TGO", "road"))
    names = crossings(listed, edges((0, 1, "road", 11.0)))["name"].to_list()
    assert names == ([f"Border of Ghana and Togo at {spot}"] if lon else [])
