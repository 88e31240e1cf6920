"""Which graph store a home uses, and the graph that a run has drawn, ready to be loaded into it.

The embedded store lies in the home and needs nothing. `ORETRACE_GRAPH_URL` names a Neo4j server instead. Imports
neither Dagster nor the schema library, since reading commands ask the store.
"""

import hashlib
import json
from collections.abc import Mapping

from graphs.stores.base import Graph, Store
from pipelines.home import Home
from pipelines.settings import Settings

NODES, EDGES = "graph_nodes", "graph_edges"
SHOWN = ("declarations", "baci", "production", "places", "legs", "manifests", "vessel_positions")
"""Tables from outside whose rows stand in the graph."""


def open_store(home: Home) -> Store:
    """The store of this home. Opening asks no server yet. Raises InputError for an address that is none."""
    settings = Settings.read()
    if settings.graph_url is None:
        from graphs.stores.ladybug import LadybugStore

        return LadybugStore(home.store_path)
    from graphs.stores.neo4j import Neo4jStore

    return Neo4jStore(settings.graph_url, settings.graph_user, settings.graph_password, settings.graph_database)


def drawn(home: Home) -> Graph:
    """The graph of the home's tables. Raises HomeError where no run has drawn it."""
    from graphs.build import snapshot_id

    places = {part: table for table in (NODES, EDGES) for part in home.partitions(table)}
    if not places:
        home.scan(NODES)  # raises the sentence about a missing table
    contents = {part: home.meta(table, part).get("content", "") for part, table in places.items()}
    tables = {part: home.scan(table, [part]) for part, table in places.items()}
    told = about(home)
    # What readers are told is part of the graph's name, so that a store that tells otherwise is loaded again.
    digest = hashlib.sha256(json.dumps(dict(told), sort_keys=True).encode()).hexdigest()
    return Graph(snapshot_id({**contents, "about": digest}), tables, contents, told)


def about(home: Home) -> Mapping[str, str]:
    """What a reader is told of the graph as a whole: up to which day, from which sources, under which terms."""
    from pipelines import provenance
    from pipelines.overview import overview

    as_of = home.scan("alerts").select("as_of").head(1).collect()
    shown = [one for one in overview(home).holdings if one.table in SHOWN]
    found = {(one.source, provenance.terms(entry, one.source)) for one in shown for entry in one.entries}
    found |= {(one.source, told) for one in shown if (told := provenance.packaged(one.source))}
    terms = sorted(found)
    return {
        "as_of": str(as_of.item()) if as_of.height else "",
        "sources": ", ".join(dict.fromkeys(source for source, _ in terms)),
        "licences": "; ".join(f"{source}: {licence}" for source, (licence, _) in terms),
        "citation": "; ".join(dict.fromkeys(citation for _, (_, citation) in terms)),
    }
