"""Which archived rows stand: always those of the latest answer that covers their cell."""

from uuid import uuid4

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st
from upath import UPath

from pipelines.archive import Archive
from pipelines.sources.comtrade_portions import note, portions
from pipelines.sources.comtrade_query import Call

CODES, FLOWS, REPORTERS, PERIODS = ("260400", "750110", "TOTAL"), ("M", "X"), (156, 360), (2019, 2020)
Cell = tuple[str, str, int, int]


def some(values: tuple) -> st.SearchStrategy[tuple]:  # type: ignore[type-arg]
    """A selection; empty means all."""
    return st.sets(st.sampled_from(values)).map(lambda chosen: tuple(sorted(chosen)))


CALLS = st.builds(
    Call,
    periods=some(PERIODS).filter(bool),
    commodities=some(CODES),
    reporters=some(REPORTERS).filter(bool),
    flows=some(FLOWS),
)


def cells(call: Call) -> list[Cell]:
    return [
        (code, flow, reporter, period)
        for code in call.commodities or CODES
        for flow in call.flows or FLOWS
        for reporter in call.reporters
        for period in call.periods
    ]


def raw(call: Call, version: int) -> pl.DataFrame:
    """Rows as the parser gives them, with the number of the answer as value."""
    rows = [(code, flow, reporter, str(period), version) for code, flow, reporter, period in cells(call)]
    return pl.DataFrame(
        rows,
        schema=["commodity", "flow_code", "reporter_code", "period", "value"],
        orient="row",
        infer_schema_length=None,
    )


@settings(max_examples=60, deadline=None)
@given(st.lists(CALLS, min_size=1, max_size=6))
def test_the_latest_answer_wins_cell_by_cell(calls: list[Call]) -> None:
    archive = Archive(UPath(f"memory://portions-{uuid4().hex}"))
    expected: dict[Cell, int] = {}
    answers = {}
    for version, call in enumerate(calls):
        stamps = {
            (reporter, period): f"20{version:02d}-01-01" for reporter in call.reporters for period in call.periods
        }
        entry = archive.put(
            f"{version}".encode(),
            source="comtrade",
            query=call.query,
            licence="l",
            citation="c",
            details=note(call, len(cells(call)), stamps),
        )
        answers[entry.sha256] = (call, version)
        expected |= dict.fromkeys(cells(call), version)
    found: list[tuple[Cell, int]] = []
    for portion in portions(archive):
        stands = portion.apply(raw(*answers[portion.entry.sha256]))
        assert stands["published"].to_list() == [f"20{value:02d}-01-01" for value in stands["value"]]
        found += [
            ((code, flow, reporter, int(period)), value) for code, flow, reporter, period, value, _ in stands.rows()
        ]
    assert sorted(found) == sorted(expected.items())


def test_an_answer_that_was_replaced_as_a_whole_is_left_out() -> None:
    archive = Archive(UPath(f"memory://portions-{uuid4().hex}"))
    call = Call((2020,), ("260400",), (156,))
    for version, data in enumerate((b"old", b"new")):
        details = note(call, 1, {(156, 2020): f"2024-01-0{version + 1}"})
        archive.put(data, source="comtrade", query=call.query, licence="l", citation="c", details=details)
    (portion,) = portions(archive)
    assert archive.read(portion.entry) == b"new"
    assert portion.replaced == ()
