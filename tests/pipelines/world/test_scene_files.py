import csv
import hashlib
import json
from pathlib import Path

import numpy as np
import polars as pl
import pytest
import rasterio
from rasterio.warp import transform

from models.world.scenes.spectra import BANDS, ENDMEMBERS
from pipelines.world.scene_files import INDEX, SHARE_STEPS, write, write_scene
from tests.models.world.scenes.hand import mined, scene, scenes


@pytest.fixture(scope="module")
def written(tmp_path_factory) -> tuple[Path, Path]:
    root = tmp_path_factory.mktemp("scenes")
    write(root / "data", root / "truth", scenes())
    return root / "data", root / "truth"


def hashes(root: Path) -> dict[str, str]:
    files = sorted(one for one in root.rglob("*") if one.is_file())
    return {one.relative_to(root).as_posix(): hashlib.sha256(one.read_bytes()).hexdigest() for one in files}


@pytest.mark.parametrize(
    ("name", "nodata", "dtype", "bands"),
    [("optical", 0.0, "uint16", 180), ("clouds", 255.0, "uint8", 18), ("radar", np.nan, "float32", 36)],
)
def test_stacks_lie_on_the_grid_of_their_scene(written, name, nodata, dtype, bands):
    for one in scenes():
        with rasterio.open(written[0] / one.scene_id.replace(":", "-") / f"{name}.tif") as raster:
            assert raster.crs.to_epsg() == one.epsg
            assert tuple(raster.transform)[:6] == one.transform
            assert raster.nodata == pytest.approx(nodata, nan_ok=True)
            assert set(raster.dtypes) == {dtype}
            assert raster.count == bands
            assert raster.tags()["MONTHS"].split() == [month.isoformat() for month in one.months]
            assert raster.profile["compress"] == "deflate"
            assert raster.profile["tiled"]


def test_values_come_back(written):
    one = scene("illegal")
    own = written[0] / one.scene_id.replace(":", "-")
    for name, values in (("optical", one.optical), ("clouds", one.cloud_mask), ("radar", one.radar)):
        with rasterio.open(own / f"{name}.tif") as raster:
            assert np.array_equal(raster.read().reshape(values.shape), values, equal_nan=name == "radar")
    with rasterio.open(own / "optical.tif") as raster:
        assert raster.descriptions[13] == f"{one.taken[1].isoformat()} {BANDS[3]}"
        assert set(raster.scales) == {1e-4}


def test_a_centre_is_where_the_index_says(written):
    index = pl.read_csv(written[0] / INDEX, try_parse_dates=True)
    assert index.height == len(scenes())
    for row in index.iter_rows(named=True):
        with rasterio.open(written[0] / row["optical"]) as raster:
            (x,), (y,) = transform("EPSG:4326", raster.crs, [row["lon"]], [row["lat"]])
            at = ((x - raster.bounds.left) / 10, (raster.bounds.top - y) / 10)
            assert at == pytest.approx((row["width"] / 2, row["height"] / 2), abs=0.1)
            assert raster.res == (row["resolution_m"], row["resolution_m"])


def test_the_mask_sums_to_the_hectares_of_the_site(written):
    """As a user computes it: pixels of the mask within the raster, times the area of a pixel."""
    one = scene("artisanal")
    told = dict(mined().site_months.filter(pl.col("site_id") == one.site_id).select("month", "area_ha").iter_rows())
    with rasterio.open(written[1] / one.scene_id.replace(":", "-") / "mined.tif") as raster:
        pixel_ha = abs(raster.transform.a * raster.transform.e) / 10_000
        for band, month in enumerate(raster.tags()["MONTHS"].split(), 1):
            expected = {str(when): area for when, area in told.items()}.get(month, 0.0)
            assert (raster.read(band) == 1).sum() * pixel_ha == pytest.approx(expected, abs=0.005)


def test_truth_is_complete(written):
    answers = pl.read_parquet(written[1] / "scenes.parquet")
    assert answers.rows() == [(one.scene_id, one.kind, one.site_id) for one in scenes()]
    flown = next(one for one in scenes() if one.drone)
    own = written[1] / flown.scene_id.replace(":", "-")
    with rasterio.open(own / "abundances.tif") as raster:
        shares = raster.read().reshape(flown.truth.abundances.shape) / SHARE_STEPS
        assert np.abs(shares - flown.truth.abundances).max() <= 0.5 / SHARE_STEPS + 1e-6
        assert raster.descriptions[len(ENDMEMBERS) + 2].endswith(ENDMEMBERS[2])
    told = json.loads((own / "scene.json").read_text(encoding="utf-8"))
    assert told["drone"]["gain"] == pytest.approx(flown.truth.drone.gain.tolist())
    assert np.array(told["shifts_px"]).shape == (18, 2)


def test_published_files_tell_nothing_of_the_truth(written):
    words = ("illegal", "artisanal", "legal_mine", "river_bank", "farm", "landslide", "pond", "zone:1", "mine:1")
    for file in written[0].rglob("*"):
        if file.is_file():
            content = file.read_bytes()
            assert not any(word.encode() in content for word in words), file.name


def test_panels_and_cube_come_with_their_numbers(written):
    flown = next(one for one in scenes() if one.drone)
    own = written[0] / flown.scene_id.replace(":", "-")
    with (own / "drone_panels.csv").open(encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    assert [float(row["nir"]) for row in rows] == [0.04, 0.2, 0.52]
    with rasterio.open(own / "hyperspectral.tif") as raster:
        assert raster.res == (30.0, 30.0)
        assert [float(one) for one in raster.tags()["WAVELENGTHS_NM"].split()] == flown.cube.wavelengths_nm.tolist()
    with rasterio.open(own / "drone.tif") as raster:
        assert raster.res == (0.5, 0.5)
        assert raster.count == 4


def test_same_scenes_same_bytes(written, tmp_path):
    write(tmp_path / "data", tmp_path / "truth", scenes())
    assert hashes(tmp_path / "data") == hashes(written[0])
    assert hashes(tmp_path / "truth") == hashes(written[1])


def test_a_scene_is_written_into_its_own_folder(tmp_path):
    one = scenes()[0]
    files = write_scene(one, tmp_path)
    assert {file.parent for file in files} == {tmp_path / one.scene_id.replace(":", "-")}
    assert all(file.is_file() for file in files)
