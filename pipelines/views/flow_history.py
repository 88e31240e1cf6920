"""How a flow stood in every kept version of the alerts, as text for people."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from rich.console import RenderableType
from rich.table import Column
from rich.text import Text

from pipelines.views import wording
from pipelines.views.terminal import STRONG, dim, grid, level

Row = Mapping[str, Any]


def flow_history(rows: Sequence[Row]) -> Iterator[RenderableType]:
    """Everything to print: the flow, then one line per list and version, the oldest first."""
    flow = rows[-1]
    pair = f"{wording.place(flow['exporter'])} to {wording.place(flow['importer'])}"
    yield Text(f"{pair}, {wording.goods(flow['commodity'])}, {wording.month(flow['period'])}", style=STRONG)
    yield dim(flow["flow_id"])
    yield Text()
    yield _table(rows)
    yield Text()
    yield dim("Kept are alerts, and from then on every later score of the same flow.")


def scored_before(before: Sequence[Row]) -> Iterator[str]:
    """One line for an explanation: the last earlier score on this list, and how many there are."""
    if not before:
        return
    last = before[-1]
    more = f"; {len(before):,} earlier versions in all" if len(before) > 1 else ""
    yield (
        f"Scored before: rank {last['rank']:,} on the {last['list']} list, level {last['claim_level']}, "
        f"p {wording.probability(last['p_value'])}, as of {last['as_of']}{more} (oretrace history {last['flow_id']})."
    )


def _table(rows: Sequence[Row]) -> RenderableType:
    table = grid(
        Column("list", no_wrap=True),
        Column("written", no_wrap=True),
        Column("as of", no_wrap=True),
        Column("rank", justify="right", style=STRONG, no_wrap=True),
        Column("level", no_wrap=True),
        Column("channel", no_wrap=True),
        Column("p", justify="right", no_wrap=True),
        Column("q", justify="right", no_wrap=True),
        Column("what changed", overflow="fold"),
        header=True,
    )
    for row in rows:
        cut = "" if row["is_selected"] else ", below the cut"
        now = "now" if row["is_present"] else _moment(row["written"])
        table.add_row(
            row["list"], now, str(row["as_of"]), f"{row['rank']:,}", Text.assemble(level(row["claim_level"]), cut),
            wording.CHANNELS.get(row["channel"], row["channel"]), wording.probability(row["p_value"]),
            wording.probability(row["q_value"]), row["changed"],
        )  # fmt: skip
    return table


def _moment(text: str | None) -> str:
    """2025-06-30 12:00 of an ISO time."""
    return text[:16].replace("T", " ") if text else wording.NOTHING
