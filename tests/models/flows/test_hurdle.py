import numpy as np
import pytest

from models.flows.hurdle import FLOOR, one_sided, silences
from models.flows.reconcile import reconcile
from tests.models.flows.frames import context, flow, flows

YEARS = range(2005, 2021)


def world():
    """Sixty pairs that mirror each other nearly always, and twenty whose exporter hardly ever does."""
    rng = np.random.default_rng(0)
    rows = []
    for p in range(80):
        share = 0.98 if p < 60 else 0.1
        for year in YEARS:
            x = 1e6 if rng.random() < share else None
            rows.append(flow(f"E{p % 16 if p < 60 else 90 + p % 4}", f"I{p}", year, x, 1.1e6))
    return rows


def judged(*extra):
    answer = one_sided(reconcile(flows(*world(), *extra)), context())
    return {row["flow_id"]: row for row in answer.iter_rows(named=True)}


def faithful(last_x, exporter="FAI"):
    """A pair that both sides declared every year, but for the last."""
    return [flow(exporter, "THF", year, 1e6 if year < 2020 else last_x, 1.1e6) for year in YEARS]


def test_silence_after_a_faithful_past_is_surprising():
    row = judged(*faithful(None))["comtrade:FAI:THF:260400:2020"]
    assert row["model_p"] < 0.05
    assert row["gap_value_usd"] == 1.1e6


def test_silence_of_an_office_that_is_always_silent_is_not():
    rows = judged()
    habitual = [row["model_p"] for key, row in rows.items() if ":E9" in key and key.endswith("2020")]
    assert min(habitual) > 0.5


def test_an_exporter_that_did_not_report_is_missing_and_not_silent():
    gone = [{**row, "exporter_reported": row["period"] < 2020} for row in faithful(None)]
    assert "comtrade:FAI:THF:260400:2020" not in judged(*gone)


def test_a_mirrored_flow_is_not_one_sided():
    assert "comtrade:FAI:THF:260400:2020" not in judged(*faithful(1e6))


def test_silent_importers_are_judged_too():
    rows = [flow("FAI", "THF", year, 1e6, 1e6 if year < 2020 else None) for year in YEARS]
    others = [flow(f"X{p}", f"Y{p}", year, 1e6, 1e6) for p in range(30) for year in YEARS]
    lone = [flow(f"X{p}", f"Z{p}", year, 1e6, 1e6 if (p + year) % 3 else None) for p in range(30) for year in YEARS]
    answer = one_sided(reconcile(flows(*rows, *others, *lone)), context())
    row = next(row for row in answer.iter_rows(named=True) if row["flow_id"] == "comtrade:FAI:THF:260400:2020")
    assert {part["name"]: part["value"] for part in row["parts"]}["silent_exporter"] == 0.0
    assert row["gap_value_usd"] == 1e6


def test_probabilities_are_calibrated_on_what_they_have_not_seen():
    rng = np.random.default_rng(1)
    truth = rng.uniform(0.05, 0.95, 400)
    mirrored = (rng.random((400, 20)) < truth[:, None]).astype(float)
    silence = silences(np.full(mirrored.shape, 1e6), mirrored, np.arange(400) % 40)
    p, silent = silence.probability[:, 12:].ravel(), 1 - mirrored[:, 12:].ravel()
    for low, high in ((0.0, 0.3), (0.3, 0.7), (0.7, 1.0)):
        inside = (p >= low) & (p < high)
        assert silent[inside].mean() == pytest.approx(p[inside].mean(), abs=0.08)


def test_later_years_never_change_an_earlier_probability():
    rng = np.random.default_rng(2)
    mirrored = (rng.random((60, 14)) < 0.8).astype(float)
    value, office = np.full(mirrored.shape, 1e6), np.arange(60) % 10
    early = silences(value[:, :9], mirrored[:, :9], office)
    np.testing.assert_allclose(early.probability, silences(value, mirrored, office).probability[:, :9])


def test_probability_has_a_floor():
    mirrored = np.ones((100, 12))
    mirrored[:50, ::2] = 0.0
    mirrored[99, -1] = 0.0
    silence = silences(np.full(mirrored.shape, 1e9), mirrored, np.arange(100))
    assert np.nanmin(silence.probability) >= FLOOR


def test_ordinary_silences_count_what_is_expected_of_the_years_flows_with_at_most_this_chance():
    rows = [*world(), *faithful(None)]
    trade = reconcile(flows(*rows)).sort("exporter", "importer", "period")
    pairs = trade.select("exporter", "importer").unique(maintain_order=True).rows()
    shape = len(pairs), len(YEARS)
    value, mirrored = np.full(shape, np.nan), np.full(shape, np.nan)
    for row in trade.iter_rows(named=True):
        place = pairs.index((row["exporter"], row["importer"])), row["period"] - YEARS[0]
        value[place], mirrored[place] = row["import_value_usd"], float(row["export_value_usd"] is not None)
    offices = sorted({exporter for exporter, _ in pairs})
    codes = np.array([offices.index(exporter) for exporter, _ in pairs])
    # Exporters alone are silent here: of importers, who declare all, no silence can be judged.
    chance = silences(value, mirrored, codes).probability
    found = judged(*faithful(None))
    assert len(found) > 100
    for row in found.values():
        told = {part["name"]: part["value"] for part in row["parts"]}["ordinary_silences"]
        year = chance[:, int(row["flow_id"][-4:]) - YEARS[0]]
        assert told == pytest.approx(year[year <= row["model_p"] * (1 + 1e-12)].sum())
