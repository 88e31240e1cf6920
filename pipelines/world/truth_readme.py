"""The text that stands beside a world's truth: every table with its columns."""

from collections.abc import Iterator, Mapping
from typing import Any

import polars as pl

from models.world import tables

SCHEMAS: Mapping[str, Any] = {
    "countries": tables.Country,
    "deposits": tables.Deposit,
    "sites": tables.Site,
    "site_months": tables.SiteMonth,
    "output": tables.Output,
    "supply": tables.Supply,
    "goods": tables.Goods,
    "goods_origins": tables.GoodsOrigin,
    "schemes": tables.Scheme,
    "scheme_flows": tables.SchemeFlow,
    "artefacts": tables.Artefact,
    "artefact_flows": tables.ArtefactFlow,
}
"""Schemas of the tables that parts of a world hand on."""
HEAD = """# Truth of a training world

What is true of the invented world in `data/`, as Parquet. No analysis may read it; `oretrace grade` alone does.
`world.json` tells the config, the version of the code that built the world, and hashes of its files; `scenes/` tells
what lies under the images of each scene.
"""


def text(frames: Mapping[str, pl.DataFrame]) -> str:
    """The file README.md of a world's truth, from its tables."""
    return "\n".join([HEAD, *(line for name, frame in frames.items() for line in _table(name, frame))])


def _table(name: str, frame: pl.DataFrame) -> Iterator[str]:
    schema = SCHEMAS.get(name)
    yield f"## {name}\n"
    if schema and schema.__doc__:
        yield schema.__doc__.strip().partition("\n")[0] + "\n"
    yield "| column | type | meaning |\n|---|---|---|"
    columns = schema.columns() if schema else {}
    for column, dtype in frame.schema.items():
        known = columns.get(column)
        yield f"| `{column}` | {_plain(dtype)} | {(known.description if known else None) or ''} |"
    yield ""


def _plain(dtype: pl.DataType) -> str:
    """A type without the values of an enumeration."""
    return "Enum" if isinstance(dtype, pl.Enum) else str(dtype)
