import re
from pathlib import Path

import polars as pl
import pytest

from graphs.errors import InputError
from graphs.tables import Ladder
from models.scoreboard import names
from models.scoreboard.measured import Amount, figures, frame
from pipelines.policy import lint
from pipelines.scoreboard import page, plots, results, tables
from pipelines.scoreboard.results import Found, Results
from tests.conftest import REPOSITORY

ABOUT = {"trained_on": "2 worlds", "made": "2026-01-01", "sha256": "ab" * 32, "measured": "2026-01-02", "version": "0",
         "world_version": "2", "channels": {"jump": "disputed", "unit_value": "never"}, "has_gnn": True,
         "is_whole": True}  # fmt: skip
RUNG = {"source": "baci", "commodity": "710812", "measure": "crps", "family": "gold", "is_used": False}


def made(*amounts: Amount) -> Results:
    rows = pl.concat([frame(names.WORLDS, str(case), amounts) for case in range(3)])
    ladder = pl.DataFrame(
        [
            {**RUNG, "model": "persistence", "value": 2.0, "low": 1.9, "high": 2.1, "is_used": True},
            {**RUNG, "model": "gnn", "value": 1.9, "gain": 0.1, "gain_low": -0.05, "gain_high": 0.2},
        ],
        schema_overrides={"gain": pl.Float64},
    )
    whole = ladder.with_columns(
        pl.lit(None).alias(name) for name in Ladder.column_names() if name not in ladder.columns
    )
    return results.results(figures(rows), whole, ABOUT)


def test_what_is_written_is_read_back(tmp_path):
    found = made(Amount(names.LEARNED, names.PRECISION, names.ALL, 0.123456))
    file = tmp_path / "board.json"
    file.write_text(results.to_json(found), encoding="utf-8")
    assert results.read(file) == found
    assert found.of(names.WORLDS, names.LEARNED, names.PRECISION) == Found(0.1235, 0.1235, 0.1235, 3)
    assert found.of(names.WORLDS, names.FOREST, names.PRECISION) is None


def test_a_damaged_file_says_what_to_do(tmp_path):
    file = tmp_path / "board.json"
    file.write_text("{}", encoding="utf-8")
    with pytest.raises(InputError, match="measure again"):
        results.read(file)


@pytest.mark.parametrize(
    ("fdp", "power", "verdict"), [(0.10, 0.3, "met"), (0.13, 0.3, "not met"), (0.0, 0.0, "not met")]
)
def test_an_empty_list_meets_no_error_rate(fdp, power, verdict):
    found = made(Amount(names.LEARNED, names.REALISED, "0.10", fdp), Amount(names.LEARNED, names.POWER, "0.10", power))
    rows = {row[1][:8]: row[3] for row in tables.targets(found).rows}
    assert rows["realised"] == verdict
    assert rows["learned "] == "not measured"


def test_of_the_agnostic_list_the_worst_scheme_counts():
    measure = f"{names.PRECISION} over {names.BEST}"
    kinds = {"smuggling": 0.9, "ban_evasion": 0.6, names.MEAN_KIND: 1.1}
    found = made(*(Amount(names.AGNOSTIC, measure, kind, value) for kind, value in kinds.items()))
    told = [row for row in tables.targets(found).rows if row[1].startswith("agnostic")]
    assert [(row[2][:20], row[3]) for row in told] == [
        ("least on ban evasion", "not met"),
        ("1.100 (1.100 to 1.10", "met"),
    ]


def test_channels_that_are_features_are_marked():
    found = made(Amount("jump", names.PRECISION, names.ALL, 0.1), Amount("unit_value", names.PRECISION, names.ALL, 0.2))
    assert [row[0] for row in tables.detectors(found, names.WORLDS).rows] == ["unit value *", "jump over own past"]


def test_the_paragraph_on_the_neural_network_is_what_the_figures_say():
    told = page.gnn(made(Amount(names.LEARNED, names.PRECISION, names.ALL, 0.1)))
    assert "better beyond doubt on none, worse beyond doubt on none, and on the other 1" in told
    assert "switched on for none" in told
    assert "-5.0 %" in told


def test_apart_from_the_truth_of_invented_schemes_the_page_accuses_nobody():
    kinds = ("hub_laundering", "smuggling")
    amounts = [Amount(names.LEARNED, names.PRECISION, kind, 0.1) for kind in (names.ALL, *kinds)]
    ratio = Amount(names.AGNOSTIC, f"{names.PRECISION} over {names.BEST}", "hub_laundering", 0.5)
    written = page.page(made(*amounts, ratio), frozenset(page.IMAGES))
    assert "laundering" in written
    truth = r"<!-- names in the truth -->(.*?)<!-- end of names in the truth -->"
    assert lint(re.sub(truth, "", written, flags=re.DOTALL)) == []


def test_without_figures_no_plot_is_empty_of_sense(tmp_path):
    assert "agnostic" not in plots.draw(made(Amount(names.LEARNED, names.PRECISION, names.ALL, 0.1)), tmp_path)
    assert (tmp_path / "ladder.png").stat().st_size < 60_000


def test_the_page_holds_what_the_shipped_figures_say():
    found = results.shipped()
    if found is None:
        pytest.skip("no scoreboard was measured for this version")
    drawn = frozenset(file.stem for file in (REPOSITORY / "docs" / "scoreboard").glob("*.png"))
    assert (REPOSITORY / "docs" / "scoreboard.md").read_text(encoding="utf-8") == page.page(found, drawn)
    assert drawn <= set(page.IMAGES)
    assert Path(REPOSITORY / "models" / "learned" / "trained" / results.FILE).stat().st_size < 600_000
