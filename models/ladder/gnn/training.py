"""Training by masking edges, on years before those that are forecast.

In every step a random share of one year's edges falls silent, and the network must tell their residuals from the
messages of all others and from their own lags. The last year before the origin is kept for stopping: the network
that forecast it best is taken, and that may be the one that adds nothing to the rung below.
"""

import copy
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from models.ladder.gnn.data import Graphs, Year
from models.ladder.gnn.model import Network, loss

MASKED = 0.5
EPOCHS = 12
PATIENCE = 3
"""Epochs without a better year of validation before training ends."""
RATE, DECAY = 0.01, 1e-4
TRAINING_YEARS = 10
LEAST_EDGES = 1_000
"""Edges with trade in the years of training below which nothing is trained."""

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Heads:
    """What the network says of each edge of a year, in its order."""

    location: Floats
    """Of the residual, in spreads of the rung below."""
    log_scale: Floats
    df: Floats
    log_odds: Floats
    """Of no trade."""


def trained(graphs: Graphs, origin: int, before: Network | None = None) -> Network | None:
    """The network for years from `origin` on, None where too little is known; `before`: weights to go on from."""
    past = [graphs.years[year] for year in sorted(graphs.years) if year < origin][-TRAINING_YEARS - 1 :]
    if len(past) < 2 or sum(int(year.is_trade.sum()) for year in past[:-1]) < LEAST_EDGES:
        return None
    network = Network(graphs).to(past[0].x.device) if before is None else copy.deepcopy(before)
    steps = torch.optim.Adam(network.parameters(), RATE, weight_decay=DECAY)
    best, kept, since = _missed(network, past[-1]), copy.deepcopy(network.state_dict()), 0
    for _ in range(EPOCHS):
        epoch(network, past[:-1], steps)
        missed = _missed(network, past[-1])
        since = 0 if missed < best else since + 1
        if missed < best:
            best, kept = missed, copy.deepcopy(network.state_dict())
        if since >= PATIENCE:
            break
    network.load_state_dict(kept)
    return network


def epoch(network: Network, years: Sequence[Year], steps: torch.optim.Optimizer) -> None:
    """One pass over the years, in random order, with fresh masks."""
    for at in torch.randperm(len(years)).tolist():
        year = years[at]
        masked = (torch.rand(len(year.rows)) < MASKED).float().to(year.x.device)
        steps.zero_grad()
        loss(network(year, (1 - masked) / (1 - MASKED)), year, masked).backward()
        steps.step()


def forecast(network: Network, year: Year) -> Heads:
    """What the network says when every edge is heard."""
    with torch.no_grad():
        found = network(year, torch.ones(len(year.rows), device=year.x.device))
    return Heads(*(one.cpu().double().numpy() for one in found))


def _missed(network: Network, year: Year) -> float:
    """Loss on a year that is not trained on."""
    heard = torch.ones(len(year.rows), device=year.x.device)
    with torch.no_grad():
        return float(loss(network(year, heard), year, heard))
