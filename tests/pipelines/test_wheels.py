"""Wheels by pip: the bytes that were agreed on, or one sentence."""

import hashlib
import sys
import zipfile
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from graphs.errors import FetchError
from pipelines.fetching import progress_bars
from pipelines.wheels import pip_download

NAME, VERSION = "oretrace-test-parcel", "1.0"


@pytest.fixture
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of wheels that pip takes instead of any index."""
    folder = tmp_path / "shelf"
    folder.mkdir()
    wheel = folder / "oretrace_test_parcel-1.0-py3-none-any.whl"
    info = "oretrace_test_parcel-1.0.dist-info"
    with zipfile.ZipFile(wheel, "w") as packed:
        packed.writestr("parcel/data.txt", "tin")
        packed.writestr(
            f"{info}/METADATA", f"Metadata-Version: 2.1\nName: {NAME}\nVersion: {VERSION}\nRequires-Python: <3\n"
        )
        packed.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        packed.writestr(f"{info}/RECORD", "")
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(folder))
    monkeypatch.setenv("PIP_CONFIG_FILE", "/dev/null")
    return wheel


def test_a_wheel_is_brought_and_not_installed(shelf: Path, tmp_path: Path) -> None:
    digest = hashlib.sha256(shelf.read_bytes()).hexdigest()
    bars = progress_bars(Console(file=StringIO()))
    wheel = pip_download(NAME, VERSION, digest, tmp_path / "new", bars)
    assert wheel.read_bytes() == shelf.read_bytes()
    assert bars.tasks[0].completed == len(shelf.read_bytes())
    with pytest.raises(ModuleNotFoundError):
        __import__("parcel")


def test_other_bytes_are_refused(shelf: Path, tmp_path: Path) -> None:
    with pytest.raises(
        FetchError, match=r"has the hash [0-9a-f]{12}\.\.\., expected 000000000000\.\.\.: it was not used"
    ):
        pip_download(NAME, VERSION, "0" * 64, tmp_path / "new")
    assert not list((tmp_path / "new").glob("*.whl"))


def test_a_wheel_that_cannot_be_had_is_one_sentence_without_addresses(shelf: Path, tmp_path: Path) -> None:
    with pytest.raises(FetchError) as caught:
        pip_download("oretrace-no-such-parcel", "1.0", "0" * 64, tmp_path / "new")
    assert str(caught.value) == (
        "pip could not download oretrace-no-such-parcel 1.0 (exit code 1): check the network connection, "
        "or let PIP_FIND_LINKS name a folder that holds the wheel"
    )


def test_a_python_without_pip(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pip", None)
    monkeypatch.setitem(sys.modules, "ensurepip", None)
    with pytest.raises(FetchError, match="this Python has no pip: install pip and run again"):
        pip_download(NAME, VERSION, "0" * 64, tmp_path / "new")


def test_a_pip_that_takes_too_long(shelf: Path, tmp_path: Path) -> None:
    with pytest.raises(FetchError, match=r"pip did not bring .* within 0\.01 s"):
        pip_download(NAME, VERSION, "0" * 64, tmp_path / "new", timeout_s=0.01)
