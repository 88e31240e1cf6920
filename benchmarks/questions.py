"""Named questions: how long each engine takes to answer on the graph of the default trade."""

from collections.abc import Callable, Mapping
from typing import Any

import polars as pl
from polars.testing import assert_frame_equal

from benchmarks.measuring import Timing, in_turn
from benchmarks.report import Section, Table
from benchmarks.setting import Setting
from graphs.build import TABLES, Tidy, build
from graphs.event_rows import built_in
from graphs.questions.catalogue import ask
from graphs.stores.base import Graph, Store, View, load
from graphs.stores.ladybug import LadybugStore
from graphs.tables import Alerts
from pipelines.neo4j_jars import LTS
from pipelines.neo4j_process import Neo4jServer
from pipelines.sources import baci, world_mining

YEARS, QUICK_YEARS = (2018, 2024), (2021, 2022)
QUICK_FAMILY = "gold"
GOLD = {"commodity": QUICK_FAMILY, "year": 2022}
ASKED: Mapping[str, Mapping[str, Any]] = {
    "what-is-held": {},
    "largest-flows": GOLD,
    "top-exporters": GOLD,
    "partners-of-a-country": {**GOLD, "country": "ARE"},
    "ego-of-a-country": {**GOLD, "country": "ARE"},
    "hubs-without-production": GOLD,
    "reexport-chains": GOLD,
    "round-trips": GOLD,
    "three-country-loops": GOLD,
    "market-concentration": {"commodity": QUICK_FAMILY, "since": 2018, "until": 2024},
    "new-pairs": GOLD,
    "price-outliers": GOLD,
}
"""Twelve questions, from a count of all flows to loops of three edges."""


def run(setting: Setting) -> Section:
    """Load the same graph into both engines, check that they answer alike, and time them in turn."""
    graph = drawn(setting)
    with Neo4jServer(setting.home / "neo4j", LTS, heap="2g") as server:
        stores: list[Store] = [LadybugStore(setting.home / "ladybug"), server.store]
        for store in stores:
            load(store, graph)
        with stores[0].view() as embedded, stores[1].view() as served:
            lines = [_line(name, embedded, served, setting.rounds) for name in ASKED]
    counts = graph.counts()
    size = f"{counts['Flow']:,} flows, {sum(counts.values()):,} nodes and edges in all"
    since, until = QUICK_YEARS if setting.quick else YEARS
    columns = ("question", "rows", *(f"{store.name} ms" for store in stores), "times as fast")
    remark = "Middle of the rounds, from asking to the frame; every answer is compared before it is timed."
    lead = f"The default trade, {since} to {until}: {size}."
    return Section("questions", "Questions to the graph", [Table(lead, columns, lines, [remark])])


def drawn(setting: Setting) -> Graph:
    """The graph of the default trade and production, of some years; the quick form takes one material."""
    since, until = QUICK_YEARS if setting.quick else YEARS
    flows = baci.parse_wheel(setting.wheel()).flows.filter(pl.col("period").is_between(since, until))
    if setting.quick:
        flows = flows.filter(pl.col("family") == QUICK_FAMILY)
    production = world_mining.parse(setting.wheel()).production
    tidy = Tidy(flows.lazy(), Alerts.create_empty().lazy(), production.lazy(), built_in().lazy())
    return Graph("benchmark", {table: build(table, tidy).collect().lazy() for table in TABLES})


def _line(name: str, embedded: View, served: View, rounds: int) -> list[str]:
    """One question: its rows and the milliseconds of both engines. Raises AssertionError where they differ."""
    rows = ask(embedded, name, ASKED[name])
    assert_frame_equal(rows, ask(served, name, ASKED[name]), rel_tol=1e-9)
    times = in_turn({"embedded": _asking(embedded, name), "served": _asking(served, name)}, rounds)
    ours, peer = times["embedded"], times["served"]
    return [name, str(rows.height), _milliseconds(ours), _milliseconds(peer), f"{peer.median / ours.median:.1f}"]


def _asking(view: View, name: str) -> Callable[[], object]:
    return lambda: ask(view, name, ASKED[name])


def _milliseconds(timing: Timing) -> str:
    return f"{1000 * timing.median:,.0f}"
