"""The channel `learned`: the common form, reasons for the highest scores, and reasons withheld."""

import dataclasses

import numpy as np
import polars as pl
import pytest

from graphs.tables import Statistics
from models.flows.clean import clean_pairs
from models.flows.parts import ANSWER
from models.folds import fold
from models.learned import channel
from models.learned.channel import explain, learned, with_learned
from models.learned.features import features
from models.learned.overlap import BASE, OBSERVED, OVERLAP
from models.learned.trees import TAUGHT, Rules, Trees, fit
from tests.models.flows.frames import context
from tests.models.learned.frames import judged, trade

RULES = Rules(trees=10, leaves=4, shrinkage=0.3, least_rows=5, feature_share=1.0)


@pytest.fixture(scope="module")
def rows() -> pl.DataFrame:
    """Trade in which the exporter's figure is a tenth of itself in some last years."""
    plain = trade(seed=1)["flow_id"]
    hidden = plain.filter(plain.str.contains(":IDN:.*:201[89]$"))
    return trade(seed=1, **dict.fromkeys(hidden.to_list(), 0.1))


@pytest.fixture(scope="module")
def said(rows: pl.DataFrame) -> pl.DataFrame:
    return judged(rows)[0]


@pytest.fixture(scope="module")
def known(rows: pl.DataFrame, said: pl.DataFrame) -> pl.DataFrame:
    return features(rows, said, context())


@pytest.fixture(scope="module")
def trees(known: pl.DataFrame) -> Trees:
    return fit(known, known["flow_id"].str.contains(":IDN:.*:201[89]$").to_numpy(), seeds=range(3), rules=RULES)


def test_every_scorable_flow_is_scored_in_the_common_form(
    rows: pl.DataFrame, said: pl.DataFrame, known: pl.DataFrame, trees: Trees
) -> None:
    told = learned(rows, said, context(), trees)
    assert told.columns == list(ANSWER)
    assert told["flow_id"].to_list() == rows["flow_id"].sort().to_list()
    assert np.array_equal(told["statistic"], trees.score(known))
    assert told["is_null"].to_list() == clean_pairs(rows.sort("flow_id"), context()).to_list()
    assert told["gap_value_usd"].null_count() == told.height


def test_clean_pairs_whose_exporters_taught_are_no_null(
    rows: pl.DataFrame, said: pl.DataFrame, known: pl.DataFrame, trees: Trees
) -> None:
    clean = clean_pairs(rows.sort("flow_id"), context())
    exporter = known["flow_id"].str.split(":").list.get(1)
    taught = dataclasses.replace(trees, card={TAUGHT: {"of": 3, "folds": [0, 2]}})
    told = learned(rows, said, context(), taught)
    expected = [null and fold(one, 3) == 1 for null, one in zip(clean, exporter, strict=True)]
    assert told["is_null"].to_list() == expected
    assert 0 < sum(expected) < clean.sum()
    assert told.drop("is_null").equals(learned(rows, said, context(), trees).drop("is_null"))


def test_parts_name_the_five_largest_and_add_up_with_the_rest(known: pl.DataFrame, trees: Trees) -> None:
    first = known.head(20)
    names, contributions, overlap = trees.parts(first)
    stable = 0
    for at, parts in enumerate(explain(first, trees)["parts"].to_list()):
        told = {part["name"]: part["value"] for part in parts}
        assert told[OVERLAP] == pytest.approx(overlap[at])
        assert told[BASE] == pytest.approx(contributions[at, -1])
        reasons = {name: value for name, value in told.items() if name in names and name != BASE}
        if overlap[at] < channel.BOUND:
            assert set(told) == {BASE, OVERLAP}
            continue
        stable += 1
        assert len(reasons) == 5
        largest = np.sort(np.abs(contributions[at, :-1]))[::-1][:5]
        assert np.abs(list(reasons.values())) == pytest.approx(largest)
        for name in reasons:
            seen = told[OBSERVED + name]
            assert (seen is None and np.isnan(first[name][at])) or seen == pytest.approx(first[name][at])
    assert stable > 0


def test_reasons_that_other_seeds_do_not_share_are_withheld(
    known: pl.DataFrame, trees: Trees, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(channel, "BOUND", 1.01)
    for parts in explain(known.head(5), trees)["parts"].to_list():
        assert [part["name"] for part in parts] == [BASE, OVERLAP]


def test_only_the_highest_scores_are_explained(
    rows: pl.DataFrame, said: pl.DataFrame, trees: Trees, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(channel, "EXPLAINED", 7)
    told = learned(rows, said, context(), trees).sort("statistic", "flow_id", descending=[True, False])
    assert (told["parts"].list.len() > 0).to_list() == [True] * 7 + [False] * (told.height - 7)


def test_statistics_get_the_channel_and_stay_a_valid_table(rows: pl.DataFrame, said: pl.DataFrame) -> None:
    both = with_learned(rows, said, context())
    Statistics.validate(both, cast=True)
    assert both.head(said.height).equals(said)
    mine = both.tail(both.height - said.height)
    assert mine["channel"].cast(pl.String).unique().to_list() == [channel.NAME]
    assert mine["statistic"].is_finite().all()


def test_no_flows_no_rows(rows: pl.DataFrame, said: pl.DataFrame) -> None:
    assert learned(rows.clear(), said.clear(), context()).height == 0


def test_family_does_not_matter_to_the_score(rows: pl.DataFrame, said: pl.DataFrame, trees: Trees) -> None:
    one = learned(rows, said, context(), trees)
    other = learned(rows, said, dataclasses.replace(context(), family="copper"), trees)
    assert one.equals(other)
