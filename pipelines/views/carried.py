"""Verdicts on what ships could have carried, on a terminal."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import polars as pl
from rich.console import RenderableType
from rich.text import Text

from pipelines.ship_capacity import CANNOT_TEST, COULD, COULD_NOT, Answer
from pipelines.views import wording
from pipelines.views.answer import notes
from pipelines.views.terminal import STRONG, fitted, heading, indented, pairs

HEADER = ("period", "verdict", ">declared", ">could carry", "80 % interval", ">beyond", ">p", ">voyages", ">heard")
LAST = 6
"""Declared periods shown where ships tell of none; --format csv has all."""
STYLES = {COULD: "", COULD_NOT: STRONG, CANNOT_TEST: "dim"}
NOTES = (
    "Declared: the smaller of both sides' masses. Could carry: every ship for bulk seen to leave the exporter or to "
    "reach the importer, whichever is less, each as full as it can be, and more for the time nobody listened.",
    "p: the chance that they could have carried it. All ships of a country stand against this one flow, which errs "
    "towards could.",
    "Ships that nobody heard, other ways than by sea and goods in containers are ordinary reasons.",
)


def carried(found: Answer, width: int) -> Iterator[RenderableType]:
    """One line a period; what cannot be tested says why below it."""
    pair = f"{wording.place(found.exporter)} to {wording.place(found.importer)}"
    yield heading(f"{pair}, {found.goods}: could the ships that were seen have carried it?")
    for (source,), mine in found.rows.group_by("source", maintain_order=True):
        yield Text()
        yield Text(f"as declared in {source}" if source else "no mass is declared", style=STRONG)
        yield indented(_table(_worth(mine).to_dicts(), width - 2))
    yield Text()
    yield from notes([*_reasons(found), *found.notes, *NOTES])


def _worth(rows: pl.DataFrame) -> pl.DataFrame:
    """Periods of which ships tell anything; where they tell of none, the last ones that are declared."""
    told = rows.filter(pl.col("voyages").is_not_null())
    return told if told.height else rows.tail(LAST)


def _table(rows: Sequence[Mapping[str, Any]], width: int) -> RenderableType:
    cells = [[Text(text, style=STYLES[row["verdict"]]) for text in _cells(row)] for row in rows]
    for shown in range(len(HEADER), 2, -1):
        table = fitted(HEADER[:shown], [row[:shown] for row in cells], (), width)
        if table is not None:
            return table
    return pairs((str(row[0]), str(row[1])) for row in cells)


def _cells(row: Mapping[str, Any]) -> list[str]:
    low, high = (wording.mass(row[f"capacity_{end}_kg"]) for end in ("low", "high"))
    is_known = row["capacity_kg"] is not None
    beyond = wording.mass(row["beyond_kg"]) if row["verdict"] == COULD_NOT else ""
    voyages = wording.NOTHING if row["voyages"] is None else f"{row['voyages']:,}"
    return [
        wording.month(row["period"]), row["verdict"], wording.mass(row["declared_kg"]),
        wording.mass(row["capacity_kg"]), f"{low} to {high}" if is_known else "", beyond,
        wording.probability(row["p_value"]) if row["p_value"] is not None else "", voyages,
        wording.share(row["seen_share"]),
    ]  # fmt: skip


def _reasons(found: Answer) -> list[str]:
    """Why periods cannot be tested, each reason once with its periods."""
    untold: dict[str, list[str]] = {}
    for period, why in found.rows.select("period", "why").drop_nulls("why").sort("period").iter_rows():
        periods = untold.setdefault(why, [])
        if wording.month(period) not in periods:
            periods.append(wording.month(period))
    return [f"{_listed(periods)} cannot be tested: {why}." for why, periods in untold.items()]


def _listed(periods: list[str]) -> str:
    return ", ".join(periods) if len(periods) <= 3 else f"{periods[0]} to {periods[-1]} ({len(periods)} periods)"
