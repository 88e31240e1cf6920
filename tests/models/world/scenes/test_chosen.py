from collections import Counter
from dataclasses import replace
from datetime import date

import numpy as np
import polars as pl
import pytest

from models.world.scenes.chosen import fitting, stack_months, subjects
from tests.models.world.scenes.hand import COUNTS, SCENES, config, ground, mined, stub


@pytest.fixture(scope="module")
def dug():
    return mined()


def test_a_stack_ends_with_the_world():
    months = stack_months(config())
    assert (months[0], months[-1], len(months)) == (date(2023, 7, 1), date(2024, 12, 1), 18)


def test_sites_that_do_not_fit_have_no_scene(dug):
    fit = fitting(config(), dug.sites, dug.site_months)
    assert fit["site_id"].to_list() == ["digging:1", "mine:1", "zone:1"]


def test_the_side_holds_the_open_ground_and_its_way(dug):
    fit = fitting(config(), dug.sites, dug.site_months)
    assert set(fit["pixels"].to_list()) == {36}  # 4 ha are 400 pixels: 34 x 34 at a share of 0.35
    moved = dug.site_months.with_columns(lon=pl.col("lon") + 0.0025 * (pl.col("month").dt.year() - 2023))
    wide = fitting(config(), dug.sites, moved).filter(pl.col("site_id") == "zone:1")
    assert wide["pixels"].item() == 48  # 278 m of way and 38 m of drift over 0.72 of the side
    grown = dug.site_months.with_columns(area_ha=pl.col("area_ha") * 2)
    assert fitting(config(), dug.sites, grown).filter(pl.col("site_id") == "mine:1")["pixels"].item() == 48


def test_every_kind_has_its_scenes(dug):
    kinds = Counter(one.kind for one in subjects(config(), stub(ground()), dug.sites, dug.site_months))
    assert kinds == {
        "illegal": 1, "artisanal": 1, "legal_mine": 1, "river_bank": 1, "farm_clearing": 1, "landslide": 1, "pond": 1
    }  # fmt: skip


def test_the_order_does_not_tell_the_kind(dug):
    firsts = {
        subjects(config(seed), stub(ground()), dug.sites, dug.site_months)[0].kind
        in ("illegal", "artisanal", "legal_mine")
        for seed in range(8)
    }
    assert firsts == {True, False}


def test_look_alikes_lie_apart_from_sites(dug):
    crowded = replace(config(), scenes=replace(SCENES, apart_deg=8.0, small=replace(COUNTS, look_alikes=40)))
    found = [one for one in subjects(crowded, stub(ground()), dug.sites, dug.site_months) if one.site is None]
    assert len(found) == 40
    sites = dug.sites.select("lon", "lat").to_numpy()
    for one in found:
        assert np.all(np.abs(sites - [one.lon, one.lat]).max(axis=1) >= 8.0)


def test_the_order_of_rows_does_not_matter(dug):
    one = subjects(config(), stub(ground()), dug.sites, dug.site_months)
    other = subjects(config(), stub(ground()), dug.sites.reverse(), dug.site_months.reverse())
    assert one == other


def test_a_world_without_sites_has_look_alikes_alone(dug):
    found = subjects(config(), stub(ground()), dug.sites.clear(), dug.site_months.clear())
    assert [one.site for one in found] == [None] * 4
    assert {one.pixels for one in found} == {36}
