import numpy as np
import polars as pl
import pytest
import shapely

from models.world.config import WorldConfig
from models.world.parameters.geography import Geography
from tests.models.world.lands import small


def shapes(frame):
    return np.array(shapely.from_wkb(frame["geometry"].to_list()))


def holding(ground):
    """Permit ids by deposit: permits of the deposit's family whose polygon holds it."""
    permits = ground.areas.filter(pl.col("kind") == "permit")
    points = shapely.points(ground.deposits["lon"].to_numpy(), ground.deposits["lat"].to_numpy())
    inside = shapely.contains(shapes(permits)[None, :], points[:, None])
    same = ground.deposits["family"].to_numpy()[:, None] == permits["family"].to_numpy()[None, :]
    return permits, inside & same


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_shapes_are_valid_polygons_inside_their_country(seed):
    ground = small(seed)
    found = shapes(ground.areas)
    assert shapely.is_valid(found).all()
    assert set(shapely.get_dimensions(found)) == {2}
    assert (shapely.area(found) > 0).all()
    outlines = dict(zip(ground.outlines["country"], shapes(ground.outlines), strict=True))
    own = np.array([outlines[one] for one in ground.areas["country"]])
    assert (shapely.area(shapely.difference(found, own)) < 1e-9).all()


def test_most_industrial_deposits_have_a_permit_and_small_ones_have_none():
    held, large, small_held = 0, 0, 0
    for seed in range(1, 6):
        ground = small(seed)
        _, inside = holding(ground)
        cut = pl.col("contained_kg").quantile(1 - Geography().industrial_share).over("family", "host")
        is_large = ground.deposits.select(pl.col("contained_kg") >= cut).to_series().to_numpy()
        held += inside.any(axis=1)[is_large].sum()
        large += is_large.sum()
        small_held += inside.any(axis=1)[~is_large].sum()
    # About 330 of them, two thirds: standard error 0.026.
    assert held / large == pytest.approx(Geography().permitted_share, abs=0.09)
    assert small_held / large < 0.1


def test_some_permits_lie_on_nothing_and_some_have_run_out():
    idle, expired, count = 0, 0, 0
    for seed in range(1, 6):
        permits, inside = holding(small(seed))
        idle += (~inside.any(axis=0)).sum()
        expired += (permits["valid_to"].dt.year() < WorldConfig.sized("small", seed).last_year).sum()
        count += len(permits)
    assert 0.05 < idle / count < 0.2
    assert 0.05 < expired / count < 0.2


def test_permits_have_an_invented_holder_a_family_and_an_order_of_dates():
    permits = small().areas.filter(pl.col("kind") == "permit")
    assert permits["holder"].null_count() == permits["family"].null_count() == permits["valid_to"].null_count() == 0
    assert (permits["valid_to"] > permits["valid_from"]).all()
    assert 1 < permits["holder"].n_unique() < len(permits)


def test_protected_areas_never_end_and_some_lie_over_deposits():
    over = 0
    for seed in range(1, 6):
        ground = small(seed)
        parks = ground.areas.filter(pl.col("kind") == "protected")
        assert parks["valid_to"].null_count() == parks["holder"].null_count() == len(parks) > 5
        points = shapely.points(ground.deposits["lon"].to_numpy(), ground.deposits["lat"].to_numpy())
        over += shapely.contains(shapely.union_all(shapes(parks)), points).sum()
    assert over > 20


def test_ids_name_the_kind_and_the_country():
    areas = small().areas
    assert areas["area_id"].n_unique() == len(areas)
    expected = areas.select(pl.format("{}:{}:", "kind", "country")).to_series()
    assert areas["area_id"].str.starts_with(expected).all()
