import re

import numpy as np
import pytest

from models.world.scenes.spectra import BANDS, ENDMEMBERS, MATERIALS, library, optical_library, reflectance

WAVELENGTHS = np.arange(400.0, 2451.0, 2.0)
PUBLISHED = {
    "green_vegetation": ("Oak Oak-Leaf-1 fresh", 0.99),
    "dry_vegetation": ("J.roemer. DWV6a2-0511 NPV.a", 0.98),
    "laterite": (r"Hematite\.02\+Quartz\.98 GDS76", 0.95),
    "quartz_sand": ("Quartz GDS74 Sand Ottawa .*BECK", 0.95),
    "clay": (r"Kaolin_Smect H89-FR-2 \.5Kaol", 0.94),
    "turbid_water": (r"Water\+Montmor SWy-2\+5\.01g/l", 0.93),
    "clear_water": ("Seawater_Open_Ocean SW2", 0.88),
}
"""Spectra of the USGS library that each material is like, and the least correlation over 224 AVIRIS channels."""


def at(material: str, wavelength: float) -> float:
    return float(reflectance(material, np.array([wavelength]))[0])


@pytest.mark.parametrize("material", ENDMEMBERS)
def test_reflectance_lies_between_0_and_1(material):
    values = reflectance(material, WAVELENGTHS)
    assert np.all((values > 0) & (values < 0.7))
    assert np.array_equal(values, reflectance(material, WAVELENGTHS))


def test_features_lie_where_the_literature_has_them():
    assert at("green_vegetation", 800) > 10 * at("green_vegetation", 670)  # red edge
    assert at("green_vegetation", 550) > 2 * at("green_vegetation", 670)  # green peak
    assert at("green_vegetation", 1450) < 0.6 * at("green_vegetation", 1650)  # leaf water
    assert at("dry_vegetation", 2100) < 0.97 * (at("dry_vegetation", 2020) + at("dry_vegetation", 2200)) / 2
    assert at("laterite", 870) < 0.9 * (at("laterite", 740) + at("laterite", 1000)) / 2  # ferric iron
    assert at("clay", 2207) < 0.85 * (at("clay", 2130) + at("clay", 2270)) / 2  # kaolinite
    assert at("turbid_water", 810) > at("turbid_water", 750)  # second peak of sediment
    assert at("turbid_water", 650) > 10 * at("clear_water", 650)
    assert at("clear_water", 1600) < 0.01


def test_bands_are_means_over_their_width():
    narrow, wide = (
        library(np.array([2207.0]), np.array([width]))[ENDMEMBERS.index("clay"), 0] for width in (1.0, 175.0)
    )
    assert narrow == pytest.approx(at("clay", 2207), rel=1e-3)
    assert wide > narrow  # the absorption is narrower than Sentinel-2's band


def test_endmembers_can_be_told_apart_in_ten_bands():
    spectra = optical_library()
    assert spectra.shape == (len(MATERIALS), len(BANDS))
    unit = spectra / np.linalg.norm(spectra, axis=1, keepdims=True)
    angles = np.degrees(np.arccos(np.clip(unit @ unit.T, -1, 1)))[~np.eye(len(MATERIALS), dtype=bool)]
    assert angles.min() > 3.5
    assert np.linalg.matrix_rank(np.vstack([spectra.T, np.ones(len(MATERIALS))]), tol=1e-3) == len(MATERIALS)


@pytest.mark.realdata
def test_shapes_are_those_of_published_spectra(real_data):
    """Measured: 0.996, 0.987, 0.975, 0.98, 0.96, 0.95 and 0.91."""
    stem = real_data / "spectra" / "usgs-splib" / "s07_AV95_envi"
    text = stem.with_suffix(".hdr").read_text(encoding="utf-8")
    names = text.split("spectra names = {")[1].split("}")[0].strip("\n").split("\n")
    spectra = np.fromfile(stem.with_suffix(".sli"), "<f4").reshape(len(names), 224).astype(np.float64)
    wavelengths = spectra[0] * 1000
    in_air = ((wavelengths > 1340) & (wavelengths < 1470)) | ((wavelengths > 1790) & (wavelengths < 1970))
    for material, (name, least) in PUBLISHED.items():
        row = next(at for at, one in enumerate(names) if re.search(name, one))
        usable = (spectra[row] > -1) & (wavelengths > 420) & (wavelengths < 2440) & ~in_air
        ours = reflectance(material, wavelengths[usable])
        assert np.corrcoef(ours, spectra[row][usable])[0, 1] > least, material
