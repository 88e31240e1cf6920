"""PyTorch held still: a seed and one thread inside, and the caller's settings again afterwards.

On the processor the same input then gives the same bytes however many cores there are; a GPU adds in an order of its
own and repeats to rounding only. Needs the extra `gnn`.
"""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager

import torch

with warnings.catch_warnings():
    # torch-geometric compiles helpers while it is imported, in a way that torch is about to give up.
    warnings.filterwarnings("ignore", message=".torch.jit.script. is deprecated", category=FutureWarning)
    from torch_geometric.nn import DirGNNConv, SAGEConv
    from torch_geometric.utils import scatter

__all__ = ["DirGNNConv", "SAGEConv", "device", "held_still", "scatter"]


def device() -> str:
    """Where models are trained: the GPU if there is one, else the processor."""
    return "cuda" if torch.cuda.is_available() else "cpu"


@contextmanager
def held_still(seed: int) -> Iterator[None]:
    """Random numbers from `seed`, one thread and repeatable algorithms while the context lasts."""
    threads, is_strict = torch.get_num_threads(), torch.are_deterministic_algorithms_enabled()
    with torch.random.fork_rng(devices=range(torch.cuda.device_count())):
        torch.manual_seed(seed)
        torch.set_num_threads(1)
        # On a GPU some of the sums have no repeatable form, and asking for one would be refused.
        torch.use_deterministic_algorithms(device() == "cpu")
        try:
            yield
        finally:
            torch.set_num_threads(threads)
            torch.use_deterministic_algorithms(is_strict)
