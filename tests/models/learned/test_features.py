"""Relational features: what each means on hand-made flows, and what none may know."""

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis.strategies import floats, just, lists, one_of

from graphs.tables import Events, Statistics
from models.ladder.gravity import fitted
from models.learned.features import FEATURES, build, features
from models.learned.features.cells import Cells, middle
from models.learned.features.deviation import deviations
from models.learned.features.elsewhere import around
from models.learned.features.steps import LIMIT, step
from models.learned.features.structure import above
from tests.models.flows.frames import baci, context, flow, flows
from tests.models.learned.frames import judged, trade

LATER = 2016
NOTHING_SAID = Statistics.create_empty()


@pytest.fixture(autouse=True)
def _small_markets(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hand-made flows are few."""
    monkeypatch.setattr(build, "MARKET", 1)


def of(*rows: dict, **tables: pl.DataFrame) -> pl.DataFrame:
    """Features of a few flows, without channels."""
    return features(flows(*rows), NOTHING_SAID, context(**tables))


def value(table: pl.DataFrame, flow_id: str, name: str) -> float:
    return float(table.filter(pl.col("flow_id") == flow_id)[name].item())


def test_every_feature_has_a_sentence_and_a_column() -> None:
    table = of(flow("IDN", "CHN", 2018, 100.0, 120.0))
    assert table.columns == ["flow_id", *FEATURES]
    assert set(table.schema.dtypes()[1:]) == {pl.Float32}
    assert all(text.endswith(".") and len(text) > 20 for text in FEATURES.values())


def test_no_flows_have_no_features() -> None:
    assert of().height == 0


def test_scorable_flows_only() -> None:
    rows = flows(
        flow("IDN", "CHN", 2018, 100.0, 120.0),
        flow("IDN", "DEU", 2018, 100.0, 120.0),
        flow("IDN", "IDN", 2018, 100.0, 120.0),
        flow("IDN", "_X", 2018, 100.0, None, importer_kind="residual"),
    )
    monthly = rows.with_columns(pl.when(pl.col("importer") == "DEU").then(201801).otherwise("period").alias("period"))
    table = features(monthly, NOTHING_SAID, context())
    assert table["flow_id"].to_list() == ["comtrade:IDN:CHN:260400:2018"]


def test_nothing_is_known_in_a_market_too_small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(build, "MARKET", 3)
    busy = [flow("IDN", other, 2018, 100.0, 100.0) for other in ("DEU", "FRA", "NLD")]
    rare = [flow("IDN", other, 2018, 100.0, 100.0, commodity="720260") for other in ("DEU", "FRA")]
    table = of(*busy, *rare)
    known = table.select("flow_id", known=pl.any_horizontal(pl.exclude("flow_id").is_finite()))
    assert known["known"].to_list() == known["flow_id"].str.contains("260400").to_list()


def test_change_is_against_the_pairs_own_past_drawn_towards_the_rest() -> None:
    past = [flow("IDN", "CHN", year, 100.0, 200.0) for year in (2015, 2016, 2017)]
    table = of(*past, flow("IDN", "CHN", 2018, 50.0, 400.0))
    # Three years at log 2; the source's median in 2018 is this flow's own log 8: (3 log 2 + 2 log 8) / 5 = 1.8 log 2.
    key = "comtrade:IDN:CHN:260400:2018"
    assert value(table, key, "usual_log_ratio") == pytest.approx(1.8 * np.log(2), abs=1e-6)
    assert value(table, key, "change_log_ratio") == pytest.approx(1.2 * np.log(2), abs=1e-6)
    assert value(table, key, "change_exports") == pytest.approx(-np.log(2), abs=1e-6)
    assert value(table, key, "change_imports") == pytest.approx(np.log(2), abs=1e-6)
    assert value(table, key, "years_both_declared") == 3


def test_silence_names_its_side_and_needs_a_report() -> None:
    table = of(
        flow("IDN", "CHN", 2018, None, 100.0),
        flow("IDN", "DEU", 2018, 100.0, None),
        flow("IDN", "FRA", 2018, 100.0, None, importer_reported=False),
    )
    sides = dict(zip(table["flow_id"].str.slice(13, 3), table["silent_side"], strict=True))
    assert sides["CHN"] == 1
    assert sides["DEU"] == -1
    assert np.isnan(sides["FRA"])
    assert value(table, "comtrade:IDN:CHN:260400:2018", "unmatched_share") == 1
    assert value(table, "comtrade:IDN:DEU:260400:2018", "unmatched_share") == -1


def test_goods_missing_here_are_found_with_another_importer() -> None:
    rows = [flow("IDN", other, 2018, 100.0, 100.0) for other in ("DEU", "FRA", "NLD")]
    table = of(flow("IDN", "CHN", 2018, 100.0, 900.0), flow("IDN", "SGP", 2018, 500.0, 100.0), *rows)
    key = "comtrade:IDN:CHN:260400:2018"
    # 800 are unmatched here, 400 stand against it at Singapore; the larger amount here is 900.
    assert value(table, key, "unmatched_opposite_other_importers") == pytest.approx(np.log1p(400 / 900), rel=1e-5)
    assert value(table, key, "unmatched_same_other_importers") == 0


def test_a_hub_passes_on_what_it_buys() -> None:
    table = of(baci("COD", "ARE", 2018, 80.0, 1.0), baci("ARE", "CHE", 2018, 100.0, 1.0))
    key = "baci:ARE:CHE:260400:2018"
    assert value(table, key, "exporter_pass_through") == pytest.approx(80 / 1000)  # below a thousand USD nothing counts
    assert value(table, key, "exporter_buys_this_code") == pytest.approx(np.log1p(0.8))
    assert value(table, key, "goes_back") == 0


def test_what_goes_back_is_seen_from_both_sides() -> None:
    table = of(baci("ARE", "CHE", 2018, 100.0, 1.0), baci("CHE", "ARE", 2018, 50.0, 1.0))
    assert value(table, "baci:ARE:CHE:260400:2018", "goes_back") == pytest.approx(np.log1p(0.5))
    assert value(table, "baci:CHE:ARE:260400:2018", "goes_back_family") == pytest.approx(np.log1p(2.0))


def test_offices_are_judged_by_their_other_flows() -> None:
    rows = [flow("IDN", other, 2018, 100.0, 100.0) for other in ("DEU", "FRA", "NLD")]
    table = of(*rows, flow("IDN", "CHN", 2018, None, 100.0), flow("IDN", "SGP", 2018, None, 100.0))
    assert value(table, "comtrade:IDN:CHN:260400:2018", "exporter_silent_share") == 0.25
    assert value(table, "comtrade:IDN:DEU:260400:2018", "exporter_silent_share") == 0.5


def test_unspecified_partners_hide_part_of_an_offices_trade() -> None:
    table = of(flow("IDN", "CHN", 2018, 300.0, 400.0), flow("IDN", "_X", 2018, 100.0, importer_kind="residual"))
    assert value(table, "comtrade:IDN:CHN:260400:2018", "exporter_unspecified_share") == 0.25


def test_unknown_is_nan_and_never_zero() -> None:
    table = of(baci("COD", "ARE", 2018, 80.0, None))
    for name in ("log_ratio", "unmatched_share", "silent_side", "growth_mass", "exporter_coverage", "above_gravity"):
        assert np.isnan(table[name].item()), name


def test_later_years_change_nothing_of_earlier_ones() -> None:
    rows = trade(seed=3)
    late = pl.col("period") >= LATER
    names = ("export_value_usd", "import_value_usd", "export_mass_kg", "import_mass_kg",
             "reconciled_value_usd", "reconciled_mass_kg")  # fmt: skip
    other = rows.with_columns(pl.when(late).then(7.0 * pl.col(name)).otherwise(name).alias(name) for name in names[::2])
    other = other.filter(~late | (pl.col("importer") != "CHN"))
    before = rows.filter(pl.col("period") < LATER)["flow_id"]
    whole = [features(one, *judged(one), fitted(one)) for one in (rows, other)]
    seen = [one.filter(pl.col("flow_id").is_in(before.implode())) for one in whole]
    assert seen[0].height > 300
    assert seen[0].equals(seen[1], null_equal=True)
    # The change is seen where it happens.
    assert not whole[0].equals(whole[1], null_equal=True)


def test_names_of_countries_and_years_do_not_matter() -> None:
    rows = trade(seed=4)
    names = {"BEL": "ZMB", "CHN": "YEM", "DEU": "XKX", "FRA": "WSM", "IDN": "VUT", "NLD": "UZB"}
    sides = [pl.col(side).replace_strict(names) for side in ("exporter", "importer")]
    key = pl.concat_str("source", "exporter", "importer", "commodity", "period", separator=":")
    renamed = rows.with_columns(*sides, period=pl.col("period") + 3).with_columns(flow_id=key)
    no_bans = context(events=Events.create_empty())
    old, new = (features(one, *judged(one, no_bans)) for one in (rows, renamed))
    order = rows.select(old="flow_id").with_columns(new=renamed["flow_id"]).sort("old")["new"]
    matched = pl.DataFrame({"flow_id": order}).join(new, on="flow_id", how="left", maintain_order="left")
    for name in FEATURES:
        assert np.allclose(old[name], matched[name], rtol=1e-4, atol=1e-4, equal_nan=True), name


def test_the_order_of_rows_does_not_matter_and_nothing_given_is_changed() -> None:
    rows = trade(seed=5)
    said, around_it = judged(rows)
    kept = rows.clone()
    first = features(rows, said, around_it)
    assert rows.equals(kept)
    assert first.equals(features(rows.sample(fraction=1.0, shuffle=True, seed=1), said, around_it), null_equal=True)


def test_neighbouring_codes_are_looked_at_and_not_scored() -> None:
    mine, near = flow("IDN", "CHN", 2018, 100.0, 900.0), flow("IDN", "CHN", 2018, 700.0, 100.0, commodity="720260")
    alone = of(mine, *(flow("IDN", other, 2018, 100.0, 100.0) for other in ("DEU", "FRA", "NLD")))
    rows = flows(mine, *(flow("IDN", other, 2018, 100.0, 100.0) for other in ("DEU", "FRA", "NLD")))
    both = features(rows, NOTHING_SAID, context(neighbours=flows(near)))
    assert both["flow_id"].to_list() == alone["flow_id"].to_list()
    key, name = "comtrade:IDN:CHN:260400:2018", "unmatched_opposite_other_codes"
    assert value(alone, key, name) == 0
    assert value(both, key, name) == pytest.approx(np.log1p(600 / 900), rel=1e-5)


def test_gravity_is_known_where_it_was_fitted() -> None:
    rows = flows(baci("COD", "ARE", 2018, 80.0, 1.0), baci("COD", "CHE", 2018, 80.0, 1.0))
    known = pl.DataFrame({"flow_id": [rows["flow_id"][0]], "log_fitted": [np.log(40.0)]})
    above_gravity = features(rows, NOTHING_SAID, context(), known)["above_gravity"].to_list()
    assert above_gravity[0] == pytest.approx(np.log(2.0), rel=1e-5)
    assert np.isnan(above_gravity[1])


def test_middle_is_the_median_of_what_is_known() -> None:
    table = np.array([[3.0, 1.0, np.nan], [np.nan, np.nan, np.nan], [5.0, 1.0, 2.0], [4.0, np.nan, np.nan]])
    assert np.array_equal(middle(table), [2.0, np.nan, 2.0, 4.0], equal_nan=True)
    assert np.array_equal(middle(table, least=2), [2.0, np.nan, 2.0, np.nan], equal_nan=True)


def slow_step(years: list[float]) -> tuple[float, float]:
    """Largest t over the last one to four years, one row, as the definition reads."""
    centre = np.nanmedian(years)
    near = [centre + np.clip(year - centre, -LIMIT, LIMIT) for year in years]
    best, length = 0.0, np.nan
    for k in range(1, 5):
        last, before = (np.array([x for x in part if np.isfinite(x)]) for part in (near[:k], near[k:]))
        if not last.size or before.size < 2:
            continue
        square = last.size * last.var() + before.size * before.var()
        sd = np.sqrt((square + 2 * 0.3**2) / (last.size + before.size))
        t = (last.mean() - before.mean()) / (sd * np.sqrt(1 / last.size + 1 / before.size))
        if np.isnan(length) or abs(t) > abs(best):
            best, length = t, k
    return (best, length) if np.isfinite(years[0]) and np.isfinite(length) else (np.nan, np.nan)


@given(
    lists(
        one_of(floats(-20, 20, allow_subnormal=False).map(lambda x: round(x, 3)), just(float("nan"))),
        min_size=11,
        max_size=11,
    ).filter(lambda years: any(map(np.isfinite, years)))
)
def test_a_step_is_the_largest_shift_of_the_last_years(years: list[float]) -> None:
    t, length = step(np.array([years]))
    expected, _ = slow_step(years)
    assert t[0] == pytest.approx(expected, rel=1e-6, abs=1e-9, nan_ok=True)
    assert np.isnan(length[0]) == np.isnan(expected)


def test_a_shift_that_lasts_weighs_more_than_one_of_a_single_year() -> None:
    quiet = [0.0, 0.1, -0.1, 0.0, 0.1, -0.1, 0.0]
    once, lasting = (step(np.array([years + quiet]))[0][0] for years in ([1.0, 0, 0, 0], [1.0, 1.0, 1.0, 1.0]))
    assert lasting > once > 0
    assert step(np.array([[1.0, 1.0, 0.0, 0.0, *quiet]]))[1][0] == 2


def test_sums_pasts_and_ranks_agree_with_loops() -> None:
    cells = Cells.of(trade(seed=6), trade(seed=6).clear())
    found = deviations(cells)
    value_usd = cells.amount("value")
    opposite, same = around(cells, found.off, found.off, ("source", "exporter", "commodity", "year"))
    past = cells.past(value_usd, 3)
    larger = above(cells, value_usd, ("source", "exporter", "commodity", "year"))
    for at in range(0, cells.height, 37):
        group = (cells.exporter == cells.exporter[at]) & (cells.commodity == cells.commodity[at])
        group &= cells.year == cells.year[at]
        others = group & (np.arange(cells.height) != at)
        against = others & (np.sign(found.off) == -np.sign(found.off[at]))
        along = others & (np.sign(found.off) == np.sign(found.off[at]))
        assert opposite[at] == pytest.approx(np.abs(found.off[against]).sum())
        assert same[at] == pytest.approx(np.abs(found.off[along]).sum(), abs=1e-3)
        assert larger[at] == (value_usd[group] > value_usd[at]).sum()
        pair = (cells.exporter == cells.exporter[at]) & (cells.importer == cells.importer[at])
        pair &= (cells.commodity == cells.commodity[at]) & (cells.year < cells.year[at])
        expected = value_usd[pair][np.argsort(-cells.year[pair])][:3]
        assert np.array_equal(past[at, : expected.size], expected)
        assert np.isnan(past[at, expected.size :]).all()


def test_of_two_statistics_of_a_flow_the_first_counts() -> None:
    rows = trade()
    said, around = judged(rows)
    mirror = said.filter(pl.col("channel") == "mirror_gap")
    twice = pl.concat([said, mirror.with_columns(pl.col("statistic") + 1.0)])
    found = features(rows, twice, around).join(mirror.select("flow_id", "statistic"), on="flow_id", how="left")
    seen = found["statistic"].cast(pl.Float32)
    assert seen.null_count() < found.height
    assert found["channel_mirror_gap"].fill_nan(None).equals(seen, null_equal=True, check_names=False)
