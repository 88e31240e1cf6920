"""A hyperspectral cube of one date, in larger pixels and many narrow bands (as EnMAP or PRISMA deliver)."""

from datetime import date

import numpy as np

from models.world.parameters.scenes import Scenes
from models.world.scenes.fields import Floats
from models.world.scenes.optical import LARGEST, SCALE, Variation, factors, reflectance
from models.world.scenes.place import Square
from models.world.scenes.scene import Cube
from models.world.scenes.spectra import library

ABSORBED_NM = ((1340.0, 1460.0), (1790.0, 1960.0))
"""Where the atmosphere's water leaves no signal."""


def bands_nm(step_nm: float) -> Floats:
    """Band centres from 400 to 2450 nm without those in the atmosphere's water bands."""
    centres = np.arange(400.0, 2450.0 + 1e-9, step_nm)
    usable: Floats = centres[~np.any([(low <= centres) & (centres <= high) for low, high in ABSORBED_NM], axis=0)]
    return usable


def cube(
    rng: np.random.Generator,
    parameters: Scenes,
    abundances: Floats,
    varied: Variation,
    square: Square,
    taken: date,
) -> Cube:
    """The cube of one cloudless date: abundances [endmember, row, column] without margin, mixed, binned, with noise.

    Noise has the standard deviation (0.3 / snr) x sqrt(reflectance / 0.3), as counted light has; snr falls linearly
    between its two given wavelengths.
    """
    centres = bands_nm(parameters.cube_step_nm)
    widths = np.full(len(centres), parameters.cube_step_nm)
    seen = reflectance(abundances[None], library(centres, widths), factors(varied, centres))[0]
    factor = round(parameters.cube_pixel_m / parameters.pixel_m)
    count = square.pixels // factor
    whole = seen[:, : count * factor, : count * factor].reshape(len(centres), count, factor, count, factor)
    binned = whole.mean(axis=(2, 4))
    snr = np.interp(centres, (550.0, 2200.0), parameters.cube_snr)[:, None, None]
    noisy = binned + 0.3 / snr * np.sqrt(np.clip(binned, 0.003, None) / 0.3) * rng.standard_normal(binned.shape)
    numbers = np.clip(np.rint(noisy * SCALE), 1, LARGEST).astype(np.uint16)
    transform = (parameters.cube_pixel_m, 0.0, square.left_m, 0.0, -parameters.cube_pixel_m, square.top_m)
    return Cube(taken, transform, centres, parameters.cube_step_nm, numbers)
