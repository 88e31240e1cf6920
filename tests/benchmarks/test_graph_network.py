"""The graph network's benchmark measures what it says; without the extra it says so."""

import importlib.util
from pathlib import Path

import pytest

from benchmarks import graph_network
from benchmarks.graph_network import prepared, run, table
from benchmarks.setting import Setting
from tests.models.ladder.network_world import amounts, as_flows

INSTALLED = all(importlib.util.find_spec(name) for name in ("torch", "torch_geometric"))


@pytest.mark.skipif(not INSTALLED, reason="the extra gnn (torch, torch-geometric) is not installed")
def test_every_figure_is_measured(tmp_path: Path):
    family = prepared("nickel", as_flows(amounts()))
    found = table([family], Setting(quick=True, home=tmp_path))
    ((name, cells, edges, years, *figures),) = found.rows
    assert (name, int(cells.replace(",", "")), int(years)) == ("nickel", family.cells.height, 7)
    assert 1000 < int(edges.replace(",", "")) < family.cells.height
    assert all(float(one) >= 0 for one in figures if one != "not measured")
    assert len(figures) == len(found.columns) - 4


def test_without_the_extra_nothing_is_measured(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(graph_network.GraphNetwork, "lacking", lambda _: "needs torch")
    (only,) = run(Setting(quick=True, home=tmp_path)).tables
    assert only.lead == "Not measured: needs torch."
    assert not only.rows
