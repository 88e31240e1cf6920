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
NAMED_FROM = 120
"""Columns from which on countries and goods stand by their names."""
WIDE = ("outcome", "kind", "exporter", "importer", "goods", "year", ">hidden", ">#", "level", "ordinary cause")
CODED = ("outcome", "kind", "flow", "goods", "year", ">hidden", ">#", "level")
MADE = "touch a scheme that makes a quarter of the gap"
NOTHING_KNOWN = "nothing known"
SHIPS = "ships"
CAPACITY, CARRIED, HEARD = "carrying capacity", "truth below the upper end", "heard at both ends"
SECTIONS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "alerts": (
        "What the alerts touch",
        (
            "touch a scheme",
            MADE,
            "touch an artefact and no scheme",
            "touch nothing known",
            "false-discovery proportion",
        ),
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
    "above level 1": ("Flows above level 1", ("flows",)),
    "offices": ("Alerts of which nothing is known: what the offices booked", ("alerts",)),
    "untested": ("Flows with a trace that could not be tested, by reason", ("flows",)),
    "causes": (
        "Whether the explanation named the artefact's true cause",
        ("true cause came first", "true cause held possible"),
    ),
    SHIPS: ("What ships are said to have done, beside what they did", ("precision", "recall")),
}
"""Title of each part and the measures that a person is shown; machines get them all."""


COMPARED = (
    ("alerts that touch a scheme", "alerts", "alerts", "touch a scheme"),
    ("false-discovery proportion", "alerts", "alerts", "false-discovery proportion"),
    ("schemes among the alerts", "recall", ALL, "schemes among the alerts"),
    ("flows among the alerts", "recall", ALL, "flows among the alerts"),
    ("average precision", "order", "the list", "average precision"),
    ("precision of the first 50", "order", "the list", "precision of the first 50"),
)
"""Figures by which lists are compared: name, part, kind, measure."""


def side_by_side(lists: Mapping[str, pl.DataFrame]) -> Iterator[RenderableType]:
    """The lists beside each other, the agnostic one first; nothing where there is one only."""
    if len(lists) < 2:
        return
    yield heading("Both lists")
    table = grid(Column("", no_wrap=True), *(Column(one, justify="right") for one in lists), header=True)
    for name, part, kind, measure in COMPARED:
        rows = [one.filter(part=part, kind=kind, measure=measure, band=ALL) for one in lists.values()]
        table.add_row(name, *(_cell(one.row(0, named=True) if one.height else None) for one in rows))
    yield indented(table)
    yield Text()


def figures(found: pl.DataFrame, list_name: str = "agnostic") -> Iterator[RenderableType]:
    """Every part of one list as a table; the strands that cannot be graded in a line."""
    yield dim(f"The {list_name} list:")
    for part, (title, measures) in SECTIONS.items():
        rows = found.filter(part=part)
        if part == SHIPS and rows.is_empty():
            continue
        yield heading(title)
        yield indented(_section(rows, measures))
        yield from (indented(dim(line)) for line in _lines(part, rows))
        yield Text()
    strands = ", ".join(found.filter(part="strands")["kind"])
    yield dim(f"Not graded, since this analysis read none of them: {strands}.")
    yield dim("Figures in brackets are 80 % intervals over exporters, those of ships over vessels.")


def flows(found: pl.DataFrame, names: Mapping[str, str], width: int) -> Iterator[RenderableType]:
    """Flows by name; on a narrow screen by code, and on a very narrow one in two lines each."""
    rows = list(found.iter_rows(named=True))
    wide = fitted(WIDE, [_wide(row, names) for row in rows], (1, 2, 3, 4, 9), width) if width >= NAMED_FROM else None
    coded = [_coded(row) for row in rows]
    table = wide or fitted((*CODED, "ordinary cause"), coded, (1, 8), width)
    table = table or fitted(CODED, [row[:-1] for row in coded], (1,), width)
    if table:
        yield table
        return
    for row in coded:
        outcome, kind, flow, goods, year, hidden, rank, level, _ = (cell.plain for cell in row)
        yield Text(f"{outcome} {rank} {level}, {kind or NOTHING_KNOWN}")
        yield indented(dim(f"{flow}, {goods}, {year}" + (f", {hidden} hidden" if hidden else "")))


def _wide(row: Mapping[str, Any], names: Mapping[str, str]) -> list[Text]:
    ends = (names.get(row[one], row[one]) for one in ("exporter", "importer"))
    return _cells(row, *ends, title_of(row["commodity"]))


def _coded(row: Mapping[str, Any]) -> list[Text]:
    return _cells(row, f"{row['exporter']} to {row['importer']}", row["commodity"])


def _cells(row: Mapping[str, Any], *flow: str) -> list[Text]:
    hidden = wording.usd(row["hidden_usd"]) if row["hidden_usd"] else ""
    cells = (
        row["outcome"], wording.spelled(row["kind"] or ""), *flow, str(row["year"]), hidden,
        "" if row["rank"] is None else str(row["rank"]),
        "" if row["claim_level"] is None else wording.LEVELS[row["claim_level"]],
        wording.spelled(row["main_cause"] or ""),
    )  # fmt: skip
    return [Text(cell) for cell in cells]


def fine(value: float | None) -> str:
    """0.2 %, 37 %: shares below 1 % with a digit more."""
    return f"{100 * value:.1f} %" if value is not None and 0.0005 <= value < 0.01 else wording.share(value)


def interval(figure: Mapping[str, Any]) -> str:
    """30–47 %, or 0.1–0.3 %: ends below 1 % with a digit more, so that none seems sure."""
    low, high = (100 * figure[one] for one in ("low", "high"))
    return f"{_end(low)}–{_end(high)} %"


def _end(value: float) -> str:
    return f"{value:.1g}" if 0 < value < 0.95 else f"{value:.0f}"


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
    text = Text(fine(figure["value"]))
    if figure["low"] is not None:
        text.append(f" ({interval(figure)})", style="dim")
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
    if part == SHIPS:
        yield from _of_ships(rows)


def _of_ships(rows: pl.DataFrame) -> Iterator[str]:
    """What is no precision or recall: silences that were none, calls without reports, loads, masses."""
    for kind, band, measure, told in (
        ("shared identities", ALL, "false silences", "{} silences told of two ships on one identity did not happen."),
        ("port calls", ALL, "not heard", "{} true calls are not counted: fewer than two reports were heard there."),
        ("voyages", ALL, "laden or not", "In {} voyages the ship is rightly said to be laden or empty."),
        (CAPACITY, ALL, CARRIED,
         "In {} pairs of countries and months no more sailed than the upper end of what could have."),
        (CAPACITY, HEARD, CARRIED, "In {} of these where the ports of both were heard."),
    ):  # fmt: skip
        one = rows.filter(kind=kind, band=band, measure=measure)
        if one.height and one["total"].item():
            yield told.format(f"{one['hits'].item():,} of {one['total'].item():,}")
