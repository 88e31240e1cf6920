import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphs.nearest import NOBODY, Nearest
from graphs.sphere import EARTH_KM, distance_km
from graphs.tables_places import Places
from tests.graphs.place_rows import places

POINTS = st.lists(st.tuples(st.floats(-180, 180), st.floats(-89, 89)), min_size=1, max_size=12)


def listed(points: list[tuple[float, float]]) -> pl.DataFrame:
    # At 0, 0 nothing may lie; a nudge keeps the point.
    return places(*({"lon": lon or 0.5, "lat": lat} for lon, lat in points if abs(lon) > 0.01 or abs(lat) > 0.01))


@given(POINTS, POINTS, st.sampled_from([np.inf, 10.0, 1000.0, 8000.0]))
def test_nearest_is_the_smallest_of_all_distances(
    here: list[tuple[float, float]], asked: list[tuple[float, float]], within_km: float
) -> None:
    here = [(1.0, 1.0), *(one for one in here if abs(one[0]) > 0.01 or abs(one[1]) > 0.01)]
    near = Nearest.of(listed(here))
    row, km = near.rows([lon for lon, _ in asked], [lat for _, lat in asked], within_km)
    table = near.places
    for (lon, lat), found, apart in zip(asked, row, km, strict=True):
        every = distance_km(lon, lat, table["lon"].to_numpy(), table["lat"].to_numpy())
        if found == NOBODY:
            assert every.min() > within_km - 1e-5
            assert apart == np.inf
        else:
            assert apart <= within_km + 1e-5
            assert apart == pytest.approx(every[found], abs=1e-3)
            assert apart == pytest.approx(every.min(), abs=1e-3)


def test_the_answer_names_the_place_that_stands() -> None:
    two = places({"lon": 10.0, "lat": 0.0}, {"lon": 10.1, "lat": 0.0})
    joined = two.with_columns(pl.Series("same_as", [None, "port:a:1"], dtype=pl.String))
    found = Nearest.of(joined).find([10.11, 170.0, np.nan], [0.0, 0.0, 0.0], within_km=5.0)
    assert found["place_id"].to_list() == ["port:a:1", None, None]
    assert found["point_id"].to_list() == ["port:a:2", None, None]
    assert found["km"][0] == pytest.approx(EARTH_KM * np.radians(0.01))
    assert found["km"][1:].to_list() == [None, None]


def test_kinds_limit_what_may_be_near() -> None:
    both = places({"lon": 10.0, "lat": 0.0}, {"lon": 10.1, "lat": 0.0, "kind": "city"})
    assert Nearest.of(both).find([10.1], [0.0])["place_id"].to_list() == ["port:a:2"]
    assert Nearest.of(both, ["port", "anchorage"]).find([10.1], [0.0])["place_id"].to_list() == ["port:a:1"]


def test_across_the_date_line_and_without_places() -> None:
    two = places({"lon": 179.9, "lat": 0.0}, {"lon": 170.0, "lat": 0.0})
    assert Nearest.of(two).find([-179.9], [0.0])["place_id"].to_list() == ["port:a:1"]
    nothing = Nearest.of(Places.create_empty()).find([1.0], [1.0])
    assert nothing.rows() == [(None, None, None)]
    assert Nearest.of(two).find([], []).height == 0
