from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from pipelines import code_version as module
from pipelines.code_version import closure, code_version, data_hash, imports, module_hash

CACHES = (module.data_hash, module._file, module._read)


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A small project: models.a imports graphs.b lazily, graphs.b imports graphs.c; models.d stands apart."""
    files = {
        "graphs/__init__.py": "",
        "graphs/b.py": "from graphs import c\nX = c.Y\n",
        "graphs/c.py": "Y = 1\n",
        "graphs/codes.csv": "code\n1\n",
        "models/__init__.py": "",
        "models/a.py": "import json\n\ndef f():\n    from graphs.b import X\n    return X\n",
        "models/d.py": "Z = 1\n",
        "pipelines/home.py": "import models.d\n",
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    monkeypatch.setattr(module, "ROOT", tmp_path)
    forget()
    yield tmp_path
    forget()


def forget() -> None:
    for one in CACHES:
        one.cache_clear()


def test_imports_are_followed_through_functions_and_modules(tree: Path) -> None:
    assert closure({"models.a"}) - {"graphs", "models"} == {"models.a", "graphs.b", "graphs.c"}
    assert "models.d" not in closure({"models.a"})
    assert closure({"json", "pipelines.home"}) == set()


def test_comments_do_not_count_and_docstrings_do(tree: Path) -> None:
    before = module_hash("graphs.c")
    (tree / "graphs" / "c.py").write_text("# why\nY   =  1\n")
    forget()
    assert module_hash("graphs.c") == before
    (tree / "graphs" / "c.py").write_text('"""Meaning."""\nY = 1\n')
    forget()
    assert module_hash("graphs.c") != before


def test_data_files_count(tree: Path) -> None:
    before = data_hash("graphs")
    (tree / "graphs" / "codes.csv").write_text("code\n2\n")
    forget()
    assert data_hash("graphs") != before


def test_a_changed_model_changes_the_assets_that_use_it_and_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The project's own assets, over a copy of its sources in which one model changes."""
    from pipelines.assets import flows as assets

    functions = {
        "flows": assets.flows.op.compute_fn.decorated_fn,
        "statistics": assets.judged.op.compute_fn.decorated_fn,
        "scores": assets.scores.op.compute_fn.decorated_fn,
    }
    before = {name: code_version(function) for name, function in functions.items()}
    for package in ("graphs", "models", "pipelines/sources"):
        for file in (module.ROOT / package).rglob("*"):
            if file.suffix in (".py", *module.DATA_SUFFIXES):
                copy = tmp_path / file.relative_to(module.ROOT)
                copy.parent.mkdir(parents=True, exist_ok=True)
                copy.write_bytes(file.read_bytes())
    monkeypatch.setattr(module, "ROOT", tmp_path)
    forget()
    try:
        assert {name: code_version(function) for name, function in functions.items()} == before
        changed = tmp_path / "models" / "flows" / "mirror.py"
        changed.write_text(changed.read_text() + "\nNEW = 1\n")
        forget()
        after = {name: code_version(function) for name, function in functions.items()}
    finally:
        forget()
    assert {name for name in functions if before[name] != after[name]} == {"statistics"}


LIMIT = 1


def helper() -> int:
    return LIMIT


def outer() -> int:
    return helper()


def test_constants_and_helpers_of_the_same_module_count(monkeypatch: pytest.MonkeyPatch) -> None:
    before = code_version(outer)
    monkeypatch.setitem(globals(), "LIMIT", 2)
    assert code_version(outer) != before
    assert len({code_version(outer), code_version(helper), code_version(outer, "columns: a")}) == 3


@cache
def hidden() -> int:
    return LIMIT


def around() -> int:
    return hidden()


def test_a_cache_hides_no_helper(monkeypatch: pytest.MonkeyPatch) -> None:
    before = code_version(around)
    monkeypatch.setitem(globals(), "LIMIT", 2)
    assert code_version(around) != before


def test_a_function_hangs_on_the_module_that_it_stands_in() -> None:
    from models.scoreboard.teaching import fitted_trees

    assert {"models.scoreboard.teaching", "models.learned.trees"} <= closure(module._own_sources(fitted_trees)[1])


def test_trained_trees_count_for_those_alone_who_read_them(tree: Path) -> None:
    """Else what a measurement writes would make stale what it was made from."""
    trained = tree / "models" / "learned" / "trained"
    trained.mkdir(parents=True)
    before = data_hash("models"), data_hash("models.learned.trained")
    (trained / "card.json").write_text("{}")
    forget()
    assert data_hash("models") == before[0]
    assert data_hash("models.learned.trained") != before[1]


def test_the_judging_reaches_the_models_that_it_names() -> None:
    reached = closure({"models.flows.channels"})
    assert {"models.flows.mirror", "models.flows.panel", "graphs.commodities"} <= reached
    assert imports("models.flows.channels") <= reached


def test_pages_and_measures_hang_on_what_draws_and_measures_them() -> None:
    from pipelines.assets import graph

    def behind(asset: object) -> set[str]:
        function = asset.op.compute_fn.decorated_fn  # type: ignore[attr-defined]
        return closure(module._own_sources(function)[1])

    assert {"graphs.ego", "graphs.sums", "pipelines.pages", "pipelines.views.network_words"} <= behind(graph.views)
    assert {"pipelines.trade", "graphs.measures.intervals"} <= behind(graph.measures)


def test_templates_count_for_pages_and_not_for_sources(tree: Path) -> None:
    (tree / "pipelines" / "views").mkdir()
    (tree / "pipelines" / "sources").mkdir()
    before = data_hash("pipelines.views"), data_hash("pipelines.sources")
    (tree / "pipelines" / "views" / "page.css").write_text("a {}")
    forget()
    assert data_hash("pipelines.views") != before[0]
    assert data_hash("pipelines.sources") == before[1]
