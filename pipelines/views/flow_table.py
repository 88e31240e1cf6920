"""A pair's flows over the years: what either side declares, and a small plot of how far they agree.

One bar a year, on a linear scale from zero: solid where both declarations agree or trade is reconciled, shaded
where only one side's declaration reaches.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any, Literal

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from pipelines.views import wording
from pipelines.views.terminal import DIM, STRONG, dim, grid

Row = Mapping[str, Any]
BOTH, IMPORTS, EXPORTS, SLIVER = "█", "▒", "░", "▏"
NARROWEST, WIDEST = 6, 40
"""Length of the longest bar, in characters."""
FOR_MASSES = 72
"""Masses are shown from this width on."""


def flow_table(rows: Sequence[Row], width: int) -> Iterator[RenderableType]:
    """Everything to print: one table per source and commodity."""
    for (source, commodity), group in groupby(rows, key=lambda row: (row["source"], row["commodity"])):
        years = list(group)
        first = years[0]
        pair = f"{wording.place(first['exporter'])} to {wording.place(first['importer'])}"
        yield Text.assemble((f"{pair}, {wording.goods(commodity)}", STRONG), dim(f"   {source}"))
        declared = any(row["exporter_reported"] is not None for row in years)
        yield _declared(years, width) if declared else _reconciled(years, width)
        yield dim(_legend(years) if declared else f"{BOTH} value, reconciled; this source holds no declarations")
        yield Text()


def _declared(rows: Sequence[Row], width: int) -> Table:
    largest = max(max(_value(row, "export"), _value(row, "import")) for row in rows)
    header = ("period", ">exporter declares", ">mass", ">importer declares", ">mass")
    cells = [[wording.month(row["period"]), *_side(row, "export"), *_side(row, "import")] for row in rows]
    return _plotted(header, cells, [(_value(row, "export"), _value(row, "import")) for row in rows], largest, width)


def _reconciled(rows: Sequence[Row], width: int) -> Table:
    largest = max(row["reconciled_value_usd"] or 0.0 for row in rows)
    cells, amounts = [], []
    for row in rows:
        value, mass = row["reconciled_value_usd"], row["reconciled_mass_kg"]
        price = wording.price(value / mass if value and mass else None)
        cells.append([wording.month(row["period"]), wording.usd(value), wording.mass(mass), price])
        amounts.append((value or 0.0, value or 0.0))
    return _plotted(("period", ">value", ">mass", ">price"), cells, amounts, largest, width)


def _plotted(
    header: Sequence[str],
    cells: Sequence[Sequence[str]],
    amounts: Sequence[tuple[float, float]],
    largest: float,
    width: int,
) -> Table:
    """A table with a bar at the end of each row, as long as the terminal allows."""
    if width < FOR_MASSES:
        kept = [at for at, name in enumerate(header) if name.lstrip(">") not in ("mass", "price")]
        header, cells = [header[at] for at in kept], [[row[at] for at in kept] for row in cells]
    widths = [max(len(name.lstrip(">")), *(len(row[at]) for row in cells)) for at, name in enumerate(header)]
    longest = max(NARROWEST, min(WIDEST, width - sum(widths) - 2 * len(widths)))
    table = grid(header=True)
    for name, wide in zip(header, widths, strict=True):
        justify: Literal["left", "right"] = "right" if name.startswith(">") else "left"
        style = DIM if name.lstrip(">") in ("mass", "price") else ""
        table.add_column(name.lstrip(">"), justify=justify, style=style, no_wrap=True, min_width=wide)
    table.add_column("", no_wrap=True)
    for row, (exports, imports) in zip(cells, amounts, strict=True):
        table.add_row(*row, bar(exports, imports, largest, longest))
    return table


def _side(row: Row, side: str) -> tuple[str, str]:
    value = row[f"{side}_value_usd"]
    if value is None:
        return ("nothing" if row[f"{side}er_reported"] else "did not report"), ""
    return wording.usd(value), wording.mass(row[f"{side}_mass_kg"])


def _value(row: Row, side: str) -> float:
    return float(row[f"{side}_value_usd"] or 0.0)


def bar(exports: float, imports: float, largest: float, cells: int) -> str:
    """Bar of two amounts in `cells` characters; an amount above zero is never drawn as nothing."""
    low, high = sorted((exports, imports))
    if largest <= 0 or high <= 0:
        return ""
    solid, whole = (round(cells * amount / largest) for amount in (low, high))
    if exports == imports:
        return BOTH * whole or SLIVER
    return BOTH * solid + (IMPORTS if imports > exports else EXPORTS) * (max(whole, 1) - solid)


def _legend(rows: Sequence[Row]) -> str:
    largest = max(max(_value(row, "export"), _value(row, "import")) for row in rows)
    return (
        f"{BOTH} both declare   {IMPORTS} only the importer   {EXPORTS} only the exporter   "
        f"full width {wording.usd(largest)}"
    )
