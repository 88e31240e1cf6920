"""Measures of a trade network: igraph, as oretrace uses it, beside networkx on the same edges."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import networkx as nx
import numpy as np
import polars as pl

from benchmarks.measuring import Timing, extra_bytes, in_turn, megabytes
from benchmarks.report import Section, Table
from benchmarks.setting import Setting
from graphs.measures.intervals import DEFAULT, measure
from graphs.measures.network import Floats, Network, network
from graphs.measures.nodes import MEASURES
from graphs.measures.whole import triads
from pipelines.sources import baci

FAMILY, YEAR = "gold", 2022
QUICK_NODES = 40
CLOSE = 1e-6
OURS, PEER = "igraph", "networkx"


@dataclass(frozen=True)
class Contest:
    """One figure by both libraries."""

    ours: Callable[[Network], Any]
    peer: Callable[[nx.DiGraph], Any]
    same: Callable[[Network, Any, Any], bool]


def run(setting: Setting) -> Section:
    """The market of one family and year, then all families of that year at once; the quick form draws a small one."""
    if setting.quick:
        markets = {f"Drawn at random, {QUICK_NODES} areas": drawn(QUICK_NODES)}
    else:
        flows = baci.parse_wheel(setting.wheel()).flows.filter(pl.col("period") == YEAR)
        markets = {
            f"{FAMILY} {YEAR} of the default trade": pairs(flows.filter(pl.col("family") == FAMILY)),
            f"All families {YEAR} of the default trade": pairs(flows),
        }
    tables = [compare(rows, setting, lead) for lead, rows in markets.items()]
    return Section("networks", "Measures of a trade network", tables)


def pairs(flows: pl.DataFrame) -> pl.DataFrame:
    """Flows added up to one edge per pair of areas."""
    value, mass = pl.col("reconciled_value_usd"), pl.col("reconciled_mass_kg")
    return flows.group_by(start="exporter", end="importer").agg(
        value_usd=value.sum(), mass_kg=pl.when(mass.null_count() == 0).then(mass.sum())
    )


def drawn(size: int) -> pl.DataFrame:
    """Trade between areas of random size, a third of the pairs."""
    rng = np.random.default_rng(1)
    value = np.exp(rng.normal(12, 3, (size, size)))
    ends = np.argwhere((rng.random((size, size)) < 0.3) & ~np.eye(size, dtype=bool))
    names = [f"N{at:04}" for at in range(size)]
    values = [float(value[start, end]) for start, end in ends]
    columns = {"start": [names[at] for at in ends[:, 0]], "end": [names[at] for at in ends[:, 1]]}
    return pl.DataFrame({**columns, "value_usd": values, "mass_kg": values})


def compare(rows: pl.DataFrame, setting: Setting, lead: str) -> Table:
    """Check that both libraries find the same, then time them in turn; graphs are built before, but for one line."""
    one = network(rows)
    graph = as_networkx(one)
    lines = []
    for name, contest in CONTESTS.items():
        check(name, contest, one, graph)
        ready = {OURS: lambda contest=contest: contest.ours(one), PEER: lambda contest=contest: contest.peer(graph)}
        lines.append(_line(name, in_turn(ready, setting.rounds)))
    file = setting.home / "pairs.parquet"
    rows.write_parquet(file)
    peaks = {library: megabytes(extra_bytes(everything, str(file), library)) for library in (OURS, PEER)}
    whole = in_turn({"all": lambda: measure(one, np.random.default_rng(1))}, setting.rounds)["all"]
    remarks = [
        f"Extra memory at peak of building the graph and taking all of these: {peaks[OURS]} MB and {peaks[PEER]} MB.",
        f"All {len(MEASURES)} node measures with rank intervals from {DEFAULT.replicates} replicates: "
        f"{whole.median:.2f} s (`graphs.measures.intervals.measure`).",
        f"HITS in the column {OURS} is power iteration in NumPy: igraph begins at random, and its ranks do not repeat.",
        "Communities: Leiden here and Louvain there, one run each; the modularity found is at least as high.",
    ]
    columns = ("figure", f"{OURS} ms", f"{PEER} ms", "times as fast", "in processor time")
    return Table(f"{lead}: {len(one.nodes)} areas, {len(one.start):,} edges.", columns, lines, remarks)


def _line(name: str, times: Mapping[str, Timing]) -> list[str]:
    ours, peer = times[OURS], times[PEER]
    shown = [f"{1000 * one.median:,.2f}" for one in (ours, peer)]
    return [name, *shown, f"{peer.median / ours.median:,.1f}", f"{peer.work / max(ours.work, 1e-9):,.1f}"]


def check(name: str, contest: Contest, one: Network, graph: nx.DiGraph) -> None:
    """Raises RuntimeError where the libraries do not agree."""
    if not contest.same(one, contest.ours(one), contest.peer(graph)):
        raise RuntimeError(f"{OURS} and {PEER} do not agree on {name}")


def as_networkx(one: Network) -> nx.DiGraph:
    """The network as networkx has it, nodes as indices in their order."""
    graph = nx.DiGraph()
    graph.add_nodes_from(range(len(one.nodes)))
    amounts = zip(one.start.tolist(), one.end.tolist(), one.value_usd.tolist(), one.cost.tolist(), strict=True)
    graph.add_edges_from((start, end, {"weight": value, "cost": cost}) for start, end, value, cost in amounts)
    return graph


def everything(file: str, library: str) -> Callable[[], object]:
    """In a process of its own: the graph of that library and every figure of it."""
    one = network(pl.read_parquet(file))

    def act() -> None:
        graph = as_networkx(one) if library == PEER else None
        for contest in CONTESTS.values():
            contest.ours(one) if graph is None else contest.peer(graph)

    return act


def built(one: Network) -> Any:
    """A fresh igraph graph, not the one that is kept."""
    return one.kept(np.ones(len(one.start), dtype=bool)).graph


def by_node(_: Network, ours: Floats, peer: Mapping[int, float]) -> bool:
    """The same number for every node."""
    return bool(np.allclose(ours, [peer[at] for at in range(len(ours))], rtol=CLOSE, atol=CLOSE, equal_nan=True))


def scaled(_: Network, ours: Floats, peer: Mapping[int, float]) -> bool:
    """The same number for every node, as shares of the largest."""
    found = np.array([peer[at] for at in range(len(ours))])
    return bool(np.allclose(ours, found / found.max(), atol=CLOSE))


def same_distances(one: Network, ours: Any, peer: Mapping[int, Mapping[int, float]]) -> bool:
    """The same distance for every pair, infinite where there is no way."""
    size = range(len(one.nodes))
    return bool(np.allclose(np.array(ours), [[peer[a].get(b, np.inf) for b in size] for a in size], rtol=CLOSE))


def modular(one: Network, ours: Floats, peer: Any) -> bool:
    """A partition at least as good, as far as a run of either can be."""
    number = {at: which for which, group in enumerate(peer) for at in group}
    weights = one.undirected.es["weight"]
    found = [
        one.undirected.modularity(which, weights=weights) for which in (ours, [number[at] for at in sorted(number)])
    ]
    return bool(found[0] >= found[1] - 0.01)


def leiden(one: Network) -> Any:
    """One run, as in `graphs.measures.communities`."""
    graph = one.undirected
    return graph.community_leiden("modularity", weights=graph.es["weight"], n_iterations=-1).membership


def undirected(graph: nx.DiGraph) -> nx.Graph:
    """Both directions added up."""
    both = nx.Graph()
    both.add_nodes_from(graph)
    for start, end, value in graph.edges(data="weight"):
        before = both.get_edge_data(start, end, {"weight": 0.0})["weight"]
        both.add_edge(start, end, weight=before + value)
    return both


def distances(one: Network) -> Any:
    """Between all pairs, by the cost of `graphs.measures.network`."""
    return one.graph.distances(weights=one.cost.tolist())


CONTESTS: dict[str, Contest] = {
    "building the graph": Contest(built, lambda graph: nx.DiGraph(graph.edges(data=True)),
                                  lambda one, ours, peer: ours.ecount() == peer.number_of_edges()),
    "PageRank": Contest(MEASURES["pagerank"].of, lambda graph: nx.pagerank(graph, tol=1e-10, max_iter=1000), by_node),
    "HITS": Contest(MEASURES["hub"].of, lambda graph: nx.hits(graph, tol=1e-10, max_iter=1000)[0], scaled),
    "betweenness, by cost": Contest(
        MEASURES["betweenness"].of,
        lambda graph: nx.betweenness_centrality(graph, weight="cost", normalized=False), by_node,
    ),
    "constraint": Contest(MEASURES["constraint"].of, lambda graph: nx.constraint(graph, weight="weight"), by_node),
    "k-core": Contest(MEASURES["core"].of, lambda graph: nx.core_number(nx.Graph(graph)), by_node),
    "communities": Contest(leiden, lambda graph: nx.community.louvain_communities(undirected(graph), seed=1), modular),
    "triads": Contest(triads, nx.triadic_census, lambda _, ours, peer: dict(ours.iter_rows()) == peer),
    "all shortest paths, by cost": Contest(
        distances, lambda graph: dict(nx.all_pairs_dijkstra_path_length(graph, weight="cost")), same_distances,
    ),
}  # fmt: skip
