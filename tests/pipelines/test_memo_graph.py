"""Every table of the graph is drawn from the tables that its tokens name, and from no other."""

from dataclasses import fields, replace

import polars as pl
import pytest

from graphs.build import TABLES, Tidy, build
from pipelines.memo_graph import tables_of
from tests.graphs.questions import ship_worlds, worlds

MADE = worlds.tidy(worlds.FLOWS, worlds.PRODUCTION, worlds.ALERTS, ship_worlds.SMALL)


def unread(rows: pl.LazyFrame) -> pl.LazyFrame:
    """A table of the same columns that must not be read."""

    def fail(_: pl.DataFrame) -> pl.DataFrame:
        raise AssertionError("a table was read that no token stands for")

    return rows.map_batches(fail, schema=rows.collect_schema())


@pytest.mark.parametrize("part", TABLES)
def test_a_part_is_drawn_from_its_tables_alone(part: str) -> None:
    # A ban is drawn if its country trades, which the asset looks up in the flows.
    others = [one.name for one in fields(Tidy) if one.name not in tables_of(part)]
    poisoned = replace(MADE, **{name: unread(getattr(MADE, name)) for name in others})
    assert build(part, poisoned).collect().equals(build(part, MADE).collect())


@pytest.mark.parametrize(("part", "other"), [("Port", "port_calls"), ("Flow", "places"), ("Vessel", "flows")])
def test_a_new_day_of_ships_leaves_trade_and_places_alone(part: str, other: str) -> None:
    assert other not in tables_of(part)


def test_a_table_that_must_not_be_read_fails_where_it_is() -> None:
    poisoned = replace(MADE, places=unread(MADE.places))
    with pytest.raises(Exception, match="no token stands for"):
        build("Port", poisoned).collect()
