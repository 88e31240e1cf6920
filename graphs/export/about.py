"""What a reader of an exported file must know: where it comes from, what its levels mean and what it is not."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from graphs.export.content import Content
from graphs.stores.base import Graph
from graphs.version import __version__

LEVELS: Mapping[str, str] = MappingProxyType(
    {
        "0": "ordinary: scored, and nothing stood out",
        "1": "anomaly: a statistic stands out; an ordinary cause may explain it",
        "2": "candidate: ordinary causes were tested, and together they account for at most half of the gap",
        "3": "reviewed: two people hold it for implausible",
        "4": "corroborated: two independent strands agree",
        "5": "established: an official decision says so",
    }
)
CAVEATS = (
    "A difference between two declarations is no finding about any person, company or country: declarations differ "
    "for many ordinary reasons.",
    "An absent value is not known; it is not zero.",
    "Residual areas (areas not elsewhere specified, free zones, groups) are no countries and declare nothing.",
)
CAPITALS = "A country is drawn at its capital, which is not where goods are mined, shipped or moved."
OWN = {
    "geojson": (CAPITALS, "Lines join two capitals; they are no routes."),
    "geoparquet": (CAPITALS, "Lines join two capitals; they are no routes."),
    "csv": (
        "A text that begins with = + - @ ' or a tab has an apostrophe in front, so that no spreadsheet runs it: remove "
        "the first apostrophe to get the text. An empty cell is null.",
    ),
    "ftm": ("FollowTheMoney entities hold texts only; the numbers stand in their descriptions.",),
}
"""Caveats of one format."""


def about(graph: Graph, content: Content, name: str, kind: str) -> dict[str, Any]:
    """Everything to tell, ready for json. `graph.about` stands in it as it is: sources, licences, citation, as_of."""
    return {
        "file": name,
        "format": kind,
        "made_by": f"oretrace {__version__}",
        "snapshot": graph.snapshot,
        **{key: text for key, text in graph.about.items() if key not in ("file", "format")},
        "claim_levels": dict(LEVELS),
        "caveats": [*CAVEATS, *OWN.get(kind, ())],
        "nodes": {label: rows.height for label, rows in content.nodes.items()},
        "edges": {edge.table: rows.height for edge, rows in content.edges.items()},
        "written": {"nodes": content.written["nodes"], "edges": content.written["edges"]},
        "left_out": list(content.left_out),
        "changed": content.changed(),
    }
