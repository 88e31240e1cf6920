"""Spectra of pure materials, made from published shapes: a smooth continuum and Gaussian absorptions.

    reflectance(w) = continuum(w) x product over absorptions of (1 - depth x exp(-((w - centre) / sd)^2 / 2))

The continuum runs through knots (PCHIP). Features and their places follow the literature: chlorophyll, the red edge and
leaf water (970, 1190, 1450, 1940 nm); cellulose and lignin of dry plants (2100, 2300 nm); ferric iron of laterite (870
nm and the drop below 600 nm); hydroxyl of kaolinite (1400, 2165, 2207 nm); the reflectance of sediment in water with
its second peak near 810 nm (Clark 1999; Doxaran et al. 2002; USGS Spectral Library 7).
"""

from dataclasses import dataclass

import numpy as np
import scipy.interpolate

from models.world.scenes.fields import Floats

Knots = tuple[tuple[float, float], ...]
Absorptions = tuple[tuple[float, float, float], ...]


@dataclass(frozen=True)
class Material:
    """A pure material."""

    knots: Knots
    """Wavelength in nm and reflectance of the continuum."""
    absorptions: Absorptions = ()
    """Centre in nm, standard deviation in nm, depth."""


MATERIALS: dict[str, Material] = {
    "green_vegetation": Material(
        (
            *((400, 0.028), (450, 0.031), (500, 0.038), (550, 0.078), (600, 0.048), (670, 0.029), (690, 0.045)),
            *((705, 0.105), (720, 0.21), (740, 0.37), (760, 0.44), (800, 0.465), (900, 0.48), (1070, 0.49)),
            *((1270, 0.46), (1400, 0.38), (1650, 0.275), (1850, 0.22), (2000, 0.17), (2200, 0.135), (2450, 0.08)),
        ),
        ((970, 25, 0.06), (1190, 45, 0.10), (1450, 60, 0.62), (1940, 80, 0.78)),
    ),
    "dry_vegetation": Material(
        (
            *((400, 0.05), (500, 0.09), (600, 0.15), (700, 0.22), (800, 0.29), (1000, 0.37), (1300, 0.44)),
            *((1650, 0.44), (1850, 0.40), (2200, 0.33), (2450, 0.26)),
        ),
        ((680, 20, 0.08), (1450, 55, 0.18), (1940, 60, 0.26), (2100, 40, 0.12), (2300, 35, 0.09)),
    ),
    "laterite": Material(
        (
            *((400, 0.035), (480, 0.05), (550, 0.09), (600, 0.155), (650, 0.195), (750, 0.265), (1000, 0.35)),
            *((1300, 0.42), (1650, 0.45), (2100, 0.42), (2450, 0.36)),
        ),
        ((870, 60, 0.18), (1415, 25, 0.08), (1915, 45, 0.18), (2207, 20, 0.12)),
    ),
    "quartz_sand": Material(
        (
            *((400, 0.15), (500, 0.235), (600, 0.30), (700, 0.335), (900, 0.39), (1300, 0.45), (1650, 0.475)),
            *((2200, 0.46), (2450, 0.42)),
        ),
        ((1410, 30, 0.05), (1915, 45, 0.13), (2207, 18, 0.03)),
    ),
    "clay": Material(
        (
            *((400, 0.18), (500, 0.27), (600, 0.35), (800, 0.43), (1000, 0.47), (1300, 0.51), (1650, 0.51)),
            *((2100, 0.46), (2300, 0.41), (2450, 0.33)),
        ),
        ((1400, 18, 0.25), (1915, 40, 0.16), (2165, 14, 0.10), (2207, 20, 0.27), (2385, 22, 0.10)),
    ),
    "turbid_water": Material(
        (
            *((400, 0.055), (500, 0.095), (560, 0.145), (600, 0.16), (650, 0.165), (700, 0.15), (750, 0.08)),
            *((810, 0.088), (900, 0.035), (1000, 0.014), (1200, 0.006), (2450, 0.004)),
        ),
        ((1450, 60, 0.5),),
    ),
    "clear_water": Material(
        ((400, 0.036), (480, 0.032), (560, 0.024), (650, 0.012), (700, 0.008), (800, 0.005), (2450, 0.002)),
    ),
    "tailings": Material(
        (
            *((400, 0.10), (500, 0.155), (600, 0.215), (700, 0.25), (800, 0.27), (1000, 0.29), (1300, 0.285)),
            *((1650, 0.26), (2200, 0.20), (2450, 0.14)),
        ),
        ((430, 18, 0.10), (910, 55, 0.10), (1450, 65, 0.30), (1940, 75, 0.48), (2207, 20, 0.08), (2265, 18, 0.06)),
    ),
    "shade": Material(((400, 0.012), (700, 0.008), (750, 0.020), (1000, 0.026), (1300, 0.020), (2450, 0.006))),
}
"""Endmembers of the world, in the order of every array of abundances."""

ENDMEMBERS: tuple[str, ...] = tuple(MATERIALS)
BANDS: tuple[str, ...] = ("B2", "B3", "B4", "B5", "B6", "B7", "B8", "B8A", "B11", "B12")
"""Bands of Sentinel-2 at 10 m and 20 m, in the order of every optical array."""
CENTRES_NM = (492.4, 559.8, 664.6, 704.1, 740.5, 782.8, 832.8, 864.7, 1613.7, 2202.4)
WIDTHS_NM = (66.0, 36.0, 31.0, 15.0, 15.0, 20.0, 106.0, 21.0, 91.0, 175.0)
"""Centres and widths of Sentinel-2A's bands (European Space Agency)."""
FINE = (0, 1, 2, 6)
"""Bands whose own pixels are 10 m; the others' are 20 m, brought to 10 m."""
DRONE_BANDS = ("red", "green", "blue", "nir")
DRONE_CENTRES_NM = (660.0, 560.0, 475.0, 840.0)
DRONE_WIDTHS_NM = (30.0, 30.0, 30.0, 50.0)


def reflectance(material: str, wavelengths_nm: Floats) -> Floats:
    """Reflectance of a pure material at each wavelength between 400 and 2450 nm."""
    made = MATERIALS[material]
    continuum = scipy.interpolate.PchipInterpolator(*np.array(made.knots).T)
    values: Floats = continuum(np.clip(wavelengths_nm, made.knots[0][0], made.knots[-1][0]))
    for centre, sd, depth in made.absorptions:
        values = values * (1 - depth * np.exp(-(((wavelengths_nm - centre) / sd) ** 2) / 2))
    return values


def library(centres_nm: Floats, widths_nm: Floats) -> Floats:
    """Endmembers x bands: mean reflectance of every endmember over each band's width."""
    inside = np.linspace(-0.5, 0.5, 21)
    wavelengths = centres_nm[:, None] + widths_nm[:, None] * inside
    return np.stack([reflectance(name, wavelengths.ravel()).reshape(wavelengths.shape).mean(1) for name in ENDMEMBERS])


def optical_library() -> Floats:
    """Endmembers x the ten bands of Sentinel-2."""
    return library(np.array(CENTRES_NM), np.array(WIDTHS_NM))
