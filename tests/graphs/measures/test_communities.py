import random

import igraph as ig
import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import adjusted_rand_score

from graphs.errors import InputError
from graphs.measures.communities import Search, communities, rand_index
from graphs.measures.network import network
from tests.graphs.network_rows import ROWS, edges, made, world

CAMPS = [(one, other, 10.0) for camp in ("ABC", "XYZ") for one in camp for other in camp if one != other]


def seeded(seed=1):
    return np.random.default_rng(seed)


def test_two_camps_with_one_thin_bond_are_found_every_time():
    found = communities(made(*CAMPS, ("C", "X", 0.1), nodes=["Q"]), seeded())
    groups = {name: members["node"].to_list() for (name,), members in found.members.group_by("community")}
    assert groups == {1: ["A", "B", "C"], 2: ["X", "Y", "Z"], 3: ["Q"]}
    assert found.members["stays"].to_list() == [1.0] * 7
    assert found.agreement == 1.0
    # Two camps alike: 60 of 120.1 lie in each, whose ends are half of all.
    assert found.modularity == pytest.approx(2 * (60 / 120.1 - 0.5**2))


def test_what_chance_decides_is_told_as_unstable():
    ring = [(f"N{at:02}", f"N{(at + 1) % 24:02}", 1.0) for at in range(24)]  # no way to cut it is better than its turn
    found = communities(made(*ring), seeded())
    assert found.agreement < 0.9
    assert found.members["stays"].mean() < 0.95


def test_missing_edges_shake_it_more_than_seeds():
    whole = network(world(40, 4))
    over_seeds = communities(whole, seeded(), Search(runs=8))
    over_edges = communities(whole, seeded(), Search(runs=8, missing_edges=0.3))
    assert over_edges.agreement < over_seeds.agreement


@settings(max_examples=20, deadline=None)
@given(ROWS)
def test_same_seed_same_communities_in_any_row_order(rows):
    one, other = (communities(network(edges(*some)), seeded(), Search(runs=3)) for some in (rows, rows[::-1]))
    assert one.members.equals(other.members)
    assert one.agreement == other.agreement
    assert one.members["node"].sort().to_list() == list(network(edges(*rows)).nodes)
    sizes = one.members.group_by("community").agg(pl.len().alias("found"), pl.col("size").first())
    assert (sizes["found"].cast(pl.Int64) == sizes["size"]).all()
    assert one.members["stays"].is_between(0, 1).all()


def test_a_network_of_nothing_has_no_communities():
    found = communities(made(), seeded())
    assert found.members.is_empty()
    assert np.isnan(found.modularity)


def test_igraph_draws_as_before_afterwards():
    random.seed(5)
    before = ig.Graph.Erdos_Renyi(30, m=60).get_edgelist()
    random.seed(5)
    communities(made(*CAMPS), seeded())
    assert ig.Graph.Erdos_Renyi(30, m=60).get_edgelist() == before


PARTITION = st.lists(st.integers(0, 3), min_size=6, max_size=6)


@settings(max_examples=60, deadline=None)
@given(PARTITION, PARTITION)
def test_rand_index_is_that_of_scikit_learn(one, other):
    assert rand_index(np.array(one), np.array(other)) == pytest.approx(adjusted_rand_score(one, other))


def test_one_run_says_nothing_of_stability():
    with pytest.raises(InputError, match="at least two"):
        Search(runs=1)
