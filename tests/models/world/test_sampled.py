import numpy as np
import polars as pl
import pytest

from models.world.config import WorldConfig
from models.world.land.rivers import channels
from models.world.sampled import sampled
from models.world.samples.geology import geology
from models.world.samples.tables import Measurement, Sample, SampleSource
from tests.models.world.lands import small
from tests.models.world.samples.worlds import dug, sampled_world

FRAMES = {"samples": Sample, "measurements": Measurement, "sources": SampleSource}


@pytest.mark.parametrize("name", FRAMES)
def test_frames_have_their_schema(name):
    assert FRAMES[name].is_valid(getattr(sampled_world(), name))


@pytest.mark.parametrize("name", FRAMES)
def test_the_same_seed_gives_the_same_frames_and_another_seed_others(name):
    again = sampled(WorldConfig.sized("small", 1), small(), dug())
    assert getattr(again, name).equals(getattr(sampled_world(), name))
    assert not getattr(sampled_world(2), name).equals(getattr(sampled_world(), name))


def test_shares_of_every_sample_sum_to_one():
    world = sampled_world()
    sums = world.sources.group_by("sample_id").agg(pl.col("share").sum())
    assert set(sums["sample_id"]) == set(world.samples["sample_id"])
    assert sums["share"].to_numpy() == pytest.approx(np.ones(len(sums)))


def test_sources_exist():
    world, ground = sampled_world(), small()
    names = set(world.sources["source_id"])
    known = set(ground.deposits["deposit_id"]) | set(dug().sites["site_id"]) | {"blank"}
    known |= {f"background:{one}" for one in ground.reaches["reach_id"]}
    assert {one for one in names - known if not one.startswith("reference:RMX")} == set()


def test_every_medium_is_there_and_duplicates_share_their_sources():
    world = sampled_world()
    assert set(world.samples["medium"].cast(pl.String)) == set(Sample.medium.categories)
    twice = world.samples.drop_nulls("duplicate_of").select("sample_id", "duplicate_of")
    copy = world.sources.join(twice, on="sample_id").select("duplicate_of", "source_id", "share")
    first = world.sources.join(twice.select(sample_id="duplicate_of"), on="sample_id")
    assert copy.sort(copy.columns).rows() == first.sort(first.columns).rows()


def test_amalgam_is_mercury_and_gold():
    values = medians(sampled_world(), "amalgam")
    assert 3e5 < values["Hg"] < 6.5e5
    assert values["Au"] + values["Hg"] == pytest.approx(9e5, rel=0.15)


def medians(world, medium):
    rows = world.measurements.join(world.samples.filter(pl.col("medium") == medium), on="sample_id")
    in_mg = pl.col("value") / pl.col("unit").replace_strict({"ug/kg": 1e3, "%": 1e-4}, default=1.0)
    return dict(rows.group_by("analyte").agg(in_mg.median()).iter_rows())


def test_mercury_is_higher_below_sites_that_use_it():
    higher, lower = [], []
    for seed in range(1, 6):
        world = sampled_world(seed)
        with_mercury = dug(seed).sites.filter(processing="mercury")["site_id"]
        mercury = world.measurements.filter(pl.col("analyte") == "Hg", pl.col("unit") == "mg/kg")
        beds = world.samples.filter(pl.col("medium") == "river_sediment", pl.col("method") != "portable XRF")
        touched = world.sources.filter(pl.col("source_id").is_in(with_mercury.implode()), pl.col("share") > 0.01)
        rows = mercury.join(beds, on="sample_id").filter(~pl.col("is_censored"))
        is_touched = rows["sample_id"].is_in(touched["sample_id"].implode())
        higher += rows.filter(is_touched)["value"].to_list()
        lower += rows.filter(~is_touched)["value"].to_list()
    assert min(len(higher), len(lower)) > 50
    assert np.median(higher) > 2 * np.median(lower)


def test_deposits_differ_in_lead_more_than_laboratories_err():
    config, ground = WorldConfig.sized("small", 1), small()
    rocks = geology(config, ground, channels(config, ground.terrain))
    assert rocks.ore_lead[:, 0].std() > 10 * 18 * config.samples.laboratories[1].isotope_precision
    assert rocks.ore_lead[:, 0].min() > 14
    assert rocks.ore_lead[:, 0].max() < 21
    gold = (ground.deposits["host"] == "orogenic_vein").to_numpy()
    grade = np.exp(rocks.ore[gold, rocks.analytes.index("Au")]) / 1e6
    assert grade == pytest.approx(ground.deposits["grade"].to_numpy()[gold])


def test_background_of_neighbours_is_alike():
    config, ground = WorldConfig.sized("small", 1), small()
    rocks = geology(config, ground, channels(config, ground.terrain))
    land = np.flatnonzero(ground.terrain.is_land.ravel())
    land = land[ground.terrain.is_land.ravel()[land + 1]]
    lead = rocks.rock_lead[:, 0]
    assert np.corrcoef(lead[land], lead[land + 1])[0, 1] > 0.9
