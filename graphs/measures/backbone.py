"""The backbone: edges that carry more of an area's trade than an even split by chance would give them."""

import numpy as np
import polars as pl

from graphs.errors import InputError
from graphs.measures.network import Floats, Network, Whole

ALPHA = 0.05


def backbone(network: Network, alpha: float = ALPHA) -> pl.DataFrame:
    """Disparity filter (Serrano, Boguna and Vespignani 2009): start, end, value_usd, p_start, p_end, is_backbone.

    p = (1 - w / s)^(k - 1): chance that an edge gets a share w / s or more when the strength s of a node is split at
    random over its k edges; p_start among the exports of the exporter, p_end among the imports of the importer. With
    one edge p is 1: there is nothing to compare. An edge is backbone where the smaller p is below `alpha`. Nothing is
    corrected for looking at both ends and at all edges: a filter for reading a picture, no test. Raises InputError.
    """
    if not 0 < alpha <= 1:
        raise InputError(f"The backbone was asked for at alpha {alpha}; name a number above 0 and at most 1.")
    p_start, p_end = _chance(network, network.start), _chance(network, network.end)
    is_backbone = np.minimum(p_start, p_end) < alpha
    return network.frame(value_usd=network.value_usd, p_start=p_start, p_end=p_end, is_backbone=is_backbone)


def _chance(network: Network, at: Whole) -> Floats:
    """Chance of a share so large among the edges at the same end of the same node."""
    share = network.value_usd / network.total(network.value_usd, at)[at]
    others = network.total(np.ones(len(at)), at)[at] - 1
    chance: Floats = np.maximum(1 - share, 0.0) ** others
    return np.where(others > 0, chance, 1.0)
