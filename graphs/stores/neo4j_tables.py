"""The tables of the graph as the server keeps them: the Cypher that reads, adds, changes and removes their rows.

Values travel in columns (`$c0[i]`), which is faster than one map a row. Edges without properties travel grouped by
the node that they enter: it is looked up once for all of them. Names of labels, types and properties come from
`graphs.schema`, never from data.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import polars as pl

from graphs.schema import EDGE_TABLES, EDGES, NODES, EdgeType, dtypes, key_of, schema_of

ID = "element_id"
"""Column with the server's own name of a node or edge."""
Parameters = dict[str, Any]
Step = tuple[str, Callable[[pl.DataFrame], Parameters], pl.DataFrame]
"""A statement, how its parameters are made from rows, and the rows."""


@dataclass(frozen=True)
class Table:
    """A node type or edge type, by the name of its frame."""

    name: str

    @cached_property
    def edge(self) -> EdgeType | None:
        """The edge type; None for nodes."""
        return EDGE_TABLES.get(self.name)

    @cached_property
    def columns(self) -> dict[str, pl.DataType]:
        """Columns of the frame with their types."""
        return dtypes(schema_of(self.name))

    @cached_property
    def properties(self) -> tuple[str, ...]:
        """Columns that are kept as properties."""
        return tuple(self.edge.properties if self.edge else self.columns)

    @cached_property
    def identity(self) -> tuple[str, ...]:
        """Columns that say which node or edge it is; an edge cannot be moved to other ends, only replaced."""
        return (*dict.fromkeys((*self.edge.key, "start", "end")),) if self.edge else (key_of(self.name),)

    @property
    def kind(self) -> str:
        """The label, or the type, which tables of edges between different nodes share."""
        return self.edge.name if self.edge else self.name

    @property
    def pattern(self) -> str:
        """What is matched, as `one`."""
        if self.edge is None:
            return f"(one:`{self.name}`)"
        return f"(a:`{self.edge.start}`)-[one:`{self.edge.name}`]->(b:`{self.edge.end}`)"

    @property
    def count(self) -> str:
        """Statement that counts them."""
        return f"MATCH {self.pattern} RETURN count(one) AS n"

    @property
    def read(self) -> str:
        """Statement that returns all of them, `ID` first, then the columns in order."""
        ends = {} if self.edge is None else {"start": _key("a", self.edge.start), "end": _key("b", self.edge.end)}
        values = [ends.get(name, f"one.`{name}`") for name in self.columns]
        return f"MATCH {self.pattern} RETURN elementId(one), {', '.join(values)}"

    @property
    def add(self) -> str:
        """Statement that adds rows and returns how many."""
        if self.edge is None:
            return f"UNWIND range(0, $last) AS i CREATE (:`{self.name}` {self._map()}) RETURN count(*) AS n"
        start = f"MATCH (a:`{self.edge.start}` {{`{key_of(self.edge.start)}`: %s}})"
        end = f"MATCH (b:`{self.edge.end}` {{`{key_of(self.edge.end)}`: %s}})"
        create = f"CREATE (a)-[:`{self.edge.name}` {self._map()}]->(b) RETURN count(*) AS n"
        if self.properties:
            return f"UNWIND range(0, $last) AS i {start % '$start[i]'} {end % '$end[i]'} {create}"
        return f"UNWIND $groups AS g {end % 'g[0]'} UNWIND g[1] AS key {start % 'key'} {create}"

    @property
    def change(self) -> str:
        """Statement that sets the properties of rows that are there and returns how many; null removes one."""
        where = f"UNWIND range(0, $last) AS i MATCH {self._anywhere} WHERE elementId(one) = $id[i]"
        return f"{where} SET one += {self._map()} RETURN count(*) AS n"

    @property
    def remove(self) -> str:
        """Statement that removes rows and returns how many; a node goes with whatever edges it still has."""
        detach = "" if self.edge else "DETACH "
        return f"MATCH {self._anywhere} WHERE elementId(one) IN $id {detach}DELETE one RETURN count(*) AS n"

    def added(self, rows: pl.DataFrame) -> Parameters:
        """Parameters of `add`."""
        if self.edge and not self.properties:
            groups = rows.group_by("end", maintain_order=True).agg("start")
            return {"groups": [list(group) for group in groups.iter_rows()]}
        ends = {name: rows[name].to_list() for name in ("start", "end")} if self.edge else {}
        return {**self._values(rows), **ends}

    def changed(self, rows: pl.DataFrame) -> Parameters:
        """Parameters of `change`."""
        return {**self._values(rows), "id": rows[ID].to_list()}

    def removed(self, rows: pl.DataFrame) -> Parameters:
        """Parameters of `remove`."""
        return {"id": rows[ID].to_list()}

    @property
    def _anywhere(self) -> str:
        return f"()-[one:`{self.edge.name}`]->()" if self.edge else self.pattern

    def _map(self) -> str:
        """Properties from the parameters."""
        return "{" + ", ".join(f"`{name}`: $c{at}[i]" for at, name in enumerate(self.properties)) + "}"

    def _values(self, rows: pl.DataFrame) -> dict[str, Any]:
        values = {f"c{at}": rows[name].to_list() for at, name in enumerate(self.properties)}
        return {**values, "last": rows.height - 1}


