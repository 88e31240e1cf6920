"""What would have been ordinary, rung by rung, as text for people: which rung is used, and which are missing."""

from collections.abc import Iterator, Sequence
from typing import Any

from rich.console import RenderableType
from rich.table import Column
from rich.text import Text

from pipelines.views import wording
from pipelines.views.terminal import DIM, STRONG, dim, grid

Row = dict[str, Any]
RUNGS = {
    "own_history": "own clean years",
    "persistence": "last trade again",
    "mean_3": "mean of three years",
    "gravity": "gravity",
    "boosted": "boosted trees",
    "gnn": "graph network",
}
"""Rungs in order, as people read them. The first stands beside the ladder: it judges changes and is not compared."""
DECIDES = "crps"


def expected(expectations: Sequence[Row], ladder: Sequence[Row]) -> Iterator[RenderableType]:
    """One line per rung that speaks of the flow, the one used marked; then why others are silent."""
    decided = [row for row in ladder if row["measure"] == DECIDES]
    used = next((row for row in decided if row["is_used"]), None)
    if expectations:
        yield _lines(expectations, used["model"] if used else None)
    if used is not None:
        yield dim(_why(used))
    spoken = {row["model"] for row in expectations}
    silent = [row["model"] for row in decided if row["missing"] is None and row["model"] not in spoken]
    if silent:
        yield dim(f"Nothing to go by for {_listed(silent)}.")
    for row in sorted(decided, key=lambda row: _place(row["model"])):
        if row["missing"] is not None and row["model"] not in spoken:
            yield dim(f"Missing, {_name(row['model'])}: {row['missing']}.")


def _lines(expectations: Sequence[Row], used: str | None) -> RenderableType:
    table = grid(
        Column("", no_wrap=True),
        Column("middle", justify="right", no_wrap=True),
        Column("in four years of five", overflow="fold"),
        Column("chance of none", justify="right", no_wrap=True),
        Column("", style=DIM, no_wrap=True),
        header=True,
    )
    for row in sorted(expectations, key=lambda row: (_place(row["model"]), row["quantity"])):
        spell = {"value_usd": wording.usd, "mass_kg": wording.mass}.get(row["quantity"], wording.number)
        low, middle, high = (spell(row[name]) for name in ("low", "median", "high"))
        style, mark = (STRONG, "used") if row["model"] == used else ("", "")
        none = wording.NOTHING if row["p_zero"] is None else wording.share(row["p_zero"])
        table.add_row(Text(_name(row["model"]), style=style), middle, f"{low} to {high}", none, mark)
    return table


def _why(used: Row) -> str:
    """Which rung is used, and on what ground."""
    name = _name(used["model"])
    if used["value"] is None:
        return f"Used: {name}; no years could be compared."
    years = f"{used['first_year']} to {used['last_year']}, {used['cells']:,} pairs and years"
    if used["gain_low"] is None or used["gain_low"] <= 0:
        return f"Used: {name}; no higher rung forecast better with a 95 % interval above zero ({years})."
    gain = used["gain"] / (used["value"] + used["gain"])
    return f"Used: {name}; its error is {wording.share(gain)} below that of the best rung under it ({years})."


def _listed(models: Sequence[str]) -> str:
    return ", ".join(_name(one) for one in sorted(models, key=_place))


def _place(model: str) -> int:
    return list(RUNGS).index(model) if model in RUNGS else len(RUNGS)


def _name(model: str) -> str:
    return RUNGS.get(model, wording.spelled(model))
