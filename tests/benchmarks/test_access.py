"""The slow search that the benchmark compares with, and what real voyages say of the sea lanes."""

from pathlib import Path

import numpy as np
import polars as pl
import pytest

from benchmarks.access import FAST_KN, off_network, one_after_the_other, routed
from graphs.transport import costs
from models.linkage.access import access
from models.linkage.network import Network
from pipelines.sources import sea_lanes
from tests.models.linkage.grounds import KM, edges, nodes, place, places


def test_one_search_after_the_other_finds_the_same_costs() -> None:
    rng = np.random.default_rng(5)
    at = [(float(lon), float(lat)) for lon, lat in rng.uniform(0, 5, (60, 2))]
    ways = [(one, one + 1, 3 * KM) for one in range(59)] + [(one, one + 7, 4 * KM) for one in range(50)]
    told = places(place("port:p", 0.1, 0.2), place("airport:a", 4.0, 4.0), place("port:q", 5.5, 1.0))
    made = Network.of(nodes("road", *at), edges("road", *ways), told, costs())
    points = pl.DataFrame(rng.uniform(-1, 6, (30, 2)), schema=["lon", "lat"])
    sample = np.arange(0, 30, 3)
    expected, _, distinct = one_after_the_other(made, points, told, sample)
    found = access(made, points, told)
    assert found.cost[sample] == pytest.approx(expected, rel=1e-5)
    assert 1 < distinct <= 30
    rows = {row[0]: [float(cell.replace(",", "")) for cell in row[1:]] for row in off_network(found, made).rows}
    for low, middle, high in zip(
        rows["cost if there is a road after all"],
        rows["cost, USD/t"],
        rows["cost at the dearest assumption"],
        strict=True,
    ):
        assert low <= middle <= high
    assert all(0 <= share <= 1 for share in rows["share off the network"])


@pytest.mark.realdata
def test_real_voyages_are_longer_than_straight_and_mostly_at_the_speed_of_ships(real_data: Path) -> None:
    file = sea_lanes.installed()
    assert file is not None
    told = routed(real_data, *sea_lanes.read(file))
    assert (told["rows"][0], told.height) == (1059, 630)
    assert told["sea_km"].is_finite().all()
    assert (told["sea_km"] >= told["straight_km"] * 0.999).all()
    far = told.filter(pl.col("straight_km") > 500, pl.col("hours") > 0)
    assert 1.2 < (far["sea_km"] / far["straight_km"]).median() < 2.0  # type: ignore[operator]
    # Voyages of which the file states no long stop: hours and lanes give the speed that it states.
    steady = far.filter((pl.col("sea_kn") / pl.col("av_speed")).is_between(0.7, 1.3))
    assert steady.height > 0.4 * far.height
    assert far.filter(pl.col("sea_kn") > FAST_KN).height <= 0.02 * far.height
