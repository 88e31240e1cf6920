from datetime import date

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphs.errors import InputError
from graphs.ids import SEPARATOR, alert_id, episode_id, flow_id, join_key

PART = st.text(alphabet=st.characters(exclude_characters=SEPARATOR, codec="utf-8"), min_size=1, max_size=12)
FLOW = {"source": "comtrade", "exporter": "IDN", "importer": "CHN", "commodity": "260400", "period": 2020}


def test_key_reads_as_its_parts() -> None:
    assert join_key("comtrade", "IDN", "CHN", "260400", 2020) == "comtrade:IDN:CHN:260400:2020"
    assert join_key("a", date(2021, 3, 4)) == "a:2021-03-04"


@given(st.lists(PART, min_size=1, max_size=6))
def test_parts_come_back(parts: list[str]) -> None:
    assert join_key(*parts).split(SEPARATOR) == parts


@given(st.lists(PART, min_size=1, max_size=4), st.lists(PART, min_size=1, max_size=4))
def test_different_keys_differ(one: list[str], other: list[str]) -> None:
    assert (join_key(*one) == join_key(*other)) == (one == other)


@pytest.mark.parametrize("bad", ["", "a:b", ":"])
def test_a_part_that_would_blur_the_key_is_refused(bad: str) -> None:
    with pytest.raises(InputError, match="must be non-empty and free of ':'"):
        join_key("comtrade", bad)


def test_flow_and_alert_and_episode() -> None:
    row = pl.DataFrame(
        [FLOW | {"list": "agnostic", "as_of": date(2026, 1, 31), "family": "nickel", "episode_start": 2019}]
    )
    ids = row.with_columns(flow_id=flow_id()).select("flow_id", alert=alert_id(), episode=episode_id()).row(0)
    assert ids == (
        "comtrade:IDN:CHN:260400:2020",
        "agnostic:comtrade:IDN:CHN:260400:2020:2026-01-31",
        "comtrade:IDN:260400:2019",
    )


@given(st.permutations(["baci", "comtrade", "usgs"]))
def test_an_identifier_depends_on_its_row_only(sources: list[str]) -> None:
    frame = pl.DataFrame([FLOW | {"source": source} for source in sources])
    found = frame.select(flow_id()).to_series().to_list()
    assert found == [join_key(source, "IDN", "CHN", "260400", 2020) for source in sources]
