"""Training by masking edges, on years before those that are forecast.

In every step a random share of one year's edges falls silent, and the network must tell their residuals from the
messages of all others and from their own lags. Forecasts come from a running mean of the weights. The last years before
the origin are kept for stopping: the epoch that forecast them best is taken, for how much and for whether apart,
and that may be epoch 0, which adds nothing to the rung below.
"""

import copy
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from scipy.special import stdtrit

from models.ladder.gnn.data import Graphs, Year
from models.ladder.gnn.model import Network, density_loss, hurdle_loss
from models.ladder.rung import LEVELS, Floats

MASKED = 0.5
EPOCHS = 10
RATE, RATE_IDS = 0.01, 0.002
"""Step of Adam, falling to 0 in a line; ids learn slower, since most countries are seen in few edges."""
DECAY = 0.01
MEMORY = 0.9
"""Of the running mean of the weights, per step."""
TRAINING_YEARS, KEPT_YEARS = 9, 2
"""Years to train on, and later ones to stop by."""
LEAST_EDGES = 1_000
"""Edges with trade in the years of training below which nothing is trained."""


@dataclass(frozen=True)
class Heads:
    """What the network says of each edge of a year, in its order."""

    residual: Floats
    """Quantiles LEVELS of the residual, `[edge, level]`."""
    p_zero: Floats


@dataclass(frozen=True)
class Trained:
    """Weights that forecast the kept years best."""

    amount: Network
    """For how much is traded, given trade."""
    silence: Network
    """For whether anything is."""
    epochs: tuple[int, int]
    """Of both; 0 is the rung below."""


def trained(graphs: Graphs, origin: int) -> Trained | None:
    """The network for years from `origin` on; None where too little is known to train one."""
    past = [graphs.years[year] for year in sorted(graphs.years) if year < origin][-TRAINING_YEARS - KEPT_YEARS :]
    learnt, kept = past[:-KEPT_YEARS], past[-KEPT_YEARS:]
    if not learnt or sum(int(year.is_trade.sum()) for year in learnt) < LEAST_EDGES:
        return None
    network = Network(graphs).to(learnt[0].x.device)
    mean = copy.deepcopy(network)
    steps, falling = optimiser(network, EPOCHS)
    best = _missed(mean, kept)
    taken = {name: (0, copy.deepcopy(mean)) for name in best}
    for number in range(1, EPOCHS + 1):
        epoch(network, mean, learnt, steps)
        falling.step()
        for name, missed in _missed(mean, kept).items():
            if missed < best[name]:
                best[name], taken[name] = missed, (number, copy.deepcopy(mean))
    return Trained(taken["amount"][1], taken["silence"][1], (taken["amount"][0], taken["silence"][0]))


def optimiser(network: Network, epochs: int) -> tuple[Any, Any]:
    """AdamW (Loshchilov and Hutter 2019) and the schedule of its steps."""
    ids = list(network.ids.parameters())
    others = [one for name, one in network.named_parameters() if not name.startswith("ids.")]
    groups = [{"params": others, "lr": RATE}, {"params": ids, "lr": RATE_IDS}]
    steps = torch.optim.AdamW(groups, lr=RATE, weight_decay=DECAY)
    return steps, torch.optim.lr_scheduler.LambdaLR(steps, lambda done: 1 - done / epochs)


def epoch(network: Network, mean: Network, years: Sequence[Year], steps: Any) -> None:
    """One pass over the years, in random order, with fresh masks; `mean` follows the weights."""
    for at in torch.randperm(len(years)).tolist():
        year = years[at]
        masked = (torch.rand(len(year.rows)) < MASKED).float().to(year.x.device)
        said = network(year, (1 - masked) / (1 - MASKED))
        steps.zero_grad()
        (density_loss(said, year, masked) + hurdle_loss(said, year, masked)).backward()
        steps.step()
        with torch.no_grad():
            for slow, fast in zip(mean.parameters(), network.parameters(), strict=True):
                slow.lerp_(fast, 1 - MEMORY)


def forecast(networks: Trained, year: Year) -> Heads:
    """What the networks say when every edge is heard."""
    return Heads(_heads(networks.amount, year).residual, _heads(networks.silence, year).p_zero)


def _heads(network: Network, year: Year) -> Heads:
    """Quantiles of Student's t and probability of no trade."""
    with torch.no_grad():
        said = network(year, torch.ones(len(year.rows), device=year.x.device))
    location, log_scale, df, log_odds = (one.cpu().double().numpy() for one in said)
    quantiles = [location + np.exp(log_scale) * stdtrit(df, level) for level in LEVELS]
    return Heads(np.column_stack(quantiles), 1 / (1 + np.exp(-log_odds)))


def _missed(network: Network, years: Sequence[Year]) -> dict[str, float]:
    """Pinball loss of the residuals, and log loss of the hurdle, on years that are not trained on."""
    pinball, surprise = [], []
    for year in years:
        heads = _heads(network, year)
        is_trade, is_known = (one.cpu().numpy() > 0 for one in (year.is_trade, year.is_known))
        off = (year.residual.cpu().double().numpy()[:, None] - heads.residual)[is_trade]
        levels = np.array(LEVELS)
        pinball.append(np.maximum(levels * off, (levels - 1) * off).mean(axis=1))
        surprise.append(-np.log(np.where(is_trade, 1 - heads.p_zero, heads.p_zero))[is_known])
    return {"amount": float(np.concatenate(pinball).mean()), "silence": float(np.concatenate(surprise).mean())}
