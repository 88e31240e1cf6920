import math

import numpy as np
import polars as pl
import pytest

from models.world import realism


def flows(*listed: tuple[str, str, int, float | None, float | None]) -> pl.DataFrame:
    """Flows of (exporter, importer, year, declared exports, declared imports), half a kg a dollar, all reported."""
    rows = [
        {"exporter": exporter, "importer": importer, "commodity": "260400", "year": year, "export_value_usd": export,
         "import_value_usd": imported, "export_mass_kg": export and export / 2,
         "import_mass_kg": imported and imported / 2, "exporter_reported": True, "importer_reported": True}
        for exporter, importer, year, export, imported in listed
    ]  # fmt: skip
    return pl.DataFrame(rows, schema=dict(realism.FLOWS))


def test_bands_are_orders_of_magnitude_of_the_larger_declaration() -> None:
    found = realism.banded(
        flows(("A", "B", 1, 999.0, None), ("A", "C", 1, 50.0, 1000.0), ("A", "D", 1, 5e6, 5.0), ("A", "E", 1, 3e9, 1.0),
              ("A", "A", 1, 7.0, 7.0), ("A", "F", 1, 0.0, None))
    )  # fmt: skip
    assert found["band"].to_list() == ["below 1 k", "1-10 k", "1-10 M", "above 100 M"]


def test_gaps_are_logs_of_imports_over_exports() -> None:
    several = flows(*(("A", f"B{at}", 1, 1e4, 1e4 * math.exp(at / 10)) for at in range(21)), ("A", "C", 1, 1e4, None))
    found = realism.mirror_gaps(several).row(0, named=True)
    assert (found["rows"], found["q50"]) == (21, pytest.approx(1.0))
    assert found["q25"] == pytest.approx(0.5)


def test_quantiles_of_few_flows_are_not_told() -> None:
    assert realism.mirror_gaps(flows(("A", "B", 1, 1e4, 1e4))).is_empty()


def test_gaps_of_unit_value_leave_out_the_gap_of_value() -> None:
    several = flows(*(("A", f"B{at}", 1, 1e4, 2e4) for at in range(20)))
    heavier = several.with_columns(import_mass_kg=pl.col("import_mass_kg") * 2)
    assert realism.mass_gaps(several)["q50"].item() == pytest.approx(0.0)
    assert realism.mass_gaps(heavier)["q50"].item() == pytest.approx(-math.log(2))


def test_one_sided_shares_count_only_partners_that_reported() -> None:
    four = flows(("A", "B", 1, 2e3, 2e3), ("A", "C", 1, 2e3, None), ("A", "D", 1, 2e3, None), ("E", "B", 1, None, 2e3))
    silent = four.with_columns(importer_reported=pl.col("importer") != "D")
    found = realism.one_sided(silent).row(0, named=True)
    assert (found["exports"], found["importer_silent"]) == (2, 0.5)
    assert (found["imports"], found["exporter_silent"]) == (2, 0.5)


def test_missing_reports_by_age() -> None:
    frame = pl.DataFrame({"reporter": ["A", "A", "B", "C", "C"], "year": [2000, 2001, 2000, 2000, 2000]})
    assert realism.missing_reports(frame)["missing"].to_list() == pytest.approx([2 / 3, 0.0])


def test_last_years_order_is_judged_by_this_years_values() -> None:
    last = [("A", "B", 1, 300.0, None), ("A", "C", 1, 200.0, None)]
    same = flows(*last, ("A", "B", 2, 30.0, None), ("A", "C", 2, 20.0, None))
    assert realism.persistence(same)["ndcg"].item() == pytest.approx(1.0)
    swapped = flows(*last, ("A", "B", 2, 20.0, None), ("A", "C", 2, 30.0, None))
    second = 1 / math.log2(3)
    assert realism.persistence(swapped)["ndcg"].item() == pytest.approx((20 + 30 * second) / (30 + 20 * second))
    new = flows(*last, ("A", "D", 2, 30.0, None), ("A", "B", 2, 20.0, None))
    assert realism.persistence(new)["ndcg"].item() == pytest.approx(20 / (30 + 20 * second))


