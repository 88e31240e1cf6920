"""The plots beside docs/scoreboard.md: small PNG files, units on the axes, colours for the colour-blind (Okabe)."""

from collections.abc import Callable, Mapping, Sequence
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
    IN_ANALYSIS,
    LEARNED,
    MEAN_KIND,
    OBSERVED,
    PRECISION,
    PREDICTED,
    REALISED,
    REALISED_EPISODES,
    WORLDS,
)
from pipelines.scoreboard.results import Found, Results
from pipelines.views import wording
from pipelines.views.ladder import RUNGS

COLOURS: Mapping[str, str] = {
    LEARNED: "#0072B2",
    IN_ANALYSIS: "#56B4E9",
    AGNOSTIC: "#D55E00",
    EDGE: "#009E73",
    FOREST: "#CC79A7",
}
STYLES: Mapping[str, str] = {LEARNED: "-", IN_ANALYSIS: "-", AGNOSTIC: "--", EDGE: "-.", FOREST: ":"}
LIST_MARKERS: Mapping[str, str] = {LEARNED: "o", IN_ANALYSIS: "s", AGNOSTIC: "D"}
GREY = "#555555"
RUNG_LOOKS = tuple(zip("osDv^P", ("#000000", "#E69F00", "#56B4E9", "#009E73", "#0072B2", "#D55E00"), strict=True))
DPI = 110
SETTINGS: Any = {"font.size": 9, "axes.spines.top": False, "axes.spines.right": False}
LOWEST_LEVEL = 0.05
"""Declared rates below this are not drawn: lists that hold a handful of flows err by nothing or by half."""


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
    figure, axes = pyplot.subplots(figsize=(5.6, 3.8))
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
        axes.set_ylim(rate.value / 2, 1.1)
    axes.set(xlabel="recall (share of traced flows)", ylabel="precision (share of the list)", xlim=(0, 1), yscale="log")
    axes.yaxis.set_major_formatter("{x:g}")
    axes.legend(frameon=False)
    return figure


def calibration(found: Results, pyplot: Any) -> Any:
    """Declared against realised rates, and predicted against observed chances."""
    if not found.bands(WORLDS, LEARNED, REALISED):
        return None
    figure, (left, right) = pyplot.subplots(1, 2, figsize=(8.6, 3.8))
    lines = (
        (LEARNED, REALISED, "-"),
        (LEARNED, REALISED_EPISODES, ":"),
        (IN_ANALYSIS, REALISED, "-"),
        (AGNOSTIC, REALISED, "-"),
    )
    for place, (name, measure, style) in enumerate(lines):
        points = {
            float(band): one for band, one in found.bands(WORLDS, name, measure).items() if float(band) >= LOWEST_LEVEL
        }
        level = "episodes" if measure == REALISED_EPISODES else "flows"
        apart = [at + 0.004 * (place - 1.5) for at in points]
        look = (COLOURS[name], LIST_MARKERS[name] + style)
        _with_bars(left, apart, list(points.values()), look, f"{name}, {level}")
    left.plot([0, 0.42], [0, 0.42], color=GREY, linewidth=0.8, label="as declared")
    left.set(xlabel="declared false-discovery rate", ylabel="realised false-discovery proportion", ylim=(-0.02, 1.02))
    left.legend(frameon=False, loc="upper center", bbox_to_anchor=(0.5, -0.16), ncols=2, fontsize=8)
    predicted, observed = (found.bands(WORLDS, LEARNED, one) for one in (PREDICTED, OBSERVED))
    both = [band for band in predicted if band in observed and predicted[band].value > 0 and observed[band].value > 0]
    values = [predicted[one].value for one in both]
    _with_bars(right, values, [observed[one] for one in both], (COLOURS[LEARNED], "o-"), "relational trees")
    right.plot([1e-4, 1], [1e-4, 1], color=GREY, linewidth=0.8, label="as predicted")
    right.set(xscale="log", yscale="log", xlabel="predicted chance of a trace", ylabel="observed share with a trace")
    right.set(xlim=(5e-5, 1.5), ylim=(5e-5, 1.5))
    for axis in (right.xaxis, right.yaxis):
        axis.set_major_formatter("{x:g}")
    right.legend(frameon=False, loc="upper center", bbox_to_anchor=(0.5, -0.16), ncols=2, fontsize=8)
    figure.tight_layout()
    return figure


def detection_limit(found: Results, pyplot: Any) -> Any:
    """Share of flows found by what is hidden on them."""
    if not found.bands(WORLDS, LEARNED, BY_USD):
        return None
    figure, panels = pyplot.subplots(1, 2, figsize=(8.6, 3.4), sharey=True)
    for axes, measure, unit in zip(panels, (BY_USD, BY_TONNES), ("USD", "tonnes"), strict=True):
        bands = list(found.bands(WORLDS, LEARNED, measure))
        for shift, name in zip((-0.12, 0.0, 0.12), (LEARNED, IN_ANALYSIS, AGNOSTIC), strict=True):
            points = found.bands(WORLDS, name, measure)
            places = [at + shift for at, band in enumerate(bands) if band in points]
            look = (COLOURS[name], LIST_MARKERS[name] + STYLES[name])
            _with_bars(axes, places, [points[band] for band in bands if band in points], look, name)
        axes.set_xticks(range(len(bands)), [_short(float(band)) for band in bands])
        axes.set(xlabel=f"hidden on the flow that year, from ({unit})")
    panels[0].set(ylabel="share of flows found at a declared 10 %")
    panels[0].set_ylim(bottom=0)
    figure.tight_layout()
    panels[0].legend(frameon=False, loc="upper center", bbox_to_anchor=(1.0, -0.16), ncols=3, fontsize=8)
    return figure


