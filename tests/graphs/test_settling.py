import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphs.declarations import duplicates, settle, world_gaps
from graphs.flags import Flag, names
from graphs.settling import EXPORTS, KEY, ROW
from tests.graphs.trade_rows import CLEAN_ROWS, declared, tidied

WORLD = {"partner_iso": "W00"}
TOTAL = {"partner2_iso": "W00", "customs": "C00", "mode": "0"}


def judged(*rows: dict[str, object]) -> list[tuple[bool, list[str]]]:
    """Counted or not, and the flags that say why, in the order of the rows."""
    settled = settle(declared(*rows)).sort("raw_row")
    ours = Flag.WORLD | Flag.GROUP | Flag.PARENT | Flag.BREAKDOWN | Flag.COMPONENT | Flag.SUMMED_BREAKDOWN
    return [(row["is_counted"], names(row["flags"] & ours)) for row in settled.iter_rows(named=True)]


COUNTED: tuple[bool, list[str]] = (True, [])


def test_the_world_and_groups_are_kept_and_not_counted() -> None:
    rows = judged({}, WORLD, {"reporter_iso": "EUR"}, {"partner_iso": "R4"})
    assert rows == [COUNTED, (False, ["world"]), (False, ["group"]), (False, ["group"])]


def test_a_leaf_row_counts_even_if_the_office_summed_it_from_tariff_lines() -> None:
    # isAggregate is not among the columns that are read: it says nothing about counting.
    assert judged({"is_aggregate": "True"}) == [COUNTED]


def test_a_breakdown_beside_its_total_is_not_counted() -> None:
    rows = judged(TOTAL, {**TOTAL, "mode": "1000"}, {**TOTAL, "customs": "C05"}, {**TOTAL, "partner2_iso": "SGP"})
    assert rows == [COUNTED, *[(False, ["breakdown"])] * 3]


def test_a_total_of_another_partner_does_not_hide_a_breakdown() -> None:
    rows = judged({"mode": "1000"}, {"partner_iso": "AUS", "mode": "0"})
    assert rows == [(True, ["summed_breakdown"]), COUNTED]


def test_without_a_total_the_coarsest_breakdown_is_added_up() -> None:
    fine = {"mode": "1000", "customs": "C05"}
    rows = judged({"mode": "1000"}, {"mode": "2100"}, fine, {"customs": "C04"})
    # One dimension is coarser than two; customs stands before mode in the order of equally coarse patterns.
    assert [counted for counted, _ in rows] == [False, False, False, True]
    assert rows[3] == (True, ["summed_breakdown"])
    assert judged({"mode": "1000"}, {"mode": "2100"}, fine)[:2] == [(True, ["summed_breakdown"])] * 2


def test_a_mode_inside_another_mode_is_not_added_twice() -> None:
    rows = judged({"mode": "2000"}, {"mode": "2100"}, {"mode": "3200"}, {"mode": "9110"}, {"mode": "9100"})
    # 2100 sea is part of 2000 water, 9110 pipelines of 9100; 3200 road stands alone.
    assert [counted for counted, _ in rows] == [True, False, True, False, True]


def test_parts_of_a_declared_export_or_import_are_components() -> None:
    exports = [{"flow_code": code} for code in ("X", "RX", "DX", "XIP")]
    imports = [{"flow_code": code} for code in ("M", "RM", "FM", "MOP")]
    component = (False, ["component"])
    assert judged(*exports, *imports) == [COUNTED, component, component, component] * 2


def test_without_the_whole_its_parts_are_added_up() -> None:
    assert judged({"flow_code": "DX"}, {"flow_code": "RX"}) == [COUNTED, COUNTED]
    assert judged({"flow_code": "FM"}, {"flow_code": "RM"}) == [COUNTED, COUNTED]
    # An export does not make a re-import a component, nor does the export to another partner.
    assert judged({"flow_code": "X"}, {"flow_code": "RM"}) == [COUNTED, COUNTED]
    assert judged({"flow_code": "X", "partner_iso": "AUS"}, {"flow_code": "RX"}) == [COUNTED, COUNTED]


def test_goods_under_processing_alone_are_a_component() -> None:
    assert judged({"flow_code": "XIP"}) == [(False, ["component"])]


