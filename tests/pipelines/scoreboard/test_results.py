import re
from pathlib import Path

import polars as pl
import pytest

from graphs.errors import InputError
from graphs.tables import Ladder
from models.scoreboard import names
from models.scoreboard.measured import Amount, figures, frame
from pipelines.policy import lint
from pipelines.scoreboard import method, page, plots, results, rungs, tables
from pipelines.scoreboard.results import Found, Results
from tests.conftest import REPOSITORY

ABOUT = {"trained_on": "2 worlds", "made": "2026-01-01", "sha256": "ab" * 32, "measured": "2026-01-02", "version": "0",
         "world_version": "2", "channels": {"jump": "disputed", "unit_value": "never"}, "has_gnn": True,
         "is_whole": True, "seeds": method.seeds()}  # fmt: skip
RUNG = {"source": "baci", "commodity": "710812", "measure": "crps", "family": "gold", "is_used": False}


SHORT = {"model": "gnn", "gain_low": 0.01, "gain_high": 0.03, "gain": 0.02, "value": 0.5, "measure": "pinball"}
STEPS = pl.DataFrame(
    [
        {**RUNG, "model": "gnn", "value": 1.9, "gain": 0.1, "gain_low": -0.05, "gain_high": 0.2},
        {**RUNG, **SHORT},
        {**RUNG, "model": "persistence", "value": 2.0, "low": 1.9, "high": 2.1, "is_used": True},
    ],
    schema_overrides={"gain": pl.Float64},
)
CLIMBED = STEPS.with_columns(pl.lit(None).alias(name) for name in Ladder.column_names() if name not in STEPS.columns)


def made(*amounts: Amount) -> Results:
    rows = pl.concat([frame(names.WORLDS, str(case), amounts) for case in range(3)])
    return results.results(figures(rows), CLIMBED, ABOUT)


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
    ("fdp", "power", "verdict"),
    [(0.10, 0.3, "met"), (0.13, 0.3, "not met"), (0.0, 0.0, "not met"), (0.0, 0.3, "met")],
)
@pytest.mark.parametrize("name", [names.LEARNED, names.IN_ANALYSIS])
def test_an_empty_list_meets_no_error_rate_and_a_perfect_one_does(name, fdp, power, verdict):
    found = made(Amount(name, names.REALISED, "0.10", fdp), Amount(name, names.POWER, "0.10", power))
    rows = {row[1].partition(": ")[0]: row[3] for row in tables.targets(found).rows if ": realised" in row[1]}
    other = ({names.LEARNED, names.IN_ANALYSIS} - {name}).pop()
    assert rows == {name: verdict, other: "not measured"}


def test_two_cases_know_no_bound_and_meet_no_error_rate():
    amounts = Amount(names.LEARNED, names.REALISED, "0.10", 0.0), Amount(names.LEARNED, names.POWER, "0.10", 0.5)
    few = results.results(
        figures(pl.concat([frame("nickel", str(case), amounts) for case in range(2)])), CLIMBED, ABOUT
    )
    assert few.of("nickel", names.LEARNED, names.REALISED, "0.10") == Found(0.0, None, None, 2)
    (row,) = [row for row in tables.targets(few).rows if ": realised" in row[1]]
    assert row[3] == "not met"


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
    told = rungs.network(made(Amount(names.LEARNED, names.PRECISION, names.ALL, 0.1)))
    assert "lying above zero, on none; worse, the interval lying below zero, on none; on 1 the interval holds" in told
    assert "pinball loss, better on 1 and worse on none; log loss of zero, better on none" in told
    assert "switched on for none" in told
    assert "median of -5.0 %" in told
    assert names.AUTOENCODER not in told


def test_the_other_network_stands_beside_a_random_order():
    amounts = (
        Amount(names.AUTOENCODER, names.PRECISION, names.ALL, 0.02),
        Amount(names.ALL, names.BASE, names.ALL, 0.01),
    )
    assert rungs.network(made(*amounts)).endswith(
        "an average precision of 0.0200 (0.0200 to 0.0200), where a random order has 0.0100 (0.0100 to 0.0100)."
    )


def test_without_the_network_the_page_says_why():
    lacking = CLIMBED.with_columns(
        value=pl.when(pl.col("model") != "gnn").then("value"),
        gain_low=pl.lit(None, pl.Float64),
        missing=pl.when(pl.col("model") == "gnn").then(pl.lit("needs torch")),
    )
    found = results.results(figures(frame(names.WORLDS, "a", [])), lacking, ABOUT)
    assert rungs.network(found) == "Nothing can be said here: the rung was not compared (needs torch)."
    assert rungs.ladder(found).rows[1] == ("gold (baci)", "710812", "graph network", "needs torch", "", "")


