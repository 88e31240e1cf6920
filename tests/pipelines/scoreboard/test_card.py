"""The shipped model's card says whose trade taught it."""

from pathlib import Path

import pytest

from models.folds import with_fold
from models.learned.trees import TAUGHT
from pipelines.scoreboard import jobs, run
from pipelines.scoreboard.cache import Wanted, load
from pipelines.scoreboard.cubes import sources
from pipelines.scoreboard.plan import Cases, Plan
from tests.pipelines.scoreboard.shelf import fill


def taught(tmp_path: Path, planted: Cases) -> Plan:
    """One small world and these plantings, of invented cases."""
    made = Plan(tmp_path, (Wanted("worlds", 1001, "small"),), (), (), {"nickel": planted} if planted else {}, {}, 1)
    fill(made)
    return made


def test_the_folds_of_exporters_that_taught_stand_on_the_card(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for file in sources("nickel", tmp_path):
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch()
    nickel = Wanted("nickel", 1, data=tmp_path)
    plan = taught(tmp_path, (nickel,))
    lessons = []
    kept = jobs.fold_lesson
    monkeypatch.setattr(jobs, "fold_lesson", lambda *told: lessons.append(kept(*told)) or lessons[-1])
    card = run.train(plan).card
    rows = load(nickel, tmp_path).rows
    of, folds = card[TAUGHT]["of"], card[TAUGHT]["folds"]
    mine = with_fold(rows, of)["fold"].is_in(folds)
    assert 0 < mine.sum() < rows.height
    assert lessons[0].features.height == mine.sum()


def test_worlds_alone_teach_no_exporter_of_real_trade(tmp_path: Path) -> None:
    assert TAUGHT not in run.train(taught(tmp_path, ())).card
