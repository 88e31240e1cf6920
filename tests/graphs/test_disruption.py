import networkx as nx
import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graphs.disruption import compare, greedy, losses, single, with_intervals
from graphs.errors import InputError
from graphs.measures.intervals import Missing
from graphs.measures.network import network
from graphs.supply import Rewiring, Supply
from tests.graphs.network_rows import NAMES, ROWS, edges, made, world

STIFF = Rewiring(slack=0.0)
SOURCE, SINK = "the source", "the sink"


def seeded():
    return np.random.default_rng(1)


def told(found: pl.DataFrame, *keys: str) -> dict:
    return {row[:-1] if len(keys) > 1 else row[0]: row[-1] for row in found.select(*keys, "loss_usd").iter_rows()}


def test_a_hub_that_all_goes_through():
    chain = made(("MINE", "HUB", 10.0), ("HUB", "SHOP", 10.0))
    assert told(single(chain), "node") == {"HUB": 10.0, "MINE": 10.0}
    assert told(single(chain, "edge"), "start", "end") == {("HUB", "SHOP"): 10.0, ("MINE", "HUB"): 10.0}
    assert single(chain)["loss_share"].to_list() == [1.0, 1.0]


def test_the_others_make_up_for_a_part():
    two = made(("ONE", "SHOP", 10.0), ("TWO", "SHOP", 10.0))
    assert told(single(two, rewiring=Rewiring(0.2)), "node") == pytest.approx({"ONE": 8.0, "TWO": 8.0})
    assert told(single(two, rewiring=Rewiring(1.0)), "node") == {}
    assert single(two, rewiring=Rewiring(0.2))["loss_unrewired_usd"].to_list() == pytest.approx([10.0, 10.0])


def test_a_detour_needs_room_on_every_edge_of_it():
    round_about = made(("MINE", "SHOP", 10.0), ("MINE", "PORT", 10.0), ("PORT", "SHOP", 10.0))
    found = told(single(round_about, "edge", Rewiring(0.5)), "start", "end")
    assert found == pytest.approx({("MINE", "PORT"): 5.0, ("MINE", "SHOP"): 5.0, ("PORT", "SHOP"): 5.0})


def test_of_one_market_only_its_imports_count():
    trade = made(("MINE", "SHOP", 10.0), ("SHOP", "END", 8.0), ("MINE", "END", 90.0))
    found = single(trade, rewiring=Rewiring(0.0, "SHOP"))
    assert told(found, "node") == {"MINE": 10.0}
    assert found["loss_share"].to_list() == [1.0]
    # All that END gets was the mine's, 8 of it by way of the shop.
    found = told(single(trade, rewiring=Rewiring(0.0, "END")), "node")
    assert found == pytest.approx({"MINE": 98.0, "SHOP": 8.0})


def peer_loss(network, rewiring, nodes, pairs) -> float:
    """The definition, with networkx: what is left of the need after the largest flow."""
    graph = nx.DiGraph()
    graph.add_nodes_from([SOURCE, SINK])
    edge = {
        (network.nodes[a], network.nodes[b]): value
        for a, b, value in zip(network.start, network.end, network.value_usd, strict=True)
        if network.nodes[a] != rewiring.market
    }
    balance = {
        name: sum(value for (a, _), value in edge.items() if a == name)
        - sum(value for (_, b), value in edge.items() if b == name)
        for name in network.nodes
    }
    need = {name: -one for name, one in balance.items() if one < 0 and name in nodes
            and rewiring.market in (None, name)}  # fmt: skip
    for pair, value in edge.items():
        if pair in pairs and set(pair) <= nodes:
            graph.add_edge(*pair, capacity=value * (1 + rewiring.slack))
    for name in nodes:
        if balance[name] > 0:
            graph.add_edge(SOURCE, name, capacity=balance[name] * (1 + rewiring.slack))
        if name in need:
            graph.add_edge(name, SINK, capacity=need[name])
    return sum(need.values()) - nx.maximum_flow_value(graph, SOURCE, SINK)


REWIRING = st.builds(Rewiring, st.sampled_from([0.0, 0.5]), st.sampled_from([None, None, "A"]))


def pairs_of(one):
    return {(one.nodes[a], one.nodes[b]) for a, b in zip(one.start, one.end, strict=True)}


@settings(max_examples=40, deadline=None)
@given(ROWS, REWIRING)
def test_single_removals_are_those_of_trying_all(rows, rewiring):
    one = network(edges(*rows), NAMES)
    pairs, names = pairs_of(one), set(one.nodes)
    by_node = {name: peer_loss(one, rewiring, names - {name}, pairs) for name in names}
    by_edge = {pair: peer_loss(one, rewiring, names, pairs - {pair}) for pair in pairs}
    found = single(one, "node", rewiring, 99)
    assert told(found, "node") == pytest.approx({name: loss for name, loss in by_node.items() if loss})
    assert told(single(one, "edge", rewiring, 99), "start", "end") == pytest.approx(
        {pair: loss for pair, loss in by_edge.items() if loss}
    )
    best = single(one, "node", rewiring, 2)
    assert best.drop("loss_unrewired_usd").equals(found.head(2).drop("loss_unrewired_usd"))
    assert (found["loss_usd"] <= found["loss_unrewired_usd"] + 1e-9).all()
    # Equal to ten digits is equal: then names decide.
    by_loss = sorted(found.select("loss_usd", "node").iter_rows(), key=lambda row: (-float(f"{row[0]:.10g}"), row[1]))
    assert found.select("loss_usd", "node").rows() == by_loss