def test_only_ten_partners_count() -> None:
    before = [("A", f"B{at:02d}", 1, 100.0 - at, None) for at in range(12)]
    after = [("A", f"B{at:02d}", 2, 1.0 if at < 11 else 1000.0, None) for at in range(12)]
    ideal = 1000 + sum(1 / math.log2(place + 1) for place in range(2, 11))
    got = sum(1 / math.log2(place + 1) for place in range(1, 11))
    assert realism.persistence(flows(*before, *after))["ndcg"].item() == pytest.approx(got / ideal)


def test_degrees_and_strengths() -> None:
    found = realism.degrees(flows(("A", "B", 1, 60.0, None), ("A", "C", 1, 30.0, None), ("D", "B", 1, None, 10.0)))
    out = found.filter(pl.col("direction") == "out").row(0, named=True)
    assert (out["degree_median"], out["degree_most"], out["top_share"]) == (1.5, 2.0, 0.9)
    into = found.filter(pl.col("direction") == "in").row(0, named=True)
    assert (into["degree_most"], into["top_share"]) == (2.0, 0.7)


def test_unit_values_are_about_those_of_the_year() -> None:
    several = flows(*(("A", f"B{at}", year, None, 2e3) for at in range(21) for year in (1, 2)))
    dearer = several.with_columns(import_mass_kg=pl.when(pl.col("year") == 1).then(1.0).otherwise(100.0))
    found = realism.unit_values(dearer).row(0, named=True)
    assert (found["q5"], found["q50"], found["q95"]) == (0.0, 0.0, 0.0)


def test_the_same_gap_every_year_persists() -> None:
    chance = np.random.default_rng(0)
    usual = np.exp(chance.normal(0, 1, 30))
    steady = flows(*(("A", f"B{at}", year, 1e5, 1e5 * usual[at]) for at in range(30) for year in (1, 2)))
    assert realism.gap_persistence(steady)["correlation"].item() == pytest.approx(1.0)


def test_sizes_sum_to_one() -> None:
    found = realism.sizes(flows(("A", "B", 1, 2e3, None), ("A", "C", 1, 2e3, None), ("A", "D", 1, 2e5, None)))
    assert found["share"].to_list() == pytest.approx([2 / 3, 1 / 3])


def test_changes_of_a_gap_are_those_of_one_line_between_years_on_end() -> None:
    def line(partner: str, *gaps: tuple[int, float]) -> list[tuple[str, str, int, float | None, float | None]]:
        return [("A", partner, year, 2e6, 2e6 * math.exp(gap)) for year, gap in gaps]

    several = [row for at in range(20) for row in line(f"B{at}", (1, 0.3), (2, -0.2), (4, -3.0))]
    alone = line("C", (3, 5.0))
    found = realism.gap_changes(flows(*several, *alone)).row(0, named=True)
    assert (found["rows"], found["band"]) == (20, "1-10 M")
    assert [found[name] for name in ("q25", "q50", "q75", "q95")] == pytest.approx([0.5] * 4)


def test_changes_are_banded_by_the_smaller_year() -> None:
    several = [
        ("A", f"B{at}", year, value, value) for at in range(20) for year, value in ((1, 2e7), (2, 3e4), (3, 4e8))
    ]
    assert realism.gap_changes(flows(*several))["band"].to_list() == ["10-100 k"]


def test_who_stays_and_who_falls_silent() -> None:
    silent = [("A", f"B{at}", year, None, 5e4) for at in range(16) for year in (1, 2)]
    heard = [("A", f"C{at}", 1, None, 5e4) for at in range(4)] + [("A", f"C{at}", 2, 5e4, 5e4) for at in range(4)]
    falls = [("A", f"D{at}", 1, 5e4, 5e4) for at in range(5)] + [("A", f"D{at}", 2, 2.0, 5e4) for at in range(1)]
    falls += [("A", f"D{at}", 2, 5e4, 5e4) for at in range(1, 5)]
    away = [("A", f"E{at}", year, None, 5e4) for at in range(9) for year in (1, 2)]
    every = flows(*silent, *heard, *falls, *away)
    reported = every.with_columns(exporter_reported=pl.col("importer").str.starts_with("E").not_())
    imports = realism.silence_changes(reported.with_columns(importer_reported=False)).row(0, named=True)
    assert (imports["rows"], imports["stays"], imports["falls"]) == (25, pytest.approx(0.8), pytest.approx(0.2))
