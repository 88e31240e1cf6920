"""From layers of land cover to abundances of endmembers."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from models.world.scenes.fields import Floats, mixed
from models.world.scenes.spectra import ENDMEMBERS


@dataclass(frozen=True)
class Layer:
    """Something that lies over what is below it."""

    share: Floats
    """Part of each pixel that it covers, 0 to 1 [month, row, column]; axes of length 1 are repeated."""
    recipe: Floats
    """Abundances of the endmembers in it [month or 1, endmember]; sums to 1."""


@dataclass(frozen=True)
class Group:
    """Layers that share one outline: the last takes what the others leave of it."""

    share: Floats
    """Part of each pixel inside the outline [month, row, column]."""
    layers: "Sequence[Layer | Group]"


def recipe(**shares: float | Floats) -> Floats:
    """Abundances [month or 1, endmember] from shares by name, scaled to sum to 1. Negative shares count as none."""
    given = {name: np.atleast_1d(np.asarray(share, dtype=np.float64)) for name, share in shares.items()}
    months = max(len(share) for share in given.values())
    shown = np.zeros((months, len(ENDMEMBERS)))
    for name, share in given.items():
        shown[:, ENDMEMBERS.index(name)] = np.clip(share, 0.0, None)
    scaled: Floats = shown / shown.sum(axis=1, keepdims=True)
    return scaled


def abundances(layers: Sequence[Layer | Group], months: int, shape: tuple[int, int]) -> Floats:
    """Abundances [month, endmember, row, column], float32, of layers from the uppermost to the ground.

    Each layer covers its share of what those above it left; the last, the ground, takes the rest whatever its share, so
    that abundances sum to 1:  A = sum over layers of share x recipe x product over layers above of (1 - their share).
    A group takes its share as one layer does and divides it among its own layers in the same way.
    """
    recipes = np.stack([np.broadcast_to(one, (months, len(ENDMEMBERS))) for one in _recipes(layers)], axis=2)
    found, whole = np.empty((months, len(ENDMEMBERS), *shape), dtype=np.float32), np.ones(shape, dtype=np.float32)
    for month in range(months):  # one month at a time stays in the processor's cache
        found[month] = mixed(recipes[month], np.stack(_visible(layers, whole, month)))
    return found


def _recipes(layers: Sequence[Layer | Group]) -> list[Floats]:
    """Recipes of the layers, those inside groups included."""
    return [one for layer in layers for one in (_recipes(layer.layers) if isinstance(layer, Group) else [layer.recipe])]


def _visible(layers: Sequence[Layer | Group], left: Floats, month: int) -> list[Floats]:
    """Visible share of each layer in a month within what is left for all of them, in the order of `_recipes`."""
    found: list[Floats] = []
    for at, layer in enumerate(layers):
        share = layer.share[month if len(layer.share) > 1 else 0].astype(np.float32)
        visible = left if at == len(layers) - 1 else left * share
        found += _visible(layer.layers, visible, month) if isinstance(layer, Group) else [visible]
        left = left - visible
    return found
