import polars as pl
import pytest

from graphs.errors import InputError, LayoutError
from graphs.transport import COLUMNS, PLAIN, WAYS, border, costs, crossing, friction, transfer

ROW = {
    "mode": "road",
    "km_per_hour": "50",
    "usd_per_t_km": "0.2",
    "fixed_hours": "1",
    "fixed_usd_per_t": "3",
    "low": "",
    "high": None,
    "source": "A survey of 2024",
}


def changed(**cells: str | None) -> pl.DataFrame:
    return pl.DataFrame([{**ROW, **cells}], schema=dict.fromkeys(COLUMNS, pl.String))


def test_every_row_has_a_source_and_every_way_a_speed_and_a_freight() -> None:
    table = costs()
    assert set(PLAIN) <= set(table)
    assert all(len(one.source) > 20 for one in table.values())
    for mode in WAYS:
        one = table[mode]
        assert one.km_per_hour is not None
        assert one.usd_per_t_km is not None
        assert one.low is not None
        assert one.high is not None
        assert one.low <= one.usd_per_t_km <= one.high


def test_the_order_of_modes_is_that_of_the_literature() -> None:
    table = costs()
    freight = [table[mode].usd_per_t_km or 0.0 for mode in ("sea", "river", "rail", "road", "off_network", "air")]
    assert freight == sorted(freight)
    assert friction(table) >= 1.0


def test_hours_and_freight_of_a_way() -> None:
    road = costs(changed())["road"]
    assert road.hours(100.0) == 1 + 100 / 50
    assert road.usd_per_t(100.0) == pytest.approx(3 + 100 * 0.2)
    assert (road.low, road.high) == (None, None)
    # A bulk cargo over 10,000 km: 17 to 40 USD per tonne.
    assert 17 <= costs()["sea"].usd_per_t(10_000) <= 40


def test_a_users_rows_replace_and_add() -> None:
    table = costs(changed())
    assert table["road"].source == "A survey of 2024"
    assert {mode: one for mode, one in table.items() if mode != "road"} == {
        mode: one for mode, one in costs().items() if mode != "road"
    }
    added = costs(changed(mode="export:XAA", km_per_hour="", usd_per_t_km=""))
    assert crossing(added, "XAA", None).fixed_hours == 1 + added["border"].fixed_hours / 2


def test_a_transfer_has_no_order_and_a_general_row() -> None:
    table = costs()
    assert transfer(table, "rail", "road") is transfer(table, "road", "rail") is table["transfer_road_rail"]
    assert transfer(table, "river", "air") is table["transfer"]


def test_a_border_counts_both_sides() -> None:
    table = costs()
    known = crossing(table, "COD", "TZA")
    assert known.fixed_hours == 296 + 402
    assert known.source.count("Doing Business 2020") == 2
    unknown = crossing(table, None, "XAA")
    assert (unknown.fixed_hours, unknown.fixed_usd_per_t) == (table["border"].fixed_hours, 30.0)
    half = crossing(table, "COD", "XAA")
    assert half.fixed_hours == 296 + 12
    assert table["border"].source in half.source


@pytest.mark.parametrize(
    ("cells", "message"),
    [
        ({"mode": "canal"}, "row 1 of the transport costs: mode 'canal' is unknown; expected one of road, rail"),
        ({"mode": None}, "mode '' is unknown"),
        ({"mode": "transfer_road_moon"}, "mode 'transfer_road_moon' is unknown"),
        ({"mode": "transfer_rail_sea"}, "a change is told from the road"),
        ({"mode": "export:QQQ"}, "area code 'QQQ' is not in the list of countries"),
        ({"km_per_hour": "fast"}, "km_per_hour 'fast' is no number from zero up"),
        ({"usd_per_t_km": "-1"}, "usd_per_t_km '-1' is no number from zero up"),
        ({"usd_per_t_km": "nan"}, "usd_per_t_km 'nan' is no number from zero up"),
        ({"km_per_hour": "0"}, "needs km_per_hour above zero and usd_per_t_km"),
        ({"usd_per_t_km": ""}, "needs km_per_hour above zero and usd_per_t_km"),
        ({"fixed_hours": ""}, "needs fixed_hours and fixed_usd_per_t; write 0 where nothing is fixed"),
        ({"source": " "}, "names no source"),
        ({"mode": "friction", "usd_per_t_km": "0.9"}, "friction is at least 1 km of way"),
    ],
)
def test_a_row_that_cannot_be_used_says_why(cells: dict[str, str | None], message: str) -> None:
    with pytest.raises(InputError, match=message):
        costs(changed(**cells))


def test_a_table_without_its_columns_is_none_of_costs() -> None:
    with pytest.raises(LayoutError, match="lacks source"):
        costs(changed().drop("source"))


def test_a_border_is_the_mean_of_both_directions() -> None:
    table = costs()
    out, back = crossing(table, "GHA", "TGO"), crossing(table, "TGO", "GHA")
    assert border(table, "GHA", "TGO") == border(table, "TGO", "GHA")
    assert border(table, "GHA", "TGO") == ((out.fixed_hours + back.fixed_hours) / 2,
                                           (out.fixed_usd_per_t + back.fixed_usd_per_t) / 2)  # fmt: skip
    assert border(table, "GHA", "TGO")[0] > 0
    assert border(table, "GHA", "GHA") == border(table, None, "GHA") == border(table, "GHA", None) == (0.0, 0.0)
