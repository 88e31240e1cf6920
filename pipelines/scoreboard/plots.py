"""The plots beside docs/scoreboard.md: small PNG files, units on the axes, colours for the colour-blind (Okabe)."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from models.scoreboard.names import (
    AGNOSTIC,
    ALL,
    BASE,
    BEST,
    BY_TONNES,
    BY_USD,
    CURVE,
    EDGE,
    FOREST,
    LEARNED,
    MEAN_KIND,
    OBSERVED,
    PRECISION,
    PREDICTED,
    REALISED,
    REALISED_EPISODES,
    WORLDS,
)
from pipelines.scoreboard.results import Results
from pipelines.views import wording

COLOURS: Mapping[str, str] = {LEARNED: "#0072B2", AGNOSTIC: "#D55E00", EDGE: "#009E73", FOREST: "#CC79A7"}
STYLES: Mapping[str, str] = {LEARNED: "-", AGNOSTIC: "--", EDGE: "-.", FOREST: ":"}
GREY = "#555555"
MARKERS = "osD^vP*X"
DPI = 110
SETTINGS: Any = {"font.size": 9, "axes.spines.top": False, "axes.spines.right": False}


def draw(found: Results, folder: Path) -> frozenset[str]:
    """Draw what was measured into a folder; the names of the plots."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    folder.mkdir(parents=True, exist_ok=True)
    drawn = set()
    with pyplot.rc_context(SETTINGS):
        for name, plot in PLOTS.items():
            figure = plot(found, pyplot)
            if figure is None:
                continue
            figure.savefig(folder / f"{name}.png", dpi=DPI, bbox_inches="tight", metadata={"Software": None})
            pyplot.close(figure)
            drawn.add(name)
    return frozenset(drawn)


def precision_recall(found: Results, pyplot: Any) -> Any:
    """Mean precision at each recall."""
    if not found.bands(WORLDS, LEARNED, CURVE):
        return None
    figure, axes = pyplot.subplots(figsize=(5.2, 3.6))
    for name, colour in COLOURS.items():
        curve = found.bands(WORLDS, name, CURVE)
        if curve:
            recalls = [float(band) for band in curve]
            axes.plot(recalls, [one.value for one in curve.values()], STYLES[name], color=colour, label=name)
            if all(one.low is not None for one in curve.values()):
                low, high = ([getattr(one, end) for one in curve.values()] for end in ("low", "high"))
                axes.fill_between(recalls, low, high, color=colour, alpha=0.15, linewidth=0)
    rate = found.of(WORLDS, ALL, BASE)
    if rate:
        axes.axhline(rate.value, color=GREY, linewidth=0.8, label="random order")
    axes.set(
        xlabel="recall (share of traced flows)", ylabel="precision (share of the list)", ylim=(0, 1.02), xlim=(0, 1)
    )
    axes.legend(frameon=False)
    return figure


def calibration(found: Results, pyplot: Any) -> Any:
    """Declared against realised rates, and predicted against observed chances."""
    if not found.bands(WORLDS, LEARNED, REALISED):
        return None
    figure, (left, right) = pyplot.subplots(1, 2, figsize=(8.0, 3.6))
    for name, measure, marker in (
        (LEARNED, REALISED, "o"),
        (LEARNED, REALISED_EPISODES, "s"),
        (AGNOSTIC, REALISED, "D"),
    ):
        points = found.bands(WORLDS, name, measure)
        levels = [float(band) for band in points]
        level = "episodes" if measure == REALISED_EPISODES else "flows"
        _with_bars(left, levels, list(points.values()), COLOURS[name], f"{name}, {level}", marker)
    left.plot([0, 0.4], [0, 0.4], color=GREY, linewidth=0.8)
    left.set(xlabel="declared false-discovery rate", ylabel="realised false-discovery proportion")
    left.legend(frameon=False)
    predicted, observed = (found.bands(WORLDS, LEARNED, one) for one in (PREDICTED, OBSERVED))
    both = [band for band in predicted if band in observed and predicted[band].value > 0 and observed[band].value > 0]
    _with_bars(
        right, [predicted[one].value for one in both], [observed[one] for one in both], COLOURS[LEARNED], "", "o"
    )
    right.plot([1e-4, 1], [1e-4, 1], color=GREY, linewidth=0.8)
    right.set(xscale="log", yscale="log", xlabel="predicted chance of a scheme", ylabel="observed share with a trace")
    figure.tight_layout()
    return figure


