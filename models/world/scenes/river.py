"""A river across a scene: its course, its banks, and where its water stands in a month."""

from dataclasses import dataclass

import numpy as np
import scipy.spatial

from models.world.scenes.fields import Floats, patches


@dataclass(frozen=True)
class River:
    """Every pixel's place relative to a river [row, column]."""

    distance_px: Floats
    """To the centre line."""
    along_px: Floats
    """Way along the centre line to the nearest point of it."""
    height: Floats
    """Above low water, in units in which an ordinary flood stands at 1; below 0 is always under water."""
    width_px: float


def river(
    rng: np.random.Generator, shape: tuple[int, int], through: tuple[float, float], width_px: float, bar_px: float
) -> River:
    """A meandering river that passes near a point (row, column), with bars of about bar_px on its inner bends."""
    line, way, bend = _course(rng, shape, through, width_px)
    rows, columns = np.mgrid[: shape[0], : shape[1]]
    pixels = np.column_stack([rows.ravel(), columns.ravel()])
    distance, nearest = scipy.spatial.cKDTree(line).query(pixels)
    tangent = np.gradient(line, axis=0)[nearest]
    aside = pixels - line[nearest]
    side = np.sign(tangent[:, 0] * aside[:, 1] - tangent[:, 1] * aside[:, 0])
    inner = 0.5 + 0.5 * np.tanh(2.0 * side * bend[nearest])
    rough = patches(rng, 1, shape, 6.0, 1.4)[0].ravel()
    slope_px = 0.8 + bar_px * inner
    height = (distance - width_px / 2) / slope_px + 0.18 * rough * (distance > width_px / 2)
    return River(distance.reshape(shape), way[nearest].reshape(shape), height.reshape(shape), width_px)


def water(height: Floats, level: Floats, softness: float = 0.12) -> Floats:
    """Share of each pixel under water [month, row, column]; softness is the height over which it goes from 1 to 0."""
    shares: Floats = np.clip(0.5 + (level[:, None, None] - height) / softness, 0.0, 1.0)
    return shares


def _course(
    rng: np.random.Generator, shape: tuple[int, int], through: tuple[float, float], width_px: float
) -> tuple[Floats, Floats, Floats]:
    """Points of the centre line [point, 2], their way along it, and the bend there: 1 sharp left, -1 sharp right.

    A meander is a wave about 11 widths long (Leopold and Wolman 1960) whose phase and height wander.
    """
    long = 2.5 * max(shape)
    way = np.arange(-long, long, 0.5)
    length = 11 * width_px * rng.uniform(0.9, 1.4)
    wander = np.cumsum(rng.normal(0.0, 0.06, len(way)))
    phase = 2 * np.pi * way / length + wander + rng.uniform(0, 2 * np.pi)
    height = length * rng.uniform(0.13, 0.22)
    offset = height * (np.sin(phase) + 0.25 * np.sin(0.37 * phase + 1.0))
    angle = rng.uniform(0, np.pi)
    ahead, aside = np.array([np.cos(angle), np.sin(angle)]), np.array([-np.sin(angle), np.cos(angle)])
    offset = offset - offset[len(way) // 2]
    line = np.array(through) + way[:, None] * ahead + offset[:, None] * aside
    return line, way, -np.sin(phase)
