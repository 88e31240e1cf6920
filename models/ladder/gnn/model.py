"""A directed graph network that forecasts edges: what a pair will trade, given what its two countries did before.

Edge e from country s to country t, of edge type (commodity) k, in round r:

    e_0    = relu(W x + a_s + b_t + c_k)                 ids of source and target, and lags x, in the message
    out_v  = sum over e from v of [e/n, e share] U_out    messages to the exporter; n edges, share of last year's value
    in_v   = sum over e into v of [e/n, e share] U_in     messages to the importer, weights of their own
    h_v    = relu(out_v + in_v + d_v)
    e_r    = relu(e_0 V_0 + h_s V_s + h_t V_t)

Read out from the last e: location, log scale and degrees of freedom of a Student-t for the residual, and what is added
to the log odds of no trade (the hurdle). The read-out starts at 0, where the forecast is the lower rung's. Ids start
at 0 too: no name has a fate of its own before the data give it one, and a country never seen keeps to its lags.

Sources: messages by direction, Rossi et al. 2023 (Dir-GNN); edge types, Schlichtkrull et al. 2018 (RGCN).
"""

import math
from typing import Any

import torch
from scipy.special import stdtrit
from torch import nn
from torch.nn import functional

from models.flows.parts import NORMAL_80
from models.ladder.gnn.data import Graphs, Year
from models.reproducible import scatter

HIDDEN = 32
MESSAGE = 16
ROUNDS = 1
LEAST_DF, SPAN_DF, START_DF = 2.5, 27.5, 8.0
"""Degrees of freedom lie between LEAST_DF and LEAST_DF + SPAN_DF, from heavy tails to nearly none, and start there."""
FIRST_DF = math.log((START_DF - LEAST_DF) / (LEAST_DF + SPAN_DF - START_DF))
LOG_START = math.log(NORMAL_80 / float(stdtrit(START_DF, 0.9)))
"""Log scale to start from: that of a t whose 80 % interval is the lower rung's."""
WIDEST = 1.5
"""The log scale lies within this much of the lower rung's."""


class Messages(nn.Module):  # type: ignore[misc]
    """Weighted sums of edge vectors at one end: [edge, MESSAGE] and weights [edge, 2] to [country, HIDDEN]."""

    def __init__(self) -> None:
        super().__init__()
        self.out = nn.Linear(2 * MESSAGE, HIDDEN, bias=False)

    def forward(self, vector: Any, weight: Any, end: Any, countries: int) -> Any:
        """Add up at `end` [edge], by equal weights and by last year's value."""
        told = torch.cat([vector * weight[:, :1], vector * weight[:, 1:]], 1)
        return self.out(scatter(told, end, 0, countries, "sum"))


class Network(nn.Module):  # type: ignore[misc]
    """The network of one family."""

    def __init__(self, graphs: Graphs) -> None:
        super().__init__()
        self.countries = graphs.countries
        self.lags = nn.Linear(graphs.width, HIDDEN)
        self.ids = nn.ModuleDict({name: _zero(graphs.countries) for name in ("exporter", "importer", "node")})
        self.kinds = _zero(graphs.kinds)
        self.rounds = nn.ModuleList(_Round() for _ in range(ROUNDS))
        self.read = nn.Linear(HIDDEN, 4)
        nn.init.zeros_(self.read.weight)
        nn.init.zeros_(self.read.bias)

    def forward(self, year: Year, heard: Any) -> tuple[Any, Any, Any, Any]:
        """Location, log scale, degrees of freedom and log odds of no trade, each [edge].

        heard: [edge] weight of each edge's messages: 0 for one that is masked.
        """
        start, end = year.ends
        first = self.lags(year.x) + self.ids["exporter"](start) + self.ids["importer"](end) + self.kinds(year.kind)
        first = edge = functional.relu(first)
        for step in self.rounds:
            edge = step(first, edge, year, heard, self.ids["node"].weight)
        location, log_scale, df, log_odds = self.read(edge).unbind(1)
        log_scale = LOG_START + WIDEST * torch.tanh(log_scale / WIDEST)
        df = LEAST_DF + SPAN_DF * torch.sigmoid(df + FIRST_DF)
        return location, log_scale, df, year.log_odds + log_odds


class _Round(nn.Module):  # type: ignore[misc]
    """One exchange: edges tell both their countries, countries answer."""

    def __init__(self) -> None:
        super().__init__()
        self.told = nn.Linear(HIDDEN, MESSAGE, bias=False)
        self.out, self.into = Messages(), Messages()
        self.own = nn.Linear(HIDDEN, HIDDEN)
        self.start, self.end = (nn.Linear(HIDDEN, HIDDEN, bias=False) for _ in range(2))

    def forward(self, first: Any, edge: Any, year: Year, heard: Any, ids: Any) -> Any:
        """Vectors of the edges after the exchange, [edge, HIDDEN]."""
        told, weights = self.told(edge), year.shares * heard[:, None]
        out = self.out(told, weights[:, :2], year.ends[0], len(ids))
        into = self.into(told, weights[:, 2:], year.ends[1], len(ids))
        country = functional.relu(out + into + ids)
        answer = self.start(country)[year.ends[0]] + self.end(country)[year.ends[1]]
        return functional.relu(self.own(first) + answer)


def density_loss(said: tuple[Any, Any, Any, Any], year: Year, asked: Any) -> Any:
    """Mean of -log density of the residual under Student's t, over the asked edges with trade."""
    location, log_scale, df, _ = said
    z = (year.residual - location) * torch.exp(-log_scale)
    constant = torch.lgamma((df + 1) / 2) - torch.lgamma(df / 2) - 0.5 * torch.log(torch.pi * df)
    density = constant - log_scale - (df + 1) / 2 * torch.log1p(z**2 / df)
    traded = year.is_trade * asked
    return -(density * traded).sum() / traded.sum().clamp(min=1)


def hurdle_loss(said: tuple[Any, Any, Any, Any], year: Year, asked: Any) -> Any:
    """Mean of -log P(what happened: trade or none), over the asked edges of which it is known."""
    surprise = functional.binary_cross_entropy_with_logits(said[3], 1 - year.is_trade, reduction="none")
    known = year.is_known * asked
    return (surprise * known).sum() / known.sum().clamp(min=1)


def _zero(size: int) -> Any:
    """A table of vectors, all zero. No chance is used up: how many names there are must change no other weight."""
    return nn.Embedding(size, HIDDEN, _weight=torch.zeros(size, HIDDEN))
