"""Random fields: what makes ground, clouds and errors patchy instead of grainy."""

from typing import Any

import numpy as np
import numpy.typing as npt
import scipy.fft

Floats = npt.NDArray[np.floating[Any]]
Bools = npt.NDArray[np.bool_]
Bytes = npt.NDArray[np.uint8]


def patches(rng: np.random.Generator, count: int, shape: tuple[int, int], length_px: float, slope: float) -> Floats:
    """Gaussian fields [count, height, width] of mean 0 and variance 1, float32; they repeat beyond their edges.

    Amplitude at the spatial frequency k (cycles per pixel) is (k^2 + 1/length_px^2)^(-slope/2): patches of about
    length_px, the smoother the steeper the slope. 1.33 is turbulence's (energy k^-5/3 along a line).
    """
    height, width = shape
    squared = np.fft.fftfreq(height)[:, None] ** 2 + np.fft.rfftfreq(width)[None, :] ** 2
    amplitude = (squared + length_px**-2) ** (-slope / 2)
    amplitude[0, 0] = 0.0
    twice = np.full(amplitude.shape, 2.0)
    twice[:, 0] = 1.0
    if width % 2 == 0:
        twice[:, -1] = 1.0
    amplitude /= np.sqrt(np.sum(twice * amplitude**2) / (height * width))
    white = rng.standard_normal((count, height, width), dtype=np.float32)
    waves = scipy.fft.rfft2(white) * amplitude.astype(np.float32)
    fields: Floats = scipy.fft.irfft2(waves, s=shape)
    return fields


def mixed(weights: Floats, parts: Floats) -> Floats:
    """Sums of parts [..., part, row, column] by weights [..., sum, part]: [..., sum, row, column], float32.

    Row by row, since products of small matrices are not spread over processors, which costs more than it gains here.
    """
    sums = np.empty((*parts.shape[:-3], weights.shape[-2], *parts.shape[-2:]), dtype=np.float32)
    by_row = np.moveaxis(sums, -2, -3)
    np.matmul(weights[..., None, :, :].astype(np.float32), np.moveaxis(parts, -2, -3), out=by_row)
    return sums


def softmax(weights: Floats, axis: int = 0) -> Floats:
    """Positive shares that sum to 1 along an axis."""
    raised = np.exp(weights - weights.max(axis=axis, keepdims=True))
    shares: Floats = raised / raised.sum(axis=axis, keepdims=True)
    return shares


def step(values: Floats) -> Floats:
    """From 0 at -1 to 1 at +1, smoothly."""
    inside = np.clip((values + 1) / 2, 0.0, 1.0)
    smooth: Floats = inside * inside * (3 - 2 * inside)
    return smooth
