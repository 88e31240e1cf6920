import numpy as np
import polars as pl
import pytest

from models.world.config import WorldConfig
from models.world.ground import ground
from models.world.land.rivers import channels
from models.world.land.sphere import distance_km
from models.world.parameters.geography import Geography
from tests.models.world.lands import small


def cells(ground, rows):
    return ground.terrain.cell_of(rows["lon"].to_numpy(), rows["lat"].to_numpy())


def test_families_have_their_settings():
    hosts = small().deposits.group_by("family").agg(pl.col("host").unique().sort()).sort("family").rows()
    assert hosts == [
        ("gold", ["orogenic_vein", "placer"]),
        ("nickel", ["laterite", "sulphide"]),
        ("timber", ["rain_forest"]),
    ]


def test_deposits_lie_on_land_of_their_country_in_the_basin_of_their_river():
    ground, config = small(), WorldConfig.sized("small", 1)
    cell = cells(ground, ground.deposits)
    owner = ground.grid.ravel()[cell]
    assert (owner >= 0).all()
    assert ground.countries["country"].to_numpy()[owner].tolist() == ground.deposits["country"].to_list()
    reach = channels(config, ground.terrain).reach[cell]
    assert [one if one >= 0 else None for one in reach.tolist()] == ground.deposits["reach_id"].to_list()


def test_placers_lie_on_rivers_and_laterites_and_forests_in_low_latitudes():
    ground = small()
    placers = ground.deposits.filter(host="placer")
    streams = channels(WorldConfig.sized("small", 1), ground.terrain)
    on_river = streams.is_river[cells(ground, placers)]
    assert on_river.mean() > 0.9
    assert ground.deposits.filter(host="rain_forest")["lat"].abs().median() < 15
    heights = ground.terrain.elevation_m.ravel()
    veins, nickel = (ground.deposits.filter(host=host) for host in ("orogenic_vein", "laterite"))
    high, low = (
        np.median(heights[ground.terrain.cell_of(one["lon"].to_numpy(), one["lat"].to_numpy())])
        for one in (veins, nickel)
    )
    assert high > low


def test_veins_cluster_in_belts():
    veins = pl.concat(
        [small(seed).deposits.filter(host="orogenic_vein").with_columns(seed=seed) for seed in range(1, 6)]
    )
    ratios = []
    for (seed,), rows in veins.group_by("seed", maintain_order=True):
        land = small(seed).terrain
        rng = np.random.default_rng(0)
        cells = rng.choice(np.flatnonzero(land.is_land.ravel()), len(rows), replace=False)
        ratios.append(_near(rows["lon"].to_numpy(), rows["lat"].to_numpy()) / _near(*land.centre_of(cells)))
    assert np.median(ratios) > 1.5


def _near(lon, lat):
    """Pairs within 300 km."""
    return (distance_km(lon[:, None], lat[:, None], lon, lat) < 300).sum() - len(lon)


def test_mass_is_lognormal_with_a_heavy_tail_and_grades_are_those_of_ores():
    veins = pl.concat([small(seed).deposits.filter(host="orogenic_vein") for seed in range(1, 6)])
    host = Geography().belts["gold"].hosts["orogenic_vein"]
    logs = np.log(veins["contained_kg"].to_numpy())
    error = host.contained_sd / np.sqrt(len(logs))
    assert logs.mean() == pytest.approx(np.log(host.contained_kg), abs=4 * error)
    assert logs.std() == pytest.approx(host.contained_sd, rel=0.25)
    top = veins["contained_kg"].sort(descending=True).head(len(veins) // 10).sum()
    assert top / veins["contained_kg"].sum() > 0.4
    assert veins["grade"].median() == pytest.approx(4e-6, rel=0.3)


def test_copper_and_cobalt_share_belts():
    config = WorldConfig(1, "small", countries=12, families=("copper", "cobalt"))
    deposits = ground(config).deposits
    copper, cobalt = (deposits.filter(family=one).select("lon", "lat").to_numpy().T for one in ("copper", "cobalt"))
    apart = distance_km(cobalt[0][:, None], cobalt[1][:, None], *copper).min(axis=1)
    assert np.median(apart) < 250
