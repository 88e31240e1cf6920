"""What an edge type is: one name between two kinds of nodes; part of `graphs.schema`, where the types are listed."""

from dataclasses import dataclass

import dataframely as dy
import polars as pl


class Edge(dy.Schema):
    """An edge that says only that two nodes belong together, once."""

    start = dy.String(primary_key=True, description="Key of the node that it leaves")
    end = dy.String(primary_key=True, description="Key of the node that it enters")


@dataclass(frozen=True)
class EdgeType:
    """A name between two kinds of nodes."""

    start: str
    name: str
    end: str
    schema: type[dy.Schema] = Edge

    @property
    def table(self) -> str:
        """Name of its frame, `Flow-OF-Commodity`."""
        return f"{self.start}-{self.name}-{self.end}"

    @property
    def key(self) -> tuple[str, ...]:
        """Columns that identify an edge: its `edge_id`, else both ends."""
        return tuple(self.schema.primary_key())

    @property
    def properties(self) -> dict[str, pl.DataType]:
        """Columns that stores keep, with their types."""
        return {name: dtype for name, dtype in dtypes(self.schema).items() if name not in ("start", "end")}


def dtypes(schema: type[dy.Schema]) -> dict[str, pl.DataType]:
    """Columns of a node or edge type in order, with their Polars types."""
    return {name: rule.dtype for name, rule in schema.columns().items()}
