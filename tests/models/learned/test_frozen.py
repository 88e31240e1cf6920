"""What the shipped trees look at is what they were taught with: channels that came later change nothing of it."""

from dataclasses import replace

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from models.flows import chain
from models.flows.carriage import carrying_capacity
from models.flows.channels import CHANNELS, judge
from models.learned.channel import with_learned
from models.learned.features import FEATURES, features
from models.learned.features.told import CHANNELS as TAUGHT
from models.learned.shipped import shipped
from tests.models.flows.frames import context, flows
from tests.models.flows.test_carriage import MT, carriage
from tests.models.flows.test_carriage_causes import table

LATER = {"carrying_capacity"}
"""Channels younger than the shipped trees; training again may take them up."""


def test_the_shipped_trees_read_the_features_that_are_made() -> None:
    assert tuple(shipped().names) == tuple(FEATURES)
    assert set(CHANNELS) - set(TAUGHT) == LATER


@pytest.fixture(scope="module")
def rows() -> pl.DataFrame:
    return flows(*table(mass=8 * MT))


def test_what_ships_say_is_no_feature_and_changes_no_score(rows: pl.DataFrame) -> None:
    having = replace(context(), carriage=carriage())
    without, said = judge(rows, context()).statistics, judge(rows, having).statistics
    assert said.height == without.height + 1
    assert_frame_equal(features(rows, said, having), features(rows, without, context()))
    mine, plain = (
        with_learned(rows, one, ctx).filter(pl.col("channel") == "learned")
        for one, ctx in ((said, having), (without, context()))
    )
    assert_frame_equal(mine, plain)


def test_lists_without_ships_are_those_without_the_channel(rows: pl.DataFrame, monkeypatch: pytest.MonkeyPatch) -> None:
    found = chain.run(rows, context())
    assert carrying_capacity(rows, context()).is_empty()
    monkeypatch.delitem(CHANNELS, "carrying_capacity")
    before = chain.run(rows, context())
    assert_frame_equal(found.alerts, before.alerts)
    assert_frame_equal(found.scores, before.scores)


def test_ships_reach_the_lists_through_their_channel_alone(rows: pl.DataFrame) -> None:
    plain, found = (chain.run(rows, ctx).alerts for ctx in (context(), replace(context(), carriage=carriage())))
    changed = found.join(plain, on=["list", "flow_id", "channel", "p_value", "claim_level"], how="anti")
    assert changed["flow_id"].unique().to_list() == ["comtrade:EXP:IMP:260400:2015"]
    assert set(changed["channel"]) == {"carrying_capacity"}
