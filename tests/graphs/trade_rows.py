"""Hand-written trade rows for tests, in the columns that readers of files hand over."""

import polars as pl
from hypothesis import strategies as st

from graphs.declarations import Tidied, tidy

SHA = "5" * 64
# A row that nothing is wrong with: Indonesia's nickel ore in China's import statistics.
GOOD = {
    "period": "2020",
    "flow_code": "M",
    "reporter_iso": "CHN",
    "partner_iso": "IDN",
    "commodity": "260400",
    "value": 1000.0,
    "mass": 50.0,
}


def raw(*changes: dict[str, object]) -> pl.DataFrame:
    """One good row per argument, with these cells changed."""
    rows = [{**GOOD, **change} for change in changes]
    names = dict.fromkeys(name for row in rows for name in row)
    return pl.DataFrame({name: pl.Series([row.get(name) for row in rows], strict=False) for name in names})


def tidied(*changes: dict[str, object], source: str = "comtrade", sha256: str = SHA) -> Tidied:
    """The same, tidied."""
    return tidy(raw(*changes), source=source, file="rows.csv", raw_sha256=sha256)


def declared(*changes: dict[str, object], sha256: str = SHA) -> pl.DataFrame:
    """The same, all of which must be usable."""
    found = tidied(*changes, sha256=sha256)
    assert found.quarantine["reason"].to_list() == []
    return found.declarations


def some(values: list[object]) -> st.SearchStrategy[object]:
    return st.sampled_from(values)


# Few values per column, so that keys collide, totals stand beside parts and some cells are wrong.
CLEAN_ROW = st.fixed_dictionaries(
    {
        "period": some(["2020", "2021"]),
        "flow_code": some(["M", "X", "RX", "RM", "DX", "FM"]),
        "reporter_iso": some(["CHN", "IDN", "R4"]),
        "partner_iso": some(["IDN", "AUS", "W00", "_X"]),
        "partner2_iso": some([None, "W00", "SGP"]),
        "commodity": some(["2604", "260400", "750110"]),
        "customs": some([None, "C00", "C05"]),
        "mode": some([None, "0", "2000", "2100"]),
        "value": some([None, 0.0, 10.0, 200.0, 3000.5]),
        "mass": some([None, 0.0, 5.0, 100.0, 1500.125]),
        "quantity": some([None, 0.0, 7.0, 900.0]),
        "quantity_unit": some([None, "kg", "m³"]),
        "is_mass_estimated": some([None, "True", "false"]),
    }
)
DIRTY_ROW = st.fixed_dictionaries(
    {
        "period": some(["2020", "202013", "soon", None]),
        "flow_code": some(["M", "Z", None]),
        "reporter_iso": some(["CHN", "???", None]),
        "partner_iso": some(["IDN", "W00", None]),
        "commodity": some(["260400", "26O4", None]),
        "value": some(["12", "-3", "nan", "inf", "many", "", None]),
        "mass": some(["5", "-1", "nan", "light", None]),
    }
)
CLEAN_ROWS = st.lists(CLEAN_ROW, min_size=1, max_size=12)
DIRTY_ROWS = st.lists(DIRTY_ROW, min_size=1, max_size=12)
