"""Roads and railways are read out of a wheel without importing it."""

import zipfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphs.errors import DamagedFile
from graphs.sphere import distance_km
from pipelines.sources.land_network import CITATION, MEMBERS, _edges, _positions, read

GRAPH = "graph=[{1: 2.02, 0: 0.0, 2: 300.5}, {0: 2.5}, {0: 300.5}, {}]"
NODES = "nodes=[[0.0, 0.0], [0.01, 0.0], [1.0, -2.5], [-33.9, 18.4]]"


def wheel(folder: Path, graph: str = GRAPH, nodes: str = NODES, member: str = MEMBERS["road"]) -> Path:
    path = folder / "scgraph_data-2.0.0-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as packed:
        packed.writestr(member, f"\nfrom scgraph.core import GeoGraph\n{graph}\n{nodes}\nx = GeoGraph(graph, nodes)\n")
    return path


def test_a_network_by_hand(tmp_path: Path) -> None:
    nodes, edges = read(wheel(tmp_path), "road")
    assert nodes.select("node", "lon", "lat", "country", "mode").rows() == [
        (0, 0.0, 0.0, None, "road"), (1, 0.0, 0.01, None, "road"), (2, -2.5, 1.0, None, "road"),
        (3, 18.4, -33.9, None, "road"),
    ]  # fmt: skip
    assert edges.select("start", "end", "mode", "length_km", "passage", "source").rows() == [
        (0, 1, "road", 2.02, None, CITATION), (0, 2, "road", 300.5, None, CITATION),
    ]  # fmt: skip


def test_no_length_is_below_the_straight_line(tmp_path: Path) -> None:
    _, edges = read(wheel(tmp_path, GRAPH.replace("300.5", "1.5")), "road")
    assert edges["length_km"][1] == pytest.approx(float(distance_km(0, 0, -2.5, 1)))


@pytest.mark.parametrize(
    ("graph", "nodes", "words"),
    [
        (GRAPH.replace("2.5}", "nan}"), NODES, "number"),
        (GRAPH.replace("2.5}", "x}"), NODES, "no number"),
        (GRAPH.replace("2.5}", "-2.5}"), NODES, "length below zero"),
        (GRAPH.replace("{0: 2.5}", "{7: 2.5}"), NODES, "neighbour that is no node"),
        (GRAPH.replace("{0: 2.5}", "{0.5: 2.5}"), NODES, "neighbour that is no node"),
        (GRAPH.replace(", {}", ""), NODES, "neighbours for each of 4 nodes"),
        (GRAPH, NODES.replace("18.4", "190"), "beyond the globe"),
        (GRAPH, NODES.replace(", 18.4", ""), "two coordinates"),
        (GRAPH, "points=[]", "does not assign graph and nodes"),
    ],
)
def test_what_is_not_such_a_network_is_refused(tmp_path: Path, graph: str, nodes: str, words: str) -> None:
    with pytest.raises(DamagedFile, match=words):
        read(wheel(tmp_path, graph, nodes), "road")


def test_wheels_that_lack_it_are_named(tmp_path: Path) -> None:
    with pytest.raises(DamagedFile, match=r"does not hold scgraph_data/world_railways\.py"):
        read(wheel(tmp_path), "rail")
    with pytest.raises(DamagedFile, match="is not there"):
        read(tmp_path / "absent.whl", "road")
    (tmp_path / "broken.whl").write_bytes(b"PK\3\4 and no more")
    with pytest.raises(DamagedFile, match="not a whole wheel"):
        read(tmp_path / "broken.whl", "road")


ENTRY = st.dictionaries(st.integers(0, 5), st.floats(0, 1e4).map(lambda km: round(km, 3)), max_size=5)


@given(
    st.lists(ENTRY, min_size=6, max_size=6), st.lists(st.tuples(st.floats(-90, 90), st.floats(-180, 180)), min_size=1)
)
def test_numbers_are_those_of_the_literals(graph: list[dict[int, float]], nodes: list[tuple[float, float]]) -> None:
    start, end, km = _edges(repr(graph).encode(), 6, "member")
    expected = [(at, other, length) for at, ends in enumerate(graph) for other, length in ends.items()]
    assert list(zip(start.tolist(), end.tolist(), km.tolist(), strict=True)) == expected
    lat, lon = _positions(repr([list(one) for one in nodes]).encode(), "member")
    assert np.column_stack([lat, lon]).tolist() == [list(one) for one in nodes]
