"""Grades of an analysis, as tables for people."""

from collections.abc import Iterator, Mapping
from typing import Any

import polars as pl
from rich.console import RenderableType
from rich.table import Column, Table
from rich.text import Text

from graphs.commodities import title_of
from pipelines.views import wording
from pipelines.views.terminal import dim, fitted, grid, heading, indented

ALL = "all"
SECTIONS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "alerts": (
        "What the alerts touch",
        ("touch a scheme", "touch an artefact and no scheme", "touch nothing known", "false-discovery proportion"),
    ),
    "recall": (
        "Schemes found, by kind and strength",
        ("schemes among the alerts", "flows among the alerts", "flows at level 2", "hidden value among the alerts"),
    ),
    "size": ("Flows of schemes found, by hidden value from", ("flows among the alerts",)),
    "order": (
        "The order of the list beside naive ones",
        ("average precision", "precision of the first 50", "precision of the first 200", "gain of the first 50 (NDCG)"),
    ),
    "channels": ("Each channel over the flows that it tested", ("average precision", "base rate")),
    "artefacts": ("Flows that only an artefact touches", ("among the alerts", "raised above level 1")),
    "causes": (
        "Whether the explanation named the artefact's true cause",
        ("true cause came first", "true cause held possible"),
    ),
}
"""Title of each part and the measures that a person is shown; machines get them all."""


def figures(found: pl.DataFrame) -> Iterator[RenderableType]:
    """Every part as a table; the strands that cannot be graded in a line."""
    for part, (title, measures) in SECTIONS.items():
        rows = found.filter(part=part)
        yield heading(title)
        yield indented(_section(rows, measures))
        yield from (indented(dim(line)) for line in _lines(part, rows))
        yield Text()
    strands = ", ".join(found.filter(part="strands")["kind"])
    yield dim(f"Not graded, since not built yet: {strands}. Figures in brackets are 80 % intervals over exporters.")


def flows(found: pl.DataFrame, names: Mapping[str, str], width: int) -> Iterator[RenderableType]:
    """Flows by name."""
    header = ("outcome", "kind", "exporter", "importer", "goods", "year", ">hidden", ">#", "level", "ordinary cause")
    rows = [[Text(cell) for cell in _flow(row, names)] for row in found.iter_rows(named=True)]
    yield fitted(header, rows, (1, 2, 3, 4, 9), width) or fitted(header, rows, (1, 2, 3, 4, 9), 160) or Text()


def _flow(row: Mapping[str, Any], names: Mapping[str, str]) -> tuple[str, ...]:
    return (
        row["outcome"], wording.spelled(row["kind"] or ""), names[row["exporter"]], names[row["importer"]],
        title_of(row["commodity"]), str(row["year"]), wording.usd(row["hidden_usd"]),
        "" if row["rank"] is None else str(row["rank"]),
        "" if row["claim_level"] is None else wording.LEVELS[row["claim_level"]],
        wording.spelled(row["main_cause"] or ""),
    )  # fmt: skip


def _section(rows: pl.DataFrame, measures: tuple[str, ...]) -> Table:
    table = grid(Column("", no_wrap=True), *(Column(one, justify="right") for one in measures), header=True)
    shown = rows.filter(pl.col("measure").is_in(measures))
    for (kind, band), mine in shown.group_by("kind", "band", maintain_order=True):
        if kind == ALL and band == ALL and rows["part"][0] == "size":
            continue
        cells = {one["measure"]: one for one in mine.iter_rows(named=True)}
        table.add_row(_name(rows["part"][0], str(kind), str(band)), *(_cell(cells.get(one)) for one in measures))
    return table


def _name(part: str, kind: str, band: str) -> str:
    if band == ALL:
        return wording.spelled(kind)
    return wording.usd(float(band)) if part == "size" else f"  strength {band}"


def _cell(figure: Mapping[str, Any] | None) -> Text:
    """60 % (41-77 %) 9 of 15."""
    if figure is None or figure["value"] is None:
        return Text(wording.NOTHING, style="dim")
    text = Text(wording.share(figure["value"]))
    if figure["low"] is not None:
        text.append(f" ({100 * figure['low']:.0f}–{100 * figure['high']:.0f} %)", style="dim")
    if figure["total"] is not None:
        text.append(f" {figure['hits']:,}/{figure['total']:,}", style="dim")
    return text


def _lines(part: str, rows: pl.DataFrame) -> Iterator[str]:
    if part == "size":
        limit = rows.filter(measure="detection limit, USD")["value"].item()
        yield (
            "At no size are half of the flows found."
            if limit is None
            else f"From {wording.usd(limit)} of hidden value on, at least half of the flows are found."
        )
    if part == "order":
        rate = rows.filter(measure="base rate")["value"].item()
        yield f"A list in random order has the precision {wording.share(rate)} everywhere."
    if part == "recall":
        unseen = rows.filter(measure="schemes without a published trace")["hits"].sum()
        yield f"Not counted above: {unseen:,} without a trace in any published declaration."
