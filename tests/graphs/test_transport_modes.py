from datetime import date

import polars as pl
import pytest

from graphs.declarations import settle, tidy
from graphs.tables_places import TransportModes
from graphs.transport_modes import transport_modes

Row = tuple[str, int, float | None, float | None]


def declared(*rows: Row, customs: str | None = None, flow: str = "X") -> pl.DataFrame:
    """Settled declarations of Ghana to Togo by flow, mode, value and mass."""
    frame = pl.DataFrame(
        [(commodity, str(mode), value, mass) for commodity, mode, value, mass in rows],
        schema={"commodity": pl.String, "mode": pl.String, "value": pl.Float64, "mass": pl.Float64},
        orient="row",
    )
    raw = frame.with_columns(
        period=pl.lit("2020"), flow_code=pl.lit(flow), reporter_iso=pl.lit("GHA"), partner_iso=pl.lit("TGO"),
        customs=pl.lit(customs, pl.String),
    )  # fmt: skip
    found = tidy(raw, source="comtrade", file="a.csv", raw_sha256="ab")
    assert found.quarantine.is_empty()
    return settle(found.declarations)


def told(frame: pl.DataFrame) -> list[tuple[object, ...]]:
    found = transport_modes(frame.lazy())
    TransportModes.validate(found)
    return found.select("exporter", "importer", "side", "mode", "value_usd", "mass_kg", "share").rows()


def test_without_a_breakdown_nothing_is_said() -> None:
    assert told(declared(("260400", 0, 100.0, 5.0))) == []


def test_parts_beside_their_total_have_a_share() -> None:
    frame = declared(("260400", 0, 100.0, 50.0), ("260400", 2100, 75.0, None), ("260400", 3200, 25.0, 10.0))
    assert told(frame) == [
        ("GHA", "TGO", "export", "sea", 75.0, None, 0.75),
        ("GHA", "TGO", "export", "road", 25.0, 10.0, 0.25),
    ]


def test_an_import_is_the_importers_word() -> None:
    frame = declared(("260400", 0, 10.0, None), ("260400", 1000, 10.0, None), flow="M")
    assert told(frame) == [("TGO", "GHA", "import", "air", 10.0, None, 1.0)]


def test_without_a_total_the_share_is_not_known() -> None:
    frame = declared(("260400", 2100, 75.0, None), ("260400", 1000, 25.0, None))
    assert [row[-1] for row in told(frame)] == [None, None]


@pytest.mark.parametrize(("code", "mode"), [(2200, "river"), (3100, "rail"), (9110, "pipe"), (9200, "post"),
                                            (2900, "other"), (9000, "unknown"), (4444, "unknown")])  # fmt: skip
def test_codes_of_modes(code: int, mode: str) -> None:
    assert [row[3] for row in told(declared(("260400", 0, 1.0, None), ("260400", code, 1.0, None)))] == [mode]


def test_a_mode_gives_way_to_its_parts() -> None:
    frame = declared(("260400", 0, 9.0, None), ("260400", 2000, 9.0, None), ("260400", 2100, 6.0, None),
                     ("260400", 2200, 3.0, None))  # fmt: skip
    assert [(row[3], row[4]) for row in told(frame)] == [("sea", 6.0), ("river", 3.0)]


def test_procedures_are_added_up_where_no_row_holds_them_all() -> None:
    parts = pl.concat([declared(("260400", 2100, value, None), customs=code) for code, value in
                       (("C01", 4.0), ("C02", 5.0))])  # fmt: skip
    assert [
        (row[3], row[4]) for row in told(settle(parts.with_columns(raw_row=pl.Series([1, 2], dtype=pl.UInt32))))
    ] == [("sea", 9.0)]


def test_a_part_larger_than_its_total_has_no_share() -> None:
    assert [row[-1] for row in told(declared(("260400", 0, 10.0, None), ("260400", 2100, 20.0, None)))] == [None]


def test_what_is_said_is_known_once_its_last_row_is() -> None:
    frame = declared(("260400", 0, 10.0, None), ("260400", 2100, 10.0, None))
    assert transport_modes(frame.lazy())["known_from"].to_list() == [date(2021, 12, 31)]
