"""GraphML and GEXF, by networkx. Numbers keep their type; a property that is null is absent."""

from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from graphs.export.content import Content


def write_graphml(content: Content, file: Path) -> None:
    """GraphML: yEd, igraph, networkx, Gephi, Cytoscape."""
    import networkx as nx  # here: most commands never need it

    network = _network(content)
    for *_, row in network.edges(data=True):
        del row["id"]  # stands in the file as the edge's own identifier
    nx.write_graphml(network, file, prettyprint=False)


def write_gexf(content: Content, file: Path) -> None:
    """GEXF 1.2: Gephi. The day of writing is left out, so that the same graph makes the same file."""
    from networkx.readwrite.gexf import GEXFWriter

    writer = GEXFWriter(encoding="utf-8", prettyprint=False, version="1.2draft")
    writer.add_graph(_network(content))
    for meta in writer.xml.iter("meta"):
        meta.attrib.pop("lastmodifieddate", None)
    ElementTree.ElementTree(writer.xml).write(file, encoding="utf-8", xml_declaration=True)


def _network(content: Content) -> Any:
    """A directed graph with parallel edges, keyed by edge identifier."""
    import networkx as nx

    network = nx.MultiDiGraph()
    for _, name, row in content.node_rows():
        network.add_node(content.plain(name), **content.known(row))
        content.written["nodes"] += 1
    for _, name, start, end, row in content.edge_rows():
        key = content.plain(name)
        network.add_edge(content.plain(start), content.plain(end), key=key, **content.known(row), id=key)
        content.written["edges"] += 1
    return network
