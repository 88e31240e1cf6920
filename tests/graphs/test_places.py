import pytest

from graphs.places import capitals


@pytest.mark.parametrize(
    ("country", "lon", "lat"),
    [  # from an atlas, to the half degree
        ("BRA", -47.9, -15.8),  # Brasília, listed with and without its accent
        ("TGO", 1.2, 6.1),  # Lomé
        ("KAZ", 71.4, 51.2),  # Astana, listed as Nur-Sultan
        ("USA", -77.0, 38.9),  # Washington, not the larger New York
        ("MAC", 113.5, 22.2),
    ],
)
def test_a_country_stands_at_its_seat(country, lon, lat):
    assert capitals()[country] == (pytest.approx(lon, abs=0.5), pytest.approx(lat, abs=0.5))


def test_nearly_every_country_stands_somewhere_on_earth():
    points = capitals()
    assert len(points) > 230
    assert all(-180 <= lon <= 180 and -90 <= lat <= 90 for lon, lat in points.values())
    assert "ATA" not in points
