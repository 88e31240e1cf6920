"""Places and the ways between them in the graph; part of `graphs.schema`.

```
(Port|Airport|Place|Company)-[LOCATED_IN]->(Country)      (Port|Airport|Place)-[LEG]->(Port|Airport|Place)
(Country)-[SAILS_THROUGH]->(Place), the place a strait
```

A leg stands here once for each direction; ways between towns of one country stay in table legs. Anchorages are no
nodes: there are tens of thousands, and a call at one counts for the port that it belongs to.
"""

import dataframely as dy

from graphs.edge_types import EdgeType


class Port(dy.Schema):
    """A seaport or a port of a river, one node for all rows that were joined."""

    place_id = dy.String(primary_key=True, description="As in table places, e.g. port:wpi:8225")
    name = dy.String(description="Name as its list writes it")
    country = dy.String(nullable=True, description="ISO 3166 alpha-3; null where the list names none")
    locode = dy.String(nullable=True, description="UN/LOCODE")
    lon = dy.Float64(min=-180, max=180, description="Degrees east")
    lat = dy.Float64(min=-90, max=90, description="Degrees north")
    size = dy.String(nullable=True, description="Harbour size as the World Port Index judges it")
    source = dy.String(description="List it came from")


class Airport(dy.Schema):
    """An airport that a leg touches."""

    place_id = dy.String(primary_key=True, description="As in table places, e.g. airport:iata:ACC")
    name = dy.String(description="Name as its list writes it")
    country = dy.String(nullable=True, description="ISO 3166 alpha-3; null where the list names none")
    iata = dy.String(nullable=True, description="IATA code")
    lon = dy.Float64(min=-180, max=180, description="Degrees east")
    lat = dy.Float64(min=-90, max=90, description="Degrees north")
    source = dy.String(description="List it came from")


class Place(dy.Schema):
    """A strait, border crossing, smelter or refinery, and a city that a leg touches."""

    place_id = dy.String(primary_key=True, description="As in table places, e.g. strait:suez")
    kind = dy.String(description="city, border, smelter, refinery or strait")
    name = dy.String(description="Name as its list writes it")
    country = dy.String(nullable=True, description="ISO 3166 alpha-3; null for a strait, which belongs to nobody here")
    locode = dy.String(nullable=True, description="UN/LOCODE")
    lon = dy.Float64(min=-180, max=180, description="Degrees east")
    lat = dy.Float64(min=-90, max=90, description="Degrees north")
    source = dy.String(description="List it came from")


class Leg(dy.Schema):
    """A way between two places by one mode: flights, ways to ports and across borders, and by sea to near ports."""

    edge_id = dy.String(primary_key=True, description="from_place>to_place:mode")
    start = dy.String()
    end = dy.String()
    mode = dy.String(description="road, rail, river, sea, air or transfer")
    length_km = dy.Float64(min=0, description="Length along the way")
    hours = dy.Float64(min=0, description="Travelling, handling and waiting")
    cost_usd_per_t = dy.Float64(min=0, description="Freight, handling and border, USD per tonne")
    is_estimated = dy.Bool(description="True where no network is known: a straight line and a factor")


class SailsThrough(dy.Schema):
    """The shortest way by sea from one country to another leads through a strait."""

    edge_id = dy.String(primary_key=True, description="exporter:importer:place_id of the strait")
    start = dy.String()
    end = dy.String()
    importer = dy.String(description="Country at the other end of the way")
    from_port = dy.String(description="place_id of the port where that way begins")
    to_port = dy.String(description="place_id of the port where it ends")
    length_km = dy.Float64(min=0, description="Length of the whole way by sea")


PLACE_LABELS = ("Port", "Airport", "Place")
NODES: dict[str, type[dy.Schema]] = {one.__name__: one for one in (Port, Airport, Place)}
EDGES = (
    *(EdgeType(label, "LOCATED_IN", "Country") for label in (*PLACE_LABELS, "Company")),
    *(EdgeType(one, "LEG", other, Leg) for one in PLACE_LABELS for other in PLACE_LABELS),
    EdgeType("Country", "SAILS_THROUGH", "Place", SailsThrough),
)
