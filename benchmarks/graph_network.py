"""The ladder's graph network: one epoch of training on the processor, and on the GPU where there is one."""

import copy
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl

from benchmarks.measuring import Timing, extra_bytes, in_turn, megabytes
from benchmarks.report import Section, Table
from benchmarks.setting import Setting
from models.ladder.baselines import Persistence
from models.ladder.cells import cells
from models.ladder.gnn.rung import FITS, GraphNetwork
from models.ladder.rung import Forecast, origins
from pipelines.sources import baci

SMALL, MIDDLE = "nickel", "gold"
NAMES = {"cpu": "processor, one thread", "cuda": "GPU"}


@dataclass(frozen=True)
class Family:
    """Cells of a family, and what a plain rung below says of them: of any rung the network costs the same."""

    name: str
    cells: pl.DataFrame
    below: Forecast


def run(setting: Setting) -> Section:
    """A small, a middling and the largest family of the default trade; the quick form takes the small one alone."""
    title = "The ladder's graph network"
    if lacking := GraphNetwork().lacking():
        return Section("graph-network", title, [Table(f"Not measured: {lacking}.", ("family",), [])])
    flows = baci.parse_wheel(setting.wheel()).flows
    largest = flows["family"].value_counts(sort=True)["family"][0]
    names = [SMALL] if setting.quick else [SMALL, MIDDLE, str(largest)]
    families = [prepared(name, flows.filter(pl.col("family") == name)) for name in names]
    return Section("graph-network", title, [table(families, setting)])


def prepared(name: str, flows: pl.DataFrame) -> Family:
    """Cells and a rung below."""
    found = cells(flows)
    return Family(name, found, Persistence().forecast(found, np.ones(found.height, bool)))


def table(families: list[Family], setting: Setting) -> Table:
    """Seconds of an epoch on each device, and of the whole rung."""
    from models.reproducible import device

    devices = list(dict.fromkeys(("cpu", device())))
    lines = []
    for family in families:
        epochs = {where: epoch_of(family, where) for where in devices}
        edges, years = next(iter(epochs.values()))[1:]
        times = in_turn({where: act for where, (act, *_) in epochs.items()}, setting.rounds)
        whole = in_turn({"rung": lambda family=family: forecast(family)}, 2)["rung"]
        file = setting.home / f"{family.name}.parquet"
        family.cells.write_parquet(file)
        peak = megabytes(None if setting.quick else extra_bytes(prepare, family.name, str(file)))
        lines.append(line(family, edges, years, times, whole, peak))
    seconds = [f"s per epoch, {NAMES[where]}" for where in devices]
    columns = ("family", "cells", "edges trained on", "years", *seconds, "rung s", "rung MB")
    remarks = [
        f"The rung builds the graphs, trains {FITS} networks with all their epochs and forecasts {FITS} blocks of "
        f"years, on {NAMES[devices[-1]]}; its memory is the peak above the cells.",
        *([] if "cuda" in devices else ["No GPU was there to measure on."]),
    ]
    return Table("Edges of one epoch are pairs that traded lately, in the years of training.", columns, lines, remarks)


def line(family: Family, edges: int, years: int, times: dict[str, Timing], whole: Timing, peak: str) -> list[str]:
    """One family's figures."""
    epochs = [f"{one.median:.3f}" for one in times.values()]
    return [family.name, f"{family.cells.height:,}", f"{edges:,}", str(years), *epochs, f"{whole.median:.1f}", peak]


def epoch_of(family: Family, where: str) -> tuple[Callable[[], None], int, int]:
    """One epoch on that device, ready to run; how many edges and years it sees."""
    import torch

    from models.ladder.gnn import training
    from models.ladder.gnn.data import graphs
    from models.ladder.gnn.model import Network
    from models.reproducible import held_still

    first = origins(family.cells["year"].to_numpy())[0][0]
    whole = graphs(family.cells, family.below, first, where)
    past = [whole.years[year] for year in sorted(whole.years) if year < first]
    learnt = past[-training.TRAINING_YEARS - training.KEPT_YEARS : -training.KEPT_YEARS]
    with held_still(0):
        network = Network(whole).to(where)
    mean = copy.deepcopy(network)
    steps, _ = training.optimiser(network, training.EPOCHS)

    def act() -> None:
        with held_still(0):
            training.epoch(network, mean, learnt, steps)
        if where == "cuda":
            torch.cuda.synchronize()

    act()
    return act, sum(len(year.rows) for year in learnt), len(learnt)


def forecast(family: Family) -> Forecast:
    """The whole rung."""
    return GraphNetwork().forecast(family.cells, np.ones(family.cells.height, bool), family.below)


def prepare(name: str, file: str) -> Callable[[], object]:
    """In a process of its own: the whole rung; the libraries are loaded before it is measured."""
    import models.ladder.gnn.training  # noqa: F401

    found = pl.read_parquet(Path(file))
    family = Family(name, found, Persistence().forecast(found, np.ones(found.height, bool)))
    return lambda: forecast(family)
