"""Writing what was measured: the page and its plots, the figures, and the shipped model."""

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from graphs.errors import InputError
from graphs.version import __version__
from models.flows.channels import CHANNELS
from models.learned.trees import Trees
from models.world.config import VERSION
from pipelines.code_version import ROOT
from pipelines.scoreboard import method, page, plots, results
from pipelines.scoreboard.results import Results
from pipelines.scoreboard.run import Measured

TRAINED = ROOT / "models" / "learned" / "trained"
PAGE = ROOT / "docs" / "scoreboard.md"


def is_checkout() -> bool:
    """True where the package runs from its source, so that the shipped model may be replaced."""
    return (ROOT / "pyproject.toml").is_file()


def model(trees: Trees, out: Path | None) -> Path:
    """Write the trained model: to `out`, or over the shipped one. Raises InputError where neither can be."""
    folder = _folder(out, TRAINED)
    trees.to_files(folder)
    return folder


def measurement(found: Measured, is_whole: bool, out: Path | None) -> Path:
    """Write model, figures, page and plots; returns where the page is. Into `out` all of them side by side."""
    told = results.results(found.figures, found.ladder, _about(found, is_whole))
    trained = model(found.trees, out and out / "trained")
    (trained / results.FILE).write_text(results.to_json(told), encoding="utf-8")
    written = (out / PAGE.name) if out else PAGE
    pages(told, written)
    return written


def pages(told: Results, written: Path) -> None:
    """The page with its plots beside it."""
    images = plots.draw(told, written.parent / "scoreboard")
    written.write_text(page.page(told, images), encoding="utf-8")


def _about(found: Measured, is_whole: bool) -> Mapping[str, Any]:
    card = found.trees.card
    return {
        "trained_on": card.get("trained_on", ""),
        "made": card.get("made", ""),
        "sha256": found.trees.digest,
        "measured": datetime.now(UTC).date().isoformat(),
        "version": __version__,
        "world_version": VERSION,
        "channels": {name: channel.leads for name, channel in CHANNELS.items()},
        "has_gnn": found.has_gnn,
        "is_whole": is_whole,
        "seeds": method.seeds(),
    }


def _folder(out: Path | None, shipped: Path) -> Path:
    if out is None and not is_checkout():
        raise InputError("the installed model is not replaced: name a folder with --out")
    folder = out or shipped
    folder.mkdir(parents=True, exist_ok=True)
    return folder
