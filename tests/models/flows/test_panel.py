import numpy as np
import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from models.flows.panel import Panel
from tests.models.flows.frames import flow, flows

CELLS = st.lists(
    st.tuples(st.sampled_from("ABC"), st.sampled_from("DEF"), st.integers(2000, 2006)), unique=True, min_size=1
)


@given(CELLS)
def test_gather_undoes_matrix_and_absent_cells_are_nan(cells):
    table = flows(*(flow(e, i, t, x=float(n + 1)) for n, (e, i, t) in enumerate(cells)))
    panel = Panel.of(table)
    matrix = panel.matrix(table["export_value_usd"])
    assert panel.gather(matrix).tolist() == table["export_value_usd"].to_list()
    assert np.isfinite(matrix).sum() == len(cells)
    assert panel.shape[1] == max(t for *_, t in cells) - min(t for *_, t in cells) + 1


def test_empty_flows_make_an_empty_panel():
    panel = Panel.of(flows(flow("A", "B", 2000, 1.0)).head(0))
    assert panel.shape == (0, 0)
    assert panel.matrix(pl.Series([], dtype=pl.Float64)).shape == (0, 0)


def test_years_without_any_flow_are_columns_too():
    panel = Panel.of(flows(flow("A", "B", 2000, 1.0), flow("A", "B", 2003, 1.0)))
    assert panel.years.tolist() == [2000, 2001, 2002, 2003]