def test_rungs_stand_in_their_order_with_every_measure():
    found = made(Amount(names.LEARNED, names.PRECISION, names.ALL, 0.1))
    assert rungs.ladder(found).rows == [
        ("gold (baci)", "710812", "last trade again", "2.000 (1.900 to 2.100)", "–", "used"),
        ("gold (baci)", "710812", "graph network", "1.900", "0.100 (-0.050 to 0.200)", ""),
    ]
    assert rungs.others(found).rows[1] == ("gold (baci)", "710812", "graph network", "0.500", "–", "–")


def test_an_order_that_knows_nothing_has_no_figures():
    amounts = [frame(part, str(case), [Amount("raw gap", names.PRECISION, names.ALL, 0.1)]) for part, case in
               (("nickel", 0), ("nickel", 1))]  # fmt: skip
    more = frame("baci gold", "0", [Amount(names.LEARNED, names.PRECISION, names.ALL, 0.2)])
    found = results.results(figures(pl.concat([*amounts, more])), CLIMBED, ABOUT)
    assert tables.detectors(found, "baci gold").rows == [
        (names.LEARNED, "0.200", *["–"] * 4),
        ("raw gap", *["–"] * 5),
    ]


def test_every_part_says_which_flows_count_and_what_a_random_order_has_there():
    amounts = [Amount(names.ALL, names.BASE, names.ALL, 0.0123)]
    both = [frame(part, "0", amounts) for part in (names.WORLDS, "nickel")]
    found = results.results(figures(pl.concat(both)), CLIMBED, ABOUT)
    of_worlds, of_trade = (tables.detectors(found, part).meaning for part in (names.WORLDS, "nickel"))
    assert found.parts() == (names.WORLDS, "nickel")
    assert "after a world's first 5 years" in of_worlds
    assert "in at least 5 years before, usually for 50,000 USD or more" in of_trade
    assert "a random order of them has 0.0123" in of_worlds


def test_the_product_s_own_list_stands_beside_the_one_calibrated_elsewhere():
    amounts = [Amount(name, names.REALISED, "0.10", 0.05) for name in (names.IN_ANALYSIS, names.LEARNED)]
    shown = [Amount(names.IN_ANALYSIS, names.SHOWN, names.ALL, 40.0)]
    claimed = Amount(names.IN_ANALYSIS, names.CLAIMED, names.ALL, 0.7)
    found = made(*amounts, *shown, claimed, Amount(names.IN_ANALYSIS, names.SHOWN_FALSE, names.ALL, 0.25))
    rates = tables.rates(found, names.WORLDS)
    assert rates.title == "Declared and realised error rates"
    assert [row[:3] for row in rates.rows] == [(names.LEARNED, "–", "10 %"), (names.IN_ANALYSIS, "70.0 %", "10 %")]
    assert tables.shown(found, names.WORLDS).rows == [
        (names.IN_ANALYSIS, "40 (40 to 40)", "25.0 % (25.0 to 25.0 %)", "–")
    ]


def test_a_list_that_selects_nothing_has_no_realised_rate():
    names_of = (names.REALISED, names.REALISED_EPISODES, names.POWER, names.SELECTED)
    amounts = [Amount(names.LEARNED, measure, level, 0.0) for measure in names_of for level in ("0.05", "0.10")]
    amounts += [Amount(names.LEARNED, measure, "0.20", 0.25) for measure in names_of]
    found = made(*amounts)
    rows = {row[2]: row[3:6] for row in tables.rates(found, names.WORLDS).rows}
    nothing = ("– (nothing selected)", "– (nothing selected)", "0.0 %")
    assert rows == {"5 %": nothing, "10 %": nothing, "20 %": ("25.0 % (25.0 to 25.0 %)",) * 3}
    (kept,) = [row for row in tables.targets(found).rows if row[1].startswith("learned list: realised")]
    assert kept[2:] == ("– (nothing selected); power 0.0 %", "not met")


def test_of_the_agnostic_list_no_claim_is_asked():
    amounts = [Amount(names.AGNOSTIC, names.REALISED, "0.10", 0.5), Amount(names.AGNOSTIC, names.CLAIMED, names.ALL, 1)]
    (row,) = tables.rates(made(*amounts), names.WORLDS).rows
    assert row[:4] == (names.AGNOSTIC, "not asked", "10 %", "50.0 % (50.0 to 50.0 %)")


def test_the_head_of_the_page_says_what_was_seen_before_and_what_is_out_of_date():
    found = made(Amount(names.LEARNED, names.PRECISION, names.ALL, 0.1))
    fresh = page.page(found, frozenset())
    assert all(f"- {line}" in fresh.partition("## Targets")[0].splitlines() for line in method.words())
    assert "Worlds 3001 to 3005 and plantings 101 to 104" in fresh.partition("## Targets")[0]
    assert "Figures of an earlier protocol" not in fresh
    old = Results({**ABOUT, "seeds": {**method.seeds(), "test worlds": "3001 to 3020"}}, found.figures, found.ladder)
    assert "Figures of an earlier protocol" in page.page(old, frozenset()).partition("## Targets")[0]


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
