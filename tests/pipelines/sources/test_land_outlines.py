import numpy as np
import pytest

from pipelines.sources import cities
from pipelines.sources.land_outlines import countries_at


@pytest.mark.parametrize(
    ("lon", "lat", "country"),
    [
        (-1.6, 6.7, "GHA"),
        (28.0, -29.5, "LSO"),  # a hole in South Africa
        (25.0, -29.0, "ZAF"),
        (179.9, 67.5, "RUS"),
        (-179.0, 67.0, "RUS"),  # beyond the 180th meridian
        (0.0, -89.0, "ATA"),
        (-30.0, 0.0, None),
    ],
)
def test_a_point_lies_in_its_country(lon: float, lat: float, country: str | None) -> None:
    assert countries_at(np.array([lon]), np.array([lat])).to_list() == [country]


def test_cities_lie_in_their_countries() -> None:
    listed = cities.parse(cities.cities_file()).places
    found = countries_at(listed["lon"].to_numpy(), listed["lat"].to_numpy())
    known = found.is_not_null()
    assert known.mean() > 0.95
    assert (found == listed["country"]).filter(known).mean() > 0.99


def test_no_points_have_no_countries() -> None:
    assert countries_at(np.zeros(0), np.zeros(0)).to_list() == []
