from dataclasses import fields, replace

import numpy as np
import polars as pl
import pytest

from models.world.config import WorldConfig
from models.world.mined import mined as real_mined
from models.world.scenes.chosen import stack_months
from models.world.scenes.optical import SCALE
from models.world.scenes.scene import CLEAR, UNSEEN
from models.world.scenes.spectra import ENDMEMBERS, optical_library
from models.world.scenes.survey import seen
from tests.models.world import lands
from tests.models.world.scenes.hand import config, ground, mined, scene, scenes, stub

MINES = ("illegal", "artisanal", "legal_mine")


def same(one, other) -> bool:
    """Equal arrays and values all the way down."""
    if isinstance(one, np.ndarray):
        return np.array_equal(one, other, equal_nan=one.dtype.kind == "f")
    if hasattr(one, "__dataclass_fields__"):
        return all(same(getattr(one, field.name), getattr(other, field.name)) for field in fields(one))
    return one == other


def test_every_array_has_its_shape_and_type():
    for one in scenes():
        months, side = 18, one.optical.shape[2]
        assert one.optical.shape == (months, 10, side, side)
        assert one.cloud_mask.shape == one.truth.cloud.shape == one.truth.mined.shape == (months, side, side)
        assert one.radar.shape == (months, 2, side, side)
        assert one.truth.abundances.shape == (months, len(ENDMEMBERS), side, side)
        assert (one.optical.dtype, one.cloud_mask.dtype, one.radar.dtype) == (np.uint16, np.uint8, np.float32)
        assert all(
            (day.year, day.month) == (month.year, month.month) for day, month in zip(one.taken, one.months, strict=True)
        )


def test_abundances_are_shares():
    for one in scenes():
        assert one.truth.abundances.min() >= 0
        assert np.abs(one.truth.abundances.sum(axis=1) - 1).max() < 1e-5


@pytest.mark.parametrize("kind", MINES)
def test_the_mask_is_as_large_as_the_open_ground(kind):
    found = scene(kind)
    rows = mined().site_months.filter(pl.col("site_id") == found.site_id)
    told = dict(rows.select("month", "area_ha").iter_rows())
    for at, month in enumerate(found.months):
        area_ha = found.truth.mined[at].sum() * abs(found.transform[0] * found.transform[4]) / 10_000
        assert area_ha == pytest.approx(told.get(month, 0.0), abs=0.005)  # half a pixel of 0.01 ha


def test_idle_ground_stays_as_a_scar():
    found = scene("illegal")
    resting = [at for at, month in enumerate(found.months) if (month.year, month.month) == (2024, 6)]
    assert found.truth.mined[resting].sum() == 0
    assert found.truth.abandoned[resting].sum() > 100
    assert not np.any(found.truth.mined & found.truth.abandoned)


def test_look_alikes_hold_no_mine():
    for one in scenes():
        assert (one.site_id is None) == (one.kind not in MINES)
        if one.site_id is None:
            assert not one.truth.mined.any()
            assert not one.truth.abandoned.any()


def test_mined_ground_is_bare_or_water():
    for kind in MINES:
        truth = scene(kind).truth
        bare = 1 - truth.abundances[:, [ENDMEMBERS.index(one) for one in ("green_vegetation", "dry_vegetation")]].sum(
            axis=1
        )
        assert bare[truth.mined == 1].mean() > 0.75


def test_clear_pixels_show_their_abundances():
    """Reflectance of clear months against the mixture of endmembers: what is left are blur, shift, air and noise."""
    errors = []
    for one in scenes():
        mixed = np.einsum("tkhw,kb->tbhw", one.truth.abundances, optical_library())
        clear = (one.truth.cloud == CLEAR) & (one.truth.cloud_percent == 0)
        errors.append((one.optical / SCALE - mixed).transpose(0, 2, 3, 1)[clear])
    assert 0.01 < np.sqrt(np.mean(np.concatenate(errors) ** 2)) < 0.045
    assert abs(np.mean(np.concatenate(errors))) < 0.004


def test_no_data_is_outside_the_swath():
    cut = replace(config(), scenes=replace(config().scenes, edge_chance=1.0))
    found = next(seen(cut, stub(ground()), stub(mined())))
    gone = found.optical == 0
    assert 0 < gone.mean() < 0.5
    assert np.array_equal(gone.all(axis=1), gone.any(axis=1))
    assert np.array_equal(gone.all(axis=1), found.cloud_mask == UNSEEN)


def test_some_scenes_have_a_cube_and_a_mosaic():
    cubes, mosaics = [one for one in scenes() if one.cube], [one for one in scenes() if one.drone]
    assert (len(cubes), len(mosaics)) == (2, 1)
    assert any(one.site_id for one in cubes)
    assert mosaics[0].site_id
    assert mosaics[0].truth.drone is not None


def test_the_same_seed_sees_the_same_and_another_something_else():
    again = seen(config(), stub(ground()), stub(mined()))
    assert all(same(one, next(again)) for one in scenes()[:3])
    other = next(seen(config(2), stub(ground()), stub(mined())))
    assert not any(np.array_equal(one.optical, other.optical) for one in scenes())
    assert stack_months(config()) == scenes()[0].months


def test_a_real_small_world_has_its_scenes():
    """Areas of real sites, which close, rest and move."""
    small = WorldConfig.sized("small", 1)
    dug = real_mined(small, lands.small(1))
    found = list(seen(small, lands.small(1), dug))
    assert len(found) == 4
    assert sum(one.site_id is not None for one in found) == 2
    for one in found:
        own = dug.site_months.filter(pl.col("site_id") == pl.lit(one.site_id, dtype=pl.String))
        told = dict(own.select("month", "area_ha").iter_rows())
        areas = one.truth.mined.sum(axis=(1, 2)) * 0.01
        assert areas == pytest.approx([told.get(month, 0.0) for month in one.months], abs=0.0051)
        assert 0.1 < np.mean(one.truth.cloud == CLEAR) < 0.9
