"""Scenes as GeoTIFF stacks, as a user exports them from an archive of images: one file of a scene for each sensor.

    scenes.csv                  what there is: one row a scene
    SCENE/optical.tif           months x ten bands, uint16, surface reflectance x 10000
    SCENE/clouds.tif            months, uint8: 0 clear, 1 cloud, 2 shadow, 3 thin cloud, 255 not seen
    SCENE/radar.tif             months x VV, VH, float32, gamma0 in linear power
    SCENE/hyperspectral.tif     one date, bands of 400 to 2450 nm, uint16, surface reflectance x 10000
    SCENE/drone.tif             one date, red, green, blue, near infrared, uint16, not calibrated
    SCENE/drone_panels.csv      where the reference panels lie in it and what they reflect

A band is described by the day it was taken and its name ("2020-01-17 B2"); months are in the order of the tag MONTHS.
One file of many bands costs half the time of a file for each month. Nothing in a file depends on when it was made.
"""

import csv
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl
import rasterio
from rasterio.transform import Affine

from models.world.scenes.drone import SURFACES
from models.world.scenes.scene import UNSEEN, Mosaic, Scene, Transform
from models.world.scenes.spectra import BANDS, DRONE_BANDS, ENDMEMBERS

POLARISATIONS = ("VV", "VH")
SHARE_STEPS = 200
"""Abundances are written in steps of half a percent."""
INDEX = "scenes.csv"
LARGEST_BLOCK = 256
SCALE = 1e-4


def write(folder: Path, truth: Path, scenes: Iterable[Scene]) -> list[Path]:
    """Write scenes and, elsewhere, their truth, one after another; then the index of both. Returns all files."""
    files: list[Path] = []
    index, answers = [], []
    for scene in scenes:
        written = write_scene(scene, folder)
        files += [*written, *write_scene_truth(scene, truth)]
        index.append(index_row(scene, [one.relative_to(folder) for one in written]))
        answers.append({"scene_id": scene.scene_id, "kind": scene.kind, "site_id": scene.site_id})
    for where in (folder, truth):
        where.mkdir(parents=True, exist_ok=True)
    pl.DataFrame(index, schema=INDEX_SCHEMA).write_csv(folder / INDEX)
    schema = {"scene_id": pl.String, "kind": pl.String, "site_id": pl.String}
    pl.DataFrame(answers, schema=schema).write_parquet(truth / "scenes.parquet")
    return [*files, folder / INDEX, truth / "scenes.parquet"]


def write_scene(scene: Scene, folder: Path) -> list[Path]:
    """Everything that sensors saw of a scene, in a folder of its own. Nothing of its truth."""
    own = folder_of(scene, folder)
    days = [one.isoformat() for one in scene.taken]
    months = [one.isoformat() for one in scene.months]
    tags = {"SCENE": scene.scene_id, "MONTHS": " ".join(months)}
    optical = {"TAKEN": " ".join(days), "BANDS": " ".join(BANDS), "QUANTITY": "surface reflectance"}
    power = {"BANDS": " ".join(POLARISATIONS), "QUANTITY": "gamma0, linear power"}
    meaning = {"TAKEN": " ".join(days), "CLASSES": "0 clear, 1 cloud, 2 shadow, 3 thin cloud, 255 not seen"}
    where = (scene.epsg, scene.transform)
    files = [
        _raster(own / "optical.tif", scene.optical, where, _names(days, BANDS), 0, tags | optical, SCALE),
        _raster(own / "clouds.tif", scene.cloud_mask, where, _names(days, ("clouds",)), UNSEEN, tags | meaning),
        _raster(own / "radar.tif", scene.radar, where, _names(months, POLARISATIONS), np.nan, tags | power),
    ]
    if scene.cube:
        cube = scene.cube
        names = [f"{one:.1f} nm" for one in cube.wavelengths_nm]
        taken = {"SCENE": scene.scene_id, "TAKEN": cube.taken.isoformat(), "QUANTITY": "surface reflectance"}
        widths = {
            "WAVELENGTHS_NM": " ".join(f"{one:.1f}" for one in cube.wavelengths_nm),
            "FWHM_NM": str(cube.width_nm),
        }
        spot = (scene.epsg, cube.transform)
        files.append(_raster(own / "hyperspectral.tif", cube.reflectance, spot, names, 0, taken | widths, SCALE))
    if scene.drone:
        files += _drone(own, scene, scene.drone)
    return files


