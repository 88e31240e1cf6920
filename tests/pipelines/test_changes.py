"""What a run changed in the list."""

from pathlib import Path

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from pipelines import changes, ledger
from tests.pipelines.small_home import AS_OF, ESTIMATED, GOLD, MATTE, ONE_SIDED, alert, make_home, table, write

COLUMNS = ["change", "flow_id", "old_rank", "new_rank", "old_claim_level", "new_claim_level"]


def listed(*flow_ids: str, level: int = 1) -> pl.DataFrame:
    """Selected alerts about these flows, in this order."""
    rows = [{**alert(at, ONE_SIDED, "jump", level, 0.1), "flow_id": one} for at, one in enumerate(flow_ids, 1)]
    return table("alerts", rows).with_columns(pl.col("list", "channel").cast(pl.String))


def test_appeared_vanished_moved_unchanged() -> None:
    found = changes.compare(listed("a", "b", "c"), listed("a", "c", "d")).select(COLUMNS)
    assert found.rows() == [
        ("unchanged", "a", 1, 1, 1, 1),
        ("moved", "c", 3, 2, 1, 1),
        ("appeared", "d", None, 3, None, 1),
        ("vanished", "b", 2, None, 1, None),
    ]


def test_another_level_at_the_same_rank_is_a_move() -> None:
    assert changes.compare(listed("a", level=1), listed("a", level=2))["change"].to_list() == ["moved"]


@given(st.permutations("abcdef"), st.integers(0, 6), st.permutations("abcdef"), st.integers(0, 6))
def test_there_and_back(old: list[str], first: int, new: list[str], second: int) -> None:
    one, other = listed(*old[:first]), listed(*new[:second])
    there = dict(changes.compare(one, other).select("flow_id", "change").iter_rows())
    back = dict(changes.compare(other, one).select("flow_id", "change").iter_rows())
    mirror = {"appeared": "vanished", "vanished": "appeared", "moved": "moved", "unchanged": "unchanged"}
    assert back == {flow: mirror[change] for flow, change in there.items()}
    assert set(there) == {*old[:first], *new[:second]}


def test_the_previous_alerts_are_kept_and_compared(tmp_path: Path) -> None:
    home = make_home(tmp_path / "home")
    assert changes.between_runs(home) is None
    assert changes.keep_previous(home)
    assert changes.keep_previous(home)  # harmless twice
    write(home, "alerts", [alert(1, GOLD, "balance", 1, 0.01), alert(2, ONE_SIDED, "one_sided", 2, 0.02),
                           alert(3, MATTE, "jump", 0, 0.9, is_selected=False),
                           alert(1, ONE_SIDED, "one_sided", 2, 0.01, "learned")])  # fmt: skip
    found = changes.between_runs(home)
    assert found is not None
    assert found.select("change", "list", "flow_id", "old_rank", "new_rank").rows() == [
        ("moved", "agnostic", GOLD["flow_id"], 3, 1),
        ("moved", "agnostic", ONE_SIDED["flow_id"], 1, 2),
        ("vanished", "agnostic", ESTIMATED["flow_id"], 2, None),
        ("moved", "learned", ONE_SIDED["flow_id"], 2, 1),
        ("vanished", "learned", ESTIMATED["flow_id"], 1, None),
    ]
    before, after = changes.written(home)
    assert before <= after
    assert before.startswith("20")


def test_a_review_is_no_change_of_a_run(tmp_path: Path) -> None:
    home = make_home(tmp_path / "home")
    changes.keep_previous(home)
    for name in ("Ada", "Bo"):
        ledger.append(home, f"agnostic:{ONE_SIDED['flow_id']}:{AS_OF}", reviewer=name, verdict="implausible")
    found = changes.between_runs(home)
    assert found is not None
    assert set(found["change"]) == {"unchanged"}
    assert found["new_claim_level"].max() == 3


def test_nothing_to_keep_in_a_new_home(tmp_path: Path) -> None:
    from pipelines.home import Home

    home = Home.open(tmp_path / "home", create=True)
    assert not changes.keep_previous(home)
    assert changes.previous(home) is None
