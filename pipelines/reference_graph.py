"""What the reference says of the graph: node and edge types, and the measures of a network."""

from collections.abc import Iterator

from graphs import schema
from graphs.export import FORMATS
from graphs.measures import intervals
from graphs.measures.nodes import MEASURES
from graphs.measures.whole import FIGURES
from graphs.schema import EDGES, NODES, dtypes
from pipelines.markdown import Row, code, doc, table


def sections() -> Iterator[str]:
    """Two sections, part by part."""
    yield "## Graph"
    yield doc(schema, title=False)
    yield table(["type", "property", "stored as", "key", "may be null", "meaning"], _properties())
    yield "Formats that `oretrace export` writes: " + code(FORMATS) + "."
    yield "## Network measures"
    rows = ((f"`{one.name}`", one.meaning, one.high, one.is_not) for one in MEASURES.values())
    yield table(["measure of an area", "meaning", "high means", "does not mean"], rows)
    whole = ((f"`{name}`", doc(of).partition("\n")[0]) for name, of in FIGURES.items())
    yield table(["figure of the whole network", "meaning"], whole)
    yield doc(intervals)


def _properties() -> Iterator[Row]:
    for label, found in NODES.items():
        yield from _columns(label, found)
    for name, found in {one.name: one.schema for one in EDGES}.items():
        yield from _columns(name, found)


def _columns(name: str, found: type) -> Iterator[Row]:
    kept = {column: rule for column, rule in found.columns().items() if column not in ("start", "end")}  # type: ignore[attr-defined]
    types = dtypes(found)
    yield f"**{name}**", None, None, None, None, doc(found).partition("\n")[0]
    for column, rule in kept.items():
        is_key = "key" if rule.primary_key else None
        yield None, f"`{column}`", types[column], is_key, "yes" if rule.nullable else None, rule.description