def write_scene_truth(scene: Scene, folder: Path) -> list[Path]:
    """What an analysis of the scene is graded against, in a folder of its own."""
    own, truth = folder_of(scene, folder), scene.truth
    months = [one.isoformat() for one in scene.months]
    tags = {"SCENE": scene.scene_id, "MONTHS": " ".join(months)}
    where = (scene.epsg, scene.transform)
    shares = np.rint(truth.abundances * SHARE_STEPS).astype(np.uint8)
    parts = {"BANDS": " ".join(ENDMEMBERS), "QUANTITY": f"abundance x {SHARE_STEPS}"}
    varied = np.stack([truth.brightness, truth.tilt]).astype(np.float32)
    files = [
        _raster(own / "abundances.tif", shares, where, _names(months, ENDMEMBERS), None, tags | parts, 1 / SHARE_STEPS),
        _raster(own / "mined.tif", truth.mined, where, _names(months, ("mined",)), None, tags),
        _raster(own / "abandoned.tif", truth.abandoned, where, _names(months, ("abandoned",)), None, tags),
        _raster(own / "clouds.tif", truth.cloud, where, _names(months, ("clouds",)), UNSEEN, tags),
        _raster(own / "cloud_percent.tif", truth.cloud_percent, where, _names(months, ("opacity",)), None, tags),
        _raster(own / "variation.tif", varied, where, ["brightness", "tilt"], None, {"SCENE": scene.scene_id}),
    ]
    if scene.drone and truth.drone:
        spot = (scene.epsg, scene.drone.transform)
        names, index = ["surface"], {"CLASSES": " ".join(SURFACES)}
        files.append(_raster(own / "drone_surface.tif", truth.drone.surface[None], spot, names, None, index))
    answers = own / "scene.json"
    answers.write_text(json.dumps(_answers(scene), indent=1, sort_keys=True) + "\n", encoding="utf-8")
    return [*files, answers]


INDEX_SCHEMA = {
    "scene_id": pl.String,
    "lon": pl.Float64,
    "lat": pl.Float64,
    "epsg": pl.Int64,
    "resolution_m": pl.Float64,
    "width": pl.Int64,
    "height": pl.Int64,
    "first_month": pl.Date,
    "last_month": pl.Date,
    "optical": pl.String,
    "clouds": pl.String,
    "radar": pl.String,
    "hyperspectral": pl.String,
    "drone": pl.String,
    "drone_panels": pl.String,
}
"""Columns of the index; files are named from its folder, null where the sensor never saw the scene."""


def index_row(scene: Scene, files: Sequence[Path]) -> dict[str, Any]:
    """A scene's row of the index; files are relative to the index."""
    named = {one.stem: one.as_posix() for one in files}
    height, width = scene.optical.shape[2:]
    return {
        "scene_id": scene.scene_id,
        "lon": round(scene.lon, 6),
        "lat": round(scene.lat, 6),
        "epsg": scene.epsg,
        "resolution_m": scene.transform[0],
        "width": width,
        "height": height,
        "first_month": scene.months[0],
        "last_month": scene.months[-1],
        **{name: named.get(name) for name in list(INDEX_SCHEMA)[9:]},
    }


def folder_of(scene: Scene, folder: Path) -> Path:
    """The scene's own folder, made if it is not there."""
    own = folder / scene.scene_id.replace(":", "-")
    own.mkdir(parents=True, exist_ok=True)
    return own


def _drone(own: Path, scene: Scene, drone: Mosaic) -> list[Path]:
    spot, day = (scene.epsg, drone.transform), drone.taken.isoformat()
    names = [f"{day} {band}" for band in DRONE_BANDS]
    tags = {"SCENE": scene.scene_id, "TAKEN": day, "QUANTITY": "digital numbers, not calibrated"}
    panels = own / "drone_panels.csv"
    with panels.open("w", encoding="utf-8", newline="") as stream:
        table = csv.writer(stream, lineterminator="\n")
        table.writerow(["panel", "row", "column", "side_px", *DRONE_BANDS])
        for number, panel in enumerate(drone.panels, 1):
            table.writerow([number, panel.row, panel.column, panel.side, *panel.reflectance])
    return [_raster(own / "drone.tif", drone.numbers, spot, names, 0, tags), panels]


def _answers(scene: Scene) -> dict[str, Any]:
    truth = scene.truth
    drone = truth.drone and {
        "gain": truth.drone.gain.tolist(),
        "offset": truth.drone.offset.tolist(),
        "shift_m": truth.drone.shift_m,
        "panels": [asdict(one) for one in scene.drone.panels] if scene.drone else [],
    }
    return {
        "scene_id": scene.scene_id,
        "kind": truth.kind,
        "site_id": truth.site_id,
        "shifts_px": truth.shifts_px.tolist(),
        "drone": drone,
    }


def _names(days: Sequence[str], bands: Sequence[str]) -> list[str]:
    return [f"{day} {band}" for day in days for band in bands]


def _raster(
    file: Path,
    values: npt.NDArray[Any],
    where: tuple[int, Transform],
    names: Sequence[str],
    nodata: float | None,
    tags: Mapping[str, str],
    scale: float = 1.0,
) -> Path:
    """Write values [..., row, column], leading axes as bands, deflated with a predictor, in tiles."""
    bands = values.reshape(-1, *values.shape[-2:])
    block = min(LARGEST_BLOCK, 16 * -(-max(bands.shape[1:]) // 16))
    profile = {
        "driver": "GTiff",
        "count": len(bands),
        "height": bands.shape[1],
        "width": bands.shape[2],
        "dtype": bands.dtype,
        "crs": f"EPSG:{where[0]}",
        "transform": Affine(*where[1]),
        "nodata": nodata,
        "compress": "deflate",
        "zlevel": 1,
        "predictor": 3 if bands.dtype.kind == "f" else 2,
        "interleave": "band",
        "tiled": True,
        "blockxsize": block,
        "blockysize": block,
    }
    with rasterio.open(file, "w", **profile) as raster:
        raster.write(bands)
        raster.descriptions = tuple(names)
        raster.update_tags(**tags)
        if scale != 1.0:
            raster.scales = (scale,) * len(bands)
    return file
