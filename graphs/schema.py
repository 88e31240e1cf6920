"""The graph: its node and edge types, each described once, like the tables they are made from.

```
(Flow)-[EXPORTED_BY]->(Country|Residual)   (Flow)-[IMPORTED_BY]->(Country|Residual)   (Flow)-[OF]->(Commodity)
(Flow)-[DECLARED_BY]->(Country)            (Commodity)-[IN_FAMILY]->(Family)          (Alert)-[ABOUT]->(Flow)
(Country|Residual)-[EXPORTS_TO]->(Country|Residual)        (Country|Residual)-[PRODUCES]->(Family)
(Ban)-[DECREED_BY]->(Country)              (Ban)-[COVERS]->(Commodity)

(Port|Airport|Place|Company)-[LOCATED_IN]->(Country)       (Port|Airport|Place)-[LEG]->(Port|Airport|Place)
(Country)-[SAILS_THROUGH]->(Place)         (Port)-[SAILED_TO]->(Port)         (Vessel)-[CALLED_AT|SILENT_NEAR]->(Port)
(Vessel)-[MET]->(Vessel)                   (Company)-[SHIPPED_TO]->(Company)
(Company)-[SHIPPED_ON]->(Vessel)           (Company)-[SHIPPED_FROM]->(Port)
```

Trade is described here; places, ships and companies in `graphs.schema_places`, `graphs.schema_ships` and
`graphs.schema_companies`.

A Flow is a node: one source, pair, six-digit code and year, with both declarations. EXPORTS_TO is the same trade
as an edge, added up to code families, for questions about the network. An edge type is one name between two kinds
of nodes; its frame holds `start` and `end`, the keys of both nodes, and where two nodes may have several such edges an
`edge_id`. Stores keep every column but `start` and `end` as a property. Days are ISO 8601 text and whole numbers 64
bits wide, so that both engines compare them alike.
"""

from collections.abc import Mapping
from types import MappingProxyType

import dataframely as dy

from graphs import schema_companies, schema_places, schema_ships
from graphs.edge_types import Edge, EdgeType, dtypes

__all__ = ["EDGES", "EDGE_TABLES", "NODES", "Edge", "EdgeType", "dtypes", "key_of", "schema_of"]


class Country(dy.Schema):
    """A country or customs territory."""

    code = dy.String(primary_key=True, description="ISO 3166 alpha-3, or the code of a state that is gone")
    name = dy.String(description="Name for a reader")
    lon = dy.Float64(nullable=True, min=-180, max=180, description="Of the capital, degrees; null where none is listed")
    lat = dy.Float64(nullable=True, min=-90, max=90, description="Of the capital, degrees")


class Residual(dy.Schema):
    """A partner that is no country: areas not elsewhere specified, free zones, bunkers, groups."""

    code = dy.String(primary_key=True, description="Code of UN Comtrade, e.g. _X")
    name = dy.String(description="Name for a reader")
    kind = dy.String(description="residual, zone, group or world")


class Family(dy.Schema):
    """A code family: the material that ore, metal and scrap have in common."""

    name = dy.String(primary_key=True, description="E.g. gold, or hs2833 for a heading of its own")
    title = dy.String(description="Name for a reader")
    basis = dy.String(description="What production and contents are stated in")
    weighed_by = dy.String(description="value for precious metals and stones, whose mass is often faulty, else mass")


class Commodity(dy.Schema):
    """An HS code as declared."""

    code = dy.String(primary_key=True, description="HS code, six digits")
    title = dy.String(description="Name for a reader")
    family = dy.String(description="Code family")


class Flow(dy.Schema):
    """Trade of one commodity between two areas in one year, with both declarations side by side."""

    flow_id = dy.String(primary_key=True, description="source:exporter:importer:commodity:year")
    source = dy.String(description="E.g. comtrade (both sides declare) or baci (reconciled: no declarations)")
    exporter = dy.String()
    importer = dy.String()
    commodity = dy.String()
    family = dy.String()
    year = dy.Int64()
    exporter_reported = dy.Bool(nullable=True, description="Null where the source holds no declarations")
    importer_reported = dy.Bool(nullable=True, description="Null where the source holds no declarations")
    export_value_usd = dy.Float64(
        nullable=True, min=0.0, description="What the exporter declares; null where it declares none"
    )
    import_value_usd = dy.Float64(
        nullable=True, min=0.0, description="What the importer declares; null where it declares none"
    )
    export_mass_kg = dy.Float64(nullable=True, min=0.0, description="Net mass that the exporter declares")
    import_mass_kg = dy.Float64(nullable=True, min=0.0, description="Net mass that the importer declares")
    value_usd = dy.Float64(
        nullable=True,
        min=0.0,
        description="What the flow counts for: the larger of two declarations, or a reconciled source's estimate",
    )
    mass_kg = dy.Float64(
        nullable=True, min=0.0, description="Mass of the side that counts, else the other's; estimated ones count not"
    )


