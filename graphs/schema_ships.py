"""Ships in the graph; part of `graphs.schema`.

```
(Vessel)-[CALLED_AT]->(Port)   (Vessel)-[SILENT_NEAR]->(Port)   (Vessel)-[MET]->(Vessel)   (Port)-[SAILED_TO]->(Port)
```

Nothing here says what a ship did while nobody heard it. A call or silence at an anchorage counts for the nearest port
within 30 km; further away from any port it stays out of the graph, and stands in its table. Properties that end with
`_day` are days since 1 January 1970, to be subtracted from each other.
"""

import dataframely as dy

from graphs.edge_types import EdgeType


class Vessel(dy.Schema):
    """A ship with a call or an event that was seen, by its track: one identity may stand for two ships."""

    track_id = dy.String(primary_key=True, description="MMSI:n, as in table vessels")
    mmsi = dy.Int64(nullable=True, description="Radio identity, nine digits")
    imo = dy.Int64(nullable=True, description="IMO number that it sent most often")
    name = dy.String(nullable=True, description="Name that it sent most often")
    flag = dy.String(nullable=True, description="Country whose digits the identity begins with")
    kind = dy.String(description="What ship it is, by the type it sends, its size and its speed")
    length_m = dy.Float64(nullable=True, min=0, description="Length over all")
    deadweight_t = dy.Float64(nullable=True, min=0, description="What it can carry by its length and kind")
    first_seen = dy.String(description="Day of its first report")
    last_seen = dy.String(description="Day of its last report")
    is_split = dy.Bool(description="Reports that no one ship could have sent came under this identity")


class CalledAt(dy.Schema):
    """A call of a ship at a port or at an anchorage that belongs to it."""

    edge_id = dy.String(primary_key=True, description="call_id: track_id:place_id:time of arrival")
    start = dy.String()
    end = dy.String()
    year = dy.Int64(description="Of arrival")
    arrived = dy.String(description="First report at rest there, UTC")
    departed = dy.String(nullable=True, description="Last report there, UTC; null where it stays")
    arrived_day = dy.Int64(description="Days since 1 January 1970")
    departed_day = dy.Int64(nullable=True, description="Days since 1 January 1970; null where it stays")
    hours = dy.Float64(nullable=True, min=0, description="Time between both; null where it stays")
    draught_in_m = dy.Float64(nullable=True, min=0, description="Draught sent on arrival")
    draught_out_m = dy.Float64(nullable=True, min=0, description="Draught sent on the passage after")
    is_at_anchorage = dy.Bool(description="True where it lay at an anchorage, not in the port itself")
    confidence = dy.Float64(min=0, max=1, description="How sure it is that the ship called there")


class SailedTo(dy.Schema):
    """Passages of all ships from one port to another that ended in one month."""

    edge_id = dy.String(primary_key=True, description="from_place>to_place:month")
    start = dy.String()
    end = dy.String()
    year = dy.Int64()
    month = dy.Int64(description="1 to 12")
    voyages = dy.Int64(description="Passages")
    vessels = dy.Int64(description="Ships that made them")
    bulk = dy.Int64(description="Passages of bulk carriers among them")
    laden = dy.Int64(description="Passages with cargo, by the draught")
    unladen = dy.Int64(description="Passages without, by the draught; of the others the load is not known")
    weighed = dy.Int64(description="Passages whose cargo could be worked out from draught and size")
    cargo_kg = dy.Float64(nullable=True, min=0, description="Cargo of those that were weighed; null where none was")


class Met(dy.Schema):
    """Two ships lay beside each other at sea; one edge from each of the two."""

    edge_id = dy.String(primary_key=True, description="event_id:track_id of the ship that it leaves")
    start = dy.String()
    end = dy.String()
    event_id = dy.String(description="Of the meeting, the same on both edges")
    began = dy.String(description="First moment, UTC")
    began_day = dy.Int64(description="Days since 1 January 1970")
    year = dy.Int64(description="In which it began")
    hours = dy.Float64(min=0, description="How long")
    lon = dy.Float64(nullable=True, description="Where, degrees east; null where no position is known")
    lat = dy.Float64(nullable=True, description="Where, degrees north")
    source = dy.String(description="ais: told from positions; gfw: as Global Fishing Watch published it")
    confidence = dy.Float64(min=0, max=1, description="How sure it is that they met")


class SilentNear(dy.Schema):
    """A ship was not heard for some hours; its last report came from near a port."""

    edge_id = dy.String(primary_key=True, description="event_id: gap:track_id:time of the last report before")
    start = dy.String()
    end = dy.String()
    began = dy.String(description="Last report before, UTC")
    began_day = dy.Int64(description="Days since 1 January 1970")
    year = dy.Int64(description="In which it began")
    hours = dy.Float64(min=0, description="Until the first report after")
    place_km = dy.Float64(nullable=True, min=0, description="Distance to the port or its anchorage")
    confidence = dy.Float64(min=0, max=1, description="1 minus what ordinary reasons could explain")
    main_cause = dy.String(nullable=True, description="Possible ordinary reason with the largest share, if any")


NODES: dict[str, type[dy.Schema]] = {"Vessel": Vessel}
EDGES = (
    EdgeType("Vessel", "CALLED_AT", "Port", CalledAt),
    EdgeType("Port", "SAILED_TO", "Port", SailedTo),
    EdgeType("Vessel", "MET", "Vessel", Met),
    EdgeType("Vessel", "SILENT_NEAR", "Port", SilentNear),
)
