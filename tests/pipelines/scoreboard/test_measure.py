"""A whole measurement over invented cases, by the command itself."""

from pathlib import Path

import polars as pl
import pytest

from models.learned.trees import Trees
from models.scoreboard import board, names
from pipelines.cli import main
from pipelines.scoreboard import page, results, run
from pipelines.scoreboard.plan import plan
from pipelines.scoreboard.results import Results
from tests.pipelines.scoreboard.shelf import fill


@pytest.fixture(scope="module")
def measured(tmp_path_factory) -> tuple[Path, Path]:
    """Folders of the cache and of what was written."""
    cache, out = tmp_path_factory.mktemp("cache"), tmp_path_factory.mktemp("out")
    fill(plan(cache, None, 3, 0, "small", 1))
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(run, "DEEP_CASES", 1)
        patched.setattr(board, "EXPLAINED", 20)
        assert _measure(cache, out) == 0
    return cache, out


def _measure(cache: Path, out: Path) -> int:
    options = ["--worlds", "3", "--plantings", "0", "--size", "small", "--processes", "1"]
    return main(["scoreboard", "--measure", *options, "--cache", str(cache), "--out", str(out)])


@pytest.fixture(scope="module")
def found(measured) -> Results:
    return results.read(measured[1] / "trained" / results.FILE)


def test_figures_model_page_and_plots_are_written(measured, found):
    _, out = measured
    assert Trees.from_files(out / "trained").digest == found.about["sha256"]
    written = (out / "scoreboard.md").read_text(encoding="utf-8")
    drawn = frozenset(file.stem for file in (out / "scoreboard").glob("*.png"))
    assert drawn == set(page.IMAGES) - {"ladder"}
    assert written == page.page(found, drawn)
    assert "A part of the frozen protocol only" in written


def test_every_detector_was_measured_on_every_test_world(found):
    precision = {name: found.of(names.WORLDS, name, names.PRECISION) for name in found.detectors(names.WORLDS)}
    known = {name: one.cases for name, one in precision.items() if one}
    assert {names.LEARNED, names.TREES, names.EDGE, names.FOREST, names.AGNOSTIC, "raw gap", "mirror_gap"} <= set(known)
    assert {count for name, count in known.items() if name != names.AUTOENCODER} == {3}


def test_the_list_of_an_analysis_is_measured_beside_the_calibrated_one(found):
    for name in (names.LEARNED, names.IN_ANALYSIS):
        assert set(found.bands(names.WORLDS, name, names.REALISED)) >= {"0.05", "0.10", "0.20"}
    shown = {one: found.of(names.WORLDS, names.IN_ANALYSIS, one) for one in (names.SHOWN, names.SHOWN_FALSE)}
    assert 0 < shown[names.SHOWN].value <= 50
    assert 0 <= shown[names.SHOWN_FALSE].value < 0.9


def test_measuring_again_finds_everything_in_the_cache_and_the_same(measured, found, tmp_path, monkeypatch):
    cache, _ = measured
    monkeypatch.setattr(run, "DEEP_CASES", 1)
    before = {file: file.stat().st_mtime_ns for file in cache.rglob("*") if file.is_file()}
    assert _measure(cache, tmp_path) == 0
    assert {file: file.stat().st_mtime_ns for file in cache.rglob("*") if file.is_file()} == before
    assert results.read(tmp_path / "trained" / results.FILE).figures == found.figures


def test_a_case_measured_without_the_autoencoder_does_not_pass_for_one_with_it(measured, found, tmp_path, monkeypatch):
    cache, _ = measured
    monkeypatch.setattr(run, "DEEP_CASES", 0)
    monkeypatch.setattr(board, "EXPLAINED", 20)
    assert _measure(cache, tmp_path) == 0
    again = results.read(tmp_path / "trained" / results.FILE)
    part = dict(found.figures[names.WORLDS])
    part.pop(names.AUTOENCODER, None)
    assert again.figures == {names.WORLDS: part}


def test_the_terminal_shows_what_a_measurement_wrote(found, monkeypatch, capsys):
    monkeypatch.setattr(results, "shipped", lambda: found)
    monkeypatch.setenv("COLUMNS", "200")
    assert main(["scoreboard"]) == 0
    told = capsys.readouterr().out
    assert "learned list within 0.02" in told
    assert "Nothing can be said here" in told


def test_figures_tables_hold_no_bare_rows_of_cases(found):
    assert not any(
        "comtrade:" in band
        for part in found.figures.values()
        for one in part.values()
        for m in one.values()
        for band in m
    )
    assert (
        pl.Series([one.value for one in found.bands(names.WORLDS, names.LEARNED, names.REALISED).values()])
        .is_between(0, 1)
        .all()
    )