@settings(max_examples=40, deadline=None)
@given(ROWS)
def test_with_nothing_removed_every_need_is_met(rows):
    one = network(edges(*rows))
    supply = Supply(one, STIFF)
    assert supply.loss(supply.nodes, np.ones(len(one.start), dtype=bool)) == 0.0
    assert supply.need.sum() == pytest.approx(supply.source.sum())


@settings(max_examples=25, deadline=None)
@given(ROWS, REWIRING)
def test_greedy_takes_the_worst_each_time(rows, rewiring):
    one = network(edges(*rows), NAMES)
    nodes, so_far = set(one.nodes), 0.0
    for _, name, loss in greedy(one, 3, "node", rewiring).iter_rows():
        each = {other: peer_loss(one, rewiring, nodes - {other}, pairs_of(one)) for other in sorted(nodes)}
        assert loss == pytest.approx(each[name])
        assert loss == pytest.approx(max(each.values()))
        assert loss > so_far
        nodes, so_far = nodes - {name}, loss


@settings(max_examples=25, deadline=None)
@given(ROWS, st.permutations(NAMES))
def test_row_order_and_names_do_not_matter(rows, order):
    name = dict(zip(NAMES, order, strict=True))
    frame = edges(*rows)
    before = frame.clone()
    one = single(network(frame), "node", None, 99)
    assert frame.equals(before)
    assert one.equals(single(network(edges(*rows[::-1])), "node", None, 99))
    renamed = network(edges(*((name[start], name[end], *rest) for start, end, *rest in rows)))
    other = told(single(renamed, "node", None, 99), "node")
    assert other == pytest.approx({name[node]: loss for node, loss in told(one, "node").items()})


def test_ranks_have_intervals_and_the_same_seed_the_same():
    one = network(world(15, 3))
    missing = Missing(replicates=6)
    found = with_intervals(one, seeded(), missing)
    assert found.equals(with_intervals(one, seeded(), missing))
    assert found.columns == ["node", "loss_usd", "rank", "rank_low", "rank_high"]
    assert found.sort("node")["loss_usd"].to_list() == losses(one).tolist()
    known = found.filter(pl.col("rank_low").is_not_null())
    assert known.height == 15
    assert known["rank"].is_between(known["rank_low"], known["rank_high"]).all()
    assert (known["rank_high"] > known["rank_low"]).any()


def test_replicates_without_the_market_say_nothing():
    one = made(("MINE", "SHOP", 10.0), ("ELSE", "SHOP", 4.0), ("MINE", "ELSE", 1.0))
    found = with_intervals(one, seeded(), Missing(0.0, 0.5, replicates=40), Rewiring(0.0, "SHOP"))
    assert found["node"][0] == "MINE"
    assert (found["rank_low"][0], found["rank_high"][0]) == (1.0, 1.0)  # where it and the market are, it is first


def test_greedy_hurts_more_than_chance():
    found = compare(network(world(25, 1)), 4, seeded(), trials=10)
    by_step = {(strategy, step): rest for strategy, step, *rest in found.iter_rows()}
    assert {strategy for strategy, _ in by_step} == {"greedy", "degree", "strength", "random"}
    for step in range(1, 5):
        loss, low, high = by_step["random", step]
        assert low <= loss <= high
        assert by_step["greedy", step][0] > loss
        assert by_step["greedy", step][1:] == [None, None]
    assert by_step["greedy", 1][0] >= max(by_step["degree", 1][0], by_step["strength", 1][0])


def test_nothing_is_lost_where_nothing_is_traded():
    empty = made()
    assert single(empty).is_empty()
    assert single(empty, "edge").columns == [
        "rank", "start", "end", "loss_usd", "loss_share", "loss_unrewired_usd"
    ]  # fmt: skip
    assert greedy(empty, 3).is_empty()
    assert with_intervals(empty, seeded(), Missing(replicates=2)).is_empty()
    assert compare(empty, 2, seeded(), trials=2).is_empty()
    assert single(made(("A", "A", 5.0))).is_empty()


@pytest.mark.parametrize(
    ("action", "words"),
    [
        (lambda: Rewiring(-0.1), "at least 0"),
        (lambda: single(made(("A", "B")), rewiring=Rewiring(market="Q")), "Q does not trade here"),
        (lambda: single(made(("A", "B")), "flow"), "name node or edge"),
    ],
)
def test_what_cannot_be_asked_is_refused(action, words):
    with pytest.raises(InputError, match=words):
        action()