def test_a_heading_beside_its_finer_codes_is_a_parent() -> None:
    rows = judged({"commodity": "26"}, {"commodity": "2604"}, {"commodity": "260400"}, {"commodity": "TOTAL"})
    assert rows == [(False, ["parent"]), (False, ["parent"]), COUNTED, (False, ["parent"])]


def test_a_heading_counts_where_nothing_finer_is_declared() -> None:
    assert judged({"commodity": "2510"}, {"commodity": "260400"}) == [COUNTED, COUNTED]
    # Finer codes of another reporter, another period or the other direction make nobody a parent.
    others = [{"reporter_iso": "JPN"}, {"period": "2021"}, {"flow_code": "X"}]
    assert judged({"commodity": "2604"}, *others) == [COUNTED] * 4


def test_a_file_read_twice_counts_once() -> None:
    once = declared({}, {"partner_iso": "AUS"})
    assert settle(pl.concat([once, once])).sort("raw_row").equals(settle(once).sort("raw_row"))


def test_the_same_row_in_two_files_counts_once_and_the_other_is_named() -> None:
    first, second = declared({}, sha256="1" * 64), declared({}, {"partner_iso": "AUS"}, sha256="2" * 64)
    both = pl.concat([first, second])
    assert settle(both).height == 2
    named = duplicates(both, {"1" * 64: "old.csv", "2" * 64: "new.csv"})
    assert named["reason"].to_list() == ["row 1: repeats row 1 of old.csv; one of them was kept"]
    assert named["file"].to_list() == ["new.csv"]


def test_the_file_that_says_whether_a_mass_was_estimated_is_kept() -> None:
    extract = declared({"value": 2000.0}, sha256="1" * 64)
    full = declared({"is_mass_estimated": "True"}, sha256="2" * 64)
    assert settle(pl.concat([extract, full]))["raw_sha256"].to_list() == ["2" * 64]


def test_the_world_total_stands_beside_the_sum_of_partners() -> None:
    rows = declared({"value": 300.0}, {"value": 100.0, "partner_iso": "_X"}, {"value": 500.0, **WORLD})
    gap = world_gaps(settle(rows)).row(0, named=True)
    assert (gap["world_usd"], gap["partners_usd"], gap["partners"]) == (500.0, 400.0, 2)
    assert gap["gap_share"] == pytest.approx(-0.2)


@given(CLEAN_ROWS)
def test_settling_twice_changes_nothing(rows: list[dict[str, object]]) -> None:
    once = settle(tidied(*rows).declarations)
    assert settle(once).equals(once)


@given(CLEAN_ROWS, st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(rows: list[dict[str, object]], chance: object) -> None:
    before = tidied(*rows).declarations
    mixed = before.sample(fraction=1.0, shuffle=True, seed=chance.randrange(1000))  # type: ignore[attr-defined]
    assert settle(mixed).sort(KEY).equals(settle(before).sort(KEY))


@given(CLEAN_ROWS)
def test_rows_are_settled_or_named(rows: list[dict[str, object]]) -> None:
    first, second = tidied(*rows, sha256="1" * 64).declarations, tidied(*rows, sha256="2" * 64).declarations
    both = pl.concat([first, second])
    settled, named = settle(both), duplicates(both)
    assert settled.height + named.height == both.height
    assert settled.join(named, on=ROW).height == 0
    assert not settled.select(KEY).is_duplicated().any()


@given(CLEAN_ROWS)
def test_nothing_is_counted_twice(rows: list[dict[str, object]]) -> None:
    settled = settle(tidied(*rows).declarations).with_columns(pl.col("flow").cast(pl.String))
    counted = settled.filter("is_counted").with_columns(pl.col("flow").is_in(EXPORTS).alias("is_export"))
    assert not counted["partner_kind"].cast(pl.String).is_in(["world", "group"]).any()
    for _, group in counted.group_by("reporter", "partner", "is_export", "commodity", "period"):
        flows = set(group["flow"])
        assert len(flows) == 1 or not flows & {"M", "X"}
        patterns = {
            (one["flow"], one["partner2"] != "W00", one["customs"] != "C00", one["mode"] != 0)
            for one in group.iter_rows(named=True)
        }
        assert len(patterns) == len(flows)
    for _, group in counted.group_by("reporter", "period", "is_export"):
        codes = set(group["commodity"])
        assert not any(one != other and one.startswith(other) for one in codes for other in codes)
