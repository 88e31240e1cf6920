"""Which graph store a home uses, and the graph that a run has drawn, ready to be loaded into it.

The embedded store lies in the home and needs nothing. `ORETRACE_GRAPH_URL` names a Neo4j server instead. Imports
neither Dagster nor the schema library, since reading commands ask the store.
"""

import hashlib
import json
from collections.abc import Collection, Mapping

from graphs.stores.base import Graph, Store
from pipelines.home import Home
from pipelines.settings import Settings

NODES, EDGES = "graph_nodes", "graph_edges"
SHOWN = ("declarations", "baci", "production")
"""Tables of trade from outside whose rows stand in the graph."""
POSITIONS = "vessel_positions"
MOVED = ("places", "legs", "manifests", "gfw_events", POSITIONS)
"""Tables of places, companies and ships from outside that its other nodes are made from."""


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


def about(home: Home, shown: Collection[str] = (*SHOWN, *MOVED)) -> Mapping[str, str]:
    """What a reader is told of the graph as a whole: up to which day, from which sources, under which terms.

    `shown` are the tables from outside whose sources are named; a page about trade needs no more than SHOWN.
    """
    from pipelines import provenance
    from pipelines.overview import overview

    as_of = home.scan("alerts").select("as_of").head(1).collect()
    found = set()
    for one in (holding for holding in overview(home).holdings if holding.table in shown):
        found |= {(one.source, provenance.terms(entry, one.source)) for entry in one.entries if one.table != POSITIONS}
        # Files of positions come every day, and their names are no citation.
        found |= {(one.source, (entry.licence, "")) for entry in one.entries if one.table == POSITIONS}
        if in_package := provenance.packaged(one.source):
            found.add((one.source, in_package))
    terms = sorted(found)
    return {
        "as_of": str(as_of.item()) if as_of.height else "",
        "sources": ", ".join(dict.fromkeys(source for source, _ in terms)),
        "licences": "; ".join(dict.fromkeys(f"{source}: {licence}" for source, (licence, _) in terms)),
        "citation": "; ".join(dict.fromkeys(citation for _, (_, citation) in terms if citation)),
    }
