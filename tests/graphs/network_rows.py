"""Rows of EXPORTS_TO and PRODUCES edges for tests, and networks drawn at random."""

import numpy as np
import polars as pl
from hypothesis import strategies as st

from graphs.measures.network import Network, network
from graphs.schema import ExportsTo, Produces, dtypes


def edge(start, end, value=1.0, mass=1.0, *, family="gold", year=2020, source="baci", flows=1):
    named = f"{source}:{start}:{end}:{family}:{year}"
    return {"edge_id": named, "start": start, "end": end, "source": source, "family": family, "year": year,
            "value_usd": value, "mass_kg": mass, "flows": flows}  # fmt: skip


def edges(*rows) -> pl.DataFrame:
    """Rows as dicts, or as (start, end, value, mass) with the last two optional."""
    return pl.DataFrame([row if isinstance(row, dict) else edge(*row) for row in rows], schema=dtypes(ExportsTo))


def produces(*rows) -> pl.DataFrame:
    """(country, mass) or (country, mass, year) of gold."""
    full = [
        {"edge_id": f"p:{number}", "start": country, "end": "gold", "source": "wmd", "year": year or 2020,
         "basis": "content", "mass_kg": mass, "mass_low_kg": mass, "mass_high_kg": mass}
        for number, (country, mass, year) in enumerate((*row, None)[:3] for row in rows)
    ]  # fmt: skip
    return pl.DataFrame(full, schema=dtypes(Produces))


def made(*rows, nodes=()) -> Network:
    return network(edges(*rows), nodes)


NAMES = "ABCDEF"
VALUE = st.sampled_from([None, 0.0, 1.0, 2.0, 4.0, 8.0, 64.0])
"""Powers of two: sums of values and of largest / value are exact, so that ties are ties in every library."""
ROW = st.tuples(st.sampled_from(NAMES), st.sampled_from(NAMES), VALUE, VALUE)
ROWS = st.lists(ROW, max_size=25)
"""With self-loops, parallel edges, two-cycles, nulls and zeros."""


def world(size: int, seed: int) -> pl.DataFrame:
    """Trade between sizes drawn at random, a third of the pairs: like real trade, a few large and many small flows."""
    rng = np.random.default_rng(seed)
    sizes = np.exp(rng.normal(0, 1.5, size))
    share = np.minimum(sizes[:, None] * sizes[None, :] / np.median(sizes) ** 2 / 4, 0.9)
    value = 1e6 * sizes[:, None] * sizes[None, :] * np.exp(rng.normal(0, 1, (size, size)))
    there = (rng.random((size, size)) < share) & ~np.eye(size, dtype=bool)
    return edges(*((f"N{i:03}", f"N{j:03}", value[i, j], value[i, j] / 2) for i, j in np.argwhere(there)))