class Alert(dy.Schema):
    """A flow that stands out: every anomaly and candidate of the agnostic list, and the alerts of the learned one."""

    alert_id = dy.String(primary_key=True, description="list:flow_id:as_of")
    list = dy.String(description="learned or agnostic")
    rank = dy.Int64(description="Place on the list; 1 is first")
    flow_id = dy.String()
    channel = dy.String(description="Channel that speaks")
    claim_level = dy.Int64(description="1 anomaly, 2 candidate")
    p_value = dy.Float64(description="Corrected for the number of channels")
    q_value = dy.Float64(nullable=True, description="Null where no error rate is claimed")
    gap_value_usd = dy.Float64(nullable=True, description="Unmatched value")
    gap_mass_kg = dy.Float64(nullable=True, description="Unmatched mass")
    main_cause = dy.String(nullable=True, description="Possible ordinary cause with the largest share, if any")
    episode_id = dy.String(description="Neighbouring years of one exporter and code are one episode")
    is_selected = dy.Bool(description="True for the alerts that are shown; false for anomalies below the cut")
    as_of = dy.String(description="Day up to which everything known was used")
    sentence = dy.String(description="The alert in one sentence")


class Ban(dy.Schema):
    """A published export ban."""

    ban_id = dy.String(primary_key=True, description="exporter:codes:start")
    exporter = dy.String()
    codes = dy.String(description="HS codes covered, by their first digits")
    start = dy.String(description="First day")
    end = dy.String(nullable=True, description="Last day; null while it stands")
    citation = dy.String(description="Where it was published")


class DeclaredBy(dy.Schema):
    """What one side declared about a flow."""

    edge_id = dy.String(primary_key=True, description="flow_id:side")
    start = dy.String()
    end = dy.String()
    side = dy.String(description="export or import")
    value_usd = dy.Float64(nullable=True, min=0.0, description="What that side declares")
    mass_kg = dy.Float64(nullable=True, min=0.0, description="Net mass that it declares")
    is_mass_estimated = dy.Bool(nullable=True, description="Null where the source does not say")


class ExportsTo(dy.Schema):
    """One source's trade of a code family between two areas in a year: what its flows count for, added up."""

    edge_id = dy.String(primary_key=True, description="source:exporter:importer:family:year")
    start = dy.String()
    end = dy.String()
    source = dy.String()
    family = dy.String()
    year = dy.Int64()
    value_usd = dy.Float64(nullable=True, min=0.0, description="Null where no flow states one")
    mass_kg = dy.Float64(
        nullable=True, min=0.0, description="Null if any flow lacks its mass: a partial sum would be too small"
    )
    flows = dy.Int64(description="Flows added up, one per code")


class Produces(dy.Schema):
    """Mine output of a country and year."""

    edge_id = dy.String(primary_key=True, description="source:country:family:year:basis")
    start = dy.String()
    end = dy.String()
    source = dy.String()
    year = dy.Int64()
    basis = dy.String(description="content or ore")
    mass_kg = dy.Float64(nullable=True, min=0.0, description="Null where the source gives none")
    mass_low_kg = dy.Float64(nullable=True, min=0.0, description="10th percentile")
    mass_high_kg = dy.Float64(nullable=True, min=0.0, description="90th percentile")


NODES: Mapping[str, type[dy.Schema]] = MappingProxyType(
    {one.__name__: one for one in (Country, Residual, Family, Commodity, Flow, Alert, Ban)}
    | {label: one for part in (schema_places, schema_ships, schema_companies) for label, one in part.NODES.items()}
)
AREAS = ("Country", "Residual")
EDGES: tuple[EdgeType, ...] = (
    *(EdgeType("Flow", "EXPORTED_BY", area) for area in AREAS),
    *(EdgeType("Flow", "IMPORTED_BY", area) for area in AREAS),
    EdgeType("Flow", "OF", "Commodity"),
    EdgeType("Flow", "DECLARED_BY", "Country", DeclaredBy),
    EdgeType("Commodity", "IN_FAMILY", "Family"),
    EdgeType("Alert", "ABOUT", "Flow"),
    *(EdgeType(one, "EXPORTS_TO", other, ExportsTo) for one in AREAS for other in AREAS),
    *(EdgeType(area, "PRODUCES", "Family", Produces) for area in AREAS),
    EdgeType("Ban", "DECREED_BY", "Country"),
    EdgeType("Ban", "COVERS", "Commodity"),
    *schema_places.EDGES,
    *schema_ships.EDGES,
    *schema_companies.EDGES,
)
EDGE_TABLES: Mapping[str, EdgeType] = MappingProxyType({one.table: one for one in EDGES})


def key_of(label: str) -> str:
    """Property that identifies nodes of a kind."""
    return NODES[label].primary_key()[0]


def schema_of(table: str) -> type[dy.Schema]:
    """Description of a node table (`Country`) or an edge table (`Flow-OF-Commodity`). Raises KeyError."""
    return EDGE_TABLES[table].schema if table in EDGE_TABLES else NODES[table]
