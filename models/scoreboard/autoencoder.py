"""A full-batch graph autoencoder, the deep baseline of the scoreboard. Needs the extra `gnn`.

In the manner of DOMINANT (Ding, Li, Bhanushali and Liu, SDM 2019), which PyGOD made the usual one, carried over from
nodes to edges: what is judged is a flow, not a country. Nodes are countries of one year; their attributes are the means
of their outgoing and of their incoming flows' features. Two directed layers (separate weights for both directions)
give z [node, HIDDEN], from which two decoders rebuild

    attributes: x^(flow) = MLP(z_exporter, z_importer)         error a = mean over known features (x - x^)^2
    structure:  P(flow)  = sigmoid(z_exporter' W z_importer + b)   error s = -log P(flow)

The model is trained on all flows and as many pairs drawn at random, without any label, and

    score = ALPHA a / mean(a) + (1 - ALPHA) s / mean(s)

A flow is anomalous where neither its numbers nor its existence follow from its two countries' trade.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl
import torch
from numpy.typing import NDArray
from torch import nn
from torch.nn import functional

from models.normal import MAD_TO_SD
from models.reproducible import DirGNNConv, SAGEConv, device, held_still

HIDDEN = 16
EPOCHS = 60
RATE = 0.01
ALPHA = 0.5
"""Weight of the attributes' error, the rest being the structure's."""
FARTHEST = 5.0
"""Standardised features are cut here: one faulty value would else be all that the model learns."""
AREA = ("source", "period", "country")


def autoencoder(features: pl.DataFrame, flows: pl.DataFrame, seed: int) -> NDArray[np.float64]:
    """Anomaly of every flow, in the order of `flows`, larger for what fits less.

    features: flow_id and numbers, NaN or null where unknown (neither helps nor harms). flows: flow_id, source,
    exporter, importer, period. Neither the order of rows nor that of columns matters.
    """
    if flows.is_empty():
        return np.empty(0)
    rows = flows.select("flow_id", "source", "exporter", "importer", "period").with_row_index("row").sort("flow_id")
    ends, areas = _ends(rows)
    names = sorted(set(features.columns) - {"flow_id"})
    known = rows.join(features, on="flow_id", how="left", maintain_order="left").select(names)
    found = np.empty(flows.height)
    with held_still(seed):
        found[rows["row"].to_numpy()] = _scores(_Graph.of(_standardised(known), ends, areas))
    return found


@dataclass(frozen=True)
class _Graph:
    """Flows as edges between countries of a year, on the device."""

    x: Any
    """[flow, feature], 0 where unknown."""
    known: Any
    """[flow, feature], 1 where known."""
    ends: Any
    """[2, flow]: exporting and importing area."""
    year: Any
    """[area]: number of the source and year."""
    nodes: Any
    """[area, 2 feature + 2]: means of outgoing and incoming flows, and logs of how many."""

    @classmethod
    def of(cls, x: NDArray[np.float64], ends: NDArray[np.int64], areas: pl.DataFrame) -> "_Graph":
        """Put a family's flows on the device."""
        values = torch.from_numpy(np.nan_to_num(x)).float()
        known = torch.from_numpy(np.isfinite(x)).float()
        places = torch.from_numpy(ends)
        sides = []
        for side in places:
            count = torch.zeros(areas.height, 1).index_add(0, side, torch.ones(len(side), 1))
            total = torch.zeros(areas.height, values.shape[1]).index_add(0, side, values)
            sides += [total / count.clamp(min=1), torch.log1p(count)]
        year = torch.from_numpy(areas["year"].to_numpy().astype(np.int64))
        return cls(*(one.to(device()) for one in (values, known, places, year, torch.cat(sides, 1))))