def detection_limit(found: Results, pyplot: Any) -> Any:
    """Share of flows found by what is hidden on them."""
    if not found.bands(WORLDS, LEARNED, BY_USD):
        return None
    figure, panels = pyplot.subplots(1, 2, figsize=(8.0, 3.4), sharey=True)
    for axes, measure, unit in zip(panels, (BY_USD, BY_TONNES), ("USD", "tonnes"), strict=True):
        for name, marker in ((LEARNED, "o"), (AGNOSTIC, "D")):
            points = found.bands(WORLDS, name, measure)
            places = list(range(len(points)))
            _with_bars(axes, places, list(points.values()), COLOURS[name], name, marker, STYLES[name])
            axes.set_xticks(
                places, [f"{float(band):.0e}".replace("e+0", "e") if band != "0" else "0" for band in points]
            )
        axes.set(xlabel=f"hidden on the flow that year, from ({unit})", ylim=(0, 1))
    panels[0].set(ylabel="share of flows found at a declared 10 %")
    panels[0].legend(frameon=False)
    figure.tight_layout()
    return figure


def agnostic(found: Results, pyplot: Any) -> Any:
    """The agnostic list beside the best single channel, scheme by scheme."""
    kinds = [band for band in found.bands(WORLDS, AGNOSTIC, f"{PRECISION} over {BEST}") if band != MEAN_KIND]
    if not kinds:
        return None
    figure, axes = pyplot.subplots(figsize=(6.4, 0.45 * len(kinds) + 1.4))
    best = {
        kind: one for measure in found.figures[WORLDS][BEST] for kind, one in found.bands(WORLDS, BEST, measure).items()
    }
    for shift, points, colour, label in (
        (-0.18, found.bands(WORLDS, AGNOSTIC, PRECISION), COLOURS[AGNOSTIC], AGNOSTIC),
        (0.18, best, GREY, "best single channel, chosen after the fact"),
    ):
        values = [points[kind].value if kind in points else 0.0 for kind in kinds]
        axes.barh([at + shift for at in range(len(kinds))], values, 0.34, color=colour, label=label)
    axes.set_yticks(range(len(kinds)), [wording.spelled(kind) for kind in kinds])
    axes.invert_yaxis()
    axes.set(xlabel="average precision on flows of this kind")
    axes.legend(frameon=False)
    return figure


def ladder(found: Results, pyplot: Any) -> Any:
    """CRPS of every rung over that of the first."""
    codes = {
        f"{code}\n{family}": {
            model: one["crps"]["value"] for model, one in models.items() if "value" in one.get("crps", {})
        }
        for family, commodities in found.ladder.items()
        for code, models in commodities.items()
    }
    codes = {code: models for code, models in codes.items() if models.get("persistence")}
    if not codes:
        return None
    rungs = list(dict.fromkeys(model for models in codes.values() for model in models))
    figure, axes = pyplot.subplots(figsize=(max(5.0, 0.75 * len(codes) + 1.5), 3.6))
    palette = ("#000000", "#E69F00", "#56B4E9", "#009E73", "#0072B2", "#D55E00", "#CC79A7")
    for place, rung in enumerate(rungs):
        points = [(at, one[rung] / one["persistence"]) for at, one in enumerate(codes.values()) if rung in one]
        axes.plot(*zip(*points, strict=True), MARKERS[place], color=palette[place % len(palette)], label=rung)
    axes.axhline(1, color=GREY, linewidth=0.8)
    axes.set_xticks(range(len(codes)), list(codes), rotation=60, ha="right", fontsize=7)
    axes.set(ylabel="CRPS over that of persistence")
    axes.legend(frameon=False, ncols=2)
    return figure


def _with_bars(
    axes: Any,
    places: list[float] | list[int],
    points: list[Any],
    colour: str,
    label: str,
    marker: str,
    style: str = "-",
) -> None:
    """Points with their intervals."""
    values = [one.value for one in points]
    ends = [[max(0.0, one.value - one.low) if one.low is not None else 0.0 for one in points],
            [max(0.0, one.high - one.value) if one.high is not None else 0.0 for one in points]]  # fmt: skip
    axes.errorbar(places, values, ends, fmt=marker + style, color=colour, label=label or None, capsize=2, markersize=4)


PLOTS: Mapping[str, Callable[[Results, Any], Any]] = {
    "precision-recall": precision_recall,
    "calibration": calibration,
    "detection-limit": detection_limit,
    "agnostic": agnostic,
    "ladder": ladder,
}
"""By the name of their file."""
