import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines import content
from pipelines.content import content_hash, shares

CELLS = st.tuples(
    st.none() | st.text(max_size=4),
    st.none() | st.floats(allow_nan=False),
    st.none() | st.booleans(),
    st.none() | st.lists(st.none() | st.integers(0, 3), max_size=3),
)
SCHEMA = {"text": pl.String(), "number": pl.Float64(), "truth": pl.Boolean(), "parts": pl.List(pl.Int64)}


def frame(rows: list[tuple[object, ...]]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=SCHEMA, orient="row")


@given(st.lists(CELLS, max_size=6), st.integers(0, 6))
def test_chunks_and_laziness_do_not_matter(rows: list[tuple[object, ...]], cut: int) -> None:
    whole = frame(rows)
    chunked = pl.concat([whole[:cut], whole[cut:]], rechunk=False)
    assert content_hash(whole) == content_hash(chunked) == content_hash(whole.lazy())


@given(st.lists(CELLS, max_size=5), st.lists(CELLS, max_size=5))
def test_equal_hashes_mean_equal_tables(one: list[tuple[object, ...]], two: list[tuple[object, ...]]) -> None:
    first, second = frame(one), frame(two)
    # -0.0 equals 0.0 as a number and differs in its bits.
    same = first.equals(second) and repr(first.rows()) == repr(second.rows())
    assert (content_hash(first) == content_hash(second)) == same


@pytest.mark.parametrize(
    ("one", "two"),
    [
        (pl.Series(["ab", "c"]), pl.Series(["a", "bc"])),
        (pl.Series(["", None]), pl.Series([None, ""])),
        (pl.Series([0.0, None]), pl.Series([None, 0.0])),
        (pl.Series([1], dtype=pl.Int32), pl.Series([1], dtype=pl.UInt32)),
        (pl.Series([[1], [2]]), pl.Series([[1, 2], []])),
        (pl.Series([[None], None]), pl.Series([None, [None]]).cast(pl.List(pl.Null))),
        (
            pl.Series(["M"], dtype=pl.Enum(["M", "X"])),
            pl.Series(["M"], dtype=pl.Enum(["X", "M"])),
        ),
        (pl.Series([{"a": None, "b": 1}]), pl.Series([{"a": 1, "b": None}])),
    ],
)
def test_what_looks_alike_is_told_apart(one: pl.Series, two: pl.Series) -> None:
    assert content_hash(one.alias("x").to_frame()) != content_hash(two.alias("x").to_frame())


def test_a_column_name_and_the_row_order_count() -> None:
    table = pl.DataFrame({"a": [1, 2]})
    assert len({content_hash(one) for one in (table, table.rename({"a": "b"}), table.reverse())}) == 3


def test_the_hash_does_not_move_between_versions() -> None:
    # Written down on the day of the first version; a change here makes every home start anew.
    table = pl.DataFrame({"a": ["x", None], "b": [1.5, 2.0]})
    assert content_hash(table) == "624845887338d6423689ef8bc9428281f3adb690c344e52a8ad010b6c09bf8fb"


def test_blocks_follow_one_another(monkeypatch: pytest.MonkeyPatch) -> None:
    table = pl.DataFrame({"a": list(range(10)), "b": [str(one) for one in range(10)]})
    monkeypatch.setattr(content, "BLOCK_ROWS", 3)
    assert content_hash(table) == content_hash(table.lazy()) != content_hash(table.head(9))


def test_shares_change_alone() -> None:
    table = pl.DataFrame({"family": ["gold", "tin", "gold"], "value": [1, 2, 3]})
    changed = pl.DataFrame({"family": ["gold", "tin", "gold"], "value": [1, 5, 3]})
    before, after = (shares(one, pl.col("family")) for one in (table, changed))
    assert before["gold"] == after["gold"]
    assert before["tin"] != after["tin"]