class _Autoencoder(nn.Module):  # type: ignore[misc]
    """Encoder of areas, and decoders of a flow's attributes and of its existence."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.first = DirGNNConv(SAGEConv(2 * width + 2, 2 * HIDDEN), root_weight=True)
        self.second = DirGNNConv(SAGEConv(2 * HIDDEN, HIDDEN), root_weight=True)
        self.attributes = nn.Sequential(nn.Linear(2 * HIDDEN, 2 * HIDDEN), nn.ReLU(), nn.Linear(2 * HIDDEN, width))
        self.structure = nn.Bilinear(HIDDEN, HIDDEN, 1)

    def forward(self, graph: _Graph) -> Any:
        """Embeddings [area, HIDDEN]."""
        return self.second(functional.relu(self.first(graph.nodes, graph.ends)), graph.ends)

    def links(self, z: Any, ends: Any) -> Any:
        """Log odds that there is a flow between two areas, [pair]."""
        return self.structure(z[ends[0]], z[ends[1]]).squeeze(1)

    def errors(self, graph: _Graph, z: Any) -> tuple[Any, Any]:
        """Mean squared error of the known attributes and -log P(flow), both [flow]."""
        built = self.attributes(torch.cat([z[graph.ends[0]], z[graph.ends[1]]], 1))
        squares = (graph.known * (graph.x - built) ** 2).sum(1) / graph.known.sum(1).clamp(min=1)
        return squares, functional.softplus(-self.links(z, graph.ends))


def _scores(graph: _Graph) -> NDArray[np.float64]:
    """Train without labels, then score every flow."""
    model = _Autoencoder(graph.x.shape[1]).to(device())
    steps = torch.optim.Adam(model.parameters(), RATE)
    for _ in range(EPOCHS):
        z = model(graph)
        attributes, structure = model.errors(graph, z)
        absent = functional.softplus(model.links(z, _strangers(graph)))
        loss = ALPHA * attributes.mean() + (1 - ALPHA) * (structure.mean() + absent.mean())
        steps.zero_grad()
        loss.backward()
        steps.step()
    with torch.no_grad():
        errors = [error.cpu().double().numpy() for error in model.errors(graph, model(graph))]
    shares = [error / max(float(error.mean()), 1e-12) for error in errors]
    scores: NDArray[np.float64] = ALPHA * shares[0] + (1 - ALPHA) * shares[1]
    return scores


def _strangers(graph: _Graph) -> Any:
    """Each flow's exporter beside an area drawn from its own year: mostly pairs that do not trade. [2, flow]."""
    years = graph.year[graph.ends[0]]
    size = torch.bincount(graph.year)
    first = torch.cumsum(size, 0) - size
    drawn = torch.rand(len(years)).to(years.device)
    return torch.stack([graph.ends[0], first[years] + (drawn * size[years]).long()])


def _ends(rows: pl.DataFrame) -> tuple[NDArray[np.int64], pl.DataFrame]:
    """Areas at both ends of each flow [2, flow], and the areas, those of one source and year in a row."""
    sides = [rows.select("source", "period", country=side) for side in ("exporter", "importer")]
    areas = pl.concat(sides).unique().sort(AREA).with_row_index("area")
    areas = areas.with_columns(year=pl.struct("source", "period").rank("dense") - 1)
    places = [side.join(areas, on=AREA, how="left", maintain_order="left")["area"].to_numpy() for side in sides]
    return np.array(places, dtype=np.int64), areas


def _standardised(known: pl.DataFrame) -> NDArray[np.float64]:
    """Numbers less their median over their robust spread, cut at FARTHEST; NaN stays. [flow, feature]."""
    x = known.cast(pl.Float64).fill_null(float("nan")).to_numpy().copy()
    x[~np.isfinite(x)] = np.nan
    for column in x.T:
        seen = np.isfinite(column)
        if not seen.any():
            continue
        middle = np.median(column[seen])
        spread = MAD_TO_SD * np.median(np.abs(column[seen] - middle)) or column[seen].std() or 1.0
        column[:] = np.clip((column - middle) / spread, -FARTHEST, FARTHEST)
    return x
