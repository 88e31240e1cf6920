"""The networks benchmark compares like with like, and its quick form runs."""

from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks.networks import CONTESTS, as_networkx, check, drawn, run
from benchmarks.setting import Setting
from graphs.measures.network import network


@pytest.mark.parametrize("name", CONTESTS)
def test_a_library_that_finds_something_else_is_not_timed(name):
    one = network(drawn(12))
    other = network(drawn(12).head(15), one.nodes)
    check(name, CONTESTS[name], one, as_networkx(one))
    spoilt = replace(CONTESTS[name], same=lambda *_: False)
    with pytest.raises(RuntimeError, match=f"do not agree on {name}"):
        check(name, spoilt, one, as_networkx(one))
    if name != "communities":
        with pytest.raises(RuntimeError, match=f"do not agree on {name}"):
            check(name, CONTESTS[name], one, as_networkx(other))


def test_the_quick_form_compares_everything(tmp_path: Path):
    section = run(Setting(quick=True, home=tmp_path))
    (table,) = section.tables
    assert [row[0] for row in table.rows] == list(CONTESTS)
    assert all(float(cell.replace(",", "")) > 0 for row in table.rows for cell in row[1:4])
    assert "not measured" not in section.markdown(["a machine"])
    assert "50 replicates" in table.remarks[1]
