from itertools import combinations

import polars as pl
import pytest

from models.scoreboard import protocol


def test_no_seed_has_two_roles():
    worlds = (
        protocol.TRAINING_WORLDS,
        protocol.CALIBRATION_WORLDS,
        protocol.TEST_WORLDS,
        protocol.DEVELOPMENT,
    )
    for one, other in combinations(worlds, 2):
        assert not set(one) & set(other)
    assert not set(protocol.TRAINING_PLANTINGS) & set(protocol.TEST_PLANTINGS)
    assert len(protocol.TEST_WORLDS) == len(protocol.TEST_PLANTINGS) == 20


def test_every_fold_is_judged_once_by_others():
    seen = []
    for one in protocol.rotations():
        parts = [one.test, *one.calibrate, *one.train]
        assert sorted(parts) == list(range(protocol.FOLDS))
        seen.append(one.test)
    assert sorted(seen) == list(range(protocol.FOLDS))


@pytest.mark.parametrize("seed", [0, 1])
def test_an_exporter_keeps_its_fold_whatever_else_is_traded(seed):
    rows = pl.DataFrame({"exporter": ["IDN", "PHL", "AUS", "IDN", "ZWE"]})
    fold = dict(zip(rows["exporter"], protocol.folds(rows), strict=True))
    other = rows.sample(fraction=0.6, seed=seed, shuffle=True)
    assert {name: fold[name] for name in other["exporter"]} == dict(
        zip(other["exporter"], protocol.folds(other), strict=True)
    )
    assert len(set(fold.values())) > 1