def agnostic(found: Results, pyplot: Any) -> Any:
    """The agnostic list beside the best channel that may raise an alert, scheme by scheme."""
    kinds = [band for band in found.bands(WORLDS, AGNOSTIC, f"{PRECISION} over {BEST}") if band != MEAN_KIND]
    if not kinds:
        return None
    figure, axes = pyplot.subplots(figsize=(6.4, 0.34 * len(kinds) + 1.4))
    best = {
        kind: one for measure in found.figures[WORLDS][BEST] for kind, one in found.bands(WORLDS, BEST, measure).items()
    }
    rates = found.bands(WORLDS, ALL, BASE)
    axes.plot([rates[one].value if one in rates else float("nan") for one in kinds], range(len(kinds)), "|", color=GREY,
              markersize=12, label="random order")  # fmt: skip
    for shift, points, look, label in (
        (-0.14, found.bands(WORLDS, AGNOSTIC, PRECISION), (COLOURS[AGNOSTIC], "D"), AGNOSTIC),
        (0.14, best, (COLOURS[LEARNED], "o"), "best channel that may raise an alert, chosen after the fact"),
    ):
        told = [(at + shift, points[kind]) for at, kind in enumerate(kinds) if kind in points]
        _with_bars(axes, [at for at, _ in told], [one for _, one in told], look, label, is_upright=False)
    axes.set_yticks(range(len(kinds)), [wording.spelled(kind) for kind in kinds])
    axes.invert_yaxis()
    axes.set(xscale="log", xlabel="average precision on flows of this kind")
    axes.xaxis.set_major_formatter("{x:g}")
    axes.grid(axis="y", color="#DDDDDD", linewidth=0.6)
    axes.set_axisbelow(True)
    axes.legend(
        frameon=False, loc="upper center", bbox_to_anchor=(0.4, -0.18 * 4 / len(kinds) - 0.08), ncols=3, fontsize=8
    )
    return figure


def ladder(found: Results, pyplot: Any) -> Any:
    """CRPS of every rung over that of the first."""
    codes = {
        f"{code}\n{family.replace(' (', chr(10)).rstrip(')')}": {
            model: one["crps"]["value"] for model, one in models.items() if "value" in one.get("crps", {})
        }
        for family, commodities in found.ladder.items()
        for code, models in commodities.items()
    }
    codes = {code: models for code, models in codes.items() if models.get("persistence")}
    if not codes:
        return None
    rungs = [rung for rung in RUNGS if any(rung in models for models in codes.values())]
    figure, axes = pyplot.subplots(figsize=(max(5.0, 0.85 * len(codes) + 1.5), 3.8))
    for place, (rung, (marker, colour)) in enumerate(zip(rungs, RUNG_LOOKS[: len(rungs)], strict=True)):
        shift = 0.12 * (place - (len(rungs) - 1) / 2)
        points = [(at + shift, one[rung] / one["persistence"]) for at, one in enumerate(codes.values()) if rung in one]
        axes.plot(*zip(*points, strict=True), marker, color=colour, markersize=5, label=RUNGS[rung])
    axes.axhline(1, color=GREY, linewidth=0.8)
    axes.set_xticks(range(len(codes)), list(codes), fontsize=8)
    axes.set(ylabel="CRPS over that of the last trade again")
    axes.legend(frameon=False, ncols=3, loc="lower center", bbox_to_anchor=(0.5, 1.0), fontsize=8)
    return figure


def _short(amount: float) -> str:
    """10 k, 1 M, 1 bn."""
    for factor, unit in ((1e9, " bn"), (1e6, " M"), (1e3, " k")):
        if amount >= factor:
            return f"{amount / factor:g}{unit}"
    return f"{amount:g}"


def _with_bars(
    axes: Any,
    places: Sequence[float],
    points: Sequence[Found],
    look: tuple[str, str],
    label: str,
    *,
    is_upright: bool = True,
) -> None:
    """Points with their intervals, beside their places or above them. `look`: colour, and marker with line."""
    if not points:
        return
    values = [one.value for one in points]
    ends = [[max(0.0, one.value - one.low) if one.low is not None else 0.0 for one in points],
            [max(0.0, one.high - one.value) if one.high is not None else 0.0 for one in points]]  # fmt: skip
    drawn: dict[str, Any] = (
        {"x": places, "y": values, "yerr": ends} if is_upright else {"x": values, "y": places, "xerr": ends}
    )
    axes.errorbar(**drawn, fmt=look[1], color=look[0], label=label, capsize=2, markersize=4, linewidth=1.2)


PLOTS: Mapping[str, Callable[[Results, Any], Any]] = {
    "precision-recall": precision_recall,
    "calibration": calibration,
    "detection-limit": detection_limit,
    "agnostic": agnostic,
    "ladder": ladder,
}
"""By the name of their file."""
