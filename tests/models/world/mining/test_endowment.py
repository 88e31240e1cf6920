"""Shares of countries in the output of a family."""

from dataclasses import replace

import polars as pl
import pytest

from models.world.config import WorldConfig
from models.world.mining.endowment import country_shares, tilt
from tests.models.world.mining_ground import tiny_ground

CONFIG = WorldConfig.sized("small", 5)


def test_shares_of_a_family_sum_to_one() -> None:
    shares = country_shares(CONFIG, tiny_ground(CONFIG.families).deposits, "legal")
    assert shares.height == 12
    assert shares.group_by("family").agg(pl.col("share").sum())["share"].to_list() == pytest.approx([1.0] * 3)


def test_without_noise_shares_follow_the_law_of_zipf() -> None:
    plain = replace(CONFIG, mining=replace(CONFIG.mining, rank_noise_sd=0.0, share_noise_sd=0.0))
    shares = country_shares(plain, tiny_ground(("nickel",)).deposits, "legal").sort("country")
    # XAA has the richest deposits, XAD the poorest; exponent 1.45.
    weights = [1.0, 2**-1.45, 3**-1.45, 4**-1.45]
    assert shares["share"].to_list() == pytest.approx([one / sum(weights) for one in weights])


def test_weak_governance_draws_more_sites() -> None:
    odds = pl.DataFrame({"score": [-1.0, 0.0, 1.0]}).select(tilt(pl.col("score"), 0.9)).to_series().to_list()
    assert odds == pytest.approx([2.459603, 1.0, 0.406570], rel=1e-5)
