"""Export bans of a user's file: read strictly, from bytes written by hand."""

from datetime import date
from pathlib import Path

import polars as pl
import pytest

from graphs.errors import LayoutError
from graphs.event_rows import BUILT_IN, KEY, built_in, merge
from graphs.events import BANS
from graphs.tables import Events, Quarantine
from pipelines.sources import events
from pipelines.sources.recognise import recognise

HEADER = "kind,country,codes,start,end,citation\n"
GOOD = """ban,XAA,2606 2604,2014-01-12,2017-01-11,"Decree 1, 2014"
Ban, XAB ,4403,2020-01-01,,Order 7
"""
BAD = {
    "strike,XAA,2604,2014-01-12,,Strike": ("kind", "strike", "event kind 'strike' is unknown; expected ban"),
    "ban,EUR,2604,2014-01-12,,Rule": ("country", "EUR", "EUR is no country (group); name each country that decreed"),
    "ban,QQQ,2604,2014-01-12,,Rule": ("country", "QQQ", "area code 'QQQ' is not in the list of countries"),
    "ban,XAA,26.04,2014-01-12,,Rule": ("codes", "26.04", "codes '26.04' are no HS codes; write two to six first"),
    "ban,XAA,,2014-01-12,,Rule": ("codes", None, "codes None are no HS codes"),
    "ban,XAA,2604,,,Rule": ("start", None, "no first day is given; write it as 2020-01-31"),
    "ban,XAA,2604,12.1.2014,,Rule": ("start", "12.1.2014", "day '12.1.2014' is none; write it as 2020-01-31"),
    "ban,XAA,2604,2014-01-12,never,Rule": ("end", "never", "day 'never' is none"),
    "ban,XAA,2604,2014-01-12,2013-01-12,Rule": ("end", "2013-01-12", "the last day lies before the first"),
    "ban,XAA,2604,2014-01-12,, ": ("citation", None, "no act is cited; name the decree or its source"),
}


def told(folder: Path, rows: str, header: str = HEADER) -> Path:
    file = folder / "bans.csv"
    file.write_text(header + rows, encoding="utf-8")
    return file


def test_a_ban_is_read_as_it_stands(tmp_path: Path) -> None:
    file = told(tmp_path, GOOD)
    assert recognise(file).kind == "events"
    found = events.parse(file)
    assert found.events.select("source", "kind", "country", "codes", "start", "end", "citation").rows() == [
        ("events", "ban", "XAA", "2604 2606", date(2014, 1, 12), date(2017, 1, 11), "Decree 1, 2014"),
        ("events", "ban", "XAB", "4403", date(2020, 1, 1), None, "Order 7"),
    ]
    assert found.events["known_from"].equals(found.events["start"].rename("known_from"))
    assert Events.is_valid(found.events)
    assert found.quarantine.is_empty()


@pytest.mark.parametrize("row", BAD)
def test_a_row_that_cannot_be_used_is_kept_aside_with_a_reason(tmp_path: Path, row: str) -> None:
    found = events.parse(told(tmp_path, f"{GOOD}{row}\n"))
    assert found.events.height == 2
    (refused,) = found.quarantine.to_dicts()
    field, cell, reason = BAD[row]
    assert (refused["field"], refused["found"], refused["raw_row"]) == (field, cell, 3)
    assert refused["reason"].startswith(f"row 3: {reason}")
    assert Quarantine.is_valid(found.quarantine)


def test_a_repeated_event_is_kept_once(tmp_path: Path) -> None:
    found = events.parse(told(tmp_path, f"{GOOD}ban,XAA,2604 2606,2014-01-12,,Another decree\n"))
    assert found.events["citation"].to_list() == ["Decree 1, 2014", "Order 7"]
    assert found.quarantine["reason"].to_list() == ["row 3: it repeats an event of an earlier row; the first was kept"]


def test_other_columns_and_other_orders_do_not_matter(tmp_path: Path) -> None:
    other = told(tmp_path, "Order 7;;2020-01-01;4403;XAB;ban;seen\n", "Citation;End;Start;Codes;Country;Kind;Note\n")
    assert events.parse(other).events["country"].to_list() == ["XAB"]


def test_a_table_without_a_row_tells_of_nothing(tmp_path: Path) -> None:
    found = events.parse(told(tmp_path, ""))
    assert found.events.is_empty()
    assert found.quarantine.is_empty()


def test_what_is_no_table_of_events_is_refused(tmp_path: Path) -> None:
    with pytest.raises(LayoutError, match="fit no known table"):
        recognise(told(tmp_path, GOOD, HEADER.replace(",citation", "")))
    (tmp_path / "baci.csv").write_text("t,i,j,k,v,q\n2020,4,8,260400,1,2\n")
    with pytest.raises(LayoutError, match="is a table of baci, not of events"):
        events.parse(tmp_path / "baci.csv")


def test_built_in_bans_are_rows_like_any_other() -> None:
    listed = built_in()
    assert Events.is_valid(listed)
    assert set(listed["source"]) == {BUILT_IN}
    key = [(ban.exporter, " ".join(ban.prefixes), ban.start, ban.end, ban.citation) for ban in BANS]
    assert sorted(listed.select("country", "codes", "start", "end", "citation").rows(), key=str) == sorted(key, key=str)


def test_of_two_tables_that_tell_of_one_event_the_first_counts(tmp_path: Path) -> None:
    ban = next(one for one in BANS if one.end is None)
    row = f"ban,{ban.exporter},{' '.join(ban.prefixes)},{ban.start},2025-01-01,Repealed\n"
    mine = events.parse(told(tmp_path, row)).events
    merged = merge([mine, built_in()])
    assert merged.height == len(BANS)
    same = merged.join(mine, on=list(KEY), how="semi")
    assert same.select("source", "citation").rows() == [("events", "Repealed")]
    assert merge([]).is_empty()
    assert merged.equals(merged.sort(pl.all()))
