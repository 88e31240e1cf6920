"""Sea lanes are read as text: each once, turned back into -180 to 180, straits named."""

import sys
from pathlib import Path

import pytest

from graphs.errors import DamagedFile
from pipelines.sources.sea_lanes import installed, read

TEXT = """node_list={(0, 0): {}, (1.5, 0): {}, (182.5, 10): {}, (9, 9): {}}

edge_list={(0, 0): {(1.5, 0): {'weight': 166.8, 'passage': 'suez'}, (9, 9): {'weight': 5, 'passage': 'segment'}}, \
(1.5, 0): {(0, 0): {'weight': 166.8, 'passage': 'suez'}, (182.5, 10): {'weight': 0.0}}}
"""


def file(folder: Path, text: str = TEXT) -> Path:
    path = folder / "marnet_dict.py"
    path.write_text(text)
    return path


def test_lanes_by_hand(tmp_path: Path) -> None:
    nodes, edges = read(file(tmp_path))
    assert nodes.select("node", "lon", "lat", "mode").rows() == [
        (0, 0.0, 0.0, "sea"), (1, 1.5, 0.0, "sea"), (2, 9.0, 9.0, "sea"), (3, -177.5, 10.0, "sea"),
    ]  # fmt: skip
    assert edges.select("start", "end", "mode", "length_km", "passage").rows() == [
        (0, 1, "sea", 166.8, "suez"), (0, 2, "sea", 5.0, None), (1, 3, "sea", 0.0, None),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("'weight': 5", "'weight': -5", "lane of length -5"),
        ("'weight': 5", "'weight': 1e999", "lane of length inf"),
        ("'weight': 5,", "", "lane of length None"),
        ("(9, 9): {'w", "(8, 8): {'w", "not both listed"),
        ("(182.5, 10): {}", "(182.5, 100): {}", "which is nowhere"),
        ("edge_list", "other_list", "has no edge_list"),
        ("edge_list={", "edge_list={{", "edge_list of marnet_dict.py cannot be read"),
        ("edge_list={", "edge_list=__import__('os').getcwd() or {", "edge_list of marnet_dict.py cannot be read"),
    ],
)
def test_a_file_that_is_something_else_is_refused(tmp_path: Path, old: str, new: str, words: str) -> None:
    assert old in TEXT
    with pytest.raises(DamagedFile, match=words):
        read(file(tmp_path, TEXT.replace(old, new)))


def test_an_absent_file_and_one_without_lanes_are_named(tmp_path: Path) -> None:
    with pytest.raises(DamagedFile, match="is not there: install searoute"):
        read(tmp_path / "marnet_dict.py")
    with pytest.raises(DamagedFile, match="has no lanes"):
        read(file(tmp_path, "node_list={}\nedge_list={}\n"))


def test_the_package_is_found_and_not_imported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "searoute"
    (folder / "data").mkdir(parents=True)
    (folder / "__init__.py").write_text("raise RuntimeError('imported')")
    (folder / "data" / "marnet_dict.py").write_text(TEXT)
    monkeypatch.setattr(sys, "path", [str(tmp_path)])
    found = installed()
    assert found == folder / "data" / "marnet_dict.py"
    assert "searoute" not in sys.modules


def test_no_lane_leads_through_the_ice() -> None:
    """The shortest lanes from Europe to China would: as searoute does, they are left out."""
    file = installed()
    assert file is not None
    assert "'passage': 'northwest'" in file.read_text(encoding="utf-8")
    passages = set(read(file)[1]["passage"].drop_nulls())
    assert "northwest" not in passages
    assert {"suez", "panama", "malacca"} <= passages
