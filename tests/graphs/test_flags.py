import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphs.flags import Flag, flag, has_flag, names

SOME = st.sets(st.sampled_from(list(Flag)))


def _bits(flags: set[Flag]) -> int:
    return int(pl.select(flag(*flags)).item())


def test_words() -> None:
    assert names(int(Flag.WORLD | Flag.NO_MASS)) == ["world", "no_mass"]
    assert names(0) == []


@given(SOME)
def test_flags_come_back_as_words(flags: set[Flag]) -> None:
    assert names(_bits(flags)) == [str(one.name).lower() for one in Flag if one in flags]


@given(SOME, st.sampled_from(list(Flag)))
def test_a_flag_is_found_where_it_was_set(flags: set[Flag], one: Flag) -> None:
    frame = pl.DataFrame({"flags": [_bits(flags)]}, schema={"flags": pl.UInt32})
    assert frame.select(has_flag(one)).item() == (one in flags)


@given(SOME, SOME)
def test_setting_a_flag_keeps_the_others(before: set[Flag], added: set[Flag]) -> None:
    frame = pl.DataFrame({"flags": [_bits(before)]}, schema={"flags": pl.UInt32})
    after = frame.select(pl.col("flags") | flag(*added)).to_series()
    assert after.dtype == pl.UInt32
    assert names(after.item()) == [str(one.name).lower() for one in Flag if one in before | added]


def test_every_flag_is_one_bit_of_its_own() -> None:
    assert [int(one).bit_count() for one in Flag] == [1] * len(Flag)
    assert max(Flag) < 1 << 32


@pytest.mark.parametrize(
    ("one", "bit"), [(Flag.WORLD, 0), (Flag.COMPONENT, 5), (Flag.NO_MASS, 9), (Flag.SUMMED_BREAKDOWN, 15)]
)
def test_stored_bits_never_move(one: Flag, bit: int) -> None:
    assert one == 1 << bit
