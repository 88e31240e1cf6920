"""What an export writes: collected frames whose edges have both ends, and a tally of what had to be left or changed."""

import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from graphs.schema import EDGES, NODES, EdgeType, key_of
from graphs.stores.base import Graph

UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")
"""Characters that XML 1.0 forbids, and DEL."""
REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
TITLES = {"Country": "name", "Residual": "name", "Family": "title", "Commodity": "title", "Alert": "sentence"}
TITLES |= dict.fromkeys(("Port", "Airport", "Place", "Vessel", "Company"), "name")
"""What a node of a kind is called; others, and those without a name, go by their key."""


OWN = ("id", "label", "kind")
"""Columns that every node has; a property of one of these names gets the kind of the node in front."""


@dataclass
class Content:
    """Node frames by label and edge frames by type; the writers note in it what they could not write."""

    nodes: Mapping[str, pl.DataFrame]
    edges: Mapping[EdgeType, pl.DataFrame]
    left_out: list[str] = field(default_factory=list)
    changes: Counter[str] = field(default_factory=Counter)
    written: Counter[str] = field(default_factory=Counter)

    @classmethod
    def of(cls, graph: Graph) -> "Content":
        """All of a graph; an edge to a node that is no part of it is left out and told."""
        tables = {name: rows.collect() for name, rows in graph.tables.items()}
        nodes = {label: tables[label] for label in NODES if label in tables}
        content = cls(nodes, {})
        content.edges = {edge: content._whole(edge, tables[edge.table]) for edge in EDGES if edge.table in tables}
        return content

    def _whole(self, edge: EdgeType, rows: pl.DataFrame) -> pl.DataFrame:
        kept = rows
        for column, label in (("start", edge.start), ("end", edge.end)):
            known = self.nodes[label][key_of(label)] if label in self.nodes else pl.Series([], dtype=pl.String)
            kept = kept.filter(pl.col(column).is_in(known.implode()))
        if missing := rows.height - kept.height:
            self.left_out.append(f"{missing:,} {edge.name} edges from or to nodes that are no part of this export")
        return kept

    def node_rows(self) -> Iterator[tuple[str, str, dict[str, Any]]]:
        """Label, identifier and properties of every node."""
        for label, rows in self.nodes.items():
            key = key_of(label)
            for row in rows.rename(apart(label, rows.columns)).iter_rows(named=True):
                yield label, node_id(label, row[key]), {"label": title(label, row), "kind": label, **row}

    def edge_rows(self) -> Iterator[tuple[EdgeType, str, str, str, dict[str, Any]]]:
        """Type, identifier, both ends and properties of every edge."""
        for edge, rows in self.edges.items():
            for row in rows.rename(apart(edge.name, rows.columns)).iter_rows(named=True):
                start, end = node_id(edge.start, row.pop("start")), node_id(edge.end, row.pop("end"))
                yield (
                    edge,
                    f"{edge.name}:{row.get('edge_id') or f'{start}>{end}'}",
                    start,
                    end,
                    {"kind": edge.name, **row},
                )

    def plain(self, text: str) -> str:
        """A text without characters that a text file cannot hold; each is replaced and counted."""
        once = text.replace("\r\n", "\n").replace("\r", "\n")
        if once != text:
            self.changes["texts with carriage returns, written as line feeds"] += 1
        clean, many = UNPRINTABLE.subn(REPLACEMENT, once)
        if many:
            self.changes[f"control characters, written as {REPLACEMENT}"] += many
        return clean

    def known(self, row: Mapping[str, Any]) -> dict[str, Any]:
        """Properties that are known, with clean texts: no null, and no number that is none."""
        out = {}
        for name, value in row.items():
            if isinstance(value, float) and not math.isfinite(value):
                self.changes["numbers that are not finite, left absent"] += 1
            elif isinstance(value, str):
                out[name] = self.plain(value)
            elif value is not None:
                out[name] = value
        return out

    def changed(self) -> list[str]:
        """What had to be written otherwise, in sentences."""
        return [f"{many:,} {what}" for what, many in sorted(self.changes.items())]


def node_id(label: str, key: str) -> str:
    """Identifier of a node among all kinds: Country:IDN."""
    return f"{label}:{key}"


def apart(label: str, names: Iterable[str]) -> dict[str, str]:
    """New names of the properties that are called like a column of every node: residual_kind."""
    return {name: f"{label.lower()}_{name}" for name in names if name in OWN}


def title(label: str, row: Mapping[str, Any]) -> str:
    """What a reader calls a node."""
    key = key_of(label)
    named = row[TITLES.get(label, key)]
    return str(row[key] if named is None else named)
