"""What each part of the graph is drawn from, so that a new day of ships draws ships anew and leaves the rest alone."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pipelines.memo import Memo

_SHIPS = ("vessels", "port_calls", "vessel_events", "manifests")
"""A ship is a node if a call, an event or a bill names it."""
_AT_PORTS = (*_SHIPS, "voyages", "places")
MADE_FROM: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "Port": ("places", "legs"),
        "Airport": ("places", "legs"),
        "Place": ("places", "legs"),
        "LEG": ("places", "legs"),
        "SAILS_THROUGH": ("places", "network_nodes", "network_edges", "flows"),
        "Vessel": _SHIPS,
        "CALLED_AT": _AT_PORTS,
        "SILENT_NEAR": _AT_PORTS,
        "SAILED_TO": _AT_PORTS,
        "MET": _SHIPS,
        "Company": ("companies",),
        "SHIPPED_TO": ("companies", "manifests"),
        "SHIPPED_ON": ("companies", *_SHIPS),
        "SHIPPED_FROM": ("companies", *_AT_PORTS),
        "Alert": ("alerts",),
        "ABOUT": ("alerts",),
        # Of the bans only those of countries that trade.
        "Ban": ("events", "flows"),
        "DECREED_BY": ("events", "flows"),
    }
)
"""Tables behind a node type or the edges of a name; anything else is drawn from TRADE."""
TRADE = ("flows", "production", "events")


def tables_of(part: str) -> tuple[str, ...]:
    """Tables that a node table (`Port`) or an edge table (`Vessel-CALLED_AT-Port`) is drawn from."""
    start, _, rest = part.partition("-")
    name = rest.partition("-")[0] or part
    if name == "LOCATED_IN":
        return tuple(dict.fromkeys((*MADE_FROM[start], *TRADE)))
    return MADE_FROM.get(name, TRADE)


def graph_tokens(memo: "Memo", part: str) -> list[str]:
    """Tokens for a table of the graph: its tables, and the day up to which their rows are known."""
    found = tables_of(part)
    flows = memo.contents("flows", memo.families()) if "flows" in found else []
    tokens = [*flows, *(memo.content(one) for one in found if one != "flows")]
    return tokens if found == ("alerts",) else [*tokens, f"as_of {memo.as_of()}"]