def unique(label: str, key: str) -> str:
    """Statement that makes a property unique among the nodes of a label."""
    name = f"oretrace_{label.lower()}"
    return f"CREATE CONSTRAINT `{name}` IF NOT EXISTS FOR (n:`{label}`) REQUIRE n.`{key}` IS UNIQUE"


TABLES: Mapping[str, Table] = {name: Table(name) for name in (*NODES, *(one.table for one in EDGES))}
"""Every table, nodes before edges."""

COUNTS = " UNION ALL ".join(
    f"MATCH {pattern} WITH count(one) AS n RETURN '{kind}' AS kind, n"
    for kind, pattern in {
        one.kind: f"()-[one:`{one.kind}`]->()" if one.edge else f"(one:`{one.kind}`)" for one in TABLES.values()
    }.items()
)
"""How many nodes have each label and how many edges each type: the server keeps these numbers, and counts nothing."""


@dataclass(frozen=True)
class Difference:
    """What makes the rows that the server holds equal to those of a frame."""

    table: Table
    added: pl.DataFrame
    changed: pl.DataFrame
    stale: pl.DataFrame
    unchanged: int = 0

    @property
    def size(self) -> int:
        """Rows to write."""
        return self.added.height + self.changed.height + self.stale.height

    @property
    def rows(self) -> int:
        """Rows of the frame."""
        return self.unchanged + self.changed.height + self.added.height

    @property
    def postponed(self) -> Step:
        """The removal of nodes, for when every edge has been seen to."""
        stale = self.stale.clear() if self.table.edge else self.stale
        return self.table.remove, self.table.removed, stale

    def batches(self, size: int) -> Iterator[tuple[Step, int]]:
        """What is written, in order, all but what is postponed; with the rows of the frame that are done after it."""
        one, stale = self.table, self.stale if self.table.edge else self.stale.clear()
        done = self.unchanged
        yield from ((part, done) for part in parts((one.remove, one.removed, stale), size))
        for step in ((one.change, one.changed, self.changed), (one.add, one.added, self.added)):
            for part in parts(step, size):
                done += part[2].height
                yield part, done


def parts(step: Step, size: int) -> Iterator[Step]:
    """A step in batches; none where there are no rows."""
    statement, parameters, rows = step
    return ((statement, parameters, part) for part in rows.iter_slices(size) if part.height)


def difference(table: Table, held: pl.DataFrame | None, rows: pl.DataFrame) -> Difference:
    """Compare what is held (None for nothing) with a frame. Rows held twice, or without a key, are stale."""
    rows = rows.select(pl.col(name).cast(dtype) for name, dtype in table.columns.items())
    nothing = pl.DataFrame(schema={ID: pl.String})
    if held is None:
        return Difference(table, rows, rows.clear().with_columns(nothing[ID]), nothing)
    keys = list(table.identity)
    first = held.unique(keys, keep="first", maintain_order=True)
    gone = pl.concat([held.join(first, on=ID, how="anti"), first.join(rows, on=keys, how="anti")]).select(ID)
    both = rows.join(first, on=keys, how="inner", suffix=":held")
    others = [name for name in table.properties if name not in keys]
    differs = pl.any_horizontal(pl.lit(False), *(pl.col(name).ne_missing(pl.col(f"{name}:held")) for name in others))
    changed = both.filter(differs).select(*rows.columns, ID)
    added = rows.join(first, on=keys, how="anti")
    return Difference(table, added, changed, gone, both.height - changed.height)


def _key(variable: str, label: str) -> str:
    return f"{variable}.`{key_of(label)}`"
